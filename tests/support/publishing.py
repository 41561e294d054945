"""Publishing in one go, as whoever holds the command line does."""

from dataclasses import replace

from sqlalchemy import delete

from models.scorecard import Edition
from portal.actor import OPERATOR, Actor
from portal.database import Database
from portal.services import publication
from portal.services.gate import gate
from tests.conftest import person


def publish(database: Database, actor: Actor, period: str | None = None, note: str = "") -> int:
    """The next edition of the agreement that the actor is shown."""
    return publication.publish(database, replace(OPERATOR, agreement=actor.agreement), period, note)


def prepare_anew(database: Database) -> None:
    """The quarter's publication as it would be now, prepared by the second person of the team; another one is left."""
    publisher = person(database, "team2")
    if one := gate(database, publisher).prepared:
        publication.leave(database, publisher, one.id, one.version, "It is prepared anew.")
    looked_at = gate(database, publisher, "2008-09-q3")
    publication.prepare(database, publisher, looked_at.period, looked_at.digest, "")


def thaw(database: Database) -> None:
    """Let a test's own SQLite file have editions changed or removed, as no portal can: for a state before them."""
    with database.engine.begin() as connection:
        for verb in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS edition_never_changed_{verb}")


def remove_editions(database: Database) -> None:
    """As before the first edition."""
    thaw(database)
    with database.write(OPERATOR) as session:
        session.execute(delete(Edition))
