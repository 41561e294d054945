"""The portal's own forecast of a year's end, and its freezing with a submitted return."""

from decimal import Decimal
from functools import lru_cache

from sqlalchemy.orm import Session

from models.forecasts import ForecastEntry
from models.returns import Return, ReturnRevision
from models.rules.calendar import IN_A_YEAR, calendar_period
from models.rules.chance import Prospect, chance_of_reaching
from models.rules.entry import bounds
from models.rules.expected import CUMULATIVE, YearTarget, base_unit
from models.rules.forecast import Figure, Forecast, NoForecast, Series, forecast, place
from models.rules.terms import Forecaster
from portal.records.agreed import AgreedMeasure
from portal.records.travel import since_break
from portal.viewmodels.forecasts import YearEnd
from portal.viewmodels.indicators import Point


def year_end(item: AgreedMeasure, year: str, history: tuple[Point, ...], partner: Decimal | None) -> YearEnd:
    """The forecast for the end of a year from the figures so far, with the chance of the target and the place of the
    partner's own; or why there is none."""
    found = _forecast(item, year, history)
    profiled = _profile(item) is not None
    if isinstance(found, NoForecast):
        return YearEnd(year, none=found, by_profile=profiled)
    return YearEnd(
        year,
        found.central,
        found.low,
        found.high,
        str(found.method),
        found.points,
        _prospect(item, found),
        None if partner is None else place(partner, found),
        by_profile=profiled,
        target=_target(item),
    )


def _forecast(item: AgreedMeasure, year: str, history: tuple[Point, ...]) -> Forecast | NoForecast:
    dated = [(calendar_period(point.period), point.value) for point in since_break(history)]
    figures = [Figure(p.year, p.number, value) for p, value in dated if p.frequency is item.terms.frequency]
    unit = item.terms.reported_unit
    low, high = bounds(unit)
    periods, cumulative = IN_A_YEAR[item.terms.frequency], unit.endswith(CUMULATIVE)
    return _known(Series(tuple(figures), periods, cumulative, _profile(item), low, high), year)


# A forecast of 14 figures takes 14 ms, of 40 figures 170 ms; pages ask for the same ones again and again.
_known = lru_cache(maxsize=2048)(forecast)


def _profile(item: AgreedMeasure) -> tuple[Decimal, ...] | None:
    """The share of its own end that a year has usually reached by each period's end. What is stored is of the year's
    target, and a year may usually end short of that. None unless the measure counts up through the year, and all of
    its year is stored."""
    if not item.terms.reported_unit.endswith(CUMULATIVE):
        return None
    numbers, stored = [one.number for one in item.terms.profile], [one.share for one in item.terms.profile]
    if numbers != list(range(1, IN_A_YEAR[item.terms.frequency] + 1)) or not stored[-1]:
        return None
    return (*(share / stored[-1] for share in stored[:-1]), Decimal(1))


def _prospect(item: AgreedMeasure, found: Forecast) -> Prospect | None:
    """The chance of the year's target; None where it is in another unit than the figures."""
    target = _target(item)
    return chance_of_reaching(found, target.low, target.high, item.terms.reported_polarity) if target else None


def _target(item: AgreedMeasure) -> YearTarget | None:
    target = item.agreed.target
    return target if target and base_unit(target.unit) == base_unit(item.terms.reported_unit) else None


def freeze_forecasts(
    session: Session, row: Return, revision: ReturnRevision, item: AgreedMeasure, history: tuple[Point, ...]
) -> None:
    """Write down what the partner and the portal forecast with a revision. At the year's end there is nothing left to
    forecast, whatever is typed."""
    if row.period.number == IN_A_YEAR[row.period.frequency]:
        return
    found = _forecast(item, row.period.year, history)
    made: dict[Forecaster, dict[str, object]] = {}
    if revision.forecast_value is not None:
        made[Forecaster.PARTNER] = {"central": revision.forecast_value, "method": "the partner's own"}
    if isinstance(found, Forecast):
        chance = _prospect(item, found)
        made[Forecaster.PORTAL] = {
            "central": found.central,
            "low": found.low,
            "high": found.high,
            "chance": chance.probability if chance else None,
            "method": f"{found.method}{', stored profile' if _profile(item) else ''}",
        }
    session.add_all(
        ForecastEntry(
            revision_id=revision.id,
            measure_id=row.measure_id,
            year=row.period.year,
            made_by=who,
            points=len(history),
            made_at=session.info["clock"].now(),
            **said,
        )
        for who, said in made.items()
    )
