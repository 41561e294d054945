"""The milestones of one period: which measures have one, setting one, and rating anew what waits to be verified."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import AgreementVersion, Measure, Milestone, Period
from models.returns import Return
from models.rules.expected import Basis, Expected
from models.rules.silence import NOT_IN_FORCE
from models.rules.terms import State
from portal import audit
from portal.actor import Actor
from portal.history import noted
from portal.policy import Action
from portal.records.agreed import AgreedMeasure, agreed_measures
from portal.records.agreement import version_in_force
from portal.records.indicators import series
from portal.records.return_names import title_of
from portal.records.return_rows import freeze, latest_revision
from portal.viewmodels.periods import MilestoneLine
from portal.wall import Beyond, beyond


def measures_in(session: Session, period: Period) -> list[AgreedMeasure]:
    """The measures that are returned for a period and rated: with a target in force, or milestones alone."""
    version = version_in_force(session, period.agreement_id, period.ends_on)
    return [
        item
        for item in agreed_measures(session, version, period)
        if item.period is not None
        and item.period.id == period.id
        and not item.agreed.placeholder
        and item.agreed.target_state not in NOT_IN_FORCE
    ]


def returned_in(session: Session, period: Period) -> set[str]:
    """The measures, by code, of which a figure has come in for a period, wherever its return stands now."""
    query = select(Measure.code).join(Return, Return.measure_id == Measure.id)
    return set(session.scalars(query.where(Return.period_id == period.id, Return.revision > 0)))


def lines(session: Session, period: Period) -> tuple[MilestoneLine, ...]:
    """What each measure of a period is held against: first those that are held against nothing."""
    before = series(session, period.agreement_id, period.starts_on - timedelta(days=1))
    with beyond(session, Beyond.STANDING):
        states = dict(
            session.execute(select(Return.measure_id, Return.state).where(Return.period_id == period.id)).all()
        )
    found = [
        MilestoneLine(
            measure=item.measure.code,
            title=title_of(item.measure),
            unit=item.terms.reported_unit,
            decimals=item.measure.decimals,
            polarity=item.terms.reported_polarity,
            held=item.agreed.expected,
            agreed=last is not None and not last.number,
            set_by=last.person.name if last and last.person else "",
            set_on=last.noted_on if last else None,
            reason=last.reason if last else "",
            last=before[item.measure.id][-1] if before[item.measure.id] else None,
            state=states.get(item.measure.id),
        )
        for item in measures_in(session, period)
        for last in [item.milestone]
    ]
    return tuple(sorted(found, key=_order))


def _order(line: MilestoneLine) -> tuple[bool, bool, bool]:
    return line.agreed, line.held is not None, line.held is not None and line.held.basis is Basis.MILESTONE


def last_one(session: Session, version: AgreementVersion, measure: Measure, period: Period) -> Milestone | None:
    """The milestone that counts for a measure's period, in one version."""
    return session.scalars(
        select(Milestone)
        .where(Milestone.version_id == version.id, Milestone.measure_id == measure.id)
        .where(Milestone.period_id == period.id)
        .order_by(Milestone.number.desc())
        .limit(1)
    ).one_or_none()


def put_milestone(session: Session, measure: Measure, period: Period, said: Expected, reason: str = "") -> State | None:
    """Set a milestone where none was agreed, or another than the one that was set, on the record, in the version that
    is in force at the period's end; a return that waits to be verified is rated anew by it. Answers where the return
    stands, None without one."""
    actor: Actor = session.info["actor"]
    version = version_in_force(session, period.agreement_id, period.ends_on)
    before = last_one(session, version, measure, period)
    row = Milestone(
        version_id=version.id,
        measure_id=measure.id,
        period_id=period.id,
        number=before.number + 1 if before else 1,
        value=said.value,
        low=said.low,
        high=said.high,
        reason=reason,
        person_id=actor.person_id,
    )
    row.noted_on, row.noted_at = noted(session)
    session.add(row)
    session.flush()
    returned = session.scalars(
        select(Return).where(Return.measure_id == measure.id, Return.period_id == period.id).with_for_update(of=Return)
    ).one_or_none()
    anew = returned is not None and returned.state is State.SUBMITTED
    if returned is not None and anew:
        last, _ = latest_revision(session, returned)
        freeze(session, returned, last.submitted_by_id, like=last)
    audit.record(
        session,
        Action.AGREEMENT_CHANGE,
        f"milestone of {measure.code} for {period.key}",
        before=_said(before) if before else None,
        after=_said(said) | ({"rated_anew": True} if anew else {}),
        reason=reason,
        organisation_id=returned.organisation_id if returned else None,
    )
    return returned.state if returned else None


def _said(milestone: Expected | Milestone) -> dict[str, object]:
    names = ("value", "low", "high")
    return {name: figure for name in names if (figure := getattr(milestone, name)) is not None}
