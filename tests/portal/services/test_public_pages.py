"""What public pages are made from, on both databases: how far it has come, one indicator's editions, the shares."""

from datetime import timedelta

import pytest

from models.rules.terms import Rating
from portal import audit
from portal.actor import OPERATOR, public
from portal.clock import Clock
from portal.database import Database
from portal.errors import NotFound
from portal.services import publication
from portal.services.edition_indicator import edition_indicator
from portal.services.scorecard import editions, latest_scorecard, public_state
from portal.services.shares import published_shares
from tests.conftest import TODAY, person
from tests.portal.services.test_publication import WHY, corrected, prepared, published, verified


class Later(Clock):
    """Two hours from now."""

    def now(self):  # type: ignore[no-untyped-def]
        return super().now() + timedelta(hours=2)


def test_the_state_moves_with_every_edition_and_knows_the_hour(database: Database) -> None:
    before = public_state(database, public())
    assert before.due is None
    verified(database, "police", "NI 20", "0.87")
    assert public_state(database, public()) == before  # nothing of that is public
    one = prepared(database)
    hour = database.clock.now() + timedelta(hours=1)
    publication.release(database, person(database, "team2"), one.id, one.version, hour)
    waiting = public_state(database, public())
    assert (waiting.edition, waiting.due) == (before.edition, hour)
    database.clock = Later(TODAY)
    assert publication.publish_due(database) == [2]
    after = public_state(database, public())
    assert (after.edition, after.due) != (before.edition, hour)
    assert after.due is None
    with database.read(OPERATOR) as session:
        assert audit.checked_editions(session) == (2, [])


def test_who_published_at_an_hour_is_on_the_trail_of_its_agreement(database: Database) -> None:
    verified(database, "police", "NI 20", "0.87")
    one = prepared(database)
    hour = database.clock.now() + timedelta(hours=1)
    publication.release(database, person(database, "team2"), one.id, one.version, hour)
    database.clock = Later(TODAY)
    publication.publish_due(database)
    with database.read(OPERATOR) as session:
        events = session.query(audit.AuditEvent).filter(audit.AuditEvent.subject.like("edition %")).all()
        assert {event.agreement for event in events} == {"leicester-local-area-agreement-2008-11"}


def test_an_indicators_figures_are_those_of_its_edition_and_the_ones_before(database: Database) -> None:
    number = verified(database, "police", "NI 20", "0.87")
    published(database)
    corrected(database, number, "police", "0.93")
    published(database, WHY)
    seen = edition_indicator(database, public(), 2, "ni-20")
    (chart,) = seen.charts
    assert [(point.period, str(point.value), point.rating) for point in chart.points] == [
        ("2008/09 Q2", "0.98", Rating.BETTER),
        ("2008/09 Q3", "0.87", None),
    ]
    assert (seen.card.corrected_by, seen.card.latest) == (3, 3)
    assert [one.number for one in edition_indicator(database, public(), 3, "NI 20").earlier] == [2, 1]
    assert [line.latest for line in editions(database, public())] == [True, False, False]
    for number, code in ((4, "ni-20"), (2**40, "ni-20"), (1, "ni-999"), (1, "nonsense"), (1, "ni-120-i")):
        with pytest.raises(NotFound):
            edition_indicator(database, public(), number, code)


def test_the_shares_are_those_of_the_newest_edition_about_each_day(database: Database) -> None:
    chart = published_shares(database, public())
    card = latest_scorecard(database, public())
    assert card is not None
    assert list(chart.earlier) == ["Leicester LAA 2006-09"]
    assert len(chart.earlier["Leicester LAA 2006-09"]) == 4
    (one,) = chart.counted
    assert (one.period, one.total, one.rated) == ("2008/09 Q2", 58, card.counts.rated)
    verified(database, "lcc", "NI 154", "700")
    assert len(published_shares(database, public()).counted) == 1  # verified, but not public
    published(database)
    assert [shares.period for shares in published_shares(database, public()).counted] == ["2008/09 Q2", "2008/09 Q3"]
