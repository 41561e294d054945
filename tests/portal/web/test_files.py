"""Files are kept for ever under an address that changes with them, compressed once, and the same for everybody."""

import re

import pytest
from flask import Flask

from portal.web.files import DASHS, FOR_EVER, MOST, Kept
from tests.conftest import sign_in

ENCODINGS = {"Accept-Encoding": "br"}


def addresses(app: Flask) -> list[str]:
    page = sign_in(app, "police").get("/returns").text
    return re.findall(r'(?:href|src)="(/(?:assets|_dash)[^"]+)"', page)


def test_every_file_of_a_page_is_kept_for_ever(app: Flask) -> None:
    found = addresses(app)
    assert len(found) > 8
    for address in found:
        answer = app.test_client().get(address, headers=ENCODINGS)
        assert "max-age=31536000" in answer.headers["Cache-Control"], address
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("age", ["", "?m=1", "?m=", "?v=2"])
def test_at_an_address_of_another_age_nothing_is_kept(app: Flask, age: str) -> None:
    assert app.test_client().get(f"/assets/portal.css{age}").headers["Cache-Control"] == "no-cache"


def test_the_public_page_names_its_style_sheet_by_its_age(app: Flask) -> None:
    (address,) = re.findall(r'rel="stylesheet" href="([^"]+)"', app.test_client().get("/").text)
    assert app.test_client().get(address).headers["Cache-Control"] == FOR_EVER


def test_a_file_is_compressed_once_and_says_the_same(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    address = next(a for a in addresses(app) if a.startswith(DASHS))
    client = app.test_client()
    first = client.get(address, headers=ENCODINGS)
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert first.headers["Content-Encoding"] == "br"
    assert len(first.data) < len(plain.data) / 2

    def never(*_anything: object) -> bytes:
        raise AssertionError("compressed again")

    monkeypatch.setattr("flask_compress.flask_compress._compress_data", never)
    assert client.get(address, headers=ENCODINGS).data == first.data


def test_addresses_that_are_made_up_fill_no_memory() -> None:
    kept = Kept()
    kept.set("br;", b"a page of somebody")
    for number in range(MOST + 50):
        kept.set(f"br;/assets/{number}", b"x")
    assert kept.get("br;") is None
    assert kept.get(f"br;/assets/{MOST - 1}") == b"x"
    assert kept.get(f"br;/assets/{MOST}") is None


@pytest.mark.parametrize(
    "name", ["__init__.py", "__pycache__/__init__.cpython-311.pyc", "%5f_init__.py", "help/../__init__.py"]
)
def test_what_the_folder_is_made_of_is_no_file(app: Flask, name: str) -> None:
    """It is a package too, so that its place is known."""
    assert app.test_client().get(f"/assets/{name}").status_code == 404
