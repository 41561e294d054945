"""Several questions in one statement: what a page says beside its figures would else take a statement each."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, cast, literal, null, select, union_all
from sqlalchemy.engine import result_tuple
from sqlalchemy.orm import Session

Asked = Select[*tuple[Any, ...]]
Answered = Sequence[Row[*tuple[Any, ...]]]


def ask(session: Session, query: Asked) -> Answered:
    """One question by itself."""
    return session.execute(query).all()


class Together:
    """Several questions as one statement. To build it takes longer than to ask it: what is asked again and again is built
    once, with its values left open."""

    def __init__(self, asked: Mapping[str, Asked]) -> None:
        """Questions are of columns, each with a name of its own, not of whole entities; their order is lost, so whoever
        needs one makes it."""
        types = {name: [column.type for column in query.selected_columns] for name, query in asked.items()}
        parts, start = [], 1
        self._names, self._rows_of = list(asked), list[tuple[slice, Any]]()
        for place, (name, query) in enumerate(asked.items()):
            own = query.order_by(None).subquery()
            # Each has its own columns, and nothing in those of the others.
            columns: list[Any] = [literal(place)]
            for other, kinds in types.items():
                columns += own.c if other == name else [cast(null(), kind) for kind in kinds]
            parts.append(select(*(column.label(f"c{number}") for number, column in enumerate(columns))))
            self._rows_of.append((slice(start, start := start + len(types[name])), result_tuple(own.c.keys())))
        self._statement = union_all(*parts)

    def ask(self, session: Session, values: Mapping[str, Any] | None = None) -> dict[str, Answered]:
        """The answers by the names that the questions were given; the rows have the columns' names, as if each had been
        asked alone. `values` are those that were left open."""
        found: dict[str, Any] = {name: [] for name in self._names}
        for row in session.execute(self._statement, dict(values or {})):
            columns, made = self._rows_of[row[0]]
            found[self._names[row[0]]].append(made(row[columns]))
        return found
