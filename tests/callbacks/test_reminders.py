"""Reminders through Dash's own protocol: choosing, asking who is late, trying again, and what the pages then say."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.actor import OPERATOR
from portal.clock import Clock
from portal.database import Database
from portal.services import outbox, reminders
from tests.conftest import person
from tests.support import wire
from tests.support.post import BASE, Kept, deliver, refuse

Q3 = "2008-09-q3"


@pytest.fixture
def late(sqlite_database: Database) -> Database:
    """Two days after the quarter's returns were due."""
    sqlite_database.clock = Clock(date(2009, 2, 1))
    return sqlite_database


def shown(app: Flask, client: FlaskClient, path: str, search: str = "") -> str:
    sent = wire.body(app, "open_page", {"address.pathname": path, "address.search": search})
    answer = wire.post(app, client, sent)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def press(app: Flask, client: FlaskClient, name: str, button: str, row: dict[str, object], **more: object) -> str:
    answer = wire.post(app, client, wire.body(app, name, {button: 1, **more}, row))
    assert answer.status_code == 200, answer.text
    return answer.get_data(as_text=True)


def test_the_button_on_a_period_writes_to_who_is_late(
    late: Database, app: Flask, client_of: Callable[[str], FlaskClient]
) -> None:
    team = client_of("team")
    assert "30 returns of partners are late" in shown(app, team, f"/periods/{Q3}")
    assert "sent?again=" in press(app, team, "remind_late", "remind", {"period": Q3})
    assert "Waits for the next run" in shown(app, team, "/reminders/sent")
    assert {line.day for line in outbox.outbox(late, person(late, "team")).lines} == {date(2009, 2, 1)}
    again = wire.post(app, team, wire.body(app, "remind_late", {"remind": 1}, {"period": Q3}))
    assert again.status_code == 409


def test_before_anybody_is_late_there_is_no_such_button(app: Flask, client_of: Callable[[str], FlaskClient]) -> None:
    assert "Send a reminder now" not in shown(app, client_of("team"), f"/periods/{Q3}")


def test_what_one_chooses_is_kept_and_said_beside_ones_name(
    late: Database, app: Flask, client_of: Callable[[str], FlaskClient]
) -> None:
    police = client_of("police")
    assert "Write to me when" in shown(app, police, "/reminders")
    press(app, police, "choose_reminders", "reminders-choose", {}, **{"reminders-wanted": ["queried", "verified"]})
    page = shown(app, police, "/reminders", "?kept=1")
    assert '["queried","verified"]' in page.replace(" ", "").replace('\\"', '"')
    assert "Kept. It holds for every reminder" in page
    assert "gets no reminders of what is late, by own choice" in shown(app, client_of("team"), f"/periods/{Q3}")
    for wrong in (["nonsense"], [1], "queried", [{"a": 1}], None):
        sent = wire.body(app, "choose_reminders", {"reminders-choose": 1, "reminders-wanted": wrong})
        assert wire.post(app, police, sent).status_code < 500


def test_what_failed_can_be_tried_again_from_the_page(
    late: Database, app: Flask, client_of: Callable[[str], FlaskClient]
) -> None:
    reminders.remind(late, OPERATOR, BASE)
    deliver(late, Kept(refuse))
    team = client_of("team")
    page = shown(app, team, "/reminders/sent", "?show=failed")
    assert "The mail server says: 550 no such mailbox" in page
    number = outbox.outbox(late, person(late, "team"), "failed").lines[0].id
    press(app, team, "send_again", "again", {"letter": number})
    assert deliver(late, Kept()).sent == 1
    assert "Sent by e-mail on" in shown(app, team, "/reminders/sent", "?show=sent")
