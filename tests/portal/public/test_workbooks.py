"""The page of return workbooks: its forms, what it refuses, and what it shows."""

import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from layouts.return_fields import GROUNDS
from portal.database import Database
from portal.formats.safe_xlsx import LARGEST
from portal.services import returns, workbooks
from portal.viewmodels.returns import Typed
from portal.words import workbooks as words_of
from tests.conftest import person, sign_in
from tests.support.workbooks import XLSX, filled
from tests.support.worlds import state_of

PAGE = "/returns/workbook"
GOOD = {"NI 16": {"value": "24.2", "commentary": "<b>Fewer</b>\nburglaries."}, "NI 20": {"commentary": "?"}}
BAD = {"NI 16": {"value": "2.3"}, "NI 20": {"value": "many"}}


@pytest.fixture
def police(client_of: Callable[[str | None], FlaskClient]) -> FlaskClient:
    return client_of("police")


def token(client: FlaskClient, page: str = PAGE) -> dict[str, str]:
    """The hidden fields of the page's first form."""
    form = BeautifulSoup(client.get(page).text, "html.parser").main.form
    return {one["name"]: one.get("value", "") for one in form("input", type="hidden")}


def send(client: FlaskClient, content: bytes, name: str = "q3.xlsx", **more: str) -> TestResponse:
    return client.post(PAGE, data={**token(client), **more, "file": (BytesIO(content), name)})


def workbook(client: FlaskClient) -> bytes:
    answer = client.get(f"{PAGE}.xlsx?period=2008-09-q3")
    assert answer.content_type == XLSX
    assert answer.headers["Content-Disposition"] == 'attachment; filename="returns-police-2008-09-q3.xlsx"'
    return answer.data


def test_the_desk_leads_to_the_page_and_the_page_to_the_workbook(police: FlaskClient, app: Flask) -> None:
    pages = app.extensions["portal"]["pages"]
    assert PAGE in str(pages.open(person(app.extensions["portal"]["database"], "police"), "/returns"))
    page = BeautifulSoup(police.get(PAGE).text, "html.parser")
    (link,) = page.main("a", download=True)
    assert link["href"].startswith(f"{PAGE}.xlsx?period=2008-09-q3&agreement=leicester")
    assert link.parent.get_text(" ", strip=True).endswith("3 returns , due 30 January 2009.".replace(" ,", ","))
    assert police.get(link["href"]).status_code == 200
    field = page.find("input", type="file")
    assert page.find("label", attrs={"for": field["id"]}).text == "The workbook that you filled in"
    assert all(page.find(id=one) for one in field["aria-describedby"].split())


def test_a_workbook_is_sent_looked_at_and_written(police: FlaskClient, app: Flask) -> None:
    answer = send(police, filled(workbook(police), GOOD))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}/1")
    page = BeautifulSoup(police.get(f"{PAGE}/1").text, "html.parser")
    assert page.h1.get_text("|").endswith("|What this workbook would change")
    said = " ".join(page.main.get_text(" ", strip=True).split())
    assert "2 lines would change, 1 stays as it is. Nothing has been written yet." in said
    assert "It is ten times the last figure or more: is the decimal point right? The last figure is 2.42." in said
    assert "It can be saved as a draft, and not be submitted yet: Enter a figure, or say why there is none." in said
    assert page.find("td", string="<b>Fewer</b>\nburglaries."), "as text, with its lines"
    assert [one.text for one in page.main("button")] == ["Save 2 drafts", "Save, and submit 1 complete return"]
    written = police.post(f"{PAGE}/1", data={**token(police, f"{PAGE}/1"), "submit": "1"})
    assert (written.status_code, written.headers["Location"]) == (303, f"{PAGE}/1")
    after = BeautifulSoup(police.get(f"{PAGE}/1").text, "html.parser")
    assert after.find(class_="confirmation").h2.text.startswith("2 drafts saved, 1 return submitted, ")
    assert [tag.text for tag in after.find(class_="tasks")("span", class_="tag")] == [
        "Submitted",
        "Draft",
        "Not started",
    ]
    assert not after.main("form")
    assert "2 drafts saved, 1 return submitted" in police.get(PAGE).text


def test_one_that_is_wrong_says_where_and_offers_no_button(police: FlaskClient) -> None:
    send(police, filled(workbook(police), BAD))
    page = BeautifulSoup(police.get(f"{PAGE}/1").text, "html.parser")
    assert page.title.text == "Error: What this workbook would change"
    (link,) = page.find(class_="error-summary")("a")
    assert link.text.startswith("Row 5, NI 20, Figure (cell J5): 'many' is not a figure")
    assert page.find(id=link["href"].removeprefix("#")).h2.text == "NI 20 Assault with injury crime rate"
    assert not page.main("form")
    listed = BeautifulSoup(police.get(PAGE).text, "html.parser").find("table").tbody.get_text(" ", strip=True)
    assert "q3.xlsx" in listed
    assert listed.endswith("Nothing was written from it.")


def test_what_changed_before_it_was_written_is_told_and_nothing_is_written(police: FlaskClient, app: Flask) -> None:
    database: Database = app.extensions["portal"]["database"]
    send(police, filled(workbook(police), GOOD))
    hidden = token(police, f"{PAGE}/1")
    contributor = person(database, "police.contributor")
    number = returns.find_return(database, contributor, "2008-09-q3", "NI 16")
    returns.save(database, contributor, number, None, Typed(value="2.2"))
    before = state_of(database)
    answer = police.post(f"{PAGE}/1", data=hidden)
    assert answer.status_code == 409
    summary = BeautifulSoup(answer.text, "html.parser").find(class_="error-summary")
    assert summary.h2.text == "Nothing was written"
    assert "Row 4, NI 16: Analyst, Leicestershire Constabulary changed this return" in summary.get_text(" ")
    assert state_of(database) == before


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "", "Choose the workbook"),
        (b"", "q3.xlsx", "The file is empty"),
        (b"hello", "q3.xlsx", "not an Excel workbook"),
        (b"PK\3\4" + b"0" * LARGEST, "q3.xlsx", "at most 2 MB are taken"),
    ],
)
def test_a_file_that_is_none_is_refused_on_the_page_and_not_kept(
    police: FlaskClient, app: Flask, content: bytes, name: str, said: str
) -> None:
    database: Database = app.extensions["portal"]["database"]
    before = state_of(database)
    answer = send(police, content, name)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert said in page.find(class_="error-summary").a.text
    assert page.find("input", type="file")["aria-invalid"] == "true"
    assert page.title.text == "Error: Return workbook"
    assert state_of(database) == before


def test_fifty_megabytes_are_refused_before_they_are_read(police: FlaskClient) -> None:
    hidden = token(police)
    content = BytesIO(b"PK\3\4" + b"\0" * 50_000_000)
    began = time.perf_counter()
    answer = police.post(PAGE, data={**hidden, "file": (content, "q3.xlsx")})
    assert answer.status_code == 413
    assert "47.7 MB; at most 2 MB are taken" in answer.text
    assert time.perf_counter() - began < 3
    elsewhere = police.post("/password", data={"old": "x" * 300_000})
    assert elsewhere.status_code == 413


def test_a_body_of_unknown_length_is_refused_too(police: FlaskClient) -> None:
    hidden = token(police)
    body = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value.encode())
        for name, value in hidden.items()
    )
    body += b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n' + b"0" * 3 * LARGEST
    answer = police.post(
        PAGE,
        input_stream=BytesIO(body + b"\r\n--x--\r\n"),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert 400 <= answer.status_code < 500


def test_forms_need_their_token_and_the_agreement_that_they_showed(police: FlaskClient, app: Flask) -> None:
    database: Database = app.extensions["portal"]["database"]
    content = workbook(police)
    before = state_of(database)
    assert send(police, content, csrf_token="no").status_code == 400
    assert send(police, content, agreement="").status_code == 409
    assert send(police, content, agreement="derby").status_code == 404
    assert state_of(database) == before
    send(police, content)
    assert police.post(f"{PAGE}/1", data={"submit": "0"}).status_code == 400


@pytest.mark.parametrize("who", [None, "nhs", "team", "executive", "reviewer", "admin"])
def test_nobody_else_sends_or_writes_for_them(app: Flask, police: FlaskClient, who: str | None) -> None:
    database: Database = app.extensions["portal"]["database"]
    content = filled(workbook(police), GOOD)
    number = workbooks.take(database, person(database, "police"), "a.xlsx", content)
    client, before = sign_in(app, who), state_of(database)
    hidden = {"csrf_token": _token_anywhere(client), "agreement": "leicester-local-area-agreement-2008-11"}
    sent = client.post(PAGE, data={**hidden, "file": (BytesIO(content), "a.xlsx")})
    written = client.post(f"{PAGE}/{number}", data={**hidden, "submit": "1"})
    kept = client.get(f"{PAGE}/{number}.xlsx")
    side = who in ("nhs", "team")
    assert sent.status_code == (401 if who is None else 422 if side else 403)
    assert written.status_code == (401 if who is None else 404 if side else 403)
    assert kept.status_code == (302 if who is None else 404 if side else 403)
    assert state_of(database) == before


def _token_anywhere(client: FlaskClient) -> str:
    page = "/password" if client.get("/password").status_code == 200 else "/sign-in"
    return str(BeautifulSoup(client.get(page).text, "html.parser").find(attrs={"name": "csrf_token"})["value"])


def test_the_kept_file_is_served_as_it_was_and_only_to_be_saved(police: FlaskClient) -> None:
    content = filled(workbook(police), GOOD)
    send(police, content, '../../"x\r\n.xlsm')
    answer = police.get(f"{PAGE}/1.xlsx")
    assert answer.data == content
    assert answer.headers["Content-Disposition"] == 'attachment; filename="return-workbook-1.xlsx"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_its_script_runs_on_its_page_alone_and_nothing_needs_it(police: FlaskClient) -> None:
    answer = police.get(PAGE)
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
    (script,) = BeautifulSoup(answer.text, "html.parser")("script")
    assert script["src"].startswith("/assets/sending.js?m=")
    assert police.get(script["src"]).status_code == 200
    send(police, workbook(police))
    assert "script-src 'none'" in police.get(f"{PAGE}/1").headers["Content-Security-Policy"]
    assert "sending.js" not in police.get("/returns").text


def test_the_words_of_the_columns_are_those_of_the_form() -> None:
    assert {name: words_of.ANSWERS[name] for name in GROUNDS} == GROUNDS
    assert set(words_of.ANSWERS) == {*Typed.__slots__, "explanation"}


def test_the_document_names_every_column_and_limit() -> None:
    said = " ".join((Path(__file__).parents[3] / "docs" / "spreadsheets.md").read_text("utf-8").split())
    assert [name for name in words_of.ANSWERS.values() if name not in said] == []
    assert f"{LARGEST // 1024**2} MB" in said
