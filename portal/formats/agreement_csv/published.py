"""Where what the partnership published does not add up: reviews and funding."""

import re
from collections import defaultdict
from decimal import Decimal

from models.rules.codes import indicator_code
from portal.formats.agreement_csv.cells import Keys, Row, Table
from portal.formats.agreement_csv.disagreements import plain
from portal.formats.numbers import parse_figure

_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9}")
_PRINTED_TOTAL = re.compile(r"printed total £([0-9,]*[0-9](?:\.[0-9]+)?)", re.IGNORECASE)


def tell_reviews(table: Table) -> None:
    """The counts of one review and scope against the number in the scope's words ('58 in the agreement')."""
    groups: dict[tuple[str, str], list[tuple[Row, int]]] = defaultdict(list)
    for row in table.rows:
        if row.whole:
            review, scope = row.text("review", required=True), row.text("scope", required=True)
            groups[review, scope].append((row, row.whole_number("count")))
    for (review, scope), counted in groups.items():
        row = counted[0][0]
        counts = [count for _, count in counted]
        number = _NUMBER.search(scope)
        if number and sum(counts) != int(number[0].replace(",", "")):
            added = " + ".join(str(count) for count in counts)
            row.note("count", f"{review}: {added} make {sum(counts)}, but the scope is '{scope}'.")


def tell_funding(table: Table, indicators: Keys) -> None:
    """The amounts of one indicator and source against the total that is printed for them."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in table.rows:
        if not row.whole:
            continue
        indicator = row.code("indicator", indicator_code)
        indicators.check(indicator, row, "indicator")
        source = row.text("source", required=True)
        if indicator is not None:
            groups[indicator, source].append(row)
    for (indicator, source), rows in groups.items():
        figures = [row.figure("amount_gbp", required=True) for row in rows]
        total = sum((figure for figure in figures if figure is not None), start=Decimal(0))
        for row in rows:
            printed = _printed_total(row.text("note"))
            if printed is not None and None not in figures and printed != total:
                row.note(
                    "note",
                    f"{indicator}, {source}: the lines add up to £{plain(total)}, "
                    f"but the printed total is £{plain(printed)}.",
                )


def _printed_total(note: str) -> Decimal | None:
    match = _PRINTED_TOTAL.search(note)
    try:
        return parse_figure(match[1]) if match else None
    except ValueError:
        return None  # a remark in words, whatever stands in it, is nobody's mistake
