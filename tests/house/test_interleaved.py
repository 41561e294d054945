"""One process answers everybody in turn: nobody is answered with what was made for somebody else."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import sign_in
from tests.support import wire
from tests.support.accounts import ACCOUNTS

PATHS = ("/returns", "/review", "/indicators/ni-16", "/themes/safer", "/audit", "/explore", "/returns/43")
"""Pages that everybody has otherwise, or not at all."""
WHOS = (None, "nhs", *ACCOUNTS.values())
TIMES, AT_ONCE = 120, 4


def asked(app: Flask, client: FlaskClient, path: str) -> tuple[int, bytes]:
    """A page of the frame, as somebody gets it."""
    sent = wire.body(app, "open_page", {"address.pathname": path, "address.search": ""})
    answer = client.post(wire.ADDRESS, json=sent, headers={"X-CSRFToken": client.environ_base["HTTP_X_CSRFTOKEN"]})
    return answer.status_code, answer.data


@pytest.fixture
def clients(app: Flask) -> dict[str | None, FlaskClient]:
    """Everybody's browser, each with its token."""
    found = {who: sign_in(app, who) for who in WHOS}
    for client in found.values():
        client.environ_base["HTTP_X_CSRFTOKEN"] = wire.token(app, client)
    return found


def test_each_gets_the_same_among_all_as_alone(app: Flask, clients: dict[str | None, FlaskClient]) -> None:
    alone = {(who, path): asked(app, clients[who], path) for who in WHOS for path in PATHS}
    assert len({said for (_, path), said in alone.items() if path == "/returns"}) >= 4, "they do not differ"
    turns = random.Random(11).choices(sorted(alone, key=str), k=TIMES)
    by_person = {who: [path for one, path in turns if one == who] for who in WHOS}

    def ask(who: str | None) -> list[str]:
        """One person's turns; each browser asks one thing after the other, several of them at once."""
        return [path for path in by_person[who] if asked(app, clients[who], path) != alone[who, path]]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert [found for found in pool.map(ask, WHOS) if found] == []
