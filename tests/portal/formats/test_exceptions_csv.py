"""Actions in the exceptions of a review: read by themselves, with an owner where the file names one."""

import csv
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from portal.formats.agreement_csv import ActionSaid, read_agreement
from portal.settings import package_data

FILE = "exceptions_2008_09_q2.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(package_data("leicester"), tmp_path / "leicester"))


def put(folder: Path, header: Iterable[str], *rows: Iterable[str]) -> None:
    with (folder / FILE).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


def test_leicesters_are_twelve_for_five_indicators_and_name_no_owner() -> None:
    found = read_agreement(package_data("leicester")).agreement.actions
    assert len(found) == 12
    assert {each.indicator for each in found} == {"NI 16", "NI 112", "NI 131", "NI 154", "NI 186"}
    assert {(each.period, each.owner) for each in found} == {("2008/09 Q2", "")}
    assert found[0].line == 3


def test_an_owner_is_an_organisations_key_and_an_indicator_without_a_return_may_have_actions(folder: Path) -> None:
    put(
        folder,
        ("indicator", "field", "text", "owner"),
        ("NI 27", "action", "Ask again.", "LCC"),
        ("NI 16", "action", "Two patrols.", ""),
    )
    assert read_agreement(folder).agreement.actions == (
        ActionSaid("NI 27", "2008/09 Q2", "Ask again.", "lcc"),
        ActionSaid("NI 16", "2008/09 Q2", "Two patrols.", ""),
    )


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (
            ("NI 16", "action", "Patrols.", "polcie"),
            "owner",
            "polcie is not in organisations.csv. Did you mean police?",
        ),
        (("NI 16", "action", "Patrols.", "the police"), "owner", "cannot be a key"),
        (("NI 16", "analysis", "It rose.", "police"), "owner", "an analysis has no owner: only an action has."),
        (("NI 16", "action", "Gates.", "police"), "text", "NI 16 has this action on line 2 already."),
    ],
)
def test_what_cannot_be_loaded_is_told(folder: Path, row: tuple[str, ...], column: str, said: str) -> None:
    put(folder, ("indicator", "field", "text", "owner"), ("NI 16", "action", "Gates.", ""), row)
    (problem,) = read_agreement(folder).problems
    assert (problem.file, problem.line, problem.column) == (FILE, 3, column)
    assert said in problem.message
