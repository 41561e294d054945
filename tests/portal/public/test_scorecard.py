"""The public scorecard: the latest edition and not a byte more, in words and shapes, small, and safe to open."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text, update

from models.agreement import Agreement, Indicator, Measure, MeasureTerms, Theme
from models.people import Organisation
from models.returns import RevisionRating
from models.scorecard import Edition
from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.formats.edition import content_hash
from portal.services import periods, returns, review
from portal.viewmodels.returns import Typed
from portal.words import SHAPE, SHORT
from tests.conftest import TODAY, person, settings, sign_in
from tests.support.areas import LEICESTER
from tests.support.publishing import publish, remove_editions, thaw
from tests.support.series import with_series

SMALL = 30_000


@pytest.fixture(scope="module")
def still(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A portal that nobody changes."""
    path = tmp_path_factory.mktemp("public") / "portal.sqlite"
    shutil.copy(sqlite_demo, path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    yield create_app(settings(), database)
    database.dispose()


@pytest.fixture
def visitor(still: Flask) -> FlaskClient:
    return still.test_client()


@pytest.fixture(scope="module")
def page(still: Flask) -> BeautifulSoup:
    return BeautifulSoup(still.test_client().get("/").text, "html.parser")


def database_of(app: Flask) -> Database:
    return app.extensions["portal"]["database"]


def submit(database: Database, code: str, value: str) -> int:
    """The council returns a figure for the open quarter."""
    lcc = person(database, "lcc")
    number = returns.find_return(database, lcc, "2008-09-q3", code)
    returns.save(database, lcc, number, None, Typed(value=value, commentary="private words"))
    returns.submit(database, lcc, number, None)
    return number


def figure(text: str, code: str) -> str:
    """The figure that a page shows for an indicator."""
    cell = BeautifulSoup(text, "html.parser").select_one(f"#{code} td[data-label=Figure]")
    return cell.get_text(strip=True) if cell else ""


# --- what it shows ----------------------------------------------------------------------------------------


def test_it_shows_every_theme_and_every_indicator(page: BeautifulSoup) -> None:
    text = page.get_text(" ")
    assert len(page.select("main section[aria-labelledby]")) >= 8
    assert "Serious acquisitive crime rate" in text
    assert "promised to move 58 indicators" in text


def test_it_says_which_edition_it_is(page: BeautifulSoup) -> None:
    text = page.get_text(" ")
    assert "Edition 1, published" in text
    assert "quarter 2 of 2008/09" in text


def test_figures_stand_beside_what_they_are_held_against_with_the_measures_decimals(page: BeautifulSoup) -> None:
    row = page.find(id="ni-16")
    assert isinstance(row, Tag)
    assert [cell.get_text(strip=True) for cell in row.select("td.num")] == ["2.42", "2.14"]


def test_a_rating_is_a_shape_and_a_word(page: BeautifulSoup) -> None:
    marks = page.select(".rating")
    known = {f"{SHAPE[rating]}{SHORT[rating]}" for rating in SHORT if rating}
    assert len(marks) > 20
    assert {mark.get_text(strip=True) for mark in marks} <= known
    assert all(mark.select_one("[aria-hidden=true]") for mark in marks)


def test_an_indicator_without_a_rating_says_why(page: BeautifulSoup) -> None:
    reasons = [line.get_text(" ", strip=True) for line in page.select(".reasons li")]
    assert len(reasons) == 34  # 58 indicators, of which 24 are rated
    assert all(": " in line and not line.endswith(":") for line in reasons)


def test_a_judgement_is_told_with_its_reason(page: BeautifulSoup) -> None:
    row = page.find(id="ni-179")
    assert isinstance(row, Tag)
    assert "So the rule says: within acceptable range." in row.get_text(" ")
    assert "It was judged otherwise, better than anticipated: 6.9% better" in row.get_text(" ")


def test_links_within_the_page_lead_somewhere(page: BeautifulSoup) -> None:
    targets = {link["href"].removeprefix("#") for link in page.select('a[href^="#"]')}
    assert targets == {name for name in targets if page.find(id=name)}


def test_no_id_is_used_twice(page: BeautifulSoup) -> None:
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))


# --- what it does not show --------------------------------------------------------------------------------


def test_only_what_was_published_changes_a_byte(app: Flask) -> None:
    database, visitor = database_of(app), app.test_client()
    before, lcc = visitor.get("/"), person(database, "lcc")
    number = returns.find_return(database, lcc, "2008-09-q3", "NI 59")
    returns.save(database, lcc, number, None, Typed(value="41", commentary="private words"))
    assert visitor.get("/").data == before.data
    returns.submit(database, lcc, number, None)
    assert visitor.get("/").data == before.data
    review.verify(database, person(database, "team"), number, None)
    assert visitor.get("/").data == before.data
    publish(database, person(database, "team"))
    after = visitor.get("/")
    assert after.headers["ETag"] != before.headers["ETag"]
    assert "Edition 2, published" in after.text
    assert figure(after.text, "ni-59") == "41%"
    assert "private words" not in after.text


def test_what_changes_in_the_agreement_does_not_change_an_edition(app: Flask) -> None:
    before = app.test_client().get("/").data
    with database_of(app).write(OPERATOR) as session:
        session.execute(update(Theme).values(title="Another title"))
        session.execute(update(Organisation).values(name="Another name"))
        session.execute(text("DROP TRIGGER revision_rating_decided_once"))  # it would keep a judgement as it is
        session.execute(update(RevisionRating).values(override=None, override_reason=None))
    assert app.test_client().get("/").data == before


def test_a_return_submitted_but_not_verified_is_not_in_the_edition(app: Flask) -> None:
    database = database_of(app)
    review.verify(database, person(database, "team"), submit(database, "NI 59", "41"), None)
    submit(database, "NI 154", "500")
    publish(database, person(database, "team"))
    text = app.test_client().get("/").text
    assert figure(text, "ni-59") == "41%"
    assert figure(text, "ni-154") == ""  # its last figure is of the second quarter


def test_nobodys_name_or_address_is_shown(visitor: FlaskClient) -> None:
    text = visitor.get("/").text
    assert "portal.example" not in text
    assert "Lead of" not in text
    assert "Westcotes" not in text  # a commentary


def test_it_is_the_same_for_somebody_signed_in(still: Flask) -> None:
    assert sign_in(still, "police").get("/").data == still.test_client().get("/").data


def test_before_the_first_edition_it_says_so(app: Flask) -> None:
    remove_editions(database_of(app))
    answer = app.test_client().get("/")
    assert answer.status_code == 200
    assert "<h1>Nothing has been published yet</h1>" in answer.text
    assert "2.42" not in answer.text


def test_the_first_edition_is_seen_at_once_by_who_looked_before_it(app: Flask) -> None:
    database = database_of(app)
    remove_editions(database)
    before = app.test_client().get("/")
    assert "ETag" not in before.headers
    publish(database, OPERATOR, "2008-09-q2")
    assert "Edition 1, published" in app.test_client().get("/").text


# --- how it is served -------------------------------------------------------------------------------------


def test_it_has_no_script(visitor: FlaskClient, page: BeautifulSoup) -> None:
    assert page.find("script") is None
    handlers = [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]
    assert handlers == []
    assert "javascript:" not in visitor.get("/").text
    assert "script-src 'none'" in visitor.get("/").headers["Content-Security-Policy"]


def test_it_loads_nothing_from_elsewhere(page: BeautifulSoup) -> None:
    loaded = [tag.get("src") or tag.get("href") for tag in page.select("link:not([rel=alternate]), img, iframe, [src]")]
    assert [address.partition("?m=")[0] for address in loaded] == ["/assets/portal.css", "data:,"]


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_page_and_style_sheet_are_small_as_they_are_served(visitor: FlaskClient, encoding: str) -> None:
    answers = [visitor.get(path, headers={"Accept-Encoding": encoding}) for path in ("/", "/assets/portal.css")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].headers["Content-Encoding"] == encoding
    assert sum(len(answer.data) for answer in answers) < SMALL


@pytest.mark.parametrize("encoding", [None, "br", "gzip"])
def test_what_was_seen_before_is_not_sent_again(visitor: FlaskClient, encoding: str | None) -> None:
    headers = {"Accept-Encoding": encoding} if encoding else {}
    first = visitor.get("/", headers=headers)
    again = visitor.get("/", headers={**headers, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert visitor.get("/", headers={**headers, "If-None-Match": '"another"'}).status_code == 200


def test_two_pages_that_differ_never_have_the_same_tag(still: Flask) -> None:
    """Else whoever saw the page before the portal was renewed would be told that nothing has changed."""
    other = create_app(settings().model_copy(update={"today": date(2009, 1, 21)}), database_of(still))
    pages = [app.test_client().get("/") for app in (still, other)]
    assert pages[0].data != pages[1].data  # the banner says another day
    assert pages[0].headers["ETag"] != pages[1].headers["ETag"]


def test_it_may_be_kept_for_a_minute_by_anybody(visitor: FlaskClient) -> None:
    answer = visitor.get("/")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in answer.headers


# --- hostile words ----------------------------------------------------------------------------------------

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&{{ 7 * 7 }}"


def test_words_from_the_agreement_come_out_as_words(app: Flask) -> None:
    database = database_of(app)
    with database.write(OPERATOR) as session:
        session.execute(update(Agreement).where(Agreement.key == LEICESTER).values(title=HOSTILE, area=HOSTILE))
        session.execute(update(Theme).values(title=HOSTILE))
        session.execute(update(Indicator).values(title=HOSTILE))
        session.execute(update(Measure).values(part=HOSTILE))
        session.execute(update(MeasureTerms).values(reported_unit=HOSTILE))
        session.execute(update(Organisation).values(name=HOSTILE))
        session.execute(text("DROP TRIGGER revision_rating_decided_once"))  # it would keep a judgement as it is
        session.execute(
            update(RevisionRating).where(RevisionRating.override.is_not(None)).values(override_reason=HOSTILE)
        )
    periods.close_for_returns(database, OPERATOR, "2008-09-q3")
    publish(database, OPERATOR, "2008-09-q2")
    answer = app.test_client().get("/")
    assert answer.status_code == 200
    assert "<script" not in answer.text.lower()
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.find("script") is None
    assert page.find("img") is None
    assert page.find(attrs={"onerror": True}) is None
    assert [h2.get_text() for h2 in page.select("section > h2")][1:] == [HOSTILE] * 8
    assert HOSTILE in page.select_one(".attention").get_text()
    assert f"Lead: {HOSTILE}" in page.get_text()
    assert HOSTILE in page.title.get_text()


def test_two_figures_make_no_trend(app: Flask) -> None:
    database = database_of(app)
    review.verify(database, person(database, "team"), submit(database, "NI 59", "55"), None)
    publish(database, person(database, "team"))
    page = BeautifulSoup(app.test_client().get("/").text, "html.parser")
    assert page.select("#ni-59 svg[role=img]") == []


def test_a_trend_is_drawn_from_three_figures_on_and_said_in_words(sqlite_database: Database) -> None:
    series = with_series(sqlite_database)
    publish(series, OPERATOR, "2010-11-q1")
    page = BeautifulSoup(create_app(settings(), series).test_client().get("/").text, "html.parser")
    (said,) = (svg.select_one("title").get_text() for svg in page.select("#ni-16 svg[role=img]"))
    assert said.startswith("Trend: 2008/09 Q1 2.40, 2008/09 Q2 2.42, ")
    assert said.count(",") == 7


def test_an_edition_is_drawn_from_its_frozen_content_alone(app: Flask) -> None:
    database = database_of(app)
    thaw(database)
    with database.write(OPERATOR) as session:
        edition = session.query(Edition).one()
        content = edition.content.replace('"2.42"', '"9.87"')
        session.execute(update(Edition).values(content=content, content_hash=content_hash(content)))
    assert "9.87" in app.test_client().get("/").text
