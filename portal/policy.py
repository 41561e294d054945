"""Who may do what: the only place that says so. `require` is for a door, `scope` for the rows behind it."""

from collections.abc import Callable
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true

from models.agreement import Agreement, AgreementVersion, IndicatorTerms, Measure, Period, SignedUp
from models.audit import AuditEvent
from models.people import Person
from models.returns import Return
from models.rules.terms import Role, State
from portal.actor import Actor
from portal.errors import Forbidden, SignInRequired


class Action(StrEnum):
    """Everything that can be asked of the portal, as <resource>:<verb>. Keep the list in order."""

    ACCOUNT_MANAGE = "account:manage"
    ACTION_CHANGE = "action:change"
    AGREEMENT_CHANGE = "agreement:change"
    AGREEMENT_READ = "agreement:read"
    ASSESSMENT_CHANGE = "assessment:change"
    # Whoever reads themes: it holds no partner's figures, and its risks and actions name the partners who carry them.
    ASSESSMENT_READ = "assessment:read"
    AUDIT_READ = "audit:read"
    EDITION_PUBLISH = "edition:publish"
    EDITION_READ = "edition:read"
    EVENT_RECORD = "event:record"
    FORECAST_READ = "forecast:read"
    HELP_READ = "help:read"
    PASSWORD_CHANGE = "password:change"
    PERIOD_MANAGE = "period:manage"
    PLAN_WRITE = "plan:write"
    PROPOSAL_CHANGE = "proposal:change"
    RETURN_ANSWER = "return:answer"
    RETURN_CHALLENGE = "return:challenge"
    RETURN_COUNTERSIGN = "return:countersign"
    RETURN_EDIT = "return:edit"
    RETURN_OVERSEE = "return:oversee"  # from its submission on: every revision, and all that is said about it
    RETURN_QUERY = "return:query"
    RETURN_READ = "return:read"
    RETURN_REOPEN = "return:reopen"
    RETURN_SUBMIT = "return:submit"
    RETURN_VERIFY = "return:verify"
    RETURN_WITHDRAW = "return:withdraw"
    REVIEW_FOLLOW = "review:follow"  # the annual review while it grows, before it is sent
    REVIEW_READ = "review:read"
    SITE_OPEN = "site:open"
    THEME_READ = "theme:read"


EVERYONE = frozenset({Action.AGREEMENT_READ, Action.EDITION_READ, Action.SITE_OPEN})
_SIGNED_IN = EVERYONE | {Action.HELP_READ, Action.PASSWORD_CHANGE}
_PARTNER = _SIGNED_IN | {
    Action.ASSESSMENT_READ,
    Action.AUDIT_READ,
    Action.RETURN_ANSWER,
    Action.RETURN_EDIT,
    Action.RETURN_READ,
    Action.THEME_READ,
}

GRANTS: dict[Role | None, frozenset[Action]] = {
    None: EVERYONE,
    Role.CONTRIBUTOR: _PARTNER,
    Role.LEAD: _PARTNER
    | {
        Action.ACTION_CHANGE,
        Action.EVENT_RECORD,
        Action.FORECAST_READ,
        Action.PLAN_WRITE,
        Action.RETURN_COUNTERSIGN,
        Action.RETURN_SUBMIT,
        Action.RETURN_WITHDRAW,
    },
    # The team edits and submits too, but its scope holds only the returns of indicators that nobody leads.
    Role.TEAM: _SIGNED_IN
    | {
        Action.ACTION_CHANGE,
        Action.AGREEMENT_CHANGE,
        Action.ASSESSMENT_CHANGE,
        Action.ASSESSMENT_READ,
        Action.AUDIT_READ,
        Action.EDITION_PUBLISH,
        Action.EVENT_RECORD,
        Action.FORECAST_READ,
        Action.PERIOD_MANAGE,
        Action.PLAN_WRITE,
        Action.PROPOSAL_CHANGE,
        Action.RETURN_ANSWER,
        Action.RETURN_CHALLENGE,
        Action.RETURN_EDIT,
        Action.RETURN_OVERSEE,
        Action.RETURN_QUERY,
        Action.RETURN_READ,
        Action.RETURN_REOPEN,
        Action.RETURN_SUBMIT,
        Action.RETURN_VERIFY,
        Action.RETURN_WITHDRAW,
        Action.REVIEW_FOLLOW,
        Action.REVIEW_READ,
        Action.THEME_READ,
    },
    Role.EXECUTIVE: _SIGNED_IN
    | {
        Action.ASSESSMENT_READ,
        Action.RETURN_CHALLENGE,
        Action.RETURN_READ,
        Action.REVIEW_READ,
        Action.THEME_READ,
    },
    Role.REVIEWER: _SIGNED_IN | {Action.REVIEW_READ},
    Role.ADMIN: _SIGNED_IN | {Action.ACCOUNT_MANAGE, Action.AUDIT_READ},
}

RETURN_ACTIONS = tuple(action for action in Action if action.startswith("return:"))
"""What can be done to one return; each has its rows in `scope`."""
PARTNERS = frozenset({Role.CONTRIBUTOR, Role.LEAD})
"""The roles that stand for an organisation, and so need to have one; what they make is its own."""


def may(actor: Actor, action: Action) -> bool:
    """Whether the actor's role holds the action at all. An action that is not in the list raises ValueError."""
    action = Action(action)
    return actor.operator or action in GRANTS[actor.role]


def require(actor: Actor, action: Action) -> None:
    """The door: SignInRequired for the public, Forbidden for a role that lacks the action."""
    if may(actor, action):
        return
    if not actor.signed_in:
        raise SignInRequired()
    raise Forbidden(f"Your account ({actor.role}) does not allow this.")


def scope(actor: Actor, action: Action) -> ColumnElement[bool]:
    """The rows for which the actor holds the action, as a SQL condition on Return (on AuditEvent for the audit
    trail, on Person for accounts, on IndicatorTerms for events, actions and plans), and of them only those of the one
    agreement that the actor's account may be for. Nothing for an actor without the action; KeyError for an action that
    has no rows. What is found by its agreement instead, `agreements` of portal/records/agreement.py guards."""
    condition = _SCOPES[Action(action)]
    if actor.operator:
        return true()
    if not may(actor, action):
        return false()
    bound = true() if actor.bound_to is None else _in_agreement(Action(action), actor.bound_to)
    return and_(condition(actor), bound)


def _in_agreement(action: Action, agreement_id: int) -> ColumnElement[bool]:
    """The rows of an action that are of one agreement. Nothing correlates: the question around may ask for the same
    tables."""
    if action is Action.ACCOUNT_MANAGE:
        return Person.agreement_id == agreement_id
    if action is Action.AUDIT_READ:
        key = select(Agreement.key).where(Agreement.id == agreement_id)
        return AuditEvent.agreement == key.correlate(None).scalar_subquery()
    if _SCOPES[action] is _led:
        versions = select(AgreementVersion.id).where(AgreementVersion.agreement_id == agreement_id)
        return IndicatorTerms.version_id.in_(versions.correlate(None))
    periods = select(Period.id).where(Period.agreement_id == agreement_id)
    return Return.period_id.in_(periods.correlate(None))


def makes(actor: Actor, organisation_id: int | None) -> bool:
    """Whether the returns of an organisation are made by the actor's side; None stands for those of indicators that
    nobody leads: the team's."""
    return organisation_id in _sides(actor)


def _sides(actor: Actor) -> tuple[int | None, ...]:
    if actor.role is Role.TEAM:
        return (None,)
    return (actor.organisation_id,) if actor.role in PARTNERS and actor.organisation_id is not None else ()


def _own(actor: Actor) -> ColumnElement[bool]:
    """The returns that the actor's side makes: its organisation's, or the team's where nobody leads."""
    return or_(false(), *(Return.organisation_id.is_not_distinct_from(side) for side in _sides(actor)))


def _overseen(actor: Actor) -> ColumnElement[bool]:
    return or_(_own(actor), Return.revision > 0)


def _readable(actor: Actor) -> ColumnElement[bool]:
    """One's own, what was verified, what one oversees, and what waits for one's organisation's word."""
    seen = [Return.revision > 0] if may(actor, Action.RETURN_OVERSEE) else []
    if may(actor, Action.RETURN_COUNTERSIGN):
        seen.append(_signed_up(actor) & (Return.state == State.SUBMITTED))
    return or_(_own(actor), Return.verified_revision.is_not(None), *seen)


def _others(actor: Actor) -> ColumnElement[bool]:
    """What was submitted by another side: nobody asks themselves a question."""
    return and_(_readable(actor), Return.revision > 0, not_(_own(actor)))


def _signed_up(actor: Actor) -> ColumnElement[bool]:
    """The returns on indicators that the actor's organisation signed up to without leading them, in the version of
    the agreement that was in force at the period's end."""
    in_force = (
        select(func.max(AgreementVersion.number))
        .where(AgreementVersion.agreement_id == Period.agreement_id)
        .where(AgreementVersion.in_force_from <= Period.ends_on)
        .correlate(Period)
        .scalar_subquery()
    )
    signed = (
        select(SignedUp.indicator_id)
        .join(Measure, Measure.indicator_id == SignedUp.indicator_id)
        .join(AgreementVersion, AgreementVersion.id == SignedUp.version_id)
        .join(Period, Period.agreement_id == AgreementVersion.agreement_id)
        .where(Measure.id == Return.measure_id, Period.id == Return.period_id)
        .where(SignedUp.organisation_id == actor.organisation_id, AgreementVersion.number == in_force)
        .correlate(Return)
    )
    return signed.exists() & Return.organisation_id.is_distinct_from(actor.organisation_id)


def _countersignable(actor: Actor) -> ColumnElement[bool]:
    return and_(_readable(actor), _signed_up(actor))


def _forecast(actor: Actor) -> ColumnElement[bool]:
    """The returns whose forecasts, and how good they were, the actor may see: a lead its own, the team all."""
    return true() if actor.role is Role.TEAM else _own(actor)


def _led(actor: Actor) -> ColumnElement[bool]:
    """The indicators whose events, actions and plan the actor writes, by what one version says of their leads."""
    if actor.role is Role.TEAM:
        return true()
    return false() if actor.organisation_id is None else IndicatorTerms.lead_id == actor.organisation_id


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
}
