"""The editions of a pattern: the portal itself is asked what it would publish of each quarter."""

import tempfile
from pathlib import Path

from sqlalchemy import insert, select

from models.agreement import Agreement, Period
from models.base import Base
from models.rules.gate import PublicationState
from portal.actor import OPERATOR
from portal.clock import Clock
from portal.database import Database
from portal.formats.edition import numbered
from portal.records.preview import preview
from tests.campaigns.generated.pattern import Area, today_of
from tests.campaigns.generated.rows import TABLES, Ref

_ORDER = [table.name for table in Base.metadata.sorted_tables]


def put_editions(area: Area) -> None:
    """Add the editions of all quarters but the open one, with the publications that they came of. Their events are
    added when they are written, with the hash that they have then."""
    contents = _contents(area)
    pattern = area.pattern
    for place, quarter in enumerate(area.quarters[:-1], 1):
        revisions = [
            [row["id"], row["verified_revision"]] for row in pattern.rows[place, "returns"] if row["verified_revision"]
        ]
        published = area.published[place]
        said = {
            "agreement_id": area.agreement,
            "period_id": area.periods[quarter.key],
            "content": contents[quarter.key],
            "note": "",
            "corrects": None,
            "prepared_by_id": area.people["team"],
        }
        pattern.add(
            "edition", place, number=place, published_at=published, published_on=published.date(),
            published_by_id=area.people["team2"], content_hash="", **said,
        )  # fmt: skip
        pattern.add(
            "publication", place, state=PublicationState.PUBLISHED, revisions=revisions, prepared_at=published,
            released_by_id=area.people["team2"], publish_at=None, edition=place, version=2, **said,
        )  # fmt: skip


def _contents(area: Area) -> dict[str, str]:
    """What the portal would publish of each quarter, from a database with this area alone."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'one.sqlite'}", Clock(today_of(area.count)))
        Base.metadata.create_all(database.engine)
        with database.engine.begin() as connection:
            for (_, name), rows in sorted(area.pattern.rows.items(), key=lambda item: _ORDER.index(item[0][1])):
                connection.execute(insert(TABLES[name]), [_numbered(area, row) for row in rows])
        found = {}
        with database.read(OPERATOR) as session:
            agreement = session.scalars(select(Agreement)).one()
            for place, quarter in enumerate(area.quarters[:-1], 1):
                period = session.scalars(select(Period).where(Period.key == quarter.key)).one()
                published = area.published[place].isoformat(timespec="seconds")
                content = preview(session, agreement, period).content
                found[quarter.key] = numbered(content, edition=place, published_at=published)
        database.dispose()
    return found


def _numbered(area: Area, row: dict[str, object]) -> dict[str, object]:
    """A row with numbers for its references, by the order in which the quarters are."""
    return {name: _number(area, value) if isinstance(value, Ref) else value for name, value in row.items()}


def _number(area: Area, ref: Ref) -> int:
    before = sum(len(area.pattern.rows.get((chunk, ref.table), ())) for chunk in range(ref.chunk))
    return before + ref.place + 1
