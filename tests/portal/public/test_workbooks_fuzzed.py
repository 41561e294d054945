"""Damaged workbooks, sent as a partner would send them: each is refused or loaded as it says, and never in part."""

import os
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal, InvalidOperation
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from openpyxl.cell.read_only import EMPTY_CELL

from models.rules.codes import measure_code
from portal.formats.numbers import parse_figure
from portal.services import workbooks
from portal.words import workbooks as words_of
from tests.conftest import make, person, sign_in
from tests.portal.public.test_workbooks import PAGE, send, token
from tests.support.mutations import mutated
from tests.support.workbooks import SHEET, filled, with_part
from tests.support.worlds import World, opened, put_back

HOW_MANY = int(os.environ.get("FUZZ_WORKBOOKS", "40"))
FIRST = int(os.environ.get("FUZZ_FIRST", "0"))
VALID = {
    "NI 16": {"value": "2.31", "forecast_rating": "● Within acceptable range", "commentary": "Fewer burglaries."},
    "NI 20": {"value": "0.95", "forecast_value": "0.9", "commentary": "=Fewer\nassaults."},
    "NI 32": {"no_value_reason": "There is no survey this year", "commentary": "None yet."},
}
Rows = dict[str, tuple[Any, ...]]


@pytest.fixture
def world(sqlite_demo: Path, tmp_path: Path) -> Iterator[World]:
    """A portal of its own over the demonstration's data."""
    template = tmp_path / "template.sqlite"
    template.write_bytes(sqlite_demo.read_bytes())
    make(template, lambda _: None)
    world = opened(template, tmp_path / "portal.sqlite", {})
    yield world
    world.database.dispose()


def rows_of(world: World) -> Rows:
    """Every return as it stands, by its measure and period, with how many revisions and events of returns there are."""
    with closing(sqlite3.connect(str(world.database.engine.url.database))) as file:
        found = file.execute(
            "SELECT m.code || ' ' || p.key, r.state, r.value, r.no_value_reason, r.forecast_value, r.forecast_rating, "
            "r.commentary, r.version, r.organisation_id FROM returns r JOIN measure m ON m.id = r.measure_id "
            "JOIN period p ON p.id = r.period_id"
        ).fetchall()
    return {name: tuple(rest) for name, *rest in found}


def plainly(content: bytes) -> dict[str, dict[str, Any]]:
    """What a workbook that was written says, read in the plainest way."""
    sheet = openpyxl.load_workbook(BytesIO(content), read_only=True)[words_of.RETURNS]  # else tables are looked at too
    sheet.reset_dimensions()
    _, _, head, *rows = sheet.iter_rows()
    heads = [cell.value for cell in head]
    found = {}
    for row in rows:
        said = dict(zip_longest(heads, row, fillvalue=EMPTY_CELL))
        if said["Measure"].value is not None:
            found[measure_code(str(said["Measure"].value))] = said
    return found


def shown(cell: Any) -> str:
    value = cell.value
    if value is None or isinstance(value, str):
        return (value or "").replace("\r\n", "\n").strip()
    exact = Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)
    return f"{(exact * 100).normalize():f}%" if "%" in cell.number_format else f"{exact:f}"


def same_figure(cell: Any, kept: str | None) -> bool:
    said = shown(cell)
    try:
        return kept is None if not said else kept is not None and parse_figure(said) == Decimal(kept)
    except (InvalidOperation, ValueError):
        return False


def as_the_file_says(content: bytes, before: Rows, after: Rows) -> None:
    """Whatever is another now is the sender's own, and is what its line says."""
    said = plainly(content)
    for name in after:
        if after[name] == before[name]:
            continue
        measure = name.removesuffix(" 2008/09 Q3")
        assert name in {f"{own} 2008/09 Q3" for own in VALID}, f"{name} is not the sender's to change"
        state, value, reason, forecast, _rating, commentary, *_ = after[name]
        line = said[measure]
        assert state in ("draft", "submitted")
        assert same_figure(line["Figure"], value), (name, shown(line["Figure"]), value)
        assert same_figure(line["Forecast figure at the year's end"], forecast)
        assert shown(line["Commentary"]) == commentary
        assert bool(reason) == bool(shown(line["If there is no figure, why?"]))


def as_written_before(content: bytes) -> bytes:
    """A workbook by the portal's own writer, with drafts in it, as if it had been downloaded before they were saved."""
    about = SHEET.replace("2.xml", "4.xml")
    earlier = with_part(content, about, lambda found: found.replace(b"<v>2</v>", b"<v>1</v>"))
    return with_part(earlier, "xl/sharedStrings.xml", lambda found: re.sub(rb">[0-9a-f]{16}<", b">none<", found))


def tried(world: World, client: FlaskClient, content: bytes, *, submit: bool) -> str:
    """Send one workbook and, if it is taken, write it; answers what became of it."""
    before = rows_of(world)
    answer = send(client, content)
    assert answer.status_code < 500, answer.text
    assert rows_of(world) == before, "something was written by sending alone"
    if answer.status_code != 303:
        assert answer.status_code in (413, 422), answer.text
        return "refused"
    address = answer.headers["Location"]
    assert client.get(address).status_code == 200
    hidden = token(client, PAGE)
    written = client.post(address, data={**hidden, "submit": "1" if submit else "0"})
    after = rows_of(world)
    if written.status_code != 303:
        assert written.status_code == 409, written.text
        assert after == before, "it was refused, and written in part"
        return "stopped"
    assert client.get(address).status_code == 200
    as_the_file_says(content, before, after)
    return "written" if after != before else "nothing to write"


@pytest.mark.filterwarnings("ignore::UserWarning")  # openpyxl's, where the test itself reads what was damaged
def test_damaged_workbooks_are_refused_or_loaded_as_they_say(world: World, tmp_path: Path) -> None:
    police = person(world.database, "police")
    valid = [filled(workbooks.download(world.database, police, "2008-09-q3")[1], VALID)]
    template = tmp_path / "template.sqlite"
    assert tried(world, sign_in(world.app, "police"), valid[0], submit=False) == "written", "or nothing would be proved"
    valid.append(as_written_before(workbooks.download(world.database, police, "2008-09-q3")[1]))
    put_back(world, template)
    assert tried(world, sign_in(world.app, "police"), valid[1], submit=True) == "written"
    became: Counter[str] = Counter()
    for number in range(FIRST, FIRST + HOW_MANY):
        put_back(world, template)
        client = sign_in(world.app, "police")
        try:
            became[tried(world, client, mutated(number, valid[number // 7 % 2]), submit=bool(number % 2))] += 1
        except AssertionError as error:
            raise AssertionError(f"mutation {number}: {error}") from error
    print(f"{HOW_MANY} damaged workbooks: {dict(became)}")
    assert {"refused", "written"} <= set(became)
