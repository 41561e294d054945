"""An agreement as a folder of CSV files: Leicester's is read whole, and what spoils it is told by place."""

import csv
import doctest
import shutil
from collections.abc import Callable, Iterable
from dataclasses import FrozenInstanceError, replace
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import portal
from models.rules.codes import indicator_code
from models.rules.terms import Frequency, Group, Polarity, Rating, TargetState, ToleranceKind
from portal.formats.agreement_csv import AgreementFile, Finding, Reading, commentary, read_agreement

LEICESTER = Path(portal.__file__).parent / "data" / "leicester"
RETURNS = "returns_2008_09_q2.csv"
EXCEPTIONS = "exceptions_2008_09_q2.csv"
ORGANISATIONS = "organisations.csv"
INDICATORS = "indicators.csv"
PARTNERS = "indicator_partners.csv"
MEASURES = "measures.csv"
TARGETS = "targets.csv"
REVIEWS = "reviews_published.csv"
HISTORY = "performance_history_2006_09.csv"
NEEDED = ["themes.csv", ORGANISATIONS, INDICATORS, PARTNERS, MEASURES, TARGETS]
READ = [*NEEDED, RETURNS, EXCEPTIONS, REVIEWS, "funding.csv", "funding_totals.csv", HISTORY]
KEPT = {
    *("NI 50", "NI 56", "NI 65", "NI 72", "NI 74", "NI 112", "NI 154", "NI 186", "NI 16", "NI 20", "NI 27"),
    *("NI 39", "NI 40", "NI 120", "NI 126", "NI 153", "LI EL", "NI 179"),
}


# Spoiling a folder


def rows_of(folder: Path, file: str) -> list[list[str]]:
    with (folder / file).open(newline="", encoding="utf-8") as lines:
        return list(csv.reader(lines))


def write(folder: Path, file: str, rows: Iterable[Iterable[str]]) -> None:
    with (folder / file).open("w", newline="", encoding="utf-8") as lines:
        csv.writer(lines, lineterminator="\n").writerows(rows)


def line_of(folder: Path, file: str, *start: str) -> int:
    """The line of the row that begins with these cells."""
    rows = rows_of(folder, file)
    return next(line for line, row in enumerate(rows, 1) if row[: len(start)] == list(start))


def set_cell(folder: Path, file: str, line: int, column: str, text: str) -> None:
    rows = rows_of(folder, file)
    rows[line - 1][rows[0].index(column)] = text
    write(folder, file, rows)


def add_row(folder: Path, file: str, *cells: str) -> int:
    rows = rows_of(folder, file)
    rows.append(list(cells) + [""] * (len(rows[0]) - len(cells)))
    write(folder, file, rows)
    return len(rows)


def drop_rows(folder: Path, file: str, lost: Callable[[list[str]], bool]) -> None:
    header, *rows = rows_of(folder, file)
    write(folder, file, [header, *(row for row in rows if not lost(row))])


def add_columns(folder: Path, file: str, **columns: dict[str, str]) -> None:
    """New columns at the end, filled for the rows whose first cell is named."""
    header, *rows = rows_of(folder, file)
    full = [row + [cells.get(row[0], "") for cells in columns.values()] for row in rows]
    write(folder, file, [header + list(columns), *full])


def copy_files(source: Path, copy: Path) -> Path:
    copy.mkdir()
    for file in READ:
        shutil.copyfile(source / file, copy / file)
    return copy


def places(findings: Iterable[Finding]) -> list[tuple[str, int, str]]:
    return [(finding.file, finding.line, finding.column) for finding in findings]


def only_problem(folder: Path) -> Finding:
    reading = read_agreement(folder)
    assert reading.agreement is None
    assert len(reading.problems) == 1, "\n".join(map(str, reading.problems))
    return reading.problems[0]


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A third of Leicester's indicators, of every kind, with all that is said of them: quicker to read."""
    folder = tmp_path_factory.mktemp("extract") / "leicester"
    copy_files(LEICESTER, folder)
    lost = {row[0] for row in rows_of(folder, INDICATORS)[1:]} - KEPT
    for file in (INDICATORS, PARTNERS, MEASURES, TARGETS, RETURNS, EXCEPTIONS):
        drop_rows(folder, file, lambda row: indicator_code(row[0].partition("(")[0].rstrip("a")) in lost)
    return folder


@pytest.fixture
def folder(extract: Path, tmp_path: Path) -> Path:
    """The extract, to be spoilt."""
    return copy_files(extract, tmp_path / "leicester")


@pytest.fixture(scope="module")
def unspoilt(extract: Path) -> AgreementFile:
    agreement = read_agreement(extract).agreement
    assert agreement is not None
    return agreement


@pytest.fixture(scope="module")
def leicester() -> Reading:
    return read_agreement(LEICESTER)


@pytest.fixture(scope="module")
def agreement(leicester: Reading) -> AgreementFile:
    assert leicester.agreement is not None
    return leicester.agreement


# What Leicester's folder says


@pytest.mark.parametrize("module", ["cells", "columns", "disagreements", "returns", "shares"])
def test_the_examples_in_the_docstrings_hold(module):
    assert doctest.testmod(import_module(f"portal.formats.agreement_csv.{module}")).failed == 0


def test_leicester_is_read_whole(leicester, agreement):
    assert leicester.problems == ()
    assert agreement.title == "Leicester Local Area Agreement 2008-11"
    assert agreement.area == "Leicester"
    assert agreement.years == ("2008/09", "2009/10", "2010/11")
    assert len(agreement.themes) == 8
    assert len(agreement.organisations) == 20
    assert len(agreement.indicators) == 58
    assert len(agreement.partners) == 88
    assert len(agreement.measures) == 59
    assert len(agreement.targets) == 177
    assert len(agreement.milestones) == 25
    assert len(agreement.returns) == 25


def test_title_and_area_can_be_given(tmp_path):
    shutil.copytree(LEICESTER, tmp_path / "north_east-shire", ignore=shutil.ignore_patterns("agreement.csv"))
    named = read_agreement(tmp_path / "north_east-shire").agreement
    assert (named.area, named.title) == ("North East Shire", "North East Shire Local Area Agreement 2008-11")
    given = read_agreement(LEICESTER, title="The Agreement", area="Rutland").agreement
    assert (given.area, given.title) == ("Rutland", "The Agreement")


def test_themes_have_the_strategys_title_or_else_the_agreements(agreement):
    titles = {theme.key: theme.title for theme in agreement.themes}
    assert titles["people-not-cars"] == "Planning for people not cars"
    assert titles["service-delivery"] == "Improving service delivery"
    assert [theme.position for theme in agreement.themes] == list(range(1, 9))


def test_organisations_keep_their_other_names(agreement):
    nhs = next(organisation for organisation in agreement.organisations if organisation.key == "nhs")
    assert nhs.also_known_as == ("Leicester City Primary Care Trust", "LCPCT", "PCT")
    assert nhs.sector == "health"


def test_indicators_are_grouped(agreement):
    counts = {group: sum(each.group is group for each in agreement.indicators) for group in Group}
    assert counts == {Group.DESIGNATED: 35, Group.STATUTORY: 16, Group.LOCAL: 7}
    assert sum(each.placeholder for each in agreement.indicators) == 11
    assert [each.code for each in agreement.indicators if each.reward_weighted] == [
        "NI 117",
        "NI 152",
        "NI 163",
    ]
    assert [each.position for each in agreement.indicators] == list(range(1, 59))


def test_measures_take_unit_and_polarity_from_their_indicator_and_their_returns(agreement):
    measures = {measure.code: measure for measure in agreement.measures}
    tonnes = measures["NI 186"]
    assert (tonnes.unit, tonnes.polarity) == ("tonnes per capita", Polarity.LOWER)
    assert (tonnes.reported_unit, tonnes.reported_polarity) == ("% reduction from baseline", Polarity.HIGHER)
    unreported = measures["NI 153"]
    assert (unreported.reported_unit, unreported.reported_polarity) == ("%", Polarity.LOWER)
    ranged = measures["NI 65"]
    assert (ranged.reported_polarity, ranged.range_low, ranged.range_high) == (Polarity.RANGE, 10, 15)
    maa = measures["LI EL"]
    assert (maa.unit, maa.polarity, maa.reported_unit, maa.reported_polarity) == ("", "none", "", "none")
    assert [code for code, measure in measures.items() if measure.cumulative] == ["NI 154", "NI 135"]
    assert (measures["NI 120(ii)"].indicator, measures["NI 120(ii)"].part) == ("NI 120", "Males")


def test_measures_are_shown_with_the_decimals_of_what_is_reported(agreement):
    decimals = {measure.code: measure.decimals for measure in agreement.measures}
    assert decimals["NI 16"] == 2
    assert decimals["NI 39"] == 1  # 1990.90 against 2776.00
    assert decimals["NI 179a"] == 0  # reported in thousands, though its target is 10.906
    assert decimals["NI 87"] == 2  # nothing reported: the baseline's 7.36


def test_measures_are_quarterly_unless_they_follow_the_school_year(agreement):
    groups = {indicator.code: indicator.group for indicator in agreement.indicators}
    for measure in agreement.measures:
        school = groups[measure.indicator] is Group.STATUTORY
        assert measure.frequency is (Frequency.YEARLY if school else Frequency.QUARTERLY)
        assert (measure.tolerance_kind, measure.tolerance) == (ToleranceKind.PERCENT, 10)


def test_targets_have_their_states(agreement):
    states = {state: sum(target.state is state for target in agreement.targets) for state in TargetState}
    assert states[TargetState.MAA_ONLY] == 3
    assert states[TargetState.WITHDRAWN] == 2
    assert sum(states.values()) == 177
    ranged = next(each for each in agreement.targets if (each.measure, each.year) == ("NI 65", "2009/10"))
    assert (ranged.low, ranged.high, ranged.printed) == (10, 15, "Between 10% and 15% *(optimum range)")
    assert ranged.line == line_of(LEICESTER, TARGETS, "NI 65", "2009/10")


def test_milestones_hold_the_point_and_the_range(agreement):
    milestones = {each.measure: each for each in agreement.milestones}
    assert (milestones["NI 65"].value, milestones["NI 65"].low, milestones["NI 65"].high) == (11, 10, 15)
    assert (milestones["NI 16"].value, milestones["NI 16"].low) == (Decimal("2.14"), None)
    assert {each.period for each in agreement.milestones} == {"2008/09 Q2"}


def test_returns_have_ratings_as_resolved_and_as_printed(agreement):
    returns = {each.measure: each for each in agreement.returns}
    emissions = returns["NI 186"]
    assert (emissions.performance, emissions.forecast) == (Rating.WORSE, Rating.WORSE)
    assert (emissions.performance_printed, emissions.forecast_printed) == ("worse", "better")
    assert returns["NI 40"].performance is Rating.WITHIN
    assert returns["NI 40"].performance_printed == "within range"
    assert str(returns["NI 39"].value) == "1990.90"


def test_exceptions_become_the_commentary_of_their_indicators_returns(agreement):
    said = {each.measure: each.commentary for each in agreement.returns if each.commentary}
    assert list(said) == ["NI 16", "NI 112", "NI 131", "NI 154", "NI 186"]
    analysis, actions = said["NI 186"].split("\n\n")
    assert analysis.startswith("National figures of September 2008")
    assert actions.splitlines()[0] == "What is being done:"
    assert [line[:2] for line in actions.splitlines()[1:]] == ["- ", "- "]


def test_commentary_keeps_each_action_on_one_line():
    assert commentary([], []) == ""
    assert commentary(["One.", "Two."], []) == "One.\n\nTwo."
    assert commentary([], ["Do this\nand that."]) == "What is being done:\n- Do this and that."


def test_the_line_is_no_part_of_what_a_row_is(agreement):
    theme = agreement.themes[0]
    assert theme.line == 2
    assert replace(theme, line=9) == theme
    with pytest.raises(FrozenInstanceError):
        theme.title = "Other"


# What Leicester's sources disagree on

DISAGREEMENTS = [
    "indicators.csv line 58, column indicator: LI EL has no lead: it is in the Multi-Area Agreement only.",
    *(
        f"indicator_partners.csv line {line}, column role: {code} has partners but no lead: the partnership "
        "team returns it."
        for line, code in ((48, "NI 27"), (82, "NI 165"), (85, "NI 172"))
    ),
    f"{RETURNS} line 2, column milestone: NI 16: the milestone for 2008/09 Q2 is 2.14 a month, which makes "
    "25.68 in a year; the year's target is 27.3 offences per 1,000 population.",
    f"{RETURNS} line 3, column milestone: NI 20: the milestone for 2008/09 Q2 is 1.55 a month, which makes "
    "18.6 in a year; the year's target is 13.9 offences per 1,000 population.",
    f"{RETURNS} line 15, column value: NI 126: the return for 2008/09 Q2 is 100%, but the agreement gives "
    "80.3% as the baseline of that very period.",
    f"{RETURNS} line 20, column milestone: NI 154: the milestone for 2008/09 Q2 is 1,450 homes, cumulative "
    "in the year, beyond the whole year's target of 940 homes.",
    f"{RETURNS} line 24, column milestone: NI 179a: the milestone for 2008/09 Q2 is £10,326 thousand, that "
    "is £10.326 million; the year's target is £10.906 million.",
    f"{RETURNS} line 25, column forecast_printed: NI 186: the forecast is printed 'better', and taken as 'worse'.",
    "reviews_published.csv line 6, column count: 2008/09 annual review: 9 + 42 + 8 make 59, but the scope is "
    "'58 in the agreement'.",
    "funding.csv line 9, column note: NI 16, PSA reward funding and BCU fund: the lines add up to £36,000, "
    "but the printed total is £26,000.",
    "performance_history_2006_09.csv line 3: 2007-03-31: the shares 15 + 30 + 25 + 31 make 101%, not 100%.",
    "performance_history_2006_09.csv line 4: 2007-09-30: the shares 22 + 34 + 26 + 17 make 99%, not 100%.",
    "performance_history_2006_09.csv line 5: 2008-03-31: the shares 25 + 40 + 24 + 12 make 101%, not 100%.",
    "corporate_outcomes.csv line 30, column title: outcome 29 says the same as outcome 23, word for word.",
]


def test_disagreements_are_told_with_both_figures(leicester):
    remarks = {INDICATORS, RETURNS}
    told = {str(note) for note in leicester.notes if not (note.file in remarks and note.column == "note")}
    assert told == set(DISAGREEMENTS)


def test_files_that_are_not_read_are_told(leicester, tmp_path):
    assert [note for note in leicester.notes if note.message == "is not read."] == []
    folder = copy_files(LEICESTER, tmp_path / "leicester")
    (folder / "letter.csv").write_text("text\nDear all\n")
    assert [str(note) for note in read_agreement(folder).notes if "not read" in note.message] == [
        "letter.csv: is not read."
    ]


def test_a_misspelt_file_is_told_with_what_was_meant(tmp_path):
    folder = copy_files(LEICESTER, tmp_path / "leicester")
    for name in ("retruns_2008_09_q3.csv", "series_break.csv", "Performance_History_2006.csv"):
        (folder / name).write_text("measure\nNI 16\n")
    (folder / "targets.csv").rename(folder / "target.csv")
    (folder / "README.txt").write_text("Read by people only.")
    reading = read_agreement(folder)
    told = {str(note) for note in reading.notes if "did you mean" in note.message}
    assert told == {
        "retruns_2008_09_q3.csv: is not read: did you mean returns_2008_09_q3.csv?",
        "series_break.csv: is not read: did you mean series_breaks.csv?",
        "Performance_History_2006.csv: is not read: did you mean performance_history_2006.csv?",
        "target.csv: is not read: did you mean targets.csv?",
    }
    assert "targets.csv: is missing." in {str(problem) for problem in reading.problems}
    assert "README.txt" not in {note.file for note in reading.notes}


@pytest.mark.parametrize("start", [b"PK\x03\x04\x14\x00", b"\xd0\xcf\x11\xe0\xa1\xb1"])
def test_a_workbook_named_csv_is_told_once_as_what_it_is(tmp_path, start):
    folder = copy_files(LEICESTER, tmp_path / "leicester")
    (folder / "themes.csv").write_bytes(start + bytes(range(256)) * 20)
    told = [str(problem) for problem in read_agreement(folder).problems if problem.file == "themes.csv"]
    assert told == ["themes.csv: is a workbook, whatever its name says: open it and save it as 'CSV UTF-8'."]


@pytest.mark.parametrize("file", [INDICATORS, RETURNS])
def test_every_remark_in_the_files_is_carried(leicester, file):
    header, *rows = rows_of(LEICESTER, file)
    remarks = [
        (file, line, f"{row[0]}: {note}") for line, row in enumerate(rows, 2) if (note := row[header.index("note")])
    ]
    carried = [
        (each.file, each.line, each.message) for each in leicester.notes if (each.file, each.column) == (file, "note")
    ]
    assert len(remarks) > 10
    assert carried == remarks


def test_figures_that_agree_are_not_told(tmp_path):
    folder = copy_files(LEICESTER, tmp_path / "leicester")
    set_cell(folder, RETURNS, line_of(folder, RETURNS, "NI 16"), "milestone", "2.275")  # 27.3 a year
    set_cell(folder, RETURNS, line_of(folder, RETURNS, "NI 20"), "milestone", "1.1583333333")
    set_cell(folder, TARGETS, line_of(folder, TARGETS, "NI 20"), "low", "13.8999999996")
    set_cell(folder, TARGETS, line_of(folder, TARGETS, "NI 20"), "high", "13.8999999996")
    set_cell(folder, RETURNS, line_of(folder, RETURNS, "NI 154"), "milestone", "470")
    set_cell(folder, RETURNS, line_of(folder, RETURNS, "NI 179a"), "milestone", "10906")
    set_cell(folder, RETURNS, line_of(folder, RETURNS, "NI 126"), "value", "80.30")
    set_cell(folder, RETURNS, line_of(folder, RETURNS, "NI 186"), "forecast_printed", "worse")
    set_cell(folder, REVIEWS, 6, "count", "8")
    set_cell(folder, "funding.csv", 9, "note", "Printed total £36,000.")
    for line, missing in ((3, "30"), (4, "18"), (5, "11")):
        set_cell(folder, HISTORY, line, "missing_pct", missing)
    told = {str(note) for note in read_agreement(folder).notes}
    assert told & set(DISAGREEMENTS) == {each for each in DISAGREEMENTS if "has no lead" in each or "no lead:" in each}


def test_a_cumulative_milestone_in_another_scale_may_be_short_of_the_target(folder):
    line = line_of(folder, RETURNS, "NI 179a")
    set_cell(folder, RETURNS, line, "reported_unit", "£ thousand, cumulative in the year")
    assert (RETURNS, line, "milestone") not in places(read_agreement(folder).notes)
    set_cell(folder, RETURNS, line, "milestone", "10907")
    note = next(note for note in read_agreement(folder).notes if (note.line, note.column) == (line, "milestone"))
    assert "£10,907 thousand, cumulative in the year, that is £10.907 million" in note.message


# What a folder may do differently


def test_only_six_files_are_needed(folder):
    for file in folder.iterdir():
        if file.name not in NEEDED:
            file.unlink()
    agreement = read_agreement(folder).agreement
    assert agreement.returns == agreement.milestones == ()
    ranged = next(measure for measure in agreement.measures if measure.code == "NI 65")
    assert (ranged.reported_polarity, ranged.range_low, ranged.range_high) == (Polarity.RANGE, 10, 15)
    assert next(measure for measure in agreement.measures if measure.code == "NI 39").decimals == 0


def test_there_may_be_nothing_to_return_and_no_exceptions(folder):
    for file in set(READ) - set(NEEDED):
        write(folder, file, rows_of(folder, file)[:1])
    agreement = read_agreement(folder).agreement
    assert agreement.returns == ()


def test_other_files_are_nobodys_business(folder, unspoilt):
    (folder / "letter.csv").write_bytes(b"\xff\xfe\x00")
    (folder / "returns.txt").write_text("anything", encoding="utf-8")
    assert read_agreement(folder).agreement == unspoilt


def test_a_byte_order_mark_windows_lines_and_blank_rows_change_nothing(folder, unspoilt):
    for file in folder.glob("*.csv"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text + ",,\n\n", encoding="utf-8-sig", newline="\r\n")
    assert read_agreement(folder).agreement == unspoilt


def test_the_order_and_the_case_of_columns_change_nothing(folder, unspoilt):
    for file in (INDICATORS, TARGETS, RETURNS):
        rows = [list(reversed(row)) for row in rows_of(folder, file)]
        rows[0] = [f" {name.upper()} " for name in rows[0]]
        write(folder, file, rows)
    assert read_agreement(folder).agreement == unspoilt


def test_codes_and_words_in_any_spelling_change_nothing(folder, unspoilt):
    set_cell(folder, MEASURES, line_of(folder, MEASURES, "NI 120(i)"), "indicator", "ni-120")
    set_cell(folder, TARGETS, line_of(folder, TARGETS, "NI 120(i)"), "measure", "NI120 (I)")
    set_cell(folder, TARGETS, line_of(folder, TARGETS, "NI 16"), "year", "2008-09")
    set_cell(folder, TARGETS, line_of(folder, TARGETS, "NI 16"), "state", "Set")
    set_cell(folder, RETURNS, line_of(folder, RETURNS, "NI 16"), "measure", "NI016")
    set_cell(folder, RETURNS, line_of(folder, RETURNS, "NI 39"), "milestone", "2,776.00")
    set_cell(folder, RETURNS, line_of(folder, RETURNS, "NI 40"), "performance", "Within  Range")
    set_cell(folder, PARTNERS, 2, "role", "Lead")
    assert read_agreement(folder).agreement == unspoilt


def test_lines_are_counted_past_cells_of_several_lines(folder):
    set_cell(folder, INDICATORS, 3, "note", "one\ntwo\nthree")
    set_cell(folder, INDICATORS, 5, "group", "locale")
    problem = only_problem(folder)
    assert problem.line == 7
    assert "Did you mean local?" in problem.message


def test_measures_may_say_how_they_are_returned(folder):
    add_columns(
        folder,
        MEASURES,
        frequency={"NI 16": "monthly", "NI 72": "half-yearly"},
        tolerance={"NI 16": "5", "NI 56": "0.5"},
        tolerance_kind={"NI 56": "unit"},
        reported_unit={"NI 16": "burglaries", "NI 153": "people, cumulative in the year"},
        reported_polarity={"NI 16": "none", "NI 153": "range 1,000 to 2,000.5"},
    )
    measures = {measure.code: measure for measure in read_agreement(folder).agreement.measures}
    crime, obesity, claims = measures["NI 16"], measures["NI 56"], measures["NI 153"]
    assert (crime.frequency, crime.tolerance_kind, crime.tolerance) == ("monthly", "percent", 5)
    assert (crime.reported_unit, crime.reported_polarity) == (
        "offences per 1,000 population, monthly rate",  # what was returned stands before what was foreseen
        Polarity.LOWER,
    )
    assert (obesity.tolerance_kind, obesity.tolerance) == (ToleranceKind.UNIT, Decimal("0.5"))
    assert (claims.reported_unit, claims.cumulative) == ("people, cumulative in the year", True)
    assert (claims.reported_polarity, claims.range_low, claims.range_high) == (
        "range",
        1000,
        Decimal("2000.5"),
    )
    assert measures["NI 72"].frequency is Frequency.HALF_YEARLY


def test_a_bare_range_is_the_targets(folder):
    line = line_of(folder, RETURNS, "NI 65")
    set_cell(folder, RETURNS, line, "reported_polarity", "range")
    set_cell(folder, RETURNS, line, "milestone", "")
    agreement = read_agreement(folder).agreement
    milestone = next(each for each in agreement.milestones if each.measure == "NI 65")
    assert (milestone.value, milestone.low, milestone.high) == (None, 10, 15)


def test_returns_of_several_periods_come_in_order_and_the_newest_word_holds(folder, unspoilt):
    later = "returns_2009_10_q1.csv"
    header = rows_of(folder, RETURNS)[0]
    unit = "offences per 1,000 population, monthly rate"
    write(
        folder,
        later,
        [header, ["NI 65", "12", "", "%", "range 9 to 14"], ["NI 16", "2.125", "", unit, "lower"]],
    )
    for row in (2, 3):
        rows = rows_of(folder, later)
        rows[row - 1] += [""] * (len(header) - len(rows[row - 1]))
        write(folder, later, rows)
    read = read_agreement(folder).agreement
    assert [each.period for each in read.returns] == ["2008/09 Q2"] * len(unspoilt.returns) + ["2009/10 Q1"] * 2
    measures = {measure.code: measure for measure in read.measures}
    assert (measures["NI 65"].range_low, measures["NI 65"].range_high) == (9, 14)
    assert measures["NI 16"].decimals == 3
    ranges = [(each.period, each.low, each.high) for each in read.milestones if each.measure == "NI 65"]
    assert ranges == [("2008/09 Q2", 10, 15), ("2009/10 Q1", 9, 14)]
    assert read.returns[-1].commentary == ""  # the exceptions are another period's


def test_what_is_said_of_an_indicator_without_a_return_is_noted(folder):
    line = add_row(folder, EXCEPTIONS, "NI 27", "analysis", "The survey is late.")
    note = next(note for note in read_agreement(folder).notes if note.file == EXCEPTIONS)
    assert (note.line, note.column) == (line, "indicator")
    assert note.message == "NI 27 has no return for 2008/09 Q2: what is said of it here becomes no commentary."


@pytest.mark.parametrize("remark", ["Printed total £1,2,3.", "Printed total £" + "9" * 40, "Printed total £?"])
def test_a_printed_total_that_is_no_figure_is_only_a_remark(folder, remark):
    set_cell(folder, "funding.csv", 9, "note", remark)
    reading = read_agreement(folder)
    assert reading.problems == ()
    assert "funding.csv" not in {note.file for note in reading.notes}


# What stops a load: each alone, told by file, line and column

CELLS = [
    # file, row, column, what is written there, what is told
    ("themes.csv", ("carbon",), "position", "", "is empty"),
    ("themes.csv", ("carbon",), "position", "third", "'third' is not a figure"),
    ("themes.csv", ("carbon",), "position", "1.5", "'1.5' is not a whole number"),
    ("themes.csv", ("talking-up",), "title_in_strategy", "", "give at least one of them"),
    (ORGANISATIONS, ("fire",), "name", "", "is empty, and must not be."),
    (ORGANISATIONS, ("fire",), "name", "x" * 201, "has 201 characters, and may have 200 at most."),
    (ORGANISATIONS, ("fire",), "name", "Fire\x00", "has a character that cannot be shown: '\\x00'."),
    (INDICATORS, ("NI 16",), "title", "", "is empty"),
    (INDICATORS, ("NI 16",), "theme", "", "is empty"),
    (INDICATORS, ("NI 16",), "theme", "safe", "safe is not in themes.csv. Did you mean safer?"),
    (INDICATORS, ("NI 16",), "theme", "Safer & stronger", "cannot be a key"),
    (INDICATORS, ("NI 16",), "group", "", "is empty"),
    (INDICATORS, ("NI 16",), "group", "designate", "Did you mean designated?"),
    (INDICATORS, ("NI 16",), "reward_weighted", "", "is empty"),
    (INDICATORS, ("NI 16",), "reward_weighted", "y", "'y' is not one of: yes, no."),
    (INDICATORS, ("NI 16",), "placeholder_at_signing", "maybe", "'maybe' is not one of: yes, no."),
    (INDICATORS, ("NI 16",), "polarity", "low", "'low' is not one of: higher, lower, range, none."),
    (INDICATORS, ("NI 16",), "polarity", "", "only an indicator all of whose targets are 'maa only'"),
    (INDICATORS, ("NI 16",), "unit", "", "only an indicator all of whose targets are 'maa only'"),
    (INDICATORS, ("NI 16",), "indicator", "N1 16", "'N1 16' is not the code of an indicator"),
    (INDICATORS, ("NI 16",), "indicator", "", "is empty"),
    (PARTNERS, ("NI 16", "cdrp"), "indicator", "16", "'16' is not the code of an indicator"),
    (PARTNERS, ("NI 16", "cdrp"), "indicator", "NI 6", "NI 6 is not in indicators.csv."),
    (PARTNERS, ("NI 16", "cdrp"), "organisation", "", "is empty"),
    (PARTNERS, ("NI 16", "cdrp"), "organisation", "cdpr", "cdpr is not in organisations.csv. Did you"),
    (PARTNERS, ("NI 16", "cdrp"), "role", "", "is empty"),
    (PARTNERS, ("NI 16", "cdrp"), "role", "signed", "Did you mean signed up?"),
    (PARTNERS, ("NI 16", "cdrp"), "role", "lead", "an indicator has one lead."),
    (MEASURES, ("NI 120(i)",), "indicator", "NI 12", "NI 12 is not in indicators.csv."),
    (MEASURES, ("NI 120(i)",), "indicator", "", "is empty"),
    (MEASURES, ("NI 16",), "indicator", "NI sixteen", "'NI sixteen' is not the code of an indicator"),
    (MEASURES, ("NI 16",), "measure", "NI 16%", "'NI 16%' is not the code of a measure"),
    (MEASURES, ("NI 16",), "baseline_value", "28,1", "has a comma that does not mark thousands"),
    (TARGETS, ("NI 16", "2008/09"), "measure", "N1 16", "'N1 16' is not the code of a measure"),
    (TARGETS, ("NI 16", "2008/09"), "year", "2008/10", "'2008/10' is not a financial year"),
    (TARGETS, ("NI 16", "2008/09"), "year", "2018/19", "2018/19 has targets of only 1 of 19 measures"),
    (TARGETS, ("NI 16", "2008/09"), "state", "", "is empty"),
    (TARGETS, ("NI 16", "2008/09"), "state", "sett", "Did you mean set?"),
    (TARGETS, ("NI 16", "2008/09"), "state", "maybe", "'maybe' is not one of: set, not applicable"),
    (TARGETS, ("NI 16", "2008/09"), "low", "", "is empty, and a target that is 'set' needs both"),
    (TARGETS, ("NI 16", "2008/09"), "high", "", "is empty, and a target that is 'set' needs both"),
    (TARGETS, ("NI 16", "2008/09"), "low", "about 27", "'about 27' is not a figure"),
    (TARGETS, ("NI 16", "2008/09"), "low", "1e2", "'1e2' has an exponent"),
    (TARGETS, ("NI 16", "2008/09"), "low", "27.4", "27.4 is more than high, 27.3."),
    (
        TARGETS,
        ("NI 74", "2009/10"),
        "high",
        "70",
        "a target that is 'dropped' has no figure, and here is 70.",
    ),
    (TARGETS, ("LI EL", "2009/10"), "low", "70", "a target that is 'maa only' has no figure"),
    (RETURNS, ("NI 16",), "measure", "16", "'16' is not the code of a measure"),
    (RETURNS, ("NI 16",), "measure", "NI 61", "NI 61 is not in measures.csv."),
    (RETURNS, ("NI 16",), "value", "2.4.2", "'2.4.2' has more than one point"),
    (RETURNS, ("NI 16",), "milestone", "tbc", "'tbc' is not a figure"),
    (RETURNS, ("NI 16",), "reported_polarity", "lowr", "Did you mean lower?"),
    (
        RETURNS,
        ("NI 65",),
        "reported_polarity",
        "range 15 to 10",
        "the range begins at 15 and ends below that, at 10.",
    ),
    (RETURNS, ("NI 65",), "reported_polarity", "range ten to 15", "A range is written like: range 10 to 15."),
    (RETURNS, ("NI 16",), "performance", "bad", "'bad' is not one of: better, within range, worse."),
    (RETURNS, ("NI 16",), "forecast", "bettre", "Did you mean better?"),
    (RETURNS, ("NI 16",), "performance_printed", "star", "is not one of: better"),
    (EXCEPTIONS, ("NI 112",), "indicator", "NI 113", "NI 113 is not in indicators.csv."),
    (EXCEPTIONS, ("NI 112",), "indicator", "112", "'112' is not the code of an indicator"),
    (EXCEPTIONS, ("NI 112",), "field", "analyses", "Did you mean analysis?"),
    (EXCEPTIONS, ("NI 112",), "text", "", "is empty"),
    (REVIEWS, ("2008/09 annual review",), "count", "many", "'many' is not a figure"),
    ("funding.csv", ("NI 16",), "amount_gbp", "", "is empty"),
    ("funding.csv", ("NI 16",), "indicator", "NI 17", "NI 17 is not in indicators.csv."),
    (HISTORY, ("Leicester LAA 2006-09",), "missing_pct", "?", "'?' is not a figure"),
]


@pytest.mark.parametrize(
    ("file", "row", "column", "text", "told"),
    CELLS,
    ids=[f"{file}-{column}-{text[:20]!r}" for file, _, column, text, _ in CELLS],
)
def test_one_bad_cell_is_one_problem(folder, file, row, column, text, told):
    line = line_of(folder, file, *row)
    set_cell(folder, file, line, column, text)
    problem = only_problem(folder)
    assert (problem.file, problem.line, problem.column) == (file, line, column)
    assert told in problem.message
    assert str(problem) == f"{file} line {line}, column {column}: {problem.message}"
    assert problem.message.endswith((".", "?"))


REPEATED = [
    ("themes.csv", "theme"),
    (ORGANISATIONS, "organisation"),
    (INDICATORS, "indicator"),
    (PARTNERS, "organisation"),
    (MEASURES, "measure"),
    (TARGETS, "year"),
    (RETURNS, "measure"),
]


@pytest.mark.parametrize(("file", "column"), REPEATED)
def test_a_row_that_comes_twice(folder, file, column):
    line = add_row(folder, file, *rows_of(folder, file)[1])
    problem = only_problem(folder)
    assert (problem.file, problem.line, problem.column) == (file, line, column)
    assert "line 2 already" in problem.message


@pytest.mark.parametrize("file", NEEDED)
def test_a_missing_file_is_one_problem(folder, file):
    (folder / file).unlink()
    assert str(only_problem(folder)) == f"{file}: is missing."


@pytest.mark.parametrize("file", READ)
def test_a_missing_column_is_one_problem(folder, file):
    """Whichever column it is: what the others say is not doubted for it."""
    rows = rows_of(folder, file)
    for number, column in enumerate(rows[0]):
        if column in ("placeholder_reason", "expected"):  # files may go without these
            continue
        write(folder, file, [row[:number] + row[number + 1 :] for row in rows])
        problem = only_problem(folder)
        assert str(problem) == f"{file} line 1, column {column}: this column is missing."


@pytest.mark.parametrize(
    ("file", "column", "written", "told"),
    [
        (INDICATORS, "polarity", "polarty", "there is no such column: did you mean polarity?"),
        (INDICATORS, "indicator", "indicators", "did you mean indicator?"),
        (RETURNS, "milestone", "mile stone", "did you mean milestone?"),
        (MEASURES, "part", "part", None),
    ],
)
def test_a_misspelled_column_is_one_problem(folder, file, column, written, told):
    rows = rows_of(folder, file)
    rows[0] = [written if name == column else name for name in rows[0]]
    write(folder, file, rows)
    if told is None:
        assert read_agreement(folder).problems == ()
        return
    problem = only_problem(folder)
    assert (problem.file, problem.line, problem.column) == (file, 1, written)
    assert told in problem.message


def test_an_unknown_column_is_told_with_the_nearest(folder):
    add_columns(folder, MEASURES, tolerence={}, colour={})
    first, second = read_agreement(folder).problems
    assert str(first) == "measures.csv line 1, column tolerence: there is no such column: did you mean tolerance?"
    assert str(second).startswith("measures.csv line 1, column colour: there is no such column: the columns are")


def test_a_column_without_a_name_or_here_twice(folder):
    rows = rows_of(folder, "themes.csv")
    write(
        folder,
        "themes.csv",
        [row + extra for row, extra in zip(rows, [["", "Theme"]] + [["", ""]] * 8, strict=True)],
    )
    first, second = read_agreement(folder).problems
    assert str(first) == "themes.csv line 1: column 5 has no name."
    assert str(second) == "themes.csv line 1, column theme: this column is here twice."


@pytest.mark.parametrize("file", READ)
@pytest.mark.parametrize("change", [1, -1])
def test_a_row_with_too_many_or_too_few_cells_is_one_problem(folder, file, change):
    rows = rows_of(folder, file)
    wide = len(rows[0])
    rows[2] = [*rows[2], "more"] if change > 0 else rows[2][:-1]
    write(folder, file, rows)
    problem = only_problem(folder)
    assert (problem.file, problem.line, problem.column) == (file, 3, "")
    assert f"has {wide + change} cells, and the header has {wide}." in problem.message


def test_text_that_is_not_utf8_is_told_by_line_and_byte(folder):
    file = folder / ORGANISATIONS
    file.write_bytes(file.read_bytes().replace(b"Faiths", b"F\xe9").replace(b"of Faiths", b"of F\xe9"))
    file.write_bytes(file.read_bytes().replace(b"Youth Service,", b"Youth \x96 Service,", 1))
    problems = read_agreement(folder).problems
    assert problems
    for problem in problems:
        assert problem.file == ORGANISATIONS
        raw = file.read_bytes().splitlines()[problem.line - 1]
        byte = next(number for number, value in enumerate(raw, 1) if value > 0x7F)
        assert problem.message == (
            f"is not UTF-8 at byte {byte} of the line (0x{raw[byte - 1]:02x}): save the file as 'CSV UTF-8'."
        )
    assert len({problem.line for problem in problems}) == len(problems)


def test_other_ways_of_being_no_csv(folder):
    (folder / "themes.csv").write_text("theme,position\n", encoding="utf-16")
    (folder / ORGANISATIONS).write_bytes(b"")
    (folder / INDICATORS).unlink()
    (folder / INDICATORS).mkdir()
    text = (folder / PARTNERS).read_text(encoding="utf-8")
    (folder / PARTNERS).write_text(text.replace(",", ";"), encoding="utf-8")
    lines = (folder / MEASURES).read_text(encoding="utf-8").splitlines()
    lines[9] = lines[9].replace(",NI", ',"NI', 1)
    (folder / MEASURES).write_text("\n".join(lines), encoding="utf-8")
    write(folder, TARGETS, rows_of(folder, TARGETS)[:1])
    told = [str(problem) for problem in read_agreement(folder).problems]
    assert told == [
        "themes.csv line 1: is not UTF-8 but UTF-16: save it as 'CSV UTF-8'.",
        "organisations.csv line 1: is empty: the first line must name the columns.",
        "indicators.csv: cannot be read: Is a directory.",
        "indicator_partners.csv line 1: the cells must be separated by commas.",
        "measures.csv line 10: cannot be read from here on: is a quotation mark not closed, or astray? "
        "(unexpected end of data)",
        "targets.csv line 1: has no rows below the header.",
    ]


def test_no_folder(tmp_path):
    assert "is not a folder." in only_problem(tmp_path / "nowhere").message
    (tmp_path / "file.csv").write_text("a,b\n", encoding="utf-8")
    assert "is not a folder." in only_problem(tmp_path / "file.csv").message


def test_a_measure_without_a_target_for_a_year(folder):
    drop_rows(folder, TARGETS, lambda row: row[:2] == ["NI 16", "2009/10"])
    line = line_of(folder, MEASURES, "NI 16")
    told = f"measures.csv line {line}, column measure: NI 16 has no row in targets.csv for 2009/10."
    assert str(only_problem(folder)) == told


def test_a_year_written_twice_is_told_with_the_year_that_lacks(folder):
    line = line_of(folder, TARGETS, "NI 16", "2009/10")
    set_cell(folder, TARGETS, line, "year", "2008/09")
    assert [str(problem) for problem in read_agreement(folder).problems] == [
        f"measures.csv line {line_of(folder, 'measures.csv', 'NI 16')}, column measure: NI 16 has no row in "
        "targets.csv for 2009/10.",
        f"targets.csv line {line}, column year: NI 16 has a target for 2008/09 on line {line - 1} already.",
    ]


def test_a_measure_without_any_target(folder):
    drop_rows(folder, TARGETS, lambda row: row[0] == "NI 16")
    line = line_of(folder, MEASURES, "NI 16")
    told = f"measures.csv line {line}, column measure: NI 16 has no row in targets.csv."
    assert str(only_problem(folder)) == told


def test_a_target_without_a_measure(folder):
    line = add_row(folder, TARGETS, "NI 200", "2008/09", "not set")
    for year in ("2009/10", "2010/11"):
        add_row(folder, TARGETS, "NI 200", year, "not set")
    problems = read_agreement(folder).problems
    assert places(problems) == [(TARGETS, line + more, "measure") for more in range(3)]
    assert all("NI 200 is not in measures.csv" in problem.message for problem in problems)


def test_years_that_do_not_follow_one_another(folder):
    rows = rows_of(folder, TARGETS)
    write(folder, TARGETS, [["2011/12" if cell == "2010/11" else cell for cell in row] for row in rows])
    told = "targets.csv, column year: the years must follow one another: 2011/12 comes after 2009/10."
    assert str(only_problem(folder)) == told


def test_an_indicator_without_a_measure(folder):
    line = add_row(folder, INDICATORS, "NI 200", "New", "safer", "local", "no", "no", "higher", "%")
    add_row(folder, PARTNERS, "NI 200", "police", "lead")
    told = f"indicators.csv line {line}, column indicator: NI 200 has no measure in measures.csv."
    assert str(only_problem(folder)) == told


def test_an_indicator_without_a_lead_or_any_partner(folder):
    drop_rows(folder, PARTNERS, lambda row: row[0] == "NI 16")
    line = line_of(folder, INDICATORS, "NI 16")
    problem = only_problem(folder)
    assert (problem.file, problem.line, problem.column) == (INDICATORS, line, "indicator")
    assert problem.message == "NI 16 has no lead and no partner in indicator_partners.csv."


def test_only_what_is_wholly_maa_may_lack_unit_polarity_and_partners(folder):
    set_cell(folder, TARGETS, line_of(folder, TARGETS, "LI EL", "2009/10"), "state", "not set")
    line = line_of(folder, INDICATORS, "LI EL")
    problems = read_agreement(folder).problems
    assert places(problems) == [(INDICATORS, line, column) for column in ("polarity", "unit", "indicator")]


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("returns_2011_12_q1.csv", "2011/12 Q1 is not in the agreement's years, 2008/09 to 2010/11."),
        ("returns_2008_10_q2.csv", "has no period in its name: name it like returns_2008_09_q2.csv."),
        ("returns_latest.csv", "has no period in its name: name it like returns_2008_09_q2.csv."),
    ],
)
def test_returns_are_of_a_period_of_the_agreement(folder, named, told):
    (folder / EXCEPTIONS).unlink()
    (folder / RETURNS).rename(folder / named)
    assert str(only_problem(folder)) == f"{named}: {told}"


def test_a_period_has_one_file(folder):
    shutil.copy(folder / RETURNS, folder / "returns_2008_09_Q2.csv")
    problem = only_problem(folder)
    assert problem.message == "2008/09 Q2 is in returns_2008_09_Q2.csv already."


def test_a_measure_is_reported_in_one_unit_and_polarity(folder):
    header = rows_of(folder, RETURNS)[0]
    write(folder, "returns_2008_09_q3.csv", [header, ["NI 154", "1", "2", "%", "lower", "", "", "", "", ""]])
    problems = read_agreement(folder).problems
    assert [str(problem) for problem in problems] == [
        "returns_2008_09_q3.csv line 2, column reported_unit: is % here, and homes, cumulative in the year "
        f"in {RETURNS}.",
        f"returns_2008_09_q3.csv line 2, column reported_polarity: is lower here, and higher in {RETURNS}.",
    ]


@pytest.mark.parametrize(
    ("column", "text", "told"),
    [
        ("frequency", "weekly", "'weekly' is not one of: monthly, quarterly, half-yearly, yearly."),
        ("tolerance", "-1", "-1 is less than nothing."),
        ("tolerance", "ten", "'ten' is not a figure"),
        ("tolerance_kind", "percentage", "Did you mean percent?"),
        ("reported_polarity", "upwards", "'upwards' is not one of"),
        ("reported_polarity", "range 3 to 2", "the range begins at 3"),
    ],
)
def test_what_measures_may_say_is_checked(folder, column, text, told):
    add_columns(folder, MEASURES, **{column: {"NI 16": text}})
    problem = only_problem(folder)
    assert (problem.file, problem.line, problem.column) == (
        MEASURES,
        line_of(folder, MEASURES, "NI 16"),
        column,
    )
    assert told in problem.message


def test_a_tolerance_in_the_measures_unit_needs_its_figure(folder):
    add_columns(folder, MEASURES, tolerance={}, tolerance_kind={"NI 16": "unit"})
    problem = only_problem(folder)
    assert (problem.column, problem.message[:8]) == ("tolerance", "is empty")


def test_all_problems_are_told_at_once_in_the_order_of_the_files(folder):
    set_cell(folder, RETURNS, 5, "value", "many")
    set_cell(folder, TARGETS, 9, "state", "gone")
    set_cell(folder, TARGETS, 8, "low", "99")
    set_cell(folder, MEASURES, 12, "baseline_value", "x")
    set_cell(folder, INDICATORS, 11, "group", "")
    set_cell(folder, INDICATORS, 11, "reward_weighted", "perhaps")
    added = add_row(folder, PARTNERS, "NI 999", "nobody", "boss")
    set_cell(folder, ORGANISATIONS, 3, "name", "")
    (folder / "themes.csv").unlink()
    reading = read_agreement(folder)
    assert reading.agreement is None
    assert places(reading.problems) == [
        ("themes.csv", 0, ""),
        (ORGANISATIONS, 3, "name"),
        (INDICATORS, 11, "group"),
        (INDICATORS, 11, "reward_weighted"),
        (PARTNERS, added, "indicator"),
        (PARTNERS, added, "organisation"),
        (PARTNERS, added, "role"),
        (MEASURES, 12, "baseline_value"),
        (TARGETS, 8, "low"),
        (TARGETS, 9, "state"),
        (RETURNS, 5, "value"),
    ]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_a_cell_holds_there_is_an_agreement_or_a_problem(folder, extract, data):
    file = data.draw(st.sampled_from(READ))
    rows = rows_of(extract, file)
    row = data.draw(st.sampled_from(rows))
    cell = data.draw(st.integers(min_value=0, max_value=len(row) - 1))
    elsewhere = st.sampled_from(rows).map(lambda other: other[cell])
    row[cell] = data.draw(st.one_of(elsewhere, st.text(st.characters(codec="utf-8"), max_size=20)))
    write(folder, file, rows)
    reading = read_agreement(folder)
    shutil.copyfile(extract / file, folder / file)
    assert (reading.agreement is None) == bool(reading.problems)
    assert all(str(finding).startswith(finding.file) for finding in reading.problems + reading.notes)
