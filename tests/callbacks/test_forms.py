"""The forms of the pages: whatever was done twice in a row leads to an address of its own each time, so that it is
shown; and no callback leads on in a way of its own."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from portal.database import Database
from portal.services import returns
from portal.viewmodels.returns import Typed
from tests.conftest import person
from tests.support import wire
from tests.support.areas import LEICESTER

Clients = Callable[[str | None], FlaskClient]
LED_ON = {"save_and_check", "choose_agreement"}
"""They answer more than a form or nothing that can be wrong, and ask `again` for their address themselves."""
SOUGHT = {"search_trail", "search_people"}
"""What is searched for is an address that can be sent: the same search is the same address, and changes nothing."""


def address_of(app: Flask, client: FlaskClient, name: str, values: dict[str, Any], row: dict[str, Any]) -> str:
    """Where a form leads to."""
    got = wire.post(app, client, wire.body(app, name, {"agreement-shown": LEICESTER, **values}, row))
    assert got.status_code == 200, got.text
    (found,) = [part["href"] for part in got.get_json()["response"].values() if "href" in part]
    return str(found)


def test_a_second_question_in_a_row_is_shown_too(app: Flask, client_of: Clients, sqlite_database: Database) -> None:
    police, executive = person(sqlite_database, "police"), client_of("executive")
    number = returns.find_return(sqlite_database, police, "2008-09-q2", "NI 16")
    shown = set()
    for question in ("Why so high?", "And in Westcotes?", "And in Westcotes?"):
        values = {"challenge": 1, "challenge-text": question}
        shown.add(address_of(app, executive, "challenge_return", values, {"return": number}))
    assert len(shown) == 3
    assert {address.split("&again=")[0] for address in shown} == {f"/returns/{number}?asked"}


def test_so_is_a_second_word_on_a_return_and_a_second_countersignature(
    app: Flask, client_of: Clients, sqlite_database: Database
) -> None:
    lcc, nhs, number = person(sqlite_database, "lcc"), client_of("nhs"), 50
    returns.save(sqlite_database, lcc, number, None, Typed(value="59"))
    shown = []
    for _ in range(2):
        version = returns.submit(sqlite_database, lcc, number, None).version
        for name, part in (
            ("contribute_to_return", "contribute"),
            ("contribute_to_return", "contribute"),
            ("dissent_from_return", "dissent"),
            ("take_dissent_back", "take-back"),
            ("countersign_return", "countersign"),
        ):
            values = {part: 1, "version": version, "concurrence-text": "Our survey gives 52%."}
            shown.append(address_of(app, nhs, name, values, {"return": number}))
        returns.withdraw(sqlite_database, lcc, number, version)
    assert len(set(shown)) == len(shown) == 10


def test_so_is_a_release_date_that_is_noted_twice_a_rule_and_the_choice_of_an_agreement(
    app: Flask, client_of: Clients
) -> None:
    team = client_of("team")
    noted = {"release": 1, "measure": "NI 16", "released": "2009-02-14"}
    rule = {"store": 1, "gate-store": 1, "gate-measure": "NI 154", "gate-below": "5", "gate-total": "none"}
    choice = {"agreement-choose": 1, "agreement-choice": LEICESTER, "address.pathname": "/themes"}
    for name, values, row in (
        ("note_release", noted, {"period": "2008-09-q3"}),
        ("store_rule", rule, {}),
        ("choose_agreement", choice, {}),
    ):
        assert len({address_of(app, team, name, values, row) for _ in range(2)}) == 2, name


def test_what_is_wrong_with_a_form_leads_nowhere(app: Flask, client_of: Clients, sqlite_database: Database) -> None:
    police = person(sqlite_database, "police")
    number = returns.find_return(sqlite_database, police, "2008-09-q2", "NI 16")
    sent = wire.body(app, "challenge_return", {"challenge": 1, "challenge-text": " "}, {"return": number})
    answer = wire.post(app, client_of("executive"), sent).get_json()["response"]
    assert [name.split('"part":"')[1].split('"')[0] for name in answer] == ["errors"]
    assert "There is a problem" in str(answer)


def test_no_callback_leads_on_in_a_way_of_its_own(app: Flask) -> None:
    """Every callback on the server that answers an address is a form of the registry, which makes the address new, or
    one of the few that are named here."""
    portal = app.extensions["portal"]
    held, callbacks = portal["dash"].callback_map, portal["callbacks"]
    ways = tuple(f".{part}" for part in ("href", "search", "pathname"))
    leading = {
        door.name
        for output, door in callbacks.doors.items()
        if "callback" in held[output]
        and any(one.split("@")[0].endswith(ways) for one in output.strip(".").split("..."))
    }
    assert callbacks.forms <= leading
    assert leading - callbacks.forms == LED_ON | SOUGHT, "register it with `callbacks.form`"
    assert len(callbacks.forms) > 25
