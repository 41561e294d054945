"""The periods that take returns, and their order."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.agreement import Period
from models.rules.terms import Frequency

TEAM_KEY = "team"
"""How the partnership team is named where an organisation is: it returns what nobody leads."""


def quarters_first() -> tuple[ColumnElement[Any], ...]:
    """An order for periods that end on the same day: the quarter, by which people speak of it, then the shortest."""
    return (Period.frequency == Frequency.QUARTERLY).desc(), Period.starts_on.desc()


def one_a_day(found: Sequence[Period]) -> list[Period]:
    """Of the periods that end on the same day, in their order the first."""
    return list({period.ends_on: period for period in reversed(found)}.values())[::-1]


def note_periods(session: Session, agreement_id: int, periods: Collection[int]) -> None:
    """Remember, for this session, an agreement's periods outside which it has no returns, by their ids."""
    session.info.setdefault("periods", {})[agreement_id] = frozenset(periods)


def noted_periods(session: Session, agreement_id: int) -> frozenset[int] | None:
    """The periods outside which an agreement has no returns, where this session cannot write and has found them; else
    None. Of five periods (months, quarters, halves, years) four have none: PostgreSQL, which expects as many in each,
    rather reads every area's returns than those of all the periods there are."""
    found: dict[int, frozenset[int]] = {} if session.info.get("writing", True) else session.info.get("periods", {})
    return found.get(agreement_id)


def open_periods(session: Session, agreement_id: int) -> Sequence[Period]:
    """The periods that nobody has closed yet, the newest first; of those that end together, the quarter first."""
    return session.scalars(
        select(Period)
        .where(Period.agreement_id == agreement_id, Period.opened_at.is_not(None), Period.closed_at.is_(None))
        .order_by(Period.ends_on.desc(), *quarters_first())
    ).all()
