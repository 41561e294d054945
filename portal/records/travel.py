"""Where a measure is going and how far its rating is to be believed, from the figures of its series."""

from dataclasses import replace
from decimal import Decimal

from models.rules.aim import Aim, aim_of
from models.rules.calendar import calendar_period
from models.rules.change import Baseline, Incomparable, since_baseline
from models.rules.direction import Travel, against_previous, against_year_before
from models.rules.evidence import Strength, strength
from models.rules.expected import CUMULATIVE
from models.rules.rating import Judgement
from models.rules.terms import State
from portal.records.agreed import AgreedMeasure
from portal.viewmodels.indicators import Point

Series = tuple[Point, ...]


def strength_of(history: Series, state: State | None, judgement: Judgement) -> Strength:
    """How strong the evidence is: only what was verified is not provisional."""
    verified = state in (State.VERIFIED, State.PUBLISHED)
    return strength(verified, len(since_break(history)), judgement.interval is not None)


def direction(item: AgreedMeasure, history: Series) -> Travel | None:
    """The direction at the latest figure, which ends the series; None without one before it."""
    return direction_of(item.terms.reported_unit, _aim(item), history)


def direction_of(unit: str, aim: Aim, history: Series) -> Travel | None:
    """The same, of figures in a unit. What adds up within the year only rises in it: such a figure is held against the
    same period a year before."""
    if unit.endswith(CUMULATIVE):
        return _year_before(aim, since_break(history))
    return against_previous([point.value for point in since_break(history)], aim)


def against_a_year_before(item: AgreedMeasure, history: Series) -> Travel | None:
    """The direction against the same period a year before: for a seasonal measure, where there is such a figure and
    no break of the series lies between."""
    return _year_before(_aim(item), since_break(history)) if item.terms.seasonal else None


def _year_before(aim: Aim, comparable: Series) -> Travel | None:
    if not comparable:
        return None
    latest = calendar_period(comparable[-1].period)
    first = int(latest.year[:4])
    before = replace(latest, year=f"{first - 1}/{first % 100:02}").key
    found = next((point.value for point in comparable if point.period == before), None)
    return None if found is None else against_year_before(comparable[-1].value, found, aim)


def against_the_baseline(item: AgreedMeasure, figure: Decimal | None) -> Travel | Incomparable:
    """The direction since the agreement's start, whatever breaks of the series lie between; or why there is none."""
    terms = item.terms
    baseline = Baseline(terms.baseline, terms.unit, terms.baseline_period)
    return since_baseline(figure, baseline, terms.reported_unit, _aim(item), item.agreed.share_of_year)


def since_break(history: Series) -> Series:
    """The figures that can be held against the latest one: from the last declared break on."""
    start = max((place for place, point in enumerate(history) if point.anew), default=0)
    return history[start:]


def _aim(item: AgreedMeasure) -> Aim:
    return aim_of(item.terms.reported_polarity, item.agreed.expected)
