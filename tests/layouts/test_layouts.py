"""Every layout is drawn from the demonstration's data and held to the manners of the house, without a browser."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from dash.development.base_component import Component
from flask import Flask

from portal.database import Database
from portal.services import actions, returns, review
from portal.viewmodels.actions import Typed as ActionTyped
from portal.viewmodels.returns import Typed
from tests.conftest import person


def components(tree: Any) -> Iterator[Component]:
    """Every component of a tree."""
    if isinstance(tree, Component):
        yield tree
        tree = getattr(tree, "children", None)
    if isinstance(tree, list | tuple):
        for child in tree:
            yield from components(child)
    elif isinstance(tree, Component):
        yield from components(tree)


def text_of(tree: Any) -> str:
    """All text of a tree."""
    if isinstance(tree, str | int | float):
        return str(tree)
    if isinstance(tree, Component):
        return text_of(getattr(tree, "children", ""))
    return " ".join(text_of(child) for child in tree or ())


def check_manners(tree: Component) -> None:
    """One h1; unique ids; a label for every field; words with every shape; alternative text; captions."""
    found = list(components(tree))
    kinds = [type(component).__name__ for component in found]
    assert kinds.count("H1") == 1
    ids = [str(component.id) for component in found if getattr(component, "id", None) is not None]
    assert len(ids) == len(set(ids))
    labelled = {component.htmlFor for component in found if type(component).__name__ == "Label"}
    for component in found:
        kind = type(component).__name__
        hidden = getattr(component, "type", None) == "hidden"  # nobody sees it, so nobody needs its name
        if kind in ("Input", "Select", "Textarea") and not hidden:
            identity = component.id
            written = (
                identity if isinstance(identity, str) else json.dumps(identity, sort_keys=True, separators=(",", ":"))
            )
            assert written in labelled, f"no label for {component.id}"
        if kind == "Div" and getattr(component, "className", "") == "field":
            check_field(component)
        if "hint" in str(getattr(component, "className", "")).split():
            assert component.id, f"a hint that no field can be tied to: {text_of(component)}"
        if kind == "Img":
            assert component.alt.strip()
        if kind == "Table":
            assert type(component.children[0]).__name__ == "Caption"
        if "rating" in str(getattr(component, "className", "")).split():
            words = text_of(component).strip("★●▲ ")
            assert words, "a rating by shape or colour alone"


def check_field(field: Component) -> None:
    """A hint and a place for an error, by ids that assets/fields.js ties to the control."""
    (label,) = (one for one in components(field) if type(one).__name__ == "Label")
    given = {str(getattr(one, "id", "")) for one in components(field)}
    hints = [one.id for one in components(field) if getattr(one, "className", "") == "hint"]
    assert f"{label.htmlFor}-error" in given, f"{text_of(label)}: use parts.field"
    assert hints in ([], [f"{label.htmlFor}-hint"])


PAGES = [
    ("lcc", "/returns"),
    ("police.contributor", "/returns"),
    ("team", "/returns"),
    ("lcc", "/returns/29"),
    ("lcc", "/returns/29/check"),
    ("lcc", "/returns/7"),
    ("team", "/review"),
    ("team", "/review?notable=unusual&sort=change"),
    ("team", "/publish"),
    ("team", "/publish?period=2008-09-q2&edition=1"),
    ("executive", "/themes"),
    ("executive", "/themes/safer"),
    ("executive", "/themes?group=designated&rating=worse"),
    ("executive", "/themes?rating=better&theme=talking-up"),
    ("executive", "/themes/safer?at=2009-01-20"),
    ("team", "/agreement"),
    ("team", "/agreement/refresh"),
    ("executive", "/themes/health"),
    ("executive", "/themes/talking-up"),
    ("executive", "/themes/children?period=2008-09-q3"),
    ("executive", "/performance"),
    ("police.contributor", "/performance?by=theme&at=2009-01-20"),
    ("team", "/performance?period=2008-09-q3"),
    ("executive", "/indicators/ni-16"),
    ("team", "/indicators/ni-16?show=limits"),
    ("lcc", "/indicators/NI%20120"),
    ("nhs", "/indicators/ni-65?show=figures&period=2008-09-q3"),
    ("police", "/indicators/ni-50"),
    ("police", "/indicators/ni-16/plan"),
    ("nhs", "/indicators/ni-16/plan?at=2009-01-19"),
    ("team", "/annual-review/2008-09"),
    ("team", "/annual-review/2009-10"),
    ("executive", "/money"),
    ("nhs", "/money?period=2008-09-q3"),
    ("executive", "/money?at=2009-01-19"),
    ("team", "/risks"),
    ("police", "/risks"),
    ("executive", "/risks?at=2009-01-19"),
    ("executive", "/exceptions"),
    ("team", "/exceptions?month=2008-12"),
    ("team", "/exceptions?month=2008-05"),
    ("team", "/assessment"),
    ("executive", "/assessment?at=2009-01-19"),
    ("police.contributor", "/assessment?at=2008-06-01"),
    ("team", "/proposals?outcome=33"),
    ("police", "/proposals?priority=C&at=2009-01-19"),
    ("executive", "/proposals?proposal=x&outcome=70"),
    ("executive", "/reward"),
    ("nhs", "/reward?at=2008-09-01"),
    ("team", "/indicators/ni-117"),
    ("reviewer", "/annual-review"),
    ("reviewer", "/annual-review/2008-09"),
    ("admin", "/people"),
    ("admin", "/audit"),
    ("police", "/audit?text=NI%2016"),
]


@pytest.mark.parametrize(("who", "address"), PAGES)
def test_a_page_has_manners_and_is_drawn_the_same_twice(app: Flask, who: str, address: str) -> None:
    portal = app.extensions["portal"]
    actor = person(portal["database"], who)
    path, _, search = address.partition("?")
    title, body = portal["pages"].open(actor, path, search)
    assert title
    check_manners(body)
    assert portal["pages"].open(actor, path, search)[1].to_plotly_json().keys() == body.to_plotly_json().keys()
    assert repr(portal["pages"].open(actor, path, search)) == repr((title, body))


@pytest.mark.parametrize("accept", [None, True, False])
def test_a_proposed_rating_is_drawn_with_manners_and_with_words(
    app: Flask, sqlite_database: Database, accept: bool | None
) -> None:
    lcc, team = person(sqlite_database, "lcc"), person(sqlite_database, "team")
    pages = app.extensions["portal"]["pages"]
    typed = Typed(value="55", proposed_rating="within", proposed_reason="One school.\n\nAnd another.")
    returns.save(sqlite_database, lcc, 29, None, typed)
    for address in ("/returns/29", "/returns/29/check"):
        body = pages.open(lcc, address, "")[1]
        check_manners(body)
        assert "You propose “within acceptable range” instead." in text_of(body)
    returns.submit(sqlite_database, lcc, 29, None)
    if accept is not None:
        review.verify(sqlite_database, team, 29, None, accept)
    read, queued = pages.open(team, "/returns/29", "")[1], pages.open(team, "/review", "")[1]
    check_manners(read)
    check_manners(queued)
    said, listed = text_of(read), text_of(queued)
    if accept is None:
        assert "Another rating is proposed The rule's answer ▲ Worse than anticipated" in said
        assert "do you accept it?" in said
        assert "Open to decide" in listed
        assert "Verify the chosen returns" not in listed  # there is nothing to choose
    elif accept:
        assert "It was judged otherwise, within acceptable range: One school." in said
        assert "Decision Accepted by Partnership team, " in said
        assert "judged; the rule says otherwise" in listed
    else:
        assert "Decision Not accepted by Partnership team, " in said
        assert "the rule's answer stands" in said
        assert "judged" not in listed


def test_actions_are_listed_with_owner_and_due_date_and_overdue_is_said_in_words(
    app: Flask, sqlite_database: Database
) -> None:
    pages, police = app.extensions["portal"]["pages"], person(sqlite_database, "police")
    typed = ActionTyped("Mark <b>bicycles</b>.", "police", "Inspector", date(2009, 1, 8))
    actions.add_action(sqlite_database, police, "ni-16", typed)
    over = actions.add_action(sqlite_database, police, "ni-16", ActionTyped("Leaflets."))
    actions.change_action(sqlite_database, police, over, 1, ActionTyped("Leaflets.", state="dropped"), "No money.")
    for who, address in (
        ("police", "/indicators/ni-16"),
        ("executive", "/indicators/ni-16"),
        ("executive", "/themes/safer"),
        ("police", "/returns"),
        ("team", "/review"),
    ):
        body = pages.open(person(sqlite_database, who), address)[1]
        check_manners(body)
        assert "Mark <b>bicycles</b>." in text_of(body)
        assert "Leicestershire Constabulary (Inspector) Overdue by 12 days, due 8 January 2009" in text_of(body)
    theme = text_of(pages.open(police, "/themes/safer")[1])
    assert "Actions 5 open, 1 overdue, 4 without a due date" in theme
    assert "Leaflets" not in theme
    assert theme.count("Extra police patrols in Westcotes") == 1  # not in the commentary once more
    past = text_of(pages.open(police, "/themes/safer", "?at=2009-01-19")[1])
    assert "Actions 4 open, 4 without a due date" in past


def test_what_a_person_typed_is_drawn_as_text(app: Flask, sqlite_database: Database) -> None:
    lcc = person(sqlite_database, "lcc")
    hostile = "<script>alert(1)</script>\n\n- <img src=x onerror=alert(2)>"
    returns.save(sqlite_database, lcc, 29, None, Typed(value="55", commentary=hostile))
    _, body = app.extensions["portal"]["pages"].open(lcc, "/returns/29/check")
    said = text_of(body)
    assert "<script>alert(1)</script>" in said
    assert "<img src=x onerror=alert(2)>" in said


def test_a_form_does_not_promise_a_rating_that_it_denies(app: Flask, sqlite_database: Database) -> None:
    """NI 16 has no milestone for quarter 3."""
    police = person(sqlite_database, "police")
    number = returns.find_return(sqlite_database, police, "2008-09-q3", "NI 16")
    said = text_of(app.extensions["portal"]["pages"].open(police, f"/returns/{number}")[1])
    assert "so it will not be rated" in said
    assert "to see how it would be rated" not in said


def test_the_gate_says_before_anybody_presses_what_becomes_of_the_front_page(
    app: Flask, sqlite_database: Database
) -> None:
    pages, police, team = (
        app.extensions["portal"]["pages"],
        person(sqlite_database, "police"),
        person(sqlite_database, "team"),
    )
    body = pages.open(team, "/publish", "?period=2008-09-q3")[1]
    check_manners(body)
    assert "Quarter 3 of 2008/09 cannot be published yet" in text_of(body)
    assert "Nothing is verified for 2008/09 Q3" in text_of(body)
    assert "Prepare edition" not in text_of(body)
    for code, verify in (("NI 20", True), ("NI 16", False)):
        number = returns.find_return(sqlite_database, police, "2008-09-q3", code)
        returns.save(sqlite_database, police, number, None, Typed(value="0.9"))
        returns.submit(sqlite_database, police, number, None)
        if verify:
            review.verify(sqlite_database, team, number, None)
    body = pages.open(team, "/publish", "?period=2008-09-q3")[1]
    check_manners(body)
    said = text_of(body)
    assert "Now Quarter 2 of 2008/09, edition 1: 24 of 58 indicators are rated" in said
    assert "Then Quarter 3 of 2008/09, edition 2: 0 of 58 indicators are rated" in said
    assert "Rated before, not now: 24" in said
    assert "submitted: it waits to be verified" in said
    assert "Waits for the partnership team: 1" in said
    assert "Prepare edition 2" in said


def test_a_period_with_returns_is_not_called_unopened(app: Flask, sqlite_database: Database) -> None:
    pages, team = app.extensions["portal"]["pages"], person(sqlite_database, "team")
    assert "State Loaded" in text_of(pages.open(team, "/periods/2008-09-q2", "")[1])
    later = text_of(pages.open(team, "/periods/2009-10-q1", "")[1])
    assert "State Not opened" in later
    assert "it can be opened from 1 April 2009" in later
    assert "Open this period" not in later
    assert "it cannot be published before" in text_of(pages.open(team, "/periods/2008-09-q4", "")[1])
