"""Who may do what: the only place that says so. `require` is for a door, `scope` for the rows behind it."""

from collections.abc import Callable
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, false, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from models.agreement import Agreement, AgreementVersion, IndicatorTerms, Period
from models.audit import AuditEvent
from models.people import Person
from models.returns import Return
from models.rules.circulation import Stage
from models.rules.terms import Role, State
from models.self_assessment import ReviewDocument
from portal.actor import Actor
from portal.errors import Forbidden, SignInRequired
from portal.reach import reached, signed_up
from portal.words import ROLE


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
    EXCEPTION_READ = "exception:read"  # the monthly report, which says who is late
    FORECAST_READ = "forecast:read"
    HELP_READ = "help:read"
    MONEY_COMMIT = "money:commit"
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
    REVIEW_DECIDE = "review:decide"  # on the self-assessment: the team for all, others for their own stage
    REVIEW_FOLLOW = "review:follow"  # the annual review while it grows, before it is sent
    REVIEW_OPEN = "review:open"  # the self-assessment as a document: the team always, others once it reached them
    REVIEW_READ = "review:read"
    REVIEW_SIGN = "review:sign"
    REVIEW_WRITE = "review:write"
    RISK_WRITE = "risk:write"
    SITE_OPEN = "site:open"
    THEME_READ = "theme:read"
    THEME_RISK = "theme:risk"  # to write the risks of a whole theme


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
_CIRCULATED = {Action.REVIEW_DECIDE, Action.REVIEW_OPEN, Action.REVIEW_READ}

GRANTS: dict[Role | None, frozenset[Action]] = {
    None: EVERYONE,
    Role.CONTRIBUTOR: _PARTNER,
    Role.LEAD: _PARTNER
    | {
        Action.ACTION_CHANGE,
        Action.EVENT_RECORD,
        Action.FORECAST_READ,
        Action.MONEY_COMMIT,
        Action.PLAN_WRITE,
        Action.RETURN_COUNTERSIGN,
        Action.RETURN_SUBMIT,
        Action.RETURN_WITHDRAW,
        Action.RISK_WRITE,
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
        Action.EXCEPTION_READ,
        Action.FORECAST_READ,
        Action.MONEY_COMMIT,
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
        *_CIRCULATED,
        Action.REVIEW_FOLLOW,
        Action.REVIEW_SIGN,
        Action.REVIEW_WRITE,
        Action.RISK_WRITE,
        Action.THEME_READ,
        Action.THEME_RISK,
    },
    Role.EXECUTIVE: _SIGNED_IN
    | {
        Action.ASSESSMENT_READ,
        Action.EXCEPTION_READ,
        Action.RETURN_CHALLENGE,
        Action.RETURN_READ,
        *_CIRCULATED,
        Action.THEME_READ,
    },
    Role.REVIEWER: _SIGNED_IN | {*_CIRCULATED},
    Role.ADMIN: _SIGNED_IN | {Action.ACCOUNT_MANAGE, Action.AUDIT_READ},
}

STAGES: dict[Role | None, tuple[Stage, ...]] = {
    Role.TEAM: tuple(Stage),
    Role.EXECUTIVE: (Stage.EXECUTIVE,),
    Role.REVIEWER: (Stage.GOVERNMENT_OFFICE,),
}
"""The stages of a review document's circulation whose decision each role writes down."""
RETURN_ACTIONS = tuple(action for action in Action if action.startswith("return:"))
"""What can be done to one return; each has its rows in `scope`."""
PARTNERS = frozenset({Role.CONTRIBUTOR, Role.LEAD})
"""The roles that stand for an organisation, and so need to have one; what they make is its own."""


def may(actor: Actor, action: Action) -> bool:
    """Whether the actor's role holds the action at all. An action that is not in the list raises ValueError."""
    action = Action(action)
    return actor.operator or action in GRANTS[actor.role]


def holders(action: Action) -> list[Role]:
    """The roles that hold an action."""
    return [role for role, held in GRANTS.items() if role is not None and action in held]


def require(actor: Actor, action: Action) -> None:
    """The door: SignInRequired for the public, Forbidden for a role that lacks the action."""
    if may(actor, action):
        return
    if not actor.signed_in:
        raise SignInRequired()
    raise Forbidden(f"Your account ({ROLE[actor.role] if actor.role else 'without a role'}) does not allow this.")


def scope(actor: Actor, action: Action) -> ColumnElement[bool]:
    """The rows for which the actor holds the action, as a SQL condition on Return (on AuditEvent for the audit
    trail, on Person for accounts, on IndicatorTerms for what the lead of an indicator writes, on ReviewDocument for
    reviews that are signed off), and of them only those of the one agreement that the actor's account may be for.
    Nothing for an actor without the action; KeyError for an action that has no rows. What is found by its agreement
    instead, `agreements` of portal/records/agreement.py guards."""
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
    if _SCOPES[action] is _reached:
        return ReviewDocument.agreement_id == agreement_id
    if _SCOPES[action] is _led:
        versions = select(AgreementVersion.id).where(AgreementVersion.agreement_id == agreement_id)
        return IndicatorTerms.version_id.in_(versions.correlate(None))
    periods = select(Period.id).where(Period.agreement_id == agreement_id)
    return Return.period_id.in_(periods.correlate(None))


def makes(actor: Actor, organisation_id: int | None) -> bool:
    """Whether the returns of an organisation are made by the actor's side; None stands for those of indicators that
    nobody leads: the team's."""
    return organisation_id in _sides(actor)


def of_side(actor: Actor, organisation_id: InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
    """The rows whose organisation, in this column, is the actor's side: its own, or none for the team. Nothing for
    whoever has no side."""
    return or_(false(), *(organisation_id.is_not_distinct_from(side) for side in _sides(actor)))


def _sides(actor: Actor) -> tuple[int | None, ...]:
    if actor.role is Role.TEAM:
        return (None,)
    return (actor.organisation_id,) if actor.role in PARTNERS and actor.organisation_id is not None else ()


def _own(actor: Actor) -> ColumnElement[bool]:
    """The returns that the actor's side makes: its organisation's, or the team's where nobody leads."""
    return of_side(actor, Return.organisation_id)


def _overseen(actor: Actor) -> ColumnElement[bool]:
    return or_(_own(actor), Return.revision > 0)


def _readable(actor: Actor) -> ColumnElement[bool]:
    """One's own, what was verified, what one oversees, and what waits for one's organisation's word."""
    seen = [Return.revision > 0] if may(actor, Action.RETURN_OVERSEE) else []
    if may(actor, Action.RETURN_COUNTERSIGN):
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
