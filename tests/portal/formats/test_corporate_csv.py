"""The files of the corporate assessment and the proposals: what is read, and what is refused, by file, line and column."""

from pathlib import Path

import pytest

from portal.actor import OPERATOR
from portal.database import Database
from portal.formats.agreement_csv import read_agreement
from portal.records.loading import NotLoaded
from portal.services import imports
from portal.settings import package_data
from tests.support.areas import derby, read

THEMES = "theme,anticipated_score,key_risk"
FIVE = ["A,4,x", "B,3,", "C,2,", "D,3,", "E,3,"]
PROPOSALS = (
    "proposal,priority_for_improvement,target,target_text,state,corporate_priorities,corporate_outcomes,lead,partners"
)
FILES = {
    "corporate_assessment.csv": [THEMES, *FIVE],
    "corporate_priorities.csv": ["priority,title", "A,Learn", "B,Work"],
    "corporate_outcomes.csv": ["outcome,title", "1,Readers", "2,Jobs"],
    "lpsa2_proposals.csv": [
        PROPOSALS,
        "1,Read,a,More,defined,A,1;2,Us,Them",
        "1,Read,b,,to be developed,A,1;2,Us,Them",
    ],
}


def folder(path: Path, **changed: list[str]) -> Path:
    derby(path)
    for name, lines in {**FILES, **{f"{name}.csv": lines for name, lines in changed.items()}}.items():
        (path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_small_folder_is_read(tmp_path: Path) -> None:
    found = read(folder(tmp_path / "derby")).corporate
    first = found.themes[0]
    assert (first.title, first.score, first.key_risk, first.evidence) == ("A", 4, "x", "")
    (one,) = found.proposals
    assert (one.number, one.outcomes, one.partners) == (1, ("1", "2"), "Them")
    assert [(t.letter, t.text, t.defined) for t in one.targets] == [("a", "More", True), ("b", "", False)]


@pytest.mark.parametrize(
    ("name", "lines", "told"),
    [
        ("corporate_assessment", [THEMES, *FIVE[:4]], "line 5, column theme: has 4 themes"),
        ("corporate_assessment", [THEMES, *FIVE[:4], "A,3,"], "line 6, column theme: A is on line 2 already"),
        ("corporate_assessment", [THEMES, *FIVE[:4], "E,5,"], "line 6, column anticipated_score: is 5"),
        ("corporate_assessment", [THEMES, *FIVE[:4], "E,0,"], "line 6, column anticipated_score: is 0"),
        ("corporate_assessment", [THEMES, *FIVE[:4], "E,high,"], "line 6, column anticipated_score: 'high'"),
        ("corporate_assessment_rules", ["overall,rule", "4,All themes score 4"], "line 2, column rule: is not what"),
        (
            "corporate_assessment_scale",
            ["score,description,judgement", "3,a,b", "3,a,b"],
            "line 3, column score: 3 is on",
        ),
        ("corporate_priorities", ["priority,title", "A,Learn", "A,Work"], "line 3, column priority: A is on line 2"),
        ("corporate_outcomes", ["outcome,title", "1,Readers", "2,"], "line 3, column title: is empty"),
        ("corporate_outcomes", ["outcome,title", "1,Readers", "x,Jobs"], "line 3, column outcome: 'x'"),
        (
            "lpsa2_proposals",
            [PROPOSALS, "1,Read,a,More,defined,C,1,Us,"],
            "line 2, column corporate_priorities: C is not in",
        ),
        (
            "lpsa2_proposals",
            [PROPOSALS, "1,Read,a,More,defined,A,1;1,Us,"],
            "line 2, column corporate_outcomes: 1 is here",
        ),
        ("lpsa2_proposals", [PROPOSALS, "1,Read,a,,defined,A,1,Us,"], "line 2, column target_text: is empty"),
        ("lpsa2_proposals", [PROPOSALS, "1,Read,a,x,done,A,1,Us,"], "line 2, column state: 'done'"),
        ("lpsa2_proposals", [PROPOSALS, "0,Read,a,x,defined,A,1,Us,"], "line 2, column proposal: must be"),
        (
            "lpsa2_proposals",
            [PROPOSALS, "1,Read,a,x,defined,A,1,Us,", "1,Write,a,x,defined,A,1,Us,"],
            "line 3, column priority_for_improvement: is not what line 2 says",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, name: str, lines: list[str], told: str) -> None:
    problems = [str(one) for one in read_agreement(folder(tmp_path / "derby", **{name: lines})).problems]
    assert any(one.startswith(f"{name}.csv {told}") for one in problems), problems


def test_a_second_load_changes_nothing_and_tells_what_is_said_otherwise(database: Database, tmp_path: Path) -> None:
    imports.load_agreement(database, OPERATOR, read(folder(tmp_path / "derby")))
    assert imports.load_agreement(database, OPERATOR, read(tmp_path / "derby")).added == {}
    changed = folder(
        tmp_path / "again",
        corporate_assessment=[THEMES, "A,3,x", *FIVE[1:]],
        lpsa2_proposals=[PROPOSALS, "1,Read,a,Less,defined,A,1;2,Us,Them"],
    )
    loaded = imports.load_agreement(database, OPERATOR, read(changed))
    assert loaded.added == {}
    assert [sentence.split(" is said")[0] for sentence in loaded.noticed] == ["A", "Target 1a"]


def test_other_links_or_themes_than_are_loaded_are_refused_and_nothing_is_written(
    database: Database, tmp_path: Path
) -> None:
    imports.load_agreement(database, OPERATOR, read(folder(tmp_path / "derby")))
    changed = folder(
        tmp_path / "again",
        corporate_assessment=[THEMES, *FIVE[:4], "F,3,"],
        lpsa2_proposals=[PROPOSALS, "1,Read,a,More,defined,B,2,Us,Them"],
    )
    with pytest.raises(NotLoaded) as refused:
        imports.load_agreement(database, OPERATOR, read(changed))
    assert {(one.file, one.line, one.column) for one in refused.value.problems} == {
        ("corporate_assessment.csv", 6, "theme"),
        ("lpsa2_proposals.csv", 2, "corporate_priorities"),
        ("lpsa2_proposals.csv", 2, "corporate_outcomes"),
    }


def test_leicesters_proposals_are_in_the_package() -> None:
    found = read(package_data("leicester")).corporate
    assert (len(found.proposals), sum(len(one.targets) for one in found.proposals)) == (12, 20)
