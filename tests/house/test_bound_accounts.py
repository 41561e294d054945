"""Two partnerships in one portal, each with its own team: to an account of one agreement the other does not exist."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask
from sqlalchemy import select

from models.agreement import AgreementVersion, IndicatorTerms, Period
from models.audit import AuditEvent
from models.packs import Pack
from models.people import Person, SignIn
from models.returns import Return
from models.rules.terms import Role
from models.self_assessment import ReviewDocument
from portal.actor import OPERATOR, Actor, public
from portal.app import create_app
from portal.database import Database
from portal.errors import Invalid, NotFound, PortalError
from portal.policy import GRANTS, Action, may
from portal.scopes import scope
from portal.services import (
    actions,
    agreements,
    people,
    periods,
    publication,
    returns,
    review,
    risks,
    scorecard,
    sessions,
)
from portal.services.audit import trail
from portal.services.desk import desk
from portal.services.queue import queue
from portal.services.themes import themes
from portal.viewmodels import actions as actions_typed
from portal.viewmodels.returns import Typed
from portal.viewmodels.risks import RiskTyped
from tests.conftest import PASSWORD, person, settings
from tests.house.test_access_matrix import CALLS, VALUES
from tests.support import wire
from tests.support.areas import DERBY, LEICESTER, TITLE, at, load_derby
from tests.support.worlds import circulate, keep_pack

Q3 = "2008-09-q3"
CANARY = "canary-of-leicester"
ORGANISATION = {Role.LEAD: "police", Role.CONTRIBUTOR: "police"}
"""It leads in both; what it does in the one, an account for the other does not see."""
OF_INDICATORS = {
    *(Action.ACTION_CHANGE, Action.EVENT_RECORD, Action.MONEY_COMMIT, Action.PLAN_WRITE, Action.RISK_WRITE),
}


def bound(database: Database, role: Role) -> Actor:
    """The account of a role that is for Derby alone."""
    return person(database, f"derby.{role}")


def two_partnerships(database: Database) -> None:
    with TemporaryDirectory() as folder:
        load_derby(database, Path(folder))
    periods.open_for_returns(database, at(OPERATOR, DERBY), Q3)
    for role in Role:
        email, organisation = f"derby.{role}@portal.example", ORGANISATION.get(role)
        people.add_person(database, OPERATOR, email, "", role, organisation, PASSWORD, agreement=DERBY, demo=True)
    for code in ("NI 16", "NI 20"):
        number = theirs(database, code)
        returns.save(database, person(database, "police"), number, None, Typed(value="2.31", commentary=CANARY))
        returns.submit(database, person(database, "police"), number, None)
    review.verify(database, person(database, "team"), number, None)
    circulate(database, at(person(database, "team"), LEICESTER))
    keep_pack(database, at(person(database, "police"), LEICESTER))


@pytest.fixture
def two(database: Database, brought: Callable[..., None]) -> Database:
    """Leicester's agreement with returns submitted and verified, Derby's beside it, and Derby's own accounts."""
    brought(database, two_partnerships)
    return database


def theirs(database: Database, code: str) -> int:
    """A return of Leicester's."""
    return returns.find_return(database, at(person(database, "police"), LEICESTER), Q3, code)


def test_no_row_of_another_agreement_is_in_anybodys_scope(two: Database) -> None:
    rows = {
        Action.ACCOUNT_MANAGE: select(Person.id).where(Person.agreement_id.is_(None)),
        Action.AUDIT_READ: select(AuditEvent.number).where(AuditEvent.agreement.is_distinct_from(DERBY)),
    }
    elsewhere = select(AgreementVersion.agreement_id).where(AgreementVersion.number == 1)
    with two.read(at(OPERATOR, LEICESTER)) as session:
        leicester = session.scalars(elsewhere.order_by(AgreementVersion.id)).first()
    of_indicators = select(IndicatorTerms.indicator_id).join(
        AgreementVersion, AgreementVersion.id == IndicatorTerms.version_id
    )
    of_returns = select(Return.id).join(Period, Period.id == Return.period_id)
    rows |= dict.fromkeys(
        (Action.REVIEW_DECIDE, Action.REVIEW_OPEN),
        select(ReviewDocument.id).where(ReviewDocument.agreement_id == leicester),
    )
    rows |= dict.fromkeys((Action.PACK_MAKE, Action.PACK_READ), select(Pack.id).where(Pack.agreement_id == leicester))
    tried = set()
    for action in Action:
        try:
            scope(OPERATOR, action)
        except KeyError:
            continue
        tried.add(action)
        query = rows.get(action)
        if query is None and action in OF_INDICATORS:
            query = of_indicators.where(AgreementVersion.agreement_id == leicester)
        elif query is None:
            query = of_returns.where(Period.agreement_id == leicester)
        with two.read(OPERATOR) as session:
            assert session.scalars(query).all()
            for role in Role:
                assert session.scalars(query.where(scope(bound(two, role), action))).all() == [], (role, action)
    assert {Action.RETURN_READ, Action.FORECAST_READ, Action.ACCOUNT_MANAGE, *OF_INDICATORS} < tried


def test_a_team_works_on_its_own_agreement_and_finds_no_other(two: Database) -> None:
    team, police = bound(two, Role.TEAM), bound(two, Role.LEAD)
    assert themes(two, team).agreement == TITLE
    shown = agreements.choice(two, team)
    assert shown is not None
    assert (shown.shown.key, shown.others, shown.many) == (DERBY, (), False)
    assert [line.key for line in agreements.listed(two, team)] == [DERBY]
    own = returns.find_return(two, police, Q3, "NI 16")
    returns.save(two, police, own, None, Typed(value="1.11"))
    returns.submit(two, police, own, None)
    assert [line.task.id for line in queue(two, team).waiting] == [own]
    assert {task.measure for task in desk(two, police).tasks} == {"NI 16", "NI 20"}
    assert review.verify(two, team, own, None).state == "verified"
    assert CANARY not in repr(trail(two, team))
    assert "return NI 16 2008/09 Q3" in {event.subject for event in trail(two, team).events}


def test_what_is_anothers_is_neither_opened_verified_nor_published(two: Database) -> None:
    team, executive = bound(two, Role.TEAM), bound(two, Role.EXECUTIVE)
    for code in ("NI 16", "NI 20"):
        number = theirs(two, code)
        for reader in (team, executive, bound(two, Role.LEAD), bound(two, Role.CONTRIBUTOR)):
            with pytest.raises(NotFound):
                returns.read_return(two, reader, number)
        with pytest.raises(NotFound):
            review.verify(two, team, number, None)
        with pytest.raises(NotFound):
            review.reopen(two, team, number, None, "Why?")
    with pytest.raises(NotFound):
        publication.prepare(two, at(team, LEICESTER), Q3, "", "")
    with pytest.raises(NotFound):
        periods.open_for_returns(two, at(team, LEICESTER), "2008-09-q4")


def test_an_action_and_a_risk_of_another_are_not_there_to_be_changed(two: Database) -> None:
    lead = at(person(two, "police"), LEICESTER)
    action = actions.add_action(two, lead, "NI 16", actions_typed.Typed("Mark bicycles."))
    risk = risks.add_risk(two, lead, "NI 16", RiskTyped("Gates rust.", "3", "4", review_on=two.clock.today()))
    for role in (Role.TEAM, Role.LEAD):
        other = bound(two, role)
        with pytest.raises(NotFound):
            actions.change_action(two, other, action, 1, actions_typed.Typed("Sell bicycles."), "Why not?")
        with pytest.raises(NotFound):
            risks.change_risk(two, other, risk, 1, RiskTyped("Gates shine.", "1", "1"), "Why not?")


def test_that_there_is_another_agreement_is_not_told(two: Database) -> None:
    said = []
    for key in (LEICESTER, "nowhere-at-all"):
        with pytest.raises(NotFound) as caught:
            themes(two, at(bound(two, Role.EXECUTIVE), key))
        said.append(str(caught.value).replace(key, "KEY"))
    assert said == [f"There is no agreement 'KEY'. There is: {DERBY}."] * 2


def test_a_choice_of_another_is_refused_and_an_older_one_counts_no_more(two: Database) -> None:
    team = bound(two, Role.TEAM)
    token = sessions.begin(two, team)
    with pytest.raises(NotFound):
        agreements.choose(two, team, token, LEICESTER)
    with two.write(OPERATOR) as session:
        row = session.scalars(select(SignIn).where(SignIn.person_id == team.person_id)).one()
        row.agreement_id = session.scalars(select(AgreementVersion.agreement_id)).first()
    live = sessions.who_is(two, token, "")
    assert live is not None
    assert themes(two, live.actor).agreement == TITLE


@pytest.fixture
def app(two: Database) -> Flask:
    return create_app(settings(), two)


def test_no_page_shows_anything_of_the_other_agreement(app: Flask, two: Database) -> None:
    pages = app.extensions["portal"]["pages"]
    numbers = [theirs(two, code) for code in ("NI 16", "NI 20")]
    for role in Role:
        actor = bound(two, role)
        opened = set()
        for rule, page in pages.pages.items():
            for number in numbers if "<int:return_id>" in rule else numbers[:1]:
                address = rule.replace("<int:return_id>", str(number))
                for name, value in VALUES.items():
                    address = address.replace(name, value)
                for asking in (actor, at(actor, LEICESTER)):
                    try:
                        title, body = pages.open(asking, address, f"?agreement={LEICESTER}")
                    except PortalError:
                        continue
                    opened.add(rule)
                    drawn = f"{title} {body}"
                    assert CANARY not in drawn, f"{role} at {address}"
                    assert "Leicester Local Area Agreement" not in drawn, f"{role} at {address}"
                    assert may(actor, page.access)
        assert "/help" in opened
        assert not any("return_id" in rule for rule in opened), role


OF_NO_AGREEMENT = ("/api/v1/openapi.json", "/api/v1/reference")
"""What describes the API itself."""


def test_no_call_answers_for_the_other_agreement(app: Flask, two: Database) -> None:
    for role in Role:
        token = sessions.issue_token(two, OPERATOR, f"derby.{role}@portal.example")
        for (method, rule, _), row in CALLS.items():
            path = rule.replace("<period>", Q3).replace("<measure>", "ni-16")
            for name, value in VALUES.items():
                path = path.replace(name, value)
            answer = app.test_client().open(
                path,
                method=method,
                query_string={"agreement": LEICESTER, "period": Q3},
                headers={"Authorization": f"Bearer {token}"},
                json={"value": "1"} if method == "PUT" else {"reason": "Why?"} if method == "POST" else None,
            )
            granted = row.action is None or row.action in GRANTS[role]
            if path in OF_NO_AGREEMENT:
                assert (answer.status_code, "Leicester Local" in answer.text) == (200, False)
                continue
            assert answer.status_code == (404 if granted else 403), f"{role}: {method} {path}"


def test_what_a_page_says_that_it_shows_is_no_way_in(app: Flask, two: Database) -> None:
    client = app.test_client()
    token = sessions.begin(two, bound(two, Role.TEAM))
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    values = {"open": 1, "agreement-shown": LEICESTER}
    sent = wire.body(app, "open_period", values, {"period": "2008-09-q4"})
    assert wire.post(app, client, sent).status_code == 404
    sent = wire.body(app, "open_period", {**values, "agreement-shown": DERBY}, {"period": "2008-09-q4"})
    assert wire.post(app, client, sent).status_code == 200


def test_an_administrator_keeps_the_accounts_of_their_own_agreement(two: Database) -> None:
    admin, everybodys = bound(two, Role.ADMIN), person(two, "admin")
    seen = people.accounts(two, admin).lines
    assert {account.email for account in seen} == {f"derby.{role}@portal.example" for role in Role}
    assert {account.agreement for account in seen} == {TITLE}
    assert {"", TITLE} == {account.agreement for account in people.accounts(two, everybodys).lines}
    for email in ("team@portal.example", "dcc@portal.example"):
        with pytest.raises(NotFound):
            people.set_disabled(two, admin, email, disabled=True)
        with pytest.raises(NotFound):
            sessions.issue_token(two, admin, email)
    people.set_disabled(two, admin, "derby.team@portal.example", disabled=True)
    assert "account derby.team@portal.example" in {event.subject for event in trail(two, admin).events}
    assert "account nhs@portal.example" not in repr(trail(two, admin))
    for key in ("", LEICESTER):
        with pytest.raises(Invalid, match="name that one"):
            people.add_person(two, admin, "new@portal.example", "", "team", None, PASSWORD, agreement=key, demo=True)
    people.add_person(two, admin, "new@portal.example", "", "team", None, PASSWORD, agreement=DERBY, demo=True)
    with pytest.raises(Invalid, match="There is no agreement"):
        people.add_person(two, everybodys, "n@portal.example", "", "team", None, PASSWORD, agreement="x", demo=True)


def test_what_is_published_stays_everybodys(two: Database) -> None:
    card = scorecard.latest_scorecard(two, at(public(), LEICESTER))
    assert card is not None
    assert card.edition == 1
