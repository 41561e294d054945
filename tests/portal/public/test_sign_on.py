"""Signing on with one's organisation: the way in, and everything that does not lead in."""

import logging
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from flask import Flask
from sqlalchemy import delete, func, select

from models.audit import AuditEvent
from models.people import Person, SignIn, SignInAttempt
from models.sign_on import SignOnSubject
from portal import issuers
from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.services import people, sessions, sign_on_providers
from portal.words import sign_on as words
from tests.conftest import PASSWORD, TODAY
from tests.support import issuer as forging
from tests.support.issuer import CLIENT, SECRET, Issuer, honest, issuing, make_key
from tests.support.signing_on import (
    BASE,
    POLICE,
    ask,
    provide,
    said,
    sent_back,
    sign_on,
    signed_in,
    way_of,
    with_address,
)

NAME = "Leicestershire Constabulary"
UNTRUSTED, UNVERIFIED = words.untrusted(NAME), words.unverified(NAME)
SILENT = words.silent(NAME, passwords=True)
MEANT = "/returns?period=2008-09-q3"


@pytest.fixture(scope="module")
def there() -> Iterator[Issuer]:
    """The provider of the police."""
    with issuing() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Issuer]:
    """The provider of another organisation."""
    with issuing() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def still(
    sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory, there: Issuer, elsewhere: Issuer
) -> Iterator[Flask]:
    """One app for the tests that leave nothing behind but who was refused, and who was recognised."""
    path = tmp_path_factory.mktemp("sign-on") / "portal.sqlite"
    shutil.copy(sqlite_demo, path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    provide(database, there)
    provide(database, elsewhere, "nhs", ("nhs.example",))
    yield create_app(with_address(), database)
    database.dispose()


@pytest.fixture
def base(still: Flask) -> Database:
    database: Database = still.extensions["portal"]["database"]
    return database


@pytest.fixture(autouse=True)
def anew(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, there: Issuer, elsewhere: Issuer) -> None:
    """Honest providers, of which nothing is kept; nobody has failed yet, and nobody is recognised."""
    honest(there)
    honest(elsewhere)
    monkeypatch.setattr(issuers, "KEPT", 0.0)
    monkeypatch.setattr(issuers, "PATIENCE", -1.0)
    with request.getfixturevalue("base").write(OPERATOR) as session:
        session.execute(delete(SignInAttempt))
        session.execute(delete(SignOnSubject))


def rows(database: Database, table: type) -> int:
    with database.read(OPERATOR) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def trail(database: Database, since: int) -> list[tuple[str, str, str]]:
    """What the trail says from there on."""
    with database.read(OPERATOR) as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.number > since).order_by(AuditEvent.number))
        return [(event.action, event.subject, event.reason) for event in events]


def test_whoever_their_organisation_vouches_for_lands_where_they_wanted_to_go(
    still: Flask, base: Database, there: Issuer
) -> None:
    client, before = still.test_client(), rows(base, AuditEvent)
    page = client.get("/sign-in?next=/returns%3Fperiod%3D2008-09-q3")
    assert '<a href="/sign-on?next=%2Freturns%3Fperiod%3D2008-09-q3">Sign in with your organisation</a>' in page.text
    answer = sign_on(client, "Police@Portal.Example ", MEANT)
    assert (answer.status_code, answer.headers["Location"]) == (303, MEANT)
    assert signed_in(client)
    assert trail(base, before) == [
        ("session:recognise", f"account {POLICE}", ""),
        ("session:start", f"account {POLICE}", ""),
    ]
    assert there.refused == []
    # Once more, and nobody has to be recognised.
    assert sign_on(client, target=MEANT).status_code == 303
    with base.read(OPERATOR) as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(2)).all()
    assert [(event.action, event.after) for event in last] == [
        ("session:end", ""),
        ("session:start", '{"second_factor":false,"way":"sign-on of police"}'),
    ]


def test_what_is_asked_of_the_provider(still: Flask, there: Issuer) -> None:
    asked = said(way_of(ask(still.test_client(), target=MEANT)))
    assert {name: asked[name] for name in ("response_type", "client_id", "scope", "login_hint", "redirect_uri")} == {
        "response_type": "code",
        "client_id": CLIENT,
        "scope": "openid email",
        "login_hint": POLICE,
        "redirect_uri": f"{BASE}/sign-on/police/back",
    }
    assert asked["code_challenge_method"] == "S256"
    assert all(len(asked[name]) >= 43 for name in ("state", "nonce", "code_challenge"))
    again = said(way_of(ask(still.test_client())))
    assert all(asked[name] != again[name] for name in ("state", "nonce", "code_challenge"))


def test_the_address_to_come_back_to_is_the_one_that_was_set_whatever_a_request_says(still: Flask) -> None:
    client = still.test_client()
    page = ask(client)
    token = client.get("/sign-on").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    data = {"csrf_token": token, "email": POLICE}
    page = client.post(
        "/sign-on", data=data, headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    )
    assert said(way_of(page))["redirect_uri"] == f"{BASE}/sign-on/police/back"


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # its newer name is Ed25519; providers still say the older
@pytest.mark.parametrize("alg", ["RS256", "PS256", "EdDSA"])
def test_other_signatures_that_only_a_private_key_makes_are_good(still: Flask, there: Issuer, alg: str) -> None:
    there.turn(alg)
    assert sign_on(still.test_client()).status_code == 303


def test_a_secret_may_be_sent_in_the_form_or_in_the_header(still: Flask, there: Issuer) -> None:
    there.by_form = True
    assert sign_on(still.test_client()).status_code == 303
    there.by_form = False
    assert sign_on(still.test_client()).status_code == 303


def changed(**claims: Any) -> dict[str, Any]:
    """An ID token with other claims; None leaves one out."""
    return {"claims": lambda held: {n: v for n, v in {**held, **claims}.items() if v is not None}}


def later(name: str, seconds: int) -> dict[str, Any]:
    return {"claims": lambda held: {**held, name: held["iat"] + seconds}}


def person(**claims: Any) -> dict[str, Any]:
    return {"person": {"sub": "s-1", "email": POLICE, "email_verified": True, **claims}}


Case = tuple[dict[str, Any], str, str]
UNTRUSTED_TOKENS: dict[str, tuple[dict[str, Any], str]] = {
    "nobody signed it": ({"forge": forging.unsigned}, "signature"),
    "signed with the public key as a secret": ({"forge": forging.with_public_key}, "signature"),
    "signed with the client's secret": ({"forge": forging.with_client_secret}, "signature"),
    "signed with another key": ({"forge": forging.with_other_key}, "signature"),
    "brings its own key": ({"forge": forging.with_own_key}, "signature"),
    "changed after it was signed": ({"forge": forging.broken}, "signature"),
    "signed with a key that is not published": ({"published": [make_key("ES256")]}, "key"),
    "no key is published": ({"published": []}, ""),
    "an access token": ({"forge": forging.typed("at+jwt")}, "type"),
    "a logout token": ({"forge": forging.typed("logout+jwt")}, "type"),
    "no token at all": ({"redeem": lambda _: {"access_token": "x", "token_type": "Bearer"}}, "no token"),
    "not a token": ({"redeem": lambda held: {**held, "id_token": ["x"]}}, "no token"),
    "another issuer's": (changed(iss="https://login.evil.example"), "iss"),
    "of an issuer with a slash more": ({"claims": lambda held: {**held, "iss": held["iss"] + "/"}}, "iss"),
    "of no issuer": (changed(iss=None), "iss"),
    "for another audience": (changed(aud="another-client"), "aud"),
    "for no audience": (changed(aud=None), "aud"),
    "for several, and not said for whom": (changed(aud=[CLIENT, "another-client"]), "azp"),
    "for several, and given to another": (changed(aud=[CLIENT, "other"], azp="other"), "azp"),
    "given to another": (changed(azp="other"), "azp"),
    "expired": (later("exp", -61), "exp"),
    "never expires": (changed(exp=None), "exp"),
    "expires when one likes": (changed(exp="tomorrow"), "exp"),
    "not yet valid": (later("nbf", 3600), "nbf"),
    "made in time to come": (changed(iat=2**33), "iat"),
    "made long ago": ({"claims": lambda held: {**held, "iat": held["iat"] - 7200}}, "iat"),
    "made nobody knows when": (changed(iat=None), "iat"),
    "of another sign-on": (changed(nonce="another"), "nonce"),
    "of no sign-on": (changed(nonce=None), "nonce"),
    "of nobody": (changed(sub=None), "sub"),
    "of a subject that is no name": (changed(sub=["s-1"]), "sub"),
    "of a subject that cannot be kept": (changed(sub="s\x00"), "sub"),
}


@pytest.mark.parametrize("name", UNTRUSTED_TOKENS)
def test_a_token_that_is_not_to_be_believed_lets_nobody_in(
    still: Flask, base: Database, there: Issuer, name: str
) -> None:
    knobs, why = UNTRUSTED_TOKENS[name]
    if name == "no key is published":
        client = still.test_client()
        there.published = []
        assert ask(client).status_code == 503  # it cannot even be begun
        return
    refuse(still, base, there, knobs, UNTRUSTED, why)


ANSWERS: dict[str, Case] = {
    "a code that is none": ({"answer": lambda held: {**held, "code": "guessed"}}, UNTRUSTED, "the code was refused"),
    "no code": ({"answer": lambda held: {**held, "code": None}}, UNTRUSTED, "no token"),
    "another issuer's name": (
        {"answer": lambda held: {**held, "iss": "https://x.example"}},
        UNTRUSTED,
        "another issuer",
    ),
    "no issuer's name, where it says it": ({"answer": lambda held: {**held, "iss": None}}, UNTRUSTED, "another issuer"),
    "that it was declined": (
        {"answer": lambda held: {**held, "code": None, "error": "access_denied", "error_description": "<b>No</b>"}},
        words.refused(NAME),
        "declined",
    ),
    "another state": ({"answer": lambda held: {**held, "state": "another"}}, words.STALE, "not begun in this browser"),
    "no state": ({"answer": lambda held: {**held, "state": None}}, words.STALE, "not begun in this browser"),
    "an address that it has not verified": (person(email_verified=False), UNVERIFIED, "no verified address"),
    "an address, and nothing of having verified it": (person(email_verified=None), UNVERIFIED, "no verified address"),
    "the text true": (person(email_verified="true"), UNVERIFIED, "no verified address"),
    "an owner's domain against its own word": (
        person(email_verified=False, xms_edov=True),
        UNVERIFIED,
        "no verified address",
    ),
    "no address": (person(email=None), UNVERIFIED, "no verified address"),
    "two addresses": (person(email=f"{POLICE},x@portal.example"), UNVERIFIED, "no verified address"),
    "an address of a domain that is not its": (person(email="police@nhs.example"), UNVERIFIED, "does not vouch for"),
    "an address below its domain": (person(email="police@x.portal.example"), UNVERIFIED, "does not vouch for"),
    "an address that nobody here has": (person(email="new@portal.example"), words.UNKNOWN, "no account"),
    "an account of another organisation": (person(email="nhs@portal.example"), words.UNKNOWN, "no account"),
    "an account of no organisation": (person(email="team@portal.example"), words.UNKNOWN, "no account"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_that_is_not_as_it_should_be_lets_nobody_in(
    still: Flask, base: Database, there: Issuer, name: str
) -> None:
    refuse(still, base, there, *ANSWERS[name])


def refuse(still: Flask, base: Database, there: Issuer, knobs: dict[str, Any], sentence: str, why: str) -> None:
    """Nobody gets in: one sentence, no session, one event of the trail, and no word of a claim in either."""
    before, begun = rows(base, AuditEvent), rows(base, SignIn)
    for knob, value in knobs.items():
        setattr(there, knob, value)
    client = still.test_client()
    answer = sign_on(client)
    assert answer.status_code == 401, answer.text
    assert sentence in re.sub("&#39;", "'", answer.text)
    assert "<b>No</b>" not in answer.text
    assert not signed_in(client)
    assert rows(base, SignIn) == begun
    (event,) = trail(base, before)
    assert event[0] == "session:refuse"
    assert event[2].startswith("sign-on of police: ")
    assert why in event[2]
    assert rows(base, SignInAttempt) == 1


def test_who_owns_the_domain_is_as_good_as_a_verified_address(still: Flask, there: Issuer) -> None:
    """As Microsoft Entra ID says it."""
    there.person = {"sub": "s-1", "email": POLICE, "xms_edov": True}
    assert sign_on(still.test_client()).status_code == 303


def test_a_disabled_account_and_a_changed_subject_are_refused_in_the_words_for_no_account(
    still: Flask, base: Database, there: Issuer
) -> None:
    assert sign_on(still.test_client()).status_code == 303
    there.person["sub"] = "s-2"  # the address has changed hands
    refuse(still, base, there, {}, words.UNKNOWN, "no account")
    there.person |= {"sub": "s-1", "email": "police.contributor@portal.example"}  # a subject that is somebody else
    with base.write(OPERATOR) as session:
        session.execute(delete(SignInAttempt))
    refuse(still, base, there, {}, words.UNKNOWN, "no account")
    there.person["email"] = POLICE
    with base.write(OPERATOR) as session:
        session.execute(delete(SignInAttempt))
    people.set_disabled(base, OPERATOR, POLICE, disabled=True)
    try:
        refuse(still, base, there, {}, words.UNKNOWN, "no account")
    finally:
        people.set_disabled(base, OPERATOR, POLICE, disabled=False)


def test_forgotten_by_hand_a_person_is_recognised_anew(still: Flask, base: Database, there: Issuer) -> None:
    sign_on(still.test_client())
    there.person["sub"] = "s-2"
    sign_on_providers.forget(base, OPERATOR, POLICE, "The police made the account anew.")
    assert sign_on(still.test_client()).status_code == 303


def test_nothing_of_a_role_is_taken_from_a_provider(still: Flask, base: Database, there: Issuer) -> None:
    there.person |= {"role": "admin", "roles": ["admin"], "groups": ["team"], "name": "Somebody Else"}
    client = still.test_client()
    assert sign_on(client, target="/people").status_code == 303
    assert client.get("/people").status_code == 403
    with base.read(OPERATOR) as session:
        row = session.scalars(select(Person).where(Person.email == POLICE)).one()
    assert (row.role, row.name) != ("admin", "Somebody Else")
    assert row.name != "Somebody Else"


def test_that_the_provider_asked_for_two_factors_is_said_in_the_trail(
    still: Flask, base: Database, there: Issuer
) -> None:
    for claims, strong in (
        ({"amr": ["pwd", "mfa"]}, "true"),
        ({"acr": "https://refeds.org/profile/mfa"}, "true"),
        ({"amr": ["pwd"], "acr": "1"}, "false"),
        ({"acr": ["https://refeds.org/profile/mfa"]}, "false"),
    ):
        there.person = {"sub": "s-1", "email": POLICE, "email_verified": True, **claims}
        assert sign_on(still.test_client()).status_code == 303
        with base.read(OPERATOR) as session:
            started = select(AuditEvent).where(AuditEvent.action == "session:start").order_by(AuditEvent.number.desc())
            event = session.scalars(started.limit(1)).one()
        assert event.after == f'{{"second_factor":{strong},"way":"sign-on of police"}}'


def test_a_code_is_good_once_and_an_answer_for_one_browser(still: Flask, base: Database) -> None:
    client, other = still.test_client(), still.test_client()
    back = sent_back(way_of(ask(client)))
    stolen = other.get(back)
    assert (stolen.status_code, signed_in(other)) == (401, False)
    assert words.STALE in stolen.text
    assert client.get(back).status_code == 303
    assert client.get(back).status_code == 401


def test_a_code_that_was_used_is_refused_by_the_provider_and_told_so(still: Flask, there: Issuer) -> None:
    client = still.test_client()
    back = sent_back(way_of(ask(client)))
    there.codes.clear()
    answer = client.get(back)
    assert (answer.status_code, there.refused) == (401, ["code"])
    assert UNTRUSTED in answer.text.replace("&#39;", "'")


def test_an_injected_code_fails_for_want_of_its_verifier(still: Flask, there: Issuer) -> None:
    """Somebody else's code, put into one's own answer."""
    victim, thief = still.test_client(), still.test_client()
    stolen = said(sent_back(way_of(ask(victim))))["code"]
    own = said(sent_back(way_of(ask(thief))))
    answer = thief.get(f"/sign-on/police/back?{urlencode({**own, 'code': stolen})}")
    assert (answer.status_code, there.refused) == (401, ["challenge"])


def test_no_provider_answers_for_another(still: Flask, there: Issuer, elsewhere: Issuer) -> None:
    """A mix-up: begun with the police, whose sign-on sends the browser on to that of the NHS with the same state."""
    client = still.test_client()
    asked = said(way_of(ask(client)))
    moved = f"{elsewhere.url}/authorize?{urlencode(asked)}"
    code = said(requests.get(moved, allow_redirects=False, timeout=5).headers["Location"])
    for path in ("/sign-on/police/back", "/sign-on/nhs/back"):
        with client.session_transaction() as cookie:
            kept = cookie["sign_on"]
        answer = client.get(f"{path}?{urlencode(code)}")
        assert (answer.status_code, signed_in(client)) == (401, False)
        with client.session_transaction() as cookie:
            cookie["sign_on"] = kept
    assert "/token" not in there.asked
    assert "/token" not in elsewhere.asked


def test_a_sign_on_that_was_begun_long_ago_is_over(still: Flask) -> None:
    client = still.test_client()
    back = sent_back(way_of(ask(client)))
    with client.session_transaction() as cookie:
        cookie["sign_on"] = {**cookie["sign_on"], "at": cookie["sign_on"]["at"] - 601}
    answer = client.get(back)
    assert (answer.status_code, words.STALE in answer.text) == (401, True)


def test_what_another_version_kept_in_the_cookie_is_no_mistake_of_ours(still: Flask) -> None:
    client = still.test_client()
    back = sent_back(way_of(ask(client)))
    for kept in ({"state": "x"}, "x", ["x"]):
        with client.session_transaction() as cookie:
            cookie["sign_on"] = kept
        assert client.get(back).status_code == 401


def test_after_a_rotation_the_new_key_is_fetched_and_the_old_one_is_worth_nothing(
    still: Flask, there: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuers, "KEPT", 600.0)
    client = still.test_client()
    assert sign_on(client).status_code == 303
    old = there.key
    there.turn()
    assert sign_on(client).status_code == 303
    there.forge = lambda issuer, claims: issuer.sign(claims, old)
    assert sign_on(still.test_client()).status_code == 401


TROUBLE = ["error", "redirect", "no json", "deep", "huge", "drip", "slow", "broken"]


@pytest.mark.parametrize("trouble", TROUBLE)
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/token"])
def test_a_provider_that_does_not_answer_as_one_does_is_said_to_be_silent(
    still: Flask, base: Database, there: Issuer, monkeypatch: pytest.MonkeyPatch, path: str, trouble: str
) -> None:
    monkeypatch.setattr(issuers, "SECONDS", 0.15)
    monkeypatch.setattr("portal.records.sign_on.WINDOW", Clock().now() - Clock().now())
    client = still.test_client()
    url = way_of(ask(client)) if path == "/token" else ""
    before = rows(base, AuditEvent)
    there.trouble[path] = trouble
    answer = client.get(sent_back(url)) if url else ask(client)
    unread = path == "/token" and trouble in ("no json", "deep")
    assert answer.status_code == (401 if unread else 503)
    assert (UNTRUSTED if unread else SILENT) in answer.text.replace("&#39;", "'")
    assert not signed_in(client)
    assert [event[0] for event in trail(base, before)] == ["session:refuse" if unread else "session:silent"]
    assert "/elsewhere" not in there.asked
    # Passwords are not for the provider to keep anybody from.
    assert sessions.sign_in(base, OPERATOR, POLICE, PASSWORD)


def test_a_silent_provider_is_told_once_in_five_minutes_and_nobody_is_kept_waiting_for_it(
    still: Flask, base: Database, there: Issuer
) -> None:
    before = rows(base, AuditEvent)
    there.trouble["/jwks"] = "error"
    for _ in range(12):
        assert ask(still.test_client()).status_code == 503
    assert len(trail(base, before)) <= 1  # another test may have told it
    assert rows(base, SignInAttempt) == 0


DOCUMENTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "of another issuer": lambda held: {**held, "issuer": "https://login.evil.example"},
    "of no issuer": lambda held: {name: value for name, value in held.items() if name != "issuer"},
    "a list": lambda held: [held],
    "no address for tokens": lambda held: {name: value for name, value in held.items() if name != "token_endpoint"},
    "plain http elsewhere": lambda held: {**held, "token_endpoint": "http://login.example/token"},
    "another port of this machine": lambda held: {**held, "jwks_uri": "http://127.0.0.1:1/jwks"},
    "a machine of the network, by its number": lambda held: {**held, "jwks_uri": "https://169.254.169.254/jwks"},
    "a machine of the network, by a short name": lambda held: {**held, "jwks_uri": "https://intranet/jwks"},
    "a file": lambda held: {**held, "jwks_uri": "file:///etc/passwd"},
    "a user in the address": lambda held: {**held, "token_endpoint": "https://a:b@login.example/token"},
    "a script": lambda held: {**held, "authorization_endpoint": "javascript:alert(1)"},
    "a header": lambda held: {**held, "authorization_endpoint": "https://login.example/\r\nSet-Cookie: a=b"},
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_that_leads_elsewhere_is_not_followed(still: Flask, there: Issuer, name: str) -> None:
    there.document = DOCUMENTS[name]
    answer = ask(still.test_client())
    assert (answer.status_code, "Refresh" in answer.headers) == (503, False)
    assert "/jwks" not in there.asked


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", words.EMPTY),
        ("police", words.NO_ADDRESS),
        ("police@", words.NO_ADDRESS),
        ("a b@portal.example", words.NO_ADDRESS),
        ("police\x00@portal.example", words.NO_ADDRESS),
        (f"{'x' * 250}@portal.example", words.NO_ADDRESS),
        ("police@elsewhere.example", words.nobody_vouches("elsewhere.example")),
    ],
)
def test_an_address_that_leads_nowhere_is_said_to(still: Flask, typed: str, sentence: str) -> None:
    answer = ask(still.test_client(), typed)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert 'aria-invalid="true"' in answer.text


def test_whether_there_is_an_account_plays_no_part_on_the_way_out(still: Flask) -> None:
    def answered(email: str) -> str:
        page = ask(still.test_client(), email)
        text = re.sub(r"(state|nonce|code_challenge)=[\w-]+", "", page.text)
        return text.replace(email.replace("@", "%40"), "")

    assert answered(POLICE) == answered("nobody@portal.example") == answered("team@portal.example")


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "/returns\r\nX: y"])
def test_nobody_is_sent_on_to_another_site(still: Flask, target: str) -> None:
    assert sign_on(still.test_client(), target=target).headers["Location"] == "/returns"


def test_a_form_from_elsewhere_begins_nothing(still: Flask, there: Issuer) -> None:
    answer = still.test_client().post("/sign-on", data={"email": POLICE})
    assert (answer.status_code, there.asked) == (400, [])


def test_whoever_fails_too_often_waits(still: Flask, base: Database, there: Issuer) -> None:
    there.forge = forging.unsigned
    for _ in range(10):
        assert sign_on(still.test_client(), address="192.0.2.7").status_code == 401
    answer = ask(still.test_client(), address="192.0.2.7")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "300")
    assert ask(still.test_client(), address="192.0.2.8").status_code == 200
    # Who brings answers to nothing is counted for themselves, and keeps nobody else out.
    for number in range(12):
        answer = still.test_client().get("/sign-on/police/back?state=x", environ_base={"REMOTE_ADDR": "192.0.2.9"})
        assert answer.status_code == (401 if number < 10 else 429)
    there.forge = None
    assert sign_on(still.test_client(), address="192.0.2.10").status_code == 303


def test_the_browsers_session_is_another_afterwards_and_the_old_one_is_dead(still: Flask, base: Database) -> None:
    client = still.test_client()
    assert sign_on(client).status_code == 303
    with client.session_transaction() as cookie:
        held, token = dict(cookie), cookie.get("csrf_token", "")
    assert sign_on(client).status_code == 303
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != held["_user_id"]
        assert "sign_on" not in cookie
        assert cookie.get("csrf_token") is None or cookie["csrf_token"] != token
        cookie.clear()
        cookie.update(held)
    assert not signed_in(client)


def test_nothing_secret_is_in_the_log_the_trail_or_the_page(
    still: Flask, base: Database, there: Issuer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    given: list[str] = []
    there.redeem = lambda held: given.append(held["id_token"]) or held
    client = still.test_client()
    url = way_of(ask(client))
    back = sent_back(url)
    caplog.clear()  # what this test's own client logged of its way
    pages = [client.get(back).text, client.get("/returns").text]
    there.forge = forging.broken
    other = still.test_client()
    back_again = sent_back(way_of(ask(other)))
    caplog.clear()
    pages.append(other.get(back_again).text)
    secret = [SECRET, *given, said(back)["code"], said(back_again)["code"], said(url)["nonce"], "an-access-token"]
    with base.read(OPERATOR) as session:
        kept = repr([list(row) for row in session.execute(select(AuditEvent.__table__))])
    for one in secret:
        assert one not in caplog.text
        assert one not in kept
        assert all(one not in page for page in pages)


def test_who_is_signed_in_has_nothing_to_do_here(still: Flask) -> None:
    client = still.test_client()
    sign_on(client)
    assert client.get("/sign-on").headers["Location"] == "/returns"


def test_where_people_of_an_organisation_use_no_password_none_is_right(
    still: Flask, base: Database, there: Issuer
) -> None:
    provide(base, there, passwords=False)
    try:
        for client, email in ((still.test_client(), POLICE), (still.test_client(), "nobody@portal.example")):
            token = client.get("/sign-in").text.partition('name="csrf_token" value="')[2].partition('"')[0]
            answer = client.post("/sign-in", data={"email": email, "password": PASSWORD, "csrf_token": token})
            assert (answer.status_code, signed_in(client)) == (401, False)
            assert words.not_right(NAME) in answer.text
        there.trouble["/jwks"] = "error"
        assert words.silent(NAME, passwords=False) in ask(still.test_client()).text
        # Whoever is of another organisation, or of none, cannot sign on with this one.
        assert sessions.sign_in(base, OPERATOR, "team@portal.example", PASSWORD)
    finally:
        provide(base, there)
