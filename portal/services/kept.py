"""What the processes of the portal share so that each need not do it again: public pages, the count of addresses, and how
far the audit trail is. It is nobody's: no permission is asked for, and nothing in it is a secret."""

from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from models.audit import AuditHead
from models.kept import AddressCount, KeptPage
from portal.actor import Actor
from portal.database import Database

KEEPER = Actor(name="kept")
OVER = timedelta(minutes=10)
"""So long the pages of an old state stay, for a process that has not seen the new one yet."""
MOST = 1000
"""So many pages are shared."""


def shares_pages(database: Database) -> bool:
    """Whether there may be other processes to share pages with that are worth a write: not on SQLite, where it would
    wait for whoever saves a return."""
    return database.engine.dialect.name == "postgresql"


def kept_page(database: Database, state: str, page: str) -> bytes | None:
    """A page that some process made of this state, compressed with brotli; None where none did."""
    with database.read(KEEPER) as session:
        return session.scalar(select(KeptPage.content).where(KeptPage.state == state, KeptPage.page == page))


def keep_page(database: Database, state: str, page: str, content: bytes) -> None:
    """Share a page with every other process; those of states that are over are dropped."""
    now = database.clock.now()
    with database.write(KEEPER) as session:
        session.execute(delete(KeptPage).where(KeptPage.state != state, KeptPage.made_at < now - OVER))
        if (session.scalar(select(func.count()).select_from(KeptPage)) or 0) < MOST:
            made = {"state": state, "page": page, "content": content, "made_at": now}
            session.execute(postgresql.insert(KeptPage).values(made).on_conflict_do_nothing())


def last_done(database: Database) -> str:
    """The hash of what was done last, by anybody: what is in the trail when it changes is the same until there is
    another. Not its number, which another thing may have after an older copy was put back."""
    with database.read(KEEPER) as session:
        return session.scalars(select(AuditHead.hash)).one()


def count_address(database: Database, address: str, minute: int, more: int) -> int:
    """Add to how often an address asked within a minute; answers how often that was by all that was told. The first one
    to tell of a minute clears those before the last."""
    insert = postgresql.insert if database.engine.dialect.name == "postgresql" else sqlite.insert
    told = insert(AddressCount).values(minute=minute, address=address, asked=more)
    told = told.on_conflict_do_update(index_elements=["minute", "address"], set_={"asked": AddressCount.asked + more})
    with database.write(KEEPER) as session:
        asked = session.execute(told.returning(AddressCount.asked)).scalar_one()
        if asked == more:
            session.execute(delete(AddressCount).where(AddressCount.minute < minute - 1))
        return asked
