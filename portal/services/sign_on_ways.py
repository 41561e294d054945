"""What signing on with one's organisation works with: the portal's own address and key, and an organisation's provider."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.sign_on import SignOnProvider
from portal.actor import Actor
from portal.database import Database
from portal.errors import NotFound, SignInRequired, Unavailable
from portal.formats.oidc import Untrusted, is_issuer
from portal.formats.sealing import opened, sealed
from portal.issuers import Issuers, Silent
from portal.records.patience import require_patience
from portal.records.sign_on import domains_of, note_silence, provider_of, who_failed
from portal.words import sign_on as words


@dataclass(frozen=True, slots=True)
class Ways:
    """What signing on needs beside the database: the portal's own address, its secret key, and who asks providers."""

    base_url: str
    key: str
    issuers: Issuers

    def back(self, key: str) -> str:
        """Where the provider of an organisation sends people back to: the portal's own address as it was set, never as
        a request says it; one for each organisation, so that no provider can answer for another."""
        return f"{self.base_url}/sign-on/{key}/back"

    def logout(self, key: str) -> str:
        """Where the provider of an organisation says that somebody signed out there."""
        return f"{self.base_url}/sign-on/{key}/logout"

    @property
    def usable(self) -> bool:
        """Whether the portal's own address is known, and may be come back to: over https, or on this machine."""
        return is_issuer(self.base_url)

    def seal(self, key: str, issuer: str, secret: str, at: datetime) -> str:
        """A client secret as it is kept: for this organisation at this issuer."""
        return sealed(self.key, _purpose(key, issuer), secret, at)

    def provider(self, session: Session, row: SignOnProvider) -> "Provider":
        """A provider, to be worked with when the transaction has ended."""
        key, name, domains = row.organisation.key, row.organisation.name, frozenset(domains_of(session, row))
        secret = opened(self.key, _purpose(key, row.issuer), row.secret, session.info["clock"].now())
        return Provider(key, name, row.issuer, row.client_id, secret, row.passwords, domains)


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as it is worked with outside of a transaction; `secret` is None where the portal's key does not open
    it any more."""

    key: str
    organisation: str
    issuer: str
    client_id: str
    secret: str | None
    passwords: bool
    domains: frozenset[str]

    def row(self, session: Session) -> SignOnProvider:
        """The same provider in a transaction; SignInRequired where it was disabled or changed meanwhile."""
        found = provider_of(session, self.key)
        if found is None or (found.issuer, found.client_id) != (self.issuer, self.client_id):
            raise SignInRequired(words.STALE)
        return found


def find_provider(database: Database, actor: Actor, ways: Ways, key: str, email: str = "") -> Provider:
    """The provider of an organisation, for somebody who has not failed too often. NotFound, TooMany."""
    with database.read(actor) as session:
        row = provider_of(session, key) if ways.usable else None
        if row is None:
            raise NotFound("There is no page at this address.")
        require_patience(session, who_failed(session, row, email))
        return ways.provider(session, row)


def silent(database: Database, actor: Actor, provider: Provider, error: Silent | Untrusted) -> Unavailable:
    """What to raise where a provider does not answer, or not as one does; noted."""
    with database.write(actor) as session:
        note_silence(session, provider.row(session), error.why)
    return Unavailable(words.silent(provider.organisation, passwords=provider.passwords))


def _purpose(key: str, issuer: str) -> str:
    return f"portal sign-on {key} {issuer}"
