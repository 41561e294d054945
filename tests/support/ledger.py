"""People who save, submit and take back returns without rest, and the ledger of what the portal acknowledged."""

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import uuid4

from flask import Flask
from sqlalchemy import select

from models.people import Person
from models.returns import Return
from models.rules.codes import period_key
from portal.actor import OPERATOR
from portal.app import create_app
from portal.database import Database
from portal.records.return_names import subject
from portal.services import sessions
from tests.conftest import settings, sign_in
from tests.support import wire
from tests.support.rig import ask

PERIOD, LEAD = "2008-09-q3", "lcc"
REST = ("NI 65", "NI 118", "NI 154", "NI 167", "NI 175")
DASH = ("NI 186", "NI 188", "NI 125")
REST_BETWEEN = 0.02
"""Seconds that a client waits between two changes, so that there is time left for the portal to come back."""
SAVES = 3
"""So many saves between two submits."""


class Write(NamedTuple):
    """One change that was asked for: of which return, by which action, and the mark that it must have left."""

    subject: str
    action: str
    mark: str


@dataclass
class Ledger:
    """What was asked for and what was acknowledged, by all clients."""

    attempted: set[Write] = field(default_factory=set)
    acknowledged: set[Write] = field(default_factory=set)
    unknown: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    slowest: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def attempt(self, write: Write) -> None:
        with self._lock:
            self.attempted.add(write)

    def note(self, write: Write, status: int, seconds: float) -> None:
        with self._lock:
            if 200 <= status < 300:
                self.acknowledged.add(write)
                self.slowest = max(self.slowest, seconds)
                return
            self.unknown += 1
            name = f"{write.action} {status or 'no answer'}"
            self.refused[name] = self.refused.get(name, 0) + 1

    def acked(self) -> set[Write]:
        with self._lock:
            return set(self.acknowledged)


class Crowd:
    """One client to a return, in a thread each: five by the API, three by the callbacks of the pages."""

    def __init__(self, database: Database, port: int) -> None:
        self.ledger, self._port, self._stop = Ledger(), port, threading.Event()
        self.odd: list[str] = []
        """Answers that no fault explains."""
        app = create_app(settings(), database)
        lead = sessions.issue_token(database, OPERATOR, f"{LEAD}@portal.example", name="k", scope="write", days=1)
        team = sessions.issue_token(database, OPERATOR, "team2@portal.example", name="k", scope="write", days=1)
        with database.read(OPERATOR) as session:
            found = {row.measure.code: (row.id, subject(row)) for row in _returns(session)}
        self._threads = []
        for number, code in enumerate((*REST, *DASH)):
            one = One(self, code, *found[code], tokens=(lead, team), seed=number)
            browser = Browser(app) if code in DASH else None
            self._threads.append(threading.Thread(target=one.live, args=(browser,), daemon=True))
        self.subjects = {found[code][1]: found[code][0] for code in (*REST, *DASH)}

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(30)

    @property
    def port(self) -> int:
        return self._port

    @property
    def over(self) -> bool:
        return self._stop.is_set()


def _returns(session: Any) -> list[Return]:
    own = select(Return).join(Person, Person.organisation_id == Return.organisation_id)
    rows = session.scalars(own.where(Person.email == f"{LEAD}@portal.example")).unique().all()
    return [row for row in rows if period_key(PERIOD) == row.period.key]


class Browser:
    """What a signed-in browser holds: the session's cookie, and the token of its pages."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        client = sign_in(app, LEAD)
        token = wire.token(app, client)
        name = app.config["SESSION_COOKIE_NAME"]
        cookie = client.get_cookie(name)
        assert cookie is not None
        self.headers = {"Cookie": f"{name}={cookie.value}", "X-CSRFToken": token}


class One:
    """One client: it looks where its return stands, and does what can be done next."""

    def __init__(self, crowd: Crowd, code: str, number: int, name: str, tokens: tuple[str, str], seed: int) -> None:
        self._crowd, self._number, self._name = crowd, number, name
        self._lead, self._team = ({"Authorization": f"Bearer {token}"} for token in tokens)
        self._path = f"/api/v1/returns/{PERIOD}/{code.lower().replace(' ', '-')}"
        self._chance = random.Random(seed)
        self._count = self._saved = 0
        self._mark = ""

    def live(self, browser: Browser | None) -> None:
        while not self._crowd.over:
            status, view = ask(self._crowd.port, "GET", self._path, self._lead)
            if status != 200:
                time.sleep(0.05)
                continue
            self._step(view, browser)
            time.sleep(REST_BETWEEN)

    def _step(self, view: Any, browser: Browser | None) -> None:
        if view["state"] in ("submitted", "verified"):
            self._saved = 0
            self._take_back(view, browser)
        elif self._saved >= SAVES and view["commentary"] == self._mark:
            self._submit(view, browser)
        else:
            self._save(view, browser)

    def _save(self, view: Any, browser: Browser | None) -> None:
        self._count += 1
        self._mark = f"{self._name}, {self._count}: {uuid4().hex}"
        figure = str(self._chance.randrange(1, 9900) / 100)
        write = Write(self._name, "return:edit", self._mark)
        if browser:
            values = {"figure": figure, "commentary": self._mark}
            done = self._send(write, *self._callback(browser, "save_draft", view, values))
        else:
            body = {"value": figure, "commentary": self._mark}
            done = self._send(write, "PUT", self._path, self._lead, body)
        self._saved += done

    def _submit(self, view: Any, browser: Browser | None) -> None:
        write = Write(self._name, "return:submit", self._mark)
        if browser:
            self._send(write, *self._callback(browser, "submit_return", view, {"explanation": "It is so."}))
            return
        headers = {**self._lead, "Idempotency-Key": uuid4().hex}
        sent = ("POST", f"{self._path}/submit", headers, {"explanation": "It is so."})
        if self._send(write, *sent) and self._chance.random() < 0.3:
            status, again = ask(self._crowd.port, *sent)  # the same request again is the same answer, or nobody's fault
            if status == 200 and again["state"] != "submitted":
                self._crowd.odd.append(f"a repeated submit was answered {again}")

    def _take_back(self, view: Any, browser: Browser | None) -> None:
        if browser:
            write = Write(self._name, "return:withdraw", str(view["revision"]))
            self._send(write, *self._callback(browser, "withdraw_return", view, {}))
            return
        reason = f"{self._name}: {uuid4().hex}"
        write = Write(self._name, "return:query", reason)
        headers = {**self._team, "Idempotency-Key": uuid4().hex}
        self._send(write, "POST", f"{self._path}/query", headers, {"reason": reason})

    def _callback(self, browser: Browser, name: str, view: Any, values: dict[str, Any]) -> tuple[str, str, Any, Any]:
        values = {"version": view["version"], "save": 1, "submit": 1, "withdraw": 1, **values}
        return "POST", wire.ADDRESS, browser.headers, wire.body(browser.app, name, values, {"return": self._number})

    def _send(self, write: Write, method: str, path: str, headers: dict[str, str], body: Any) -> bool:
        """Ask for a change and note what came of it; whether it was acknowledged."""
        self._crowd.ledger.attempt(write)
        began = time.monotonic()
        status, answer = ask(self._crowd.port, method, path, headers, body)
        if path == wire.ADDRESS and status == 200 and not _told_done(answer):
            status = 299  # a notice that says why not
        seconds = time.monotonic() - began
        self._crowd.ledger.note(write, status if status != 299 else 409, seconds)
        if status not in (0, 200, 299, 409, 503):
            self._crowd.odd.append(f"{method} {path} was answered {status}: {answer}")
        return status == 200


def _told_done(answer: Any) -> bool:
    """Whether a callback's answer says that it was done: it leads on, or says that the draft is saved."""
    said = str(answer)
    return "Draft saved" in said or "'href':" in said
