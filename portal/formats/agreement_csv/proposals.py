"""The proposals of the Local Public Service Agreement, read from their rows, and the priorities and outcomes they serve."""

from collections.abc import Mapping, Sequence

from models.rules.coverage import same_words
from portal.formats.agreement_csv.cells import Row, Table
from portal.formats.agreement_csv.corporate_rows import Named, ProposalSaid, TargetSaid

STATES = {"defined": True, "to be developed": False}
LONGEST = 2000
OF_PROPOSAL = ("priority_for_improvement", "corporate_priorities", "corporate_outcomes", "lead", "partners")
"""What every row of one proposal says alike."""


def read_priorities(tables: Sequence[Table]) -> tuple[Named, ...]:
    """Every row of corporate_priorities.csv."""
    return _named(tables, "priority", 10)


def read_outcomes(tables: Sequence[Table]) -> tuple[Named, ...]:
    """Every row of corporate_outcomes.csv, by its number. Those that say the same are told, and kept."""
    rows = {row.line: row for table in tables for row in table.rows if row.whole}
    for row in rows.values():
        row.whole_number("outcome")
    found = {one.key: one for one in _named(tables, "outcome", 10)}
    for first, *again in same_words({key: one.title for key, one in found.items()}):
        for key in again:
            message = f"outcome {key} says the same as outcome {first}, word for word."
            rows[found[key].line].note("title", message)
    return tuple(found.values())


def read_proposals(
    tables: Sequence[Table], priorities: Sequence[Named], outcomes: Sequence[Named]
) -> tuple[ProposalSaid, ...]:
    """The proposals of lpsa2_proposals.csv, which has a row for each target."""
    known = {
        "corporate_priorities": {one.key: one for one in priorities},
        "corporate_outcomes": {one.key: one for one in outcomes},
    }
    found: dict[int, list[Row]] = {}
    for table in tables:
        for row in (one for one in table.rows if one.whole):
            number = row.whole_number("proposal")
            if number:
                found.setdefault(number, []).append(row)
            elif row.text("proposal"):
                row.problem("proposal", "must be a number from 1 on.")
    return tuple(_proposal(number, rows, known) for number, rows in sorted(found.items()))


def _proposal(number: int, rows: Sequence[Row], known: Mapping[str, Mapping[str, Named]]) -> ProposalSaid:
    first = rows[0]
    for row in rows[1:]:
        for column in OF_PROPOSAL:
            if row.text(column) != first.text(column):
                row.problem(column, f"is not what line {first.line} says of proposal {number}.")
    targets: dict[str, TargetSaid] = {}
    for row in rows:
        letter, text = row.text("target", required=True, longest=10), row.text("target_text", longest=LONGEST)
        defined = row.word("state", STATES, False)
        if defined and not text:
            row.problem("target_text", "is empty, and the target is said to be defined.")
        if letter in targets:
            row.problem("target", f"target {letter} of proposal {number} is on line {targets[letter].line} already.")
        targets.setdefault(letter, TargetSaid(letter, text, defined, row.line))
    return ProposalSaid(
        number=number,
        title=first.text("priority_for_improvement", required=True, longest=LONGEST),
        lead=first.text("lead", longest=200),
        partners=first.text("partners", longest=LONGEST),
        priorities=_listed(first, "corporate_priorities", known),
        outcomes=_listed(first, "corporate_outcomes", known),
        targets=tuple(targets.values()),
        line=first.line,
    )


def _listed(row: Row, column: str, known: Mapping[str, Mapping[str, Named]]) -> tuple[str, ...]:
    """The keys of a list with semicolons between them, each in the file that it is of."""
    keys = tuple(key for part in row.text(column).split(";") if (key := part.strip()))
    for key in dict.fromkeys(keys):
        if key not in known[column]:
            row.problem(column, f"{key} is not in {column}.csv.")
        elif keys.count(key) > 1:
            row.problem(column, f"{key} is here twice.")
    return keys


def _named(tables: Sequence[Table], column: str, longest: int) -> tuple[Named, ...]:
    found: dict[str, Named] = {}
    for table in tables:
        for row in (one for one in table.rows if one.whole):
            key = row.text(column, required=True, longest=longest)
            title = row.text("title", required=True, longest=LONGEST)
            if key in found:
                row.problem(column, f"{key} is on line {found[key].line} already.")
            elif key:
                found[key] = Named(key, title, row.line)
    return tuple(found.values())
