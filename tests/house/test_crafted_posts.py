"""Crafted posts to every callback of the live app, by four people, against the police's draft: none is a mistake of
ours, none changes what is not its sender's, none shows a word that its sender may not read."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models.base import Base
from models.rules.terms import Message, State
from portal.actor import OPERATOR, Actor, public
from portal.policy import may
from portal.services import periods, returns, review
from portal.services.desk import desk
from portal.viewmodels.returns import Typed
from portal.web.guard import check_body, read_json
from portal.web.registry import Door
from tests.conftest import person, sign_in
from tests.support import wire
from tests.support.crafted import Crafted, crafted
from tests.support.publishing import prepare_anew
from tests.support.worlds import LATE, OTHERWISE, World, honest_body, opened

WORDS = {
    "commentary": "canary-in-the-commentary",
    "typed": "canary-in-what-is-typed",
    "query": "canary-in-the-query",
    "figure": "31415.92653",
    "aside": "canary-in-what-was-asked",
    "judgement": "canary-in-what-is-proposed",
    "nhs": "canary-of-the-nhs",
}
"""What is in the police's draft, in what its lead has typed over it, and in the team's query on it; in a query on a
return that is verified, which everybody may read without it; in the reason for another rating, in that draft too; and
in a draft of the NHS."""
HIDDEN = {
    "anonymous": WORDS,
    "nhs": WORDS.keys() - {"nhs"},
    "police.contributor": {"typed", "nhs"},  # what is typed and not saved is its typist's alone
    "executive": WORDS,
}
OWN = "the page's own"
EVERYTHING = bool(os.environ.get("CRAFTED"))
"""Whether each person sends all of it: minutes, behind `make crafted`."""
BEFORE = {"start_refresh": "leave_refresh", "prepare_publication": "leave_publication"}
"""What must be done first for a callback to have something to do."""
WITH_THE_PARTNER = {State.NOT_STARTED, State.DRAFT, State.QUERIED}
Row = dict[str, Any]
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass
class Trial:
    """One person's browser before one app, whose database is put back after every write."""

    world: World
    who: str
    known: list[object]
    query: int
    actor: Actor = field(init=False)
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        nobody = self.who == "anonymous"
        self.actor = public("") if nobody else person(self.world.database, self.who)
        self.client = sign_in(self.world.app, None if nobody else self.who)
        self.token = wire.token(self.world.app, self.client)
        self.file = sqlite3.connect(str(self.world.database.engine.url.database))
        self.kept = sqlite3.connect(":memory:")
        self.keep()

    def keep(self) -> None:
        """From now on this is what the database is put back to."""
        self.file.backup(self.kept)
        self.rows, self.writes = self.read(), self.count()

    def count(self) -> int:
        """Another number after every write of anybody else: SQLite counts them."""
        found: int = self.file.execute("PRAGMA data_version").fetchone()[0]
        return found

    def read(self) -> Rows:
        """Everything but when somebody was last seen."""
        tables = sorted(Base.metadata.tables.keys() - {"sign_in"})
        # Columns by name: a migration adds its own at a table's end.
        return {
            name: self.file.execute(f"SELECT {_columns(name)} FROM {name} ORDER BY 1, 2").fetchall() for name in tables
        }

    def send(self, sent: Crafted) -> TestResponse:
        return self.client.open(
            wire.ADDRESS,
            method=sent.method,
            data=sent.data,
            content_type=sent.content_type,
            headers={"X-CSRFToken": self.token} if sent.token else {},
            query_string=sent.query,
        )

    def changed(self) -> bool:
        """Whether anything was written since the last look. What was is put back; if it was not the person's to
        write, AssertionError."""
        if self.count() == self.writes:
            return False
        now = self.read()
        if now == self.rows:
            self.keep()
            return False
        self.kept.backup(self.file)
        self.writes = self.count()
        for table in now.keys() - OTHERWISE:
            if now[table] != self.rows[table] and self.left(table, now) != self.left(table, self.rows):
                raise AssertionError(f"{table} was changed")
        return True

    def left(self, table: str, rows: Rows) -> list[dict[str, Any]]:
        """What of a table this person may not honestly write."""
        returned = named("returns", rows)
        mine = self.actor.organisation_id
        own = {row["id"] for row in returned if row["organisation_id"] == mine is not None}
        verified = {row["id"] for row in returned if row["verified_revision"] is not None}
        return [left for row in named(table, rows) if (left := self.not_theirs(table, row, own, verified))]

    def not_theirs(self, table: str, row: Row, own: set[int], verified: set[int]) -> Row | None:
        mine = row.get("person_id") == self.actor.person_id is not None
        lead = self.actor.role == "lead"
        if table == "job" and mine:
            return None  # that they asked for a pack; what it can be about tests/portal/services/test_packs.py holds
        if table == "returns" and row["id"] in own:
            fixed = {name: row[name] for name in ("id", "period_id", "measure_id", "organisation_id")}
            return fixed if lead else fixed | {"revision": row["revision"], "whose": row["state"] in WITH_THE_PARTNER}
        if table == "reminder_choice" and mine:
            return None
        if table == "return_step" and row["return_id"] in own:
            return None if lead or row["state"] in WITH_THE_PARTNER else row
        if table == "return_message" and row["return_id"] in own:
            return None if mine else row | {"closed_at": None}
        if table == "return_message" and mine and self.actor.role == "executive":
            return None if row["kind"] == Message.CHALLENGE and row["return_id"] in verified else row
        return None if row.get("return_id") in own and (lead or (mine and table == "typed_draft")) else row


def _columns(table: str) -> str:
    return ", ".join(f'"{column.name}"' for column in Base.metadata.tables[table].columns)


def named(table: str, rows: Rows) -> list[Row]:
    columns = [column.name for column in Base.metadata.tables[table].columns]
    return [dict(zip(columns, row, strict=True)) for row in rows[table]]


@pytest.fixture
def trial_of(prepared: tuple[Path, dict[str, int]], tmp_path: Path) -> Iterator[Callable[[str], Trial]]:
    """A maker of trials, each with the secret words in drafts."""
    path, numbers = prepared
    made: list[Trial] = []

    def make(who: str) -> Trial:
        world = opened(path, tmp_path / f"{len(made)}.sqlite", numbers)
        base = world.database
        police, nhs, team = (person(base, key) for key in ("police", "nhs", "team"))
        secret = numbers["draft"]
        returns.submit(base, police, secret, None)
        review.query(base, team, secret, None, WORDS["query"])
        query = returns.read_return(base, police, secret).messages[-1].id
        typed = Typed(WORDS["figure"], commentary=WORDS["commentary"], proposed_rating="better")
        draft = returns.save(base, police, secret, None, replace(typed, proposed_reason=WORDS["judgement"]))
        returns.keep_typed(base, police, secret, draft.version, Typed(value="1", commentary=WORDS["typed"]))
        returns.submit(base, police, numbers["ready"], None)
        review.query(base, team, numbers["ready"], None, WORDS["aside"])
        returns.save(base, police, numbers["ready"], None, Typed(value="2.1"))
        returns.submit(base, police, numbers["ready"], None)
        review.verify(base, team, numbers["ready"], None)
        other = desk(base, nhs).tasks[0].id
        returns.save(base, nhs, other, None, Typed(commentary=WORDS["nhs"]))
        periods.open_for_returns(base, OPERATOR, LATE)
        prepare_anew(base)  # other figures are verified by now
        made.append(Trial(world, who, [secret, numbers["ready"], other, query, "police@portal.example"], query))
        return made[-1]

    yield make
    for trial in made:
        trial.file.close()
        trial.kept.close()
        trial.world.database.dispose()


def doors_of(world: World) -> list[Door]:
    """The callbacks that Dash itself holds and runs here, whoever registered them."""
    portal = world.app.extensions["portal"]
    held = portal["dash"].callback_map
    return [door for output, door in portal["callbacks"].doors.items() if "callback" in held[output]]


def shown(answer: TestResponse) -> set[str]:
    """Which of the secret words are in an answer, its headers included."""
    said = f"{answer.headers}\n{answer.get_data(as_text=True)}"
    plain = said.replace("\\n", "\n").replace(",", "")
    return {name for name, word in WORDS.items() if word in said or word in plain}


def verdict(trial: Trial, answer: TestResponse) -> str | None:
    """What is wrong with an answer, and with the database after it; None when nothing is."""
    status = answer.status_code
    refused = 400 <= status < 500
    try:
        changed = trial.changed()
    except AssertionError as error:
        return f"{status}, and {str(error).splitlines()[0]}"
    if not refused and status not in (200, 204):
        return f"{status}"
    if not refused and trial.who == "anonymous" and answer.request.method != "OPTIONS":
        return f"{status} for nobody"
    if refused and changed:
        return f"{status}, but something was written"
    if told := shown(answer) & set(HIDDEN[trial.who]):
        return f"{status}, and shows {told}"
    return None


def is_no_pages(world: World, sent: Crafted) -> bool:
    """Whether the guard refuses it before anybody is asked who they are."""
    try:
        check_body(read_json(sent.data), world.app.extensions["portal"]["dash"].callback_map)
    except ValueError:
        return True
    return False


@pytest.mark.parametrize("who", HIDDEN)
def test_no_crafted_post_shows_or_changes_what_is_not_its_senders(trial_of: Callable[[str], Trial], who: str) -> None:
    trial = trial_of(who)
    doors = doors_of(trial.world)
    outputs = list(trial.world.app.extensions["portal"]["callbacks"].doors)
    wrong, tried, turn = [], 0, list(HIDDEN).index(who)
    for door in doors:
        body = honest_body(trial.world, door.name, trial.world.numbers["draft"], trial.query)
        for i, sent in enumerate((Crafted(OWN, body), *crafted(body, trial.known, outputs))):
            tried += 1
            mine = i % len(HIDDEN) == turn or sent.name == OWN
            if not mine and not (may(trial.actor, door.access) and (sent.reaches or EVERYTHING)):
                continue  # the people take turns with what is as wrong whoever sends it
            if not mine and is_no_pages(trial.world, sent):
                continue  # refused before anybody is asked who they are
            if said := verdict(trial, trial.send(sent)):
                wrong.append(f"{door.name}: {sent.name}: {said}")
    assert wrong[:20] == []
    assert tried > 300 * len(doors), "the crafting has lost its variety"


def test_every_callback_has_an_honest_body_that_somebody_may_send(trial_of: Callable[[str], Trial]) -> None:
    """Or crafting it would prove nothing: whatever was sent would have been refused anyway."""
    trials = [trial_of(key) for key in ("police", "team", "team2", "admin", "executive")]
    doors = doors_of(trials[0].world)
    unanswered = {door.name for door in doors}
    for trial in trials:
        for name in sorted(unanswered & {door.name for door in doors if may(trial.actor, door.access)}):
            for row, number in trial.world.numbers.items():
                message = trial.query if row == "draft" else 1
                if name in BEFORE:
                    trial.send(Crafted(OWN, honest_body(trial.world, BEFORE[name], number, message)))
                body = honest_body(trial.world, name, number, message)
                answer = trial.send(Crafted(OWN, body))
                trial.kept.backup(trial.file)
                if answer.status_code == 200 and "There is a problem" not in answer.text:
                    unanswered.discard(name)
                    break
    assert unanswered == set(), "give tests/support/worlds.py what the pages of these callbacks send"


def test_whoever_may_read_the_secret_words_is_shown_them(trial_of: Callable[[str], Trial]) -> None:
    """Or not finding them would prove nothing."""
    seen = {}
    for key in ("police", "police.contributor", "nhs"):
        trial = trial_of(key)
        found = set()
        for number in trial.known[:3]:
            body = honest_body(trial.world, "open_page")
            for item in body["inputs"]:
                item["value"] = f"/returns/{number}" if item["property"] == "pathname" else ""
            found |= shown(trial.send(Crafted(OWN, body)))
        seen[key] = found
    assert seen == {
        "police": {"typed", "query", "aside"},  # its form shows what it typed last
        "police.contributor": {"commentary", "figure", "query", "aside", "judgement"},
        "nhs": {"nhs"},
    }


def test_a_write_that_is_not_ones_own_is_noticed(trial_of: Callable[[str], Trial]) -> None:
    """And one's own is let pass: as the contributor of the police saves its draft, and as somebody else does."""
    trial = trial_of("police.contributor")
    body = honest_body(trial.world, "save_draft", trial.world.numbers["draft"])
    assert trial.send(Crafted(OWN, body)).status_code == 200
    assert trial.changed()
    assert not trial.changed()
    stranger = trial_of("nhs")
    base, secret = stranger.world.database, stranger.world.numbers["draft"]
    returns.save(base, person(base, "police"), secret, None, Typed(commentary="x"))
    with pytest.raises(AssertionError, match="was changed"):
        stranger.changed()
