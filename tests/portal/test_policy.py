"""Who may do what: the design's table restated as data, and the rows that each role may read, edit and judge."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from models.agreement import AgreementVersion, Indicator, IndicatorTerms, Measure, Period
from models.audit import AuditEvent
from models.returns import Return
from models.rules.terms import Role, State, TokenScope
from portal import policy
from portal.actor import OPERATOR, Actor, public
from portal.database import Database
from portal.errors import Forbidden, OutOfScope, SignInRequired
from portal.policy import EVERYONE, GRANTS, PARTNERS, Action, may, require
from portal.scopes import makes, of_side, scope
from portal.services import actions, people, returns
from portal.services.desk import desk
from portal.viewmodels.actions import Typed as Wanted
from portal.viewmodels.returns import Typed
from tests.conftest import PASSWORD, person

C, L, T, E, G, A = Role.CONTRIBUTOR, Role.LEAD, Role.TEAM, Role.EXECUTIVE, Role.REVIEWER, Role.ADMIN
ROLES: tuple[Role | None, ...] = (None, *Role)

# Section 4 of the design, row by row. The team also makes the returns of indicators that nobody leads. Whoever makes
# a return answers what is asked about it.
TABLE: dict[Action, tuple[Role | None, ...]] = {
    Action.AGREEMENT_READ: ROLES,
    Action.EDITION_READ: ROLES,
    Action.SITE_OPEN: ROLES,
    Action.CHANGE_READ: tuple(Role),
    Action.HELP_READ: tuple(Role),
    Action.PASSWORD_CHANGE: tuple(Role),
    Action.REMINDER_CHOOSE: tuple(Role),
    Action.REMINDER_SEND: (T,),
    Action.RETURN_READ: (C, L, T, E),
    Action.RETURN_EDIT: (C, L, T),
    Action.RETURN_OVERSEE: (T,),
    Action.RETURN_SUBMIT: (L, T),
    Action.RETURN_WITHDRAW: (L, T),
    Action.THEME_READ: (C, L, T, E),
    Action.RETURN_QUERY: (T,),
    Action.RETURN_VERIFY: (T,),
    Action.RETURN_REOPEN: (T,),
    Action.RETURN_COUNTERSIGN: (L,),
    Action.RETURN_CHALLENGE: (T, E),
    Action.RETURN_ANSWER: (C, L, T),
    Action.AGREEMENT_CHANGE: (T,),
    Action.PERIOD_MANAGE: (T,),
    Action.EDITION_PUBLISH: (T,),
    Action.REVIEW_FOLLOW: (T,),
    Action.REVIEW_READ: (T, E, G),
    Action.REVIEW_OPEN: (T, E, G),
    Action.REVIEW_DECIDE: (T, E, G),
    Action.REVIEW_SIGN: (T,),
    Action.REVIEW_WRITE: (T,),
    Action.ACCOUNT_MANAGE: (A,),
    Action.AUDIT_READ: (C, L, T, A),
    Action.FORECAST_READ: (L, T),
    Action.EVENT_RECORD: (L, T),
    Action.ACTION_CHANGE: (L, T),
    Action.PLAN_WRITE: (L, T),
    Action.ASSESSMENT_READ: (C, L, T, E),
    Action.ASSESSMENT_CHANGE: (T,),
    Action.PROPOSAL_CHANGE: (T,),
    Action.MONEY_COMMIT: (L, T),
    Action.RISK_WRITE: (L, T),
    Action.THEME_RISK: (T,),
    Action.EXCEPTION_READ: (T, E),
    Action.PACK_MAKE: (C, L, T, E),
    Action.PACK_READ: (C, L, T, E),
}
WITHOUT_ROWS = [
    Action.AGREEMENT_CHANGE,
    Action.AGREEMENT_READ,
    Action.ASSESSMENT_CHANGE,
    Action.ASSESSMENT_READ,
    Action.CHANGE_READ,
    Action.EDITION_PUBLISH,
    Action.EDITION_READ,
    Action.HELP_READ,
    Action.PASSWORD_CHANGE,
    Action.PERIOD_MANAGE,
    Action.PROPOSAL_CHANGE,
    Action.REVIEW_FOLLOW,
    Action.REVIEW_READ,
    Action.REVIEW_SIGN,
    Action.REVIEW_WRITE,
    Action.SITE_OPEN,
    Action.THEME_READ,
]


def somebody(role: Role | None) -> Actor:
    return public() if role is None else Actor(name="somebody", role=role, person_id=1, organisation_id=1)


def test_the_table_speaks_of_every_action_and_every_role() -> None:
    assert set(TABLE) == set(Action)
    assert set(GRANTS) == set(ROLES)
    assert list(Action) == sorted(Action)


def test_nothing_is_granted_beyond_the_table_and_nothing_is_missing() -> None:
    assert {role: set(actions) for role, actions in GRANTS.items()} == {
        role: {action for action, roles in TABLE.items() if role in roles} for role in ROLES
    }


def test_the_public_may_read_what_is_published_and_no_more() -> None:
    assert GRANTS[None] == EVERYONE == {Action.AGREEMENT_READ, Action.EDITION_READ, Action.SITE_OPEN}
    assert all(actions >= EVERYONE for actions in GRANTS.values())


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", ROLES, ids=lambda role: role or "public")
def test_the_door_opens_to_those_in_the_table(role: Role | None, action: Action) -> None:
    actor = somebody(role)
    allowed = role in TABLE[action]
    assert may(actor, action) is allowed
    if allowed:
        require(actor, action)
        return
    with pytest.raises(SignInRequired if role is None else Forbidden):
        require(actor, action)


@pytest.mark.parametrize("action", Action)
def test_whoever_holds_the_command_line_may_do_everything(action: Action) -> None:
    require(OPERATOR, action)


def test_a_refusal_names_the_role_and_says_no_more() -> None:
    with pytest.raises(Forbidden, match=r"^Your account \(Government Office\) does not allow this\.$"):
        require(somebody(G), Action.RETURN_VERIFY)


@pytest.mark.parametrize("unknown", ["return:explode", "", "RETURN_READ", "return:read "])
@pytest.mark.parametrize("actor", [public(), somebody(T), OPERATOR], ids=["public", "team", "operator"])
def test_an_unknown_action_raises_for_everybody(actor: Actor, unknown: str) -> None:
    for ask in (may, require, scope):
        with pytest.raises(ValueError, match="is not a valid Action"):
            ask(actor, unknown)


@pytest.mark.parametrize("action", WITHOUT_ROWS)
def test_an_action_without_rows_has_no_scope(action: Action) -> None:
    for actor in (public(), somebody(T), OPERATOR):
        with pytest.raises(KeyError):
            scope(actor, action)


# How the third quarter stands in the tests below: state, newest revision, verified revision.
STANDS = {
    "NI 16": (State.DRAFT, 0, None),  # police
    "NI 20": (State.SUBMITTED, 1, None),  # police
    "NI 131": (State.DRAFT, 0, None),  # nhs
    "NI 39": (State.DRAFT, 1, 1),  # nhs: verified, reopened, being changed
    "NI 154": (State.QUERIED, 1, None),  # lcc
    "NI 59": (State.VERIFIED, 1, 1),  # lcc
    "NI 35": (State.PUBLISHED, 2, 2),  # lcc
    "NI 27": (State.DRAFT, 0, None),  # nobody leads the last three: the team's
    "NI 165": (State.SUBMITTED, 1, None),
    "NI 172": (State.VERIFIED, 1, 1),
}
POLICE = {"NI 16", "NI 20", "NI 32"}
NHS = {"NI 39", "NI 56", "NI 120(i)", "NI 120(ii)", "NI 126", "NI 131"}
TEAM = {"NI 27", "NI 165", "NI 172"}
SUBMITTED = {"NI 20", "NI 39", "NI 154", "NI 59", "NI 35", "NI 165", "NI 172"}
VERIFIED = {"NI 39", "NI 59", "NI 35", "NI 172"}
NOTHING: set[str] = set()
ACCOUNTS = ("police", "police.contributor", "nhs", "team", "team2", "executive", "reviewer", "admin")


@pytest.fixture
def quarter(database: Database) -> Database:
    """The demonstration's third quarter, halfway."""
    with database.write(OPERATOR) as session:
        for code, (state, revision, verified) in STANDS.items():
            of_it = Return.measure_id == select(Measure.id).where(Measure.code == code).scalar_subquery()
            changed = session.execute(
                update(Return)
                .where(of_it, Return.period_id == select(Period.id).where(Period.key == "2008/09 Q3").scalar_subquery())
                .values(state=state, revision=revision, verified_revision=verified)
            )
            assert changed.rowcount == 1
    return database


def rows(database: Database, actor: Actor, action: Action) -> set[str]:
    with database.read(OPERATOR) as session:
        return set(
            session.scalars(
                select(Measure.code)
                .join(Return, Return.measure_id == Measure.id)
                .join(Period, Return.period_id == Period.id)
                .where(Period.key == "2008/09 Q3", scope(actor, action))
            )
        )


def everybodys(database: Database, action: Action) -> dict[str, set[str]]:
    """The rows of each account that has any."""
    found = {key: rows(database, person(database, key), action) for key in ACCOUNTS}
    found["public"] = rows(database, public(), action)
    return {key: codes for key, codes in found.items() if codes}


def test_everybody_reads_their_own_the_team_what_was_submitted_and_others_what_was_verified(
    quarter: Database,
) -> None:
    assert everybodys(quarter, Action.RETURN_READ) == {
        "police": POLICE | VERIFIED,
        "police.contributor": POLICE | VERIFIED,
        "nhs": NHS | VERIFIED,
        "team": TEAM | SUBMITTED,
        "team2": TEAM | SUBMITTED,
        "executive": VERIFIED,
    }


def test_everybody_changes_and_answers_for_their_own_and_nothing_else(quarter: Database) -> None:
    for action in (Action.RETURN_EDIT, Action.RETURN_ANSWER):
        assert everybodys(quarter, action) == {
            "police": POLICE,
            "police.contributor": POLICE,
            "nhs": NHS,
            "team": TEAM,
            "team2": TEAM,
        }


def test_a_contributor_hands_nothing_in_and_takes_nothing_back(quarter: Database) -> None:
    for action in (Action.RETURN_SUBMIT, Action.RETURN_WITHDRAW):
        assert everybodys(quarter, action) == {"police": POLICE, "nhs": NHS, "team": TEAM, "team2": TEAM}


def test_only_the_team_judges_and_only_what_it_may_read(quarter: Database) -> None:
    """That its own drafts cannot be judged before they are submitted, the moves see to."""
    for action in (Action.RETURN_VERIFY, Action.RETURN_QUERY, Action.RETURN_REOPEN):
        assert everybodys(quarter, action) == {"team": TEAM | SUBMITTED, "team2": TEAM | SUBMITTED}


def test_team_and_executive_ask_others_about_what_they_may_read(quarter: Database) -> None:
    """The team asks itself nothing."""
    assert everybodys(quarter, Action.RETURN_CHALLENGE) == {
        "team": SUBMITTED - TEAM,
        "team2": SUBMITTED - TEAM,
        "executive": VERIFIED,
    }


def test_a_partner_countersigns_the_verified_returns_that_it_signed_up_to(quarter: Database) -> None:
    """The police signed up to NI 35, but neither to NI 39, NI 59 nor NI 172; the NHS to none of the four."""
    assert everybodys(quarter, Action.RETURN_COUNTERSIGN) == {"police": {"NI 35"}}


def test_a_lead_records_events_of_what_it_leads_and_the_team_of_everything(database: Database) -> None:
    def codes(actor: Actor) -> set[str]:
        with database.read(OPERATOR) as session:
            query = select(Indicator.code).join(IndicatorTerms, IndicatorTerms.indicator_id == Indicator.id)
            original = query.join(AgreementVersion, AgreementVersion.id == IndicatorTerms.version_id)
            return set(session.scalars(original.where(AgreementVersion.number == 1, scope(actor, Action.EVENT_RECORD))))

    police = codes(person(database, "police"))
    assert {"NI 16", "NI 20", "NI 32"} <= police
    assert not police & codes(person(database, "nhs"))
    assert len(codes(person(database, "team"))) == len(codes(OPERATOR)) == 58
    for nobody in (person(database, key) for key in ("police.contributor", "executive", "reviewer", "admin")):
        assert codes(nobody) == NOTHING
    assert codes(Actor(name="stray", role=L, person_id=1)) == NOTHING


def test_the_command_line_reaches_every_row(quarter: Database) -> None:
    for action in (Action.RETURN_READ, Action.RETURN_EDIT, Action.RETURN_VERIFY):
        assert len(rows(quarter, OPERATOR, action)) == 42


def test_what_the_team_oversees_is_what_was_submitted(quarter: Database) -> None:
    assert everybodys(quarter, Action.RETURN_OVERSEE) == {"team": TEAM | SUBMITTED, "team2": TEAM | SUBMITTED}


def test_whoever_makes_returns_has_a_side_and_nobody_else(quarter: Database) -> None:
    """An executive or reviewer may belong to an organisation too: its drafts are not theirs for that."""
    assert {role for role in Role if Action.RETURN_EDIT in GRANTS[role]} == PARTNERS | {T}
    for role in Role:
        actor = Actor(name="somebody", role=role, person_id=1, organisation_id=1)
        assert [side for side in (None, 1, 2) if makes(actor, side)] == {T: [None], C: [1], L: [1]}.get(role, [])
    leads_in_the_executive = replace(person(quarter, "police"), role=E)
    assert rows(quarter, leads_in_the_executive, Action.RETURN_READ) == VERIFIED
    assert not makes(OPERATOR, None)


def test_a_lead_without_an_organisation_has_no_rows_of_its_own(quarter: Database) -> None:
    """It is not the owner of what has no owner."""
    nobody = Actor(name="stray", role=L, person_id=1)
    assert rows(quarter, nobody, Action.RETURN_EDIT) == NOTHING
    assert rows(quarter, nobody, Action.RETURN_READ) == VERIFIED


def test_only_the_team_makes_what_nobody_leads_whoever_else_has_no_organisation(sqlite_database: Database) -> None:
    """Not even where a role without a side were granted that it returns figures."""
    sides = {role: Actor(name="somebody", role=role, person_id=1) for role in Role}
    with sqlite_database.read(OPERATOR) as session:
        led = {
            role: session.scalars(select(IndicatorTerms.indicator_id).where(of_side(one, IndicatorTerms.lead_id))).all()
            for role, one in sides.items()
        }
    assert {role for role, found in led.items() if found} == {T}


def test_the_desk_of_a_role_without_a_side_is_empty(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody leads, and what no organisation owns, is the team's."""
    monkeypatch.setitem(policy.GRANTS, E, policy.GRANTS[E] | {Action.RETURN_EDIT})
    team = person(sqlite_database, "team")
    actions.add_action(sqlite_database, team, "ni-16", Wanted("Write to the courts."))
    found = desk(sqlite_database, person(sqlite_database, "executive"))
    assert (found.tasks, found.not_due, found.actions) == ((), (), ())
    assert [line.indicator for line in desk(sqlite_database, team).actions] == ["NI 16"]


def with_events(database: Database) -> Database:
    """Events of the police, of a partner, of the team's and of the administrator's."""
    for key, code in (("police", "NI 16"), ("nhs", "NI 39"), ("team", "NI 27")):
        actor = person(database, key)
        found = returns.find_return(database, actor, "2008-09-q3", code)
        returns.save(database, actor, found, None, Typed(value="1"))
    people.set_password(database, person(database, "admin"), "executive@portal.example", PASSWORD)
    return database


def events(database: Database, actor: Actor) -> set[str]:
    with database.read(OPERATOR) as session:
        said = session.scalars(select(AuditEvent.subject).where(scope(actor, Action.AUDIT_READ)))
        return set(said)


def test_partners_read_their_own_events_and_team_and_administrator_all(database: Database) -> None:
    trail = with_events(database)
    everything = events(trail, OPERATOR)
    assert {"return NI 16 2008/09 Q3", "return NI 39 2008/09 Q3", "edition 1"} < everything
    assert events(trail, person(trail, "team")) == events(trail, person(trail, "admin")) == everything
    for key in ("police", "police.contributor"):
        assert events(trail, person(trail, key)) == {"return NI 16 2008/09 Q3"}
    assert events(trail, person(trail, "nhs")) == {"return NI 39 2008/09 Q3"}
    for actor in (person(trail, "executive"), person(trail, "reviewer"), public()):
        assert events(trail, actor) == NOTHING


def test_a_lead_without_an_organisation_reads_no_events(sqlite_database: Database) -> None:
    """Those of the command line and the administrator have no organisation either."""
    assert events(with_events(sqlite_database), Actor(name="stray", role=L, person_id=1)) == NOTHING


# --- tokens -----------------------------------------------------------------------------------------------

READING = {action for action in Action if action.endswith(":read")} | {
    *(Action.RETURN_OVERSEE, Action.REVIEW_FOLLOW, Action.REVIEW_OPEN, Action.SITE_OPEN)
}


@pytest.mark.parametrize("scope_", TokenScope)
@pytest.mark.parametrize("role", Role)
def test_a_scope_narrows_what_the_role_may_and_widens_nothing(role: Role, scope_: TokenScope) -> None:
    leaves = {
        TokenScope.READ: READING,
        TokenScope.DRAFT: READING | {Action.RETURN_EDIT},
        TokenScope.WRITE: set(Action),
    }[scope_]
    actor = replace(somebody(role), token_id=1, token_scope=scope_)
    assert {action for action in Action if may(actor, action)} == GRANTS[role] & leaves
    for action in GRANTS[role] - leaves:
        with pytest.raises(OutOfScope, match=f"token's scope \\({scope_}\\)"):
            require(actor, action)
    for action in set(Action) - GRANTS[role]:
        with pytest.raises(Forbidden, match="Your account"):
            require(actor, action)


@pytest.mark.parametrize("key", ["police", "police.contributor", "lcc", "team", "executive", "reviewer", "admin"])
def test_a_token_that_only_reads_reads_the_rows_that_its_account_reads(database: Database, key: str) -> None:
    whole = person(database, key)
    lcc = person(database, "lcc")
    for code, figure in (("NI 5", "60"), ("NI 59", "61")):  # the police signed up to the first
        number = returns.find_return(database, lcc, "2008-09-q3", code)
        returns.save(database, lcc, number, None, Typed(value=figure))
        returns.submit(database, lcc, number, None)
    for scope_ in TokenScope:
        actor = replace(whole, token_id=1, token_scope=scope_)
        with database.read(OPERATOR) as session:
            for action in (Action.RETURN_READ, Action.RETURN_OVERSEE):
                rows = [set(session.scalars(select(Return.id).where(scope(one, action)))) for one in (whole, actor)]
                assert rows[0] == rows[1], action
            verified = set(session.scalars(select(Return.id).where(scope(actor, Action.RETURN_VERIFY))))
        assert bool(verified) == (key == "team" and scope_ is TokenScope.WRITE)


def test_a_token_that_only_reads_sees_its_own_submission_as_submitted(database: Database) -> None:
    """Who reads its own side's return is shown it by whose it is, not by what may be done to it."""
    lcc = person(database, "lcc")
    number = returns.find_return(database, lcc, "2008-09-q3", "NI 59")
    returns.save(database, lcc, number, None, Typed(value="60"))
    reader = replace(lcc, token_id=1, token_scope=TokenScope.READ)
    draft = returns.read_return(database, reader, number)
    assert (draft.state, draft.answers.value, draft.may_edit, draft.may_submit) == (
        State.DRAFT,
        Decimal(60),
        False,
        False,
    )
    returns.submit(database, lcc, number, None)
    sent = returns.read_return(database, reader, number)
    assert (sent.state, sent.revision, sent.may_withdraw) == (State.SUBMITTED, 1, False)
    assert returns.read_return(database, lcc, number).may_withdraw
    for work in (
        lambda: returns.save(database, reader, number, None, Typed(value="1")),
        lambda: returns.withdraw(database, reader, number, None),
    ):
        with pytest.raises(OutOfScope):
            work()
