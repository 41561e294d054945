"""Where somebody who came by their organisation signs out there too, and what ends when they have signed out there."""

from datetime import UTC, datetime, timedelta

from authlib.common.urls import add_params_to_uri

from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import SignInRequired
from portal.formats import oidc
from portal.formats.oidc import Untrusted
from portal.issuers import Silent
from portal.policy import Action, require
from portal.records.sign_on import end_begun, note_refusal
from portal.services.sign_on_ways import Ways, find_provider, silent
from portal.viewmodels.sign_on import Left
from portal.words import sign_on as words

BEFORE = timedelta(seconds=oidc.SKEW)


def left(database: Database, actor: Actor, ways: Ways, key: str) -> Left:
    """Where somebody who came by an organisation's provider, and has signed out here, signs out there. NotFound where the
    organisation has none."""
    require(actor, Action.SITE_OPEN)
    provider = find_provider(database, actor, ways, key)
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
    provider = find_provider(database, actor, ways, key)
    try:
        found = ways.issuers.metadata(provider.issuer)
        claims = ways.issuers.read(
            provider.issuer,
            lambda keys: oidc.logout_token(token, keys, found, provider.client_id, now),
        )
    except Silent as error:
        raise silent(database, actor, provider, error) from None
    except Untrusted as error:
        with database.write(actor) as session:
            note_refusal(session, provider.row(session), "", f"logout token: {error.why}")
        raise SignInRequired(words.untrusted(provider.organisation)) from None
    # A token that is sent again ends nothing that began since it was made.
    until = datetime.fromtimestamp(claims["iat"], UTC) + BEFORE
    with database.write(actor) as session:
        row = provider.row(session)
        count = end_begun(session, row, claims.get("sub", ""), claims.get("sid", ""), until)
        if count:
            after = {"sessions": count, "way": f"sign-on of {key}"}
            audit.record(session, "session:end", f"sign-on {key}", after=after, organisation_id=row.organisation_id)
    return count
