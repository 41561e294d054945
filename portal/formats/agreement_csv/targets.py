"""Targets, read from their rows, and the years that the agreement runs for."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from models.rules.codes import measure_code, year_key
from models.rules.terms import TargetState
from portal.formats.agreement_csv.cells import Keys, Row, Table
from portal.formats.agreement_csv.rows import Target

STATES = {str(state): state for state in TargetState}


@dataclass(frozen=True, slots=True)
class Targets:
    """The targets that could be read; the years that each measure has rows for; and the measures with a row
    that could not be read, of which nobody can say what they lack."""

    found: tuple[Target, ...]
    measures: Keys
    rows: dict[str, dict[str, Row]]
    doubtful: frozenset[str]

    def only_in_maa(self, measure: str) -> bool:
        """Whether the measure is in the Multi-Area Agreement only, for all that can be read."""
        states = {target.state for target in self.found if target.measure == measure}
        return states <= {TargetState.MAA_ONLY}


def read_targets(table: Table, measures: Keys) -> Targets:
    """Every row of targets.csv, by measure and year; what is wrong with one is told where it stands."""
    found: list[Target] = []
    named = Keys(table)
    rows: dict[str, dict[str, Row]] = defaultdict(dict)
    doubtful = set()
    for row in table.rows:
        measure = row.code("measure", measure_code)
        if measure is None or measure not in named.rows:
            named.take(measure, row, "measure")
        year = row.code("year", year_key)
        if measure is None:
            continue
        if year is None:
            doubtful.add(measure)
        elif year in rows[measure]:
            line = rows[measure][year].line
            row.problem("year", f"{measure} has a target for {year} on line {line} already.")
            continue
        else:
            rows[measure][year] = row
        if not row.whole:
            doubtful.add(measure)
            continue
        measures.check(measure, row, "measure")
        if (target := read_target(row, measure, year or "")) is None:
            doubtful.add(measure)
        elif year is not None:
            found.append(target)
    return Targets(tuple(found), named, dict(rows), frozenset(doubtful))


def read_target(row: Row, measure: str, year: str) -> Target | None:
    """One row's target; None when it cannot be read, which is told."""
    state = row.word("state", STATES, None)
    low, high = row.figure("low"), row.figure("high")
    if state is None:
        return None
    if state is TargetState.SET:
        check_figures(row, low, high)
    elif filled := next((column for column in ("low", "high") if row.cells.get(column)), None):
        row.problem(filled, f"a target that is '{state}' has no figure, and here is {row.cells[filled]}.")
    return Target(measure, year, state, low, high, row.text("printed"), row.text("note"), row.line)


def check_figures(row: Row, low: Decimal | None, high: Decimal | None) -> None:
    """Tell what is wrong with the figures of a target that is set."""
    for column in ("low", "high"):
        if row.lacks(column):
            row.problem(column, "is empty, and a target that is 'set' needs both low and high: the same for a point.")
    if low is not None and high is not None and low > high:
        row.problem("low", f"{low:,f} is more than high, {high:,f}.")


def agreement_years(table: Table, measures: Keys, targets: Targets) -> tuple[str, ...]:
    """The years that at least half of the measures have targets for. A year beside them is told where it
    stands: it is misspelled, or most measures lack it. So is each measure that lacks one of the years."""
    counts: dict[str, int] = defaultdict(int)
    for years in targets.rows.values():
        for year in years:
            counts[year] += 1
    agreed = sorted(year for year, count in counts.items() if 2 * count >= len(targets.rows))
    if not table.complete:
        return tuple(agreed)
    for measure, years in targets.rows.items():
        stray = [year for year in years if year not in agreed]
        for year in stray:
            row = years[year]
            row.problem(
                "year",
                f"{year} has targets of only {counts[year]} of {len(targets.rows)} measures: is it right?",
            )
        if stray or measure in targets.doubtful or targets.measures.may_misspell(measure):
            continue
        for year in agreed:
            if year not in years and measure in measures.rows:
                measures.rows[measure].problem("measure", f"{measure} has no row in {table.file} for {year}.")
    for measure, row in measures.rows.items():
        if targets.measures.surely_lack(measure):
            row.problem("measure", f"{measure} has no row in {table.file}.")
    for before, after in pairwise(agreed):
        if int(after[:4]) != int(before[:4]) + 1:
            table.rows[0].findings.problem(
                table.file, 0, "year", f"the years must follow one another: {after} comes after {before}."
            )
    return tuple(agreed)
