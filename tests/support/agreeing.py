"""Agreeing the refresh that Leicester's files propose."""

from portal.actor import Actor
from portal.database import Database
from portal.services import refresh


def consent_to_all(database: Database, team: Actor) -> None:
    """Everybody who must consents to all that is proposed."""
    page = refresh.refresh_desk(database, team).refresh
    assert page is not None
    for key in sorted({consent.key for one in page.proposed for consent in one.consents}):
        refresh.record_consent(database, team, None, key, "By letter, 20 March 2009", given=True)


def agree_all(database: Database, team: Actor) -> int:
    """Everybody consents, and the refresh is agreed; answers the number of the new version."""
    consent_to_all(database, team)
    return refresh.agree(database, team, None)
