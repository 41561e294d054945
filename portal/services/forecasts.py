"""The portal's forecast of a year's end, freezing it beside the partner's with each revision, and the ledger."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.orm import Session

from models.agreement import Measure, MeasureTerms, Period
from models.forecasts import ForecastEntry
from models.returns import Return, ReturnRevision, RevisionRating
from models.rules.calendar import IN_A_YEAR, calendar_period
from models.rules.chance import Prospect, chance_of_reaching
from models.rules.entry import bounds
from models.rules.expected import CUMULATIVE, YearTarget, base_unit
from models.rules.forecast import Figure, Forecast, NoForecast, Series, forecast, place
from models.rules.scoring import Frozen, in_per_cent, score
from models.rules.terms import Forecaster
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action, require, scope
from portal.services.agreed import AgreedMeasure
from portal.services.agreement import current_agreement
from portal.services.return_names import TEAM, title_of
from portal.services.travel import since_break
from portal.viewmodels.forecasts import Ledger, LedgerLine, Scored, YearEnd
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
    figures = [Figure(p.year, p.number, value) for p, value in dated if p.frequency is item.measure.frequency]
    unit = item.terms.reported_unit
    low, high = bounds(unit)
    periods, cumulative = IN_A_YEAR[item.measure.frequency], unit.endswith(CUMULATIVE)
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
    if numbers != list(range(1, IN_A_YEAR[item.measure.frequency] + 1)) or not stored[-1]:
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


def ledger(database: Database, actor: Actor) -> Ledger:
    """The forecasts that were frozen with verified revisions, and how good those were whose year has ended. A lead sees
    its own, the team all."""
    require(actor, Action.FORECAST_READ)
    with database.read(actor) as session:
        agreement = current_agreement(session)
        rows = session.execute(
            select(ForecastEntry, Return, MeasureTerms)
            .join(ReturnRevision, ForecastEntry.revision_id == ReturnRevision.id)
            .join(Return, (Return.id == ReturnRevision.return_id) & (Return.verified_revision == ReturnRevision.number))
            .join(Period, Return.period_id == Period.id)
            .join(Measure, Return.measure_id == Measure.id)
            .join(RevisionRating, RevisionRating.revision_id == ReturnRevision.id)
            .join(
                MeasureTerms,
                (MeasureTerms.measure_id == Measure.id) & (MeasureTerms.version_id == RevisionRating.version_id),
            )
            .where(Period.agreement_id == agreement.id, scope(actor, Action.FORECAST_READ))
            .order_by(Period.ends_on.desc(), Measure.position)
        ).all()
        lines = _lines(rows, _outturns(session, agreement.id))
        return Ledger(lines, _scores(lines))


def _outturns(session: Session, agreement_id: int) -> Mapping[tuple[int, str], Decimal]:
    """The verified figure at the end of each measure's years."""
    rows = session.execute(
        select(Return.measure_id, Period.year, ReturnRevision.value)
        .join(Period, Return.period_id == Period.id)
        .join(Measure, (Return.measure_id == Measure.id) & (Measure.frequency == Period.frequency))
        .join(
            ReturnRevision,
            (ReturnRevision.return_id == Return.id) & (ReturnRevision.number == Return.verified_revision),
        )
        .where(Period.agreement_id == agreement_id, _ends_a_year())
    )
    return {(measure_id, year): value for measure_id, year, value in rows if value is not None}


def _ends_a_year() -> ColumnElement[bool]:
    return or_(*(and_(Period.frequency == kind, Period.number == last) for kind, last in IN_A_YEAR.items()))


def _lines(
    rows: Sequence[Row[ForecastEntry, Return, MeasureTerms]], outturns: Mapping[tuple[int, str], Decimal]
) -> tuple[LedgerLine, ...]:
    made: dict[int, dict[Forecaster, ForecastEntry]] = defaultdict(dict)
    about = {}
    for entry, row, terms in rows:
        made[row.id][entry.made_by] = entry
        about[row.id] = (row, terms)
    lines = []
    for return_id, entries in made.items():
        row, terms = about[return_id]
        partner, portal = entries.get(Forecaster.PARTNER), entries.get(Forecaster.PORTAL)
        lines.append(
            LedgerLine(
                return_id=return_id,
                measure=row.measure.code,
                title=title_of(row.measure),
                organisation=row.organisation.name if row.organisation else TEAM,
                year=row.period.year,
                period=row.period.key,
                unit=terms.reported_unit,
                decimals=row.measure.decimals,
                partner=partner.central if partner else None,
                central=portal.central if portal else None,
                low=portal.low if portal else None,
                high=portal.high if portal else None,
                chance=portal.chance if portal else None,
                outturn=outturns.get((row.measure_id, row.period.year)),
            )
        )
    return tuple(lines)


def _scores(lines: Sequence[LedgerLine]) -> tuple[Scored, ...]:
    """By organisation, over the years that have ended."""
    ended = [line for line in lines if line.outturn is not None]
    found = []
    for organisation in sorted({line.organisation for line in ended}):
        own = [line for line in ended if line.organisation == organisation]
        partner = [Frozen(line.partner, line.outturn) for line in own if line.partner is not None and line.outturn]
        portal = [
            Frozen(line.central, line.outturn, line.low, line.high)
            for line in own
            if line.central is not None and line.outturn
        ]
        found.append(Scored(organisation, score(in_per_cent(partner)), score(in_per_cent(portal))))
    return tuple(found)
