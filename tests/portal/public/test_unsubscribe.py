"""Stopping reminders by the link of a message: a GET shows a button, a POST does it, and for nobody else."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.audit import AuditEvent
from models.reminders import ReminderChoice
from portal.actor import OPERATOR
from portal.database import Database
from portal.formats.mail import stop_token
from portal.services.reminder_choices import choices
from tests.conftest import person, settings

KEY = settings().require_secret_key()


def link(database: Database, who: str) -> str:
    number = person(database, who).person_id
    assert number is not None
    return f"/unsubscribe?token={stop_token(KEY, number)}"


def wanted(database: Database, who: str) -> set[bool]:
    return {yes for _, yes in choices(database, person(database, who)).wanted}


def test_opening_the_link_shows_a_button_and_changes_nothing(
    client_of: Callable[[str | None], FlaskClient], sqlite_database: Database
) -> None:
    address = link(sqlite_database, "police")
    found = client_of(None).get(address)
    assert found.status_code == 200
    assert f'action="{address}"' in found.text
    assert "Stop all reminders" in found.text
    for method in ("HEAD", "OPTIONS"):
        client_of(None).open(address, method=method)
    assert wanted(sqlite_database, "police") == {True}


@pytest.mark.parametrize("body", [{"List-Unsubscribe": "One-Click"}, {}])
def test_a_post_without_cookie_or_token_of_a_form_stops_them_all_and_twice_is_as_good(
    client_of: Callable[[str | None], FlaskClient], sqlite_database: Database, body: dict[str, str]
) -> None:
    for _ in range(2):
        found = client_of(None).post(link(sqlite_database, "police"), data=body)
        assert found.status_code == 200
        assert "Reminders are stopped" in found.text
    assert wanted(sqlite_database, "police") == {False}
    assert wanted(sqlite_database, "police.contributor") == {True}
    with sqlite_database.read(OPERATOR) as session:
        steps = session.scalars(select(ReminderChoice)).all()
        assert {(step.wanted, step.by_link) for step in steps} == {(False, True)}
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == "reminder:choose")).all()
        assert [(event.who, event.subject) for event in events] == [("public", "reminders to police@portal.example")]


def test_a_link_that_was_changed_stops_nobodys(
    client_of: Callable[[str | None], FlaskClient], sqlite_database: Database
) -> None:
    good = link(sqlite_database, "police")
    number = person(sqlite_database, "nhs").person_id
    other = f"/unsubscribe?token={number}.{good.rpartition('.')[2]}"
    for address in (other, good[:-1], "/unsubscribe", "/unsubscribe?token=1", "/unsubscribe?token=%00"):
        assert client_of(None).post(address).status_code == 404
    for address in (other, good[:-1], "/unsubscribe?token=1", "/unsubscribe?token=%00"):
        assert client_of(None).get(address).status_code == 404, "its button would do nothing"
    assert client_of(None).get("/unsubscribe").status_code == 200
    assert wanted(sqlite_database, "police") == wanted(sqlite_database, "nhs") == {True}


def test_what_stands_in_the_address_is_not_markup(client_of: Callable[[str | None], FlaskClient]) -> None:
    found = client_of(None).get("/unsubscribe?token=%22%3E%3Cb%3Ehello")
    assert "<b>hello" not in found.text
