"""The page map: which path is which page, what a page is told, and honest answers to first loads."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from models.agreement import Theme
from models.rules.terms import Role
from portal.actor import OPERATOR, Actor, public
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.errors import Forbidden, NotFound, SignInRequired
from portal.policy import Action
from portal.services import returns
from portal.viewmodels.returns import Typed
from portal.web.pages import Pages
from tests.conftest import TODAY, person, settings, sign_in

LEAD = Actor(name="a lead", role=Role.LEAD, organisation_id=1)
ADMIN = Actor(name="an administrator", role=Role.ADMIN)


@pytest.fixture
def pages() -> Pages:
    """Pages that answer with what they were told."""
    pages = Pages()

    @pages.on("/things", access=Action.THEME_READ, query=("period",), label="Things")
    def things(actor: Actor, **told: Any) -> tuple[str, Any]:
        return "things", told

    @pages.on("/things/<key>", access=Action.THEME_READ, query=("period", "key"))
    def thing(actor: Actor, **told: Any) -> tuple[str, Any]:
        return "thing", told

    @pages.on("/rows/<int:row>", access=Action.RETURN_READ)
    def row(actor: Actor, **told: Any) -> tuple[str, Any]:
        return "row", told

    @pages.on("/accounts", access=Action.ACCOUNT_MANAGE, label="Accounts")
    def accounts(actor: Actor) -> tuple[str, Any]:
        return "accounts", actor.name

    return pages


@pytest.fixture(scope="module")
def still(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, dict[str, int]]]:
    """A portal that nobody changes, with the police's returns: a draft, one submitted, one published."""
    path = tmp_path_factory.mktemp("pages") / "portal.sqlite"
    shutil.copy(sqlite_demo, path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    police = person(database, "police")
    numbers = {
        "draft": returns.find_return(database, police, "2008-09-q3", "NI 16"),
        "submitted": returns.find_return(database, police, "2008-09-q3", "NI 20"),
        "published": returns.find_return(database, police, "2008-09-q2", "NI 16"),
    }
    for name in ("draft", "submitted"):
        returns.save(database, police, numbers[name], None, Typed(value="2.1"))
    returns.submit(database, police, numbers["submitted"], None)
    yield create_app(settings(), database), numbers
    database.dispose()


# --- the map ----------------------------------------------------------------------------------------------


def test_a_page_gets_the_values_of_its_path(pages: Pages) -> None:
    assert pages.open(LEAD, "/things/safer") == ("thing", {"key": "safer"})
    assert pages.open(LEAD, "/rows/12") == ("row", {"row": 12})


def test_a_page_gets_the_query_values_that_it_declares(pages: Pages) -> None:
    assert pages.open(LEAD, "/things", "?period=2008-09-q2")[1] == {"period": "2008-09-q2"}
    assert pages.open(LEAD, "/things", "period=2008-09-q2")[1] == {"period": "2008-09-q2"}
    assert pages.open(LEAD, "/things/safer", "?period=a%2Fb")[1] == {"key": "safer", "period": "a/b"}


@pytest.mark.parametrize(
    "search", ["?other=1", "?actor=x", "?Period=x", "?period", "?period=", "?&&", "?=x", "?", "??"]
)
def test_what_a_page_does_not_declare_is_ignored(pages: Pages, search: str) -> None:
    assert pages.open(LEAD, "/things", search)[1] == {}


def test_however_much_is_not_declared_it_is_ignored(pages: Pages) -> None:
    """A link out of an e-mail carries whatever its sender's machinery adds."""
    many = "&".join(f"utm_{n}={n}" for n in range(40))
    assert pages.open(LEAD, "/things", f"?period=2008-09-q2&{many}")[1] == {"period": "2008-09-q2"}


def test_the_first_of_several_values_counts(pages: Pages) -> None:
    assert pages.open(LEAD, "/things", "?period=one&period=two")[1] == {"period": "one"}


def test_a_path_value_wins_over_a_query_value_of_the_same_name(pages: Pages) -> None:
    assert pages.open(LEAD, "/rows/12", "?row=99")[1] == {"row": 12}
    assert pages.open(LEAD, "/things/safer", "?key=other")[1] == {"key": "safer"}


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/", "", "/thing", "/things/a/b", "/rows/x", "/rows/-1", "/rows/1.5", "/rows", "/THINGS"],
)
def test_a_path_that_is_no_pages_is_not_found(pages: Pages, path: str) -> None:
    with pytest.raises(NotFound):
        pages.open(LEAD, path)


def test_a_slash_at_the_end_makes_no_difference(pages: Pages) -> None:
    assert pages.open(LEAD, "/things/") == pages.open(LEAD, "/things")


def test_a_page_is_not_drawn_for_who_may_not_open_it(pages: Pages) -> None:
    with pytest.raises(Forbidden):
        pages.open(LEAD, "/accounts")
    with pytest.raises(SignInRequired):
        pages.open(public(), "/accounts")
    assert pages.open(ADMIN, "/accounts") == ("accounts", "an administrator")


def test_an_unknown_page_is_unknown_to_the_public_too(pages: Pages) -> None:
    with pytest.raises(NotFound):
        pages.open(public(), "/nothing")


def test_a_page_without_an_action_is_not_taken(pages: Pages) -> None:
    with pytest.raises(TypeError, match="access"):
        pages.on("/open")  # type: ignore[call-arg]


def test_a_page_with_an_unknown_action_is_not_taken(pages: Pages) -> None:
    with pytest.raises(ValueError, match="theme:frobnicate"):
        pages.on("/open", access="theme:frobnicate")(lambda actor: ("", None))  # type: ignore[arg-type]
    assert "/open" not in pages.pages


def test_the_navigation_has_the_labelled_pages_that_one_may_open(pages: Pages) -> None:
    assert pages.links(LEAD) == [("Things", "/things")]
    assert pages.links(ADMIN) == [("Accounts", "/accounts")]
    assert pages.links(public()) == []


# --- first loads ------------------------------------------------------------------------------------------

PATHS = ("/returns", "/returns/{draft}", "/returns/{submitted}/check", "/review", "/people", "/themes", "/themes/safer")


@pytest.mark.parametrize("path", [*PATHS, "/annual-review", "/annual-review/2008-09"])
def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(still: tuple[Flask, dict[str, int]], path: str) -> None:
    app, numbers = still
    path = path.format(**numbers)
    answer = app.test_client().get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/sign-in?next={path.replace('/', '%2F')}"


def test_the_whole_address_is_kept_for_afterwards(still: tuple[Flask, dict[str, int]]) -> None:
    answer = still[0].test_client().get("/themes/safer?period=2008-09-q2&other=a%26b")
    assert answer.headers["Location"] == "/sign-in?next=%2Fthemes%2Fsafer%3Fperiod%3D2008-09-q2%26other%3Da%2526b"


def test_a_look_at_the_headers_is_answered_like_the_page(still: tuple[Flask, dict[str, int]]) -> None:
    client = still[0].test_client()
    assert client.head("/returns").status_code == client.get("/returns").status_code == 302
    assert sign_in(still[0], "police").head("/returns").status_code == 200


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("police", "/returns", 200),
        ("police", "/returns/{draft}", 200),
        ("police", "/returns/{submitted}", 200),
        ("police", "/returns/{submitted}/check", 200),
        ("nhs", "/returns/{draft}", 404),
        ("nhs", "/returns/{submitted}", 404),
        ("nhs", "/returns/{published}", 200),
        ("nhs", "/returns/{published}/check", 403),
        ("team", "/returns/{draft}", 404),
        ("team", "/returns/{submitted}", 200),
        ("executive", "/returns", 403),
        ("executive", "/returns/{submitted}", 404),
        ("police", "/review", 403),
        ("team", "/review", 200),
        ("police", "/people", 403),
        ("admin", "/people", 200),
        ("admin", "/themes", 403),
        ("police", "/annual-review/2008-09", 403),
        ("reviewer", "/annual-review/2008-09", 200),
        ("reviewer", "/annual-review/2009-10", 404),
        ("reviewer", "/annual-review/2008", 404),
        ("reviewer", "/annual-review?at=2009-01-20", 200),
        ("reviewer", "/annual-review?at=2008-06-01", 404),
        ("team", "/annual-review?at=2008-06-01", 404),
        ("reviewer", "/annual-review?at=nonsense", 422),
        ("executive", "/themes/safer", 200),
        ("executive", "/themes/no-such", 404),
        ("executive", "/themes?period=2030-31-q1", 404),
        ("executive", "/themes?period=never", 404),
        ("executive", "/themes?page=2", 200),
        ("police", "/returns/0", 404),
        ("police", "/returns/999999999", 404),
        ("police", "/returns/-1", 404),
        ("police", "/returns/draft", 404),
        ("police", "/no-such-page", 404),
        ("police", "/returns/1/2/3", 404),
    ],
)
def test_a_first_load_says_honestly_what_it_is(
    still: tuple[Flask, dict[str, int]], who: str, path: str, status: int
) -> None:
    app, numbers = still
    answer = sign_in(app, who).get(path.format(**numbers))
    assert answer.status_code == status
    assert answer.content_type == "text/html; charset=utf-8"
    assert ("_dash-config" in answer.text) == (status == 200)


def test_a_number_that_no_database_can_hold_is_not_found(still: tuple[Flask, dict[str, int]]) -> None:
    client = sign_in(still[0], "police")
    assert client.get(f"/returns/{2**63}").status_code == 404
    assert client.get(f"/returns/{'9' * 40}/check").status_code == 404


def test_a_first_load_with_a_long_query_is_not_a_mistake(still: tuple[Flask, dict[str, int]]) -> None:
    many = "&".join(f"utm_{n}={n}" for n in range(40))
    assert sign_in(still[0], "police").get(f"/themes?{many}").status_code == 200


def test_a_page_that_does_not_exist_is_told_to_everybody(still: tuple[Flask, dict[str, int]]) -> None:
    answer = still[0].test_client().get("/no-such-page")
    assert answer.status_code == 404
    assert "There is no page at this address." in answer.text


def test_a_page_carries_its_title_from_the_first_load_on(still: tuple[Flask, dict[str, int]]) -> None:
    assert "<title>Your returns, 2008/09 Q3</title>" in sign_in(still[0], "police").get("/returns").text


def test_one_persons_title_is_not_shown_to_the_next(still: tuple[Flask, dict[str, int]]) -> None:
    app, numbers = still
    path = f"/returns/{numbers['draft']}"
    assert "<title>NI 16" in sign_in(app, "police").get(path).text
    assert "NI 16" not in sign_in(app, "nhs").get(path).text
    assert "NI 16" not in sign_in(app, "nhs").get("/returns").text


def test_a_title_comes_out_escaped(app: Flask) -> None:
    with app.extensions["portal"]["database"].write(OPERATOR) as session:
        session.execute(update(Theme).values(title="</title><h1>Safer & <script>alert(1)</script>"))
    page = sign_in(app, "executive").get("/themes/safer").text
    assert "<script>alert" not in page
    assert "<title>&lt;/title&gt;&lt;h1&gt;Safer &amp;" in page


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_page_takes_nothing_but_being_opened(still: tuple[Flask, dict[str, int]], method: str) -> None:
    answer = sign_in(still[0], "police").open("/returns", method=method)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
