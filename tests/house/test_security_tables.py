"""The tables of docs/asvs.md and docs/threats.md: nothing is left out, and each row has a test that is there, or a reason."""

import ast
import importlib
import re
from collections import Counter
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REQUIREMENTS = """
1.1: 1/2 2/2
1.2: 1/1 2/1 3/1 4/1 5/1 6/2 7/2 8/2 9/2
1.3: 1/1 2/1 3/2 4/2 5/2 6/2 7/2 8/2 9/2 10/2 11/2
1.4: 1/2 2/2 3/2
1.5: 1/1 2/2
2.1: 1/1 2/2 3/2
2.2: 1/1 2/1 3/2
2.3: 1/1 2/2 3/2 4/2
2.4: 1/2
3.2: 1/1 2/1
3.3: 1/1 2/2 3/2 4/2
3.4: 1/1 2/1 3/2 4/2 5/2 6/2
3.5: 1/1 2/1 3/1 4/2 5/2
3.7: 1/2 2/2
4.1: 1/1 2/2 3/2
4.2: 1/2
4.3: 1/2 2/2
4.4: 1/1 2/2 3/2 4/2
5.1: 1/2
5.2: 1/1 2/1 3/2
5.3: 1/1 2/1
5.4: 1/2 2/2 3/2
6.1: 1/1 2/2 3/2
6.2: 1/1 2/1 3/1 4/1 5/1 6/1 7/1 8/1 9/2 10/2 11/2 12/2
6.3: 1/1 2/1 3/2 4/2
6.4: 1/1 2/1 3/2 4/2
6.5: 1/2 2/2 3/2 4/2 5/2
6.6: 1/2 2/2 3/2
6.8: 1/2 2/2 3/2 4/2
7.1: 1/2 2/2 3/2
7.2: 1/1 2/1 3/1 4/1
7.3: 1/2 2/2
7.4: 1/1 2/1 3/2 4/2 5/2
7.5: 1/2 2/2
7.6: 1/2 2/2
8.1: 1/1 2/2
8.2: 1/1 2/1 3/2
8.3: 1/1
8.4: 1/2
9.1: 1/1 2/1 3/1
9.2: 1/1 2/2 3/2 4/2
10.1: 1/2 2/2
10.2: 1/2 2/2
10.3: 1/2 2/2 3/2 4/2
10.4: 1/1 2/1 3/1 4/1 5/1 6/2 7/2 8/2 9/2 10/2 11/2
10.5: 1/2 2/2 3/2 4/2 5/2
10.6: 1/2 2/2
10.7: 1/2 2/2 3/2
11.1: 1/2 2/2
11.2: 1/2 2/2 3/2
11.3: 1/1 2/1 3/2
11.4: 1/1 2/2 3/2 4/2
11.5: 1/2
11.6: 1/2
12.1: 1/1 2/2 3/2
12.2: 1/1 2/1
12.3: 1/2 2/2 3/2 4/2
13.1: 1/2
13.2: 1/2 2/2 3/2 4/2 5/2
13.3: 1/2 2/2
13.4: 1/1 2/2 3/2 4/2 5/2
14.1: 1/2 2/2
14.2: 1/1 2/2 3/2 4/2
14.3: 1/1 2/2 3/2
15.1: 1/1 2/2 3/2
15.2: 1/1 2/2 3/2
15.3: 1/1 2/2 3/2 4/2 5/2 6/2 7/2
16.1: 1/2
16.2: 1/2 2/2 3/2 4/2 5/2
16.3: 1/2 2/2 3/2 4/2
16.4: 1/2 2/2 3/2
16.5: 1/2 2/2 3/2
17.1: 1/2
17.2: 1/2 2/2 3/2 4/2
17.3: 1/2 2/2
"""
"""What OWASP's Application Security Verification Standard 5.0.0 has at its levels 1 and 2, by section: number/level."""
THREATS = {"A": 14, "B": 14, "C": 14, "D": 10, "E": 9, "F": 9, "G": 10, "H": 12, "I": 6, "J": 3}
"""How many rows each part of the catalogue has."""
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
REASON = re.compile(r"reason: (.+)", re.DOTALL)
SECURITY = ROOT / "docs/security.md"


def rows(name: str, first: str) -> list[list[str]]:
    """The cells of every row of a document's tables whose first cell looks like this."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    found = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("| ")]
    return [cells for cells in found if re.fullmatch(first, cells[0].strip("| "))]


ASVS = rows("docs/asvs.md", r"\d+\.\d+\.\d+")
CATALOGUE = rows("docs/threats.md", r"[A-J]\d+")


@cache
def found_in(name: str) -> frozenset[str]:
    """The tests of a file; none when it is not there."""
    path = ROOT / name
    tree = ast.parse(path.read_text("utf-8")) if path.exists() else ast.Module([], [])
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def required() -> dict[str, str]:
    """Each requirement with its level."""
    found = {}
    for line in REQUIREMENTS.split("\n"):
        section, _, numbers = line.partition(": ")
        found |= {f"{section}.{one.partition('/')[0]}": one.partition("/")[2] for one in numbers.split()}
    return found


def wrong_with(said: str) -> str:
    """What is wrong with how a row says that it is met; nothing when nothing is."""
    tests, reason = TEST.findall(said), REASON.search(said)
    missing = [f"{name}::{test}" for name, test in tests if test not in found_in(name)]
    if missing:
        return f"no such test: {', '.join(missing)}"
    if not tests and (reason is None or len(reason[1].split()) < 5):
        return "neither a test nor a reason"
    left = TEST.sub("", said.partition("reason: ")[0]).strip(" ,;")
    return f"what is {left!r}?" if left else ""


def test_every_requirement_is_there_once_at_its_level_and_no_other() -> None:
    assert len(required()) == 253
    assert {cells[0]: cells[1] for cells in ASVS} == required()
    assert [one for one, times in Counter(cells[0] for cells in ASVS).items() if times > 1] == []


def test_every_threat_is_there_once() -> None:
    expected = [f"{part}{number}" for part, many in THREATS.items() for number in range(1, many + 1)]
    assert [cells[0] for cells in CATALOGUE] == expected


@pytest.mark.parametrize(("name", "table"), [("asvs", ASVS), ("threats", CATALOGUE)], ids=["asvs", "threats"])
def test_each_row_has_a_test_that_is_there_or_a_reason(name: str, table: list[list[str]]) -> None:
    assert {len(cells) for cells in table} == {4}, "a row has a cell too many or too few"
    assert [cells[0] for cells in table if len(cells[2].split()) < 1] == []
    assert {cells[0]: said for cells in table if (said := wrong_with(cells[3]))} == {}


def test_what_is_wrong_with_a_row_is_seen() -> None:
    here = f"`tests/house/{Path(__file__).name}::test_every_threat_is_there_once`"
    assert wrong_with(here) == ""
    assert wrong_with(f"{here}, {here}; reason: all of it is here") == ""
    assert wrong_with("reason: there is nothing of the kind") == ""
    assert "no such test" in wrong_with("`tests/house/test_security_tables.py::test_no_such`")
    assert "no such test" in wrong_with("`tests/no/test_such.py::test_no_such`")
    assert wrong_with("reason: later") == wrong_with("") == "neither a test nor a reason"
    assert "what is" in wrong_with(f"{here}, to do")


def test_what_is_not_met_is_told_together() -> None:
    """The rows that say so are listed at the head of the page, and no others."""
    unmet = {cells[0] for cells in ASVS if re.search(r"\b[Nn]ot met\b", cells[3])}
    head = (ROOT / "docs/asvs.md").read_text("utf-8").partition("\n## ")[0]
    assert set(re.findall(r"\b\d+\.\d+\.\d+\b", head.partition("Not met")[2])) == unmet


def figure(value: object) -> str:
    """A limit as the page writes it."""
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        for many, unit in ((24 * 60, "days"), (60, "hours"), (1, "minutes")):
            if minutes % many == 0 and (minutes >= 2 * many or many == 1):
                return f"{minutes // many} {unit}"
    if isinstance(value, int) and value % 1024 == 0:
        return f"{value // 1024**2} MiB" if value % 1024**2 == 0 else f"{value // 1024} KiB"
    return f"{value:,}" if isinstance(value, int) else str(value)


def test_the_limits_that_are_told_are_those_of_the_code() -> None:
    told = re.findall(r"^\| [^|]+ \| ([^|]+) \| `([\w.]+):(\w+)` \|$", SECURITY.read_text("utf-8"), re.MULTILINE)
    assert len(told) > 15
    there = {
        place: figure(getattr(importlib.import_module(module), name))
        for _, module, name in told
        for place in [f"{module}:{name}"]
    }
    assert {f"{module}:{name}": said for said, module, name in told} == there
