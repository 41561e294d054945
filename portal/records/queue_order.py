"""Which of the waiting returns the team wants to see, and in which order, as an address says it."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from models.rules.codes import period_slug
from portal.viewmodels.review import Waiting
from portal.viewmodels.themes import Filters

NAMES = ("partner", "quarter", "notable", "sort")
"""The names in an address."""
NOTABLE: Mapping[str, Callable[[Waiting], bool]] = {
    "unusual": lambda one: bool(one.oddities),
    "dissent": lambda one: bool(one.dissents),
    "judged": lambda one: one.proposal is not None,
}


def _changed(one: Waiting) -> Decimal:
    """By how much of the last figure it changed; what has no last figure comes last."""
    if one.value is None or one.previous is None or not one.previous.value:
        return Decimal(-1)
    return abs(one.value - one.previous.value) / abs(one.previous.value)


_SORT: Mapping[str, Callable[[Waiting], Any]] = {
    "partner": lambda one: one.task.organisation,
    "longest": lambda one: one.submitted_at,
    "change": lambda one: -_changed(one),
}


def sifted(waiting: Iterable[Waiting], wanted: Mapping[str, str]) -> tuple[Waiting, ...]:
    """The returns that are wanted, in the order that is wanted; nothing is what no filter can say."""
    found = [one for one in waiting if _is(one, wanted)]
    order = _SORT.get(wanted.get("sort", ""))
    return tuple(sorted(found, key=order) if order else found)


def _is(one: Waiting, wanted: Mapping[str, str]) -> bool:
    if wanted.get("partner", "") not in ("", one.task.organisation):
        return False
    if wanted.get("quarter", "") not in ("", period_slug(one.task.period)):
        return False
    notable = wanted.get("notable", "")
    return not notable or (notable in NOTABLE and NOTABLE[notable](one))


def filters(waiting: Iterable[Waiting], wanted: Mapping[str, str]) -> Filters:
    """What can be chosen among the returns that wait: (value, name) pairs, the names empty that have their words."""
    waiting = list(waiting)
    periods = dict.fromkeys(one.task.period for one in waiting)
    return Filters(
        {name: wanted.get(name, "") for name in NAMES},
        {
            "partner": tuple((name, name) for name in sorted({one.task.organisation for one in waiting})),
            "quarter": tuple((period_slug(key), "") for key in periods),
            "notable": tuple((name, "") for name in NOTABLE),
            "sort": tuple((name, "") for name in _SORT),
        },
    )
