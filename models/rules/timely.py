"""How timely returns are: every share has the same returns above and below."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from models.rules.moves import WITH_THE_PARTNER
from models.rules.terms import State


@dataclass(frozen=True, slots=True)
class Wanted:
    """One return that was asked for: where it stands, whether its period is open for it, the last day in time, and the
    day on which it was first submitted, None for never."""

    state: State
    current: bool
    answer_by: date
    submitted_on: date | None

    @property
    def here(self) -> bool:
        """Whether it is with the team or past it: what was sent back is to come again."""
        return self.state not in WITH_THE_PARTNER

    @property
    def in_time(self) -> bool:
        """Whether it first came in time; a correction later on changes nothing."""
        return self.submitted_on is not None and self.submitted_on <= self.answer_by


@dataclass(frozen=True, slots=True)
class Timeliness:
    """Of the open periods, how many returns were expected, are received, and of these were in time; and since the
    portal keeps count, how many answers were wanted by now and how many of them came in time."""

    expected: int
    received: int
    on_time: int
    ever_wanted: int
    ever_on_time: int


def timeliness(asked: Iterable[Wanted], today: date) -> Timeliness:
    """How timely these returns are, as of today."""
    asked = list(asked)
    current = [one for one in asked if one.current]
    here = [one for one in current if one.here]
    wanted = [one for one in asked if one.submitted_on is not None or today > one.answer_by]
    return Timeliness(
        expected=len(current),
        received=len(here),
        on_time=sum(one.in_time for one in here),
        ever_wanted=len(wanted),
        ever_on_time=sum(one.in_time for one in wanted),
    )
