"""A rating and its grounds: written down once, with its revision, and read from there ever after."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.agreement import Milestone, Period
from models.people import Person
from models.returns import Return, ReturnRevision, RevisionRating
from models.rules.expected import Basis, Expected
from models.rules.interval import Interval
from models.rules.judging import judge, judge_forecast
from models.rules.rating import Judgement
from portal.records.agreed import AgreedMeasure
from portal.viewmodels.returns import Answers


def rating_of(revision: ReturnRevision, answers: Answers, item: AgreedMeasure) -> RevisionRating:
    """How the rule rates a revision by what is agreed now, with its grounds."""
    found = judge(answers.value, answers.no_value_reason, item.agreed, answers.grounds)
    held, interval = found.expected, found.interval
    return RevisionRating(
        revision_id=revision.id,
        version_id=item.terms.version_id,
        by_rule=found.rating,
        no_rating_reason=found.reason,
        basis=held.basis if held else None,
        expected_value=held.value if held else None,
        expected_low=held.low if held else None,
        expected_high=held.high if held else None,
        lead=found.lead,
        margin=found.margin,
        interval_low=interval.low if interval else None,
        interval_high=interval.high if interval else None,
        forecast=judge_forecast(answers.forecast_value, answers.forecast_rating, item.agreed),
    )


def judgement_of(rated: RevisionRating) -> Judgement:
    """What the rule said of a revision when it was submitted, and why: the same whatever was agreed since."""
    low, high = rated.interval_low, rated.interval_high
    return Judgement(
        rated.by_rule,
        rated.no_rating_reason,
        Expected(rated.expected_value, rated.expected_low, rated.expected_high, rated.basis) if rated.basis else None,
        rated.lead,
        rated.margin,
        Interval(low, high) if low is not None and high is not None else None,
    )


class Set(NamedTuple):
    """A milestone that the team set: in which version, for what, on which day, whether a figure had come in, by whom."""

    version_id: int
    said: Expected
    on: date | None
    late: bool
    by: str


def milestones_set(session: Session, *of: ColumnElement[bool]) -> Mapping[int, Sequence[Set]]:
    """The milestones that the team set for what has been returned, the first ones first, by the measure's id; `of`
    says of which returns."""
    return _set(session, Milestone.measure_id, *of)


def milestones_by_return(session: Session, *of: ColumnElement[bool]) -> Mapping[int, Sequence[Set]]:
    """The same by the return's id."""
    return _set(session, Return.id, *of)


def _set(session: Session, by: InstrumentedAttribute[int], *of: ColumnElement[bool]) -> Mapping[int, Sequence[Set]]:
    found: dict[int, list[Set]] = defaultdict(list)
    for row in session.execute(_milestones(by).where(*of)):
        found[row.of].append(
            Set(row.version_id, Expected(row.value, row.low, row.high), row.noted_on, bool(row.late), row.name or "")
        )
    return found


@cache
def _milestones(by: InstrumentedAttribute[int]) -> Select[*tuple[Any, ...]]:
    """Made once: to make it takes longer than to ask it."""
    return (
        select(
            by.label("of"),
            Milestone.version_id,
            *(Milestone.value, Milestone.low, Milestone.high),
            Milestone.noted_on,
            (Milestone.noted_at > ReturnRevision.submitted_at).label("late"),
            Person.name,
        )
        .join(Return, (Return.measure_id == Milestone.measure_id) & (Return.period_id == Milestone.period_id))
        .join(Period, Period.id == Return.period_id)
        .join(ReturnRevision, (ReturnRevision.return_id == Return.id) & (ReturnRevision.number == 1))
        .outerjoin(Person, Person.id == Milestone.person_id)
        .where(Milestone.number > 0)
        .order_by(Milestone.number)
    )


def held_since(rated: RevisionRating, found: Sequence[Set]) -> date | None:
    """The day on which the milestone of a rating was first set, where that was after the figure came in."""
    first = next((one for one in found if is_of(one, rated)), None)
    return first.on if first is not None and first.late else None


def is_of(one: Set, rated: RevisionRating) -> bool:
    """Whether a milestone says what a rating was made by."""
    held = Expected(rated.expected_value, rated.expected_low, rated.expected_high)
    return rated.basis is Basis.MILESTONE and one.version_id == rated.version_id and one.said == held
