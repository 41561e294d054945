"""Taking an agreement out and loading it again: nothing that the files carry is lost or changed on the way."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.returns import ReturnRevision, RevisionRating
from portal.actor import OPERATOR
from portal.clock import Clock
from portal.database import Database
from portal.errors import Forbidden, NotFound
from portal.formats.agreement_csv import read_agreement
from portal.formats.agreement_csv.writing import as_folder, as_workbook
from portal.services import exports, imports
from portal.settings import package_data
from tests.conftest import TODAY, person, replace_file

AFTER_THE_REFRESH = date(2009, 6, 1)
RETURNS = (
    "measure,value,milestone,reported_unit,reported_polarity,performance_printed,forecast_printed,performance,forecast,note,"
    "numerator,denominator,interval_low,interval_high,year_value,no_value_reason,forecast_value,commentary,judgement"
)

Files = Mapping[str, bytes]


def put(folder: Path, files: Files) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def load(database: Database, path: Path) -> imports.Loaded:
    reading = read_agreement(path)
    assert reading.problems == ()
    assert reading.agreement is not None
    return imports.load_agreement(database, OPERATOR, reading.agreement)


def exported(database: Database) -> Files:
    return as_folder(exports.export_agreement(database, OPERATOR).tables)


@pytest.fixture
def emptied(copied: Callable[[str, str], Database], bare_database: Database) -> Callable[[], Database]:
    """Makes the test's database anew, with nothing in it."""
    engine = {"sqlite": "sqlite", "postgresql": "postgres"}[bare_database.engine.dialect.name]

    def anew() -> Database:
        bare_database.dispose()
        return copied(engine, "tables")

    return anew


@pytest.mark.parametrize("day", [TODAY, AFTER_THE_REFRESH], ids=str)
@pytest.mark.parametrize("name", ["leicester", "example"])
def test_every_file_has_the_same_bytes_after_another_round(
    emptied: Callable[[], Database], tmp_path: Path, name: str, day: date
) -> None:
    database = emptied()
    database.clock = Clock(day)
    load(database, package_data(name))
    first = exported(database)
    standing = rated(database)
    for path in (put(tmp_path / "folder", first), tmp_path / "book.xlsx"):
        if path.suffix:
            path.write_bytes(as_workbook(exports.export_agreement(database, OPERATOR).tables, "An agreement"))
        database = emptied()
        database.clock = Clock(day)
        load(database, path)
        assert exported(database) == first
        assert rated(database) == standing
        assert load(database, path).added == {}


def rated(database: Database) -> list[object]:
    """Everything that was returned, and how it is rated by the rule and by people."""
    with database.read(OPERATOR) as session:
        found = session.execute(
            select(
                ReturnRevision.value, ReturnRevision.commentary, RevisionRating.by_rule, RevisionRating.override
            ).join(RevisionRating, RevisionRating.revision_id == ReturnRevision.id)
        )
        return sorted(str(row) for row in found)


def test_what_is_published_is_in_it_and_what_is_only_asked_for_is_not(database: Database) -> None:
    found = exported(database)
    assert b"\nNI 16,2.42,2.14," in found["returns_2008_09_q2.csv"]
    assert "returns_2008_09_q3.csv" not in found  # open, and nothing of it is verified


@pytest.mark.parametrize("who", ["police", "police.contributor", "executive", "reviewer", "admin"])
def test_only_who_may_load_an_agreement_takes_it_out(sqlite_database: Database, who: str) -> None:
    with pytest.raises(Forbidden):
        exports.export_agreement(sqlite_database, person(sqlite_database, who))
    assert exports.export_agreement(sqlite_database, person(sqlite_database, "team")).tables


def test_of_no_agreement_there_is_nothing(bare_database: Database) -> None:
    with pytest.raises(NotFound):
        exports.export_agreement(bare_database, OPERATOR)


def test_an_open_refresh_is_told_and_is_no_part_of_it(bare_database: Database) -> None:
    load(bare_database, package_data("leicester"))
    found = exports.export_agreement(bare_database, OPERATOR)
    assert found.proposed == "Refresh of March 2009"
    versions = next(table for table in found.tables if table.name == "versions.csv")
    assert [row["title"] for row in versions.rows] == ["As signed in June 2008"]


# --- invented agreements ----------------------------------------------------------------------------------

_SIGNS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
_WORDS = st.text(_SIGNS, max_size=30).map(lambda text: " ".join(text.split()))
_ODD = ("=1+1", "'=1+1", "-", "+3 % points", "@here", 'one,\ntwo "three"', "NI 16", "'tis")
_TEXTS = st.one_of(_WORDS, st.sampled_from(_ODD))
_FIGURES = st.decimals(0, 10**6, places=3, allow_nan=False).map(str) | st.sampled_from(
    ["10", "10.0", "2.42", "0.10", "007"]
)
_MAYBE = st.one_of(st.just(""), _FIGURES)
CODES = ("NI 16", "NI 120(i)", "LI EL")


@st.composite
def returned(draw: st.DrawFn, code: str) -> dict[str, str]:
    """One row of a returns file; nothing in it contradicts anything else in it."""
    value = draw(_MAYBE)
    judged = draw(st.sampled_from(["", "better", "within range", "worse"]))
    return {
        "measure": code,
        "value": value,
        "milestone": draw(_MAYBE),
        "performance": judged,
        "forecast": draw(st.sampled_from(["", "better", "within range", "worse"])),
        "note": draw(_TEXTS),
        "year_value": draw(_MAYBE),
        "no_value_reason": ""
        if value
        else draw(st.sampled_from(["", "suppressed", "no survey this year", "not reported"])),
        "forecast_value": draw(_MAYBE),
        "commentary": draw(_TEXTS),
        "judgement": draw(_TEXTS) if judged else "",
    }


@st.composite
def agreements(draw: st.DrawFn) -> dict[str, str]:
    """The files of an agreement with three indicators, any set of returns, and figures from before it."""
    import csv
    from io import StringIO

    from portal.formats.agreement_csv.cell_texts import kept

    def table(header: str, rows: list[dict[str, str]]) -> str:
        file = StringIO(newline="")
        writer = csv.writer(file)
        names = header.split(",")
        writer.writerow(names)
        writer.writerows([kept(row.get(name, "")) for name in names] for row in rows)
        return file.getvalue()

    placeholder = draw(st.booleans())
    two = draw(st.booleans())
    target = draw(_FIGURES)
    targets = [
        {"measure": code, "year": year, "state": "set", "low": target, "high": target, "printed": draw(_TEXTS)}
        for code in CODES
        for year in ("2008/09", "2009/10")
    ]
    title = draw(_TEXTS) or "x"
    files = {
        "agreement.csv": table("key,title,area", [{"key": "wyremouth", "title": "An agreement", "area": "Wyremouth"}]),
        "themes.csv": table(
            "theme,title_in_strategy,title_in_agreement,position",
            [{"theme": "safer", "title_in_strategy": title, "position": "1"}],
        ),
        "organisations.csv": table(
            "organisation,name,sector,also_printed_as",
            [{"organisation": "police", "name": title}, {"organisation": "lcc", "name": "C"}],
        ),
        "indicators.csv": table(
            "indicator,title,theme,group,reward_weighted,placeholder_at_signing,polarity,unit,baseline_printed,note",
            [
                {
                    "indicator": code,
                    "title": title,
                    "theme": "safer",
                    "group": "local" if code == "LI EL" else "designated",
                    "reward_weighted": "no",
                    "placeholder_at_signing": "yes" if placeholder and code == "NI 16" else "no",
                    "polarity": draw(st.sampled_from(["higher", "lower", "none"])),
                    "unit": "offences",
                    "note": draw(_TEXTS),
                }
                for code in ("NI 16", "NI 120", "LI EL")
            ],
        ),
        "indicator_partners.csv": table(
            "indicator,organisation,role",
            [
                {"indicator": "NI 16", "organisation": "lcc", "role": "signed up"},
                {"indicator": "NI 16", "organisation": "police", "role": "lead"},
                {"indicator": "NI 120", "organisation": "police", "role": "lead"},
                {"indicator": "LI EL", "organisation": "lcc", "role": draw(st.sampled_from(["lead", "signed up"]))},
            ],
        ),
        "measures.csv": table(
            "measure,indicator,part,baseline_value,baseline_period,tolerance",
            [
                {
                    "measure": code,
                    "indicator": code.partition("(")[0],
                    "part": "females" if "(" in code else "",
                    "baseline_value": draw(_MAYBE),
                    "baseline_period": draw(_WORDS),
                    "tolerance": draw(_MAYBE),
                }
                for code in CODES
            ],
        ),
        "targets.csv": table("measure,year,state,low,high,printed,note", targets),
        "historic_figures.csv": table(
            "measure,period,value,source",
            [
                {"measure": code, "period": period, "value": draw(_FIGURES), "source": draw(_TEXTS)}
                for code in CODES
                for period in draw(st.sets(st.sampled_from(["2007/08 Q4", "2007/08", "1974/75 Oct", "2007/08 H2"])))
            ],
        ),
    }
    if two:
        files["versions.csv"] = table(
            "version,title,in_force_from,agreed_on,reason,agreed_by",
            [
                {
                    "version": "1",
                    "title": "Signed",
                    "in_force_from": "2008-04-01",
                    "agreed_on": "2008-04-01",
                    "reason": "x",
                },
                {
                    "version": "2",
                    "title": title,
                    "in_force_from": "2008-07-01",
                    "agreed_on": "2008-07-01",
                    "reason": title,
                },
            ],
        )
    for period in draw(st.sets(st.sampled_from(["2008_09_q1", "2008_09_q2", "2008_09_h1", "2008_09_oct"]))):
        rows = [draw(returned(code)) for code in sorted(draw(st.sets(st.sampled_from(CODES))))]
        files[f"returns_{period}.csv"] = table(RETURNS, rows)
    if draw(st.booleans()):
        owner = draw(st.sampled_from(["", "lcc"]))
        files["exceptions_2008_09_q1.csv"] = table(
            "indicator,field,text,owner",
            [
                {"indicator": "NI 16", "field": "analysis", "text": draw(_TEXTS) or "x"},
                {
                    "indicator": "NI 16",
                    "field": "action",
                    "text": draw(_TEXTS) or "y",
                    "owner": owner,
                },
            ],
        )
    return files


@pytest.fixture
def fresh(sqlite_tables: Path, tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """Makes an empty database each time."""
    made: list[Database] = []

    def anew() -> Database:
        for one in made:
            one.dispose()
        replace_file(sqlite_tables, tmp_path / "fresh.sqlite")
        made[:] = [Database(f"sqlite:///{tmp_path / 'fresh.sqlite'}", Clock(TODAY))]
        return made[0]

    yield anew
    for one in made:
        one.dispose()


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(files=agreements())
def test_any_set_of_returns_survives_a_round_unchanged(fresh: Callable[[], Database], files: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        source = put(Path(folder) / "source", {name: text.encode() for name, text in files.items()})
        database = fresh()
        load(database, source)
        first, standing = exported(database), rated(database)
        book = Path(folder) / "book.xlsx"
        book.write_bytes(as_workbook(exports.export_agreement(database, OPERATOR).tables, "An agreement"))
        for path in (put(Path(folder) / "first", first), book):
            database = fresh()
            load(database, path)
            assert exported(database) == first
            assert rated(database) == standing
