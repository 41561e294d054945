"""What the tests of the storeys below the web share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from portal import migrate
from tests.support.later import Change, written


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Change], None]:
    """Adds a migration, as a later version of the portal would have it."""

    def write(change: Change) -> None:
        monkeypatch.setattr(migrate, "SCRIPTS", written(tmp_path, change))

    return write
