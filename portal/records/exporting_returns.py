"""What was returned, what it is held against and what is being done, as an agreement's files say it."""

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, lazyload

from models.actions import ActionStep, IndicatorAction
from models.agreement import Milestone
from models.returns import Return, ReturnRevision, RevisionRating
from models.rules.judging import Grounds
from portal.formats.agreement_csv import rows
from portal.records.agreement import in_force
from portal.records.exporting_names import Exporting


def milestones(of: Exporting) -> tuple[rows.Milestone, ...]:
    """The last milestone of each measure and period in the version by which the period is rated; in the newest one, where
    that has none."""
    held = {version.id: place for place, version in enumerate(of.versions)}
    rated_by = {number: in_force(of.versions, period.ends_on).id for number, period in of.periods.items()}
    found: dict[tuple[int, int], tuple[bool, int, int, Milestone]] = {}
    query = select(Milestone).where(Milestone.version_id.in_(held)).options(lazyload("*"))
    for one in of.session.scalars(query):
        place = one.measure_id, one.period_id
        rank = one.version_id == rated_by[one.period_id], held[one.version_id], one.number
        if place not in found or rank > found[place][:3]:
            found[place] = *rank, one
    return tuple(
        rows.Milestone(of.measures[measure], of.periods[period].key, one.value, one.low, one.high)
        for (measure, period), (*_, one) in found.items()
    )


def returns(of: Exporting) -> tuple[rows.Return, ...]:
    """The verified revision of each return. The rule rates it anew when it is loaded: only a judgement of people has to be
    said, with its reason."""
    query = (
        select(Return.measure_id, Return.period_id, ReturnRevision, RevisionRating)
        .join(
            ReturnRevision,
            (ReturnRevision.return_id == Return.id) & (ReturnRevision.number == Return.verified_revision),
        )
        .join(RevisionRating, RevisionRating.revision_id == ReturnRevision.id)
        .where(Return.period_id.in_(of.periods))
        .order_by(Return.id)
        .options(lazyload("*"))
    )
    return tuple(
        rows.Return(
            measure=of.measures[measure],
            period=of.periods[period].key,
            value=said.value,
            performance=rated.override,
            forecast=said.forecast_rating,
            performance_printed="",
            forecast_printed="",
            note="",
            commentary=said.commentary,
            grounds=Grounds(said.numerator, said.denominator, said.interval_low, said.interval_high),
            year_value=said.year_value,
            no_value_reason=said.no_value_reason,
            forecast_value=said.forecast_value,
            judged_because=(rated.override_reason or "") if rated.override else "",
        )
        for measure, period, said, rated in of.session.execute(query)
    )


def actions(of: Exporting) -> tuple[rows.ActionSaid, ...]:
    """The actions that came in with files, as they came: what became of each is the portal's own."""
    step = aliased(ActionStep)
    first = select(func.min(step.id)).where(step.action_id == ActionStep.action_id).scalar_subquery()
    query = (
        select(IndicatorAction.indicator_id, IndicatorAction.period_id, ActionStep)
        .join(ActionStep, ActionStep.action_id == IndicatorAction.id)
        .where(ActionStep.id == first, IndicatorAction.period_id.in_(of.periods))
        .order_by(IndicatorAction.id)
        .options(lazyload("*"))
    )
    return tuple(
        rows.ActionSaid(
            of.indicators[indicator],
            of.periods[period].key,
            step.text,
            of.organisations[step.owner_id] if step.owner_id is not None else "",
        )
        for indicator, period, step in of.session.execute(query)
        if period is not None
    )
