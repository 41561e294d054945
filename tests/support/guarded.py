"""A world with a secret in every partner's return of each state, and the judge of whatever is answered and written
there: what may be known of whom, and what may be changed by whom, said once more than in the policy."""

import base64
import gzip
import re
import sqlite3
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from models.agreement import Period
from models.base import Base
from models.people import Organisation
from models.returns import Return
from models.rules.terms import Role
from portal import audit
from portal.actor import OPERATOR, Actor, public
from portal.database import Database
from portal.errors import Invalid
from portal.policy import GRANTS, PARTNERS, Action
from portal.reach import signed_up
from portal.services import periods, returns, review
from portal.viewmodels.returns import Typed
from tests.conftest import person, sign_in
from tests.support import wire
from tests.support.canaries import text_of
from tests.support.crafted import JSON, encoded
from tests.support.fuzzed_posts import Fuzzed, Source
from tests.support.publishing import prepare_anew
from tests.support.worlds import LATE, OTHERWISE, World

QUARTER, NAME = LATE, "2008/09 Q1"
STATES = ("draft", "typed", "submitted", "queried", "verified")
DIGITS = "73519"
WORD, FIGURE = re.compile(r"canary(\d{4})qz"), re.compile(rf"{DIGITS}(\d{{4}})")
SQUEEZED = re.compile(r"[\s,.\u202f\u00a0]|\\u202f|\\u00a0")
ENCODED = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")
BDATA = re.compile(r'"bdata":\s*"([^"]+)"')
NEVER = (
    "Traceback (most recent call last)",
    'File "/',
    "$argon2",
    "sqlalchemy.",
    "sqlite3.",
    "kkkkkkkkkk",
    "token_hash",
)
"""What no answer may hold, whoever asks."""
SUPPRESSION = {"suppression:set": Action.EDITION_PUBLISH}
"""Actions in the trail that are parts of another."""
READING = {action for action in Action if action.endswith((":read", ":open"))}
Row = dict[str, Any]
Rows = dict[str, dict[Any, Row]]


@dataclass(frozen=True)
class Secret:
    """What is written in one return: by which organisation, in which state."""

    number: int
    return_id: int
    organisation_id: int
    state: str

    def hidden_from(self, actor: Actor, signed: frozenset[tuple[int, int]]) -> bool:
        """Whether this person may not read it: `signed` are the organisations and the returns that wait for their
        word. What is typed and not saved is its typist's alone, and so hidden from all others; a draft is its own
        side's; what was submitted is the team's too; what is verified all may read who read returns."""
        own = actor.role in PARTNERS and actor.organisation_id == self.organisation_id
        if self.state == "typed":
            return not (own and actor.role is Role.LEAD)
        if own:
            return False
        if self.state == "verified":
            return actor.role in (None, Role.ADMIN)  # Government Office reads them in the annual review
        if actor.role is Role.TEAM:
            return self.state == "draft"
        asked = actor.role is Role.LEAD and (actor.organisation_id, self.return_id) in signed
        return not (asked and self.state == "submitted")


def hide(database: Database, most: int = 60) -> list[Secret]:
    """Write a secret text and figure into one return after the other of a quarter that nobody else uses, each
    partner's in each state as far as they go."""
    team = person(database, "team")
    periods.open_for_returns(database, OPERATOR, QUARTER)
    with database.read(OPERATOR) as session:
        query = (
            select(Return.id, Organisation.id, Organisation.key)
            .join(Organisation, Return.organisation_id == Organisation.id)
            .join(Period, Return.period_id == Period.id)
            .where(Period.key == NAME)
            .order_by(Return.id)
        )
        rows = session.execute(query).all()
    found: list[Secret] = []
    turns: dict[int, int] = {}
    for number, (return_id, organisation_id, key) in enumerate(rows[:most]):
        lead = person(database, key)
        turn = turns[organisation_id] = turns.get(organisation_id, number % len(STATES)) + 1
        state = STATES[turn % len(STATES)]
        if not _written(database, lead, return_id, number, state):
            continue
        if state in ("submitted", "queried", "verified"):
            returns.submit(database, lead, return_id, None, f"canary{number:04}qz")
        if state == "queried":
            review.query(database, team, return_id, None, f"canary{number:04}qz")
        if state == "verified":
            review.verify(database, team, return_id, None)
        found.append(Secret(number, return_id, organisation_id, state))
    prepare_anew(database)  # other figures are verified by now
    return found


def _written(database: Database, lead: Actor, return_id: int, number: int, state: str) -> bool:
    words = f"Said in private: canary{number:04}qz."
    for figure in (f"43.{DIGITS}{number:04}", f"{DIGITS}{number:04}", ""):
        typed = Typed(value=figure, commentary=words, no_value_reason="" if figure else "no_survey_this_year")
        try:
            if state == "typed":
                returns.keep_typed(database, lead, return_id, 1, typed)
            else:
                returns.save(database, lead, return_id, None, typed)
        except Invalid:
            continue
        return True
    return False


def texts(answer: TestResponse) -> Iterator[str]:
    """All that an answer says, unpacked: its headers, its body, what in it is encoded."""
    data = answer.data
    kind = answer.headers.get("Content-Encoding", "")
    if kind == "gzip":
        data = gzip.decompress(data)
    body = text_of(answer.content_type or "", data)
    yield f"{answer.headers}\n{body}"
    for packed in BDATA.findall(body):
        yield from _numbers(base64.b64decode(packed.replace("\\u002f", "/")))
    for packed in ENCODED.findall(body.replace("\\u002f", "/")):
        try:
            found = base64.b64decode(packed, validate=True)
        except ValueError:
            continue
        yield text_of("", found)
        if found.startswith((b"\x1f\x8b", b"\x78")):
            try:
                yield zlib.decompress(found, 47).decode("utf-8", "replace")
            except zlib.error:
                continue


def _numbers(data: bytes) -> Iterator[str]:
    """What an array of plotly's holds, whichever of its types it is."""
    for kind in "dfiq":
        size = struct.calcsize(kind)
        yield " ".join(map(repr, struct.unpack(f"<{len(data) // size}{kind}", data[: len(data) // size * size])))


def secrets_in(answer: TestResponse) -> set[int]:
    """The numbers of the secrets that are in an answer, as text or as a figure."""
    found: set[int] = set()
    for text in texts(answer):
        found |= {int(number) for number in WORD.findall(text)}
        if DIGITS[:2] in text:
            found |= {int(number) for number in FIGURE.findall(SQUEEZED.sub("", text))}
    return found


@dataclass
class Guarded:
    """The world, everybody's browser before it, and what is put back after every write."""

    world: World
    whos: dict[str, str | None]
    secrets: list[Secret]
    may_write: dict[str, set[str]] = field(default_factory=dict)
    """The tables that honest posts write, by the action that the trail then names."""

    def __post_init__(self) -> None:
        base = self.world.database
        self.actors = {who: public("") if key is None else person(base, key) for who, key in self.whos.items()}
        self.clients = {who: sign_in(self.world.app, key) for who, key in self.whos.items()}
        self.tokens = {who: wire.token(self.world.app, client) for who, client in self.clients.items()}
        self.public = self.world.app.test_client()
        with base.read(OPERATOR) as session:
            organisations = session.scalars(select(Organisation.id)).all()
            self.signed = frozenset(
                (one, row)
                for one in organisations
                for row in session.scalars(select(Return.id).join(Period).where(signed_up(one)))
            )
        self.hidden = {
            who: {s.number for s in self.secrets if s.hidden_from(actor, self.signed)}
            for who, actor in self.actors.items()
        }
        self.file = sqlite3.connect(str(base.engine.url.database))
        self.kept = sqlite3.connect(":memory:")
        self.looked = 0
        self.keep()
        self.shown = self.in_public()

    def keep(self) -> None:
        """From now on this is what the database is put back to."""
        self.file.backup(self.kept)
        self.rows, self.writes = self.read(), self.count()

    def count(self) -> int:
        """Another number after every write of anybody else: SQLite counts them."""
        found: int = self.file.execute("PRAGMA data_version").fetchone()[0]
        return found

    def read(self) -> Rows:
        """All rows by their keys, but when somebody was last seen."""
        found: Rows = {}
        for name in sorted(Base.metadata.tables.keys() - (OTHERWISE - {"audit_event"})):
            table = Base.metadata.tables[name]
            names = [column.name for column in table.columns]
            keys = [names.index(column.name) for column in table.primary_key.columns]
            listed = ", ".join(f'"{one}"' for one in names)
            rows = self.file.execute(f"SELECT {listed} FROM {name}").fetchall()
            found[name] = {tuple(row[i] for i in keys): dict(zip(names, row, strict=True)) for row in rows}
        return found

    def in_public(self) -> tuple[bytes, ...]:
        """What everybody reads."""
        return tuple(self.public.get(path).data for path in ("/", "/editions/1.json", "/api/v1/scorecard"))

    def put_back(self) -> None:
        """As if nothing had been sent."""
        self.kept.backup(self.file)
        self.writes = self.count()
        self.world.database.commits += 1

    def send(self, case: Fuzzed) -> TestResponse:
        """One request as its sender's browser would carry it."""
        token = {"own": self.tokens[case.who], "none": "", "wrong": "x" * 40}.get(case.token)
        if token is None:
            token = next(held for who, held in self.tokens.items() if who != case.who)
        headers = ({"X-CSRFToken": token} if token else {}) | case.headers
        return self.clients[case.who].open(
            case.path, method=case.method, data=case.data, content_type=case.content_type, headers=headers
        )

    def verdict(self, case: Fuzzed) -> tuple[int, list[str]]:
        """Send it; its status, and everything that is wrong with the answer and with what was written."""
        try:
            answer = self.send(case)
        except Exception as error:
            self.put_back()
            return 0, [f"{type(error).__name__} came out of the app: {error}"[:200]]
        status, wrong = answer.status_code, []
        if status >= 500:
            wrong.append(f"status {status}")
        if told := secrets_in(answer) & self.hidden[case.who]:
            wrong.append(f"shows {[s for s in self.secrets if s.number in told][:3]}")
        said = answer.data.decode("utf-8", "replace")
        wrong += [f"says {never!r}" for never in NEVER if never in said]
        if self.actors[case.who].role is None and "@portal.example" in said:
            wrong.append("shows an e-mail address to the public")
        if self.count() != self.writes:
            wrong += self.after_write(case, status)
        answer.close()
        return status, wrong

    def after_write(self, case: Fuzzed, status: int) -> list[str]:
        """What is wrong with what was written; it is put back."""
        now = self.read()
        changed = {name: _changed(self.rows[name], now[name]) for name in now}
        changed = {name: rows for name, rows in changed.items() if rows}
        if not changed:
            self.keep()  # only that somebody was seen
            return []
        actor, events = self.actors[case.who], [after for _, after in changed.pop("audit_event", []) if after]
        wrong = []
        if 400 <= status < 500:
            wrong.append(f"{status}, but {sorted(changed)} were written")
        wrong += self.not_theirs(actor, changed, events)
        self.looked += 1
        if self.looked % 5 == 1:
            with self.world.database.read(OPERATOR) as session:
                wrong += filter(None, [audit.first_break(session)])
            if Action.EDITION_PUBLISH not in GRANTS[actor.role] and self.in_public() != self.shown:
                wrong.append("what everybody reads has changed")
        self.put_back()
        return wrong

    def not_theirs(self, actor: Actor, changed: dict[str, list[Any]], events: list[Row]) -> list[str]:
        """What of the changes is not this person's to make, or not in the trail as theirs."""
        held, wrong = GRANTS[actor.role], []
        for event in events:
            if event["person_id"] != actor.person_id or actor.person_id is None:
                wrong.append(f"{event['action']} is in the trail as somebody else's")
            if SUPPRESSION.get(event["action"], event["action"]) not in held:
                wrong.append(f"{event['action']} of {event['subject']} by {actor.role}")
        named = {event["action"] for event in events}
        known = set().union(*(self.may_write.get(one, set()) for one in named | {""}))
        unsaid = changed.keys() - known if self.may_write else ()
        wrong += [f"{table} was changed, of which {sorted(named) or 'nothing'} says nothing" for table in unsaid]
        for table, rows in changed.items():
            if said := self.of_others(actor, table, rows, named):
                wrong.append(said)
        return wrong

    def of_others(self, actor: Actor, table: str, rows: list[Any], named: set[str]) -> str:
        """A sentence on the first changed row that is another side's; '' where there is none."""
        for before, after in rows:
            row = before or after
            number = row.get("return_id", row["id"] if table == "returns" else None)
            one = self.rows["returns"].get((number,)) if number is not None else None
            if one is None:
                continue
            own = actor.role in PARTNERS and one["organisation_id"] == actor.organisation_id
            if actor.role is Role.TEAM:
                own = one["organisation_id"] is None or one["revision"] > 0
            told = before is None and row.get("person_id") == actor.person_id and table == "return_message"
            spoke = told or (table == "return_message" and Action.RETURN_COUNTERSIGN in named)
            asked = (actor.organisation_id, number) in self.signed or actor.role is Role.EXECUTIVE
            chased = told and actor.role is Role.TEAM and named == {Action.PERIOD_MANAGE}  # of whoever has not returned
            opened = table == "return_step" and named == {Action.PERIOD_MANAGE} and actor.role is Role.TEAM
            if not (own or (spoke and asked) or chased or opened):
                return f"{table} of return {number}, which is not {actor.role}'s"
        return ""

    def learn_from(self, case: Fuzzed, wrong: list[str]) -> None:
        """Note what an honest post has written, and put it back."""
        if self.count() == self.writes:
            return
        now = self.read()
        changed = {name for name in now if now[name] != self.rows[name]} - {"audit_event"}
        new = now["audit_event"].keys() - self.rows["audit_event"].keys()
        events = [now["audit_event"][key] for key in new]
        wrong += [f"{case}: {said}" for said in self.not_theirs(self.actors[case.who], {}, events)]
        for action in {event["action"] for event in events} or {""}:
            self.may_write.setdefault(action, set()).update(changed)
        self.put_back()

    def close(self) -> None:
        """Let go of the files."""
        self.file.close()
        self.kept.close()
        self.world.database.dispose()


def _changed(before: dict[Any, Row], after: dict[Any, Row]) -> list[tuple[Row | None, Row | None]]:
    keys: Iterable[Any] = before.keys() | after.keys() if before != after else ()
    return [(before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)]


def learn(guarded: Guarded, source: Source) -> tuple[set[str], list[str]]:
    """Send every callback's honest body by each who holds its action, about every return, and learn which tables each
    action writes; answers the callbacks that were answered, and what is wrong all the same. What is one's own to write
    beside the trail is under no action."""
    done: set[str] = set()
    wrong: list[str] = []
    for door, access in source.doors.items():
        bodies = dict.fromkeys(encoded(source.honest(door, number)) for number in source.numbers)
        for who in (who for who, actor in guarded.actors.items() if access in GRANTS[actor.role]):
            for data in bodies:
                case = Fuzzed(-1, who, door, (), "POST", wire.ADDRESS, data, JSON, {})
                answer = guarded.send(case)
                guarded.learn_from(case, wrong)
                if answer.status_code == 200 and "There is a problem" not in answer.text:
                    done.add(door)
                    if access in READING:
                        break
    return done, wrong
