"""The memorandum: every target of each version for everybody, as a page and as a file, and none before it was agreed."""

import csv
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update

from models.agreement import Agreement, AgreementVersion, Indicator, IndicatorTerms, Target
from models.people import Organisation
from portal.actor import OPERATOR, public
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.errors import NotFound
from portal.formats.memorandum_csv import HEADER
from portal.services.memorandum import memorandum
from portal.viewmodels.memorandum import Memorandum, PromisedMeasure
from tests.conftest import TODAY, person, settings, sign_in
from tests.support.agreeing import agree_all
from tests.support.areas import LEICESTER

REFRESHED = date(2009, 4, 1)
STATEMENTS = 6


@pytest.fixture(scope="module")
def on(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[date], Flask]]:
    """Portals that nobody changes, each on its day."""
    path = tmp_path_factory.mktemp("memorandum") / "portal.sqlite"
    shutil.copy(sqlite_demo, path)
    refreshed = Database(f"sqlite:///{path}", Clock(date(2009, 3, 31)))
    agree_all(refreshed, person(refreshed, "team"))
    made: dict[date, Database] = {}
    apps: dict[date, Flask] = {}

    def make(day: date) -> Flask:
        if day not in apps:
            made[day] = Database(f"sqlite:///{path}", Clock(day))
            apps[day] = create_app(settings().model_copy(update={"today": day}), made[day])
        return apps[day]

    yield make
    for database in made.values():
        database.dispose()


def visitor(on: Callable[[date], Flask], day: date = TODAY) -> FlaskClient:
    return on(day).test_client()


def soup(client: FlaskClient, path: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(path).text, "html.parser")


def cells(page: BeautifulSoup, code: str) -> dict[str, str]:
    """What the page says of an indicator's first measure, by column."""
    row = page.find(id=code)
    assert row is not None
    return {cell["data-label"]: cell.get_text(" ", strip=True) for cell in row.select("td")}


def records(client: FlaskClient, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(client.get(path).get_data(as_text=True))))


def measure(view: Memorandum, code: str) -> PromisedMeasure:
    return next(m for one in view.indicators for m in one.measures if m.code == code)


def said(view: Memorandum, code: str, year: str) -> tuple[str, str, str]:
    (found,) = (p for p in measure(view, code).promises if p.year == year)
    return str(found.state), str(found.low), found.printed


def at(database: Database, day: date) -> Database:
    database.clock = Clock(day)
    return database


# --- what it says -----------------------------------------------------------------------------------------


def test_version_1_has_every_target_as_it_was_signed(database: Database) -> None:
    view = memorandum(database, public())
    assert (view.version.number, view.version.in_force, view.version.agreed_on) == (1, True, date(2008, 6, 30))
    assert (view.starts_on, view.ends_on) == (date(2008, 4, 1), date(2011, 3, 31))
    assert Counter(one.designated for one in view.indicators) == {True: 35, False: 23}
    empty = [one for one in view.indicators if one.placeholder]
    assert len(empty) == 11
    assert {p.state for one in empty for m in one.measures for p in m.promises} == {"not set", "not applicable"}
    assert all(one.placeholder_reason and one.expected for one in empty)
    assert said(view, "NI 154", "2008/09") == ("set", "1450", "1,450")
    assert said(view, "NI 179a", "2008/09") == ("set", "10.326", "£10.326m")


def test_version_2_has_the_targets_of_the_refresh(database: Database) -> None:
    agree_all(at(database, date(2009, 3, 31)), person(database, "team"))
    view = memorandum(at(database, REFRESHED), public())
    assert (view.version.number, view.version.in_force) == (2, True)
    assert [one.code for one in view.indicators if one.placeholder] == []
    assert said(view, "NI 154", "2008/09") == ("set", "940", "940*")
    assert said(view, "NI 179a", "2008/09")[:2] == ("set", "10.906")
    assert sum(len(m.promises) for one in view.indicators for m in one.measures) == 177


def test_an_older_version_stays_and_is_no_longer_in_force(database: Database) -> None:
    agree_all(at(database, date(2009, 3, 31)), person(database, "team"))
    view = memorandum(at(database, REFRESHED), public(), 1)
    assert (view.version.number, view.version.in_force) == (1, False)
    assert [(line.number, line.in_force) for line in view.versions] == [(1, False), (2, True)]
    assert said(view, "NI 154", "2008/09")[1] == "1450"


def test_who_leads_and_to_whom_else_it_relates(database: Database) -> None:
    found = {one.code: one for one in memorandum(database, public()).indicators}
    assert found["NI 154"].lead == "Leicester City Council"
    assert found["NI 154"].partners == ("East Midlands Development Agency", "Homes and Communities Agency")
    assert [code for code, one in found.items() if not one.lead] == ["NI 27", "NI 165", "NI 172", "LI EL"]


@pytest.mark.parametrize(("day", "number"), [(TODAY, 2), (TODAY, 0), (TODAY, 10**30), (date(2008, 6, 29), 1)])
def test_a_version_is_not_told_before_it_is_agreed(database: Database, day: date, number: int) -> None:
    with pytest.raises(NotFound):
        memorandum(at(database, day), public(), number)


def test_before_the_first_version_was_agreed_there_is_none(database: Database) -> None:
    with pytest.raises(NotFound, match="has not been agreed yet"):
        memorandum(at(database, date(2008, 6, 29)), public())


def test_a_version_agreed_but_not_in_force_is_told_as_coming(sqlite_database: Database) -> None:
    agree_all(sqlite_database, person(sqlite_database, "team"))
    view = memorandum(sqlite_database, public())
    assert [(line.number, line.in_force) for line in view.versions] == [(1, True), (2, False)]
    assert memorandum(sqlite_database, public(), 2).version.in_force_from == date(2009, 3, 31)


def test_it_takes_few_statements_however_many_targets(sqlite_database: Database) -> None:
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(sqlite_database.engine, "before_cursor_execute", note)
    memorandum(sqlite_database, public())
    assert len(seen) <= STATEMENTS


# --- the page ---------------------------------------------------------------------------------------------


def test_the_page_says_period_version_and_act(on: Callable[[date], Flask]) -> None:
    page = soup(visitor(on), "/memorandum")
    text = page.get_text(" ", strip=True)
    assert len(page.select("h1")) == 1
    for words in (
        "section 113 of the Local Government and Public Involvement in Health Act 2007",
        "Leicester Local Area Agreement 2008-11",
        "1 April 2008 to 31 March 2011",
        "dated 30 June 2008",
        "the version in force",
        "35 indicators, of which 11 are placeholders without a target",
    ):
        assert words in text
    assert page.find("script") is None


def test_a_target_is_worded_as_it_is_printed_or_its_state_is_said(on: Callable[[date], Flask]) -> None:
    page = soup(visitor(on), "/memorandum")
    homes = cells(page, "ni-154")
    assert (homes["Lead"], homes["Baseline"]) == ("Leicester City Council", "1,100 homes (2003/04 to 2006/07)")
    assert (homes["2008/09"], homes["2009/10"]) == ("1,450", "470*")
    assert cells(page, "ni-175")["2009/10"] == "withdrawn"
    assert cells(page, "ni-50")["2010/11"] == "not set"
    placeholder = page.find(id="ni-54")
    assert "Placeholder: agreed without a target. No baseline yet. Target expected: May 2009 at the earliest." in (
        placeholder.get_text(" ", strip=True)
    )


def test_each_version_has_its_page_with_links_between_them(on: Callable[[date], Flask]) -> None:
    now = visitor(on, REFRESHED)
    page = soup(now, "/memorandum")
    links = page.select("nav[aria-label=Versions] a")
    assert [link["href"] for link in links] == ["/memorandum/1", "/memorandum/2"]
    assert [link.get("aria-current") for link in links] == [None, "page"]
    assert cells(page, "ni-154")["2008/09"] == "940*"
    older = soup(now, "/memorandum/1")
    assert cells(older, "ni-154")["2008/09"] == "1,450"
    assert "the version in force" not in older.select_one(".intro").get_text()


def test_what_is_not_agreed_yet_is_no_page_and_no_link(on: Callable[[date], Flask]) -> None:
    assert visitor(on).get("/memorandum/2").status_code == 404
    assert visitor(on).get("/memorandum/2.csv").status_code == 404
    text = visitor(on).get("/memorandum").text
    assert "/memorandum/2" not in text
    assert "940*</td>\n</tr>" in text  # of 2010/11
    assert "2009-03-31" not in text
    assert "31 March 2009" not in text


def test_a_target_without_a_print_is_told_with_its_unit(app: Flask) -> None:
    database: Database = app.extensions["portal"]["database"]
    with database.write(OPERATOR) as session:
        session.execute(update(Target).values(printed=""))
    page = soup(app.test_client(), "/memorandum")
    assert cells(page, "ni-154")["2008/09"] == "1,450 homes"
    assert cells(page, "ni-65")["2009/10"] == "10 to 15%"


def test_the_public_pages_lead_to_it(on: Callable[[date], Flask]) -> None:
    assert soup(visitor(on), "/").select_one('nav a[href="/memorandum"]') is not None
    current = soup(visitor(on), "/memorandum").select("nav[aria-label=Main] a[aria-current]")
    assert [link["href"] for link in current] == ["/memorandum"]


def test_words_from_the_agreement_come_out_as_words(app: Flask) -> None:
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&{{ 7 * 7 }}"
    database: Database = app.extensions["portal"]["database"]
    with database.write(OPERATOR) as session:
        session.execute(update(Agreement).where(Agreement.key == LEICESTER).values(title=hostile, area=hostile))
        session.execute(update(Indicator).values(title=hostile))
        session.execute(update(Organisation).values(name=hostile))
        session.execute(update(IndicatorTerms).values(placeholder_reason=hostile, expected=hostile))
        session.execute(update(AgreementVersion).values(title=hostile, reason=hostile, agreed_by=hostile))
        session.execute(update(Target).values(printed=hostile))
    page = soup(app.test_client(), "/memorandum")
    assert page.find("script") is None
    assert page.find("img") is None
    assert hostile in page.get_text()


# --- the file ---------------------------------------------------------------------------------------------


def test_the_file_has_one_row_for_each_target(on: Callable[[date], Flask]) -> None:
    answer = visitor(on).get("/memorandum.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert (
        answer.headers["Content-Disposition"]
        == 'attachment; filename="memorandum-leicester-local-area-agreement-2008-11-1.csv"'
    )
    rows = records(visitor(on), "/memorandum.csv")
    assert tuple(rows[0]) == HEADER
    assert len(rows) == 177
    assert Counter(row["designated"] for row in rows) == {"yes": 108, "no": 69}
    (homes,) = (row for row in rows if (row["measure"], row["year"]) == ("NI 154", "2008/09"))
    assert (homes["low"], homes["printed"], homes["lead"]) == ("1450", "1,450", "Leicester City Council")
    assert homes["partners"] == "East Midlands Development Agency; Homes and Communities Agency"
    assert (homes["version"], homes["agreed_on"], homes["period_from"]) == ("1", "2008-06-30", "2008-04-01")
    (savings,) = (row for row in rows if (row["measure"], row["year"]) == ("NI 179a", "2008/09"))
    assert savings["printed"] == "£10.326m"


def test_each_version_has_its_file(on: Callable[[date], Flask]) -> None:
    now = visitor(on, REFRESHED)
    assert records(now, "/memorandum.csv") == records(now, "/memorandum/2.csv")
    (homes,) = (r for r in records(now, "/memorandum/2.csv") if (r["measure"], r["year"]) == ("NI 154", "2008/09"))
    assert homes["low"] == "940"
    assert {row["version"] for row in records(now, "/memorandum/1.csv")} == {"1"}


def test_a_spreadsheet_takes_no_cell_for_a_formula(on: Callable[[date], Flask]) -> None:
    rows = records(visitor(on, REFRESHED), "/memorandum.csv")
    printed = {row["measure"]: row["printed"] for row in rows if row["year"] == "2010/11"}
    assert printed["NI 54"] == "'+6 % points from baseline*"
    assert [row["low"] for row in rows if row["measure"] == "NI 18" and row["low"]] == ["-7.97"]
    starts = {cell[:1] for row in rows for name, cell in row.items() if name not in ("low", "high")}
    assert starts.isdisjoint("=+-@")


# --- how it is served -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/memorandum", "/memorandum/1", "/memorandum.csv", "/memorandum/1.csv"])
def test_it_is_the_same_for_everybody_and_not_sent_twice(on: Callable[[date], Flask], path: str) -> None:
    first = visitor(on).get(path)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in first.headers
    assert sign_in(on(TODAY), "police").get(path).data == first.data
    again = visitor(on).get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_it_is_small(on: Callable[[date], Flask]) -> None:
    answer = visitor(on, REFRESHED).get("/memorandum", headers={"Accept-Encoding": "br"})
    assert len(answer.data) < 15_000
