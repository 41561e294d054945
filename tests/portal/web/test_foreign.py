"""What another site makes a browser send is refused, with a good token too, and changes nothing."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from models.audit import AuditEvent
from portal.actor import OPERATOR
from portal.app import create_app
from portal.database import Database
from tests.conftest import PASSWORD, settings, sign_in
from tests.support import wire

Clients = Callable[[str | None], FlaskClient]
Headers = list[tuple[str, str]]
NUMBER = 29  # the council's NI 59 in quarter 3
NEW = "seven green bicycles"
OURS: dict[str, Headers] = {
    "no word on it": [],
    "our page": [("Origin", "http://localhost"), ("Sec-Fetch-Site", "same-origin")],
    "our page, in capitals": [("Origin", "HTTP://LOCALHOST")],
    "the person, in the browser itself": [("Sec-Fetch-Site", "none")],
}
FOREIGN: dict[str, Headers] = {
    "another site": [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")],
    "another site, by its name alone": [("Origin", "https://evil.example")],
    "another site, by what the browser makes of it": [("Sec-Fetch-Site", "cross-site")],
    "a neighbour": [("Origin", "http://other.localhost"), ("Sec-Fetch-Site", "same-site")],
    "another port": [("Origin", "http://localhost:8081")],
    "nobody": [("Origin", "null")],
    "nobody, and our page": [("Origin", "null"), ("Sec-Fetch-Site", "same-origin")],
    "our page, from another site": [("Origin", "http://localhost"), ("Sec-Fetch-Site", "cross-site")],
    "our name in another's": [("Origin", "http://localhost.evil.example")],
    "our name before another's": [("Origin", "http://localhost@evil.example")],
    "nothing": [("Origin", "")],
    "no address": [("Origin", "http://[")],
    "two origins": [("Origin", "http://localhost"), ("Origin", "https://evil.example")],
    "two words": [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")],
    "a word that there is not": [("Sec-Fetch-Site", "Same-Origin\t;")],
}


def events(app: Flask) -> int:
    """How much was done so far: every change and every try to sign in has its event."""
    database: Database = app.extensions["portal"]["database"]
    with database.read(OPERATOR) as session:
        return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def attempts(app: Flask) -> dict[str, Callable[[Headers], int]]:
    """What a stolen token and a person's cookie would be worth, by what is sent; each answers its status."""

    def form(who: str | None, path: str, **fields: object) -> Callable[[Headers], int]:
        client = sign_in(app, who)
        fields["csrf_token"] = wire.token(app, client)
        return lambda said: client.post(path, data=fields, headers=said).status_code

    def callback(said: Headers) -> int:
        typed = {"reason-for-none": "-", "forecast-rating": "-", "version": 1, "save": 1, "figure": "55"}
        client, body = sign_in(app, "lcc"), wire.body(app, "save_draft", typed, {"return": NUMBER})
        return client.post(
            wire.ADDRESS, json=body, headers=[("X-CSRFToken", wire.token(app, client)), *said]
        ).status_code

    return {
        "a callback": callback,
        "signing in": form(None, "/sign-in", email="police@portal.example", password=PASSWORD),
        "a password": form("nhs", "/password", old=PASSWORD, new=NEW, again=NEW),
        "a workbook": form("police", "/returns/workbook", period="2008-09-q3"),
        "signing out": form("police", "/sign-out"),
    }


def test_what_another_site_sends_is_refused_with_a_good_token_and_changes_nothing(app: Flask) -> None:
    tried = attempts(app)
    # Each browser's session is in the trail by now, but for the one that is made for each callback.
    for what, send in tried.items():
        for name, said in FOREIGN.items():
            before = events(app)
            assert send(said) == 403, (what, name)
            assert events(app) - before == (1 if what == "a callback" else 0), (what, name)


@pytest.mark.parametrize("name", OURS)
def test_what_our_own_pages_send_is_taken(app: Flask, name: str) -> None:
    """Or the refusals above would prove nothing."""
    assert [send(OURS[name]) for send in attempts(app).values()] == [200, 303, 200, 409, 303]


def test_over_tls_our_name_without_it_is_another_site(app: Flask) -> None:
    safe = create_app(settings().model_copy(update={"https": True}), app.extensions["portal"]["database"])
    for origin, status in (("https://localhost", 401), ("http://localhost", 403)):
        client = safe.test_client()
        page = client.get("/sign-in", base_url="https://localhost")
        token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
        data = {"csrf_token": token, "email": "nobody@portal.example", "password": "wrong"}
        headers = {"Origin": origin, "Referer": "https://localhost/sign-in"}
        assert client.post("/sign-in", data=data, headers=headers, base_url="https://localhost").status_code == status


@pytest.mark.parametrize("path", ["/", "/sign-in", "/api/v1/scorecard", "/editions/1.csv"])
def test_a_link_on_another_site_may_be_followed(client_of: Clients, path: str) -> None:
    """Reading from elsewhere is what links are for: it changes nothing."""
    answer = client_of(None).get(path, headers=FOREIGN["another site"])
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_refusal_says_what_to_do(client_of: Clients, app: Flask) -> None:
    client = client_of(None)
    data = {"csrf_token": wire.token(app, client), "email": "x", "password": "x"}
    answer = client.post("/sign-in", data=data, headers=FOREIGN["another site"])
    assert "Another site sent this" in answer.text
    said = client.post(
        wire.ADDRESS, json={}, headers=[("X-CSRFToken", wire.token(app, client)), *FOREIGN["another site"]]
    )
    assert (said.status_code, said.content_type) == (403, "application/problem+json")
