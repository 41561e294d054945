"""What people of an agreement may be reminded of today, by whose affair it is: codes, titles, days, states, and no more."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Indicator, Measure, Period
from models.people import Organisation
from models.returns import Return, ReturnMessage, ReturnRevision, ReturnStep
from models.rules.actions import Urgency
from models.rules.circulation import whose_turn
from models.rules.codes import slug, year_slug
from models.rules.moves import WITH_THE_PARTNER
from models.rules.reminders import RECENT, Occasion, stage, told_of
from models.rules.terms import QUESTIONS, Message, Role, State
from models.scorecard import Edition
from models.self_assessment import ReviewDocument
from portal.policy import PARTNERS, STAGES
from portal.records.actions import open_actions
from portal.records.agreement import agreements
from portal.records.return_names import TEAM, title_of
from portal.records.return_view import tasks
from portal.records.self_assessment import decided, decisions, standing_version
from portal.records.windows import windows
from portal.viewmodels.reminders import Fact


@dataclass(frozen=True, slots=True)
class Facts:
    """What concerns each side (an organisation's id; None: the partnership team's own returns) and each role."""

    of_side: dict[int | None, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    of_role: dict[Role, list[Fact]] = field(default_factory=lambda: defaultdict(list))

    def tell(self, roles: Iterable[Role], fact: Fact) -> None:
        """Let something concern everybody with one of these roles."""
        for role in roles:
            self.of_role[role].append(fact)


def facts_of(session: Session, agreement: Agreement) -> Facts:
    """All that anybody of one agreement may be reminded of today."""
    found = Facts()
    today = session.info["clock"].today()
    _waiting(session, agreement, found)
    _questions(session, agreement, found)
    _verified(session, agreement, today, found)
    _published(session, agreement, today, found)
    _answered(session, agreement, found)
    _actions(session, agreement, found)
    _reviews(session, agreement, found)
    return found


def _waiting(session: Session, agreement: Agreement, found: Facts) -> None:
    """The returns that their partners have and may still send; what came in once is not asked for a second time."""
    rows = session.scalars(
        select(Return)
        .join(Period, Return.period_id == Period.id)
        .join(Measure, Return.measure_id == Measure.id)
        .where(Period.agreement_id == agreement.id, Return.state.in_(WITH_THE_PARTNER))
        .order_by(Period.ends_on, Measure.position)
    ).all()
    today, dates = session.info["clock"].today(), windows(session, rows)
    for row, task in zip(rows, tasks(session, rows), strict=True):
        came_in = row.revision > 0 and dates[row.id].came_in is not None
        occasion = Occasion.OVERDUE if task.late else stage(task.due_on, today)
        too_late = occasion is Occasion.OVERDUE and not task.late
        if not task.current or too_late or (came_in and not task.late):
            continue
        if task.placeholder and occasion is not Occasion.OPENED:
            continue
        fact = Fact(
            occasion=occasion,
            # What is due on another day than was said is said again; that a period opened is not.
            subject=str(row.id) if occasion is Occasion.OPENED else f"{row.id} {task.due_on}",
            path=f"/returns/{row.id}",
            code=task.measure,
            title=task.title,
            period=task.period,
            due_on=task.due_on,
            state=task.state,
            placeholder=task.placeholder,
            organisation=task.organisation,
        )
        found.of_side[row.organisation_id].append(fact)
        if occasion is Occasion.OVERDUE and row.organisation_id is not None:
            found.tell(told_of(Occasion.LATE), replace(fact, occasion=Occasion.LATE, path=""))


def _questions(session: Session, agreement: Agreement, found: Facts) -> None:
    """What was asked and waits for an answer, and what was opened again and not sent since."""
    open_question = ReturnMessage.kind.in_(QUESTIONS) & ReturnMessage.closed_at.is_(None)
    reopened = (
        (ReturnMessage.kind == Message.REOPENING)
        & Return.state.in_(WITH_THE_PARTNER)
        & (ReturnMessage.revision == Return.revision)
    )
    for message, row in _said(session, agreement, open_question | reopened):
        fact = _of_return(Occasion.QUERIED, str(message.id), row)
        found.of_side[row.organisation_id].append(replace(fact, kind=message.kind))


def _answered(session: Session, agreement: Agreement, found: Facts) -> None:
    since = session.info["clock"].now() - RECENT
    new = (ReturnMessage.kind == Message.ANSWER) & (ReturnMessage.at >= since)
    for message, row in _said(session, agreement, new):
        if row.organisation_id is not None:  # else the team answered itself
            found.tell(told_of(Occasion.ANSWERED), _of_return(Occasion.ANSWERED, str(message.id), row))


def _said(session: Session, agreement: Agreement, which: ColumnElement[bool]) -> Sequence[Row[ReturnMessage, Return]]:
    query = (
        select(ReturnMessage, Return)
        .join(Return, ReturnMessage.return_id == Return.id)
        .join(Period, Return.period_id == Period.id)
        .where(Period.agreement_id == agreement.id, which)
        .order_by(ReturnMessage.id)
    )
    return session.execute(query).all()


def _verified(session: Session, agreement: Agreement, today: date, found: Facts) -> None:
    """What was verified of late and is not published yet: that says more."""
    lately = select(ReturnStep.return_id).where(
        ReturnStep.return_id == Return.id,
        ReturnStep.state == State.VERIFIED,
        ReturnStep.day > today - RECENT,
        ReturnStep.day <= today,
    )
    rows = session.scalars(
        select(Return)
        .join(Period, Return.period_id == Period.id)
        .join(Measure, Return.measure_id == Measure.id)
        .where(Period.agreement_id == agreement.id, Return.state == State.VERIFIED, lately.exists())
        .where(Return.organisation_id.is_not(None))  # of its own the team knows: it verified them
        .order_by(Period.ends_on, Measure.position)
    )
    for row in rows:
        subject = f"{row.id} {row.verified_revision}"
        found.of_side[row.organisation_id].append(_of_return(Occasion.VERIFIED, subject, row))


def _published(session: Session, agreement: Agreement, today: date, found: Facts) -> None:
    """The editions of late: to partners with their own returns that they brought, to the others by their numbers."""
    several = f"?agreement={agreement.key}" if len(agreements(session, most=2)) > 1 else ""
    editions = session.execute(
        select(Edition.number, Edition.published_at, Period.key)
        .join(Period, Edition.period_id == Period.id)
        .where(Edition.agreement_id == agreement.id)
        .where(Edition.published_on > today - RECENT, Edition.published_on <= today)
        .order_by(Edition.number)
    ).all()
    for number, at, period in editions:
        edition = Fact(
            Occasion.PUBLISHED, str(number), path=f"/editions/{number}{several}", period=period, number=number
        )
        found.tell((role for role in told_of(Occasion.PUBLISHED) if role not in PARTNERS), edition)
        rows = session.scalars(
            select(Return)
            .join(ReturnRevision, ReturnRevision.return_id == Return.id)
            .join(Period, Return.period_id == Period.id)
            .join(Measure, Return.measure_id == Measure.id)
            .where(Period.agreement_id == agreement.id, ReturnRevision.published_at == at)
            .where(Return.organisation_id.is_not(None))
            .order_by(Period.ends_on, Measure.position)
        )
        for row in rows:
            own = _of_return(Occasion.PUBLISHED, f"{number} {row.id}", row)
            page = f"/editions/{number}/indicators/{slug(row.measure.indicator.code)}{several}"
            found.of_side[row.organisation_id].append(replace(own, path=page, state=None, number=number))


def _of_return(occasion: Occasion, subject: str, row: Return) -> Fact:
    return Fact(
        occasion,
        subject,
        path=f"/returns/{row.id}",
        code=row.measure.code,
        title=title_of(row.measure),
        period=row.period.key,
        state=row.state,
        organisation=row.organisation.name if row.organisation else TEAM,
    )


def _actions(session: Session, agreement: Agreement, found: Facts) -> None:
    """The overdue actions, to who carries them; and the partners' to the team."""
    over = [
        line
        for line in open_actions(session, Indicator.agreement_id == agreement.id)
        if line.urgency is Urgency.OVERDUE
    ]
    if not over:
        return
    titles = dict(
        session.execute(select(Indicator.code, Indicator.title).where(Indicator.agreement_id == agreement.id)).all()
    )
    numbers = dict(session.execute(select(Organisation.key, Organisation.id)).all())
    for line in over:
        fact = Fact(
            Occasion.ACTIONS,
            f"{line.id} {line.now.due_on}",
            path=f"/indicators/{slug(line.indicator)}",
            code=line.indicator,
            title=titles[line.indicator],
            due_on=line.now.due_on,
            organisation=line.now.owner,
        )
        side = numbers.get(line.now.owner_key)
        found.of_side[side].append(fact)
        if side is not None:
            digest = replace(fact, occasion=Occasion.LATE, subject=f"action {fact.subject}")
            found.tell(told_of(Occasion.LATE), digest)


def _reviews(session: Session, agreement: Agreement, found: Facts) -> None:
    """The signed-off reviews, to whom it is the turn to decide."""
    years = session.scalars(
        select(ReviewDocument.year).where(ReviewDocument.agreement_id == agreement.id).distinct()
    ).all()
    for year in sorted(years):
        document = standing_version(session, agreement.id, year)
        turn = whose_turn(decided(decisions(session, document.id))) if document is not None else None
        if document is not None and turn is not None:
            path = f"/annual-review/{year_slug(year)}"
            fact = Fact(Occasion.REVIEW, f"{document.id} {turn.value}", path, period=year, number=document.number)
            # Whose own stage it is: the team also writes down what the later ones decide.
            found.tell((role for role in told_of(Occasion.REVIEW) if STAGES[role][0] is turn), fact)
