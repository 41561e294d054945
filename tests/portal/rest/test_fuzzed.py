"""The whole API held against its own description by schemathesis: with tokens of every role, of every scope and none,
nothing falls over, and nothing is answered that is not described. `make fuzz-api` tries more."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from schemathesis.transport.wsgi import WSGITransport

from models.rules.terms import Role
from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.services import sessions
from tests.conftest import TODAY, settings
from tests.support.accounts import ACCOUNTS

EXAMPLES = int(os.environ.get("API_EXAMPLES", "1"))
SEED = int(os.environ.get("API_SEED", "1"))
EVERY_WAY = {"police"}
"""For whom each way to leave a part of a request out, or to write it wrongly, is tried too: they reach furthest. With
more examples than one it is tried for all."""
ONTO_REAL_ONES = {"police", "team"}
"""Whose requests are about a return that is there, whichever version it has; those of the others are about anything."""
REAL = {
    "path.period": "2008-09-q3",
    "path.measure": "ni-16",
    "header.If-Match": "*",
    "header.If-None-Match": '"another"',
}
SCOPES = {Role.CONTRIBUTOR: "draft", Role.EXECUTIVE: "read"}
WHO: dict[str | None, str] = {None: "", **{key: SCOPES.get(role, "write") for role, key in ACCOUNTS.items()}}
"""Everybody, by their account's key, with the scope of their token; None for nobody."""


@pytest.fixture(scope="module")
def app(prepared: tuple[Path, dict[str, int]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One portal for all of them, with returns in every state; they change it, and that is part of the trial."""
    path = tmp_path_factory.mktemp("fuzzed") / "portal.sqlite"
    shutil.copy(prepared[0], path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    yield create_app(settings(), database)
    database.dispose()


@pytest.fixture(autouse=True)
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some of its checks ask again with what is meant for sockets, which the client for applications does not take."""
    drop_what_is_for_sockets(monkeypatch)


def drop_what_is_for_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    send = WSGITransport.send

    def without(self: WSGITransport, case: Any, **sent: Any) -> Any:
        for name in ("max_redirects", "verify", "cert", "proxies"):
            sent.pop(name, None)
        return send(self, case, **sent)

    monkeypatch.setattr(WSGITransport, "send", without)


class Trial(NamedTuple):
    """What was wrong with the answers that somebody got; how often each route answered with each status; and which
    checks looked at them."""

    wrong: list[str]
    statuses: Counter[tuple[str, int]]
    checks: Counter[str]


def tried(app: Flask, who: str | None, scope: str) -> Trial:
    """Everything that schemathesis makes of the description, sent as somebody."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "suppress-health-check": ["all"],
            "generation": {"max-examples": EXAMPLES, "deterministic": False, "database": "none"},
            "phases": {"stateful": {"enabled": False}, "coverage": {"enabled": EXAMPLES > 1 or who in EVERY_WAY}},
            "parameters": REAL if who in ONTO_REAL_ONES else {},
            # That figures are text does not make each text a figure, and no state takes every move.
            "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", "4xx"]}},
        }
    )
    headers = {"Accept-Encoding": "identity"}  # in this process nothing is unpacked for it
    if who is not None:
        database: Database = app.extensions["portal"]["database"]
        token = sessions.issue_token(database, OPERATOR, f"{who}@portal.example", scope=scope)
        headers["Authorization"] = f"Bearer {token}"
    config.projects.default.headers = headers
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)
    found = Trial([], Counter(), Counter())
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            found.wrong.append(str(event))
        if isinstance(event, events.ScenarioFinished):
            label, kept = event.recorder.label, event.recorder
            answers = [one.response for one in kept.interactions.values() if one.response is not None]
            found.statuses.update((label, answer.status_code) for answer in answers)
            for one in chain.from_iterable(kept.checks.values()):
                found.checks[one.name] += 1
                if one.status is Status.FAILURE and one.failure_info is not None:
                    found.wrong.append(f"{label}: {one.name}: {one.failure_info.failure}")
    return found


@pytest.mark.parametrize("who", WHO, ids=str)
def test_nothing_falls_over_and_nothing_is_answered_that_is_not_described(app: Flask, who: str | None) -> None:
    found = tried(app, who, WHO[who])
    assert found.statuses.total() > 50
    assert sorted(set(found.wrong)) == []


def test_everybody_tries() -> None:
    assert {role for role, key in ACCOUNTS.items() if key in WHO} == set(Role)
