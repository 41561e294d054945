"""Every door of the live app, tried by everybody: pages, callbacks, routes and API calls, on one's own return and on
another partner's. A door without a row here fails the build."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.rules.terms import Role
from portal.actor import OPERATOR
from portal.errors import Forbidden, NotFound
from portal.policy import GRANTS, Action
from portal.services import sessions
from portal.web.doors import access_of
from tests.conftest import person, sign_in
from tests.support import wire
from tests.support.accounts import ACCOUNTS
from tests.support.worlds import JUDGED, ROWS, World, honest_body, opened, put_back, state_of

# Who tries. The returns of tests/support/worlds.py are the police's:
# 'contributor' and 'lead' are its own people, 'wrong' leads the NHS's.
WHO = {"anonymous": None, "wrong": "nhs", **{role.value: key for role, key in ACCOUNTS.items()}}
ROLE_OF = {"anonymous": None, "wrong": Role.LEAD, **{role.value: role for role in ACCOUNTS}}


class Row(NamedTuple):
    """What everybody gets at a door, and the action that it has to ask for; None where it is for everybody."""

    action: Action | None
    expected: dict[str, int]


def split(anonymous: int, signed_in: int) -> Row:
    """A door that knows no roles."""
    return Row(None, {who: anonymous if role is None else signed_in for who, role in ROLE_OF.items()})


def page(action: Action, rest: int = 200, **named: int) -> Row:
    """The door of a page that asks for an action. Whoever does not hold it is turned away: so is a role that there is
    not yet. Of those who hold it the ones that are named get what is said, all others `rest`."""
    return _door(302, action, rest, named)


def call(action: Action, rest: int = 200, **named: int) -> Row:
    """The same for a callback or a call of the API."""
    return _door(401, action, rest, named)


def _door(anonymous: int, action: Action, rest: int, named: dict[str, int]) -> Row:
    holds = {who: action in GRANTS[role] for who, role in ROLE_OF.items()}
    assert all(holds[who] for who in named), f"{named}: not all of them hold {action}"
    turned_away = {who: anonymous if role is None else 403 for who, role in ROLE_OF.items()}
    return Row(action, {who: named.get(who, rest) if holds[who] else turned_away[who] for who in WHO})


everybody = split(200, 200)
own_page = split(302, 200)
no_page = split(404, 404)

PAGES: dict[tuple[str, str], Row] = {
    ("/returns", ""): page(Action.RETURN_EDIT),
    ("/returns/<int:return_id>", "draft"): page(Action.RETURN_READ, contributor=200, lead=200, rest=404),
    ("/returns/<int:return_id>", "submitted"): page(Action.RETURN_READ, contributor=200, lead=200, team=200, rest=404),
    ("/returns/<int:return_id>", "judged"): page(Action.RETURN_READ, team=200, rest=404),
    ("/returns/<int:return_id>", "signed up"): page(Action.RETURN_READ, lead=200, team=200, rest=404),
    ("/returns/<int:return_id>", "verified"): page(Action.RETURN_READ),
    ("/returns/<int:return_id>/check", "draft"): page(Action.RETURN_EDIT, contributor=200, lead=200, rest=404),
    ("/returns/<int:return_id>/check", "verified"): page(Action.RETURN_EDIT, contributor=200, lead=200, rest=403),
    ("/periods", ""): page(Action.PERIOD_MANAGE),
    ("/periods/<period>", ""): page(Action.PERIOD_MANAGE),
    ("/publish", ""): page(Action.EDITION_PUBLISH),
    ("/review", ""): page(Action.RETURN_VERIFY),
    ("/explore", ""): everybody,
    ("/themes", ""): page(Action.THEME_READ),
    ("/themes/<key>", ""): page(Action.THEME_READ),
    ("/exceptions", ""): page(Action.EXCEPTION_READ),
    ("/money", ""): page(Action.THEME_READ),
    ("/packs", ""): page(Action.PACK_READ),
    ("/risks", ""): page(Action.THEME_READ),
    ("/performance", ""): page(Action.THEME_READ),
    ("/indicators/<code>", ""): page(Action.THEME_READ),
    ("/indicators/<code>/plan", ""): page(Action.THEME_READ),
    ("/assessment", ""): page(Action.ASSESSMENT_READ),
    ("/proposals", ""): page(Action.THEME_READ),
    ("/reward", ""): page(Action.THEME_READ),
    ("/annual-review", ""): page(Action.REVIEW_READ),
    ("/annual-review/<year>", ""): page(Action.REVIEW_READ),
    ("/agreement", ""): page(Action.THEME_READ),
    ("/agreement/refresh", ""): page(Action.AGREEMENT_CHANGE),
    ("/forecasts", ""): page(Action.FORECAST_READ),
    ("/people", ""): page(Action.ACCOUNT_MANAGE),
    ("/audit", ""): page(Action.AUDIT_READ),
    ("/people/<int:number>", ""): page(Action.ACCOUNT_MANAGE),
    ("/people/sign-on", ""): page(Action.ACCOUNT_MANAGE),
    ("/reminders", ""): page(Action.REMINDER_CHOOSE),
    ("/reminders/sent", ""): page(Action.REMINDER_SEND),
    ("/choose-agreement", ""): own_page,
    ("/help", ""): own_page,
    ("/help/<role>", ""): own_page,
}
VALUES = {
    "<int:number>": "1",
    "<key>": "safer",
    "<year>": "2008-09",
    "<period>": "2008-09-q3",
    "<code>": "ni-16",
    "<role>": "lead",
    "<token>": "x" * 43,
}

CALLBACKS: dict[tuple[str, str], Row] = {
    ("open_page", ""): split(401, 200),
    ("save_draft", "draft"): call(Action.RETURN_EDIT, contributor=200, lead=200, rest=404),
    ("save_draft", "submitted"): call(Action.RETURN_EDIT, contributor=409, lead=409, team=403, rest=404),
    ("save_draft", "verified"): call(Action.RETURN_EDIT, contributor=409, lead=409, rest=403),
    ("save_and_check", "draft"): call(Action.RETURN_EDIT, contributor=200, lead=200, rest=404),
    ("save_and_check", "verified"): call(Action.RETURN_EDIT, contributor=409, lead=409, rest=403),
    ("preview_rating", "draft"): call(Action.RETURN_EDIT, contributor=200, lead=200, rest=404),
    ("preview_rating", "verified"): call(Action.RETURN_EDIT, contributor=200, lead=200, rest=403),
    ("submit_return", "ready"): call(Action.RETURN_SUBMIT, lead=200, rest=404),
    ("submit_return", "submitted"): call(Action.RETURN_SUBMIT, lead=409, team=403, rest=404),
    ("verify_return", "draft"): call(Action.RETURN_VERIFY, rest=404),
    ("verify_return", "submitted"): call(Action.RETURN_VERIFY),
    ("verify_return", "verified"): call(Action.RETURN_VERIFY, rest=409),
    # The council's, with another rating than the rule's: only on its own page can it be verified.
    ("verify_return", "judged"): call(Action.RETURN_VERIFY),
    ("verify_chosen", "judged"): call(Action.RETURN_VERIFY, rest=409),
    ("query_return", "draft"): call(Action.RETURN_QUERY, rest=404),
    ("query_return", "submitted"): call(Action.RETURN_QUERY),
    ("keep_typed", "draft"): call(Action.RETURN_EDIT, contributor=200, lead=200, rest=404),
    ("keep_typed", "submitted"): call(Action.RETURN_EDIT, contributor=409, lead=409, team=403, rest=404),
    ("withdraw_return", "submitted"): call(Action.RETURN_WITHDRAW, lead=200, team=403, rest=404),
    ("withdraw_return", "verified"): call(Action.RETURN_WITHDRAW, lead=409, rest=403),
    ("reopen_return", "submitted"): call(Action.RETURN_REOPEN, rest=409),
    ("reopen_return", "verified"): call(Action.RETURN_REOPEN),
    ("challenge_return", "draft"): call(Action.RETURN_CHALLENGE, rest=404),
    ("challenge_return", "submitted"): call(Action.RETURN_CHALLENGE, team=200, rest=404),
    ("challenge_return", "verified"): call(Action.RETURN_CHALLENGE),
    ("answer_question", "verified"): call(Action.RETURN_ANSWER, contributor=200, lead=200, rest=403),
    ("answer_question", "draft"): call(Action.RETURN_ANSWER, rest=404),
    # The council's return, which the police signed up to: its contributors are not asked, other partners neither.
    ("countersign_return", "signed up"): call(Action.RETURN_COUNTERSIGN, lead=200, rest=404),
    ("contribute_to_return", "signed up"): call(Action.RETURN_COUNTERSIGN, lead=200, rest=404),
    ("dissent_from_return", "signed up"): call(Action.RETURN_COUNTERSIGN, lead=200, rest=404),
    ("take_dissent_back", "signed up"): call(Action.RETURN_COUNTERSIGN, lead=200, rest=404),
    ("countersign_return", "submitted"): call(Action.RETURN_COUNTERSIGN, lead=403, rest=404),
    ("dissent_from_return", "draft"): call(Action.RETURN_COUNTERSIGN, lead=403, rest=404),
    ("dissent_from_return", "verified"): call(Action.RETURN_COUNTERSIGN, rest=403),
    ("verify_chosen", "submitted"): call(Action.RETURN_VERIFY),
    ("verify_chosen", "draft"): call(Action.RETURN_VERIFY, rest=404),
    ("open_period", ""): call(Action.PERIOD_MANAGE),
    ("close_period", ""): call(Action.PERIOD_MANAGE),
    ("reopen_period", ""): call(Action.PERIOD_MANAGE),
    ("note_release", ""): call(Action.PERIOD_MANAGE),
    ("note_chase", ""): call(Action.PERIOD_MANAGE),
    ("set_milestones", ""): call(Action.AGREEMENT_CHANGE),
    # The council's, from which the police dissent: on its own page whoever verifies says how that was weighed.
    ("verify_return", "signed up"): call(Action.RETURN_VERIFY),
    ("verify_chosen", "signed up"): call(Action.RETURN_VERIFY, rest=409),
    # One is open, to which everybody has consented.
    ("start_refresh", ""): call(Action.AGREEMENT_CHANGE, rest=409),
    ("propose_change", ""): call(Action.AGREEMENT_CHANGE),
    ("take_back_change", ""): call(Action.AGREEMENT_CHANGE),
    ("record_consent", ""): call(Action.AGREEMENT_CHANGE),
    ("agree_refresh", ""): call(Action.AGREEMENT_CHANGE),
    ("leave_refresh", ""): call(Action.AGREEMENT_CHANGE),
    # The police lead NI 16: its contributors do not record events on it, other leads neither.
    ("record_event", ""): call(Action.EVENT_RECORD, lead=200, team=200, rest=403),
    ("withdraw_event", ""): call(Action.EVENT_RECORD, lead=200, team=200, rest=403),
    # As with events; what an action of another indicator would be, its number alone does not tell.
    ("add_action", ""): call(Action.ACTION_CHANGE, lead=200, team=200, rest=403),
    ("write_plan", ""): call(Action.PLAN_WRITE, lead=200, team=200, rest=403),
    # The review of 2009/10 is being written; that of 2008/09 is signed off, and waits for Government Office to decide.
    ("write_answer", ""): call(Action.REVIEW_WRITE),
    ("add_commitment", ""): call(Action.REVIEW_WRITE),
    ("say_outcome", ""): call(Action.REVIEW_WRITE),
    ("sign_off_review", ""): call(Action.REVIEW_SIGN),
    ("reopen_review", ""): call(Action.REVIEW_SIGN),
    ("decide_stage", ""): call(Action.REVIEW_DECIDE, executive=403),
    ("change_action", ""): call(Action.ACTION_CHANGE, lead=200, team=200, rest=403),
    ("add_money", ""): call(Action.MONEY_COMMIT, lead=200, team=200, rest=403),
    ("withdraw_money", ""): call(Action.MONEY_COMMIT, lead=200, team=200, rest=403),
    ("add_risk", ""): call(Action.RISK_WRITE, lead=200, team=200, rest=403),
    ("change_risk", ""): call(Action.RISK_WRITE, lead=200, team=200, rest=403),
    ("score_theme", ""): call(Action.ASSESSMENT_CHANGE),
    ("define_target", ""): call(Action.PROPOSAL_CHANGE),
    # One on the police, which their own people and the team may ask for.
    ("ask_for_pack", ""): call(Action.PACK_MAKE, contributor=200, lead=200, team=200, rest=404),
    ("watch_packs", ""): call(Action.PACK_READ),
    ("choose_agreement", ""): split(401, 200),
    ("search_trail", ""): call(Action.AUDIT_READ),
    # One is prepared, by somebody else of the team.
    ("prepare_publication", ""): call(Action.EDITION_PUBLISH, rest=409),
    ("release_publication", ""): call(Action.EDITION_PUBLISH),
    ("hold_publication", ""): call(Action.EDITION_PUBLISH),
    ("leave_publication", ""): call(Action.EDITION_PUBLISH),
    ("store_rule", ""): call(Action.EDITION_PUBLISH),
    ("search_people", ""): call(Action.ACCOUNT_MANAGE),
    ("disable_account", ""): call(Action.ACCOUNT_MANAGE),
    ("enable_account", ""): call(Action.ACCOUNT_MANAGE),
    ("change_person", ""): call(Action.ACCOUNT_MANAGE),
    ("rename_organisation", ""): call(Action.ACCOUNT_MANAGE),
    ("turn_sign_on", ""): call(Action.ACCOUNT_MANAGE),
    ("choose_reminders", ""): call(Action.REMINDER_CHOOSE, admin=409),
    ("send_again", ""): call(Action.REMINDER_SEND),
    ("remind_late", ""): call(Action.REMINDER_SEND, rest=409),  # nothing is late yet
}
REFUSED = {403: Forbidden.title, 404: NotFound.title}
"""What a page in the frame says instead of itself."""
IN_BROWSER = {"arrive", "choose_all", "lay_over", "sift"}
# What somebody chose to be shown is in the session's row alone, and nobody else's business.
READS = {"open_page", "preview_rating", "search_trail", "search_people", "choose_agreement", "watch_packs"}

API = "/api/v1"
ONE = f"{API}/returns/<period>/<measure>"
# A role without the action is turned away at the door with 403, whatever it names: existence is not told by that.
CALLS: dict[tuple[str, str, str], Row] = {
    ("GET", f"{API}/scorecard", ""): everybody,
    ("GET", f"{API}/scorecard.csv", ""): everybody,
    ("GET", f"{API}/editions", ""): everybody,
    ("GET", f"{API}/editions.csv", ""): everybody,
    ("GET", f"{API}/editions/<int:number>", ""): everybody,
    ("GET", f"{API}/editions/<int:number>.csv", ""): everybody,
    ("GET", f"{API}/themes/<key>", ""): call(Action.THEME_READ),
    ("GET", f"{API}/annual-reviews/<year>", ""): call(Action.REVIEW_READ),
    ("GET", f"{API}/openapi.json", ""): everybody,
    ("GET", f"{API}/reference", ""): everybody,
    ("GET", f"{API}/changes", ""): call(Action.CHANGE_READ),
    ("GET", f"{API}/returns", ""): call(Action.RETURN_READ),
    ("GET", ONE, "draft"): call(Action.RETURN_READ, contributor=200, lead=200, rest=404),
    ("GET", ONE, "submitted"): call(Action.RETURN_READ, contributor=200, lead=200, team=200, rest=404),
    ("GET", ONE, "verified"): call(Action.RETURN_READ),
    ("PUT", ONE, "draft"): call(Action.RETURN_EDIT, contributor=200, lead=200, rest=404),
    ("PUT", ONE, "submitted"): call(Action.RETURN_EDIT, contributor=409, lead=409, team=403, rest=404),
    ("PUT", ONE, "verified"): call(Action.RETURN_EDIT, contributor=409, lead=409, rest=403),
    ("POST", f"{ONE}/submit", "ready"): call(Action.RETURN_SUBMIT, lead=200, rest=404),
    ("POST", f"{ONE}/verify", "submitted"): call(Action.RETURN_VERIFY),
    ("POST", f"{ONE}/verify", "judged"): call(Action.RETURN_VERIFY),
    ("POST", f"{ONE}/verify", "draft"): call(Action.RETURN_VERIFY, rest=404),
    ("POST", f"{ONE}/query", "submitted"): call(Action.RETURN_QUERY),
    ("POST", f"{ONE}/reopen", "submitted"): call(Action.RETURN_REOPEN, rest=409),
    ("POST", f"{ONE}/reopen", "verified"): call(Action.RETURN_REOPEN),
}

ROUTES: dict[tuple[str, str], Row] = {
    ("GET", "/"): everybody,
    ("GET", "/editions"): everybody,
    ("GET", "/editions/<int:number>"): everybody,
    ("GET", "/editions/<int:number>/indicators/<code>"): everybody,
    ("GET", "/editions/<int:number>/indicators/<code>/card"): everybody,
    ("GET", "/editions/latest/indicators/<code>/card"): everybody,
    ("GET", "/history"): everybody,
    ("GET", "/how-we-rate"): everybody,
    ("GET", "/accessibility"): everybody,
    ("GET", "/cookies"): everybody,
    ("GET", "/agreements"): everybody,
    ("GET", "/healthz"): everybody,
    ("GET", "/readyz"): everybody,
    ("GET", "/editions.atom"): everybody,
    ("GET", "/editions/<int:number>.csv"): everybody,
    ("GET", "/editions/<int:number>.csv-metadata.json"): everybody,
    ("GET", "/editions/<int:number>.json"): everybody,
    ("GET", "/editions/<int:number>.xlsx"): everybody,
    ("GET", "/editions/<int:number>.pdf"): everybody,
    ("GET", "/editions/<int:number>/newsletter.txt"): everybody,
    ("GET", "/memorandum"): everybody,
    ("GET", "/memorandum/<int:number>"): everybody,
    ("GET", "/memorandum.csv"): everybody,
    ("GET", "/memorandum/<int:number>.csv"): everybody,
    ("GET", "/unsubscribe"): everybody,
    ("GET", "/sign-in"): split(200, 303),
    ("GET", "/sign-on"): split(200, 303),
    ("GET", "/sign-on/<key>/back"): no_page,  # an organisation without a sign-on of its own
    ("GET", "/sign-on/<key>/left"): split(303, 303),
    ("GET", "/sign-in/code"): split(302, 303),
    ("GET", "/second-step"): own_page,
    ("GET", "/sessions"): own_page,
    ("GET", "/people/invite"): page(Action.ACCOUNT_MANAGE),
    ("GET", "/people/<int:number>/sign-in"): page(Action.ACCOUNT_MANAGE),
    ("GET", "/welcome/<token>"): no_page,  # with a link that is good: tests/portal/public/test_accounts.py
    ("GET", "/sign-out"): own_page,
    ("GET", "/password"): own_page,
    ("GET", "/session"): split(302, 204),
    ("GET", "/start"): split(302, 303),
    ("GET", "/api"): no_page,
    ("GET", "/api/<path:path>"): no_page,
    ("GET", "/<path:path>"): no_page,
    ("GET", "/annual-review/<year>/self-assessment.docx"): page(Action.REVIEW_OPEN),
    ("GET", "/annual-review/<year>/self-assessment.pdf"): page(Action.REVIEW_OPEN),
    ("GET", "/returns/workbook"): page(Action.RETURN_EDIT),
    ("GET", "/returns/workbook.xlsx"): page(Action.RETURN_EDIT),
    # The police's: other sides do not learn that it is there.
    ("GET", "/returns/workbook/<int:number>"): page(Action.RETURN_EDIT, contributor=200, lead=200, rest=404),
    ("GET", "/returns/workbook/<int:number>.xlsx"): page(Action.RETURN_EDIT, contributor=200, lead=200, rest=404),
    ("GET", "/audit.csv"): page(Action.AUDIT_READ),
    ("GET", "/exceptions.docx"): page(Action.EXCEPTION_READ),
    # The one that is kept is on the police.
    ("GET", "/packs/<int:number>.pdf"): page(Action.PACK_READ, contributor=200, lead=200, team=200, rest=404),
    ("GET", "/packs/<int:number>.docx"): page(Action.PACK_READ, contributor=200, lead=200, team=200, rest=404),
    ("GET", "/_dash-layout"): everybody,
    ("GET", "/_dash-dependencies"): everybody,
    ("GET", "/_reload-hash"): everybody,
    ("GET", "/_favicon.ico"): everybody,
}
"""What is no page: for everybody the same, and nothing private in it (other tests look at what they say)."""

ELSEWHERE = {
    ("POST", "/sign-in"): "tests/portal/public/test_sign_in.py",
    ("POST", "/sign-on"): "tests/portal/public/test_sign_on.py",
    ("POST", "/sign-on/<key>/logout"): "tests/portal/public/test_sign_on_logout.py",
    ("POST", "/sign-out"): "tests/portal/public/test_sign_in.py",
    ("POST", "/sign-in/code"): "tests/portal/public/test_second_step.py",
    ("POST", "/second-step"): "tests/portal/public/test_second_step.py",
    ("POST", "/second-step/confirm"): "tests/portal/public/test_second_step.py",
    ("POST", "/sessions"): "tests/portal/public/test_own_sessions.py",
    ("POST", "/people/invite"): "tests/portal/public/test_accounts.py",
    ("POST", "/people/<int:number>/sign-in"): "tests/portal/public/test_accounts.py",
    ("POST", "/welcome/<token>"): "tests/portal/public/test_accounts.py",
    ("POST", "/unsubscribe"): "tests/portal/public/test_unsubscribe.py",
    ("POST", "/password"): "tests/portal/public/test_sign_in.py",
    ("POST", "/returns/workbook"): "tests/portal/public/test_workbooks.py",
    ("POST", "/returns/workbook/<int:number>"): "tests/portal/public/test_workbooks.py",
    ("POST", "/_dash-update-component"): "the callbacks above, and tests/portal/web/test_guard.py",
    (
        "GET",
        "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
    ): "tests/portal/web/test_guard.py",
    ("GET", "/assets/<path:filename>"): "public by design: tests/house/test_house.py",
}


@pytest.fixture(scope="module")
def earlier() -> Iterator[list[World]]:
    """The worlds that earlier tests have left."""
    found: list[World] = []
    yield found
    for world in found:
        world.database.dispose()


@pytest.fixture
def worlds(prepared: tuple[Path, dict[str, int]], earlier: list[World]) -> Callable[[], World]:
    """A maker of fresh worlds: those of earlier tests put back, and new ones when there are no more."""
    path, numbers = prepared
    left = iter(tuple(earlier))

    def make() -> World:
        if world := next(left, None):
            put_back(world, path)
            return world
        earlier.append(opened(path, path.with_name(f"{len(earlier)}.sqlite"), numbers))
        return earlier[-1]

    return make


def tried(
    worlds: Callable[[], World],
    expected: dict[str, int],
    attempt: Callable[[World, str, FlaskClient], int],
    *,
    writes: bool,
) -> dict[str, int]:
    """What everybody got. Whoever is refused shares one world, which must stay as it was; whoever is let in gets a
    world of their own, which must change when the door is one that writes."""
    shared, got = worlds(), {}
    before = state_of(shared.database)
    for who, status in expected.items():
        let_in = status < 400 and writes
        world = worlds() if let_in else shared
        got[who] = attempt(world, who, sign_in(world.app, WHO[who]))
        if let_in:
            assert state_of(world.database) != before, f"{who} was let in, but nothing was written"
    assert state_of(shared.database) == before, "somebody was refused, but something was written"
    return got


@pytest.mark.parametrize(("rule", "row"), PAGES)
def test_pages(worlds: Callable[[], World], rule: str, row: str) -> None:
    def attempt(world: World, who: str, client: FlaskClient) -> int:
        path = rule.replace("<int:return_id>", str(world.numbers.get(row)))
        for name, value in VALUES.items():
            path = path.replace(name, value)
        return client.get(path).status_code

    expected = PAGES[rule, row].expected
    assert tried(worlds, expected, attempt, writes=False) == expected


@pytest.mark.parametrize(("rule", "row"), PAGES)
def test_pages_in_the_frame(worlds: Callable[[], World], rule: str, row: str) -> None:
    """The callback that draws pages has every page's own door: nobody gets further by it than by a first load."""

    def attempt(world: World, who: str, client: FlaskClient) -> int:
        path = rule.replace("<int:return_id>", str(world.numbers.get(row)))
        for name, value in VALUES.items():
            path = path.replace(name, value)
        body = wire.body(world.app, "open_page", {"address.pathname": path, "address.search": ""})
        answer = wire.post(world.app, client, body)
        drawn = answer.json["response"]["page"]["children"] if answer.status_code == 200 else {}
        refused = next((s for s, title in REFUSED.items() if f'"{title}"' in json.dumps(drawn)), 200)
        return {401: 302}.get(answer.status_code, refused)

    expected = PAGES[rule, row].expected
    assert tried(worlds, expected, attempt, writes=False) == expected


@pytest.mark.parametrize(("name", "row"), CALLBACKS)
def test_callbacks(worlds: Callable[[], World], name: str, row: str) -> None:
    def attempt(world: World, who: str, client: FlaskClient) -> int:
        return wire.post(world.app, client, honest_body(world, name, world.numbers.get(row, 0))).status_code

    expected = CALLBACKS[name, row].expected
    assert tried(worlds, expected, attempt, writes=name not in READS) == expected


@pytest.mark.parametrize(("method", "rule", "row"), CALLS)
def test_api_calls(worlds: Callable[[], World], method: str, rule: str, row: str) -> None:
    def attempt(world: World, who: str, client: FlaskClient) -> int:
        key = WHO[who]
        headers = {}
        if key:
            headers["Authorization"] = (
                f"Bearer {sessions.issue_token(world.database, OPERATOR, f'{key}@portal.example')}"
            )
        path = rule.replace("<period>", "2008-09-q2" if row == "verified" else "2008-09-q3")
        path = path.replace("<measure>", {**ROWS, "judged": JUDGED}.get(row, "").lower().replace(" ", "-"))
        for name, value in VALUES.items():
            path = path.replace(name, value)
        body = {
            "PUT": {"value": "1.9"},
            "POST": {"reason": "Is this right?"} if path.endswith(("query", "reopen")) else {"accept_judgement": True},
        }.get(method)
        query = {"period": "2008-09-q3"} if path.endswith("/returns") else {}
        return (
            world.app.test_client()
            .open(path, method=method, json=body, headers=headers, query_string=query)
            .status_code
        )

    expected = CALLS[method, rule, row].expected
    assert tried(worlds, expected, attempt, writes=method != "GET") == expected


@pytest.mark.parametrize(("method", "rule"), ROUTES)
def test_other_routes(worlds: Callable[[], World], method: str, rule: str) -> None:
    def attempt(world: World, who: str, client: FlaskClient) -> int:
        path = rule.replace("<path:path>", "no/such")
        for name, value in VALUES.items():
            path = path.replace(name, value)
        return client.open(path, method=method).status_code

    expected = ROUTES[method, rule].expected
    assert tried(worlds, expected, attempt, writes=False) == expected


def test_every_route_says_which_action_it_needs(app: Flask) -> None:
    pages = {f"page:{rule}" for rule in app.extensions["portal"]["pages"].pages}
    bare = [r.rule for r in app.url_map.iter_rules() if r.endpoint not in pages and access_of(app, r) is None]
    assert bare == []


def test_everybody_tries_who_there_is(prepared: tuple[Path, dict[str, int]], tmp_path: Path) -> None:
    """A new role is tried at every door, or the build fails."""
    assert set(ROLE_OF.values()) == {None, *Role}
    database = opened(prepared[0], tmp_path / "portal.sqlite", prepared[1]).database
    roles = {who: None if key is None else person(database, key).role for who, key in WHO.items()}
    database.dispose()
    assert roles == ROLE_OF


def test_every_door_asks_for_the_action_that_its_row_names(app: Flask) -> None:
    portal = app.extensions["portal"]
    asks = {("page", rule): page.access for rule, page in portal["pages"].pages.items()}
    asks |= {("callback", door.name): door.access for door in portal["callbacks"].doors.values()}
    asks |= {(m, rule.rule): access_of(app, rule) for rule in app.url_map.iter_rules() for m in rule.methods or ()}
    rows = [
        *((("page", rule), row) for (rule, _), row in PAGES.items()),
        *((("callback", name), row) for (name, _), row in CALLBACKS.items()),
        *(((method, rule), row) for (method, rule, _), row in CALLS.items()),
    ]
    named = [(door, row.action) for door, row in rows if row.action]
    assert named == [(door, asks[door]) for door, _ in named]


def test_every_door_has_a_row(app: Flask) -> None:
    portal = app.extensions["portal"]
    pages = {rule for rule, _ in PAGES}
    assert set(portal["pages"].pages) == pages
    named = {door.name for door in portal["callbacks"].doors.values()}
    assert named == {name for name, _ in CALLBACKS} | IN_BROWSER
    known = {*ROUTES, *ELSEWHERE, *((method, rule) for method, rule, _ in CALLS), *(("GET", rule) for rule in pages)}
    nowhere = {"/api", "/api/<path:path>"}
    doors = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule not in nowhere or method == "GET"
    }
    assert doors - known == set()
    assert known - doors == set()
