"""Risks: scores, their bands, when one is to be looked at again, in which order they are read."""

from datetime import date

import pytest

from models.rules.actions import Urgency
from models.rules.risks import BANDS, SCALE, Band, RiskState, band, needs_word, rank, score, urgency

TODAY = date(2009, 1, 20)
OPEN, CLOSED = RiskState.OPEN, RiskState.CLOSED


def test_every_field_of_the_matrix_has_the_band_of_its_score() -> None:
    drawn = {(likelihood, impact): band(likelihood, impact) for likelihood in SCALE for impact in SCALE}
    low, medium, high, very = Band.LOW, Band.MEDIUM, Band.HIGH, Band.VERY_HIGH
    assert [[drawn[likelihood, impact] for impact in SCALE] for likelihood in SCALE] == [
        [low, low, low, medium],
        [low, medium, medium, high],
        [low, medium, high, very],
        [medium, high, very, very],
    ]
    assert all(drawn[one, other] is drawn[other, one] for one, other in drawn)
    assert set(drawn.values()) == set(BANDS)


@pytest.mark.parametrize(("likelihood", "impact"), [(0, 1), (1, 5), (-1, 2), (4, 0)])
def test_what_is_not_on_the_scale_has_no_score(likelihood: int, impact: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 4"):
        score(likelihood, impact)


def test_a_review_is_overdue_from_the_day_after_and_of_a_closed_risk_never() -> None:
    assert urgency(OPEN, date(2009, 1, 19), TODAY) is Urgency.OVERDUE
    assert urgency(OPEN, TODAY, TODAY) is Urgency.SOON
    assert urgency(OPEN, date(2009, 6, 1), TODAY) is Urgency.LATER
    assert urgency(CLOSED, date(2008, 1, 1), TODAY) is None


def test_overdue_reviews_are_read_first_then_the_heaviest_and_what_is_closed_last() -> None:
    later = date(2009, 4, 1)
    risks = [
        (CLOSED, date(2008, 1, 1), TODAY, 4, 4),
        (OPEN, later, TODAY, 4, 2),
        (OPEN, later, TODAY, 2, 4),
        (OPEN, date(2009, 1, 1), TODAY, 1, 1),
        (OPEN, later, TODAY, 4, 4),
    ]
    assert [risks.index(one) for one in sorted(risks, key=lambda one: rank(*one))] == [3, 4, 2, 1, 0]


def test_what_is_weighed_otherwise_must_be_explained() -> None:
    was = (OPEN, 2, 3, TODAY)
    assert not needs_word(was, was)
    changed = ((CLOSED, 2, 3, TODAY), (OPEN, 1, 3, TODAY), (OPEN, 2, 4, TODAY), (OPEN, 2, 3, date(2009, 3, 1)))
    assert all(needs_word(was, after) for after in changed)
