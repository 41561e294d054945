"""Signing on with one's organisation: out to its OpenID provider, back with a code, in with a session.

Nothing is asked of a provider while a transaction is open."""

import hmac
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from authlib.integrations.requests_client import OAuth2Session
from sqlalchemy import select

from models.sign_on import SignOnProvider
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid, SignInRequired
from portal.formats import oidc
from portal.formats.oidc import Untrusted
from portal.formats.passwords import digest
from portal.formats.texts import storable
from portal.issuers import Silent
from portal.policy import Action, require
from portal.records.patience import require_patience
from portal.records.people import actor_of
from portal.records.sign_on import (
    known_as,
    note_refusal,
    note_session,
    provider_for,
)
from portal.services.sessions import LONGEST_ADDRESS, begin
from portal.services.sign_on_ways import Provider, Ways, find_provider, silent
from portal.viewmodels.sign_on import Answer, Leaving, Pending
from portal.words import sign_on as words

TO_COME_BACK = timedelta(minutes=10)
"""So long a person may take at their organisation's sign-on."""
SCOPE = "openid email"
BEFORE = timedelta(seconds=oidc.SKEW)


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
        provider = ways.provider(session, row)
    try:
        found = ways.issuers.metadata(provider.issuer)
    except (Silent, Untrusted) as error:
        raise silent(database, actor, provider, error) from None
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
    provider = find_provider(database, actor, ways, key, email)
    try:
        claims, vouched = _checked(database, ways, provider, own, answer)
    except Silent as error:
        raise silent(database, actor, provider, error) from None
    except _Refused as error:
        with database.write(actor) as session:
            note_refusal(session, provider.row(session), email, error.why)
        raise SignInRequired(error.sentence) from None
    return _let_in(database, actor, provider, vouched, claims)


def _checked(
    database: Database, ways: Ways, provider: Provider, pending: Pending | None, answer: Answer
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
        claims = ways.issuers.read(
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


def _let_in(database: Database, actor: Actor, provider: Provider, email: str, claims: dict[str, Any]) -> str:
    with database.write(actor) as session:
        require_patience(session, email)
        row = provider.row(session)
        person = known_as(session, row, email, claims["sub"])
        known = actor_of(person, actor.address) if person is not None else None
        if known is None:
            note_refusal(session, row, email, "no account for it here")
    if known is None:
        raise SignInRequired(words.UNKNOWN)
    token = begin(database, known, way=f"sign-on of {provider.key}", factor=oidc.is_strong(claims))
    with database.write(known) as session:
        note_session(session, provider.row(session), digest(token), claims.get("sid", ""))
    return token


class _Refused(Exception):
    """Somebody is not let in: `why` is for the trail, `sentence` for them."""

    def __init__(self, why: str, sentence: str) -> None:
        super().__init__(why)
        self.why, self.sentence = why, sentence
