"""Asking providers: their documents are kept for a while, and strangers cannot make the portal ask again and again."""

from collections.abc import Iterator

import pytest

from portal import issuers
from portal.formats.oidc import UnknownKey
from portal.issuers import Issuers, Silent
from tests.support.issuer import DISCOVERY, Issuer, honest, issuing


@pytest.fixture(scope="module")
def server() -> Iterator[Issuer]:
    with issuing() as issuer:
        yield issuer


@pytest.fixture
def there(server: Issuer) -> Issuer:
    honest(server)
    return server


class Timer:
    """Seconds as a test counts them."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_documents_are_kept_for_ten_minutes(there: Issuer) -> None:
    timer = Timer()
    asking = Issuers(timer)
    for _ in range(3):
        asking.metadata(there.url)
        asking.keys(there.url)
    assert there.asked == [DISCOVERY, "/jwks"]
    timer.now += 601
    asking.metadata(there.url)
    assert there.asked == [DISCOVERY, "/jwks"] * 2


def test_a_provider_that_failed_is_left_alone_for_five_seconds(there: Issuer) -> None:
    timer = Timer()
    asking = Issuers(timer)
    there.trouble[DISCOVERY] = "error"
    for _ in range(3):
        with pytest.raises(Silent):
            asking.metadata(there.url)
    assert there.asked == [DISCOVERY]
    there.trouble.clear()
    timer.now += 6
    assert asking.metadata(there.url).issuer == there.url


def test_for_a_strange_key_new_ones_are_fetched_once_in_five_seconds(there: Issuer) -> None:
    timer = Timer()
    asking = Issuers(timer)
    asking.keys(there.url)

    def strange(_: object) -> None:
        raise UnknownKey("key")

    timer.now += 6
    for _ in range(3):
        with pytest.raises(UnknownKey):
            asking.read(there.url, strange)
    assert there.asked == [DISCOVERY, "/jwks", "/jwks"]


def test_nobody_at_the_address_is_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuers, "SECONDS", 0.2)
    with pytest.raises(Silent):
        Issuers().metadata("http://127.0.0.1:9")


def test_no_proxy_and_no_password_of_the_machine_is_used(there: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert Issuers().metadata(there.url).issuer == there.url
