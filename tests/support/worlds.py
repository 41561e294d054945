"""The demonstration with the police's returns in each state, apps over copies of it, and what their pages would send."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from models.base import Base
from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.services import concurrence, conversation, people, returns, review
from portal.viewmodels.returns import Typed
from tests.conftest import TODAY, person, settings
from tests.support import wire
from tests.support.areas import LEICESTER

ROWS = {"draft": "NI 32", "ready": "NI 16", "submitted": "NI 20", "verified": "NI 16"}
"""The police's returns: one that is being written, one that may be submitted, one submitted, one verified (in Q2)."""
SIGNED_UP = "NI 5"
"""The council's, submitted, which the police alone signed up to and dissent from."""
DISABLED = "fmo@portal.example"
OTHERWISE = {"sign_in", "sign_in_attempt", "api_token", "audit_event", "audit_head"}
"""What changes by signing in alone."""
BUTTONS = (
    "save",
    "check",
    "submit",
    "verify",
    "query",
    "publish",
    "withdraw",
    "reopen",
    "challenge",
    "send",
    "countersign",
    "contribute",
    "dissent",
    "take-back",
    "verify-chosen",
    "open",
    "close",
    "release",
    "trail-search",
    "agreement-choose",
)


@dataclass(frozen=True)
class World:
    """One app over its own copy of the prepared data."""

    app: Flask
    database: Database
    numbers: dict[str, int]


def prepare(demo: Path, path: Path) -> dict[str, int]:
    """Make, from the demonstration's file, one with a return in each state; answers their numbers."""
    shutil.copy(demo, path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    police = person(database, "police")
    quarter = {"draft": "2008-09-q3", "ready": "2008-09-q3", "submitted": "2008-09-q3", "verified": "2008-09-q2"}
    numbers = {row: returns.find_return(database, police, quarter[row], code) for row, code in ROWS.items()}
    for row in ("draft", "ready", "submitted"):
        returns.save(database, police, numbers[row], None, Typed(value="2", commentary="police words"))
    returns.submit(database, police, numbers["submitted"], None)
    lcc = person(database, "lcc")  # something that is verified, so that publishing has something to publish
    homes = returns.find_return(database, lcc, "2008-09-q3", "NI 154")
    returns.save(database, lcc, homes, None, Typed(value="700"))
    returns.submit(database, lcc, homes, None)
    review.verify(database, person(database, "team2"), homes, None)
    numbers["signed up"] = returns.find_return(database, lcc, "2008-09-q3", SIGNED_UP)
    returns.save(database, lcc, numbers["signed up"], None, Typed(value="60"))
    returns.submit(database, lcc, numbers["signed up"], None)
    conversation.challenge(database, person(database, "executive"), numbers["verified"], "Why so high?")
    concurrence.dissent(database, police, numbers["signed up"], None, "Our survey says otherwise.")
    people.set_disabled(database, OPERATOR, DISABLED, disabled=True)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return numbers


def opened(prepared: Path, copy: Path, numbers: dict[str, int]) -> World:
    """An app over a copy of the prepared file."""
    shutil.copy(prepared, copy)
    database = Database(f"sqlite:///{copy}", Clock(TODAY))
    return World(create_app(settings(), database), database, numbers)


def state_of(database: Database) -> str:
    """A fingerprint of everything that a person could have changed."""
    digest = hashlib.sha256()
    with database.read(OPERATOR) as session:
        for name in sorted(Base.metadata.tables.keys() - OTHERWISE):
            # As text: making dates and figures of it takes ten times as long.
            digest.update(repr((name, session.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2")).all())).encode())
    return digest.hexdigest()


def honest_body(world: World, name: str, number: int = 0, message: int = 1) -> dict[str, Any]:
    """What the page would send for a callback, about the return with this number: its present version, and answers
    that may be saved. A callback that needs other values gets them here."""
    if name.endswith("_account"):
        target = DISABLED if name == "enable_account" else "nhs@portal.example"
        return wire.body(world.app, name, {"disable": 1, "enable": 1}, {"person": target})
    with world.database.read(OPERATOR) as session:
        version = session.execute(text("SELECT version FROM returns WHERE id = :id"), {"id": number}).scalar()
    values = {
        "address.pathname": "/",
        "address.search": "",
        "version": version,
        "figure": "1.9",
        "commentary": "other words",
        "question": "Is this right?",
        "reopen-text": "It left out some data.",
        "challenge-text": "Why is it rising?",
        "answer": "Because of the weather.",
        "concurrence-text": "Our own words.",
        "chosen": {number: [f"{number}:{version}"]},
        "partner": "police",
        "until": "2009-02-20",
        "reason": "A new analyst.",
        "measure": "NI 16",
        "released": "2009-02-20",
        "agreement-shown": LEICESTER,
        "agreement-choice": LEICESTER,
        **dict.fromkeys(BUTTONS, 1),
    }
    period = "2008-09-q4" if name == "open_period" else "2008-09-q3"
    return wire.body(world.app, name, values, {"return": number, "message": message, "period": period})
