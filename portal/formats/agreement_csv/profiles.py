"""How a measure's year usually goes, and where its series breaks, read from their rows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from models.rules.calendar import IN_A_YEAR
from models.rules.codes import measure_code
from models.rules.terms import Frequency
from portal.formats.agreement_csv.cells import Keys, Row, Table
from portal.formats.agreement_csv.elsewhere import placed
from portal.formats.agreement_csv.rows import Measure, ProfileShare, SeriesBreak

LONGEST_REASON = 2000


def read_profiles(tables: Sequence[Table], keys: Keys, measures: Mapping[str, Measure]) -> tuple[ProfileShare, ...]:
    """Every row of profiles.csv: for measures that count from nothing at the year's start, the share of the year's
    target that they usually reach by the end of each of its periods. The whole year is told, or nothing of it."""
    found: dict[str, dict[int, tuple[ProfileShare, Row]]] = defaultdict(dict)
    doubtful = set()
    for table in tables:
        for row in table.rows:
            code = row.code("measure", measure_code)
            if not row.whole:
                doubtful.add(code)
                continue
            keys.check(code, row, "measure")
            number, share = row.whole_number("number"), row.figure("share", required=True)
            measure = measures.get(code or "")
            if measure is None:
                continue
            if share is None or not _fits(row, measure, number, found[measure.code]):
                doubtful.add(code)
            elif not 0 <= share <= 1:
                row.problem("share", f"is {share:,f}: write a share of the year's target from 0 to 1, such as 0.45.")
                doubtful.add(code)
            else:
                found[measure.code][number] = ProfileShare(measure.code, number, share, row.line), row
    for code, shares in found.items():
        if code not in doubtful:  # a year of which something is wrong already need not be whole
            _check_year(code, shares, IN_A_YEAR[measures[code].frequency])
    return tuple(share for shares in found.values() for _, (share, _) in sorted(shares.items()))


def _fits(row: Row, measure: Measure, number: int, found: Mapping[int, tuple[ProfileShare, Row]]) -> bool:
    """Whether a measure can have a share for this period, and has none yet."""
    periods = IN_A_YEAR[measure.frequency]
    if not measure.cumulative:
        row.problem("measure", f"{measure.code} does not count from nothing at the year's start: it has no profile.")
        return False
    if not 1 <= number <= periods:
        message = f"is {number}, and {measure.code} is returned {measure.frequency}: write 1 to {periods}."
        row.problem("number", message)
        return False
    if number in found:
        row.problem(
            "number", f"{measure.code} has a share for period {number} on line {found[number][0].line} already."
        )
        return False
    return True


def _check_year(code: str, shares: Mapping[int, tuple[ProfileShare, Row]], periods: int) -> None:
    """What only the shares of a year together show."""
    ordered = [shares[number] for number in sorted(shares)]
    last, row = ordered[-1]
    if lacking := [str(number) for number in range(1, periods + 1) if number not in shares]:
        row.problem("number", f"{code} has no share for period {', '.join(lacking)}: write one for each of {periods}.")
    for (before, _), (after, where) in pairwise(ordered):
        if after.share < before.share:
            message = f"is {after.share:f}, less than {before.share:f} in period {before.number}: a year only adds."
            where.problem("share", message)
    if not lacking and last.share == 0:
        row.problem("share", "is 0 at the year's end: a year in which nothing is ever reached has no profile.")


def read_series_breaks(
    tables: Sequence[Table], measures: Keys, frequencies: Mapping[str, Frequency], years: Sequence[str]
) -> tuple[SeriesBreak, ...]:
    """Every row of series_breaks.csv; a reason is always said, for it is shown beside what it explains."""
    found: dict[tuple[str, str], SeriesBreak] = {}
    for row, measure, period in placed(tables, measures, frequencies, years):
        reason = row.text("reason", required=True, longest=LONGEST_REASON)
        if not measure or not period:
            continue
        if (measure, period) in found:
            line = found[measure, period].line
            row.problem("period", f"{measure} has a break in {period} on line {line} already.")
        elif reason:
            found[measure, period] = SeriesBreak(measure, period, reason, row.line)
    return tuple(found.values())
