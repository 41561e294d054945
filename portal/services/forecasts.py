"""The ledger of frozen forecasts: what was expected, what came, and how honest it was."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.orm import Session

from models.agreement import Measure, MeasureTerms, Period
from models.forecasts import ForecastEntry
from models.returns import Return, ReturnRevision, RevisionRating
from models.rules.calendar import IN_A_YEAR
from models.rules.scoring import Frozen, in_per_cent, score
from models.rules.terms import Forecaster
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action, require
from portal.records.agreement import current_agreement
from portal.records.return_names import TEAM, title_of
from portal.scopes import scope
from portal.viewmodels.forecasts import Ledger, LedgerLine, Scored


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
