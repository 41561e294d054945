"""What every answer carries, whatever it is: which scripts may run, what may be kept, and what the frame tells."""

import base64
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from models.people import Person
from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.services import returns, sessions
from portal.viewmodels.returns import Typed
from tests.conftest import TODAY, person, settings, sign_in
from tests.support import wire
from tests.support.tour import public_stops

Ask = Callable[[Flask], TestResponse]


@pytest.fixture(scope="module")
def still(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A portal that nobody changes, with a draft in it."""
    path = tmp_path_factory.mktemp("headers") / "portal.sqlite"
    shutil.copy(sqlite_demo, path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    police = person(database, "police")
    number = returns.find_return(database, police, "2008-09-q3", "NI 16")
    returns.save(database, police, number, None, Typed(value="7.77", commentary="private words"))
    yield create_app(settings(), database)
    database.dispose()


def bearer(app: Flask) -> dict[str, str]:
    token = sessions.issue_token(app.extensions["portal"]["database"], OPERATOR, "police@portal.example")
    return {"Authorization": f"Bearer {token}"}


def a_callback(app: Flask) -> TestResponse:
    client = sign_in(app, "police")
    return wire.post(app, client, wire.body(app, "open_page", {"address.pathname": "/returns", "address.search": ""}))


def not_modified(app: Flask) -> TestResponse:
    client = app.test_client()
    return client.get("/", headers={"If-None-Match": client.get("/").headers["ETag"]})


def a_component(app: Flask) -> TestResponse:
    address = re.search(r'src="(/_dash-component-suites/[^"]+dash_renderer[^"]+)"', dash_page(app).text)
    assert address
    return app.test_client().get(address[1])


def dash_page(app: Flask) -> TestResponse:
    return sign_in(app, "police").get("/returns")


PUBLIC: dict[str, tuple[Ask, int]] = {
    "the scorecard": (lambda app: app.test_client().get("/"), 200),
    "the scorecard, seen before": (not_modified, 304),
    "the form for signing in": (lambda app: app.test_client().get("/sign-in"), 200),
    "health": (lambda app: app.test_client().get("/healthz"), 200),
    "the public API": (lambda app: app.test_client().get("/api/v1/scorecard"), 200),
    "a style sheet": (lambda app: app.test_client().get("/assets/portal.css"), 200),
    "a script": (lambda app: app.test_client().get("/assets/portal.js"), 200),
    "a component's script": (a_component, 200),
    "the frame": (lambda app: app.test_client().get("/_dash-layout"), 200),
    "the list of callbacks": (lambda app: app.test_client().get("/_dash-dependencies"), 200),
    "a page that needs an account": (lambda app: app.test_client().get("/returns"), 302),
    "a page that does not exist": (lambda app: app.test_client().get("/no-such-page"), 404),
    "an address that does not exist": (lambda app: app.test_client().get("/api/v1/no-such"), 404),
    "a file that does not exist": (lambda app: app.test_client().get("/assets/no-such.css"), 404),
    "a method that does not exist": (lambda app: app.test_client().post("/healthz"), 405),
    "a forged form": (lambda app: app.test_client().post("/sign-in"), 400),
    "a refused token": (
        lambda app: app.test_client().get("/api/v1/scorecard", headers={"Authorization": "Bearer x"}),
        401,
    ),
}
SIGNED_IN: dict[str, tuple[Ask, int]] = {
    "a page": (dash_page, 200),
    "a page of somebody else": (lambda app: sign_in(app, "police").get("/people"), 403),
    "a page that does not exist": (lambda app: sign_in(app, "police").get("/themes/no-such"), 404),
    "a callback": (a_callback, 200),
    "a forged callback": (lambda app: sign_in(app, "police").post(wire.ADDRESS, json={}), 400),
    "the form for a password": (lambda app: sign_in(app, "police").get("/password"), 200),
    "the form for signing out": (lambda app: sign_in(app, "police").get("/sign-out"), 200),
    "the start": (lambda app: sign_in(app, "police").get("/start"), 303),
    "the API": (lambda app: app.test_client().get("/api/v1/returns/2008-09-q3/ni-16", headers=bearer(app)), 200),
    "the list of the API": (
        lambda app: app.test_client().get("/api/v1/returns?period=2008-09-q3", headers=bearer(app)),
        200,
    ),
}
EVERY = [
    *(pytest.param(ask, status, id=f"public: {name}") for name, (ask, status) in PUBLIC.items()),
    *(pytest.param(ask, status, id=f"signed in: {name}") for name, (ask, status) in SIGNED_IN.items()),
]


def policy(answer: TestResponse) -> dict[str, list[str]]:
    """The content security policy by directive."""
    (header,) = answer.headers.getlist("Content-Security-Policy")
    parts = [part.split() for part in header.split(";") if part.strip()]
    assert len({part[0] for part in parts}) == len(parts)
    return {part[0]: part[1:] for part in parts}


def check_headers(answer: TestResponse) -> None:
    allowed = policy(answer)
    for unsafe in ("'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "data:", "*", "https:", "http:"):
        assert unsafe not in allowed["script-src"]
    assert allowed["default-src"] == allowed["form-action"] == ["'self'"]
    assert allowed["object-src"] == allowed["base-uri"] == allowed["frame-ancestors"] == ["'none'"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Server" not in answer.headers
    assert "X-Powered-By" not in answer.headers


# --- every answer -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ask", "status"), EVERY)
def test_every_kind_of_answer_is_guarded(still: Flask, ask: Ask, status: int) -> None:
    answer = ask(still)
    assert answer.status_code == status
    check_headers(answer)


def test_so_is_a_mistake_of_ours(still: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall_over(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("portal.services.scorecard.editions", fall_over)
    answer = still.test_client().get("/editions")
    assert answer.status_code == 500
    check_headers(answer)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("ask", "status"), SIGNED_IN.values(), ids=SIGNED_IN)
def test_nothing_for_a_signed_in_person_is_kept(still: Flask, ask: Ask, status: int) -> None:
    answer = ask(still)
    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", [name for name, (_, status) in PUBLIC.items() if status >= 302 and status != 304])
def test_no_refusal_is_kept(still: Flask, name: str) -> None:
    assert PUBLIC[name][0](still).headers["Cache-Control"] == "no-store"


def test_the_form_for_signing_in_is_not_kept(still: Flask) -> None:
    assert still.test_client().get("/sign-in").headers["Cache-Control"] == "no-store"


def test_public_pages_run_no_script_and_take_no_style_of_their_own(still: Flask) -> None:
    for name in ("the scorecard", "the form for signing in", "a page that does not exist"):
        allowed = policy(PUBLIC[name][0](still))
        assert allowed["script-src"] == ["'none'"]
        assert allowed["style-src"] == ["'self'"]


@pytest.mark.parametrize("path", ["/", "/sign-in", "/no-such-page"])
def test_public_pages_have_no_style_that_their_own_policy_forbids(still: Flask, path: str) -> None:
    page = BeautifulSoup(still.test_client().get(path).text, "html.parser")
    assert page.select("[style], style, script") == []


# --- Dash's pages -----------------------------------------------------------------------------------------


def test_each_inline_script_of_a_page_is_allowed_by_its_hash(still: Flask) -> None:
    answer = dash_page(still)
    scripts = BeautifulSoup(answer.text, "html.parser").find_all("script")
    inline = [tag for tag in scripts if not tag.get("src") and tag.get("type") != "application/json"]
    hashes = [base64.b64encode(hashlib.sha256(tag.decode_contents().encode()).digest()).decode() for tag in inline]
    assert hashes
    assert set(policy(answer)["script-src"]) == {"'self'", *(f"'sha256-{one}'" for one in hashes)}


def test_each_loaded_script_and_style_is_our_own(still: Flask) -> None:
    page = BeautifulSoup(dash_page(still).text, "html.parser")
    loaded = [tag["src"] for tag in page.select("script[src]")] + [tag["href"] for tag in page.select("link[href]")]
    assert len(loaded) > 5
    assert [address for address in loaded if not address.startswith("/") or address.startswith("//")] == []


def test_a_page_has_no_handler_in_its_markup(still: Flask) -> None:
    page = BeautifulSoup(dash_page(still).text, "html.parser")
    assert [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")] == []


def test_every_page_has_the_same_policy(still: Flask) -> None:
    headers = {sign_in(still, "team").get(path).headers["Content-Security-Policy"] for path in ("/review", "/themes")}
    assert len(headers) == 1


# --- what the frame tells ---------------------------------------------------------------------------------


def told_to_anybody(app: Flask) -> str:
    """Everything that somebody without an account is told by the frame and its forms."""
    client = app.test_client()
    paths = ("/_dash-layout", "/_dash-dependencies", "/_reload-hash", "/sign-in", "/returns", "/no-such", "/healthz")
    return "\n".join(client.get(path).text for path in paths)


def test_the_frame_holds_no_name_no_draft_and_no_account(still: Flask) -> None:
    told = told_to_anybody(still)
    for private in ("portal.example", "7.77", "private words", "Leicester", "Constabulary", "NI 16", "Your returns"):
        assert private not in told


def test_the_frame_is_the_same_before_and_after_somebody_came(still: Flask) -> None:
    before = still.test_client().get("/_dash-layout").data
    a_callback(still)
    assert still.test_client().get("/_dash-layout").data == before
    assert sign_in(still, "police").get("/_dash-layout").data == before


def test_a_first_load_holds_no_name_and_no_draft(still: Flask) -> None:
    """The body is drawn by a callback, which is never kept."""
    text = dash_page(still).text
    for private in ("portal.example", "7.77", "private words", "Constabulary", "NI 16"):
        assert private not in text


def test_the_configuration_does_not_tell_which_python_runs(still: Flask) -> None:
    found = BeautifulSoup(dash_page(still).text, "html.parser").find(id="_dash-config")
    assert found is not None
    told = json.loads(found.get_text())
    assert "python_version" not in told
    assert "validation_layout" not in told
    assert told["csrf_header_name"] == "X-CSRFToken"
    assert not told["ui"]  # Dash's own debugging tools
    assert not told.get("hot_reload")


def test_the_list_of_callbacks_tells_no_rows(still: Flask) -> None:
    told = still.test_client().get("/_dash-dependencies").json
    ids = {one["output"] for one in told}
    assert ids
    assert not [one for one in ids if re.search(r'"(return|person)":(?!\["(MATCH|ALL)"\])', one)]


@pytest.mark.parametrize("path", ["/_mcp", "/_mcp/", "/mcp", "/_dash-mcp", "/_dash-config", "/_dash-no-such"])
@pytest.mark.parametrize("who", [None, "admin"])
def test_there_is_no_other_way_in(still: Flask, who: str | None, path: str) -> None:
    client = sign_in(still, who)
    assert client.get(path).status_code == 404
    assert client.post(path, json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).status_code in (404, 405)


# --- cookies ----------------------------------------------------------------------------------------------


def cookies(answer: TestResponse) -> dict[str, str]:
    return {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}


def test_the_sessions_cookie_is_out_of_reach_of_scripts_and_other_sites(still: Flask) -> None:
    (cookie,) = cookies(still.test_client().get("/sign-in")).values()
    assert cookie.startswith("portal_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie  # ends with the browser at the latest
    assert "Domain" not in cookie


def test_a_page_hands_out_the_token_that_its_script_sends_back(still: Flask) -> None:
    cookie = cookies(dash_page(still))["portal_csrf"]
    assert "SameSite=Lax" in cookie
    assert "HttpOnly" not in cookie  # the page's own script reads it


@pytest.mark.parametrize("https", [True, False])
def test_over_https_cookies_are_sent_only_there_and_browsers_are_told(still: Flask, https: bool) -> None:
    database = still.extensions["portal"]["database"]
    app = create_app(settings().model_copy(update={"https": https}), database)
    client: FlaskClient = app.test_client()
    page = client.get("/sign-in", base_url="https://localhost" if https else "http://localhost")
    prefix = "__Host-" if https else ""
    assert ("Secure" in cookies(page)[f"{prefix}portal_session"]) == https
    assert ("Strict-Transport-Security" in page.headers) == https
    token = sessions.begin(database, person(database, "police"))
    with client.session_transaction(base_url="https://localhost") as cookie:
        cookie["_user_id"] = token
    answer = client.get("/returns", base_url="https://localhost")
    assert ("Secure" in cookies(answer)[f"{prefix}portal_csrf"]) == https


def test_every_cookie_of_a_crawl_over_https_is_bound_to_this_host(still: Flask) -> None:
    """`__Host-` asks for Secure and Path=/ and forbids Domain: a browser takes none of them otherwise."""
    app = create_app(settings().model_copy(update={"https": True}), still.extensions["portal"]["database"])
    base = "https://localhost"
    public, team = app.test_client(), app.test_client()
    token = sessions.begin(app.extensions["portal"]["database"], person(app.extensions["portal"]["database"], "team"))
    with team.session_transaction(base_url=base) as cookie:
        cookie["_user_id"] = token
    found: dict[str, set[str]] = {}
    for client in (public, team):
        for address in [*(stop.address for stop in public_stops(app)), "/returns", "/review", "/sessions", "/password"]:
            answer = client.get(address, base_url=base)
            for name, line in cookies(answer).items():
                attributes = {part.strip() for part in line.split(";")[1:]}
                assert {"Secure", "Path=/", "SameSite=Lax"} <= attributes, f"{address}: {line}"
                assert not [one for one in attributes if one.lower().startswith("domain")]
                assert len(line) < 4096
                found.setdefault(name, set()).update(attributes)
    assert found.keys() == {"__Host-portal_session", "__Host-portal_csrf"}
    assert "HttpOnly" in found["__Host-portal_session"]
    assert "HttpOnly" not in found["__Host-portal_csrf"]  # the page's own script sends it back


def test_a_stranger_gets_no_cookie_for_reading(still: Flask) -> None:
    for path in ("/", "/healthz", "/api/v1/scorecard", "/assets/portal.css", "/no-such-page"):
        assert cookies(still.test_client().get(path)) == {}


def test_an_accounts_name_is_drawn_as_text(app: Flask) -> None:
    """Dash writes JSON; nothing a person is called may end the element that it stands in."""
    database = app.extensions["portal"]["database"]
    with database.write(OPERATOR) as session:
        session.execute(update(Person).values(name="</script><script>alert(1)</script>"))
    client = sign_in(app, "admin")
    assert "<script>alert" not in client.get("/people").text
    answer = wire.post(app, client, wire.body(app, "open_page", {"address.pathname": "/people"}))
    assert answer.content_type.startswith("application/json")
    check_headers(answer)
