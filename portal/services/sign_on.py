"""Signing on with one's organisation: out to its OpenID provider, back with a code, in with a session; and out again.

Nothing is asked of a provider while a transaction is open."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.integrations.requests_client import OAuth2Session
from joserfc.jwk import KeySet
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.sign_on import SignOnProvider
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid, NotFound, SignInRequired, Unavailable
from portal.formats import oidc
from portal.formats.oidc import UnknownKey, Untrusted
from portal.formats.passwords import digest
from portal.formats.sealed import unseal
from portal.formats.texts import storable
from portal.issuers import Issuers, Silent
from portal.policy import Action, require
from portal.records.patience import require_patience
from portal.records.people import actor_of
from portal.records.sign_on import (
    domains_of,
    end_begun,
    known_as,
    note_refusal,
    note_session,
    note_silence,
    provider_for,
    provider_of,
    who_failed,
)
from portal.services.sessions import LONGEST_ADDRESS, begin
from portal.viewmodels.sign_on import Answer, Leaving, Left, Pending
from portal.words import sign_on as words

TO_COME_BACK = timedelta(minutes=10)
"""So long a person may take at their organisation's sign-on."""
SCOPE = "openid email"
BEFORE = timedelta(seconds=oidc.SKEW)


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
        return oidc.is_issuer(self.base_url)


@dataclass(frozen=True, slots=True)
class _Provider:
    """A provider as it is worked with outside of a transaction; `secret` is None where the portal's key does not open
    it any more."""

    key: str
    organisation: str
    issuer: str
    client_id: str
    secret: str | None
    passwords: bool
    domains: frozenset[str]


def purpose(key: str, issuer: str) -> str:
    """What a client secret is sealed for: this organisation's at this issuer."""
    return f"portal sign-on {key} {issuer}"


def offered(database: Database, actor: Actor, ways: Ways) -> bool:
    """Whether any organisation signs on here."""
    require(actor, Action.SITE_OPEN)
    if not ways.usable:
        return False
    with database.read(actor) as session:
        return session.scalar(select(SignOnProvider.id).where(SignOnProvider.enabled).limit(1)) is not None


def start(database: Database, actor: Actor, ways: Ways, email: str, target: str) -> Leaving:
    """Where somebody with this address signs on, by its domain alone: whether there is an account plays no part.
    `target` is where they want to go. Invalid for no address, and for a domain that nobody vouches for; TooMany as for
    passwords; Unavailable while the provider does not answer."""
    require(actor, Action.SITE_OPEN)
    email = email.strip().lower()
    if not email:
        raise Invalid({"email": words.EMPTY})
    domain = oidc.domain_of(email)
    if domain is None or len(email) > LONGEST_ADDRESS or not storable(email):
        raise Invalid({"email": words.NO_ADDRESS})
    with database.read(actor) as session:
        require_patience(session, email)
        row = provider_for(session, email) if ways.usable else None
        if row is None:
            raise Invalid({"email": words.nobody_vouches(domain)})
        provider = _read(session, ways, row)
    try:
        found = ways.issuers.metadata(provider.issuer)
    except (Silent, Untrusted) as error:
        raise _silent(database, actor, provider, error) from None
    pending = Pending(
        key=provider.key,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        email=email,
        next=target,
        at=int(database.clock.now().timestamp()),
    )
    back = ways.back(provider.key)
    with OAuth2Session(provider.client_id, scope=SCOPE, redirect_uri=back, code_challenge_method="S256") as client:
        url, _ = client.create_authorization_url(
            found.authorization_endpoint,
            state=pending.state,
            code_verifier=pending.verifier,
            nonce=pending.nonce,
            login_hint=email,
        )
    return Leaving(provider.organisation, url, pending)


def finish(database: Database, actor: Actor, ways: Ways, key: str, pending: Pending | None, answer: Answer) -> str:
    """Let somebody in whom their organisation's provider sent back; answers the session's token. `pending` is what this
    browser's session kept, None for nothing. NotFound where the organisation has no provider; SignInRequired with what
    people are told, TooMany, and Unavailable while the provider does not answer. Roles never come from a provider."""
    require(actor, Action.SITE_OPEN)
    own = pending if pending is not None and pending.key == key else None
    email = own.email if own else ""
    provider = _provider(database, actor, ways, key, email)
    try:
        claims, vouched = _checked(database, ways, provider, own, answer)
    except Silent as error:
        raise _silent(database, actor, provider, error) from None
    except _Refused as error:
        with database.write(actor) as session:
            note_refusal(session, _row(session, provider), email, error.why)
        raise SignInRequired(error.sentence) from None
    return _let_in(database, actor, provider, vouched, claims)


def _checked(
    database: Database, ways: Ways, provider: _Provider, pending: Pending | None, answer: Answer
) -> tuple[dict[str, Any], str]:
    """The claims of the provider on whoever came back, and the address that it vouches for. _Refused, Silent."""
    now = database.clock.now()
    if pending is None or not hmac.compare_digest(pending.state.encode(), answer.state.encode()):
        raise _Refused("not begun in this browser", words.STALE)
    if now - datetime.fromtimestamp(pending.at, UTC) > TO_COME_BACK:
        raise _Refused("begun too long ago", words.STALE)
    try:
        found = ways.issuers.metadata(provider.issuer)
        if answer.issuer != provider.issuer and (answer.issuer or found.names_itself):
            raise Untrusted("another issuer answers")
        if answer.error:
            raise _Refused("the provider declined", words.refused(provider.organisation))
        back = ways.back(provider.key)
        if provider.secret is None:
            raise Silent("its client secret was sealed with another PORTAL_SECRET_KEY")
        with_what = (provider.client_id, provider.secret, back, answer.code, pending.verifier)
        token = ways.issuers.redeem(found, *with_what) if answer.code else None
        claims = _with_keys(
            ways.issuers,
            provider.issuer,
            lambda keys: oidc.id_token(token, keys, found, provider.client_id, pending.nonce, now),
        )
    except Untrusted as error:
        raise _Refused(error.why, words.untrusted(provider.organisation)) from None
    email = oidc.email_of(claims)
    if email is None:
        raise _Refused("no verified address", words.unverified(provider.organisation))
    if oidc.domain_of(email) not in provider.domains:
        raise _Refused("an address that it does not vouch for", words.unverified(provider.organisation))
    return claims, email


def _with_keys(issuers: Issuers, issuer: str, read: Callable[[KeySet], dict[str, Any]]) -> dict[str, Any]:
    """Read a token with the provider's keys; with its newest ones where it is signed with none of those at hand."""
    try:
        return read(issuers.keys(issuer))
    except UnknownKey:
        return read(issuers.keys(issuer, anew=True))


def _let_in(database: Database, actor: Actor, provider: _Provider, email: str, claims: dict[str, Any]) -> str:
    with database.write(actor) as session:
        require_patience(session, email)
        row = _row(session, provider)
        person = known_as(session, row, email, claims["sub"])
        known = actor_of(person, actor.address) if person is not None else None
        if known is None:
            note_refusal(session, row, email, "no account for it here")
    if known is None:
        raise SignInRequired(words.UNKNOWN)
    strong = oidc.is_strong(claims)
    way = f"sign-on of {provider.key}{', with a second factor' if strong else ''}"
    token = begin(database, known, way=way)
    with database.write(known) as session:
        note_session(session, _row(session, provider), digest(token), claims.get("sid", ""))
    return token


def left(database: Database, actor: Actor, ways: Ways, key: str) -> Left:
    """Where somebody who came by an organisation's provider, and has signed out here, signs out there. NotFound where the
    organisation has none."""
    require(actor, Action.SITE_OPEN)
    provider = _provider(database, actor, ways, key)
    try:
        there = ways.issuers.metadata(provider.issuer).end_session_endpoint
    except (Silent, Untrusted):
        there = ""
    said = [("client_id", provider.client_id), ("post_logout_redirect_uri", f"{ways.base_url}/")]
    return Left(provider.organisation, add_params_to_uri(there, said) if there else "")


def end(database: Database, actor: Actor, ways: Ways, key: str, token: str) -> int:
    """End what a provider began, of whom its logout token names; answers how many sessions there were. NotFound where the
    organisation has no provider; SignInRequired for a token that is not to be believed; TooMany; Unavailable."""
    require(actor, Action.SITE_OPEN)
    now = database.clock.now()
    provider = _provider(database, actor, ways, key)
    try:
        found = ways.issuers.metadata(provider.issuer)
        claims = _with_keys(
            ways.issuers,
            provider.issuer,
            lambda keys: oidc.logout_token(token, keys, found, provider.client_id, now),
        )
    except Silent as error:
        raise _silent(database, actor, provider, error) from None
    except Untrusted as error:
        with database.write(actor) as session:
            note_refusal(session, _row(session, provider), "", f"logout token: {error.why}")
        raise SignInRequired(words.untrusted(provider.organisation)) from None
    # A token that is sent again ends nothing that began since it was made.
    until = datetime.fromtimestamp(claims["iat"], UTC) + BEFORE
    with database.write(actor) as session:
        row = _row(session, provider)
        count = end_begun(session, row, claims.get("sub", ""), claims.get("sid", ""), until)
        if count:
            after = {"sessions": count, "way": f"sign-on of {key}"}
            audit.record(session, "session:end", f"sign-on {key}", after=after, organisation_id=row.organisation_id)
    return count


class _Refused(Exception):
    """Somebody is not let in: `why` is for the trail, `sentence` for them."""

    def __init__(self, why: str, sentence: str) -> None:
        super().__init__(why)
        self.why, self.sentence = why, sentence


def _provider(database: Database, actor: Actor, ways: Ways, key: str, email: str = "") -> _Provider:
    """The provider of an organisation, for somebody who has the patience. NotFound, TooMany."""
    with database.read(actor) as session:
        row = provider_of(session, key) if ways.usable else None
        if row is None:
            raise NotFound("There is no page at this address.")
        require_patience(session, who_failed(session, row, email))
        return _read(session, ways, row)


def _read(session: Session, ways: Ways, row: SignOnProvider) -> _Provider:
    key, name, domains = row.organisation.key, row.organisation.name, frozenset(domains_of(session, row))
    secret = unseal(ways.key, purpose(key, row.issuer), row.secret)
    return _Provider(key, name, row.issuer, row.client_id, secret, row.passwords, domains)


def _row(session: Session, provider: _Provider) -> SignOnProvider:
    """The same provider in a transaction; SignInRequired where it was disabled or changed meanwhile."""
    row = provider_of(session, provider.key)
    if row is None or (row.issuer, row.client_id) != (provider.issuer, provider.client_id):
        raise SignInRequired(words.STALE)
    return row


def _silent(database: Database, actor: Actor, provider: _Provider, error: Silent | Untrusted) -> Unavailable:
    with database.write(actor) as session:
        note_silence(session, _row(session, provider), error.why)
    return Unavailable(words.silent(provider.organisation, passwords=provider.passwords))
