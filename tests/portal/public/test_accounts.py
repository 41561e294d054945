"""Invitations and links to choose a password, what the administrator does about how people sign in, and who else does not."""

import logging
import random
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text, update
from werkzeug.test import TestResponse

from models.audit import AuditEvent
from models.base import Base
from models.invitations import Invitation
from models.people import Person, SignIn, SignInAttempt
from models.reminders import OutboxMessage
from models.rules.outbox import Delivery
from portal.actor import OPERATOR, public
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound, SignInRequired
from portal.formats.passwords import matches
from portal.services import factors, invitations, people, reminders, sessions
from portal.viewmodels.people import Mailing
from tests.conftest import PASSWORD, person, settings, sign_in
from tests.support.codes import KEY, enrol
from tests.support.post import BASE, Kept, deliver

ANN = "ann@portal.example"
NEW = "three kettles on a hill"
NOBODY = public()


def database_of(app: Flask) -> Database:
    return app.extensions["portal"]["database"]


def send(client: FlaskClient, form: str, path: str, **fields: str) -> TestResponse:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(form).text)
    assert found, f"{form} shows no form"
    return client.post(path, data={"csrf_token": found[1], **fields})


def invited(database: Database, **more: Any) -> str:
    """Ann's account; answers what is in her link."""
    made = invitations.invite(database, OPERATOR, ANN, "Ann Other", "team", None, **more)
    return made.path.removeprefix("/welcome/")


def choose(database: Database, token: str, password: str = NEW) -> None:
    invitations.choose_password(database, NOBODY, token, password, password)


def dead(database: Database, token: str) -> bool:
    """Whether a link is refused, when it is looked at and when it is used."""
    refused = 0
    for work in (lambda: invitations.whose(database, NOBODY, token), lambda: choose(database, token)):
        try:
            work()
        except NotFound:
            refused += 1
    assert refused in (0, 2)
    return refused == 2


def hash_of(database: Database, email: str) -> str:
    with database.read(OPERATOR) as session:
        return session.scalars(select(Person.password_hash).where(Person.email == email)).one()


def everything(database: Database) -> str:
    """All that the database holds, as text."""
    with database.read(OPERATOR) as session:
        return "".join(repr(session.execute(text(f"SELECT * FROM {name}")).all()) for name in Base.metadata.tables)


# --- the link: C13 ----------------------------------------------------------------------------------------


def test_a_link_lets_its_person_choose_a_password_once_on_both_databases(database: Database) -> None:
    token = invited(database)
    assert invitations.whose(database, NOBODY, token) == ANN
    with pytest.raises(SignInRequired):
        sessions.sign_in(database, NOBODY, ANN, "")
    for weak in ("short", "a" * 20, "ann other ann other"):
        with pytest.raises(Invalid):
            choose(database, token, weak)
    with pytest.raises(Invalid, match="differ"):
        invitations.choose_password(database, NOBODY, token, NEW, f"{NEW}!")
    choose(database, token)  # what could not be taken did not use it up
    assert sessions.sign_in(database, NOBODY, ANN, NEW)
    assert dead(database, token)
    assert token not in everything(database)


def test_what_is_almost_a_link_is_none(sqlite_database: Database) -> None:
    token, chance = invited(sqlite_database), random.Random(11)
    mutated = {token[:-1], f"{token}x", token.swapcase(), token[::-1], f" {token}", token.upper(), "", "\x00", "é"}
    while len(mutated) < 200:
        at = chance.randrange(len(token))
        flipped = chr(ord(token[at]) ^ (1 << chance.randrange(7)))
        mutated.add(token[:at] + flipped + token[at + 1 :])
    for one in mutated - {token}:
        with pytest.raises(NotFound):
            choose(sqlite_database, one)
    client = create_app(settings(), sqlite_database).test_client()
    for one in sorted(one for one in mutated if re.fullmatch(r"[\w-]+", one, re.ASCII))[:40]:
        assert client.get(f"/welcome/{one}").status_code == 404
    assert client.get(f"/welcome/{token}").status_code == 200


@pytest.mark.parametrize("how", ["newer", "disabled", "role", "address", "too old", "password", "another purpose"])
def test_a_link_is_dead_once(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    database, token = sqlite_database, invited(sqlite_database)
    number = person(database, "ann").person_id
    if how == "newer":
        newer = invitations.new_link(database, OPERATOR, ANN).path.removeprefix("/welcome/")
        assert invitations.whose(database, NOBODY, newer) == ANN
    elif how == "disabled":
        people.set_disabled(database, OPERATOR, ANN, disabled=True)
        people.set_disabled(database, OPERATOR, ANN, disabled=False)  # it does not live again
    elif how == "role":
        people.change_person(database, person(database, "admin"), number, "Ann", "lead", "police", "She moved.")
    elif how == "address":
        with database.write(OPERATOR) as session:
            session.execute(update(Person).where(Person.id == number).values(email="other@portal.example"))
    elif how == "too old":
        now = Clock().now()
        monkeypatch.setattr(Clock, "now", lambda _clock: now + timedelta(days=7, seconds=1))
    elif how == "password":
        people.set_password(database, OPERATOR, ANN, "six brown bicycles")
    else:  # other secrets of the portal's are no links
        token = sessions.begin(database, person(database, "ann"))
    assert dead(database, token)


def test_a_link_neither_signs_in_nor_goes_round_the_second_factor(sqlite_database: Database) -> None:
    app = create_app(settings().model_copy(update={"second_factor": "required"}), sqlite_database)
    enrol(sqlite_database, person(sqlite_database, "team"))
    link = invitations.new_link(sqlite_database, OPERATOR, "team@portal.example").path
    client, elsewhere = app.test_client(), sign_in(app, "police")
    page = client.get(link)
    assert (page.status_code, page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == (
        *(200, "no-store", "strict-origin"),
    )
    done = send(client, link, link, new=NEW, again=NEW)
    assert (done.status_code, "chosen" in done.text) == (200, True)
    assert client.get("/session").status_code == 302
    email = "team@portal.example"
    assert send(client, "/sign-in", "/sign-in", email=email, password=NEW).location == "/sign-in/code"
    assert client.get("/review").location.startswith("/sign-in/code")
    assert factors.state(sqlite_database, person(sqlite_database, "team")).since is not None
    assert elsewhere.get("/session").status_code == 204  # another's session is none of its business


def test_a_forgotten_password_is_good_until_a_new_one_is_chosen_and_then_all_sessions_end(
    sqlite_database: Database,
) -> None:
    police = person(sqlite_database, "police")
    token = sessions.begin(sqlite_database, police)
    programs = sessions.issue_token(sqlite_database, OPERATOR, police.email)
    link = invitations.new_link(sqlite_database, OPERATOR, police.email).path.removeprefix("/welcome/")
    assert sessions.who_is(sqlite_database, token, "") is not None
    assert matches(hash_of(sqlite_database, police.email), PASSWORD)
    choose(sqlite_database, link)
    assert sessions.who_is(sqlite_database, token, "") is None
    with pytest.raises(SignInRequired):
        sessions.who_holds(sqlite_database, programs, "")
    assert matches(hash_of(sqlite_database, police.email), NEW)


def test_a_link_is_in_no_log(sqlite_database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: Any) -> None:
    app = create_app(settings(), sqlite_database)
    token = invited(sqlite_database)

    def broken(*_: object) -> str:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(invitations, "whose", broken)
    with caplog.at_level(logging.DEBUG):
        assert app.test_client().get(f"/welcome/{token}").status_code == 500
    assert "/welcome/<token>" in caplog.text
    assert token not in caplog.text


def test_an_account_that_was_invited_is_refused_like_any_other(sqlite_database: Database) -> None:
    """With as much work: a hash that nobody has the password of is a hash all the same."""
    invited(sqlite_database)
    assert hash_of(sqlite_database, ANN).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


# --- by e-mail --------------------------------------------------------------------------------------------


def test_where_mail_is_set_up_the_link_goes_out_through_the_outbox_sealed_until_then(database: Database) -> None:
    token = invited(database, mailing=Mailing(BASE, KEY))
    assert token not in everything(database)
    channel = Kept()
    assert deliver(database, channel).sent == 1
    (letter,) = channel.to("ann")
    body = letter.get_content()
    assert f"{BASE}/welcome/{token}" in body.replace("\n", "")
    assert letter["List-Unsubscribe"] is None
    assert letter["Subject"] == "Choose your password for the partnership portal"
    with database.read(OPERATOR) as session:
        row = session.scalars(select(OutboxMessage)).one()
        assert (row.state, row.body) == (Delivery.SENT, "")
    assert reminders.remind(database, OPERATOR, BASE).drafts  # reminders of the same day are counted on after it
    assert invitations.whose(database, NOBODY, token) == ANN


def test_a_letter_whose_link_is_dead_is_not_sent(sqlite_database: Database) -> None:
    invited(sqlite_database, mailing=Mailing(BASE, KEY))
    second = invitations.new_link(sqlite_database, OPERATOR, ANN, Mailing(BASE, KEY)).path
    channel = Kept()
    done = deliver(sqlite_database, channel)
    assert (done.sent, done.dropped) == (1, 1)
    assert f"{BASE}{second}" in channel.to("ann")[0].get_content().replace("\n", "")


def test_a_letter_that_was_sealed_with_another_key_fails_and_says_so(sqlite_database: Database) -> None:
    invited(sqlite_database, mailing=Mailing(BASE, "another key of forty characters or more.."))
    channel = Kept()
    done = deliver(sqlite_database, channel)
    assert (channel.messages, [why for _, why, _ in done.wrong]) == (
        *([], ["It was sealed with another secret key than the portal has now. Make a new link."]),
    )


# --- the administrator's pages ------------------------------------------------------------------------------


def test_the_administrator_invites_and_sees_the_link_once(app: Flask) -> None:
    admin = sign_in(app, "admin")
    fields = {"email": " Ann@Portal.example ", "name": "Ann Other", "role": "lead", "organisation": "police"}
    wrong = send(admin, "/people/invite", "/people/invite", **{**fields, "organisation": "", "email": "ann"})
    assert (wrong.status_code, wrong.text.count('class="problem"')) == (422, 2)
    assert 'value="Ann Other"' in wrong.text
    page = send(admin, "/people/invite", "/people/invite", **fields)
    found = re.search(r">http://localhost(/welcome/[\w-]{43})<", page.text)
    assert found
    number = person(database_of(app), "ann").person_id
    about = admin.get(f"/people/{number}/sign-in").text
    assert "A link is open until" in about
    assert found[1] not in about
    assert send(admin, "/people/invite", "/people/invite", **fields).status_code == 409
    assert app.test_client().get(found[1]).status_code == 200
    with database_of(app).read(OPERATOR) as session:
        trail = [
            (e.action, e.after) for e in session.scalars(select(AuditEvent).where(AuditEvent.subject.like("%ann%")))
        ]
    assert [action for action, _ in trail] == ["account:manage", "account:invite"]


def test_the_administrator_ends_sessions_and_resets_a_second_step_with_a_reason(app: Flask) -> None:
    database, admin = database_of(app), sign_in(app, "admin")
    police = person(database, "police")
    enrol(database, police)
    token = sessions.begin(database, police, factor=True)
    path = f"/people/{police.person_id}/sign-in"
    assert "Signed in in 1 session." in admin.get(path).text
    assert send(admin, path, path, what="sessions").location == f"{path}?done=sessions"
    assert sessions.who_is(database, token, "") is None
    assert "Every session of this account has ended." in admin.get(f"{path}?done=sessions").text
    assert send(admin, path, path, what="factor", reason=" ").status_code == 422
    assert factors.state(database, police).since is not None
    token = sessions.begin(database, police, factor=True)
    assert send(admin, path, path, what="factor", reason="Lost on a bus.").status_code == 303
    assert (factors.state(database, police).since, sessions.who_is(database, token, "")) == (None, None)
    with database.read(OPERATOR) as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).one()
        assert (last.action, last.subject, last.reason) == ("factor:reset", f"account {police.email}", "Lost on a bus.")
    assert send(admin, path, path, what="factor", reason="Again.").status_code == 409


def test_nobody_goes_round_their_own_password_or_second_step_as_administrator(app: Flask) -> None:
    database, admin = database_of(app), sign_in(app, "admin")
    own = person(database, "admin")
    with pytest.raises(Conflict):
        invitations.new_link(database, own, own.email)
    with pytest.raises(Conflict):
        factors.reset(database, own, own.email, "Lost.")
    path = f"/people/{own.person_id}/sign-in"
    assert "Make a new link" not in admin.get(path).text
    assert send(admin, path, path, what="link").status_code == 409
    assert send(admin, path, path, what="sessions").location == "/sign-in"


@pytest.mark.parametrize("who", ["police", "team", "executive", "reviewer", "police.contributor"])
def test_only_the_administrator_does_any_of_this(app: Flask, who: str) -> None:
    database, actor, client = database_of(app), person(database_of(app), who), sign_in(app, who)
    for work in (
        lambda: invitations.invite(database, actor, ANN, "Ann", "admin", None),
        lambda: invitations.new_link(database, actor, "admin@portal.example"),
        lambda: invitations.signing_in(database, actor, 1),
        lambda: sessions.end_all(database, actor, "admin@portal.example"),
        lambda: factors.reset(database, actor, "admin@portal.example", "x"),
    ):
        with pytest.raises(Forbidden):
            work()
    for path in ("/people/invite", "/people/1/sign-in"):
        assert send(client, "/password", path, what="link", email=ANN, role="admin").status_code == 403
    with database.read(OPERATOR) as session:
        assert session.scalar(select(func.count(Invitation.id))) == 0


# --- clearing away ------------------------------------------------------------------------------------------


def test_what_is_long_over_is_cleared_away_with_the_next_reminders(database: Database) -> None:
    now = datetime.now(UTC)
    police = person(database, "police")
    invited(database)
    sessions.begin(database, police)
    with database.write(OPERATOR) as session:
        for days in (89, 91):
            at = now - timedelta(days=days)
            session.add(SignInAttempt(email="x@portal.example", address="", at=at))
            session.add(SignIn(token_hash=f"{days}", person_id=police.person_id, started_at=at, last_seen_at=at))
            link = {"person_id": police.person_id, "email": police.email, "made_at": at, "expires_at": at}
            session.add(Invitation(token_hash=f"{days}", **link))
    reminders.remind(database, OPERATOR, "")
    with database.read(OPERATOR) as session:
        left = [session.scalar(select(func.count()).select_from(t)) for t in (SignInAttempt, SignIn, Invitation)]
    assert left == [1, 2, 2]


def test_the_folder_or_server_of_the_mail_decides_whether_letters_go_out() -> None:
    whole = settings().model_copy(update={"mail_folder": Path("mail"), "base_url": BASE})
    assert whole.mailing == Mailing(BASE, KEY)
    for missing in ({"mail_folder": None}, {"base_url": ""}, {"secret_key": None}):
        assert whole.model_copy(update=missing).mailing is None
