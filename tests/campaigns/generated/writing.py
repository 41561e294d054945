"""Writing areas: every pattern's rows with numbers of their own, quarter by quarter as they would have come."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.engine import Connection

from models.base import Base
from portal.audit import BEGINNING, chained
from portal.database import Database
from portal.formats.canonical import canonical
from portal.formats.edition import content_hash
from portal.policy import Action
from tests.campaigns.generated.pattern import AREA, KEY
from tests.campaigns.generated.rows import TABLES, Event, Pattern, Ref

NAMED = {"agreement", "agreement_version", "organisation", "person"}
"""Where an area's name is written; in editions too."""
BY_HAND = ("edition", "publication")
"""What is not the same for two areas of one pattern."""
_ORDER = [table.name for table in Base.metadata.sorted_tables]


class Prepared(NamedTuple):
    """A table's rows in one quarter: which columns are references, and for each row those and the rest, encoded."""

    refs: tuple[str, ...]
    rest: tuple[str, ...]
    rows: list[tuple[tuple[Ref | None, ...], Any]]


class Recorded(NamedTuple):
    """An event with its number and agreement, as the trail's own function takes it to be chained."""

    number: int
    at: datetime
    person_id: int | None
    who: str
    organisation_id: int | None
    address: str
    action: str
    subject: str
    before: str
    after: str
    reason: str
    agreement: str


class Writer:
    """Writes so many areas of a few patterns into one migrated, empty database."""

    def __init__(self, database: Database, patterns: list[Pattern], areas: int) -> None:
        self.database, self.patterns, self.areas = database, patterns, areas
        self.postgres = database.engine.dialect.name == "postgresql"
        self.spaces = sorted({key for pattern in patterns for key in pattern.rows}, key=lambda one: (one[1], one[0]))
        self.sizes = {key: max(len(pattern.rows.get(key, ())) for pattern in patterns) for key in self.spaces}
        self.starts = self._starts()
        self.number, self.hash = 0, BEGINNING
        self.counts: dict[str, int] = {}

    def _starts(self) -> dict[tuple[int, str], int]:
        """The number before the first row of each quarter's part of a table."""
        starts, next_of = {}, dict.fromkeys(_ORDER, 0)
        for chunk, name in self.spaces:
            starts[chunk, name] = next_of[name]
            next_of[name] += self.sizes[chunk, name] * self.areas
        return starts

    def number_of(self, ref: Ref, area: int) -> int:
        """The number that a pattern's row has in an area."""
        key = ref.chunk, ref.table
        return self.starts[key] + area * self.sizes[key] + ref.place + 1

    def write(self) -> dict[str, int]:
        """Everything; answers the rows by table."""
        chunks = sorted({chunk for chunk, _ in self.spaces})
        with self._loading() as connection:
            for chunk in chunks:
                names = {name for at, name in self.spaces if at == chunk}
                for name in (one for one in _ORDER if one in names and one not in BY_HAND):
                    self._table(connection, chunk, name)
                hashes = self._editions(connection, chunk)
                self._trail(connection, chunk, hashes)
            head = {"number": self.number, "hash": self.hash}
            connection.execute(text("UPDATE audit_head SET number = :number, hash = :hash"), head)
            if self.postgres:
                self._sequences(connection)
        return self.counts

    @contextmanager
    def _loading(self) -> Iterator[Connection]:
        """One transaction in which references are not checked row by row; `check` does so for all of them."""
        with self.database.engine.connect() as connection:
            held: Any = connection.connection.dbapi_connection
            if not self.postgres:
                held.execute("PRAGMA foreign_keys=OFF")
                held.execute("PRAGMA synchronous=OFF")
            with connection.begin():
                if self.postgres:
                    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
                yield connection
            if not self.postgres:
                assert held.execute("PRAGMA foreign_key_check").fetchone() is None
                held.execute("PRAGMA synchronous=FULL")
                held.execute("PRAGMA foreign_keys=ON")
            connection.exec_driver_sql("ANALYZE")
            connection.commit()

    def _table(self, connection: Connection, chunk: int, name: str) -> None:
        prepared = [self._prepared(pattern, chunk, name) for pattern in self.patterns]
        first = next(one for one in prepared if one is not None)
        self._put(connection, name, first.refs, first.rest, self._rows(prepared, name))

    def _rows(self, prepared: list[Prepared | None], name: str) -> Iterator[tuple[tuple[int | None, ...], Any]]:
        for area in range(self.areas):
            one = prepared[area % len(prepared)]
            bases = {key: start + area * self.sizes[key] + 1 for key, start in self.starts.items()}
            for refs, rest in one.rows if one else ():
                own = rest if name not in NAMED else self._renamed(rest, area)
                yield tuple([None if ref is None else bases[ref.chunk, ref.table] + ref.place for ref in refs]), own

    def _renamed(self, rest: Any, area: int) -> Any:
        key, name = f"area-{area + 1:04}", f"Area {area + 1:04}"
        if isinstance(rest, str):
            return rest.replace(KEY, key).replace(AREA, name)
        return tuple(one.replace(KEY, key).replace(AREA, name) if isinstance(one, str) else one for one in rest)

    def _prepared(self, pattern: Pattern, chunk: int, name: str) -> Prepared | None:
        rows = pattern.rows.get((chunk, name))
        if not rows:
            return None
        table = TABLES[name]
        refs = tuple(c.name for c in table.columns if c.foreign_keys or (c.primary_key and c.name == "id"))
        rest = tuple(c.name for c in table.columns if c.name not in refs)
        binds = self._binds(name, rest)
        return Prepared(
            refs,
            rest,
            [(tuple(row[one] for one in refs), self._encoded([row[one] for one in rest], binds)) for row in rows],
        )

    def _binds(self, name: str, columns: Iterable[str]) -> list[Any]:
        dialect = self.database.engine.dialect
        found = [TABLES[name].c[column].type for column in columns]
        return [one.dialect_impl(dialect).bind_processor(dialect) for one in found]

    def _encoded(self, values: Iterable[Any], binds: Iterable[Any]) -> Any:
        said = tuple(bind(value) if bind else value for value, bind in zip(values, binds, strict=True))
        return "\t".join(map(_copied, said)) if self.postgres else said

    def _put(
        self, connection: Connection, name: str, refs: tuple[str, ...], rest: tuple[str, ...],
        rows: Iterable[tuple[tuple[int | None, ...], Any]],
    ) -> None:  # fmt: skip
        columns = ", ".join(f'"{one}"' for one in (*refs, *rest))
        counted = self._counted(name, rows)
        held: Any = connection.connection.dbapi_connection
        if not self.postgres:
            marks = ", ".join("?" * (len(refs) + len(rest)))
            held.executemany(f"INSERT INTO {name} ({columns}) VALUES ({marks})", (a + b for a, b in counted))
            return
        with held.cursor().copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
            lines: list[str] = []
            for numbers, said in counted:
                ids = "\t".join([r"\N" if one is None else str(one) for one in numbers])
                lines.append(f"{ids}\t{said}" if said and ids else ids or said)
                if len(lines) == 2000:
                    copy.write("\n".join(lines) + "\n")
                    lines = []
            copy.write("".join(f"{line}\n" for line in lines))

    def _counted(self, name: str, rows: Iterable[Any]) -> Iterator[Any]:
        self.counts.setdefault(name, 0)
        for row in rows:
            self.counts[name] += 1
            yield row

    def _editions(self, connection: Connection, chunk: int) -> list[str]:
        """The chunk's editions and publications; answers the editions' hashes by area."""
        hashes: list[str] = []
        for name in BY_HAND:
            if (chunk, name) not in self.starts:
                continue
            table = TABLES[name]
            refs = tuple(c.name for c in table.columns if c.foreign_keys or c.name == "id")
            rest = tuple(c.name for c in table.columns if c.name not in refs)
            binds, rows = self._binds(name, rest), []
            for area in range(self.areas):
                row = dict(self.patterns[area % len(self.patterns)].rows[chunk, name][0])
                row["content"] = self._renamed(row["content"], area)
                if name == "edition":
                    row["content_hash"] = content_hash(row["content"])
                    hashes.append(row["content_hash"])
                else:
                    row["revisions"] = canonical([[self.number_of(ref, area), said] for ref, said in row["revisions"]])
                numbers = tuple(self.number_of(row[one], area) for one in refs)
                rows.append((numbers, self._encoded([row[one] for one in rest], binds)))
            self._put(connection, name, refs, rest, rows)
        return hashes

    def _trail(self, connection: Connection, chunk: int, hashes: list[str]) -> None:
        columns = tuple(column.name for column in TABLES["audit_event"].columns)
        refs = ("number", "person_id", "organisation_id")
        rest = tuple(one for one in columns if one not in refs)
        self._put(connection, "audit_event", refs, rest, self._events(chunk, hashes, rest))

    def _events(self, chunk: int, hashes: list[str], rest: tuple[str, ...]) -> Iterator[tuple[Any, Any]]:
        binds = self._binds("audit_event", rest)
        for area in range(self.areas):
            pattern = self.patterns[area % len(self.patterns)]
            for event in self._with_publication(pattern, chunk, hashes[area] if hashes else None):
                self.number += 1
                name = f"Area {area + 1:04}"
                one = Recorded(
                    self.number, event.at, event.person and self.number_of(event.person, area),
                    event.who.replace(AREA, name), event.organisation and self.number_of(event.organisation, area),
                    "192.0.2.1", event.action, event.subject.replace(AREA, name), event.before, event.after,
                    event.reason, f"area-{area + 1:04}-laa",
                )  # fmt: skip
                self.hash = chained(self.hash, one)  # type: ignore[arg-type]
                values = [self.hash if column == "hash" else getattr(one, column) for column in rest]
                yield (one.number, one.person_id, one.organisation_id), self._encoded(values, binds)

    def _with_publication(self, pattern: Pattern, chunk: int, hash_: str | None) -> list[Event]:
        events = pattern.events.get(chunk, [])
        if hash_ is None:
            return events
        (edition,) = pattern.rows[chunk, "edition"]
        (period,) = [row for row in pattern.rows[0, "period"] if row["id"] == edition["period_id"]]
        said = canonical({"period": period["key"], "hash": hash_, "corrects": None})
        person = edition["published_by_id"]
        who, name = pattern.of(person)["name"], f"edition {edition['number']}"
        return [*events, Event(edition["published_at"], person, who, None, Action.EDITION_PUBLISH, name, "", said)]

    def _sequences(self, connection: Connection) -> None:
        """The next number that PostgreSQL gives comes after those that were given here."""
        for (chunk, name), start in self.starts.items():
            if "id" in TABLES[name].columns:
                last = start + self.sizes[chunk, name] * self.areas
                row = f"greatest({last}, (SELECT last_value FROM {name}_id_seq))"
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {row})"))


def _copied(value: Any) -> str:
    """A value as PostgreSQL's COPY reads it."""
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, str):
        return value.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
