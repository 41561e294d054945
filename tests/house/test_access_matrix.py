"""Every door of the live app, tried by everybody: pages, callbacks, routes and API calls, on one's own return and on
another partner's. A door without a row here fails the build."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.actor import OPERATOR
from portal.errors import Forbidden, NotFound
from portal.services import sessions
from portal.web.doors import access_of
from tests.conftest import sign_in
from tests.support import wire
from tests.support.worlds import JUDGED, ROWS, World, honest_body, opened, prepare, put_back, state_of

# Who tries. The returns of tests/support/worlds.py are the police's:
# 'contributor' and 'lead' are its own people, 'wrong' leads the NHS's.
WHO = {
    "anonymous": None,
    "contributor": "police.contributor",
    "lead": "police",
    "wrong": "nhs",
    "team": "team",
    "executive": "executive",
    "reviewer": "reviewer",
    "admin": "admin",
}


def access(
    anonymous: int, contributor: int, lead: int, wrong: int, team: int, executive: int, reviewer: int, admin: int
) -> dict[str, int]:
    return dict(zip(WHO, (anonymous, contributor, lead, wrong, team, executive, reviewer, admin), strict=True))


everybody = access(200, 200, 200, 200, 200, 200, 200, 200)
own_page = access(302, 200, 200, 200, 200, 200, 200, 200)

PAGES: dict[tuple[str, str], dict[str, int]] = {
    ("/returns", ""): access(302, 200, 200, 200, 200, 403, 403, 403),
    ("/returns/<int:return_id>", "draft"): access(302, 200, 200, 404, 404, 404, 403, 403),
    ("/returns/<int:return_id>", "submitted"): access(302, 200, 200, 404, 200, 404, 403, 403),
    ("/returns/<int:return_id>", "judged"): access(302, 404, 404, 404, 200, 404, 403, 403),
    ("/returns/<int:return_id>", "signed up"): access(302, 404, 200, 404, 200, 404, 403, 403),
    ("/returns/<int:return_id>", "verified"): access(302, 200, 200, 200, 200, 200, 403, 403),
    ("/returns/<int:return_id>/check", "draft"): access(302, 200, 200, 404, 404, 403, 403, 403),
    ("/returns/<int:return_id>/check", "verified"): access(302, 200, 200, 403, 403, 403, 403, 403),
    ("/periods", ""): access(302, 403, 403, 403, 200, 403, 403, 403),
    ("/periods/<period>", ""): access(302, 403, 403, 403, 200, 403, 403, 403),
    ("/publish", ""): access(302, 403, 403, 403, 200, 403, 403, 403),
    ("/review", ""): access(302, 403, 403, 403, 200, 403, 403, 403),
    ("/explore", ""): everybody,
    ("/themes", ""): access(302, 200, 200, 200, 200, 200, 403, 403),
    ("/themes/<key>", ""): access(302, 200, 200, 200, 200, 200, 403, 403),
    ("/performance", ""): access(302, 200, 200, 200, 200, 200, 403, 403),
    ("/indicators/<code>", ""): access(302, 200, 200, 200, 200, 200, 403, 403),
    ("/indicators/<code>/plan", ""): access(302, 200, 200, 200, 200, 200, 403, 403),
    ("/annual-review", ""): access(302, 403, 403, 403, 200, 200, 200, 403),
    ("/annual-review/<year>", ""): access(302, 403, 403, 403, 200, 200, 200, 403),
    ("/agreement", ""): access(302, 200, 200, 200, 200, 200, 403, 403),
    ("/agreement/refresh", ""): access(302, 403, 403, 403, 200, 403, 403, 403),
    ("/forecasts", ""): access(302, 403, 200, 200, 200, 403, 403, 403),
    ("/people", ""): access(302, 403, 403, 403, 403, 403, 403, 200),
    ("/people/<int:number>", ""): access(302, 403, 403, 403, 403, 403, 403, 200),
    ("/audit", ""): access(302, 200, 200, 200, 200, 403, 403, 200),
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
}

CALLBACKS: dict[tuple[str, str], dict[str, int]] = {
    ("open_page", ""): access(401, 200, 200, 200, 200, 200, 200, 200),
    ("save_draft", "draft"): access(401, 200, 200, 404, 404, 403, 403, 403),
    ("save_draft", "submitted"): access(401, 409, 409, 404, 403, 403, 403, 403),
    ("save_draft", "verified"): access(401, 409, 409, 403, 403, 403, 403, 403),
    ("save_and_check", "draft"): access(401, 200, 200, 404, 404, 403, 403, 403),
    ("save_and_check", "verified"): access(401, 409, 409, 403, 403, 403, 403, 403),
    ("preview_rating", "draft"): access(401, 200, 200, 404, 404, 403, 403, 403),
    ("preview_rating", "verified"): access(401, 200, 200, 403, 403, 403, 403, 403),
    ("submit_return", "ready"): access(401, 403, 200, 404, 404, 403, 403, 403),
    ("submit_return", "submitted"): access(401, 403, 409, 404, 403, 403, 403, 403),
    ("verify_return", "draft"): access(401, 403, 403, 403, 404, 403, 403, 403),
    ("verify_return", "submitted"): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("verify_return", "verified"): access(401, 403, 403, 403, 409, 403, 403, 403),
    # The council's, with another rating than the rule's: only on its own page can it be verified.
    ("verify_return", "judged"): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("verify_chosen", "judged"): access(401, 403, 403, 403, 409, 403, 403, 403),
    ("query_return", "draft"): access(401, 403, 403, 403, 404, 403, 403, 403),
    ("query_return", "submitted"): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("keep_typed", "draft"): access(401, 200, 200, 404, 404, 403, 403, 403),
    ("keep_typed", "submitted"): access(401, 409, 409, 404, 403, 403, 403, 403),
    ("withdraw_return", "submitted"): access(401, 403, 200, 404, 403, 403, 403, 403),
    ("withdraw_return", "verified"): access(401, 403, 409, 403, 403, 403, 403, 403),
    ("reopen_return", "submitted"): access(401, 403, 403, 403, 409, 403, 403, 403),
    ("reopen_return", "verified"): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("challenge_return", "draft"): access(401, 403, 403, 403, 404, 404, 403, 403),
    ("challenge_return", "submitted"): access(401, 403, 403, 403, 200, 404, 403, 403),
    ("challenge_return", "verified"): access(401, 403, 403, 403, 200, 200, 403, 403),
    ("answer_question", "verified"): access(401, 200, 200, 403, 403, 403, 403, 403),
    ("answer_question", "draft"): access(401, 404, 404, 404, 404, 403, 403, 403),
    # The council's return, which the police signed up to: its contributors are not asked, other partners neither.
    ("countersign_return", "signed up"): access(401, 403, 200, 404, 403, 403, 403, 403),
    ("contribute_to_return", "signed up"): access(401, 403, 200, 404, 403, 403, 403, 403),
    ("dissent_from_return", "signed up"): access(401, 403, 200, 404, 403, 403, 403, 403),
    ("take_dissent_back", "signed up"): access(401, 403, 200, 404, 403, 403, 403, 403),
    ("countersign_return", "submitted"): access(401, 403, 403, 404, 403, 403, 403, 403),
    ("dissent_from_return", "draft"): access(401, 403, 403, 404, 403, 403, 403, 403),
    ("dissent_from_return", "verified"): access(401, 403, 403, 403, 403, 403, 403, 403),
    ("verify_chosen", "submitted"): access(401, 403, 403, 403, 200, 403, 403, 403),
    # The council's, from which the police dissent: on its own page whoever verifies says how that was weighed.
    ("verify_return", "signed up"): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("verify_chosen", "signed up"): access(401, 403, 403, 403, 409, 403, 403, 403),
    ("verify_chosen", "draft"): access(401, 403, 403, 403, 404, 403, 403, 403),
    ("open_period", ""): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("close_period", ""): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("reopen_period", ""): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("note_release", ""): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("note_chase", ""): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("set_milestones", ""): access(401, 403, 403, 403, 200, 403, 403, 403),
    # One is open, to which everybody has consented.
    ("start_refresh", ""): access(401, 403, 403, 403, 409, 403, 403, 403),
    ("propose_change", ""): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("take_back_change", ""): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("record_consent", ""): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("agree_refresh", ""): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("leave_refresh", ""): access(401, 403, 403, 403, 200, 403, 403, 403),
    # The police lead NI 16: its contributors do not record events on it, other leads neither.
    ("record_event", ""): access(401, 403, 200, 403, 200, 403, 403, 403),
    ("withdraw_event", ""): access(401, 403, 200, 403, 200, 403, 403, 403),
    # As with events; what an action of another indicator would be, its number alone does not tell.
    ("add_action", ""): access(401, 403, 200, 403, 200, 403, 403, 403),
    ("write_plan", ""): access(401, 403, 200, 403, 200, 403, 403, 403),
    ("change_action", ""): access(401, 403, 200, 403, 200, 403, 403, 403),
    ("choose_agreement", ""): access(401, 200, 200, 200, 200, 200, 200, 200),
    ("search_trail", ""): access(401, 200, 200, 200, 200, 403, 403, 200),
    # One is prepared, by somebody else of the team.
    ("prepare_publication", ""): access(401, 403, 403, 403, 409, 403, 403, 403),
    ("release_publication", ""): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("hold_publication", ""): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("leave_publication", ""): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("store_rule", ""): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("disable_account", ""): access(401, 403, 403, 403, 403, 403, 403, 200),
    ("enable_account", ""): access(401, 403, 403, 403, 403, 403, 403, 200),
    ("change_person", ""): access(401, 403, 403, 403, 403, 403, 403, 200),
    ("rename_organisation", ""): access(401, 403, 403, 403, 403, 403, 403, 200),
}
REFUSED = {403: Forbidden.title, 404: NotFound.title}
"""What a page in the frame says instead of itself."""
IN_BROWSER = {"arrive", "choose_all", "lay_over", "sift"}
# What somebody chose to be shown is in the session's row alone, and nobody else's business.
READS = {"open_page", "preview_rating", "search_trail", "choose_agreement"}

API = "/api/v1"
ONE = f"{API}/returns/<period>/<measure>"
# A role without the action is turned away at the door with 403, whatever it names: existence is not told by that.
CALLS: dict[tuple[str, str, str], dict[str, int]] = {
    ("GET", f"{API}/scorecard", ""): everybody,
    ("GET", f"{API}/scorecard.csv", ""): everybody,
    ("GET", f"{API}/editions", ""): everybody,
    ("GET", f"{API}/editions.csv", ""): everybody,
    ("GET", f"{API}/editions/<int:number>", ""): everybody,
    ("GET", f"{API}/editions/<int:number>.csv", ""): everybody,
    ("GET", f"{API}/themes/<key>", ""): access(401, 200, 200, 200, 200, 200, 403, 403),
    ("GET", f"{API}/annual-reviews/<year>", ""): access(401, 403, 403, 403, 200, 200, 200, 403),
    ("GET", f"{API}/returns", ""): access(401, 200, 200, 200, 200, 200, 403, 403),
    ("GET", ONE, "draft"): access(401, 200, 200, 404, 404, 404, 403, 403),
    ("GET", ONE, "submitted"): access(401, 200, 200, 404, 200, 404, 403, 403),
    ("GET", ONE, "verified"): access(401, 200, 200, 200, 200, 200, 403, 403),
    ("PUT", ONE, "draft"): access(401, 200, 200, 404, 404, 403, 403, 403),
    ("PUT", ONE, "submitted"): access(401, 409, 409, 404, 403, 403, 403, 403),
    ("PUT", ONE, "verified"): access(401, 409, 409, 403, 403, 403, 403, 403),
    ("POST", f"{ONE}/submit", "ready"): access(401, 403, 200, 404, 404, 403, 403, 403),
    ("POST", f"{ONE}/verify", "submitted"): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("POST", f"{ONE}/verify", "judged"): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("POST", f"{ONE}/verify", "draft"): access(401, 403, 403, 403, 404, 403, 403, 403),
    ("POST", f"{ONE}/query", "submitted"): access(401, 403, 403, 403, 200, 403, 403, 403),
    ("POST", f"{ONE}/reopen", "submitted"): access(401, 403, 403, 403, 409, 403, 403, 403),
    ("POST", f"{ONE}/reopen", "verified"): access(401, 403, 403, 403, 200, 403, 403, 403),
}

ROUTES: dict[tuple[str, str], dict[str, int]] = {
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
    ("GET", "/healthz"): everybody,
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
    ("GET", "/sign-in"): access(200, 303, 303, 303, 303, 303, 303, 303),
    ("GET", "/sign-out"): own_page,
    ("GET", "/password"): own_page,
    ("GET", "/audit.csv"): access(302, 200, 200, 200, 200, 403, 403, 200),
    ("GET", "/session"): access(302, 204, 204, 204, 204, 204, 204, 204),
    ("GET", "/start"): access(302, 303, 303, 303, 303, 303, 303, 303),
    ("GET", "/api"): dict.fromkeys(WHO, 404),
    ("GET", "/api/<path:path>"): dict.fromkeys(WHO, 404),
    ("GET", "/<path:path>"): dict.fromkeys(WHO, 404),
    ("GET", "/_dash-layout"): everybody,
    ("GET", "/_dash-dependencies"): everybody,
    ("GET", "/_reload-hash"): everybody,
    ("GET", "/_favicon.ico"): everybody,
}
"""What is no page: for everybody the same, and nothing private in it (other tests look at what they say)."""

ELSEWHERE = {
    ("POST", "/sign-in"): "tests/portal/public/test_sign_in.py",
    ("POST", "/sign-out"): "tests/portal/public/test_sign_in.py",
    ("POST", "/password"): "tests/portal/public/test_sign_in.py",
    ("POST", "/_dash-update-component"): "the callbacks above, and tests/portal/web/test_guard.py",
    (
        "GET",
        "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
    ): "tests/portal/web/test_guard.py",
    ("GET", "/assets/<path:filename>"): "public by design: tests/house/test_house.py",
}


@pytest.fixture(scope="module")
def prepared(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """The demonstration's data with the police's returns in each state."""
    path = tmp_path_factory.mktemp("matrix") / "prepared.sqlite"
    return path, prepare(sqlite_demo, path)


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

    expected = PAGES[rule, row]
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

    expected = PAGES[rule, row]
    assert tried(worlds, expected, attempt, writes=False) == expected


@pytest.mark.parametrize(("name", "row"), CALLBACKS)
def test_callbacks(worlds: Callable[[], World], name: str, row: str) -> None:
    def attempt(world: World, who: str, client: FlaskClient) -> int:
        return wire.post(world.app, client, honest_body(world, name, world.numbers.get(row, 0))).status_code

    expected = CALLBACKS[name, row]
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

    expected = CALLS[method, rule, row]
    assert tried(worlds, expected, attempt, writes=method != "GET") == expected


@pytest.mark.parametrize(("method", "rule"), ROUTES)
def test_other_routes(worlds: Callable[[], World], method: str, rule: str) -> None:
    def attempt(world: World, who: str, client: FlaskClient) -> int:
        path = rule.replace("<path:path>", "no/such").replace("<int:number>", "1").replace("<code>", VALUES["<code>"])
        return client.open(path, method=method).status_code

    expected = ROUTES[method, rule]
    assert tried(worlds, expected, attempt, writes=False) == expected


def test_every_route_says_which_action_it_needs(app: Flask) -> None:
    pages = {f"page:{rule}" for rule in app.extensions["portal"]["pages"].pages}
    bare = [r.rule for r in app.url_map.iter_rules() if r.endpoint not in pages and access_of(app, r) is None]
    assert bare == []


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
