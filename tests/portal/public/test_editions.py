"""Every public page: well-formed, the same without script, true to the edition, framed only where it may be."""

import json
import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import html5lib
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from models.rules.rating import Tolerance
from models.rules.terms import Rating
from models.scorecard import Edition
from portal import words
from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.public import examples
from portal.services import returns
from portal.viewmodels.returns import Typed
from tests.conftest import TODAY, person, settings, sign_in
from tests.portal.services.test_publication import WHY, corrected, published, verified
from tests.support.publishing import publish
from tests.support.series import with_series

SMALL = 30_000
ABOUT = ["/how-we-rate", "/accessibility", "/cookies"]
PAGES = [
    "/",
    "/editions",
    *(f"/editions/{number}" for number in (1, 2, 3)),
    *(f"/editions/{number}/indicators/{code}" for number in (1, 2, 3) for code in ("ni-20", "ni-120", "ni-110")),
    "/editions/3/indicators/ni-179",
    "/editions/1/indicators/ni-20/card",
    "/editions/latest/indicators/ni-120/card",
    "/history",
    "/memorandum",
    "/sign-in",
    "/no/such/page",
    "/agreements",
    *ABOUT,
]


@pytest.fixture(scope="module")
def still(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A portal with three editions: of the second quarter, of the third, and one that puts the third right; and with a
    figure that is not public."""
    path = tmp_path_factory.mktemp("editions") / "portal.sqlite"
    shutil.copy(sqlite_demo, path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    number = verified(database, "police", "NI 20", "0.87")
    published(database)
    corrected(database, number, "police", "0.93")
    published(database, WHY)
    verified(database, "police", "NI 16", "7.77")
    lcc = person(database, "lcc")
    draft = returns.find_return(database, lcc, "2008-09-q3", "NI 59")
    returns.save(database, lcc, draft, None, Typed(value="88.88", commentary="private words"))
    yield create_app(settings(), database)
    database.dispose()


@pytest.fixture
def visitor(still: Flask) -> FlaskClient:
    return still.test_client()


def soup(visitor: FlaskClient, path: str) -> BeautifulSoup:
    return BeautifulSoup(visitor.get(path).text, "html.parser")


def text(visitor: FlaskClient, path: str) -> str:
    return " ".join(soup(visitor, path).get_text(" ").split())


# --- every page -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_every_public_page_is_well_formed(visitor: FlaskClient, path: str) -> None:
    html5lib.HTMLParser(strict=True).parse(visitor.get(path).text)
    page = soup(visitor, path)
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert len(page.select("h1")) == 1
    assert page.select("script, style, [style], iframe") == []
    loaded = page.select("link:not([rel=alternate])")
    assert [link["href"].partition("?")[0] for link in loaded] == ["/assets/portal.css", "data:,"]


@pytest.mark.parametrize("path", PAGES)
def test_what_is_not_in_an_edition_is_on_no_public_page(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(path).text
    for private in ("7.77", "88.88", "private words", "portal.example", "What happened.", "Counted anew"):
        assert private not in answer


def test_every_link_of_a_public_page_leads_somewhere(still: Flask) -> None:
    client, seen = still.test_client(), set()
    for path in PAGES:
        page = BeautifulSoup(client.get(path).text, "html.parser")
        seen |= {link["href"].partition("#")[0] for link in page.select("a[href]")} - {""}
        targets = {link["href"][1:] for link in page.select('a[href^="#"]')}
        assert targets <= {tag["id"] for tag in page.select("[id]")}, path
    seen = {href for href in seen if not href.startswith("https://")}  # of others, as the licence
    assert {href: status for href in seen if (status := client.get(href).status_code) not in (200, 302)} == {}
    assert {"/editions", "/history", "/memorandum", *ABOUT} <= seen


def test_every_indicator_of_every_edition_has_a_page_and_a_card(visitor: FlaskClient) -> None:
    links = [a["href"] for a in soup(visitor, "/editions/2").select('a[href^="/editions/2/indicators/"]')]
    assert len(set(links)) == 58
    for link in set(links):
        html5lib.HTMLParser(strict=True).parse(visitor.get(link).text)
        assert visitor.get(f"{link}/card").status_code == 200


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_everything_that_the_scorecard_loads_is_small(visitor: FlaskClient, encoding: str) -> None:
    page = soup(visitor, "/")
    assert "58 indicators" in page.get_text()
    loads = ["/", *(link["href"] for link in page.select("link") if link["href"].startswith("/"))]
    answers = [visitor.get(path, headers={"Accept-Encoding": encoding}) for path in loads]
    heads = sum(len(f"{name}: {value}") + 2 for answer in answers for name, value in answer.headers)
    assert sum(len(answer.data) for answer in answers) + heads < SMALL


# --- editions ---------------------------------------------------------------------------------------------


def test_the_list_says_which_edition_puts_which_right_and_what_was_wrong(visitor: FlaskClient) -> None:
    rows = [" ".join(row.get_text(" ").split()) for row in soup(visitor, "/editions").select("tbody tr")]
    assert [row.split(" Quarter")[0] for row in rows] == ["Edition 3 (latest)", "Edition 2", "Edition 1"]
    assert f"Puts edition 2 right. {WHY}" in rows[0]
    assert "Put right by edition 3 ." in rows[1]
    assert "right" not in rows[2]


def test_an_edition_says_what_came_after_it_and_keeps_its_figures(visitor: FlaskClient) -> None:
    old, new, first = (text(visitor, f"/editions/{number}") for number in (2, 3, 1))
    assert "Edition 2 was put right: read edition 3" in old
    assert "This edition puts edition 2 right" in new
    assert WHY in new
    assert "This is edition 1. The latest is edition 3" in first
    assert "put right" not in text(visitor, "/")
    figures = [soup(visitor, f"/editions/{n}").select_one("#ni-20 td[data-label=Figure]").get_text() for n in (2, 3)]
    assert figures == ["0.87", "0.93"]


def test_an_edition_prints_the_hash_of_its_content(still: Flask, visitor: FlaskClient) -> None:
    with still.extensions["portal"]["database"].read(OPERATOR) as session:
        hashes = {row.number: row.content_hash for row in session.query(Edition)}
    assert len(hashes) == 3
    for number, expected in hashes.items():
        assert soup(visitor, f"/editions/{number}").select_one(".hash").get_text() == expected


# --- indicators -------------------------------------------------------------------------------------------


def test_an_indicators_page_says_figure_milestone_rating_and_why(visitor: FlaskClient) -> None:
    said = text(visitor, "/editions/3/indicators/ni-20")
    assert "Figure 0.93 offences per 1,000 population, monthly rate , quarter 3 of 2008/09" in said
    assert "No rating: no milestone has been set for this period." in said
    assert "Improving against 0.98 the time before" in said
    assert "Weak evidence: 2 figures, verified" in said
    assert "Low is good" in said
    said = text(visitor, "/editions/1/indicators/ni-16")
    assert "Held against 2.14, the milestone" in said
    assert "So the rule says: worse than anticipated." in said
    assert "Expected by the year's end ▲ Worse" in said


def test_two_figures_are_a_table_and_no_chart_yet(visitor: FlaskClient) -> None:
    page = soup(visitor, "/editions/3/indicators/ni-20")
    rows = [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in page.select("figure tbody tr")]
    assert rows == [
        ["Quarter 3 of 2008/09", "0.93", "–", "no milestone has been set for this period"],
        ["Quarter 2 of 2008/09", "0.98", "1.55", "★ Better"],
    ]
    assert page.select("figure svg") == []


def test_its_chart_has_a_table_beside_it_with_the_same_figures(sqlite_database: Database) -> None:
    series = with_series(sqlite_database)
    number = publish(series, OPERATOR, "2010-11-q1")
    page = soup(create_app(settings(), series).test_client(), f"/editions/{number}/indicators/ni-16")
    rows = [row.th.get_text(strip=True) for row in page.select("figure tbody tr")]
    points = [g["aria-label"].partition(":")[0] for g in page.select("figure svg g.point")]
    assert rows == points[::-1]
    assert len(points) == 8


def test_a_rating_is_said_once_and_the_figure_comes_first(visitor: FlaskClient) -> None:
    page = soup(visitor, "/editions/1/indicators/ni-16")
    assert len(page.select(".facts .rating")) == 2  # now, and by the year's end
    assert page.select_one("main dt").get_text() == "Figure"
    assert page.select_one("header [aria-current]").get_text() == "Scorecard"


def test_earlier_editions_figures_stand_below(visitor: FlaskClient) -> None:
    page = soup(visitor, "/editions/3/indicators/ni-20")
    rows = page.select("section[aria-labelledby=earlier] tbody tr")
    said = [(row.th.get_text(), row.select_one(".num").get_text()) for row in rows]
    assert said == [("Edition 2", "0.87"), ("Edition 1", "0.98")]
    assert soup(visitor, "/editions/1/indicators/ni-20").select("section[aria-labelledby=earlier] table") == []


def test_an_indicator_without_a_figure_says_why(visitor: FlaskClient) -> None:
    page = soup(visitor, "/editions/1/indicators/ni-110")
    assert "Placeholder: agreed, but without a target yet" in page.get_text()
    assert page.select("figure") == []


def test_of_several_measures_each_has_its_own_part(visitor: FlaskClient) -> None:
    page = soup(visitor, "/editions/1/indicators/ni-120")
    assert [h2.get_text(" ", strip=True) for h2 in page.select("section h2")][:2] == [
        "Females NI 120(i)",
        "Males NI 120(ii)",
    ]
    figures = [
        dd.get_text() for dt, dd in zip(page.select("dt"), page.select("dd"), strict=True) if dt.text == "Figure"
    ]
    assert [said.split()[0] for said in figures] == ["591.3", "843.9"]


# --- the card ---------------------------------------------------------------------------------------------


def frames(visitor: FlaskClient, path: str) -> str:
    policy = visitor.get(path).headers["Content-Security-Policy"]
    return re.search(r"frame-ancestors ([^;]+)", policy)[1]


@pytest.mark.parametrize("path", PAGES)
def test_only_a_card_may_be_framed(visitor: FlaskClient, path: str) -> None:
    assert frames(visitor, path) == ("*" if path.endswith("/card") else "'none'")


def test_a_card_that_is_not_there_may_not_be_framed(visitor: FlaskClient) -> None:
    assert frames(visitor, "/editions/9/indicators/ni-20/card") == "'none'"
    assert frames(visitor, "/editions/1/indicators/NI20/card") == "'none'"


def test_a_card_seen_before_may_still_be_framed(visitor: FlaskClient) -> None:
    tag = visitor.get("/editions/1/indicators/ni-20/card").headers["ETag"]
    again = visitor.get("/editions/1/indicators/ni-20/card", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert "frame-ancestors *" in again.headers["Content-Security-Policy"]


def test_the_card_of_the_latest_edition_goes_with_it(visitor: FlaskClient) -> None:
    assert "0.93" in text(visitor, "/editions/latest/indicators/ni-20/card")
    old = text(visitor, "/editions/2/indicators/ni-20/card")
    assert "0.87" in old
    assert "since put right by edition 3" in old


# --- history ----------------------------------------------------------------------------------------------


def test_the_history_has_what_was_printed_and_what_was_published(visitor: FlaskClient) -> None:
    tables = soup(visitor, "/history").select("table")
    printed, counted = ([[c.get_text() for c in row.select("th, td")] for row in t.select("tbody tr")] for t in tables)
    assert printed[0] == ["September 2006", "19%", "33%", "14%", "34%"]
    assert printed[-1] == ["March 2008", "24%", "40%", "25%", "12%"]
    assert counted == [
        ["Quarter 2 of 2008/09", "7 of 24 (29%)", "11 of 24 (46%)", "6 of 24 (25%)", "34 of 58"],
        ["Quarter 3 of 2008/09", "–", "–", "–", "58 of 58"],  # its one figure has no milestone
    ]


# --- about ------------------------------------------------------------------------------------------------


def test_the_examples_cover_every_rating_and_are_told_as_the_rule_answers(visitor: FlaskClient) -> None:
    assert {one.standing.rating for one in examples.EXAMPLES} == set(Rating)
    said = text(visitor, "/how-we-rate")
    for one in examples.EXAMPLES:
        assert words.why(one.standing) in said
    assert words.tolerance(Tolerance()) in said
    assert all(words.capital(reason) in said for reason in words.REASON.values())
    assert [one.travel.direction.value for one in examples.MOVING if one.travel] == [
        "worsening",
        "no change",
        "improving",
    ]
    assert examples.GROUPED.rating is Rating.WORSE
    assert examples.SMALL == {0: False, 3: True, 7: False}
    assert examples.EXAMPLES[3].standing.expected.value == Decimal(350)


def test_the_page_on_cookies_names_every_cookie_that_is_set(still: Flask) -> None:
    listed = {th.get_text() for th in soup(still.test_client(), "/cookies").select("tbody th")}
    stranger, found = still.test_client(), set()
    for path in PAGES:
        if path != "/sign-in":
            assert stranger.get(path).headers.getlist("Set-Cookie") == [], path
    team = sign_in(still, "team")
    for client, path in ((stranger, "/sign-in"), (team, "/review"), (team, "/start"), (team, "/sign-out")):
        found |= {line.partition("=")[0] for line in client.get(path).headers.getlist("Set-Cookie")}
    script = (Path(__file__).parents[3] / "assets/portal.js").read_text(encoding="utf-8")
    stored = set(re.findall(r'SHARED = "([^"]+)"', script))
    assert found == {"portal_session", "portal_csrf"}
    assert script.count("localStorage.setItem(") == 1
    assert listed == found | stored
    assert "after 30 minutes" in text(stranger, "/cookies")


def test_nothing_of_a_content_is_lost_between_edition_and_page(still: Flask, visitor: FlaskClient) -> None:
    with still.extensions["portal"]["database"].read(OPERATOR) as session:
        content = json.loads(session.query(Edition).filter_by(number=1).one().content)
    said = text(visitor, "/editions/1")
    for theme in content["themes"]:
        assert theme["title"] in said
        assert all(f"{i['title']}" in said for i in theme["indicators"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/editions/1/indicators/NI16", 301),
        ("/editions/1/indicators/ni016/card", 301),
        ("/editions/latest/indicators/NI%2016/card", 301),
        ("/editions/1/indicators/nonsense", 404),
    ],
)
def test_another_spelling_of_a_code_leads_on_before_any_edition_is_read(
    visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str, status: int
) -> None:
    read: list[object] = []
    monkeypatch.setattr("portal.public.editions.edition_indicator", lambda *asked: read.append(asked))
    answer = visitor.get(path)
    assert (answer.status_code, read) == (status, [])
    assert status == 404 or "/indicators/ni-16" in answer.headers["Location"]
