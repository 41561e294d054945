"""Two hosts on one database, each with an app of its own: what is done on one holds on the other."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from models.jobs import Job
from models.kept import AddressCount, KeptPage
from models.rules.jobs import JobKind, JobState
from models.rules.packs import Asked, PackForm, PackKind
from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.errors import Unavailable
from portal.rest.limits import Addresses
from portal.services import jobs, kept, packs, review
from portal.services import returns as made
from portal.viewmodels.packs import Claimed, WentOn
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Typed
from portal.web import kept as web_kept
from portal.work import worker
from portal.work.worker import Worker
from tests.conftest import PASSWORD, TODAY, person, settings
from tests.support.publishing import publish

EVERYBODYS = "/api/v1/editions"


def elsewhere(database: Database) -> Database:
    """The same database as another host has it: with connections and counts of its own."""
    return Database(database.engine.url.render_as_string(hide_password=False), Clock(TODAY))


@pytest.fixture
def hosts(database: Database) -> Iterator[tuple[Flask, Flask]]:
    """Two apps that share nothing but a database and the secret key."""
    other = elsewhere(database)
    limited = settings().model_copy(update={"api_public_limit": 40})
    yield create_app(limited, database), create_app(limited, other)
    other.dispose()


def signed(client: FlaskClient, password: str = PASSWORD) -> TestResponse:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    assert found is not None
    return client.post(
        "/sign-in", data={"csrf_token": found[1], "email": "police@portal.example", "password": password}
    )


def test_a_session_begun_on_one_lives_and_ends_on_the_other(hosts: tuple[Flask, Flask]) -> None:
    here, there = (app.test_client() for app in hosts)
    assert signed(here).status_code == 303
    cookie = here.get_cookie("portal_session")
    assert cookie is not None
    there.set_cookie("portal_session", cookie.value)
    assert there.get("/returns").status_code == 200
    found = re.search(r'name="csrf_token" value="([^"]+)"', there.get("/password").text)
    assert found is not None
    assert there.post("/sign-out", data={"csrf_token": found[1]}).status_code in (302, 303)
    assert here.get("/returns").status_code == 302


def test_guesses_on_one_are_counted_on_the_other(hosts: tuple[Flask, Flask]) -> None:
    here, there = (app.test_client() for app in hosts)
    assert [signed(client, "wrong").status_code for client in (here, there) * 5] == [401] * 10
    assert [signed(client).status_code for client in (here, there)] == [429, 429]


def test_work_asked_for_on_one_is_done_by_the_other(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def make(database: Database, job: Claimed, went_on: WentOn) -> None:
        went_on(1, 1)
        actor = jobs.who_asked(database, job)
        packs.keep(database, actor, job, "2008/09 Q2", AsAt(TODAY), "f" * 64, {PackForm.PDF: b"%PDF"})

    monkeypatch.setattr(worker, "MAKE", {JobKind.PACK: make})
    other = elsewhere(database)
    number = packs.ask(database, person(database, "nhs"), Asked(PackKind.PARTNER, "nhs", "2008-09-q2", (PackForm.PDF,)))
    assert Worker(other).once()
    with database.read(OPERATOR) as session:
        done = session.get_one(Job, number)
        assert (done.state, done.pack_id is not None) == (JobState.DONE, True)
    other.dispose()


def test_what_one_publishes_the_other_serves(
    hosts: tuple[Flask, Flask], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = (app.test_client() for app in hosts)
    before = there.get("/").data
    assert here.get("/").data == before
    number = made.find_return(database, person(database, "police"), "2008-09-q3", "NI 20")
    made.save(database, person(database, "police"), number, None, Typed(value="0.87"))
    made.submit(database, person(database, "police"), number, None)
    review.verify(database, person(database, "team"), number, None)
    publish(database, person(database, "team"))
    ahead = web_kept.time.monotonic() + web_kept.LOOK_AFTER
    monkeypatch.setattr(web_kept.time, "monotonic", lambda: ahead)
    after = there.get("/").data
    assert after != before
    assert here.get("/").data == after


def test_a_page_is_made_by_one_and_taken_by_the_other(
    hosts: tuple[Flask, Flask], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL; on SQLite each process makes its own."""
    here, there = (app.test_client() for app in hosts)
    first = here.get("/", headers={"Accept-Encoding": "br"})
    shares = kept.shares_pages(database)
    if shares:
        monkeypatch.setattr("portal.public.scorecard.render_template", None)  # whoever made one now would fail
    for encoding in ("br", "gzip", ""):
        answer = there.get("/", headers={"Accept-Encoding": encoding})
        assert answer.status_code == 200
        if encoding == "br":
            assert (answer.data, answer.headers["ETag"]) == (first.data, first.headers["ETag"])
    with database.read(OPERATOR) as session:
        assert session.scalar(select(func.count()).select_from(KeptPage)) == int(shares)


@pytest.mark.parametrize("owned_database", ["postgres"], indirect=True, ids=["postgresql"])
def test_pages_of_old_states_and_of_other_programs_are_not_taken_and_go(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2009, 1, 20, tzinfo=UTC)
    monkeypatch.setattr(Clock, "now", lambda _: now)
    for state in ("old", "new"):
        kept.keep_page(database, state, "page", state.encode())
    kept.keep_page(database, "new", "page", b"another, at once")
    assert [kept.kept_page(database, state, "page") for state in ("old", "new", "x")] == [b"old", b"new", None]
    now += kept.OVER + timedelta(seconds=1)
    kept.keep_page(database, "new", "other", b"")
    assert [kept.kept_page(database, state, "page") for state in ("old", "new")] == [None, b"new"]
    monkeypatch.setattr(kept, "MOST", 2)
    kept.keep_page(database, "new", "third", b"")
    assert kept.kept_page(database, "new", "third") is None
    app = create_app(settings(), database)
    assert app.test_client().get("/how-we-rate").status_code == 200
    other = create_app(settings().model_copy(update={"contact": "0116 000 0000"}), database)
    assert "0116 000 0000" in other.test_client().get("/how-we-rate").text


def test_the_limit_is_one_for_both(hosts: tuple[Flask, Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each tells the other every five requests of forty: so many more may get through for each of them."""
    monkeypatch.setattr(Clock, "now", lambda _: datetime(2009, 1, 20, tzinfo=UTC))
    clients = [app.test_client() for app in hosts]
    answers = [clients[place % 2].get(EVERYBODYS).status_code for place in range(80)]
    assert 40 <= answers.count(200) <= 48
    assert answers[-2:] == [429, 429]


def test_what_is_counted_costs_a_write_in_twenty_and_none_when_nothing_can_be_written(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = elsewhere(database)
    here, there, before = Addresses(database, 600), Addresses(other, 600), database.commits
    assert [here.count("192.0.2.1", 7) for _ in range(60)] == list(range(1, 61))
    assert database.commits == before + 2
    assert [there.count("192.0.2.1", 7) for _ in range(30)][-1] == 90
    other.dispose()
    assert here.count("192.0.2.2", 8) == 1
    for _ in range(30):
        here.count("192.0.2.2", 9)
    with database.read(OPERATOR) as session:
        assert session.scalars(select(AddressCount.minute)).all() == [9]

    def gone(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(database, "write", gone)
    assert [here.count("192.0.2.3", 9) for _ in range(40)] == list(range(1, 41))
