"""Publishing in one go, as whoever holds the command line does."""

from dataclasses import replace

from portal.actor import OPERATOR, Actor
from portal.database import Database
from portal.services import publication


def publish(database: Database, actor: Actor, period: str | None = None, note: str = "") -> int:
    """The next edition of the agreement that the actor is shown."""
    return publication.publish(database, replace(OPERATOR, agreement=actor.agreement), period, note)
