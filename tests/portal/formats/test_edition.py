"""An edition's content: the standings come back from it, any change shows, and nothing private is in it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from models.agreement import Theme
from models.people import Person
from models.rules.change import Change, Incomparable, Moved
from models.rules.terms import Rating
from models.scorecard import Edition
from portal.actor import OPERATOR, public
from portal.database import Database
from portal.formats.canonical import canonical
from portal.formats.edition import content_hash, content_of, figures_of, scorecard_of
from portal.records.agreement import current_agreement, find_period
from portal.records.indicators import standings
from portal.records.themes import theme_standings
from portal.services import returns, review, scorecard
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding, ThemeStanding
from portal.viewmodels.returns import Typed
from tests.conftest import person
from tests.support.publishing import publish

AT = "2008-11-20T10:00:00+00:00"
FIGURES = ("value", "milestone", "milestone_low", "milestone_high", "lead", "margin")


def themes_of(database: Database) -> tuple[ThemeStanding, ...]:
    with database.read(OPERATOR) as session:
        agreement = current_agreement(session)
        period = find_period(session, agreement.id, "2008-09-q2")
        rows = session.scalars(select(Theme).where(Theme.agreement_id == agreement.id).order_by(Theme.position))
        return theme_standings(rows.all(), standings(session, period))


def write(themes: tuple[ThemeStanding, ...], **other: Any) -> str:
    said = {
        "edition": 1,
        "agreement": "Leicester Local Area Agreement 2008-11",
        "area": "Leicester",
        "period": "2008/09 Q2",
        "ends_on": "2008-09-30",
        "published_at": AT,
    }
    return content_of(**{**said, **other}, themes=themes)


@pytest.fixture
def themes(sqlite_database: Database) -> tuple[ThemeStanding, ...]:
    return themes_of(sqlite_database)


def published(measure: MeasureStanding) -> MeasureStanding:
    """A measure without what an edition leaves out."""
    history = tuple(replace(point, rating=None) for point in measure.history)
    left_out = {"forecast_value": None, "commentary": "", "state": None, "baseline": None}
    return replace(measure, **left_out, history=history, since_baseline=Incomparable.NO_FIGURE)


def shown(indicator: IndicatorStanding) -> IndicatorStanding:
    measures = tuple(published(measure) for measure in indicator.measures)
    unchanged = {"before": None, "change": Change.NONE, "since_baseline": Incomparable.NO_FIGURE}
    unchanged |= {"lead_key": "", "ratings": {}}
    return replace(indicator, measures=measures, **unchanged)


def left(theme: ThemeStanding) -> ThemeStanding:
    return replace(theme, indicators=tuple(shown(i) for i in theme.indicators), moved=Moved())


def test_the_standings_come_back_from_the_content_digit_for_digit(themes: tuple[ThemeStanding, ...]) -> None:
    card = scorecard_of(write(themes), "h")
    assert card.themes == tuple(left(theme) for theme in themes)
    before = [str(m.value) for t in themes for i in t.indicators for m in i.measures]
    after = [str(m.value) for t in card.themes for i in t.indicators for m in i.measures]
    assert before == after
    assert "2776.00" in json.dumps(json.loads(write(themes)))


def test_the_head_of_an_edition_comes_back(themes: tuple[ThemeStanding, ...]) -> None:
    card = scorecard_of(write(themes, edition=7), "abc")
    assert (card.edition, card.agreement, card.area) == (7, "Leicester Local Area Agreement 2008-11", "Leicester")
    assert (card.period, card.ends_on, card.hash) == ("2008/09 Q2", "2008-09-30", "abc")
    assert card.published_at == datetime(2008, 11, 20, 10, tzinfo=UTC)


def test_the_counts_are_those_of_58_indicators(themes: tuple[ThemeStanding, ...]) -> None:
    card = scorecard_of(write(themes), "h")
    assert card.counts.total == 58
    assert (card.counts.better, card.counts.within, card.counts.worse, card.counts.no_rating) == (6, 11, 7, 34)
    assert card.counts.total == sum(theme.counts.total for theme in card.themes)


def test_a_judgement_stays_beside_what_the_rule_says(themes: tuple[ThemeStanding, ...]) -> None:
    card = scorecard_of(write(themes), "h")
    judged = [i for t in card.themes for i in t.indicators if i.overridden]
    assert sorted(i.code for i in judged) == ["NI 179", "NI 65"]
    for measure in (m for i in judged for m in i.measures):
        assert (measure.rating, measure.rating_by_rule) == (Rating.BETTER, Rating.WITHIN)
        assert measure.override_reason is not None
        assert measure.override_reason.endswith("a judgement.")


def test_the_same_standings_are_the_same_text(themes: tuple[ThemeStanding, ...]) -> None:
    content = write(themes)
    assert content == write(themes)
    assert canonical(json.loads(content)) == content
    assert content_hash(content) == content_hash(write(themes))
    assert len(content_hash(content)) == 64


def places(node: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in the content where something is said."""
    if isinstance(node, dict):
        return [found for key, inner in node.items() for found in places(inner, (*path, key))]
    if isinstance(node, list):
        return [found for number, inner in enumerate(node) for found in places(inner, (*path, number))]
    return [path]


def test_the_hash_changes_with_any_figure_or_word(themes: tuple[ThemeStanding, ...]) -> None:
    """Two themes, place by place."""
    content = write(themes[:2])
    parsed = json.loads(content)
    hashes = {content_hash(content)}
    all_places = places(parsed)
    for *path, last in all_places:
        node = parsed
        for step in path:
            node = node[step]
        before, node[last] = node[last], f"{node[last]}0"
        hashes.add(content_hash(canonical(parsed)))
        node[last] = before
    assert len(hashes) == len(all_places) + 1 > 300
    assert {path[-1] for path in all_places} >= set(FIGURES)


def test_another_number_or_date_is_not_another_thing_said(themes: tuple[ThemeStanding, ...]) -> None:
    first, second = write(themes), write(themes, edition=2, published_at="2009-02-20T10:00:00+00:00")
    assert content_hash(first) != content_hash(second)
    assert figures_of(first) == figures_of(second)
    assert figures_of(first) != figures_of(write(themes, period="2008/09 Q3"))
    assert figures_of(first) != figures_of(write(themes[1:]))


def test_no_commentary_forecast_figure_or_state_is_in_the_content(themes: tuple[ThemeStanding, ...]) -> None:
    content = write(themes)
    commentaries = [m.commentary for t in themes for i in t.indicators for m in i.measures if m.commentary]
    assert len(commentaries) >= 5
    for commentary in commentaries:
        assert all(line not in content for line in commentary.split("\n") if len(line) > 20)
    keys = {path[-1] for path in places(json.loads(content))}
    assert keys.isdisjoint({"commentary", "forecast_value", "state", "submitted_by", "verified_by", "version"})


def test_no_persons_name_or_address_is_in_the_published_content(sqlite_database: Database) -> None:
    """Those who submitted, verified and published a figure leave no trace in the edition that shows it."""
    lcc, team = person(sqlite_database, "lcc"), person(sqlite_database, "team")
    number = returns.find_return(sqlite_database, lcc, "2008-09-q3", "NI 59")
    returns.save(sqlite_database, lcc, number, None, Typed(value="77.7", commentary=f"Ask {lcc.name}, {lcc.email}."))
    returns.submit(sqlite_database, lcc, number, None)
    review.verify(sqlite_database, team, number, None)
    content = content_published(sqlite_database, publish(sqlite_database, team))
    assert '"value":"77.7"' in content
    with sqlite_database.read(OPERATOR) as session:
        people = [(row.name, row.email) for row in session.scalars(select(Person))]
    assert len(people) > 20
    assert [said for both in people for said in both if said in content] == []


def test_what_is_published_has_the_hash_that_it_is_published_with(sqlite_database: Database) -> None:
    card = scorecard.latest_scorecard(sqlite_database, public())
    assert card is not None
    assert content_hash(content_published(sqlite_database, card.edition)) == card.hash


def content_published(database: Database, number: int) -> str:
    with database.read(OPERATOR) as session:
        return session.scalars(select(Edition.content).where(Edition.number == number)).one()


def test_a_declared_break_of_a_series_comes_back_and_is_written_only_where_there_is_one(
    themes: tuple[ThemeStanding, ...],
) -> None:
    theme = next(theme for theme in themes if any(m.history for i in theme.indicators for m in i.measures))
    indicator = next(i for i in theme.indicators if any(m.history for m in i.measures))
    (measure, *others) = indicator.measures
    anew = replace(measure, history=(replace(measure.history[0], anew=True), *measure.history[1:]))
    broken = replace(theme, indicators=(replace(indicator, measures=(anew, *others)),))
    assert '"breaks"' not in write(themes)
    (back,) = scorecard_of(write((broken,)), "h").themes
    assert back.indicators[0].measures[0].history[0].anew
