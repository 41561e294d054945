"""The mutation campaign makes the changes that it says, leaves alone what is no rule, and counts what no test notices."""

import ast
import os
import subprocess
import sys

import pytest

from tests.campaigns.mutants import ROOT, RULES, enums_of, every_mutant, mutants_of
from tests.campaigns.mutation import TESTS, told, too_many, used_by


def changes(source: str) -> list[str]:
    """What becomes of a piece of a rule, each change as source text."""
    tree = ast.parse(source)
    return [str(mutant).split(":", 2)[2].strip() for mutant in mutants_of(RULES / "x.py", tree, enums_of(tree))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = b < c", ["b < c  ->  b <= c", "b < c  ->  b >= c"]),
        ("a = b is not c", ["b is not c  ->  b is c"]),
        ("a = b and c", ["b and c  ->  b or c"]),
        ("a = b * c", ["b * c  ->  b / c"]),
        ("a = not b", ["not b  ->  b"]),
        ("a = 3", ["a = 3  ->  a = 4"]),
        ("a = Decimal('0.5')", ["Decimal('0.5')  ->  Decimal('1.5')"]),
        ("a = True", ["a = True  ->  a = False"]),
        ("a = f'{b} Q'", ["f'{b} Q'  ->  f'{b} QX'"]),
        ("a = min(b, c)", ["min(b, c)  ->  max(b, c)", "min(b, c)  ->  min(b)"]),
        ("a = abs(b)", ["abs(b)  ->  b"]),
        ("a = b.lower()", ["b.lower()  ->  b.upper()"]),
        ("a = b(c=d)", ["b(c=d)  ->  b()"]),
        ("a = b if c else d", ["b if c else d  ->  b if True else d", "b if c else d  ->  b if False else d"]),
        ("a = [b for b in c if b]", [f"[b for b in c if b]  ->  [b for b in c if {way}]" for way in (True, False)]),
        ("a += b", ["a += b  ->  pass", "a += b  ->  a -= b"]),
        ("check(a)", ["check(a)  ->  pass"]),
        ("if a:\n    b(c)", ["if a:  ->  if True:", "if a:  ->  if False:", "b(c)  ->  pass"]),
        ("raise ValueError('no')", ["raise ValueError('no')  ->  pass"]),
    ],
)  # fmt: skip
def test_a_rule_is_changed_in_one_place_at_a_time(source: str, expected: list[str]) -> None:
    assert sorted(changes(source)) == sorted(expected)


def test_a_word_of_a_vocabulary_becomes_another_of_the_same() -> None:
    source = "class Way(StrEnum):\n    UP = 'up'\n    DOWN = 'down'\nbest = {Way.UP}"
    words = ["UP = 'up'  ->  UP = 'upX'", "DOWN = 'down'  ->  DOWN = 'downX'"]
    assert changes(source) == [*words, "{Way.UP}  ->  {Way.DOWN}"]


@pytest.mark.parametrize(
    "source",
    [
        '"""What is in here."""',
        'a = b\n"""What a is."""',
        "def a(b: C | None = None) -> D[1]:\n    return b",
        "Window: TypeAlias = tuple[tuple[int, float], ...]",
        "@dataclass(frozen=True)\nclass A:\n    b: C",
        "from a import b",
    ],
)
def test_what_is_said_of_a_rule_is_left_alone(source: str) -> None:
    assert changes(source) == []


def test_every_module_of_the_rules_is_changed_and_comes_under_tests() -> None:
    """A module of words alone, and the kinds of refusal, have nothing to change."""
    changed = {mutant.path for mutant in every_mutant([])}
    assert {path.stem for path in RULES.glob("*.py")} - {path.stem for path in changed} == {"__init__", "broken"}
    assert changed <= set().union(*(used_by(path) for path in TESTS.glob("test_*.py")))


def test_the_rules_on_evidence_leave_no_mutant_alive() -> None:
    """The campaign itself, over one module that is quick."""
    done = subprocess.run(
        [sys.executable, "tests/campaigns/mutation.py", "evidence"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == f"{told(len(every_mutant(['evidence'])), 0, 0)}\n"
    assert done.returncode == 0, done.stderr


def test_from_five_in_a_hundred_on_the_campaign_fails() -> None:
    assert told(1000, 49, 3) == (
        "1000 mutants, 951 killed (3 of them for taking too long), 49 alive: 4.9%, which must be under 5%."
    )
    assert [too_many(alive, 1000) for alive in (0, 49, 50, 51)] == [False, False, True, True]
