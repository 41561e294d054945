"""Pages that are kept as they were drawn: for one account, until something is done or the day is over."""

import json
from collections import Counter
from typing import Any

import pytest
from dash import html
from flask import Flask
from plotly.io.json import to_json_plotly

from models.rules.terms import Role
from portal.actor import OPERATOR, Actor
from portal.audit import record
from portal.clock import Clock
from portal.database import Database
from portal.errors import Forbidden, NotFound
from portal.policy import Action
from portal.web import drawn
from portal.web.drawn import DrawnPages
from portal.web.pages import Pages
from tests.conftest import TODAY, person
from tests.support.tour import VALUES

POLICE, NHS = (Actor(name=f"a lead of {number}", role=Role.LEAD, organisation_id=number) for number in (1, 2))
ADMIN = Actor(name="an administrator", role=Role.ADMIN)


@pytest.fixture
def made() -> Counter[str]:
    """How often each page was drawn."""
    return Counter()


@pytest.fixture
def pages(database: Database, made: Counter[str]) -> DrawnPages:
    """One page that is kept and one that is not."""
    there = Pages()

    def view(actor: Actor, key: str = "", **told: Any) -> tuple[str, Any]:
        if key == "none":
            raise NotFound("There is no such thing.")
        made[f"{actor.name} {key} {told}"] += 1
        return "A thing", html.P([f"for {actor.name}", html.A(key, href="/things")])

    there.on("/kept/<key>", access=Action.THEME_READ, query=("period",), kept=True)(view)
    there.on("/drawn/<key>", access=Action.THEME_READ)(view)
    return DrawnPages(there, database)


def as_sent(page: tuple[str, Any]) -> Any:
    return json.loads(to_json_plotly(page))


def do_something(database: Database) -> None:
    with database.write(OPERATOR) as session:
        record(session, "test:do", "a thing")


def test_a_page_is_drawn_once_and_is_the_same_again(pages: DrawnPages, made: Counter[str]) -> None:
    first = as_sent(pages.open(POLICE, "/kept/a", "?period=x&other=y"))
    assert as_sent(pages.open(POLICE, "/kept/a", "?period=x&other=y")) == first
    assert first[1]["props"]["children"][1]["props"] == {"children": "a", "href": "/things"}
    assert list(made.values()) == [1]


def test_it_is_drawn_anew_once_anything_was_done(database: Database, pages: DrawnPages, made: Counter[str]) -> None:
    for expected in (1, 2, 3):
        pages.open(POLICE, "/kept/a"), pages.open(POLICE, "/kept/a")
        assert list(made.values()) == [expected]
        do_something(database)


def test_what_is_done_while_it_is_drawn_is_never_missing_from_it_later(database: Database, made: Counter[str]) -> None:
    there = Pages()

    @there.on("/kept", access=Action.THEME_READ, kept=True)
    def view(_actor: Actor) -> tuple[str, Any]:
        made["drawn"] += 1
        if made["drawn"] == 1:
            do_something(database)
        return "", str(made["drawn"])

    pages = DrawnPages(there, database)
    assert [pages.open(POLICE, "/kept")[1] for _ in range(3)] == ["1", "2", "2"]


def test_another_day_another_account_and_another_address_have_their_own(
    database: Database, pages: DrawnPages, made: Counter[str]
) -> None:
    pages.open(POLICE, "/kept/a")
    for actor, path, search in ((NHS, "/kept/a", ""), (POLICE, "/kept/b", ""), (POLICE, "/kept/a", "?period=x")):
        assert actor.name in str(pages.open(actor, path, search)[1])
    assert sorted(made.values()) == [1, 1, 1, 1]
    database.clock = Clock(TODAY.replace(day=TODAY.day - 1))
    pages.open(POLICE, "/kept/a")
    assert sorted(made.values()) == [1, 1, 1, 2]


def test_from_where_somebody_asks_makes_no_other_page(pages: DrawnPages, made: Counter[str]) -> None:
    for address in ("192.0.2.1", "192.0.2.2"):
        pages.open(Actor(name="somebody", role=Role.LEAD, address=address), "/kept/a")
    assert list(made.values()) == [1]


def test_its_door_is_asked_each_time_and_a_mistake_is_not_kept(pages: DrawnPages) -> None:
    pages.open(POLICE, "/kept/a")
    for _ in range(2):
        with pytest.raises(Forbidden):
            pages.open(ADMIN, "/kept/a")
        with pytest.raises(NotFound):
            pages.open(POLICE, "/kept/none")
        with pytest.raises(NotFound):
            pages.open(POLICE, "/nothing")


def test_no_page_that_is_kept_reads_editions_which_become_public_at_an_hour(
    app: Flask, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("portal.services.scorecard.publish_due", lambda _database: asked.append(path) or [])
    kept = {rule: page for rule, page in app.extensions["portal"]["pages"].pages.items() if page.kept}
    assert len(kept) > 8
    for rule in kept:
        path = rule
        for name, value in VALUES.items():
            path = path.replace(name, value)
        app.extensions["portal"]["pages"].open(person(sqlite_database, "executive"), path)
    assert asked == []


def test_other_pages_are_drawn_each_time(pages: DrawnPages, made: Counter[str]) -> None:
    pages.open(POLICE, "/drawn/a"), pages.open(POLICE, "/drawn/a")
    assert list(made.values()) == [2]


def test_an_address_that_is_longer_than_any_is_not_kept(pages: DrawnPages, made: Counter[str]) -> None:
    for _ in range(2):
        pages.open(POLICE, "/kept/a", f"?x={'y' * drawn.LONGEST}")
    assert list(made.values()) == [2]


def test_those_that_were_asked_for_last_are_kept(
    pages: DrawnPages, made: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn, "MOST", 2)
    for key in ("a", "b", "a", "c", "a", "b"):
        pages.open(POLICE, f"/kept/{key}")
    assert sum(made.values()) == 4
