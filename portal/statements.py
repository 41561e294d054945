"""How many statements the database was asked, and how long it took, while one request was answered."""

import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event


@dataclass(slots=True)
class Spent:
    """The statements of one request, and the seconds that they took together."""

    statements: int = 0
    seconds: float = 0.0


spent: ContextVar[Spent | None] = ContextVar("spent", default=None)
"""What the present request has spent; None outside of one."""
_BEGAN = "portal_began"


def watch() -> None:
    """Count the statements of every engine in this process, whichever a request comes to use."""
    if not event.contains(Engine, "before_cursor_execute", _begin):
        event.listen(Engine, "before_cursor_execute", _begin)
        event.listen(Engine, "after_cursor_execute", _end)


def _begin(_connection: Any, _cursor: Any, _statement: Any, _parameters: Any, context: Any, _many: Any) -> None:
    if context is not None and spent.get() is not None:
        setattr(context, _BEGAN, time.perf_counter())


def _end(_connection: Any, _cursor: Any, _statement: Any, _parameters: Any, context: Any, _many: Any) -> None:
    found, began = spent.get(), getattr(context, _BEGAN, None)
    if found is not None and began is not None:
        found.statements += 1
        found.seconds += time.perf_counter() - began
