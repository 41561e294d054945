"""Is the forecast honest? Series whose truth is known are simulated, forecast, and held against what came.

`make honesty` runs all of it and writes docs/forecast-honesty.md and .csv; the suite runs a little of it.
"""

import csv
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from pathlib import Path
from random import Random

from models.rules.chance import Chance, chance_of_reaching
from models.rules.forecast import Figure, Forecast, Series, fewest, forecast
from models.rules.terms import Polarity
from tests.campaigns.simulated import BANDS, KINDS, Design, Kind, Simulated

DOCS = Path(__file__).parents[2] / "docs"
LENGTHS = {
    12: (3, 4, 6, 8, 14, 18, 24, 36),
    4: (3, 4, 5, 6, 7, 8, 10, 12, 16, 24, 40),
    2: (3, 5, 6, 8, 12, 20),
    1: (6, 8, 12, 20),
}
LAST = {12: (3, 6, 9, 11, 12), 4: (1, 2, 3, 4), 2: (1, 2), 1: (1,)}
"""The number within the year of the last figure known, by how many periods make a year."""
EVERY = {12: "monthly", 4: "quarterly", 2: "half-yearly", 1: "yearly"}
ORDER = [*(kind.name for kind in KINDS), *EVERY.values(), *("{} to {}".format(*band) for band in BANDS)]
FIGURES = "## The figures"
"""Everything after this heading is written by the campaign."""


@dataclass(frozen=True, slots=True)
class Result:
    """One forecast held against its outturn, errors in the kind's unit; and a target's chance and whether it came."""

    covered: bool
    error: float
    as_now: float
    last_year: float | None
    width: float
    chance: Chance
    probability: float
    reached: bool


def in_order(design: Design, kind: Kind, happened: Simulated) -> tuple[Series, list[Decimal]]:
    """The series as it would be returned, rounded, and all of what happened as it would be returned."""
    told: list[Decimal] = []
    for t, value in enumerate(happened.values, -design.unseen if kind.cumulative else 0):
        before = told[-1] if kind.cumulative and design.place(t)[1] else Decimal(0)
        told.append(round(Decimal(value), kind.places) + before)
    told = told[-(design.length + design.ahead) :]
    known = [
        Figure(f"{design.place(t)[0]}/{(design.place(t)[0] + 1) % 100:02d}", design.place(t)[1] + 1, told[t])
        for t in range(design.length)
        if not (kind.gaps and t % 5 == 3 and t != design.length - 1)
    ]
    profile = None
    if happened.shares is not None:
        reached = [Decimal(sum(happened.shares[: n + 1])) for n in range(design.periods - 1)]
        profile = (*(round(share, 4) for share in reached), Decimal(1))
    return Series(tuple(known), design.periods, kind.cumulative, profile, kind.low, kind.high), told


def naive(design: Design, series: Series, told: list[Decimal]) -> tuple[Decimal, Decimal | None]:
    """The two guesses that cost nothing: as it is now (a cumulative measure: at the year's pace so far, by the profile
    where there is one), and the same as last year."""
    back = len(told) - 1 - design.periods
    last_year = told[back] if back >= 0 else None
    now = told[design.length - 1]
    if series.cumulative and design.last < design.periods:
        share = series.profile[design.last - 1] if series.profile else Decimal(design.last) / design.periods
        return now / max(share, Decimal("0.01")), last_year
    return now, last_year


def results(design: Design, kind: Kind, runs: int, seed: int) -> Iterator[Result]:
    """Forecasts of fresh series of one kind and design; those that never varied have none, and are passed over."""
    random = Random(f"{seed} {kind.name} {design}")
    for _ in range(runs):
        happened = kind.simulate(random, design, design.length + design.ahead)
        series, told = in_order(design, kind, happened)
        year = design.place(len(told) - 1)[0]
        answer = forecast(series, f"{year}/{(year + 1) % 100:02d}")
        if not isinstance(answer, Forecast):
            continue
        outturn = told[-1]
        now, last_year = naive(design, series, told)
        target = answer.central + Decimal(random.uniform(-1.2, 1.2)) * (answer.high - answer.low)
        polarity = random.choice((Polarity.HIGHER, Polarity.LOWER))
        prospect = chance_of_reaching(answer, target, target, polarity)
        assert prospect is not None
        yield Result(
            answer.low <= outturn <= answer.high,
            abs(float(answer.central - outturn)) / happened.unit,
            abs(float(now - outturn)) / happened.unit,
            None if last_year is None else abs(float(last_year - outturn)) / happened.unit,
            float(answer.high - answer.low) / happened.unit,
            prospect.words,
            float(prospect.probability),
            outturn >= target if polarity is Polarity.HIGHER else outturn <= target,
        )


def designs(kind: Kind, periods: int) -> Iterator[Design]:
    """The designs of which the portal gives a forecast for this kind."""
    if periods == 1 and (kind.seasonal or kind.cumulative):
        return
    profile = (Decimal(1),) if "profile" in kind.name else None
    series = Series((), periods, kind.cumulative, profile)
    for length in LENGTHS[periods]:
        for last in LAST[periods]:
            design = Design(length, periods, last)
            known = length - sum(kind.gaps and t % 5 == 3 and t != length - 1 for t in range(length))
            if known >= fewest(series, design.ahead):
                yield design


@dataclass(frozen=True, slots=True)
class Tally:
    """What many forecasts come to. Errors are means of absolute errors, in the kind's unit."""

    count: int
    coverage: float
    error: float
    as_now: float
    last_year: float
    width: float

    @property
    def ratio(self) -> float:
        """The error against the better of the two naive guesses: under 1 is better."""
        return self.error / min(self.as_now, self.last_year)

    @property
    def doubt(self) -> float:
        """Two standard errors of the coverage, as a share."""
        return 2 * sqrt(self.coverage * (1 - self.coverage) / self.count)


def tally(found: Sequence[Result]) -> Tally:
    """The means of some results. Where there was no last year, its guess is what it is now."""

    def mean(values: Iterable[float]) -> float:
        return sum(values) / len(found)

    return Tally(
        len(found),
        mean(one.covered for one in found),
        mean(one.error for one in found),
        mean(one.as_now for one in found),
        mean(one.as_now if one.last_year is None else one.last_year for one in found),
        mean(one.width for one in found),
    )


Found = dict[tuple[Kind, Design], list[Result]]


def job(design: Design, runs: int, seed: int) -> Found:
    """All kinds of one design together, so that the forecast's own preparations are made once. Years and half-years
    have few designs, and so more series in each."""
    each = runs if design.periods > 2 else 4 * runs
    return {
        (kind, design): list(results(design, kind, each, seed))
        for kind in KINDS
        if design in designs(kind, design.periods)
    }


def campaign(runs: int, seed: int) -> Found:
    """Every kind, length and horizon."""
    every = sorted(
        {design for kind in KINDS for periods in EVERY for design in designs(kind, periods)},
        key=lambda design: (-design.length * design.periods, design.last),
    )
    found: Found = {}
    with ProcessPoolExecutor() as pool:
        for number, part in enumerate(pool.map(job, every, [runs] * len(every), [seed] * len(every)), 1):
            found.update(part)
            if sys.stderr.isatty():
                print(f"{number} of {len(every)} designs", end="\r", file=sys.stderr, flush=True)
    return found


def gathered(found: Found, *names: str) -> dict[tuple[object, ...], Tally]:
    """The results by some of: kind, every, band, ahead, quarters (the horizon in quarters of a year)."""
    groups: dict[tuple[object, ...], list[Result]] = defaultdict(list)
    for (kind, design), part in found.items():
        said = {
            "kind": kind.name,
            "every": EVERY[design.periods],
            "band": "{} to {}".format(*design.band),
            "ahead": design.ahead,
            "quarters": -(-4 * design.ahead // design.periods),
        }
        groups[tuple(said[name] for name in names)] += part
    return {key: tally(groups[key]) for key in sorted(groups, key=_order) if groups[key]}


def _order(key: tuple[object, ...]) -> list[int]:
    """As the kinds, frequencies, bands and horizons are listed, not by the alphabet."""
    return [part if isinstance(part, int) else ORDER.index(str(part)) for part in key]


def row(*cells: object) -> str:
    return "| " + " | ".join(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in cells) + " |"


def head(*cells: str, words: int = 1) -> list[str]:
    return [row(*cells), "|" + " --- |" * words + " ---: |" * (len(cells) - words)]


def share(value: float) -> str:
    return f"{100 * value:.0f}%"


def marked(told: Tally) -> str:
    """The coverage, starred where it is outside of 72 to 88%."""
    return share(told.coverage) + ("" if 0.72 <= told.coverage <= 0.88 else " *")


MEASURED = ("80% range held", "error", "as it is now", "same as last year", "error : better guess")


def measured(told: Tally) -> tuple[str | float, ...]:
    return marked(told), told.error, told.as_now, told.last_year, told.ratio


def by_kind(found: Found) -> list[str]:
    lines = ["### Each kind", "", *head("kind", "forecasts", "mean width", *MEASURED)]
    lines += [row(name, told.count, told.width, *measured(told)) for (name,), told in gathered(found, "kind").items()]
    return [*lines, ""]


def by_length(found: Found) -> list[str]:
    lines = ["### Each kind and number of figures", ""]
    lines += head("every", "kind", "figures", "forecasts", *MEASURED, words=3)
    groups = gathered(found, "every", "kind", "band")
    lines += [row(*key, told.count, *measured(told)) for key, told in groups.items()]
    outside = {key: told for key, told in groups.items() if not 0.72 <= told.coverage <= 0.88}
    sure = [key for key, told in outside.items() if not 0.72 - told.doubt <= told.coverage <= 0.88 + told.doubt]
    named = "; ".join(f"{every}, {kind}, {band}" for every, kind, band in sure) or "none"
    return [*lines, "", f"Starred: {len(outside)} of {len(groups)}. By more than two standard errors: {named}.", ""]


def by_horizon(found: Found) -> list[str]:
    lines = ["### How often the range held, by how far ahead it looks", ""]
    lines += head("kind", "a quarter", "half a year", "three quarters", "a year")
    groups = gathered(found, "kind", "quarters")
    for kind in KINDS:
        cells = [groups.get((kind.name, quarters)) for quarters in (1, 2, 3, 4)]
        lines.append(row(kind.name, *("" if told is None else marked(told) for told in cells)))
    return [*lines, ""]


def by_chance(found: Found) -> list[str]:
    lines = ["### Chances of reaching a target, as told and as it came", ""]
    lines += head("words", "times told", "mean chance told", "target reached")
    for words in Chance:
        said = [one for part in found.values() for one in part if one.chance is words]
        if said:
            told, came = (
                sum(values) / len(said) for values in ((x.probability for x in said), (x.reached for x in said))
            )
            lines.append(row(words, len(said), share(told), share(came)))
    return lines


def tables(found: Found, runs: int, seed: int) -> str:
    """The figures of docs/forecast-honesty.md."""
    count = sum(map(len, found.values()))
    lines = [f"{runs} series for each kind, length and horizon, {4 * runs} where a year has one or two periods:"]
    lines += [f"{count:,} forecasts. Seed {seed}. A star marks what is outside of 72 to 88%.", ""]
    return "\n".join(lines + by_kind(found) + by_length(found) + by_horizon(found) + by_chance(found))


def write_cells(found: Found, path: Path) -> None:
    """Every kind, length band and horizon, one line each."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            [
                "every",
                "kind",
                "figures",
                "periods_ahead",
                "forecasts",
                "coverage",
                "error",
                "as_now",
                "same_as_last_year",
                "width",
            ]
        )
        for key, told in gathered(found, "every", "kind", "band", "ahead").items():
            means = (told.coverage, told.error, told.as_now, told.last_year, told.width)
            writer.writerow([*key, told.count, *(f"{mean:.4f}" for mean in means)])


def main() -> None:
    """Run everything and put the figures into the documents."""
    runs, seed = int(os.environ.get("HONESTY_RUNS", "40")), int(os.environ.get("HONESTY_SEED", "20090120"))
    found = campaign(runs, seed)
    page = DOCS / "forecast-honesty.md"
    before, _, _ = page.read_text("utf-8").partition(FIGURES)
    page.write_text(f"{before}{FIGURES}\n\n{tables(found, runs, seed)}\n", encoding="utf-8")
    write_cells(found, page.with_suffix(".csv"))
    print(f"Written: {page.name} and {page.with_suffix('.csv').name} in docs.")


if __name__ == "__main__":
    main()
