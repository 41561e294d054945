"""The second step of signing in: what a half session may do, which codes are taken, and how an app is set up."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from models.audit import AuditEvent
from models.factors import RecoveryCode, SecondFactor
from models.people import SignInAttempt
from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.errors import Conflict, Invalid
from portal.policy import EVERYONE
from portal.records.factors import MOST_MISSES
from portal.services import factors, sessions
from portal.web.doors import access_of
from tests.conftest import PASSWORD, TODAY, make, person, replace_file, settings, sign_in
from tests.house.test_access_matrix import VALUES
from tests.support import wire
from tests.support.codes import KEY, code, enrol

WRONG = "This code is not right, or was used already."
OWN_STEP = {"/sign-in", "/sign-on", "/sign-in/code", "/second-step"}
"""Where a half session gets on, and so another answer than the public."""


AT = datetime.now(UTC).replace(microsecond=0)
AT = AT.replace(second=15 if AT.second < 30 else 45)
"""When all of this is: the middle of a step, so that none goes by between a code and its check."""


@pytest.fixture(autouse=True, scope="module")
def frozen() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as clocks:
        clocks.setattr(Clock, "now", lambda _clock: AT)
        yield


@pytest.fixture(scope="module")
def enrolled(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, tuple[str, ...]]:
    """The demonstration, in which the team has a second factor: its file, the secret and the recovery codes."""
    path, made = tmp_path_factory.mktemp("second-step") / "enrolled.sqlite", []
    shutil.copy(sqlite_demo, path)
    make(path, lambda database: made.append(enrol(database, person(database, "team"))))
    return path, *made[0]


@pytest.fixture(scope="module")
def portal(enrolled: tuple[Path, str, tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A portal that requires a second factor of team and administrator."""
    path = tmp_path_factory.mktemp("strict") / "portal.sqlite"
    shutil.copy(enrolled[0], path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    yield create_app(settings().model_copy(update={"second_factor": "required"}), database)
    database.dispose()


@pytest.fixture
def strict(portal: Flask, enrolled: tuple[Path, str, tuple[str, ...]]) -> Flask:
    """The same, and nobody has changed anything in it."""
    database = database_of(portal)
    database.dispose()
    replace_file(enrolled[0], Path(database.engine.url.database or ""))
    database.commits += 1  # or what it keeps of the old file would still be shown
    return portal


@pytest.fixture
def secret(enrolled: tuple[Path, str, tuple[str, ...]]) -> str:
    return enrolled[1]


@pytest.fixture
def recovery(enrolled: tuple[Path, str, tuple[str, ...]]) -> tuple[str, ...]:
    return enrolled[2]


def database_of(app: Flask) -> Database:
    return app.extensions["portal"]["database"]


def send(client: FlaskClient, form: str, path: str, **fields: str) -> TestResponse:
    """Send what a form would, with the token of a page that shows one."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(form).text)
    assert found, f"{form} shows no form"
    return client.post(path, data={"csrf_token": found[1], **fields})


def give(client: FlaskClient, typed: str, **more: str) -> TestResponse:
    return send(client, "/sign-in/code", "/sign-in/code", code=typed, **more)


def change(client: FlaskClient, what: str, proof: str = "") -> TestResponse:
    return send(client, "/second-step", "/second-step", what=what, proof=proof)


def whole(client: FlaskClient) -> bool:
    return client.get("/session").status_code == 204


def hidden(page: TestResponse, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page.text)
    assert found, f"no field {name}"
    return found[1]


def actions(app: Flask, newest: int = 3) -> list[str]:
    with database_of(app).read(OPERATOR) as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(newest))
        return [event.action for event in rows]


# --- what a half session may do: C11 ------------------------------------------------------------------------


def test_a_half_session_is_the_public_to_every_callback(strict: Flask) -> None:
    portal = strict.extensions["portal"]
    nobody, half = strict.test_client(), sign_in(strict, "team")
    refused = 0
    for door in portal["callbacks"].doors.values():
        if door.access is None:  # runs in the browser
            continue
        spec = portal["dash"].callback_map[door.output]
        ids = [one["id"] for one in spec["inputs"] + spec["state"]]
        row = dict.fromkeys(re.findall(r'"(\w+)":\["MATCH"\]', str(ids)), 1)
        every = [json.loads(one) for one in ids if '["ALL"]' in one]
        rows = {one.get("part", next(key for key in one if one[key] == ["ALL"])): {1: 1} for one in every}
        address = {"address.pathname": "/returns", "address.search": ""}
        sent = wire.body(strict, door.name, address | rows, row)
        answers = [wire.post(strict, client, sent) for client in (nobody, half)]
        assert answers[0].status_code == answers[1].status_code, door.name
        assert answers[0].data == answers[1].data, door.name
        assert answers[0].status_code == 401 or door.access in EVERYONE, door.name
        refused += answers[0].status_code == 401
    assert refused > 50


def test_a_half_session_is_the_public_to_every_page_route_and_call_of_the_api(strict: Flask) -> None:
    nobody, half = strict.test_client(), sign_in(strict, "team")
    led_on = 0
    for rule in strict.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule in OWN_STEP or "<path:" in rule.rule:
            continue
        path = rule.rule
        for name, value in {**VALUES, "<int:return_id>": "1", "<measure>": "ni-16"}.items():
            path = path.replace(name, value)
        answers = [client.get(path) for client in (nobody, half)]
        assert answers[0].status_code == answers[1].status_code, path
        if answers[0].location and answers[0].location.startswith("/sign-in"):
            assert answers[1].location.startswith("/sign-in/code"), path
            led_on += 1
        else:
            # The frame of a page in Dash is empty, and never twice the same.
            assert rule.endpoint.startswith("page:") or answers[0].data == answers[1].data, path
            assert "Session-Ends-In" not in answers[1].headers
    assert led_on > 40


def test_a_half_session_sends_no_form_but_those_of_the_second_step(strict: Flask) -> None:
    half = sign_in(strict, "team")
    sent = 0
    for rule in strict.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.rule.startswith(("/api", "/_dash")):
            continue
        if rule.rule in (*OWN_STEP, "/sign-out", "/unsubscribe", "/welcome/<token>", "/sign-on/<key>/logout"):
            continue
        path = rule.rule.replace("<int:number>", "1")
        fields = {"old": PASSWORD, "new": "x" * 20, "again": "x" * 20, "number": "all", "what": "sessions"}
        answer = send(half, "/sign-in/code", path, **fields)
        assert answer.status_code == 401, path
        sent += 1
    assert sent >= 6
    assert give(half, "1").status_code == 422  # the session is still there, and still half


def test_a_half_session_can_sign_out(strict: Flask) -> None:
    half = sign_in(strict, "team")
    assert send(half, "/sign-in/code", "/sign-out").location == "/"
    assert half.get("/sign-in/code").location.startswith("/sign-in?")
    assert actions(strict, 1) == ["session:end"]


def test_who_has_an_app_cannot_set_up_another_by_the_password_alone(strict: Flask, secret: str) -> None:
    half = sign_in(strict, "team")
    assert half.get("/second-step").location.startswith("/sign-in/code")
    assert send(half, "/sign-in/code", "/second-step", what="set-up", proof=PASSWORD).status_code == 401
    assert send(half, "/sign-in/code", "/second-step/confirm", seal="x", code="1").status_code == 401
    database, team = database_of(strict), person(database_of(strict), "team")
    with pytest.raises(Conflict):
        factors.begin_enrolment(database, team, KEY, PASSWORD, half=True)
    seal = factors.shown_again(database, team, KEY, factors._enrolment(database, team, KEY, "A" * 32).sealed).sealed
    with pytest.raises(Conflict):
        factors.confirm_enrolment(database, team, KEY, "token", seal, code("A" * 32), half=True)
    assert give(half, code(secret)).status_code == 303  # the old app is still the one


def test_a_token_of_the_api_acts_without_a_second_factor(strict: Flask) -> None:
    token = sessions.issue_token(database_of(strict), OPERATOR, "team@portal.example")
    answer = strict.test_client().get("/api/v1/returns?period=2008-09-q3", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


# --- giving a code ----------------------------------------------------------------------------------------


def test_password_and_code_lead_to_the_page_that_was_asked_for_in_a_session_with_another_token(
    strict: Flask, secret: str
) -> None:
    client = strict.test_client()
    fields = {"email": "team@portal.example", "password": PASSWORD, "next": "/themes/safer"}
    answer = send(client, "/sign-in", "/sign-in", **fields)
    assert answer.location == "/sign-in/code?next=%2Fthemes%2Fsafer"
    with client.session_transaction() as cookie:
        before = cookie["_user_id"]
    assert client.get("/sign-in").location == "/sign-in/code"  # the password is not asked for again
    assert give(client, code(secret), next="/themes/safer").location == "/themes/safer"
    with client.session_transaction() as cookie:
        after = cookie["_user_id"]
    assert after != before
    assert sessions.who_is(database_of(strict), before, "") is None
    assert whole(client)
    assert client.get("/sign-in/code?next=//evil.example").location == "/review"  # nothing is left to give


def test_a_code_is_taken_once_and_none_of_an_earlier_step_after_it(strict: Flask, secret: str) -> None:
    first, second, third = (sign_in(strict, "team") for _ in range(3))
    assert give(first, code(secret, 1)).status_code == 303  # a telephone that is half a minute fast
    again = give(second, code(secret, 1))
    assert (again.status_code, WRONG in again.text) == (422, True)
    assert give(second, code(secret)).status_code == 422
    assert not whole(second)
    assert give(third, f" {code(secret, 2)[:3]} {code(secret, 2)[3:]} ").status_code == 422  # a minute fast


def test_one_step_of_skew_either_way_and_no_more(strict: Flask, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = AT + timedelta(minutes=10)
    monkeypatch.setattr(Clock, "now", lambda _clock: at)
    taken = {}
    for steps in (-2, 2, -1, 0, 1):
        client = sign_in(strict, "team")
        taken[steps] = give(client, code(secret, steps, at)).status_code == 303
    assert taken == {-2: False, 2: False, -1: True, 0: True, 1: True}


@pytest.mark.parametrize("typed", ["", "0", "abcdef", "12345", "1234567", "١٢٣٤٥٦", "x" * 5000, "\x00", "000 000 0"])
def test_what_is_no_code_is_refused_in_the_same_words(strict: Flask, typed: str) -> None:
    answer = give(sign_in(strict, "team"), typed)
    assert (answer.status_code, WRONG in answer.text) == (422, True)


def test_a_recovery_code_is_taken_once_however_it_is_typed(strict: Flask, recovery: tuple[str, ...]) -> None:
    client = sign_in(strict, "team")
    assert give(client, recovery[0].upper().replace("-", " ")).status_code == 303
    assert "9 recovery codes left" in client.get("/second-step").text
    assert actions(strict, 2) == ["session:start", "factor:recover"]
    assert give(sign_in(strict, "team"), recovery[0]).status_code == 422
    assert give(sign_in(strict, "team"), recovery[1]).status_code == 303


def test_another_accounts_codes_are_worth_nothing(strict: Flask, secret: str, recovery: tuple[str, ...]) -> None:
    enrol(database_of(strict), person(database_of(strict), "team2"))
    for typed in (code(secret), recovery[0]):
        assert give(sign_in(strict, "team2"), typed).status_code == 422


def test_neither_secret_nor_recovery_code_can_be_read_from_the_database(
    strict: Flask, secret: str, recovery: tuple[str, ...]
) -> None:
    with database_of(strict).read(OPERATOR) as session:
        kept = session.scalars(select(SecondFactor)).one().secret
        hashes = session.scalars(select(RecoveryCode.code_hash)).all()
        trail = "".join(f"{e.subject}{e.before}{e.after}{e.reason}" for e in session.scalars(select(AuditEvent)))
    assert secret not in kept
    assert len(hashes) == 10
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in hashes)
    assert not [one for one in (secret, kept, *recovery) if one in trail]


def test_guessing_codes_is_slowed_down_as_guessing_passwords_is(strict: Flask, secret: str) -> None:
    client = sign_in(strict, "team")
    for _ in range(10):
        assert give(client, "nonsense").status_code == 422
    answer = give(client, code(secret))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "300")
    with database_of(strict).write(OPERATOR) as session:
        past = AT - timedelta(minutes=6)
        session.execute(update(SignInAttempt).values(at=past))
    assert give(client, code(secret)).status_code == 303


def test_after_fifty_wrong_codes_in_a_row_only_a_recovery_code_is_taken(
    strict: Flask, secret: str, recovery: tuple[str, ...]
) -> None:
    with database_of(strict).write(OPERATOR) as session:
        session.execute(update(SecondFactor).values(misses=MOST_MISSES - 1))
    client, wrong = sign_in(strict, "team"), f"{(int(code(secret)) + 1) % 10**6:06}"
    assert give(client, wrong).status_code == 422
    answer = give(client, code(secret))
    assert (answer.status_code, "Give a recovery code" in answer.text) == (409, True)
    assert give(client, recovery[0]).status_code == 303
    assert give(sign_in(strict, "team"), code(secret)).status_code == 303  # from then on they count anew


def test_after_a_change_of_the_portals_key_recovery_codes_still_work(
    strict: Flask, secret: str, recovery: tuple[str, ...]
) -> None:
    app = create_app(
        settings().model_copy(update={"secret_key": type(settings().secret_key)("n" * 40)}), database_of(strict)
    )
    client = sign_in(app, "team")
    assert "key was changed" in give(client, code(secret)).text
    assert give(client, recovery[0]).status_code == 303


# --- setting it up ----------------------------------------------------------------------------------------


def set_up(client: FlaskClient, proof: str = "") -> tuple[str, str]:
    """The key that the page shows, and its seal."""
    page = change(client, "set-up", proof)
    assert page.status_code == 200, page.text
    found = re.search(r'id="key">([A-Z2-7 ]+)<', page.text)
    assert found
    return found[1].replace(" ", ""), hidden(page, "seal")


def confirm(client: FlaskClient, seal: str, typed: str) -> TestResponse:
    return send(client, "/second-step", "/second-step/confirm", seal=seal, code=typed)


def test_an_administrator_without_one_sets_it_up_before_anything_else(strict: Flask) -> None:
    client, other = sign_in(strict, "admin"), sign_in(strict, "admin")
    assert client.get("/people").location == "/second-step"
    with client.session_transaction() as cookie:
        before = cookie["_user_id"]
    key, seal = set_up(client)
    wrong = confirm(client, seal, "000000")
    assert (wrong.status_code, hidden(wrong, "seal") != "", whole(client)) == (422, True, False)
    answer = confirm(client, hidden(wrong, "seal"), code(key))
    codes = re.findall(r"<li><code>([a-z0-9-]{29})</code>", answer.text)
    assert len(set(codes)) == 10
    assert (whole(client), client.get("/people").status_code) == (True, 200)
    assert sessions.who_is(database_of(strict), before, "") is None  # its rights rose: another token
    assert actions(strict, 2) == ["session:start", "factor:set"]
    assert other.get("/people").location.startswith("/sign-in/code")
    assert give(other, code(key)).status_code == 422  # that one set it up
    assert give(other, codes[3]).status_code == 303
    assert "shown this once" not in client.get("/second-step").text


def test_the_page_with_the_picture_needs_no_style_or_script_of_its_own(strict: Flask) -> None:
    page = change(sign_in(strict, "admin"), "set-up")
    assert "style-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert '<path class="qrline"' in page.text
    assert not re.search(r"<[^>]+\sstyle=|<style|<script", page.text)


def test_where_it_is_offered_only_nobody_is_kept_out_but_who_chose_it(strict: Flask, secret: str) -> None:
    app = create_app(settings(), database_of(strict))
    assert whole(sign_in(app, "admin"))
    team = sign_in(app, "team")
    assert not whole(team)
    assert give(team, code(secret)).status_code == 303


def test_a_partner_may_choose_it_with_their_password_and_do_without_again(strict: Flask) -> None:
    police, elsewhere = sign_in(strict, "police"), sign_in(strict, "police")
    assert whole(police)
    for proof in ("", "not the password", "123456"):
        answer = change(police, "set-up", proof)
        assert (answer.status_code, "neither your password" in answer.text) == (422, True)
    key, seal = set_up(police, PASSWORD)
    assert confirm(police, seal, code(key, -1)).status_code == 200
    assert (whole(police), whole(elsewhere)) == (True, False)
    assert change(police, "off", "not the password").status_code == 422
    assert change(police, "codes", code(key)).text.count("<li><code>") == 10  # a code of the app is proof as well
    assert change(police, "codes", code(key)).status_code == 422  # once
    assert change(police, "off", PASSWORD).location == "/second-step"
    assert (whole(police), whole(elsewhere)) == (True, True)
    assert actions(strict) == ["factor:end", "factor:refuse", "factor:codes"]


def test_who_needs_one_cannot_turn_it_off(strict: Flask, secret: str) -> None:
    client = sign_in(strict, "team")
    give(client, code(secret))
    assert "Turn it off" not in client.get("/second-step").text
    answer = change(client, "off", PASSWORD)
    assert (answer.status_code, "needs a second step" in answer.text) == (409, True)


def test_new_recovery_codes_end_the_old_ones(strict: Flask, secret: str, recovery: tuple[str, ...]) -> None:
    client = sign_in(strict, "team")
    give(client, code(secret))
    new = re.findall(r"<li><code>([a-z0-9-]{29})</code>", change(client, "codes", PASSWORD).text)
    assert not set(new) & set(recovery)
    assert give(sign_in(strict, "team"), recovery[5]).status_code == 422
    assert give(sign_in(strict, "team"), new[5]).status_code == 303


def test_a_seal_is_good_for_whom_it_was_made_and_for_a_quarter_of_an_hour(
    strict: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = database_of(strict)
    nhs, police = person(database, "nhs"), person(database, "police")
    made = factors.begin_enrolment(database, nhs, KEY, PASSWORD, half=False)
    token = sessions.begin(database, police)
    for actor, seal in ((police, made.sealed), (nhs, made.sealed[:-2]), (nhs, ""), (nhs, "é"), (nhs, "x" * 200)):
        with pytest.raises(Conflict):
            factors.confirm_enrolment(database, actor, KEY, token, seal, code(made.secret), half=False)
    monkeypatch.setattr(Clock, "now", lambda _clock: AT + timedelta(minutes=16))
    with pytest.raises(Conflict):
        factors.confirm_enrolment(database, nhs, KEY, token, made.sealed, code(made.secret), half=False)
    with database.read(OPERATOR) as session:
        assert session.get(SecondFactor, nhs.person_id) is None


def test_a_wrong_proof_is_counted_with_wrong_passwords(strict: Flask) -> None:
    database = database_of(strict)
    police = person(database, "police")
    with database.read(OPERATOR) as session:
        before = len(session.scalars(select(SignInAttempt)).all())
    for work in (
        lambda: factors.begin_enrolment(database, police, KEY, "x", half=False),
        lambda: factors.new_codes(database, police, KEY, "x"),
        lambda: factors.turn_off(database, police, KEY, "x", required=False),
    ):
        with pytest.raises(Invalid):
            work()
    with database.read(OPERATOR) as session:
        assert len(session.scalars(select(SignInAttempt)).all()) == before + 3


def test_the_whole_way_on_both_databases(database: Database) -> None:
    """The rest is tried on SQLite alone."""
    team = person(database, "team")
    secret, codes = enrol(database, team)
    token = sessions.begin(database, team)
    assert sessions.who_is(database, token, "").half
    with pytest.raises(Invalid):
        factors.give_code(database, team, KEY, token, code(secret, -1))  # it set the app up
    new = factors.give_code(database, team, KEY, token, code(secret))
    assert (sessions.who_is(database, new, "").half, sessions.who_is(database, token, "")) == (False, None)
    assert not sessions.who_is(database, sessions.begin(database, team, factor=True), "").half  # vouched for elsewhere
    assert factors.give_code(database, team, KEY, sessions.begin(database, team), codes[0])
    more = factors.new_codes(database, team, KEY, PASSWORD)
    assert not set(more) & set(codes)
    secret, codes = enrol_anew(database)
    assert factors.state(database, team).codes_left == 10
    factors.reset(database, OPERATOR, team.email, "Lost.")
    assert sessions.who_is(database, new, "") is None
    assert factors.state(database, team).since is None


def enrol_anew(database: Database) -> tuple[str, tuple[str, ...]]:
    """Another app in place of the one that the team has."""
    team = person(database, "team")
    made = factors.begin_enrolment(database, team, KEY, PASSWORD, half=False)
    token = sessions.begin(database, team, factor=True)
    _, codes = factors.confirm_enrolment(database, team, KEY, token, made.sealed, code(made.secret), half=False)
    return made.secret, codes


def test_every_form_of_the_second_step_is_an_actions(strict: Flask) -> None:
    """It is listed by `portal routes` like every other door."""
    found = {r.rule: access_of(strict, r) for r in strict.url_map.iter_rules() if "second-step" in r.rule}
    assert found == dict.fromkeys(("/second-step", "/second-step/confirm"), "password:change")
