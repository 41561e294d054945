"""How much waits in the portal, of all agreements: for the machines that watch it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from models.agreement import Period
from models.audit import AuditHead
from models.jobs import Job
from models.people import SignInAttempt
from models.reminders import OutboxMessage
from models.returns import Return
from models.rules.jobs import TO_DO, JobState
from models.rules.moves import WITH_THE_PARTNER
from models.rules.outbox import Delivery
from portal.actor import OPERATOR
from portal.database import Database
from portal.records.patience import WINDOW
from portal.viewmodels.standing import Standing


def standing(database: Database) -> Standing:
    """Counts alone, which name nobody; nobody asks but the portal itself, on a port that is not public."""
    with database.read(OPERATOR) as session:
        now = session.info["clock"].now()
        due, late = _unsent(session)
        failed = select(func.count()).select_from(SignInAttempt).where(SignInAttempt.at > now - WINDOW)
        return Standing(
            jobs=_by_state(session, Job.state, JobState),
            oldest_job=_age(now, session.scalar(select(func.min(Job.asked_at)).where(Job.state.in_(TO_DO)))),
            messages=_by_state(session, OutboxMessage.state, Delivery),
            oldest_message=_age(
                now, session.scalar(select(func.min(OutboxMessage.made_at)).where(OutboxMessage.state == "waiting"))
            ),
            due=due,
            late=late,
            failures=session.scalar(failed) or 0,
            events=session.scalars(select(AuditHead.number)).one(),
        )


def _by_state(session: Session, column: Any, states: type[StrEnum]) -> dict[str, int]:
    found = dict.fromkeys(states, 0)
    for state, number in session.execute(select(column, func.count()).group_by(column)):
        found[state] = number
    return {state.value: number for state, number in found.items()}


def _age(now: datetime, since: datetime | None) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0


def _unsent(session: Session) -> tuple[int, int]:
    today = session.info["clock"].today()
    late = func.coalesce(func.sum(case((Period.due_on < today, 1), else_=0)), 0)
    all_of_them, overdue = session.execute(
        select(func.count(), late)
        .select_from(Return)
        .join(Period, Return.period_id == Period.id)
        .where(Period.opened_at.is_not(None), Period.closed_at.is_(None), Return.state.in_(WITH_THE_PARTNER))
    ).one()
    return all_of_them - overdue, overdue
