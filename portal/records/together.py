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


def ask_together(session: Session, asked: Mapping[str, Asked]) -> dict[str, Answered]:
    """The answers to several questions, by the names that they were given; the rows have the columns' names, as if each
    had been asked alone. Questions are of columns, each with a name of its own, not of whole entities; their order is
    lost, so whoever needs one makes it."""
    types = {name: [column.type for column in query.selected_columns] for name, query in asked.items()}
    parts, rows_of, start = [], [], 1
    for place, (name, query) in enumerate(asked.items()):
        own = query.order_by(None).subquery()
        # Each has its own columns, and nothing in those of the others.
        columns: list[Any] = [literal(place)]
        for other, kinds in types.items():
            columns += own.c if other == name else [cast(null(), kind) for kind in kinds]
        parts.append(select(*(column.label(f"c{number}") for number, column in enumerate(columns))))
        rows_of.append((slice(start, start := start + len(types[name])), result_tuple(own.c.keys())))
    found: dict[str, Any] = {name: [] for name in asked}
    names = list(asked)
    for row in session.execute(union_all(*parts)):
        columns_of, made = rows_of[row[0]]
        found[names[row[0]]].append(made(row[columns_of]))
    return found
