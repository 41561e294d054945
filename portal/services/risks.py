"""Risks: all of an agreement's, writing one on an indicator or a theme, and saying what has become of one."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Indicator, Theme
from models.risks import Risk, RiskStep
from models.rules.risks import SCALE, RiskState, needs_word
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from portal.formats.texts import storable
from portal.policy import Action, may, require
from portal.records.agreement import current_agreement
from portal.records.events import led_indicator
from portal.records.messages import checked
from portal.records.noting import differing, owner_of, owners, perhaps, put, require_led
from portal.records.return_rows import is_row_number
from portal.records.risks import of_agreement, standing_risks, writable_now
from portal.viewmodels.past import AsAt
from portal.viewmodels.risks import Risks, RisksPage, RiskTyped

LONGEST = {"text": 500, "named": 200}
"""All else may be as long as a message."""
YEARS_AFTER = 5
"""A review that is later than so long after the agreement's end is a slip of the hand."""
ELSEWHERE = "Another organisation leads this indicator: its risks are for its lead and the team to write."
OF_THEMES = "The risks of a theme are for the partnership team to write."
THEME = "theme:"
"""How what a risk is on is named where it is a theme: 'theme:safer'. An indicator is named by its code."""


def risks_page(database: Database, actor: Actor, as_at: AsAt | None = None) -> RisksPage:
    """Every risk of the agreement, now or as known on a past day, with what the reader may write one on."""
    require(actor, Action.THEME_READ)
    with database.read(actor, as_at) as session:
        agreement = current_agreement(session)
        mine = writable_now(session, actor, agreement.id) if as_at is None else {}
        lines = standing_risks(session, of_agreement(agreement.id), whole=True, writable=frozenset(mine))
        themes = select(Theme).where(Theme.agreement_id == agreement.id).order_by(Theme.position)
        about = (
            [(f"{THEME}{one.key}", f"Theme: {one.title}") for one in session.scalars(themes)] if None in mine else []
        )
        about += [named for number, named in mine.items() if number is not None]
        return RisksPage(agreement.title, Risks(lines, tuple(about), owners(session) if mine else ()), as_at)


def add_risk(database: Database, actor: Actor, about: str, typed: RiskTyped) -> int:
    """Write an open risk on an indicator, by its code, or on a theme ('theme:safer'); answers its number. The team may,
    and the lead of an indicator for that. Invalid for what cannot be taken, by field; Conflict where the same is open."""
    require(actor, Action.RISK_WRITE)
    with database.write(actor) as session:
        row, lead_id = _about(session, actor, about)
        step = _checked(session, row.agreement_id, replace(typed, state=RiskState.OPEN.value), "", None)
        on = Risk.theme_id == row.id if isinstance(row, Theme) else Risk.indicator_id == row.id
        if any(line.now.state is RiskState.OPEN for line in standing_risks(session, on, RiskStep.text == step.text)):
            raise Conflict("The same risk is open here already.")
        risk = Risk(version=1, **({"theme_id": row.id} if isinstance(row, Theme) else {"indicator_id": row.id}))
        session.add(risk)
        session.flush()
        step.risk_id = risk.id
        put(session, step)
        after = {"risk": risk.id, **_said(step)}
        audit.record(session, Action.RISK_WRITE, _subject(row), after=after, organisation_id=lead_id)
        return risk.id


def change_risk(
    database: Database, actor: Actor, risk_id: int, version: int | None, typed: RiskTyped, word: str
) -> str:
    """Say what has become of a risk: reviewed, closed, weighed or worded otherwise; answers its indicator's code, '' for
    one on a theme. What it said before stays on record. Invalid where the change needs a word and has none; Stale when
    it is not at the version that was looked at, NotFound for no risk, Forbidden for one that is another's to write."""
    require(actor, Action.RISK_WRITE)
    with database.write(actor) as session:
        risk, row, lead_id = _risk(session, actor, risk_id)
        if version is not None and version != risk.version:
            raise Stale("This risk changed after you opened the page. Nothing was saved: open it again and look.")
        (before,) = session.scalars(
            select(RiskStep).where(RiskStep.risk_id == risk.id).order_by(RiskStep.id.desc()).limit(1)
        )
        after = _checked(session, row.agreement_id, typed, word, before.review_on)
        was, now = _said(before), _said(after)
        if was == now:
            raise Invalid({"text": "Nothing is different from what the risk says already."})
        if not after.reason and needs_word(_weighed(before), _weighed(after)):
            raise Invalid({"word": "Say in a word why: the record keeps it."})
        gone, new = differing(was, now)
        risk.version += 1
        after.risk_id = risk.id
        put(session, after)
        audit.record(
            session,
            Action.RISK_WRITE,
            _subject(row),
            before={"risk": risk.id, **gone},
            after={"risk": risk.id, **new},
            reason=after.reason,
            organisation_id=lead_id,
        )
        return row.code if isinstance(row, Indicator) else ""


def _about(session: Session, actor: Actor, about: str) -> tuple[Indicator | Theme, int | None]:
    """What a risk is to be on, where the actor may write one, and its lead."""
    if not about:
        raise Invalid({"about": "Choose what the risk is on."})
    if not about.startswith(THEME):
        return led_indicator(session, actor, about, Action.RISK_WRITE, ELSEWHERE)
    if not may(actor, Action.THEME_RISK):
        raise Forbidden(OF_THEMES)
    agreement, key = current_agreement(session), about.removeprefix(THEME)
    found = select(Theme).where(Theme.agreement_id == agreement.id, Theme.key == (key if storable(key) else ""))
    theme = session.scalars(found).one_or_none()
    if theme is None:
        raise NotFound("There is no such theme in this agreement.")
    return theme, None


def _risk(session: Session, actor: Actor, risk_id: int) -> tuple[Risk, Indicator | Theme, int | None]:
    """A risk that the actor may change now, locked, what it is on, and the lead of that."""
    number = risk_id if is_row_number(risk_id) else 0
    risk = session.scalars(select(Risk).where(Risk.id == number).with_for_update(of=Risk)).one_or_none()
    row = (risk.indicator or risk.theme) if risk else None
    if risk is None or row is None or actor.bound_to not in (None, row.agreement_id):
        raise NotFound("There is no such risk.")
    session.info["agreement"] = session.get_one(Agreement, row.agreement_id).key  # whichever the actor is shown
    if isinstance(row, Theme):
        if not may(actor, Action.THEME_RISK):
            raise Forbidden(OF_THEMES)
        return risk, row, None
    return risk, row, require_led(session, actor, row, Action.RISK_WRITE, ELSEWHERE)


def _checked(session: Session, agreement_id: int, typed: RiskTyped, word: str, review_was: date | None) -> RiskStep:
    """What was typed as a step that can be kept; Invalid, by field, for what cannot."""
    text = checked(typed.text, "text", "Write what may go wrong.", LONGEST["text"])
    kept = perhaps({"mitigation": typed.mitigation, "named": typed.named, "word": word}, LONGEST)
    weights = {}
    for name in ("likelihood", "impact"):
        said = getattr(typed, name)
        if said not in map(str, SCALE):
            raise Invalid({name: f"Choose how great the {name} is, from {SCALE[0]} to {SCALE[-1]}."})
        weights[name] = int(said)
    if typed.state not in list(RiskState):
        raise Invalid({"state": "Choose open or closed."})
    return RiskStep(
        text=text,
        **weights,
        mitigation=kept["mitigation"],
        owner_id=owner_of(session, typed.owner),
        named=kept["named"],
        review_on=_review(session, agreement_id, typed.review_on, review_was),
        state=RiskState(typed.state),
        reason=kept["word"],
    )


def _review(session: Session, agreement_id: int, review_on: date | None, was: date | None) -> date:
    """The day on which a risk is to be looked at again: none that has passed, unless it was that before."""
    if review_on is None:
        raise Invalid({"review": "Say when the risk is to be looked at again."})
    if review_on != was and review_on < session.info["clock"].today():
        raise Invalid({"review": "That day has passed: choose a day on which it will be looked at again."})
    last = int(session.get_one(Agreement, agreement_id).last_year[:4])
    if review_on.year > last + YEARS_AFTER:
        raise Invalid({"review": "That is far from the agreement's years: is the year right?"})
    return review_on


def _weighed(step: RiskStep) -> tuple[RiskState, int, int, date]:
    return step.state, step.likelihood, step.impact, step.review_on


def _said(step: RiskStep) -> dict[str, Any]:
    """A step as the audit trail keeps it."""
    names = ("text", "likelihood", "impact", "mitigation", "owner_id", "named", "review_on", "state")
    return {name: getattr(step, name) for name in names}


def _subject(row: Indicator | Theme) -> str:
    return f"risks of {row.code if isinstance(row, Indicator) else f'theme {row.key}'}"
