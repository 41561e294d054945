"""Where a measure is going and how far its rating is to be believed, from the figures of its series."""

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from models.rules.aim import Aim
from models.rules.calendar import calendar_period
from models.rules.change import Baseline, Incomparable, since_baseline
from models.rules.direction import Travel, against_previous, against_year_before
from models.rules.evidence import Strength, strength
from models.rules.expected import CUMULATIVE
from models.rules.rating import Judgement
from models.rules.terms import State
from portal.viewmodels.indicators import Point

Series = tuple[Point, ...]

# The limits of a series take a millisecond; pages ask for the same ones again and again.
_known = lru_cache(maxsize=8192)(against_previous)


def strength_of(history: Series, state: State | None, judgement: Judgement) -> Strength:
    """How strong the evidence is: only what was verified is not provisional."""
    verified = state in (State.VERIFIED, State.PUBLISHED)
    return strength(verified, len(since_break(history)), judgement.interval is not None)


def direction_of(unit: str, aim: Aim, history: Series) -> Travel | None:
    """The direction at the latest figure, which ends the series; None without one before it. What adds up within the
    year only rises in it: such a figure is held against the same period a year before."""
    if unit.endswith(CUMULATIVE):
        return year_before(aim, history)
    return _known(tuple(point.value for point in since_break(history)), aim)


def year_before(aim: Aim, history: Series) -> Travel | None:
    """The direction against the same period a year before, where there is such a figure and no break of the series
    lies between."""
    comparable = since_break(history)
    if not comparable:
        return None
    latest = calendar_period(comparable[-1].period)
    first = int(latest.year[:4])
    before = replace(latest, year=f"{first - 1}/{first % 100:02}").key
    found = next((point.value for point in comparable if point.period == before), None)
    return None if found is None else against_year_before(comparable[-1].value, found, aim)


def against_the_baseline(baseline: Baseline, unit: str, aim: Aim, history: Series) -> Travel | Incomparable:
    """The direction since the agreement's start at the latest figure, whatever breaks of the series lie between; or why
    there is none."""
    if not history:
        return since_baseline(None, baseline, unit, aim, Decimal(0))
    latest = history[-1]
    return since_baseline(latest.value, baseline, unit, aim, calendar_period(latest.period).share_of_year)


def since_break(history: Series) -> Series:
    """The figures that can be held against the latest one: from the last declared break on."""
    start = max((place for place, point in enumerate(history) if point.anew), default=0)
    return history[start:]
