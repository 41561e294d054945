"""Editions as files: what they say, that they are true to the edition, safe to open, and the same each time."""

import csv
import io
import json
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from csvw import CSVW
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import update

from models.agreement import Agreement, Indicator, MeasureTerms, Theme
from models.people import Organisation
from models.rules.terms import NoRating
from portal.actor import OPERATOR, public
from portal.app import create_app
from portal.database import Database
from portal.formats.edition_csv import edition_csv
from portal.formats.edition_pdf import edition_pdf
from portal.formats.edition_xlsx import edition_xlsx
from portal.formats.editions_atom import ATOM
from portal.formats.observations import COLUMNS, observations, symbol_of
from portal.formats.typesetting import NO_TYPST
from portal.public import edition_files
from portal.services import periods, returns, review, scorecard, suppression
from portal.viewmodels.observations import Observation, Status, Symbol
from portal.viewmodels.returns import Typed
from portal.viewmodels.scorecard import Scorecard
from tests.conftest import person, settings
from tests.support.areas import LEICESTER
from tests.support.publishing import publish
from tests.support.tagged import elements

Q3 = "2008-09-q3"
HOSTILE = '=cmd|"/C calc"!A1 #strong[x] *b* $y$ <b>c</b> \\ @d [e] `f` // g'
NOTE = "The first count left out two stations."


def verified(database: Database, who: str, code: str, value: str) -> int:
    number = returns.find_return(database, person(database, who), Q3, code)
    returns.save(database, person(database, who), number, None, Typed(value=value))
    returns.submit(database, person(database, who), number, None)
    review.verify(database, person(database, "team"), number, None)
    return number


@pytest.fixture(autouse=True)
def _made_anew() -> Iterator[None]:
    edition_files.made.cache_clear()
    yield
    edition_files.made.cache_clear()


@pytest.fixture
def app(sqlite_database: Database, brought: Callable[..., None], portal_over: Callable[[Database], Flask]) -> Flask:
    brought(sqlite_database, two_editions)
    return portal_over(sqlite_database)


def two_editions(database: Database) -> None:
    """The second has an earlier figure, a new one and a suppressed one."""
    verified(database, "lcc", "NI 59", "71.5")
    verified(database, "lcc", "NI 154", "3")
    suppression.set_rule(database, person(database, "team"), "NI 154", "5", "")
    publish(database, OPERATOR, Q3, NOTE)


@pytest.fixture
def get(app: Flask) -> Callable[[str], Any]:
    return app.test_client().get


def database_of(app: Flask) -> Database:
    return app.extensions["portal"]["database"]


def card_of(app: Flask, number: int = 2) -> Scorecard:
    return scorecard.edition_card(database_of(app), public(), number)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def of(rows: list[dict[str, str]], measure: str) -> list[dict[str, str]]:
    return [row for row in rows if row["measure"] == measure]


# --- rows -------------------------------------------------------------------------------------------------


def test_a_row_has_the_columns_that_are_explained() -> None:
    assert tuple(COLUMNS) == Observation.__match_args__


def test_every_measure_has_one_row_of_the_day_and_one_for_each_earlier_figure(app: Flask) -> None:
    card = card_of(app)
    rows = observations(card)
    measures = [m for theme in card.themes for i in theme.indicators for m in i.measures]
    assert [row.measure for row in rows if row.status is Status.CURRENT] == [m.code for m in measures]
    assert len({(row.measure, row.period) for row in rows}) == len(rows)
    assert len(rows) > len(measures) == 59
    assert all((row.figure is None) is (row.symbol is not None) for row in rows)


def test_a_figure_is_told_with_its_digits_dates_and_grounds(get: Callable[[str], Any]) -> None:
    before, now = of(table(get("/editions/2.csv").text), "NI 59")
    assert (before["period"], before["figure"], before["rating"], before["status"]) == (
        "2008/09 Q2",
        "72.00",
        "",
        "earlier",
    )
    assert (now["period"], now["period_start"], now["period_end"]) == ("2008/09 Q3", "2008-10-01", "2008-12-31")
    assert (now["figure"], now["symbol"], now["unit"], now["status"]) == ("71.5", "", "%", "current")
    assert now["rating"] in ("better", "within", "worse")
    assert now["rating"] == now["rating_by_rule"]


def test_a_suppressed_figure_is_a_symbol_and_nothing_else(get: Callable[[str], Any]) -> None:
    before, hidden = of(table(get("/editions/2.csv").text), "NI 154")
    assert before["figure"] == "300"
    told = {name: said for name, said in hidden.items() if said}
    assert told["symbol"] == "[c]"
    assert told["no_rating_reason"] == "suppressed"
    assert told.keys().isdisjoint(
        {"figure", "milestone", "milestone_low", "milestone_high", "rating", "rating_by_rule", "forecast_rating"}
    )


def test_a_missing_figure_says_whether_there_should_be_one(app: Flask) -> None:
    rows = [row for row in observations(card_of(app, 1)) if row.figure is None]
    by_reason = {row.no_rating_reason: row.symbol for row in rows}
    assert by_reason[NoRating.PLACEHOLDER] is by_reason[NoRating.MAA_ONLY] is Symbol.NOT_APPLICABLE
    assert symbol_of(None, NoRating.NO_SURVEY) is Symbol.NOT_APPLICABLE  # nobody was asked, so nothing was measured
    assert symbol_of(None, NoRating.SUPPRESSED) is Symbol.CONFIDENTIAL
    assert by_reason[NoRating.NOT_DUE] is by_reason[NoRating.NOT_REPORTED] is Symbol.UNAVAILABLE


def test_a_judgement_is_told_beside_the_rule(get: Callable[[str], Any]) -> None:
    (row,) = of(table(get("/editions/1.csv").text), "NI 65")
    assert (row["rating"], row["rating_by_rule"]) == ("better", "within")
    assert row["judged_reason"].endswith("a judgement.")


# --- CSV on the Web ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2])
def test_the_metadata_is_valid_and_the_file_is_what_it_says(
    get: Callable[[str], Any], tmp_path: Path, number: int
) -> None:
    (tmp_path / f"{number}.csv").write_bytes(get(f"/editions/{number}.csv").data)
    metadata = tmp_path / f"{number}.csv-metadata.json"
    metadata.write_bytes(get(f"/editions/{number}.csv-metadata.json").data)
    found = CSVW(str(metadata), validate=True)
    assert (found.is_valid, found.warnings) == (True, [])
    (one,) = found.tables
    rows = list(one)
    assert [column.name for column in one.tableSchema.columns] == list(COLUMNS)
    assert len(rows) == len(table(get(f"/editions/{number}.csv").text))
    assert {row["edition"] for row in rows} == {number}


def test_metadata_of_another_file_would_not_pass(get: Callable[[str], Any], tmp_path: Path) -> None:
    """The check above finds what is wrong."""
    text = get("/editions/2.csv").text.replace(",[c],", ",hidden,", 1)
    (tmp_path / "2.csv").write_text(text, newline="")
    metadata = tmp_path / "2.csv-metadata.json"
    metadata.write_bytes(get("/editions/2.csv-metadata.json").data)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        found = CSVW(str(metadata), validate=True)
        assert (found.is_valid, len(found.warnings)) == (False, 1)


def test_the_file_names_its_metadata_and_its_licence(get: Callable[[str], Any]) -> None:
    links = ", ".join(get("/editions/2.csv").headers.getlist("Link"))
    assert '</editions/2.csv-metadata.json>; rel="describedby"' in links
    assert 'open-government-licence/version/3/>; rel="license"' in links
    said = get("/editions/2.csv-metadata.json").get_json(force=True)
    assert said["url"] == "2.csv"
    assert said["rdfs:comment"] == NOTE


# --- JSON, feed, API ---------------------------------------------------------------------------------------


def test_the_json_is_the_content_that_was_hashed(app: Flask, get: Callable[[str], Any]) -> None:
    assert sha256(get("/editions/2.json").data).hexdigest() == card_of(app).hash


def test_the_feed_has_every_edition_with_its_files(get: Callable[[str], Any]) -> None:
    feed = ET.fromstring(get("/editions.atom").data)
    within = {"a": ATOM}
    titles = [entry.findtext("a:title", namespaces=within) for entry in feed.findall("a:entry", within)]
    assert titles == ["Edition 2: quarter 3 of 2008/09", "Edition 1: quarter 2 of 2008/09"]
    names = [node.text for node in feed.iter(f"{{{ATOM}}}id")]
    assert len(set(names)) == 3
    assert all(str(name).startswith("urn:uuid:") for name in names)
    for node in feed.iter(f"{{{ATOM}}}updated"):
        assert datetime.fromisoformat(str(node.text)).tzinfo is not None
    hrefs = [link.attrib["href"] for link in feed.iter(f"{{{ATOM}}}link") if link.attrib["rel"] == "enclosure"]
    assert len(hrefs) == 8
    assert [get(href).status_code for href in hrefs] == [200] * 8
    assert NOTE in get("/editions.atom").text


def test_the_api_lists_editions_and_answers_each_as_json_and_csv(get: Callable[[str], Any]) -> None:
    listed = get("/api/v1/editions").json["editions"]
    assert [(one["edition"], one["period"], one["note"]) for one in listed] == [
        (2, "2008/09 Q3", NOTE),
        (1, "2008/09 Q2", ""),
    ]
    assert get("/api/v1/editions/2").json == get("/api/v1/scorecard").json
    assert get("/api/v1/editions/1").json["period"] == "2008/09 Q2"
    assert get("/api/v1/scorecard.csv").data == get("/api/v1/editions/2.csv").data == get("/editions/2.csv").data
    assert [row["hash"] for row in table(get("/api/v1/editions.csv").text)] == [one["hash"] for one in listed]
    assert (get("/api/v1/editions/9").status_code, get("/api/v1/editions/9.csv").status_code) == (404, 404)


FILES = ("2.csv", "2.json", "2.xlsx", "2.pdf", "2.csv-metadata.json", "2/newsletter.txt")


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_the_same_each_time_and_not_sent_twice(app: Flask, name: str) -> None:
    client = app.test_client()
    first = client.get(f"/editions/{name}")
    edition_files.made.cache_clear()
    again = client.get(f"/editions/{name}")
    assert first.data == again.data != b""
    assert first.headers["ETag"] == again.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, max-age=60"
    kept = client.get(f"/editions/{name}", headers={"If-None-Match": first.headers["ETag"]})
    assert (kept.status_code, kept.data) == (304, b"")


def test_a_file_is_made_of_the_frozen_content_alone(app: Flask, get: Callable[[str], Any]) -> None:
    before = {name: get(f"/editions/{name}").data for name in FILES[:5]}
    with database_of(app).write(OPERATOR) as session:
        session.execute(update(Indicator).values(title="Another title"))
        session.execute(update(Theme).values(title="Another theme"))
        session.execute(update(Organisation).values(name="Another name"))
    edition_files.made.cache_clear()
    assert {name: get(f"/editions/{name}").data for name in FILES[:5]} == before


def test_an_edition_that_is_not_there_has_no_files(get: Callable[[str], Any]) -> None:
    for name in FILES:
        assert get(f"/editions/{name.replace('2', '9', 1)}").status_code == 404
    assert get("/editions/99999999999999999999.csv").status_code == 404
    assert get("/editions/2.csv?agreement=no-such").status_code == 404


def test_the_scorecard_leads_to_every_file_and_says_its_size(get: Callable[[str], Any]) -> None:
    foot = get("/").text.partition("<footer")[2]
    links = re.findall(r'href="(/editions[^"]*)">([^<]+)</a> \((\d+) kB\)', foot)
    assert [(href, kind) for href, kind, _ in links] == [
        ("/editions/2.csv", "CSV"),
        ("/editions/2.json", "JSON"),
        ("/editions/2.xlsx", "Excel"),
        ("/editions/2.pdf", "PDF"),
    ]
    for href, _, size in links:
        assert abs(len(get(href).data) / 1000 - int(size)) <= 1


# --- spreadsheet -------------------------------------------------------------------------------------------


def test_the_spreadsheet_has_marked_tables_notes_and_no_merged_or_empty_cell(get: Callable[[str], Any]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(get("/editions/2.xlsx").data))
    assert book.sheetnames == ["Cover", "Scorecard", "Figures", "Notes"]
    for sheet in book:
        assert sheet["A1"].value
        assert sheet["A2"].value
        assert not sheet.merged_cells.ranges
        assert not sheet.auto_filter.ref
        assert sheet.sheet_state == "visible"
        assert list(sheet.tables) == ([] if sheet.title == "Cover" else [sheet.title])
        for one in sheet.tables.values():
            heads, *body = sheet[one.ref]
            assert len({cell.value for cell in heads}) == len(heads)
            assert all(cell.value not in (None, "") for row in (heads, *body) for cell in row)
            assert all(cell.fill.fill_type is None for row in (heads, *body) for cell in row)
    assert "Open Government Licence" in " ".join(str(row[0].value) for row in book["Cover"].iter_rows())


def test_the_spreadsheet_says_what_the_edition_says(app: Flask, get: Callable[[str], Any]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(get("/editions/2.xlsx").data))
    rows = list(book["Figures"].iter_rows(min_row=4, values_only=True))
    place = {name: number for number, name in enumerate(COLUMNS)}
    assert [(row[place["measure"]], row[place["period"]]) for row in rows] == [
        (one.measure, one.period) for one in observations(card_of(app))
    ]
    now = next(row for row in rows if (row[place["measure"]], row[place["period"]]) == ("NI 59", "2008/09 Q3"))
    assert now[place["figure"]] == 71.5
    hidden = next(row for row in rows if (row[place["measure"]], row[place["period"]]) == ("NI 154", "2008/09 Q3"))
    assert hidden[place["figure"]] == hidden[place["rating"]] == hidden[place["forecast_rating"]] == "[c]"
    assert book.properties.created == card_of(app).published_at.replace(tzinfo=None, microsecond=0)


# --- PDF ---------------------------------------------------------------------------------------------------


def pages_of(data: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(data))
    return reader, "\n".join(page.extract_text() for page in reader.pages)


def test_the_pdf_carries_tags_language_and_title(get: Callable[[str], Any]) -> None:
    answer = get("/editions/1.pdf")
    reader, text = pages_of(answer.data)
    root = reader.trailer["/Root"]
    assert answer.content_type == "application/pdf"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "How is Leicester doing? Scorecard, quarter 2 of 2008/09"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    tags = [node.get("/S") for node in elements(reader)]
    assert tags.count("/Table") == 7
    assert {"/TH", "/TD", "/H1", "/Figure"} <= set(tags)
    assert [str(node["/Alt"]) for node in elements(reader) if "/Alt" in node] == [
        "A bar of shares. All indicators: 7 worse, 11 within range, 6 better, 34 without."
    ]
    assert "▲ Worse" in text
    assert "2.42" in text


def test_hostile_words_come_out_of_every_file_as_words(app: Flask) -> None:
    database = database_of(app)
    with database.write(OPERATOR) as session:
        session.execute(update(Agreement).where(Agreement.key == LEICESTER).values(title=HOSTILE, area=HOSTILE))
        session.execute(update(Theme).values(title=HOSTILE))
        session.execute(update(Indicator).values(title=HOSTILE))
        session.execute(update(MeasureTerms).values(reported_unit=HOSTILE))
        session.execute(update(Organisation).values(name=HOSTILE))
    periods.close_for_returns(database, OPERATOR, Q3)
    publish(database, OPERATOR, Q3, HOSTILE)
    card = card_of(app, 3)
    rows = table(edition_csv(card))
    assert {row["title"] for row in rows} == {f"'{HOSTILE}"}
    book = openpyxl.load_workbook(io.BytesIO(edition_xlsx(card)))
    titles = [cell for row in book["Figures"].iter_rows(min_row=4) for cell in row if cell.value == HOSTILE]
    assert {cell.data_type for cell in titles} == {"s"}
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    reader, text = pages_of(edition_pdf(card))
    squeezed = re.sub(r"\s", "", text)
    assert squeezed.count(re.sub(r"\s", "", HOSTILE)) > 60
    assert reader.metadata is not None
    assert HOSTILE in str(reader.metadata.title)
    client = app.test_client()
    feed = ET.fromstring(client.get("/editions.atom").data)
    assert HOSTILE in str(feed.findtext(f"{{{ATOM}}}title"))
    assert json.loads(client.get("/editions/3.csv-metadata.json").data)["rdfs:comment"].endswith(HOSTILE)
    for name in ("3.csv", "3.xlsx", "3.pdf", "3/newsletter.txt"):
        answer = client.get(f"/editions/{name}")
        assert answer.status_code == 200
        assert "\n" not in answer.headers.get("Content-Disposition", "")


def test_a_machine_without_typst_says_so_and_everything_else_works(
    app: Flask, get: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    answer = get("/editions/2.pdf")
    assert answer.status_code == 503
    assert NO_TYPST in answer.text
    assert "/editions/2.pdf" not in get("/").text
    assert [get(path).status_code for path in ("/", "/editions/2.csv", "/editions/2.xlsx", "/explore")] == [200] * 4


# --- newsletter --------------------------------------------------------------------------------------------


def test_the_newsletter_sets_the_half_year_beside_those_before(get: Callable[[str], Any]) -> None:
    answer = get("/editions/1/newsletter.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    rows = [line.split("\t") for line in answer.text.splitlines() if "\t" in line]
    assert rows == [
        ["End of", "Above", "Near", "Below", "Missing"],
        ["September 2006", "14%", "33%", "19%", "34%"],
        ["March 2007", "15%", "30%", "25%", "31%"],
        ["September 2007", "22%", "34%", "26%", "17%"],
        ["March 2008", "25%", "40%", "24%", "12%"],
        ["September 2008", "10%", "19%", "12%", "59%"],
    ]
    assert "At the end of September 2008, 6 of the 58 indicators" in answer.text
    assert "cannot be held against each other" in answer.text


def test_a_later_edition_has_this_agreements_half_years_as_published(get: Callable[[str], Any]) -> None:
    rows = [line.split("\t") for line in get("/editions/2/newsletter.txt").text.splitlines() if "\t" in line]
    assert [row[0] for row in rows[-2:]] == ["September 2008", "December 2008"]
    assert rows[-2] == ["September 2008", "10%", "19%", "12%", "59%"]


def test_before_the_first_edition_there_is_no_feed(bare_database: Database) -> None:
    client = create_app(settings(), bare_database).test_client()
    answers = [client.get(path) for path in ("/editions.atom", "/editions/1.csv", "/api/v1/editions/1")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert client.get("/api/v1/editions").json == {"editions": []}
    assert "Nothing has been published yet" in client.get("/").text
    assert client.get("/explore").status_code == 200
