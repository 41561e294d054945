"""Which occasion a return is on a day, what is said again, and when a message is given up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.outbox import PAUSES, pause_after
from models.rules.reminders import OCCASIONS, REPEATED, Occasion, stage, to_say
from models.rules.terms import Role

DUE = date(2009, 1, 30)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Told:
    occasion: Occasion
    subject: str


def said(*facts: tuple[Told, date]) -> Mapping[tuple[Occasion, str], date]:
    return {(fact.occasion, fact.subject): day for fact, day in facts}


@pytest.mark.parametrize(
    ("day", "occasion"),
    [
        (date(2009, 1, 1), Occasion.OPENED),
        (date(2009, 1, 22), Occasion.OPENED),
        (date(2009, 1, 23), Occasion.WEEK_BEFORE),
        (date(2009, 1, 28), Occasion.WEEK_BEFORE),
        (date(2009, 1, 29), Occasion.DAY_BEFORE),
        (DUE, Occasion.DAY_BEFORE),
        (date(2009, 1, 31), Occasion.OVERDUE),
        (date(2010, 1, 31), Occasion.OVERDUE),
    ],
)
def test_a_return_is_one_occasion_on_a_day(day: date, occasion: Occasion) -> None:
    assert stage(DUE, day) is occasion


def test_what_was_said_once_is_not_said_again() -> None:
    fact = Told(Occasion.WEEK_BEFORE, "1")
    assert to_say([fact], {}, (), DUE) == [fact]
    for days in range(60):
        assert to_say([fact], said((fact, DUE)), (), DUE + days * DAY) == []


def test_what_is_overdue_is_said_each_week_and_not_each_day() -> None:
    fact, told = Told(Occasion.OVERDUE, "1"), []
    known: dict[tuple[Occasion, str], date] = {}
    for days in range(30):
        for one in to_say([fact], known, (), DUE + days * DAY):
            known[one.occasion, one.subject] = DUE + days * DAY
            told.append(days)
    assert told == [0, 7, 14, 21, 28]


def test_what_is_repeated_is_said_together_so_that_there_is_one_message_a_week() -> None:
    old, new = Told(Occasion.OVERDUE, "1"), Told(Occasion.OVERDUE, "2")
    assert to_say([old, new], said((old, DUE)), (), DUE + 3 * DAY) == [old, new]
    known = said((old, DUE + 3 * DAY), (new, DUE + 3 * DAY))
    assert to_say([old, new], known, (), DUE + 7 * DAY) == []
    assert to_say([old, new], known, (), DUE + 10 * DAY) == [old, new]


def test_an_occasion_comes_once_a_day_and_the_rest_the_day_after() -> None:
    first, second = Told(Occasion.QUERIED, "1"), Told(Occasion.QUERIED, "2")
    assert to_say([first, second], said((first, DUE)), (), DUE) == []
    assert to_say([first, second], said((first, DUE)), (), DUE + DAY) == [second]


def test_asked_for_at_once_the_week_does_not_count_and_the_day_and_the_choice_do() -> None:
    fact = Told(Occasion.OVERDUE, "1")
    assert to_say([fact], said((fact, DUE)), (), DUE + DAY, at_once=True) == [fact]
    assert to_say([fact], said((fact, DUE)), (), DUE, at_once=True) == []
    assert to_say([fact], said((fact, DUE)), {Occasion.OVERDUE}, DUE + DAY, at_once=True) == []


facts = st.builds(Told, st.sampled_from(Occasion), st.sampled_from("abcd"))
days = st.dates(DUE - 30 * DAY, DUE)


@given(
    st.lists(facts, unique=True),
    st.dictionaries(facts, days),
    st.frozensets(st.sampled_from(Occasion)),
    st.booleans(),
)
def test_whatever_there_is_nothing_declined_or_said_today_is_said(
    own: list[Told], before: dict[Told, date], declined: frozenset[Occasion], at_once: bool
) -> None:
    known = said(*before.items())
    found = to_say(own, known, declined, DUE, at_once=at_once)
    assert len(found) == len(set(found))
    assert set(found) <= set(own)
    for fact in found:
        assert fact.occasion not in declined
        assert all(day < DUE for (occasion, _), day in known.items() if occasion is fact.occasion)
        assert fact.occasion in REPEATED or (fact.occasion, fact.subject) not in known
    # Having said it, nothing more is said that day.
    assert to_say(own, {**known, **said(*((one, DUE) for one in found))}, declined, DUE, at_once=at_once) == []


def test_each_role_is_reminded_of_what_it_may_do_something_about() -> None:
    assert set(OCCASIONS) == set(Role)
    assert OCCASIONS[Role.LEAD] == OCCASIONS[Role.CONTRIBUTOR]
    assert Occasion.LATE not in OCCASIONS[Role.LEAD]
    assert set(OCCASIONS[Role.REVIEWER]) == {Occasion.PUBLISHED, Occasion.REVIEW}


def test_after_each_refusal_is_waited_four_times_as_long_until_it_is_given_up() -> None:
    waited = [pause_after(tries) for tries in range(1, 7)]
    assert waited == [*PAUSES, None]
    assert all(later == 4 * sooner for sooner, later in pairwise(PAUSES))
