"""The half-yearly shares of earlier agreements, read from their rows: what is above, near and below target, and missing."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from models.rules.calendar import calendar_period, financial_year
from portal.formats.agreement_csv.cells import Row, Table
from portal.formats.agreement_csv.disagreements import plain
from portal.formats.agreement_csv.shares_rows import EarlierAgreement, Shares

COLUMNS = {
    "above": "above_target_pct",
    "near": "near_target_pct",
    "below": "below_target_pct",
    "missing": "missing_pct",
}
_SPAN = re.compile(r"\b([0-9]{4})-([0-9]{2})\b")
_LONGEST = 10
"""No agreement ran for more years."""


def read_earlier(tables: Iterable[Table]) -> tuple[EarlierAgreement, ...]:
    """The agreements that the rows are of, in their order, each with its shares."""
    found: dict[str, list[tuple[Shares, Row]]] = defaultdict(list)
    for table in tables:
        for row in table.rows:
            if row.whole and (shares := _shares(row)) is not None:
                title = row.text("agreement", required=True, longest=200)
                _check_new(row, shares, [known for known, _ in found[title]])
                found[title].append((shares, row))
    return tuple(_earlier(title, said) for title, said in found.items() if title)


def _shares(row: Row) -> Shares | None:
    period_end = row.day("period_end")
    figures = {name: row.figure(column) for name, column in COLUMNS.items()}
    for name, figure in figures.items():
        if figure is not None and not 0 <= figure <= 100:
            row.problem(COLUMNS[name], f"is {plain(figure)}: a share is between 0 and 100%.")
    if period_end is None:
        return None
    given = [figure for figure in figures.values() if figure is not None]
    total = sum(given, start=Decimal(0))
    if len(given) == len(COLUMNS) and total != 100:
        added = " + ".join(plain(share) for share in given)
        row.note("", f"{row.text('period_end')}: the shares {added} make {plain(total)}%, not 100%.")
    return Shares(period_end, **figures, file=row.file, line=row.line)


def _check_new(row: Row, shares: Shares, known: Sequence[Shares]) -> None:
    for other in known:
        if other.period_end == shares.period_end:
            where = f"{other.file} line {other.line}" if other.file != row.file else f"line {other.line}"
            row.problem("period_end", f"{shares.period_end} is on {where} already.")


def _earlier(title: str, said: Sequence[tuple[Shares, Row]]) -> EarlierAgreement:
    """Its years are those in its title ('2006-09' is 2006/07 to 2008/09), else those of its rows."""
    days = sorted(shares.period_end for shares, _ in said)
    first, last = span(title) or (financial_year(days[0]), financial_year(days[-1]))
    for shares, row in said:
        if not calendar_period(first).starts_on <= shares.period_end <= calendar_period(last).ends_on:
            row.problem("period_end", f"{shares.period_end} is not in the years of {title}, {first} to {last}.")
    return EarlierAgreement(title, first, last, tuple(shares for shares, _ in said))


def span(title: str) -> tuple[str, str] | None:
    """The first and the last financial year that a title names; None where it names none.

    >>> span("Leicester LAA 2006-09"), span("Leicester LAA")
    (('2006/07', '2008/09'), None)
    """
    match = _SPAN.search(title)
    if match is None:
        return None
    first = int(match[1])
    years = (int(match[2]) - first) % 100
    return (_year(first), _year(first + years - 1)) if 1 <= years <= _LONGEST else None


def _year(first: int) -> str:
    return financial_year(date(first, 4, 1))
