"""Signing in and out, changing a password, and how sessions end."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from urllib.parse import urljoin, urlsplit

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import settings as tuned
from hypothesis import strategies as st
from sqlalchemy import event, func, select, update
from werkzeug.test import EnvironBuilder, TestResponse
from werkzeug.utils import redirect

from models.audit import AuditEvent
from models.people import Person, SignIn, SignInAttempt
from models.rules.terms import Role
from portal.actor import OPERATOR, Actor
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.errors import Invalid, SignInRequired
from portal.public.sign_in import safe_next
from portal.services import invitations, people, returns, review, sessions
from portal.services.audit import trail
from tests.conftest import PASSWORD, TODAY, person, settings

POLICE = "police@portal.example"
WRONG = "The e-mail address or the password is not right."
NEW = "seven green bicycles"
BEGINS = {
    Role.CONTRIBUTOR: "/returns",
    Role.LEAD: "/returns",
    Role.TEAM: "/review",
    Role.EXECUTIVE: "/themes",
    Role.REVIEWER: "/annual-review",
    Role.ADMIN: "/people",
}


def database_of(app: Flask) -> Database:
    return app.extensions["portal"]["database"]


def send(
    client: FlaskClient, path: str, address: str = "127.0.0.1", forwarded: str = "", **fields: str
) -> TestResponse:
    """Open a form and send it, as a browser does."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found, f"{path} shows no form"
    headers = {"X-Forwarded-For": forwarded, "Forwarded": f"for={forwarded}"} if forwarded else {}
    data = {"csrf_token": found[1], **fields}
    return client.post(path, data=data, headers=headers, environ_base={"REMOTE_ADDR": address})


def sign_in(client: FlaskClient, email: str = POLICE, password: str = PASSWORD, **more: str) -> TestResponse:
    return send(client, "/sign-in", email=email, password=password, **more)


def signed_in(client: FlaskClient) -> bool:
    return client.get("/password").status_code == 200


def count(database: Database, table: type) -> int:
    with database.read(OPERATOR) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def put_failures(app: Flask, number: int, email: str, address: str, ago: int = 60) -> None:
    """Failed attempts of a while ago, without the work of hashing."""
    at = datetime.now(UTC) - timedelta(seconds=ago)
    with database_of(app).write(OPERATOR) as session:
        session.add_all(SignInAttempt(email=email, address=address, at=at) for _ in range(number))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are compared without the work that makes guessing slow, where a test signs in again and again."""
    monkeypatch.setattr(sessions, "matches", lambda _kept, typed: typed == PASSWORD)


@pytest.fixture(scope="module")
def still(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A portal for the tests that leave only sessions behind."""
    path = tmp_path_factory.mktemp("sign-in") / "portal.sqlite"
    shutil.copy(sqlite_demo, path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    yield create_app(settings(), database)
    database.dispose()


# --- signing in -------------------------------------------------------------------------------------------


def test_the_right_password_signs_in(still: Flask) -> None:
    client = still.test_client()
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/returns")
    assert signed_in(client)


def test_the_address_may_be_typed_in_capitals_and_with_spaces(still: Flask) -> None:
    client = still.test_client()
    assert sign_in(client, email="  Police@Portal.Example ").status_code == 303
    assert signed_in(client)


def test_a_wrong_password_does_not(still: Flask) -> None:
    client = still.test_client()
    for password in ("wrong", PASSWORD.upper(), f" {PASSWORD}", f"{PASSWORD}\x00", "x" * 10_000):
        answer = send(client, "/sign-in", address="192.0.2.1", email="lcc@portal.example", password=password)
        assert answer.status_code == 401
        assert WRONG in answer.text
        assert not signed_in(client)


@pytest.mark.parametrize(
    ("email", "password", "said", "field"),
    [
        ("", "", "Enter your e-mail address and your password.", "email"),
        ("  ", "wrong", "Enter your e-mail address.", "email"),
        (POLICE, "", "Enter your password.", "password"),
        ("nobody@portal.example", "", "Enter your password.", "password"),
    ],
)
def test_what_was_left_empty_is_asked_for_and_is_no_attempt(
    still: Flask, email: str, password: str, said: str, field: str
) -> None:
    client, before = still.test_client(), count(database_of(still), SignInAttempt)
    answer = send(client, "/sign-in", address="192.0.2.9", email=email, password=password)
    assert answer.status_code == 422
    assert f'<a href="#{field}">{said}</a>' in answer.text
    assert WRONG not in answer.text
    assert count(database_of(still), SignInAttempt) == before
    assert not signed_in(client)


def test_a_password_is_never_written_back(still: Flask) -> None:
    answer = send(still.test_client(), "/sign-in", address="192.0.2.2", email=POLICE, password="my own secret words")
    assert "my own secret words" not in answer.text
    assert f'value="{POLICE}"' in answer.text  # what a person need not type again


@pytest.mark.usefixtures("quick")
def test_an_unknown_account_is_refused_in_the_same_words(still: Flask) -> None:
    def answered(typed: str) -> tuple[int, str]:
        answer = send(still.test_client(), "/sign-in", address="192.0.2.3", email=typed, password="wrong")
        text = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)
        return answer.status_code, re.sub(r'(id="email"[^>]*) value="[^"]*"', r"\1", text)

    known = answered("team@portal.example")
    assert known[0] == 401
    for email in ("nobody@portal.example", "police", "x" * 300, "police@portal.example' OR 1=1 --"):
        assert answered(email) == known


def test_an_unknown_account_costs_as_much_time(still: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    compare = sessions.matches
    monkeypatch.setattr(sessions, "matches", lambda kept, typed: compared.append(kept[:9]) or compare(kept, typed))
    for email in ("nobody@portal.example", "team@portal.example"):
        send(still.test_client(), "/sign-in", address="192.0.2.4", email=email, password="wrong")
    assert compared == ["$argon2id", "$argon2id"]


def test_whoever_is_refused_costs_the_same_work_and_reads_the_same(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """No account, a wrong password, a disabled account, and one that was invited and has no password yet."""
    database = database_of(app)
    people.set_disabled(database, OPERATOR, "nhs@portal.example", disabled=True)
    invitations.invite(database, OPERATOR, "ann@portal.example", "Ann", "team", None)
    done: list[str] = []
    compare = sessions.matches
    monkeypatch.setattr(sessions, "matches", lambda kept, typed: done.append("argon2") or compare(kept, typed))
    event.listen(
        database.engine, "before_cursor_execute", lambda _c, _u, statement, *_: done.append(statement.split()[0])
    )
    work, texts, spent = {}, {}, {}
    for who in ("nobody", "police", "nhs", "ann", "nobody", "police", "nhs", "ann"):  # the first of each warms up
        done.clear()
        client, began = app.test_client(), perf_counter()
        answer = send(
            client, "/sign-in", address=f"192.0.2.{len(who)}", email=f"{who}@portal.example", password="wrong"
        )
        spent[who] = perf_counter() - began
        work[who] = (answer.status_code, *done)
        texts[who] = re.sub(r'csrf_token" value="[^"]+"', "", answer.text).replace(f"{who}@", "")
    assert work["nobody"][0] == 401
    assert work["nobody"].count("argon2") == 1
    assert len(set(work.values())) == 1, work
    assert len(set(texts.values())) == 1
    assert max(spent.values()) < 10 * min(spent.values())  # far more would be another way; less is the machine's mood


def test_a_password_that_was_kept_with_less_work_is_kept_anew_when_it_is_given(app: Flask) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    with database_of(app).write(OPERATOR) as session:
        session.execute(update(Person).where(Person.email == POLICE).values(password_hash=weak))
    sign_in(app.test_client(), password="wrong")
    assert kept_of(app) == weak
    assert sign_in(app.test_client()).status_code == 303
    assert kept_of(app).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert sign_in(app.test_client()).status_code == 303


def kept_of(app: Flask) -> str:
    with database_of(app).read(OPERATOR) as session:
        return session.scalars(select(Person.password_hash).where(Person.email == POLICE)).one()


def test_a_disabled_account_is_refused_in_the_same_words(app: Flask) -> None:
    people.set_disabled(database_of(app), OPERATOR, POLICE, disabled=True)
    answer = sign_in(app.test_client())
    assert answer.status_code == 401
    assert WRONG in answer.text


def test_every_attempt_is_in_the_audit_trail(app: Flask) -> None:
    sign_in(app.test_client(), password="wrong")
    sign_in(app.test_client())
    with database_of(app).read(OPERATOR) as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(2)).all()
    assert [(event.action, event.subject) for event in last] == [
        ("session:start", f"account {POLICE}"),
        ("session:refuse", f"account {POLICE}"),
    ]
    assert [event.address for event in last] == ["127.0.0.1", "127.0.0.1"]


def test_a_long_address_is_refused_like_any_other(database: Database) -> None:
    """254 characters may be an e-mail address; the audit trail has to find room for it."""
    client = create_app(settings(), database).test_client()
    assert sign_in(client, email=f"{'x' * 239}@portal.example").status_code == 401


def test_an_address_that_no_database_can_hold_is_refused_like_any_other(database: Database) -> None:
    """PostgreSQL takes no NUL in a text."""
    client = create_app(settings(), database).test_client()
    assert sign_in(client, email="police\x00@portal.example").status_code == 401


@pytest.mark.parametrize("role", Role)
def test_everybody_begins_where_their_work_is(still: Flask, role: Role) -> None:
    key = {"lead": "police", "contributor": "police.contributor"}.get(role, role)
    home = BEGINS[role]
    client = still.test_client()
    answer = sign_in(client, email=f"{key}@portal.example")
    assert answer.headers["Location"] == home
    assert client.get(home).status_code == 200
    assert client.get("/start").headers["Location"] == home


def test_somebody_signed_in_is_not_asked_again(still: Flask) -> None:
    client = still.test_client()
    sign_in(client)
    answer = client.get("/sign-in?next=/themes")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/themes")


# --- where to go afterwards -------------------------------------------------------------------------------

HOSTILE = (
    *(
        "//evil.example",
        "///evil.example",
        "////evil.example/%2f..",
        "//evil.example:80/returns",
        "//user@evil.example",
    ),
    *("https://evil.example", "http:evil.example", "HTTPS://evil.example", "https:///evil.example"),
    *("javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "mailto:x@evil.example"),
    *("\\\\evil.example", "/\\evil.example", "\\/evil.example", "/\\/evil.example", "/a\\..\\..//evil.example"),
    *("/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "\t//evil.example", " //evil.example"),
    *("/ /evil.example", "/\x00/evil.example", "\x00//evil.example", "\x01https://evil.example", "/\x7f/evil.example"),
    *("/returns\r\nSet-Cookie: portal_session=x", "/returns\r\n\r\n<script>", "/\x0b/evil.example"),
    *("evil.example", "@evil.example", "?next=//evil.example", ".", "", ".//evil.example", "~//evil.example"),
)


def arrives_at(location: str, base: str = "http://localhost/sign-in") -> str:
    """The site on which a browser arrives, by the URL standard: controls at the ends and line breaks do not count,
    and a backslash is a slash."""
    seen = re.sub(r"[\t\r\n]", "", location.strip("".join(map(chr, range(33))))).replace("\\", "/")
    parts = urlsplit(urljoin(base, seen))
    return f"{parts.scheme}://{parts.netloc}"


@pytest.mark.usefixtures("quick")
def test_no_hostile_address_leads_away_from_the_site(still: Flask) -> None:
    assert len(HOSTILE) >= 20
    left = []
    for target in HOSTILE:
        client = still.test_client()
        answer = sign_in(client, next=target)
        assert answer.status_code == 303
        if arrives_at(answer.headers["Location"]) != "http://localhost" or "evil" in answer.headers["Location"]:
            left.append((target, answer.headers["Location"]))
        assert "Set-Cookie: portal_session=x" not in str(answer.headers)
    assert left == []


def test_nor_does_it_for_somebody_who_is_signed_in_already(still: Flask) -> None:
    client = still.test_client()
    sign_in(client)
    answers = {target: client.get("/sign-in", query_string={"next": target}) for target in HOSTILE}
    assert {answer.headers["Location"] for answer in answers.values()} == {"/returns"}


def test_an_address_that_was_asked_for_is_kept_through_a_failed_attempt(still: Flask) -> None:
    client = still.test_client()
    page = client.get("/sign-in?next=/themes/safer%3Fperiod%3D2008-09-q2")
    assert 'name="next" value="/themes/safer?period=2008-09-q2"' in page.text
    target = "/themes/safer?period=2008-09-q2"
    answer = send(client, "/sign-in", address="192.0.2.5", email=POLICE, password="wrong", next=target)
    assert f'name="next" value="{target}"' in answer.text
    assert sign_in(client, next=target).headers["Location"] == target


def test_an_address_is_shown_as_text(still: Flask) -> None:
    page = still.test_client().get("/sign-in", query_string={"next": '/"><script>alert(1)</script>'}).text
    assert "<script" not in page


@given(
    st.text(alphabet=st.sampled_from("/\\\t\n\r\x00 :.@?#%[]evil~;&=25cCfF\u3000\uff0f\u2044\u3002"), max_size=20)
    | st.text(max_size=30)
    | st.sampled_from(HOSTILE),
    st.sampled_from([*Role, None]),
)
@example("/%5c%5cevil.example", Role.LEAD)
@example("/%09/evil.example", Role.LEAD)
@example("/..//evil.example", Role.LEAD)
@example("/.//evil.example", None)
@example("/\uff0fevil.example", Role.TEAM)
@tuned(max_examples=400, deadline=None)
def test_whatever_is_asked_for_the_answer_stays_on_the_site(target: str, role: Role | None) -> None:
    chosen = safe_next(target, Actor(name="somebody", role=role))
    sent = redirect(chosen, 303).get_wsgi_headers(EnvironBuilder(path="/sign-in").get_environ())["Location"]
    assert chosen.startswith("/")
    assert arrives_at(chosen) == arrives_at(sent) == "http://localhost"
    assert "\r" not in sent
    assert "\n" not in sent


@given(
    st.lists(st.text("abcdefghijklmnopqrstuvwxyz0123456789-._~%", min_size=1), min_size=1, max_size=4),
    st.dictionaries(st.text("abc", min_size=1), st.text("0123456789-q")),
)
def test_every_plain_path_of_the_site_is_kept(parts: list[str], query: dict[str, str]) -> None:
    target = "/" + "/".join(parts) + ("?" if query else "") + "&".join(f"{k}={v}" for k, v in query.items())
    assert safe_next(target, Actor(name="somebody", role=Role.LEAD)) == target


# --- forged forms -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [None, "", "no-such-token"])
def test_signing_in_without_the_forms_token_does_nothing(app: Flask, token: str | None) -> None:
    client, before = app.test_client(), count(database_of(app), SignIn)
    data = {"email": POLICE, "password": PASSWORD} | ({"csrf_token": token} if token is not None else {})
    assert client.post("/sign-in", data=data).status_code == 400
    assert count(database_of(app), SignIn) == before
    assert not signed_in(client)


def test_the_token_of_another_browser_is_no_token(app: Flask) -> None:
    other = re.search(r'name="csrf_token" value="([^"]+)"', app.test_client().get("/sign-in").text)
    client = app.test_client()
    client.get("/sign-in")
    data = {"email": POLICE, "password": PASSWORD, "csrf_token": other[1] if other else ""}
    assert client.post("/sign-in", data=data).status_code == 400
    assert not signed_in(client)


def test_signing_out_without_the_forms_token_does_nothing(still: Flask) -> None:
    client = still.test_client()
    sign_in(client)
    assert client.post("/sign-out").status_code == 400
    assert signed_in(client)
    assert client.get("/sign-out").status_code == 200  # a link to it only asks
    assert signed_in(client)


def test_a_password_is_not_changed_without_the_forms_token(app: Flask) -> None:
    client = app.test_client()
    sign_in(client)
    assert client.post("/password", data={"old": PASSWORD, "new": NEW, "again": NEW}).status_code == 400
    assert signed_in(client)
    assert sign_in(app.test_client()).status_code == 303


# --- signing out ------------------------------------------------------------------------------------------


def test_after_signing_out_a_kept_cookie_is_dead(still: Flask) -> None:
    client, thief = still.test_client(), still.test_client()
    sign_in(client)
    kept = client.get_cookie("portal_session")
    assert kept is not None
    thief.set_cookie("portal_session", kept.value)
    assert signed_in(thief)
    answer = send(client, "/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert not signed_in(client)
    assert not signed_in(thief)


def test_signing_out_ends_this_session_only(still: Flask) -> None:
    here, there = still.test_client(), still.test_client()
    sign_in(here)
    sign_in(there)
    send(here, "/sign-out")
    assert not signed_in(here)
    assert signed_in(there)


def test_signing_out_is_for_those_who_are_signed_in(still: Flask) -> None:
    answer = still.test_client().get("/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in?next=%2Fsign-out")


# --- passwords --------------------------------------------------------------------------------------------


def test_a_changed_password_ends_every_session(app: Flask) -> None:
    here, there = app.test_client(), app.test_client()
    sign_in(here)
    sign_in(there)
    answer = send(here, "/password", old=PASSWORD, new=NEW, again=NEW)
    assert answer.status_code == 200
    assert "Your password is changed" in answer.text
    assert not signed_in(here)
    assert not signed_in(there)
    assert sign_in(app.test_client(), password=PASSWORD).status_code == 401
    assert sign_in(app.test_client(), password=NEW).status_code == 303


def test_a_wrong_password_form_changes_nothing_and_says_what_is_wrong(still: Flask) -> None:
    client = still.test_client()
    sign_in(client)
    for old, new, again, field in (
        ("wrong", NEW, NEW, "old"),
        (PASSWORD, "short", "short", "new"),
        (PASSWORD, "passwordpassword", "passwordpassword", "new"),
        (PASSWORD, "police@portal.example", "police@portal.example", "new"),
        (PASSWORD, NEW, "seven green bicycle", "again"),
        ("", "", "", "old"),
    ):
        answer = send(client, "/password", old=old, new=new, again=again)
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}-problem"' in answer.text
    assert signed_in(client)
    assert sign_in(still.test_client()).status_code == 303


def test_a_password_given_by_the_administrator_ends_every_session(app: Flask) -> None:
    client = app.test_client()
    sign_in(client)
    people.set_password(database_of(app), OPERATOR, POLICE, NEW)
    assert not signed_in(client)


@pytest.mark.parametrize("path", ["/password", "/start"])
def test_an_account_is_needed(still: Flask, path: str) -> None:
    assert still.test_client().get(path).status_code == 302


# --- how sessions end -------------------------------------------------------------------------------------


def test_a_disabled_account_is_out_at_its_next_request(app: Flask) -> None:
    client = app.test_client()
    sign_in(client)
    assert signed_in(client)
    people.set_disabled(database_of(app), OPERATOR, POLICE, disabled=True)
    assert client.get("/returns").headers["Location"] == "/sign-in?next=%2Freturns"
    people.set_disabled(database_of(app), OPERATOR, POLICE, disabled=False)
    assert not signed_in(client)  # and stays out: it signs in again


class Later:
    """A clock that is put forward."""

    def __init__(self) -> None:
        self.gone = timedelta()

    def now(self, _clock: Clock) -> datetime:
        return datetime.now(UTC) + self.gone


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    moved = Later()
    monkeypatch.setattr(Clock, "now", lambda clock: moved.now(clock))
    return moved


def test_a_session_ends_after_half_an_hour_without_a_request(still: Flask, later: Later) -> None:
    client = still.test_client()
    sign_in(client)
    later.gone = timedelta(minutes=29, seconds=50)
    assert signed_in(client)
    later.gone += timedelta(minutes=30, seconds=10)
    assert not signed_in(client)
    later.gone -= timedelta(minutes=30)
    assert signed_in(client)  # only the time had run out: nothing else was changed


def test_a_session_that_is_used_lives_on(still: Flask, later: Later) -> None:
    client = still.test_client()
    sign_in(client)
    for _ in range(4):
        later.gone += timedelta(minutes=25)
        assert signed_in(client)


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(still: Flask, later: Later) -> None:
    client = still.test_client()
    sign_in(client)
    for _ in range(28):
        later.gone += timedelta(minutes=25)
        assert signed_in(client)
    later.gone = timedelta(hours=11, minutes=59)
    assert signed_in(client)
    later.gone = timedelta(hours=12, minutes=1)
    assert not signed_in(client)


def test_somebody_whose_session_ended_comes_back_to_the_same_page(still: Flask, later: Later) -> None:
    client = still.test_client()
    sign_in(client)
    later.gone = timedelta(hours=13)
    answer = client.get("/themes/safer?period=2008-09-q2")
    assert answer.status_code == 302
    again = client.get(answer.headers["Location"])
    found = re.search(r'name="next" value="([^"]+)"', again.text)
    assert found
    assert sign_in(client, next=found[1]).headers["Location"] == "/themes/safer?period=2008-09-q2"


# --- guessing ---------------------------------------------------------------------------------------------
# Each test comes from an address of its own, so that none is in another's way.


def test_after_ten_failures_even_the_right_password_has_to_wait(still: Flask) -> None:
    for _ in range(10):
        assert sign_in(still.test_client(), password="wrong", address="198.51.100.1").status_code == 401
    client = still.test_client()
    answer = sign_in(client, address="198.51.100.1")
    assert answer.status_code == 429
    assert "Too many attempts to sign in" in answer.text
    assert not signed_in(client)


def test_who_has_to_wait_is_told_how_long(still: Flask) -> None:
    put_failures(still, 10, POLICE, "198.51.100.2")
    answer = sign_in(still.test_client(), address="198.51.100.2")
    assert answer.status_code == 429
    assert 0 < int(answer.headers.get("Retry-After", 0)) <= 300


def test_nine_failures_are_not_ten(still: Flask) -> None:
    put_failures(still, 9, POLICE, "198.51.100.3")
    assert sign_in(still.test_client(), address="198.51.100.3").status_code == 303


def test_failures_of_more_than_five_minutes_ago_do_not_count(still: Flask) -> None:
    put_failures(still, 20, POLICE, "198.51.100.4", ago=301)
    assert sign_in(still.test_client(), address="198.51.100.4").status_code == 303


def test_an_address_typed_in_capitals_is_the_same_account(still: Flask) -> None:
    put_failures(still, 10, POLICE, "198.51.100.5")
    assert sign_in(still.test_client(), email="POLICE@portal.example", address="198.51.100.5").status_code == 429


def test_other_accounts_and_other_addresses_are_not_affected(still: Flask) -> None:
    put_failures(still, 10, POLICE, "198.51.100.6")
    assert sign_in(still.test_client(), email="nhs@portal.example", address="198.51.100.6").status_code == 303
    assert sign_in(still.test_client(), address="198.51.100.66").status_code == 303
    assert sign_in(still.test_client(), address="198.51.100.6").status_code == 429


def test_fifty_failures_from_one_address_stop_it_for_every_account(still: Flask) -> None:
    for number in range(10):
        put_failures(still, 5, f"guess{number}@portal.example", "198.51.100.7")
    assert sign_in(still.test_client(), email="nhs@portal.example", address="198.51.100.7").status_code == 429
    assert sign_in(still.test_client(), email="nhs@portal.example", address="198.51.100.77").status_code == 303


def test_an_account_that_does_not_exist_is_counted_too(still: Flask) -> None:
    put_failures(still, 10, "nobody@portal.example", "198.51.100.8")
    answer = sign_in(still.test_client(), email="nobody@portal.example", address="198.51.100.8")
    assert answer.status_code == 429


def test_a_session_that_lives_is_not_disturbed_by_somebody_guessing(still: Flask) -> None:
    client = still.test_client()
    sign_in(client, address="198.51.100.9")
    put_failures(still, 10, POLICE, "198.51.100.9")
    assert signed_in(client)


def test_a_header_that_names_another_address_gains_nothing(still: Flask) -> None:
    here = "198.51.100.10"
    put_failures(still, 9, POLICE, here)
    assert sign_in(still.test_client(), password="wrong", address=here, forwarded="203.0.113.1").status_code == 401
    assert sign_in(still.test_client(), address=here, forwarded="203.0.113.2").status_code == 429


def test_nor_does_it_stop_somebody_else(still: Flask) -> None:
    for _ in range(3):
        sign_in(still.test_client(), password="wrong", address="198.51.100.11", forwarded="203.0.113.3")
    with database_of(still).read(OPERATOR) as session:
        assert "203.0.113.3" not in set(session.scalars(select(SignInAttempt.address)))


def test_who_signs_in_is_who_the_services_know(still: Flask) -> None:
    client = still.test_client()
    sign_in(client)
    with database_of(still).read(OPERATOR) as session:
        row = session.scalars(select(SignIn).order_by(SignIn.id.desc()).limit(1)).one()
    assert row.person_id == person(database_of(still), "police").person_id


def throttles(database: Database) -> list[tuple[str, str]]:
    with database.read(OPERATOR) as session:
        rows = session.scalars(select(AuditEvent).where(AuditEvent.action == "session:throttle"))
        return [(row.subject, row.reason) for row in rows]


@pytest.mark.usefixtures("quick")
def test_a_hundred_failures_for_an_account_stop_it_from_everywhere(app: Flask) -> None:
    for number in range(11):
        put_failures(app, 9, POLICE, f"203.0.113.{number}")
    assert sign_in(app.test_client(), address="203.0.113.99", password="wrong").status_code == 401
    assert sign_in(app.test_client(), address="203.0.113.98").status_code == 429
    assert sign_in(app.test_client(), email="nhs@portal.example", address="203.0.113.98").status_code == 303
    assert throttles(database_of(app)) == [(f"account {POLICE}", "100 failures for one account in 5 minutes")]


@pytest.mark.usefixtures("quick")
def test_the_trail_says_once_that_somebody_has_to_wait(app: Flask) -> None:
    put_failures(app, 9, POLICE, "198.51.100.30", ago=290)
    for _ in range(4):
        sign_in(app.test_client(), address="198.51.100.30", password="wrong")
    why = "10 failures for one account from one address in 5 minutes"
    assert throttles(database_of(app)) == [(f"account {POLICE}", why)]
    put_failures(app, 49, "nobody@portal.example", "198.51.100.31")
    for email in ("a@portal.example", "b@portal.example"):
        sign_in(app.test_client(), email=email, address="198.51.100.31", password="wrong")
    assert throttles(database_of(app))[1:] == [("address 198.51.100.31", "50 failures from one address in 5 minutes")]


def test_a_partner_reads_of_failures_to_sign_in_as_its_people(app: Flask) -> None:
    sign_in(app.test_client(), address="198.51.100.32", password="wrong")
    sign_in(app.test_client(), email="nhs@portal.example", address="198.51.100.32", password="wrong")
    events = trail(database_of(app), person(database_of(app), "police"), "session:refuse").events
    assert [(event.subject, event.address) for event in events] == [(f"account {POLICE}", "198.51.100.32")]


def test_partners_do_not_learn_from_where_the_teams_people_come(app: Flask) -> None:
    database = database_of(app)
    number = returns.find_return(database, person(database, "police"), "2008-09-q2", "NI 16")
    review.reopen(database, person(database, "team"), number, None, "It was counted twice.")

    def seen(who: str) -> str:
        return trail(database, person(database, who), "return:reopen").events[0].address

    assert (seen("police"), seen("team"), seen("admin")) == ("", "127.0.0.1", "127.0.0.1")


# --- the password form guesses too ------------------------------------------------------------------------


@pytest.fixture
def quick_to_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "matches", lambda _kept, typed: typed == PASSWORD)


@pytest.mark.usefixtures("quick_to_change")
def test_a_session_that_guesses_its_own_password_has_to_wait(app: Flask) -> None:
    client = app.test_client()
    sign_in(client, address="198.51.100.33")
    for _ in range(10):
        answer = send(client, "/password", address="198.51.100.33", old="wrong", new="short", again="other")
        assert answer.status_code == 422
        assert 'href="#new"' not in answer.text  # nothing of the new one is judged before
        assert 'href="#again"' not in answer.text
    answer = send(client, "/password", address="198.51.100.33", old=PASSWORD, new=NEW, again=NEW)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert sign_in(app.test_client(), address="198.51.100.33").status_code == 429
    events = trail(database_of(app), person(database_of(app), "police"), "password:refuse").events
    assert len(events) == 10
    assert len(throttles(database_of(app))) == 1


@pytest.mark.parametrize("typed", ["wrong", PASSWORD])
def test_nobody_waits_while_a_password_is_compared(app: Flask, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    """Comparing takes its time: meanwhile somebody else writes."""
    database, others = database_of(app), []

    def compare(_kept: str, given: str) -> bool:
        with database.write(OPERATOR) as session:  # on SQLite it would wait for the comparing in vain
            others.append(session.execute(update(Person).values(name=Person.name)))
        return given == PASSWORD

    monkeypatch.setattr(sessions, "matches", compare)
    monkeypatch.setattr(people, "matches", compare)
    sign_in(app.test_client(), password=typed, address="198.51.100.34")
    with pytest.raises(Invalid):
        people.change_password(database, person(database, "police"), typed, "short", "short")
    assert len(others) == 2


def test_signing_in_again_ends_the_session_that_the_browser_held(app: Flask) -> None:
    client, thief = app.test_client(), app.test_client()
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    assert found
    data = {"csrf_token": found[1], "email": POLICE, "password": PASSWORD}
    client.post("/sign-in", data=data)
    kept = client.get_cookie("portal_session")
    assert kept is not None
    thief.set_cookie("portal_session", kept.value)
    assert signed_in(thief)
    assert client.post("/sign-in", data=data | {"password": "wrong"}).status_code == 401
    assert signed_in(thief)
    assert client.post("/sign-in", data=data | {"email": "nhs@portal.example"}).status_code == 303
    assert signed_in(client)
    assert not signed_in(thief)


# --- API tokens end with the password ---------------------------------------------------------------------


@pytest.mark.parametrize("how", ["changed", "given", "disabled", "revoked"])
def test_a_token_ends_for_good(app: Flask, how: str) -> None:
    database = database_of(app)
    tokens = [sessions.issue_token(database, OPERATOR, POLICE) for _ in range(2)]
    other = sessions.issue_token(database, OPERATOR, "nhs@portal.example")
    assert sessions.who_holds(database, tokens[0], "").email == POLICE
    if how == "changed":
        people.change_password(database, person(database, "police"), PASSWORD, NEW, NEW)
    elif how == "given":
        people.set_password(database, OPERATOR, POLICE, NEW)
    elif how == "disabled":
        people.set_disabled(database, OPERATOR, POLICE, disabled=True)
        people.set_disabled(database, OPERATOR, POLICE, disabled=False)
    else:
        assert sessions.revoke_tokens(database, OPERATOR, POLICE) == 2
        assert sessions.revoke_tokens(database, OPERATOR, POLICE) == 0
    for token in tokens:
        with pytest.raises(SignInRequired):
            sessions.who_holds(database, token, "")
    assert sessions.who_holds(database, other, "").email == "nhs@portal.example"
    with database.read(OPERATOR) as session:
        rows = session.scalars(select(AuditEvent).where(AuditEvent.action == "token:revoke")).all()
        assert [(row.subject, row.after) for row in rows] == [(f"account {POLICE}", '{"tokens":2}')]


# --- behind proxies ---------------------------------------------------------------------------------------


def behind(database: Database, proxies: int) -> Flask:
    return create_app(settings().model_copy(update={"trusted_proxies": proxies}), database)


@pytest.mark.parametrize(
    ("proxies", "named", "counted"),
    [
        (0, "203.0.113.7", "127.0.0.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "192.0.2.1, 203.0.113.7", "203.0.113.7"),  # what the client itself wrote is before
        (2, "192.0.2.1, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (1, "x" * 300, "x" * 64),
    ],
)
def test_as_many_proxies_are_believed_as_there_are(
    sqlite_database: Database, proxies: int, named: str, counted: str
) -> None:
    client = behind(sqlite_database, proxies).test_client()
    assert sign_in(client, password="wrong", forwarded=named).status_code == 401
    with sqlite_database.read(OPERATOR) as session:
        assert session.scalars(select(SignInAttempt.address)).all() == [counted]


def test_behind_a_proxy_that_speaks_tls_people_sign_in(sqlite_database: Database) -> None:
    client = behind(sqlite_database, 1).test_client()
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "Host": "portal.example.org"}
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in", headers=told).text)
    assert found
    data = {"csrf_token": found[1], "email": POLICE, "password": PASSWORD}
    forged = client.post("/sign-in", data=data, headers=told | {"Referer": "https://evil.example/sign-in"})
    assert forged.status_code == 400
    answer = client.post("/sign-in", data=data, headers=told | {"Referer": "https://portal.example.org/sign-in"})
    assert answer.status_code == 303


def test_a_refused_sign_in_marks_its_fields_and_takes_the_focus_to_what_is_wrong(app: Flask) -> None:
    client = app.test_client()
    plain = client.get("/sign-in").text
    assert "aria-invalid" not in plain
    refused = send(client, "/sign-in", email=POLICE, password="wrong").text
    assert "<title>Error: Sign in</title>" in refused
    assert refused.count('aria-invalid="true" aria-describedby="problem"') == 2
    assert 'role="alert" id="problem" tabindex="-1" autofocus' in refused
