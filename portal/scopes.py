"""Whose rows each action is about: the policy as SQL conditions. Who holds the action at all says portal/policy.py."""

from collections.abc import Callable
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, false, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from models.agreement import Agreement, AgreementVersion, IndicatorTerms, Period
from models.audit import AuditEvent
from models.packs import Pack
from models.people import Person
from models.returns import Return
from models.rules.terms import Role, State
from models.self_assessment import ReviewDocument
from portal.actor import Actor
from portal.policy import GRANTS, PARTNERS, STAGES, Action, granted, may
from portal.reach import reached, signed_up

OF_ACCOUNTS = ("account", "factor", "password", "session", "token")
"""What the events of the audit trail that are about accounts begin with."""


def scope(actor: Actor, action: Action) -> ColumnElement[bool]:
    """The rows for which the actor holds the action, as a SQL condition on Return (on AuditEvent for the audit
    trail, on Person for accounts, on IndicatorTerms for what the lead of an indicator writes, on ReviewDocument for
    reviews that are signed off, on Pack for briefing packs), and of them only those of the one agreement that the
    actor's account may be for. Nothing for an actor without the action; KeyError for an action that has no rows. What is
    found by its agreement instead, `agreements` of portal/records/agreement.py guards."""
    condition = _SCOPES[Action(action)]
    if actor.operator:
        return true()
    if not may(actor, action):
        return false()
    # Nothing else of an actor decides what is theirs: everybody of one side in one role shares what was built.
    of = {name: getattr(actor, name) for name in ("role", "organisation_id", "bound_to", "token_scope")}
    return _built(condition, Actor(name="", **of), Action(action), GRANTS[actor.role])


@lru_cache(maxsize=256)
def _built(
    condition: Callable[[Actor], ColumnElement[bool]], actor: Actor, action: Action, _held: frozenset[Action]
) -> ColumnElement[bool]:
    """The condition itself. To build it takes longer than to ask it, so it is kept, by all that it is made of: what it is
    told of the actor, and what their role holds."""
    bound = true() if actor.bound_to is None else _in_agreement(action, actor.bound_to)
    return and_(condition(actor), bound)


def _in_agreement(action: Action, agreement_id: int) -> ColumnElement[bool]:
    """The rows of an action that are of one agreement. Nothing correlates: the question around may ask for the same
    tables."""
    if action is Action.ACCOUNT_MANAGE:
        return Person.agreement_id == agreement_id
    if action is Action.AUDIT_READ:
        key = select(Agreement.key).where(Agreement.id == agreement_id)
        return AuditEvent.agreement == key.correlate(None).scalar_subquery()
    if _SCOPES[action] is _briefed:
        return Pack.agreement_id == agreement_id
    if _SCOPES[action] is _reached:
        return ReviewDocument.agreement_id == agreement_id
    if _SCOPES[action] is _led:
        versions = select(AgreementVersion.id).where(AgreementVersion.agreement_id == agreement_id)
        return IndicatorTerms.version_id.in_(versions.correlate(None))
    periods = select(Period.id).where(Period.agreement_id == agreement_id)
    return Return.period_id.in_(periods.correlate(None))


def told(actor: Actor) -> ColumnElement[bool]:
    """The events of the audit trail of which the actor reads what was recorded and why: its own side's; the team all, but
    what others' drafts say; an administrator what was done to accounts. That the rest happened is in the trail too."""
    own = of_side(actor, AuditEvent.organisation_id)
    if actor.operator or may(actor, Action.RETURN_OVERSEE):
        return or_(own, AuditEvent.action != Action.RETURN_EDIT)
    if may(actor, Action.ACCOUNT_MANAGE):
        return or_(*(AuditEvent.action.startswith(f"{resource}:") for resource in OF_ACCOUNTS))
    return own


def makes(actor: Actor, organisation_id: int | None) -> bool:
    """Whether the returns of an organisation are made by the actor's side; None stands for those of indicators that
    nobody leads: the team's."""
    return organisation_id in _sides(actor)


def of_side(actor: Actor, organisation_id: InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
    """The rows whose organisation, in this column, is the actor's side: its own, or none for the team. Nothing for
    whoever has no side."""
    return or_(false(), *(_is(organisation_id, side) for side in _sides(actor)))


def _is(organisation_id: InstrumentedAttribute[int | None], side: int | None) -> ColumnElement[bool]:
    """Never neither true nor false, so that it can be turned round; PostgreSQL has an index for this and none for IS NOT
    DISTINCT FROM, which says the same."""
    if side is None:
        return organisation_id.is_(None)
    return organisation_id.is_not(None) & (organisation_id == side)


def _sides(actor: Actor) -> tuple[int | None, ...]:
    if actor.role is Role.TEAM:
        return (None,)
    return (actor.organisation_id,) if actor.role in PARTNERS and actor.organisation_id is not None else ()


def briefs(actor: Actor, organisation_id: int | None) -> bool:
    """Whether the pack on an organisation, or with None one that is on no single one, is for the actor to ask for and
    to read: what `scope` says of the packs that there are."""
    if actor.operator or actor.role is Role.TEAM:
        return True
    if actor.role in PARTNERS:
        return organisation_id is not None and organisation_id == actor.organisation_id
    return may(actor, Action.PACK_READ) and organisation_id is None


def _briefed(actor: Actor) -> ColumnElement[bool]:
    """The packs that hold nothing but what the actor may read: the team all; a partner's people those on their own
    indicators, the executive those on themes and on everything."""
    if actor.role is Role.TEAM:
        return true()
    if actor.role in PARTNERS:
        return false() if actor.organisation_id is None else Pack.organisation_id == actor.organisation_id
    return Pack.organisation_id.is_(None)


def _own(actor: Actor) -> ColumnElement[bool]:
    """The returns that the actor's side makes: its organisation's, or the team's where nobody leads."""
    return of_side(actor, Return.organisation_id)


def _overseen(actor: Actor) -> ColumnElement[bool]:
    return or_(_own(actor), Return.revision > 0)


def _readable(actor: Actor) -> ColumnElement[bool]:
    """One's own, what was verified, what one oversees, and what waits for one's organisation's word."""
    seen = [Return.revision > 0] if may(actor, Action.RETURN_OVERSEE) else []
    if granted(actor, Action.RETURN_COUNTERSIGN):  # a token that may not write reads what its account reads
        seen.append(signed_up(actor.organisation_id) & (Return.state == State.SUBMITTED))
    return or_(_own(actor), Return.verified_revision.is_not(None), *seen)


def _others(actor: Actor) -> ColumnElement[bool]:
    """What was submitted by another side: nobody asks themselves a question."""
    return and_(_readable(actor), Return.revision > 0, not_(_own(actor)))


def _countersignable(actor: Actor) -> ColumnElement[bool]:
    return and_(_readable(actor), signed_up(actor.organisation_id))


def _forecast(actor: Actor) -> ColumnElement[bool]:
    """The returns whose forecasts, and how good they were, the actor may see: a lead its own, the team all."""
    return true() if actor.role is Role.TEAM else _own(actor)


def _led(actor: Actor) -> ColumnElement[bool]:
    """The indicators whose events, actions, plan, money and risks are the actor's to write, by what one version says of
    their leads."""
    return true() if actor.role is Role.TEAM else of_side(actor, IndicatorTerms.lead_id)


def _reached(actor: Actor) -> ColumnElement[bool]:
    """The signed-off reviews that have come as far as the actor's stage."""
    return reached(STAGES[actor.role][0])


def _accounts(_actor: Actor) -> ColumnElement[bool]:
    return true()


def _audit(actor: Actor) -> ColumnElement[bool]:
    if actor.role in (Role.TEAM, Role.ADMIN):
        return true()
    if actor.organisation_id is None:
        return false()
    return AuditEvent.organisation_id == actor.organisation_id


_SCOPES: dict[Action, Callable[[Actor], ColumnElement[bool]]] = {
    Action.ACCOUNT_MANAGE: _accounts,
    Action.ACTION_CHANGE: _led,
    Action.AUDIT_READ: _audit,
    Action.EVENT_RECORD: _led,
    Action.FORECAST_READ: _forecast,
    Action.MONEY_COMMIT: _led,
    Action.PACK_MAKE: _briefed,
    Action.PACK_READ: _briefed,
    Action.PLAN_WRITE: _led,
    Action.RETURN_ANSWER: _own,
    Action.RETURN_CHALLENGE: _others,
    Action.RETURN_COUNTERSIGN: _countersignable,
    Action.RETURN_EDIT: _own,
    Action.RETURN_OVERSEE: _overseen,
    Action.RETURN_QUERY: _readable,
    Action.RETURN_READ: _readable,
    Action.RETURN_REOPEN: _readable,
    Action.RETURN_SUBMIT: _own,
    Action.RETURN_VERIFY: _readable,
    Action.RETURN_WITHDRAW: _own,
    Action.REVIEW_DECIDE: _reached,
    Action.REVIEW_OPEN: _reached,
    Action.RISK_WRITE: _led,
}
