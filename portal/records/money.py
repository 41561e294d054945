"""Commitments of money as they stand, or stood on a past day, with the totals that documents print."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session, aliased

from models.agreement import Indicator
from models.money import Commitment, CommitmentWithdrawal, PrintedTotal
from models.people import Organisation, Person
from models.rules.money import total
from portal.history import BUILT, is_known, looked_at, only_known
from portal.records.together import Answered, Asked, ask
from portal.viewmodels.money import Money, MoneyLine, Printed
from portal.viewmodels.past import AsAt

_SAID = ("source", "proposal", "amount", "note", "day")


def money_of(session: Session, *where: ColumnElement[bool]) -> Money:
    """The commitments of the indicators that meet conditions, in their order, as known now or in the past that the
    session looks at. One statement."""
    return committed(ask(session, asked_money(looked_at(session), *where)))


def asked_money(past: AsAt | None, *where: ColumnElement[bool]) -> Asked:
    """The question behind `money_of`, to be asked together with others."""
    return _asked(past).where(*where)


@lru_cache(maxsize=BUILT)
def _asked(past: AsAt | None) -> Asked:
    gone, printed = aliased(CommitmentWithdrawal), aliased(PrintedTotal)
    own, its, own_person, its_person = aliased(Organisation), aliased(Organisation), aliased(Person), aliased(Person)
    query = (
        select(
            Commitment.id,
            *(getattr(Commitment, name) for name in _SAID),
            Commitment.person_id,
            Indicator.code,
            Indicator.position,
            func.coalesce(own.name, own_person.name, "").label("who"),
            gone.reason.label("gone_reason"),
            gone.day.label("gone_day"),
            func.coalesce(its.name, its_person.name, "").label("gone_who"),
            printed.total,
            printed.printed_in,
        )
        .join(Indicator, Indicator.id == Commitment.indicator_id)
        .outerjoin(own, own.id == Commitment.organisation_id)
        .outerjoin(own_person, own_person.id == Commitment.person_id)
        .outerjoin(gone, (gone.commitment_id == Commitment.id) & is_known(past, gone.day, gone.at))
        .outerjoin(its, its.id == gone.organisation_id)
        .outerjoin(its_person, its_person.id == gone.person_id)
        .outerjoin(
            printed,
            (printed.indicator_id == Commitment.indicator_id)
            & (printed.source == Commitment.source)
            & is_known(past, printed.day, printed.at),
        )
    )
    return only_known(past, query, Commitment.day, Commitment.at)


def committed(rows: Answered) -> Money:
    """The commitments that `asked_money` found, in the indicators' order."""
    lines: list[MoneyLine] = []
    totals: dict[tuple[str, str], Row[*tuple[Any, ...]]] = {}
    for row in sorted(rows, key=lambda row: (row.position, row.id)):
        lines.append(_line(row))
        if row.total is not None:
            totals[row.code, row.source] = row
    return Money(tuple(lines), tuple(_printed(row, lines) for row in totals.values()))


def _line(row: Row[*tuple[Any, ...]]) -> MoneyLine:
    return MoneyLine(
        id=row.id,
        indicator=row.code,
        who=row.who,
        from_files=row.person_id is None,
        withdrawn=row.gone_reason,
        withdrawn_by=row.gone_who,
        withdrawn_on=row.gone_day,
        **{name: getattr(row, name) for name in _SAID},
    )


def _printed(row: Row[*tuple[Any, ...]], lines: list[MoneyLine]) -> Printed:
    """What a document prints under the lines that came in with it: those it had, whatever became of them since."""
    own = (one.amount for one in lines if one.from_files and (one.indicator, one.source) == (row.code, row.source))
    return Printed(row.code, row.source, row.total, total(own), row.printed_in)
