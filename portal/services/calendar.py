"""The calendar as the team reads it: the periods of a year, and one period with all that it asks for."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from models.agreement import Agreement, AgreementVersion, Measure, MeasureTerms, Period, PeriodReopening
from models.people import Organisation
from models.returns import Return
from models.rules.codes import period_slug, year_key
from models.rules.moves import WITH_THE_PARTNER
from portal.actor import Actor
from portal.database import Database
from portal.errors import NotFound
from portal.policy import Action, require
from portal.records import chasing
from portal.records.agreement import current_agreement, find_period, in_force, known_versions
from portal.records.milestones import lines
from portal.records.periods import TEAM_KEY
from portal.records.return_names import TEAM
from portal.records.return_view import tasks
from portal.records.windows import windows
from portal.viewmodels.periods import LATE, RECEIVED, Asked, Calendar, PeriodLine, PeriodPage, Reopened
from portal.wall import Beyond, beyond


def calendar(database: Database, actor: Actor, year: str | None = None) -> Calendar:
    """The periods of a financial year (default: this one, or the agreement's nearest) that any measure is returned
    for. NotFound for a year outside the agreement."""
    require(actor, Action.PERIOD_MANAGE)
    with database.read(actor) as session:
        agreement = current_agreement(session)
        today = database.clock.today()
        found = session.scalars(select(Period).where(Period.agreement_id == agreement.id)).all()
        years = tuple(sorted({period.year for period in found}))
        if year is None:
            shown = next((p.year for p in found if p.starts_on <= today <= p.ends_on), years[-1])
        else:
            shown = _known(year, years)
        asks = _asks(session, agreement, found)
        counts = _counts(session, agreement)
        of_year = [p for p in found if p.year == shown and (asks[p.id] or p.opened_at is not None)]
        of_year.sort(key=lambda p: (p.ends_on, p.starts_on))
        return Calendar(agreement.title, shown, years, today, tuple(_line(p, today, asks, counts) for p in of_year))


def _known(year: str, years: Sequence[str]) -> str:
    try:
        key = year_key(year)
    except ValueError as error:
        raise NotFound(str(error)) from None
    if key not in years:
        raise NotFound(f"{key} is not a year of this agreement.")
    return key


def _asks(session: Session, agreement: Agreement, found: Sequence[Period]) -> Mapping[int, int]:
    """How many measures are returned for each period, by the version in force at its end."""
    rows = session.execute(
        select(MeasureTerms.version_id, MeasureTerms.frequency, func.count())
        .join(AgreementVersion, AgreementVersion.id == MeasureTerms.version_id)
        .where(AgreementVersion.agreement_id == agreement.id)
        .group_by(MeasureTerms.version_id, MeasureTerms.frequency)
    )
    counted = {(version_id, frequency): number for version_id, frequency, number in rows}
    versions = known_versions(session, agreement.id)
    return {one.id: counted.get((in_force(versions, one.ends_on).id, one.frequency), 0) for one in found}


def _counts(session: Session, agreement: Agreement) -> Mapping[int, tuple[int, int]]:
    """How many returns each period asked for, and how many of them have come in."""
    received = func.count(case((Return.state.not_in(WITH_THE_PARTNER), 1)))
    query = (
        select(Return.period_id, func.count(), received)
        .join(Period, Return.period_id == Period.id)
        .where(Period.agreement_id == agreement.id)
        .group_by(Return.period_id)
    )
    with beyond(session, Beyond.STANDING):
        rows = session.execute(query).all()
    return {period_id: (asked, came) for period_id, asked, came in rows}


def _line(period: Period, today: date, asks: Mapping[int, int], counts: Mapping[int, tuple[int, int]]) -> PeriodLine:
    asked, received = counts.get(period.id, (0, 0))
    return PeriodLine(
        key=period.key,
        slug=period_slug(period.key),
        frequency=period.frequency,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        opens_on=period.opens_on,
        due_on=period.due_on,
        closes_on=period.closes_on,
        opened=period.opened_at is not None,
        closed=period.closed_at is not None,
        ended=period.closes_on < today,
        asks=asks[period.id],
        asked=asked,
        received=received,
    )


FILTERS = chasing.NAMES
"""What an address may say of the returns of a period that are wanted."""


def one_period(database: Database, actor: Actor, key: str, wanted: Mapping[str, str] | None = None) -> PeriodPage:
    """One period with the returns that it asks for, as far as they are wanted (`FILTERS`), who works on them, and the
    milestones. Where a return stands is told, not what it says."""
    require(actor, Action.PERIOD_MANAGE)
    with database.read(actor) as session:
        agreement = current_agreement(session)
        period = find_period(session, agreement.id, key)
        today = database.clock.today()
        query = select(Return).join(Measure, Return.measure_id == Measure.id).where(Return.period_id == period.id)
        with beyond(session, Beyond.STANDING):
            rows = session.scalars(query.order_by(Measure.position)).all()
            asked = _asked(session, rows)
        return PeriodPage(
            line=_line(period, today, _asks(session, agreement, [period]), _counts(session, agreement)),
            today=today,
            returns=chasing.sifted(asked, wanted or {}),
            filters=chasing.filters(asked, wanted or {}),
            asked=tuple((one.task.measure, one.task.title) for one in asked),
            outstanding=tuple((one.task.measure, one.task.title) for one in asked if one.stage != RECEIVED),
            reopened=_reopened(session, period),
            partners=_partners(session, rows),
            milestones=lines(session, period),
            late=sum(
                one.stage == LATE and row.organisation_id is not None for one, row in zip(asked, rows, strict=True)
            ),
        )


def _asked(session: Session, rows: Sequence[Return]) -> list[Asked]:
    dates, people, chased = windows(session, rows), chasing.contacts(session, rows), chasing.chases(session, rows)
    return [
        Asked(
            task,
            row.measure.source,
            dates[row.id].released_on,
            chasing.stage_of(task),
            people[row.organisation_id],
            chased[row.id],
        )
        for task, row in zip(tasks(session, rows), rows, strict=True)
    ]


def _reopened(session: Session, period: Period) -> tuple[Reopened, ...]:
    rows = session.scalars(
        select(PeriodReopening).where(PeriodReopening.period_id == period.id).order_by(PeriodReopening.id.desc())
    )
    return tuple(
        Reopened(
            row.organisation.name if row.organisation else TEAM,
            row.until,
            row.reason,
            row.person.name if row.person else "the command line",
            row.at,
        )
        for row in rows
    )


def _partners(session: Session, rows: Sequence[Return]) -> tuple[tuple[str, str], ...]:
    """The keys and names of those who are asked in a period."""
    keys = {row.organisation_id for row in rows}
    named = session.execute(
        select(Organisation.key, Organisation.name).where(Organisation.id.in_(keys)).order_by(Organisation.name)
    )
    return (*((key, name) for key, name in named), *([(TEAM_KEY, TEAM)] if None in keys else []))
