"""What Prometheus is told: counts by the portal's own words alone, from every worker, and what waits in the database."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from flask import Flask
from prometheus_client import values
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select, update

from models.agreement import Period
from models.people import SignInAttempt
from models.returns import Return
from models.rules.jobs import JobState
from models.rules.moves import WITH_THE_PARTNER
from models.rules.packs import Asked, PackForm, PackKind
from models.rules.terms import State
from portal.actor import OPERATOR
from portal.app import create_app
from portal.database import Database
from portal.services import packs
from portal.services.standing import standing
from portal.web import metrics
from portal.web.requests import METHODS
from tests.conftest import person, settings, sign_in


@pytest.fixture
def measured(sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A portal that counts, in a folder of the test's own."""
    before = values.ValueClass
    monkeypatch.setenv(metrics.FOLDER, "")
    metrics.share(tmp_path)
    metrics.take_slot(0)
    # An engine of its own: what an earlier test's portal counts of one that both used would be counted here too.
    database = Database(sqlite_database.engine.url.render_as_string(), sqlite_database.clock)
    yield create_app(settings().model_copy(update={"metrics_port": 1}), database)
    database.dispose()
    values.ValueClass = before


def told(database: Database) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """The metrics by name and labels."""
    found = text_string_to_metric_families(metrics.page(database).decode())
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for family in found for one in family.samples}


def database_of(app: Flask) -> Database:
    return app.extensions["portal"]["database"]


def requests(app: Flask, rule: str, status: str, method: str = "GET") -> float:
    labels = (("method", method), ("rule", rule), ("status", status))
    return told(database_of(app)).get(("portal_requests_total", labels), 0)


def test_a_request_is_counted_by_its_rule_and_status(measured: Flask) -> None:
    client = sign_in(measured, "police")
    for number in (1, 2, 3):
        client.get(f"/returns/{number}00000")
    assert requests(measured, "/returns/<int:return_id>", "404") == 3
    found = told(database_of(measured))
    rule = ("rule", "/returns/<int:return_id>")
    assert found["portal_request_seconds_count", (("method", "GET"), rule)] == 3
    assert found["portal_database_statements_total", (rule,)] > 9
    assert found["portal_database_seconds_total", (rule,)] > 0


def test_labels_are_the_portals_own_words(measured: Flask) -> None:
    """Whatever is asked, there are as many series as rules, methods and statuses: nobody fills the memory by asking."""
    client = sign_in(measured, "police")
    for path in (
        "/returns/29",
        "/people/canary",
        "/ann@portal.example",
        "/indicators/ni-canary",
        "/api/v1/canary",
        "/%00",
    ):
        client.get(f"{path}?canary=1")
    client.open("/", method="CANARY")
    rules = {rule.rule for rule in measured.url_map.iter_rules()} | {"none"}
    own = {"state", "version", "python", "le"}
    for name, labels in told(database_of(measured)):
        said = dict(labels)
        assert said.keys() <= {"rule", "method", "status"} | own, name
        assert said.get("rule", "none") in rules
        assert said.get("method", "other") in METHODS | {"other"}
        assert said.get("status", "200").isdigit()
    text = metrics.page(database_of(measured)).decode()
    assert "canary" not in text.lower()
    assert "portal.example" not in text


def test_workers_are_counted_together_and_a_new_one_goes_on_in_a_dead_ones_place(
    measured: Flask, tmp_path: Path
) -> None:
    client = measured.test_client()
    for slot in (0, 1, 0, 1):
        metrics.take_slot(slot)
        client.get("/healthz")
        metrics.leave_slot(slot)
    assert requests(measured, "/healthz", "200") >= 4
    assert {path.name.rpartition("_")[2] for path in tmp_path.glob("counter_*.db")} == {"worker-0.db", "worker-1.db"}
    assert list(tmp_path.glob("gauge_livesum_*.db")) == []


def test_what_is_in_use_is_given_back(measured: Flask) -> None:
    database = database_of(measured)

    def in_use() -> float:
        return told(database)["portal_database_connections_in_use", ()]

    assert in_use() == 0  # the page's own question comes after it
    with database.read(OPERATOR):
        assert in_use() == 1
    assert in_use() == 0


def test_what_waits_is_counted(database: Database) -> None:
    before = standing(database)
    team = person(database, "team")
    packs.ask(database, team, Asked(PackKind.EXECUTIVE, "", "2008-09-q2", (PackForm.PDF,)))
    with database.write(OPERATOR) as session:
        session.add(SignInAttempt(email="x@y", address="192.0.2.1", at=database.clock.now()))
        session.add(SignInAttempt(email="x@y", address="192.0.2.1", at=database.clock.now() - timedelta(minutes=6)))
    after = standing(database)
    assert (before.jobs["waiting"], after.jobs["waiting"]) == (0, 1)
    assert set(after.jobs) == set(JobState)
    assert 0 <= after.oldest_job < 60
    assert after.failures == before.failures + 1
    assert after.events > before.events
    with database.read(OPERATOR) as session:
        rows = select(Return.state).join(Period).where(Period.key == "2008/09 Q3")
        unsent = [state for state in session.scalars(rows) if state in WITH_THE_PARTNER]
    assert (after.due, after.late) == (len(unsent), 0)
    assert State.NOT_STARTED in unsent


def test_after_the_due_day_they_are_late(owned_database: Database) -> None:
    due = standing(owned_database).due
    with owned_database.engine.begin() as connection:
        connection.execute(update(Period).where(Period.key == "2008/09 Q3").values(due_on=owned_database.clock.today()))
    assert standing(owned_database).due == due
    yesterday = owned_database.clock.today() - timedelta(days=1)
    with owned_database.engine.begin() as connection:
        connection.execute(update(Period).where(Period.key == "2008/09 Q3").values(due_on=yesterday))
    assert (standing(owned_database).due, standing(owned_database).late) == (0, due)


def test_without_its_database_the_portal_still_tells_the_rest(sqlite_demo: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    shutil.copy(sqlite_demo, tmp_path / "there/portal.sqlite")
    database = Database(f"sqlite:///{tmp_path / 'there/portal.sqlite'}")
    assert {family.name for family in metrics.Waiting(database).collect()} >= {"portal_jobs", "portal_returns_late"}
    database.dispose()
    shutil.rmtree(tmp_path / "there")
    found = {family.name: family.samples[0].value for family in metrics.Waiting(database).collect()}
    assert found == {"portal_build_info": 1, "portal_database_up": 0}


def test_it_is_answered_on_its_own_port_and_nowhere_else(measured: Flask) -> None:
    shared = metrics.listen("127.0.0.1", 0)
    metrics.answer(shared, database_of(measured))
    address = f"http://127.0.0.1:{shared.getsockname()[1]}"
    with urlopen(f"{address}/metrics", timeout=10) as found:
        assert b"portal_build_info{" in found.read()
        assert found.headers["Server"] == "portal"
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{address}/", timeout=10)
    assert measured.test_client().get("/metrics").status_code == 404


def test_a_portal_without_the_port_counts_nothing(app: Flask) -> None:
    app.test_client().get("/")
    assert not os.environ.get(metrics.FOLDER)


def test_a_folder_that_takes_nothing_keeps_nobody_from_an_answer(measured: Flask, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path)
    metrics.take_slot(7)
    assert measured.test_client().get("/healthz").status_code == 200
    tmp_path.mkdir()
