"""Generated data is what the portal itself would have written: its trail holds, its tables fit, and its pages say it."""

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select, text

from models.returns import RevisionRating
from models.rules.terms import State
from portal import migrate
from portal.actor import OPERATOR
from portal.clock import Clock
from portal.database import Database
from portal.formats.edition import scorecard_of
from portal.services import audit, scorecard, themes
from portal.viewmodels.past import AsAt
from tests.campaigns.generated import Size, generate, patterns_of
from tests.campaigns.generated.pattern import KEY
from tests.campaigns.generated.walking import Walk

TINY = Size(areas=2, indicators=8, quarters=5, patterns=1)


@pytest.fixture
def generated(bare_database: Database) -> Iterator[Database]:
    bare_database.clock = Clock(TINY.today)
    generate(bare_database, TINY)
    yield bare_database
    bare_database.dispose()


def test_its_trail_its_tables_and_its_references_hold_and_every_page_opens(generated: Database) -> None:
    verdict = audit.verify(generated, OPERATOR)
    assert (verdict.broken, verdict.editions, verdict.wrong) == (None, 2 * 4, ())
    assert migrate.differences(generated) == []
    _require_references(generated)
    walk = Walk(generated, area=2)
    told = Counter()
    for stop in walk.stops():
        answer = walk.open(stop)
        # The team is not told of what a partner still writes; nobody offers a workbook where there is nothing to write.
        told[answer.status_code] += 1
        assert answer.status_code in (200, 204, 404), f"{stop}: {answer.status_code}"
    assert told[404] <= 3
    assert told[200] > 80


def test_the_numbers_agree_with_what_the_rules_say(generated: Database) -> None:
    """The portal's own pages count what the generated rows say, and an edition says what the portal would publish."""
    walk = Walk(generated, area=2)
    executive = walk.person("executive")
    shown = themes.themes(generated, executive)
    card = scorecard.edition_card(generated, executive, 4)
    assert (shown.period, shown.counts) == (card.period, card.counts)
    assert shown.counts.rated > 0
    with generated.read(OPERATOR) as session:
        again = session.scalars(select(RevisionRating.by_rule)).all()
        states = Counter(session.execute(text("SELECT state FROM returns")).scalars())
        contents = session.execute(text("SELECT content, content_hash FROM edition")).all()
    assert set(again) > {None}
    assert states[State.PUBLISHED] > states[State.VERIFIED] > 0
    assert all(scorecard_of(content, hash_).agreement.startswith("Area 000") for content, hash_ in contents)
    assert not any(KEY in content for content, _ in contents)
    past = themes.themes(generated, executive, None, AsAt(TINY.today.replace(year=2009, month=3, day=1)))
    assert past.period == "2008/09 Q3"  # published sixty days after its end


def test_it_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    size = Size(1, 4, 3)
    said = [_figures(patterns_of(size, seed)[0].rows[1, "returns"]) for seed in (1, 1, 2)]
    assert said[0] == said[1] != said[2]


def _figures(rows: list[dict[str, object]]) -> list[object]:
    return [(row["value"], row["commentary"], row["state"]) for row in rows]


def _require_references(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").first() is None
        return
    with database.engine.begin() as connection:
        for table, name, said in connection.execute(
            text(
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
            )
        ).all():
            # Made anew, a reference is held against every row.
            connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            connection.exec_driver_sql(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {said}')
