"""A portal that acknowledges a save before it is committed: what the campaign of kills must find out."""

import sys
import threading
import time
from typing import Any

from portal.cli.main import app
from portal.services import returns

LATE = 0.4
"""Seconds by which the commit comes after the answer."""
_save = returns.save


def hasty(database: Any, actor: Any, return_id: int, *typed: Any) -> Any:
    """Answers as if it were saved, and saves a little later."""

    def later() -> None:
        time.sleep(LATE)
        _save(database, actor, return_id, *typed)

    threading.Thread(target=later, daemon=True).start()
    return returns.read_return(database, actor, return_id)


if __name__ == "__main__":
    returns.save = hasty
    app(sys.argv[1:])
