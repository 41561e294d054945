"""What is promised of sessions: half an hour without a page, twelve hours in all, and nothing of them after ninety days."""

from datetime import timedelta

from models.rules.sessions import AT_MOST, IDLE, KEPT


def test_a_session_lasts_as_long_as_people_are_told() -> None:
    assert (timedelta(minutes=30), timedelta(hours=12)) == (IDLE, AT_MOST)


def test_what_is_over_is_kept_until_the_quarter_is() -> None:
    assert timedelta(days=90) == KEPT
