"""Money committed to indicators and the totals that documents print, read from their rows; where both do not agree."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from models.rules.codes import indicator_code
from models.rules.money import beyond, total, why_no_amount
from portal.formats.agreement_csv.cells import Keys, Row, Table
from portal.formats.agreement_csv.disagreements import plain
from portal.formats.agreement_csv.funding_rows import Funding, FundingTotal
from portal.formats.numbers import parse_figure

_PRINTED_TOTAL = re.compile(r"printed total £([0-9,]*[0-9](?:\.[0-9]+)?)", re.IGNORECASE)

Key = tuple[str, str]
"""An indicator and a source."""


def read_funding(
    lines: Sequence[Table], totals: Sequence[Table], indicators: Keys
) -> tuple[tuple[Funding, ...], tuple[FundingTotal, ...]]:
    """The lines of funding.csv and the totals of funding_totals.csv; what does not add up is told. A line's note that
    says no more than the printed total is left out where that has a row of its own."""
    groups: dict[Key, list[tuple[Row, Decimal | None]]] = defaultdict(list)
    for table in lines:
        for row in table.rows:
            if row.whole and (key := _key(row, indicators)) is not None:
                groups[key].append((row, _amount(row)))
    complete = all(table.complete for table in lines)
    printed = _totals(totals, indicators, groups if complete else None)
    for key, rows in groups.items():
        _tell(key, rows, printed.get(key))
    found = [_line(key, rows, key in printed) for key, rows in groups.items()]
    return tuple(line for each in found for line in each), tuple(one for one, _ in printed.values())


def _key(row: Row, indicators: Keys) -> Key | None:
    indicator = row.code("indicator", indicator_code)
    indicators.check(indicator, row, "indicator")
    source = " ".join(row.text("source", required=True, longest=200).split())
    return (indicator, source) if indicator is not None and source else None


def _amount(row: Row) -> Decimal | None:
    figure = row.figure("amount_gbp", required=True)
    if figure is not None and (wrong := why_no_amount(figure)):
        row.problem("amount_gbp", f"is {plain(figure)}. {wrong}")
    return figure


def _line(key: Key, rows: Sequence[tuple[Row, Decimal | None]], has_total: bool) -> list[Funding]:
    found: list[Funding] = []
    for row, amount in rows:
        proposal = " ".join(row.text("proposal", longest=500).split())
        note = row.text("note", longest=2000)
        note = "" if has_total and _PRINTED_TOTAL.search(note) else note
        twin = next((one for one in found if one.proposal == proposal), None)
        if twin is not None and "proposal" in row.cells:
            row.problem(
                "proposal", f"{proposal or 'no proposal'} is on line {twin.line} already, from the same source."
            )
        elif amount is not None:
            found.append(Funding(*key, proposal, amount, note, row.line))
    return found


def _totals(
    tables: Sequence[Table], indicators: Keys, groups: Mapping[Key, object] | None
) -> dict[Key, tuple[FundingTotal, Row]]:
    """The printed totals under their keys. `groups` has the keys of all lines; None where some could not be read."""
    found: dict[Key, tuple[FundingTotal, Row]] = {}
    for table in tables:
        for row in table.rows:
            key = _key(row, indicators) if row.whole else None
            figure = row.figure("printed_total_gbp", required=row.whole)
            printed_in = row.text("printed_in", required=row.whole, longest=300)
            if key is None or figure is None:
                continue
            if key in found:
                row.problem("source", f"{', '.join(key)} is on line {found[key][1].line} already.")
            elif groups is not None and key not in groups and not indicators.surely_lack(key[0]):  # else that is told
                row.problem("source", f"{key[0]} has no line from {key[1]} in funding.csv.")
            else:
                found[key] = FundingTotal(*key, figure, printed_in, row.line), row
    return found


def _tell(key: Key, rows: Sequence[tuple[Row, Decimal | None]], printed: tuple[FundingTotal, Row] | None) -> None:
    """The lines of one indicator and source against the total that is printed for them: in a note of theirs, or else in
    a row of its own."""
    figures = [figure for _, figure in rows if figure is not None]
    if len(figures) < len(rows):
        return
    noted = [(found, row) for row, _ in rows if (found := _printed_total(row.text("note"))) is not None]
    for said, row in noted:
        if beyond(said, figures):
            row.note("note", _disagree(key, total(figures), said))
    if printed is None:
        return
    held, row = printed
    if not noted and beyond(held.total, figures):
        row.note("printed_total_gbp", _disagree(key, total(figures), held.total))
    for said, line in noted:
        if said != held.total:
            message = f"{', '.join(key)}: the printed total is £{plain(held.total)} here, and £{plain(said)} in "
            row.note("printed_total_gbp", f"{message}the note of {line.file} line {line.line}.")


def _disagree(key: Key, lines: Decimal, printed: Decimal) -> str:
    return f"{', '.join(key)}: the lines add up to £{plain(lines)}, but the printed total is £{plain(printed)}."


def _printed_total(note: str) -> Decimal | None:
    match = _PRINTED_TOTAL.search(note)
    try:
        return parse_figure(match[1]) if match else None
    except ValueError:
        return None  # a remark in words, whatever stands in it, is nobody's mistake
