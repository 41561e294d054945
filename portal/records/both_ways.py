"""Every quarter's verified figures, counted against their baselines and against their milestones."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from models.rules.aim import aim_of
from models.rules.both_ways import Tally, tally
from models.rules.calendar import calendar_period
from models.rules.change import Baseline, Incomparable
from models.rules.direction import Travel
from models.rules.terms import Rating
from portal.records.ratings import judgement_of
from portal.records.travel import against_the_baseline
from portal.records.verified import VerifiedFigure
from portal.viewmodels.indicators import Point


def both_ways(figures: Iterable[VerifiedFigure], quarters: Mapping[date, str]) -> Mapping[str, Tally]:
    """The quarters that any figure's period ends with, by their keys, the oldest first; `quarters` are keys by last days.
    A figure has the baseline, the unit and the aim of the version that it was rated by."""
    found: dict[date, dict[tuple[str, str], tuple[Rating | None, Travel | Incomparable]]] = defaultdict(dict)
    for one in figures:
        day = calendar_period(one.period).ends_on
        found[day][one.indicator, one.measure] = (one.rated.override or one.rated.by_rule, _since_baseline(one))
    return {key: tally(found[day].values()) for day, key in sorted(quarters.items()) if day in found}


def _since_baseline(one: VerifiedFigure) -> Travel | Incomparable:
    terms = one.terms
    baseline = Baseline(terms.baseline, terms.unit, terms.baseline_period)
    aim = aim_of(terms.reported_polarity, judgement_of(one.rated).expected)
    return against_the_baseline(baseline, terms.reported_unit, aim, (Point(one.period, one.value),))
