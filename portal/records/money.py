"""Commitments of money as they stand, or stood on a past day, with the totals that documents print."""

from typing import Protocol

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from models.agreement import Indicator
from models.money import Commitment, CommitmentWithdrawal, PrintedTotal
from models.people import Organisation, Person
from models.rules.money import total
from portal.history import is_known, only_known
from portal.viewmodels.money import Money, MoneyLine, Printed


class _Said(Protocol):
    person: Person | None
    organisation: Organisation | None


def money_of(session: Session, *where: ColumnElement[bool]) -> Money:
    """The commitments of the indicators that meet conditions, in their order, as known now or in the past that the
    session looks at. One statement."""
    gone = aliased(CommitmentWithdrawal)
    printed = aliased(PrintedTotal)
    query = (
        select(Commitment, gone, printed)
        .join(Indicator, Indicator.id == Commitment.indicator_id)
        .outerjoin(gone, (gone.commitment_id == Commitment.id) & is_known(session, gone.day, gone.at))
        .outerjoin(
            printed,
            (printed.indicator_id == Commitment.indicator_id)
            & (printed.source == Commitment.source)
            & is_known(session, printed.day, printed.at),
        )
        .where(*where)
        .order_by(Indicator.position, Commitment.id)
    )
    lines: list[MoneyLine] = []
    totals: dict[tuple[str, str], PrintedTotal] = {}
    for row, withdrawal, said in session.execute(only_known(session, query, Commitment.day, Commitment.at)):
        lines.append(_line(row, withdrawal))
        if said is not None:
            totals[row.indicator.code, row.source] = said
    return Money(tuple(lines), tuple(_printed(code, said, lines) for (code, _), said in totals.items()))


def _line(row: Commitment, gone: CommitmentWithdrawal | None) -> MoneyLine:
    return MoneyLine(
        id=row.id,
        indicator=row.indicator.code,
        who=_who(row),
        from_files=row.person_id is None,
        withdrawn=gone.reason if gone else None,
        withdrawn_by=_who(gone) if gone else "",
        withdrawn_on=gone.day if gone else None,
        **{name: getattr(row, name) for name in ("source", "proposal", "amount", "note", "day")},
    )


def _who(row: _Said) -> str:
    return row.organisation.name if row.organisation else row.person.name if row.person else ""


def _printed(code: str, said: PrintedTotal, lines: list[MoneyLine]) -> Printed:
    """What a document prints under the lines that came in with it: those it had, whatever became of them since."""
    own = (one.amount for one in lines if one.from_files and (one.indicator, one.source) == (code, said.source))
    return Printed(code, said.source, said.total, total(own), said.printed_in)
