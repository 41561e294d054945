"""What the portal says while it runs: lines of JSON, or lines for people at a screen, each one line and naming nobody."""

import json
import logging
import re
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

Style = Literal["json", "plain"]
request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request that is being answered; '' outside of one."""
FACTS = "facts"
"""Under this name a line is given what it says beside its message: `extra={FACTS: {...}}`, of names, numbers and rules of
addresses alone."""
DEEPEST = 12
"""So many of the innermost places of a mistake are written."""
# Control characters, and those that turn the direction of what follows: a screen would obey them.
_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
# gunicorn quotes here what a stranger sent, and where from.
_QUOTING = {
    "Invalid request from ip=": "a request that is none",
    "Error handling request ": "a request was not answered",
}


def one_line(text: str) -> str:
    r"""A text in which nothing begins a new line or moves the cursor: what would is written as its escape.

    >>> one_line("ann\r\nERROR")
    'ann\\u000d\\u000aERROR'
    """
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class JsonLines(logging.Formatter):
    """One JSON object a line. Of a mistake it tells the kinds and the places, never its words: those quote what was
    typed, and what a statement held."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := request_id.get():
            line["request"] = number
        line |= getattr(record, FACTS, {})
        if record.exc_info and record.exc_info[1] is not None:
            line |= _told(record.exc_info[1])
        return json.dumps(line)


class PlainLines(logging.Formatter):
    """The same to be read, with the whole of a mistake, each line of it indented."""

    def format(self, record: logging.LogRecord) -> str:
        facts = {**getattr(record, FACTS, {}), **({"request": request_id.get()} if request_id.get() else {})}
        said = [record.getMessage(), *(f"{name}={value}" for name, value in facts.items())]
        line = f"{_moment(record)} {record.levelname} {record.name}: {one_line(' '.join(said))}"
        if record.exc_info and record.exc_info[1] is not None:
            whole = "".join(traceback.format_exception(record.exc_info[1]))
            line += "".join(f"\n    {one_line(each)}" for each in whole.splitlines())
        return line


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _told(error: BaseException) -> dict[str, Any]:
    """The kinds of a mistake and of what it came from, and where it was made: 'portal/services/returns.py:120 save'."""
    kinds: list[str] = []
    found: BaseException | None = error
    while found is not None and len(kinds) < DEEPEST:
        kinds.append(f"{type(found).__module__}.{type(found).__qualname__}")
        found = found.__cause__ or found.__context__
    places = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
    return {"mistake": kinds, "at": [f"{'/'.join(p.filename.split('/')[-3:])}:{p.lineno} {p.name}" for p in places]}


def _quotes_nobody(record: logging.LogRecord) -> bool:
    for begins, instead in _QUOTING.items():
        if str(record.msg).startswith(begins):
            record.msg, record.args = instead, ()
    return True


class Screen(logging.Handler):
    """Writes to the standard error as it is at that moment, a whole line at once."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(f"{self.format(record)}\n")
            sys.stderr.flush()
        except Exception:  # as logging does: what cannot be written stops nothing
            self.handleError(record)


def begin(style: Style, *, quiet: bool = False) -> None:
    """Write everything that is logged in this process to the standard error, from now on and in this style alone.
    `quiet`: only what somebody should look at."""
    handler = Screen()
    handler.setFormatter(JsonLines() if style == "json" else PlainLines())
    handler.addFilter(_quotes_nobody)
    # What no line of ours says need not be found out for each.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(True)
    logging.getLogger("portal").setLevel(logging.WARNING if quiet else logging.INFO)
