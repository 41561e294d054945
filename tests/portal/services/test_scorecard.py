"""Publishing and reading editions, on both databases."""

import pytest
from sqlalchemy import select

from models.rules.broken import NothingToPublish, NotReady
from models.rules.terms import NoRating, Rating, State
from models.scorecard import Edition
from portal.actor import OPERATOR, public
from portal.database import Database
from portal.formats.edition import content_hash
from portal.services import returns, review, scorecard
from portal.viewmodels.returns import Typed
from tests.conftest import person
from tests.portal.services.test_review import submitted
from tests.support.publishing import publish


def test_edition_1_is_quarter_2_with_its_counts(database: Database) -> None:
    card = scorecard.latest_scorecard(database, public())
    assert card is not None
    assert (card.edition, card.period) == (1, "2008/09 Q2")
    assert (card.counts.worse, card.counts.within, card.counts.better) == (7, 11, 6)
    assert card.counts.none == {
        NoRating.PLACEHOLDER: 11,
        NoRating.NOT_DUE: 16,
        NoRating.NOT_REPORTED: 6,
        NoRating.MAA_ONLY: 1,
    }
    assert card.counts.total == 58
    safer = next(theme for theme in card.themes if theme.key == "safer")
    assert (safer.counts.better, safer.counts.within, safer.counts.worse, safer.counts.no_rating) == (1, 1, 1, 9)
    assert [theme.key for theme in card.themes][:2] == ["children", "people-not-cars"]


def test_what_is_not_verified_is_not_published(database: Database) -> None:
    number, team, police = submitted(database), person(database, "team"), person(database, "police")
    with pytest.raises(NothingToPublish):
        publish(database, team, "2008-09-q2")
    with pytest.raises(NotReady, match="Nothing is verified for 2008/09 Q3"):
        publish(database, team, "2008-09-q3")
    other = returns.find_return(database, police, "2008-09-q3", "NI 20")
    returns.save(database, police, other, None, Typed(value="0.87"))
    returns.submit(database, police, other, None)
    review.verify(database, team, other, None)
    publish(database, team)  # a new period is something new to say
    card = scorecard.latest_scorecard(database, public())
    assert card is not None
    reported = {m.code for theme in card.themes for i in theme.indicators for m in i.measures if m.value is not None}
    assert (card.edition, card.period, reported) == (2, "2008/09 Q3", {"NI 20"})
    assert returns.read_return(database, team, number).state is State.SUBMITTED
    lost = scorecard.no_longer_rated(database, public(), 2)
    assert lost is not None
    before = scorecard.edition_card(database, public(), 1)
    assert (lost.before, lost.now, lost.why.total) == ("2008/09 Q2", "2008/09 Q3", before.counts.rated)
    assert scorecard.no_longer_rated(database, public(), 1) is None


def test_a_verified_return_is_published_and_becomes_published(database: Database) -> None:
    number, team = submitted(database), person(database, "team")
    review.verify(database, team, number, None)
    assert publish(database, team) == 2
    card = scorecard.latest_scorecard(database, public())
    assert card is not None
    children = next(theme for theme in card.themes if theme.key == "children")
    assert (children.indicators[0].code, children.indicators[0].rating) == ("NI 59", Rating.WORSE)
    assert returns.read_return(database, team, number).state is State.PUBLISHED
    with pytest.raises(NothingToPublish, match="Edition 2 says all this already"):
        publish(database, team)


def test_an_earlier_edition_stays_as_it_was(database: Database) -> None:
    with database.read(OPERATOR) as session:
        before = session.scalars(select(Edition.content)).all()
    number, team = submitted(database), person(database, "team")
    review.verify(database, team, number, None)
    publish(database, team)
    with database.read(OPERATOR) as session:
        editions = session.scalars(select(Edition).order_by(Edition.number)).all()
    assert editions[0].content == before[0]
    assert all(content_hash(edition.content) == edition.content_hash for edition in editions)


def test_commentary_and_names_of_people_are_not_published(database: Database) -> None:
    lcc, team = person(database, "lcc"), person(database, "team")
    number = returns.find_return(database, lcc, "2008-09-q3", "NI 154")
    returns.save(database, lcc, number, None, Typed(value="700", commentary="words for the executive only"))
    returns.submit(database, lcc, number, None)
    review.verify(database, team, number, None)
    publish(database, team)
    with database.read(OPERATOR) as session:
        content = "".join(session.scalars(select(Edition.content)))
    assert "700" in content
    for private in ("words for the executive", "Westcotes", "portal.example", "Lead of"):
        assert private not in content
