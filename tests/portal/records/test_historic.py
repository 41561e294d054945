"""Figures from before the agreement: on the chart of their measure, from the day on which they were loaded."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from portal.actor import OPERATOR
from portal.clock import Clock
from portal.database import Database
from portal.formats.agreement_csv import read_agreement
from portal.formats.moments import past
from portal.services.imports import load_agreement
from portal.services.indicator_page import indicator_page
from portal.settings import package_data
from tests.conftest import person

LOADED = date(2009, 3, 2)
SERIES = """measure,period,value,source
NI 16,2006/07 Q4,3.10,Police
NI 16,2006/07,12.40,Police
NI 16,2005/06 Q1,2.95,
"""


def historic(database: Database, at: str = "") -> list[tuple[str, Decimal, bool]]:
    page = indicator_page(database, person(database, "team"), "NI 16", as_at=past(at, database.clock))
    return [(one.period, one.value, one.counted) for one in page.measures[0].chart.historic]


def test_they_stand_on_the_chart_oldest_first_from_their_day_on(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "leicester"
    folder.mkdir()
    for file in package_data("leicester").glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "historic_figures.csv").write_text(SERIES, "utf-8")
    before = indicator_page(database, person(database, "team"), "NI 16")
    database.clock = Clock(LOADED)
    reading = read_agreement(folder)
    assert reading.agreement is not None, reading.problems
    load_agreement(database, OPERATOR, reading.agreement)
    assert historic(database) == [
        ("2005/06 Q1", Decimal("2.95"), True),
        ("2006/07", Decimal("12.40"), False),  # of another frequency: drawn, and not counted for the limits
        ("2006/07 Q4", Decimal("3.10"), True),
    ]
    assert historic(database, "2009-01-20") == []
    after = indicator_page(database, person(database, "team"), "NI 16")
    assert after.measures[0].standing.rating == before.measures[0].standing.rating, "they rate nothing"
