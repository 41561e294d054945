"""A line of the log is one line, whatever it quotes, and tells of a mistake the kinds and the places alone."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from portal import logs

INJECTED = "ann\r\n2026-01-01 ERROR forged\x1b[2J \u202egnol\u2028next"
SECRET = "seven green bicycles"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What goes to the standard error; the handlers are put back."""
    root, mine = logging.getLogger(), logging.getLogger("portal")
    before, level, own = root.handlers[:], root.level, mine.level
    screen = io.StringIO()
    monkeypatch.setattr(logs, "sys", SimpleNamespace(stderr=screen))
    yield screen
    logging.captureWarnings(False)
    root.handlers[:] = before
    root.setLevel(level)
    mine.setLevel(own)


def fail(inner: str) -> None:
    try:
        raise KeyError(inner)
    except KeyError as error:
        raise RuntimeError(f"with {inner}") from error


def log_a_mistake(message: str, *words: str) -> None:
    try:
        fail(SECRET)
    except RuntimeError:
        logging.getLogger("portal").exception(message, *words)


def test_a_line_of_json_says_when_in_utc_what_and_for_which_request(written: io.StringIO) -> None:
    logs.begin("json")
    held = logs.request_id.set("0123456789abcdef")
    logging.getLogger("portal.request").info("request", extra={logs.FACTS: {"rule": "/", "status": 200}})
    logs.request_id.reset(held)
    line = json.loads(written.getvalue())
    assert datetime.fromisoformat(line.pop("time")).utcoffset() == timedelta(0)
    assert line == {
        "level": "info",
        "logger": "portal.request",
        "message": "request",
        "request": "0123456789abcdef",
        "rule": "/",
        "status": 200,
    }


@pytest.mark.parametrize("style", ["json", "plain"])
def test_what_is_quoted_begins_no_line_and_moves_no_cursor(written: io.StringIO, style: logs.Style) -> None:
    logs.begin(style)
    logging.getLogger("portal").warning("refused %s", INJECTED, extra={logs.FACTS: {"door": INJECTED}})
    said = written.getvalue()
    assert said.count("\n") == len(said.splitlines()) == 1
    assert not set(said[:-1]) & set("\r\x1b\u202e\u2028")
    assert "forged" in said


def test_a_mistake_is_told_without_its_words(written: io.StringIO) -> None:
    logs.begin("json")
    log_a_mistake("mistake %s", "1a2b3c4d")
    line = json.loads(written.getvalue())
    assert line["message"] == "mistake 1a2b3c4d"
    assert line["mistake"] == ["builtins.RuntimeError", "builtins.KeyError"]
    assert line["at"][-1].startswith("tests/portal/test_logs.py:")
    assert line["at"][-1].endswith(" fail")
    assert SECRET not in written.getvalue()


def test_for_people_at_a_screen_it_is_whole_and_cannot_be_taken_for_other_lines(written: io.StringIO) -> None:
    logs.begin("plain")
    log_a_mistake("mistake")
    first, *rest = written.getvalue().splitlines()
    assert "ERROR portal: mistake" in first
    assert SECRET in written.getvalue()
    assert rest
    assert all(line.startswith("    ") for line in rest)


def test_quietly_only_what_somebody_should_look_at(written: io.StringIO) -> None:
    logs.begin("plain", quiet=True)
    logging.getLogger("portal.request").info("request")
    assert written.getvalue() == ""
    logging.getLogger("portal.refused").warning("a door")
    assert "a door" in written.getvalue()


def test_what_gunicorn_quotes_of_a_stranger_is_left_out(written: io.StringIO) -> None:
    logs.begin("json")
    logger = logging.getLogger("gunicorn.error")
    logger.propagate, handlers, logger.handlers = True, logger.handlers, []
    logger.warning("Invalid request from ip=192.0.2.7: Invalid HTTP request line: 'GET /?token=t'")
    logger.error("Error handling request %s %s", "GET", "/welcome/secret")
    logger.handlers = handlers
    first, second = map(json.loads, written.getvalue().splitlines())
    assert (first["message"], second["message"]) == ("a request that is none", "a request was not answered")


def test_warnings_are_lines_too(written: io.StringIO) -> None:
    logs.begin("json")
    logging.getLogger("py.warnings").warning("old\nfashioned")
    assert json.loads(written.getvalue())["logger"] == "py.warnings"
