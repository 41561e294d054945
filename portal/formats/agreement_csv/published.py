"""Where what the partnership published does not add up: its reviews."""

import re
from collections import defaultdict

from portal.formats.agreement_csv.cells import Row, Table

_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9}")


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
