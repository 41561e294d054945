"""What the monthly exception report is about: which indicators are in it, and why."""

from dataclasses import dataclass
from enum import StrEnum

from models.rules.terms import Rating


class Ground(StrEnum):
    """Why an indicator is in the report, in the order in which they weigh."""

    WORSE = "worse"
    FORECAST_WORSE = "forecast worse"
    CHANGED = "changed for the worse"
    RETURN_LATE = "return late"
    ACTION_OVERDUE = "action overdue"


@dataclass(frozen=True, slots=True)
class Stood:
    """How an indicator stood at a month's end."""

    rating: Rating | None
    forecast: Rating | None
    return_late: bool = False
    action_overdue: bool = False


_WEIGHT = {Rating.BETTER: 0, Rating.WITHIN: 1, Rating.WORSE: 2}


def grounds(now: Stood, before: Stood | None) -> tuple[Ground, ...]:
    """Why an indicator is in the report of a month; nothing where it is not. `before` is how it stood at the end of the
    month before, None where that is not known."""
    found = {
        Ground.WORSE: now.rating is Rating.WORSE,
        Ground.FORECAST_WORSE: now.forecast is Rating.WORSE,
        Ground.CHANGED: before is not None
        and (_is_worse(before.rating, now.rating) or _is_worse(before.forecast, now.forecast)),
        Ground.RETURN_LATE: now.return_late,
        Ground.ACTION_OVERDUE: now.action_overdue,
    }
    return tuple(ground for ground, holds in found.items() if holds)


def _is_worse(before: Rating | None, now: Rating | None) -> bool:
    """Whether a rating became a worse one. What was not rated, or is not any more, became neither."""
    return before is not None and now is not None and _WEIGHT[now] > _WEIGHT[before]


def rank(found: tuple[Ground, ...]) -> tuple[bool, bool, bool, bool]:
    """By this the report is sorted: what changed for the worse first, then what is worse, forecast worse, late."""
    order = (Ground.CHANGED, Ground.WORSE, Ground.FORECAST_WORSE, Ground.RETURN_LATE)
    changed, worse, forecast, late = (ground not in found for ground in order)
    return changed, worse, forecast, late
