"""Many agreements in one installation: other pages lead to the page that lists them, and do not grow with their number."""

import gzip
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import html5lib
import pytest
from bs4 import BeautifulSoup
from flask import Flask

from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.public.agreements import LONG
from portal.viewmodels.agreements import FEW
from tests.campaigns.generated.walking import statements
from tests.conftest import TODAY, person, settings, sign_in
from tests.support import wire
from tests.support.areas import LEICESTER
from tests.support.many import put_agreements

SMALL = 30_000
PAGES = ["/", "/accessibility", "/cookies", "/how-we-rate", "/history", "/editions", "/editions/1", "/memorandum"]
With = Callable[[int], Flask]


@pytest.fixture
def holding(sqlite_demo: Path, tmp_path: Path) -> Iterator[With]:
    """holding(n) is an app over the demonstration's data with so many agreements more."""
    made: list[Database] = []

    def make(many: int) -> Flask:
        path = tmp_path / f"{len(made)}.sqlite"
        shutil.copy(sqlite_demo, path)
        database = Database(f"sqlite:///{path}", Clock(TODAY))
        made.append(database)
        if many:
            put_agreements(database, many)
        return create_app(settings(), database)

    yield make
    for database in made:
        database.dispose()


def foot(app: Flask, path: str) -> BeautifulSoup:
    found = BeautifulSoup(app.test_client().get(path).text, "html.parser").select_one("footer")
    assert found is not None
    return found


def database_of(app: Flask) -> Database:
    found: Database = app.extensions["portal"]["database"]
    return found


def test_a_few_others_are_named_on_each_page_and_lead_to_their_own(holding: With) -> None:
    app = holding(FEW)
    links = foot(app, "/history").select('a[href*="agreement="]')
    assert [link["href"] for link in links] == [f"/history?agreement=area-00{n}" for n in range(FEW, 0, -1)]
    assert foot(app, "/history").select('a[href^="/agreements"]') == []
    assert "Other agreements" not in str(foot(holding(0), "/history"))


@pytest.mark.parametrize("path", PAGES)
def test_many_are_behind_one_link(holding: With, path: str) -> None:
    app = holding(FEW + 1)
    assert [link["href"] for link in foot(app, path).select('a[href^="/agreements"]')] == ["/agreements"]
    assert "Area 00" not in str(foot(app, path))
    chosen = foot(app, f"{path}?agreement={LEICESTER}").select_one('a[href^="/agreements"]')
    assert chosen is not None
    assert chosen["href"] == f"/agreements?agreement={LEICESTER}"


def test_no_public_page_says_or_asks_more_with_more_agreements(holding: With) -> None:
    some, many = holding(FEW + 1), holding(150)
    for path in [*PAGES, "/editions.atom"]:
        told = []
        for app in (some, many):
            with statements(database_of(app)) as asked:
                told.append((app.test_client().get(path).data, len(asked)))
        assert told[0] == told[1], path


def test_the_page_lists_all_of_them_in_the_order_of_the_alphabet(holding: With) -> None:
    for many in (0, 1, FEW, 150):
        app = holding(many)
        answer = app.test_client().get("/agreements", headers={"Accept-Encoding": "gzip"})
        said = gzip.decompress(answer.data).decode()
        html5lib.HTMLParser(strict=True).parse(said)
        assert len(said) < SMALL
        page = BeautifulSoup(said, "html.parser")
        assert page.select("script, style, [style]") == []
        links = page.select("main .agreements a")
        assert [link.get_text() for link in links] == [
            *(f"Area {number:03} Local Area Agreement 2008-11" for number in range(1, many + 1)),
            "Leicester Local Area Agreement 2008-11",
        ]
        assert "(shown now)" in str(links[-1].parent)
        assert said.count("(shown now)") == 1
        assert foot(app, "/agreements").select('a[href*="area"], a[href^="/agreements"]') == []
        letters = page.select("main nav a")
        assert [link["href"] for link in letters] == (["#areas-1", "#areas-2"] if many > LONG else [])
        assert {link["href"][1:] for link in letters} == {one["id"] for one in page.select("main h2")}
    assert app.test_client().get(links[0]["href"]).status_code == 200
    assert "Nothing has been published yet" in app.test_client().get(links[0]["href"]).text


def test_another_agreement_is_on_the_page_at_once(holding: With) -> None:
    app = holding(1)
    assert "Area 003" not in app.test_client().get("/agreements").text
    with database_of(app).engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM agreement_version WHERE agreement_id = (SELECT max(id) FROM agreement)")
        connection.exec_driver_sql("DELETE FROM agreement WHERE id = (SELECT max(id) FROM agreement)")
    put_agreements(database_of(app), 3)
    assert "Area 003" in app.test_client().get("/agreements").text


def test_an_agreement_that_is_not_there_is_answered_shortly(holding: With) -> None:
    for path in ("/agreements", "/cookies"):
        answer = holding(150).test_client().get(f"{path}?agreement=nowhere")
        assert answer.status_code == 404
        assert "and others" in answer.text
        assert len(answer.data) < 5_000


# --- signed in --------------------------------------------------------------------------------------------


def drawn(app: Flask, who: str, path: str) -> tuple[str, str]:
    """The navigation and the body of a page, as they are sent."""
    sent = wire.body(app, "open_page", {"address.pathname": path, "address.search": ""})
    answer = wire.post(app, sign_in(app, who), sent)
    found = answer.get_json()["response"]
    return str(found["navigation"]["children"]), str(found["page"]["children"])


def test_who_is_signed_in_chooses_among_few_in_the_head_and_among_many_on_a_page(holding: With) -> None:
    few, many = holding(FEW), holding(FEW + 1)
    head, _ = drawn(few, "team", "/themes")
    assert "agreement-choice" in head
    assert "/choose-agreement" not in head
    head, _ = drawn(many, "team", "/themes")
    assert "agreement-choice" not in head
    assert "/choose-agreement" in head
    for app in (few, many):
        head, body = drawn(app, "team", "/choose-agreement")
        assert "agreement-choice" not in head  # no id twice
        assert body.index("Area 001 Local") < body.index("Area 006 Local") < body.index("Leicester Local")
    assert "There is no other agreement" in drawn(holding(0), "team", "/choose-agreement")[1]
    assert drawn(holding(150), "team", "/themes")[0] == drawn(many, "team", "/themes")[0]


def test_from_the_page_one_goes_to_where_ones_work_begins(holding: With) -> None:
    app = holding(FEW + 1)
    client = sign_in(app, "police")
    values = {"agreement-choose": 1, "agreement-choice": "area-003", "address.pathname": "/choose-agreement"}
    answer = wire.post(app, client, wire.body(app, "choose_agreement", values)).get_json()["response"]
    assert answer["address"]["href"].startswith("/returns?chosen=area-003&again=")


def test_whoever_chose_none_is_shown_the_same_however_many_there_are(holding: With) -> None:
    """The police have a part in Leicester's alone; for everybody else it is the one that was loaded first."""
    app = holding(60)
    database = database_of(app)
    put_agreements_of_other_years(database)
    for who in ("police", "team", "executive"):
        with statements(database) as asked:
            head, _ = drawn(app, who, "/choose-agreement")
        assert "Leicester Local Area Agreement 2008-11" in head, person(database, who)
        assert len(asked) < 20


def put_agreements_of_other_years(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE agreement SET first_year = '2011/12', last_year = '2013/14' WHERE key LIKE 'area-01%'"
        )
        connection.exec_driver_sql(
            "UPDATE agreement SET first_year = '2005/06', last_year = '2007/08' WHERE key LIKE 'area-02%'"
        )
