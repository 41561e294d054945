"""Money: all that is committed beside how indicators stand, adding a commitment, and withdrawing one."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Indicator, Theme
from models.money import Commitment, CommitmentWithdrawal
from models.rules.money import why_no_amount
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Invalid, NotFound
from portal.formats.numbers import parse_figure
from portal.policy import Action, require
from portal.records.agreement import current_agreement
from portal.records.events import led_indicator
from portal.records.indicators import standings
from portal.records.messages import checked
from portal.records.money import money_of
from portal.records.noting import put
from portal.records.return_rows import is_row_number
from portal.records.themes import shown_period, theme_standings
from portal.viewmodels.money import MoneyTyped
from portal.viewmodels.money_page import MoneyPage
from portal.viewmodels.past import AsAt

LONGEST = {"source": 200, "proposal": 500}
ELSEWHERE = "Another organisation leads this indicator: its money is for its lead and the team to write."


def money_page(database: Database, actor: Actor, period: str | None = None, as_at: AsAt | None = None) -> MoneyPage:
    """All commitments, now or as known on a past day, beside the ratings of a period, by default the one published
    last."""
    require(actor, Action.THEME_READ)
    with database.read(actor, as_at) as session:
        agreement = current_agreement(session)
        shown, links = shown_period(session, agreement, period)
        themes = select(Theme).where(Theme.agreement_id == agreement.id).order_by(Theme.position)
        standing = theme_standings(session.scalars(themes).all(), standings(session, shown))
        money = money_of(session, Indicator.agreement_id == agreement.id)
        return MoneyPage(agreement.title, shown.key, links, standing, money, as_at)


def add_commitment(database: Database, actor: Actor, code: str, typed: MoneyTyped) -> int:
    """Commit money to an indicator; answers the commitment's number. The team may, and the lead of the indicator. Invalid
    for what cannot be taken, by field; Conflict for the same proposal with the same amount from the same source again."""
    require(actor, Action.MONEY_COMMIT)
    said = _checked(typed)
    amount = _amount(typed.amount)
    with database.write(actor) as session:
        row, lead_id = led_indicator(session, actor, code, Action.MONEY_COMMIT, ELSEWHERE)
        said["source"] = _known(session, row, said["source"])
        there = money_of(session, Indicator.id == row.id).standing
        if (said["source"], said["proposal"], amount) in [(one.source, one.proposal, one.amount) for one in there]:
            raise Conflict("The same amount from this source is committed to this proposal already.")
        made = Commitment(indicator_id=row.id, amount=amount, **said)
        put(session, made)
        after = {"commitment": made.id, **said, "amount": amount}
        audit.record(session, Action.MONEY_COMMIT, _subject(row), after=after, organisation_id=lead_id)
        return made.id


def withdraw_commitment(database: Database, actor: Actor, code: str, commitment_id: int, reason: str) -> None:
    """Say that a commitment counts no more, and why; it stays on record. NotFound for one that is none of the
    indicator's, Conflict for one that was withdrawn before."""
    require(actor, Action.MONEY_COMMIT)
    reason = checked(reason, "reason", "Say why it is withdrawn: the record keeps it.")
    with database.write(actor) as session:
        row, lead_id = led_indicator(session, actor, code, Action.MONEY_COMMIT, ELSEWHERE)
        found = session.scalars(
            select(Commitment)
            .where(Commitment.id == (commitment_id if is_row_number(commitment_id) else 0))
            .where(Commitment.indicator_id == row.id)
        ).one_or_none()
        if found is None:
            raise NotFound("There is no such commitment of money to this indicator.")
        if session.get(CommitmentWithdrawal, found.id) is not None:
            raise Conflict("This money has been withdrawn already.")
        put(session, CommitmentWithdrawal(commitment_id=found.id, reason=reason))
        before: dict[str, Any] = {name: getattr(found, name) for name in ("source", "proposal", "amount")}
        audit.record(
            session,
            Action.MONEY_COMMIT,
            _subject(row),
            before={"commitment": found.id, **before},
            after={"commitment": found.id, "withdrawn": True},
            reason=reason,
            organisation_id=lead_id,
        )


def _checked(typed: MoneyTyped) -> dict[str, str]:
    said = {
        "source": " ".join(checked(typed.source, "source", "Write where the money comes from.").split()),
        "proposal": " ".join(checked(typed.proposal, "proposal", "Write what the money is for.").split()),
        "note": checked(typed.note, "note", "") if typed.note.strip() else "",
    }
    for name, longest in LONGEST.items():
        if len(said[name]) > longest:
            raise Invalid({name: f"The text has {len(said[name])} characters; at most {longest} fit."})
    return said


def _amount(text: str) -> Decimal:
    try:
        amount = parse_figure(text)
    except ValueError as error:
        raise Invalid({"amount": str(error)}) from None
    if "%" in text:
        raise Invalid({"amount": "% was typed, but this is an amount in pounds."})
    if wrong := why_no_amount(amount):
        raise Invalid({"amount": wrong})
    return amount


def _known(session: Session, row: Indicator, source: str) -> str:
    """A source as it is written already, if it is known: else one would be counted as two."""
    known = session.scalars(
        select(Commitment.source)
        .join(Indicator, Indicator.id == Commitment.indicator_id)
        .where(Indicator.agreement_id == row.agreement_id)
        .order_by(Commitment.id)
    )
    return next((one for one in known if one.casefold() == source.casefold()), source)


def _subject(row: Indicator) -> str:
    return f"money of {row.code}"
