"""The picture of what serves what: every link drawn once, the same columns in every row, and what a choice lights."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from layouts import matrix
from layouts.marks import Element
from portal.settings import package_data
from portal.viewmodels.proposals import ProposalLine, Proposals
from tests.layouts.test_layouts import components
from tests.support.areas import read


@pytest.fixture(scope="module")
def view() -> Proposals:
    """Leicester's proposals, as the files have them."""
    found = read(Path(package_data("leicester"))).corporate
    lines = [
        ProposalLine(
            *(one.number, one.title, one.lead, (one.partners,), one.priorities),
            tuple(int(key) for key in one.outcomes),
            (),
        )
        for one in found.proposals
    ]
    priorities = {one.key: one.title for one in found.priorities}
    outcomes = {int(one.key): one.title for one in found.outcomes}
    return Proposals("Leicester", tuple(lines), priorities, outcomes, may_change=False)


def strips(view: Proposals, **chosen: object) -> list[Element]:
    wanted = {"proposal": 0, "priority": "", "outcome": 0, **chosen}
    drawn = matrix.matrix(view, view.choice(**wanted), lambda kind, key: f"/{kind}/{key}")  # type: ignore[arg-type]
    return [one.tree for one in components(drawn) if type(one).__name__ == "Drawing"]


def parts(tree: Element, *classes: str) -> Iterator[Element]:
    """The elements of a drawing with all these classes."""
    _, attributes, *children = tree
    if set(classes) <= set(str(attributes.get("class", "")).split()):
        yield tree
    for child in children:
        if not isinstance(child, str):
            yield from parts(child, *classes)


def test_every_link_is_a_square_and_every_gap_a_shade_in_each_row(view: Proposals) -> None:
    drawn = strips(view)
    assert len(drawn) == 36  # three bands of twelve rows
    assert sum(len(list(parts(one, "link", "outcome"))) for one in drawn) == 71
    assert sum(len(list(parts(one, "link", "priority"))) for one in drawn) == 15
    assert sum(len(list(parts(one, "idle"))) for one in drawn) == 12 * (35 + 1)
    assert not any(list(parts(one, "faint")) for one in drawn)


def test_each_row_says_itself_for_who_does_not_see_it(view: Proposals) -> None:
    said = [one[1]["aria-label"] for one in strips(view)]
    assert said[9] == (
        "Proposal 10, Improving the availability and quality of affordable housing in the city: priorities G; "
        "outcomes 33, 44 and 45"
    )
    assert {one[1]["role"] for one in strips(view)} == {"img"}


@pytest.mark.parametrize(
    ("chosen", "lit"), [({"outcome": 33}, 4), ({"proposal": 10}, 4), ({"priority": "A"}, 5), ({"priority": "C"}, 0)]
)
def test_a_choice_lights_its_links_and_no_others(view: Proposals, chosen: dict[str, object], lit: int) -> None:
    drawn = strips(view, **chosen)
    links = sum(len(list(parts(one, "link"))) for one in drawn)
    faint = sum(len(list(parts(one, "faint"))) for one in drawn)
    assert (links, links - faint) == (71 + 15, lit)


def test_every_row_and_column_leads_to_what_it_is_linked_to(view: Proposals) -> None:
    drawn = matrix.matrix(view, None, lambda kind, key: f"/{kind}/{key}")
    leads = [one.href for one in components(drawn) if type(one).__name__ == "Link"]
    assert len(leads) == 9 + 69 + 3 * 12
    assert {"/priority/C", "/outcome/69", "/proposal/12"} <= set(leads)
