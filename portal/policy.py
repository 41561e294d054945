"""Who may do what: the only place that says so. `require` is for a door; the rows behind it are in portal/scopes.py."""

from enum import StrEnum

from models.rules.circulation import Stage
from models.rules.terms import Role, TokenScope
from portal.actor import Actor
from portal.errors import Forbidden, OutOfScope, SignInRequired
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
    CHANGE_READ = "change:read"  # the feed of what changed, which tells nobody more than they may read
    EDITION_PUBLISH = "edition:publish"
    EDITION_READ = "edition:read"
    EVENT_RECORD = "event:record"
    EXCEPTION_READ = "exception:read"  # the monthly report, which says who is late
    FORECAST_READ = "forecast:read"
    HELP_READ = "help:read"
    MONEY_COMMIT = "money:commit"
    PACK_MAKE = "pack:make"
    PACK_READ = "pack:read"  # by what a pack holds, whoever asked for it
    PASSWORD_CHANGE = "password:change"
    PERIOD_MANAGE = "period:manage"
    PLAN_WRITE = "plan:write"
    PROPOSAL_CHANGE = "proposal:change"
    REMINDER_CHOOSE = "reminder:choose"
    REMINDER_SEND = "reminder:send"
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
_SIGNED_IN = EVERYONE | {Action.CHANGE_READ, Action.HELP_READ, Action.PASSWORD_CHANGE, Action.REMINDER_CHOOSE}
_PARTNER = _SIGNED_IN | {
    Action.ASSESSMENT_READ,
    Action.AUDIT_READ,
    Action.PACK_MAKE,
    Action.PACK_READ,
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
        Action.PACK_MAKE,
        Action.PACK_READ,
        Action.PERIOD_MANAGE,
        Action.PLAN_WRITE,
        Action.PROPOSAL_CHANGE,
        Action.REMINDER_SEND,
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
        Action.PACK_MAKE,
        Action.PACK_READ,
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

SECOND_FACTOR = frozenset({Role.TEAM, Role.ADMIN})
"""The roles that sign in with a second factor where it is required: they change what others answer for."""


_READING = {action for action in Action if action.endswith(":read")} | {
    Action.RETURN_OVERSEE,
    Action.REVIEW_FOLLOW,
    Action.REVIEW_OPEN,
    Action.SITE_OPEN,
}
WITHIN: dict[TokenScope | None, frozenset[Action]] = {
    None: frozenset(Action),
    TokenScope.READ: frozenset(_READING),
    TokenScope.DRAFT: frozenset(_READING | {Action.RETURN_EDIT}),
    TokenScope.WRITE: frozenset(Action),
}
"""What each scope of a token leaves of its account's rights; None stands for a person, who has all of them."""


def may(actor: Actor, action: Action) -> bool:
    """Whether the actor holds the action at all: its role does, and the scope of the token that it asks with leaves
    it. An action that is not in the list raises ValueError."""
    return granted(actor, action) and Action(action) in WITHIN[actor.token_scope]


def granted(actor: Actor, action: Action) -> bool:
    """Whether the actor's role holds the action, whatever the scope of its token: for what it may read, which no scope
    narrows. An action that is not in the list raises ValueError."""
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
    if granted(actor, action):
        raise OutOfScope(f"Your account may do this, but this token's scope ({actor.token_scope}) does not allow it.")
    raise Forbidden(f"Your account ({ROLE[actor.role] if actor.role else 'without a role'}) does not allow this.")
