"""What no browser and no program sends, byte by byte to a portal that runs: one request has one answer, whatever it hides."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.portal.cli.test_demo import free_port, without_settings

ROOT = Path(__file__).parents[3]
PATIENCE = 60
HIDDEN = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
"""What a second reader could take for a request of its own."""


def posted(
    *headers: bytes, body: bytes = b"", line: bytes = b"POST /sign-in HTTP/1.1", host: bytes = b"localhost"
) -> bytes:
    return b"\r\n".join((line, b"Host: " + host, *headers, b"", body))


CHUNKED = b"Transfer-Encoding: chunked"
REFUSED: dict[str, bytes] = {
    "a length, and chunks": posted(b"Content-Length: 6", CHUNKED, body=b"0\r\n\r\n" + HIDDEN),
    "chunks, and a length": posted(CHUNKED, b"Content-Length: 4", body=b"5c\r\n" + HIDDEN + b"\r\n0\r\n\r\n"),
    "two lengths": posted(b"Content-Length: 0", b"Content-Length: 44", body=HIDDEN),
    "two lengths in one": posted(b"Content-Length: 0, 44", body=HIDDEN),
    "a length with a sign": posted(b"Content-Length: +0", body=HIDDEN),
    "a length below nothing": posted(b"Content-Length: -1", body=HIDDEN),
    "a length in other digits": posted("Content-Length: ٤٤".encode(), body=HIDDEN),
    "a length with a blank before its colon": posted(b"Content-Length : 44", body=HIDDEN),
    "chunks with a blank before their colon": posted(b"Transfer-Encoding : chunked", body=b"0\r\n\r\n" + HIDDEN),
    "another encoding": posted(b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n" + HIDDEN),
    "an encoding after chunks": posted(b"Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n" + HIDDEN),
    "chunks twice": posted(CHUNKED, CHUNKED, body=b"0\r\n\r\n" + HIDDEN),
    "a header on two lines": posted(b"X: 1\r\n Transfer-Encoding: chunked", body=b"0\r\n\r\n" + HIDDEN),
    "a header without a name": posted(b": x"),
    "a header with NUL": posted(b"X: a\x00b"),
    "a header with a lone return": posted(b"X: a\rContent-Length: 44", body=HIDDEN),
    "no version": b"GET /\r\n\r\n",
    "a version that there is not": b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "a method of other letters": b"G\x00T / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a line without end": b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
    "headers without end": posted(*(b"X-%d: x" % n for n in range(300))),
}
ONCE: dict[str, bytes] = {
    "a chunk of a strange size": posted(CHUNKED, body=b"0x2c\r\n" + HIDDEN + b"\r\n0\r\n\r\n"),
    "a chunk that is longer than it says": posted(CHUNKED, body=b"1\r\n" + HIDDEN),
    "a name with an underscore": posted(b"Content_Length: 44", b"Connection: close", body=HIDDEN),
    "a whole address of another host": posted(b"Connection: close", line=b"GET http://evil.example/ HTTP/1.1"),
}
"""What may be taken or refused, as long as nothing hidden in it is answered."""


@pytest.fixture(scope="module")
def port(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A portal as it runs for people, on this machine alone."""
    folder, port = tmp_path_factory.mktemp("raw"), free_port()
    (folder / "portal.sqlite").write_bytes(sqlite_demo.read_bytes())
    environment = without_settings() | {
        "PORTAL_DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite'}",
        "PORTAL_SECRET_KEY": "k" * 40,
        "PORTAL_BACKGROUND": "0",
        "PYTHONPATH": str(ROOT),
        "DASH_MCP_ENABLED": "true",
        "FLASK_DEBUG": "1",
        "LOGIN_DISABLED": "1",
    }
    command = [sys.executable, "-m", "portal.cli.main", "serve", "--port", str(port), "--workers", "1"]
    with (folder / "said.txt").open("w") as said:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + PATIENCE
        while not answers(port):
            assert process.poll() is None, (folder / "said.txt").read_text()
            assert time.monotonic() < until, "the portal does not answer"
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def answers(port: int) -> bool:
    try:
        return b'"ok"' in sent(port, posted(b"Connection: close", line=b"GET /healthz HTTP/1.1"))
    except OSError:
        return False


def sent(port: int, content: bytes) -> bytes:
    """All that comes back until the other side is done, or says nothing for a while."""
    with socket.create_connection(("127.0.0.1", port), timeout=2) as line:
        line.sendall(content)
        got = b""
        try:
            while part := line.recv(65_536):
                got += part
        except (TimeoutError, ConnectionResetError):
            pass
    return got


def statuses(got: bytes) -> list[int]:
    return [int(part[:3]) for part in got.split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize("name", REFUSED)
def test_what_two_readers_could_read_in_two_ways_is_refused(port: int, name: str) -> None:
    got = sent(port, REFUSED[name])
    assert b"/smuggled" not in got
    assert len(statuses(got)) <= 1
    assert all(400 <= status < 600 and status != 500 for status in statuses(got))
    assert b"Traceback" not in got


@pytest.mark.parametrize("name", ONCE)
def test_what_is_hidden_in_a_body_is_not_answered(port: int, name: str) -> None:
    got = sent(port, ONCE[name])
    assert not {404, 500} & set(statuses(got)), "what was hidden would be no page"
    assert b"evil.example" not in got


def test_it_still_answers_and_honest_requests_come_one_after_the_other(port: int) -> None:
    """Two on one line have two answers, or the counting above would prove nothing."""
    two = posted(line=b"GET /healthz HTTP/1.1") + posted(b"Connection: close", line=b"GET /no-such HTTP/1.1")
    assert statuses(sent(port, two)) == [200, 404]


EXPOSED = (
    *("/.git/HEAD", "/.git/config", "/.env", "/.svn/entries", "/.hg/", "/.DS_Store", "/requirements/run.lock"),
    *("/pyproject.toml", "/Makefile", "/var/portal.sqlite", "/portal.sqlite", "/portal/settings.py", "/assets/"),
    *("/assets", "/assets/__init__.py", "/assets/../portal/settings.py", "/assets/%2e%2e/portal/settings.py"),
    *("/assets/..%2f..%2fpyproject.toml", "/assets//etc/passwd", "/..%2f..%2fetc%2fpasswd", "/console", "/debug"),
    *("/?__debugger__=yes&cmd=resource&f=style.css", "/_debug", "/metrics", "/server-status", "/_mcp", "/_alive"),
    *("/_dash-update-component?x=1", "/actuator", "/admin", "/phpinfo.php", "/wp-login.php", "/backup.zip", "/docs"),
    *("/_dash-component-suites/nope/x.js", "/_dash-component-suites/dash/../../../../etc/passwd", "/%00", "/%ff"),
    *("/_dash-component-suites/dash/%2e%2e/__init__.py", "/static/", "/templates/base.html", f"/{'a' * 5000}"),
)


def test_nothing_lies_open_that_is_no_page(port: int) -> None:
    """With what could open a door set in its surroundings: none of it counts."""
    found = {}
    for address in EXPOSED:
        got = sent(port, posted(b"Connection: close", line=f"GET {address} HTTP/1.1".encode()))
        (status,) = statuses(got)
        shown = status < 400 and address != "/?__debugger__=yes&cmd=resource&f=style.css"
        if shown or status >= 500 or b"Traceback" in got or b"Werkzeug" in got or b"Index of" in got:
            found[address] = status
        assert not re.search(rb"Server:.*\d", got), "the server tells its version"
    assert found == {}


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND"])
def test_no_method_shows_what_was_sent(port: int, method: str) -> None:
    got = sent(port, posted(b"Connection: close", b"Cookie: secret=mine", line=f"{method} / HTTP/1.1".encode()))
    assert all(400 <= status < 500 or status == 501 for status in statuses(got))
    assert b"secret=mine" not in got


def test_no_word_in_the_surroundings_signs_anybody_in(port: int) -> None:
    got = sent(port, posted(b"Connection: close", line=b"GET /people HTTP/1.1"))
    assert statuses(got) == [302]
