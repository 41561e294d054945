"""The texts and commitments of an annual review as files: read, refused with file, line and column, loaded once."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.self_assessment import ReviewAnswer, ReviewCommitment
from portal.actor import OPERATOR
from portal.database import Database
from portal.formats.agreement_csv import read_agreement
from portal.services import imports
from portal.settings import package_data
from portal.words.self_assessment import KEYS
from tests.support.areas import read

ANSWERS, COMMITMENTS = "review_answers_2008_09.csv", "review_commitments_2008_09.csv"
HEADS = {ANSWERS: "question,text,contributors", COMMITMENTS: "text,indicator,owner"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(package_data("leicester"), tmp_path / "leicester")
    return tmp_path / "leicester"


def problems(folder: Path, name: str, *rows: str) -> list[str]:
    (folder / name).write_text("\n".join((HEADS.get(name, HEADS[ANSWERS]), *rows)) + "\n", encoding="utf-8")
    return [str(problem) for problem in read_agreement(folder).problems]


def test_leicesters_texts_answer_every_question_once() -> None:
    found = read(package_data("leicester"))
    assert [one.question for one in found.review_texts] == list(KEYS)
    assert {one.year for one in found.review_texts} == {"2008/09"}
    assert [one.indicator for one in found.review_commitments] == ["NI 154", "", "NI 131", "NI 186", "NI 16", ""]


@pytest.mark.parametrize(
    ("name", "row", "where", "said"),
    [
        (ANSWERS, "1.9,An answer.,", "line 2, column question", "is not one of"),
        (ANSWERS, "1.1,,", "line 2, column text", "is empty"),
        (ANSWERS, "1.1,It is {NI 999 figure}.,", "line 2, column text", "this agreement has no NI 999"),
        (ANSWERS, "1.1,It is {safest worse}.,", "line 2, column text", "called “safest”"),
        (ANSWERS, "1.1,One.,\n1.1,Two.,", "line 3, column question", "1.1 is on line 2 already"),
        (COMMITMENTS, "Do it.,NI 999,", "line 2, column indicator", "NI 999 is not in indicators.csv"),
        (COMMITMENTS, "Do it.,,nobody", "line 2, column owner", "nobody is not in organisations.csv"),
        (COMMITMENTS, "Do it.,,\nDo it.,,", "line 3, column text", "is on line 2 already"),
        ("review_answers_1999_00.csv", "1.1,An answer.,", "", "has no year of the agreement in its name"),
        ("review_answers_soon.csv", "1.1,An answer.,", "", "has no year of the agreement in its name"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(folder: Path, name: str, row: str, where: str, said: str) -> None:
    (found,) = problems(folder, name, row)
    assert found.startswith(name)
    assert where in found
    assert said in found


def test_a_second_load_changes_nothing_and_another_text_is_told(database: Database, folder: Path) -> None:
    def counted() -> tuple[int | None, ...]:
        with database.read(OPERATOR) as session:
            return tuple(
                session.scalar(select(func.count()).select_from(one)) for one in (ReviewAnswer, ReviewCommitment)
            )

    before = counted()
    assert before == (21, 6)
    assert imports.load_agreement(database, OPERATOR, read(folder)).added == {}
    (folder / ANSWERS).write_text(f"{HEADS[ANSWERS]}\n1.1,Another text.,\n", encoding="utf-8")
    loaded = imports.load_agreement(database, OPERATOR, read(folder))
    assert loaded.added == {}
    assert [one for one in loaded.noticed if "review_answers_2008_09.csv" in one] == [
        "The text of 1.1 in review_answers_2008_09.csv is another than came in first: it is changed on the page of the "
        "annual review, not by a load."
    ]
    assert counted() == before
