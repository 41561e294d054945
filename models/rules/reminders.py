"""Reminders: for which occasion somebody is written to on a day, when it is said again, and who gets it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from models.rules.terms import Role

WEEK = timedelta(days=7)
"""So long before a return is due comes the first reminder; and so often is said again what is still not done."""
RECENT = timedelta(days=7)
"""News that is older is not told any more: whoever starts to send reminders does not send a year's."""


class Occasion(StrEnum):
    """What a reminder is about, in the order in which a message says it."""

    QUERIED = "queried"
    OVERDUE = "overdue"
    DAY_BEFORE = "day before"
    WEEK_BEFORE = "week before"
    OPENED = "opened"
    ACTIONS = "actions"
    VERIFIED = "verified"
    PUBLISHED = "published"
    ANSWERED = "answered"
    REVIEW = "review"
    LATE = "late"
    INVITED = "invited"  # no reminder, and nobody's to decline: a link to choose a password


REPEATED = frozenset({Occasion.OVERDUE, Occasion.ACTIONS, Occasion.LATE})
"""Said again each week for as long as it lasts; everything else is said once."""

_OF_RETURNS = (
    *(Occasion.QUERIED, Occasion.OVERDUE, Occasion.DAY_BEFORE, Occasion.WEEK_BEFORE, Occasion.OPENED),
    *(Occasion.ACTIONS, Occasion.VERIFIED, Occasion.PUBLISHED),
)
OCCASIONS: dict[Role, tuple[Occasion, ...]] = {
    Role.CONTRIBUTOR: _OF_RETURNS,
    Role.LEAD: _OF_RETURNS,
    # The team returns what nobody leads, and so is reminded of that as a lead is.
    Role.TEAM: (*_OF_RETURNS, Occasion.ANSWERED, Occasion.REVIEW, Occasion.LATE),
    Role.EXECUTIVE: (Occasion.PUBLISHED, Occasion.REVIEW),
    Role.REVIEWER: (Occasion.PUBLISHED, Occasion.REVIEW),
    Role.ADMIN: (),
}
"""What each role is reminded of at all, and so may choose not to be."""


def told_of(occasion: Occasion) -> list[Role]:
    """The roles that are reminded of an occasion."""
    return [role for role, own in OCCASIONS.items() if occasion in own]


class Fact(Protocol):
    """Something that somebody may be reminded of; `subject` names it among those of its occasion, and never changes."""

    @property
    def occasion(self) -> Occasion: ...

    @property
    def subject(self) -> str: ...


Told = TypeVar("Told", bound=Fact)


def stage(answer_by: date, today: date) -> Occasion:
    """The one occasion that a return which has not come in is on a day. Whatever was missed before it does not come
    any more: a run after some days without one says how things are, and not how they were.

    >>> [stage(date(2009, 1, 30), date(2009, 1, day)).value for day in (22, 23, 28, 29, 30, 31)]
    ['opened', 'week before', 'week before', 'day before', 'day before', 'overdue']
    """
    if today > answer_by:
        return Occasion.OVERDUE
    if today >= answer_by - timedelta(days=1):
        return Occasion.DAY_BEFORE
    return Occasion.WEEK_BEFORE if today >= answer_by - WEEK else Occasion.OPENED


def to_say(
    facts: Iterable[Told],
    said: Mapping[tuple[Occasion, str], date],
    declined: Collection[Occasion],
    today: date,
    *,
    at_once: bool = False,
) -> list[Told]:
    """Of the facts that concern one person, those that are said on a day; `said` are the days on which each was said
    last. An occasion comes at most once a day and not at all to whom declined it. What is repeated is told together:
    once one of its facts is new, or was said a week ago, or `at_once`, all of them are said, and the next week counts
    from there."""
    told_today = {occasion for (occasion, _), day in said.items() if day >= today}
    by_occasion: dict[Occasion, list[Told]] = {occasion: [] for occasion in Occasion}
    for fact in facts:
        by_occasion[fact.occasion].append(fact)
    found: list[Told] = []
    for occasion, own in by_occasion.items():
        if occasion in declined or occasion in told_today:
            continue
        new = [fact for fact in own if (occasion, fact.subject) not in said]
        if occasion in REPEATED:
            again = at_once or any(
                said[occasion, fact.subject] + WEEK <= today for fact in own if (occasion, fact.subject) in said
            )
            found += own if new or again else []
        else:
            found += new
    return found
