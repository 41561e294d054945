"""What tests do to sign on: an organisation with a provider, a browser that goes there, and comes back."""

import re
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.actor import OPERATOR
from portal.database import Database
from portal.issuers import Issuers
from portal.services import sign_on_providers
from portal.services.sign_on_ways import Ways
from portal.settings import Settings
from tests.conftest import settings
from tests.support.issuer import CLIENT, SECRET, Issuer

BASE = "http://localhost"
POLICE = "police@portal.example"
DOMAINS = ("portal.example", "police.example")
WAYS = Ways(BASE, settings().require_secret_key(), Issuers())


def with_address(base_url: str = BASE) -> Settings:
    """Settings for an app that knows its own address."""
    return settings().model_copy(update={"base_url": base_url})


def provide(
    database: Database,
    issuer: Issuer,
    organisation: str = "police",
    domains: Sequence[str] = DOMAINS,
    *,
    passwords: bool = True,
) -> None:
    """Let an organisation sign on with an issuer."""
    sign_on_providers.add_provider(
        database, OPERATOR, WAYS, organisation, issuer.url, CLIENT, SECRET, domains, passwords=passwords
    )


def ask(client: FlaskClient, email: str = POLICE, target: str = "", address: str = "127.0.0.1") -> TestResponse:
    """Say who one is, as a browser sends it."""
    # Whoever is signed in is shown no form there, and can send one all the same.
    page = "/password" if signed_in(client) else "/sign-on"
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found
    data = {"csrf_token": found[1], "email": email, "next": target}
    return client.post("/sign-on", data=data, environ_base={"REMOTE_ADDR": address})


def way_of(page: TestResponse) -> str:
    """Where the page sends its reader."""
    assert page.status_code == 200, page.text
    return page.headers["Refresh"].removeprefix("0; url=")


def said(url: str) -> dict[str, str]:
    """What an address says after its question mark."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def sent_back(url: str) -> str:
    """Where the provider sends a browser that comes to an address, below the portal's own."""
    back = requests.get(url, allow_redirects=False, timeout=5).headers["Location"]
    assert back.startswith(f"{BASE}/"), back
    return back.removeprefix(BASE)


def sign_on(client: FlaskClient, email: str = POLICE, target: str = "", address: str = "127.0.0.1") -> TestResponse:
    """The whole way there and back."""
    back = sent_back(way_of(ask(client, email, target, address)))
    return client.get(back, environ_base={"REMOTE_ADDR": address})


def signed_in(client: FlaskClient) -> bool:
    return client.get("/password").status_code == 200
