"""A worker that is begun while its database is gone waits for it: its end would be the end of the whole server."""

import pytest
from sqlalchemy.exc import OperationalError

from portal.cli import server
from portal.settings import WrongSetting
from tests.conftest import settings


def test_a_worker_waits_for_its_database_and_for_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []
    app = object()

    def create(_settings: object) -> object:
        tried.append(None)
        if len(tried) < 3:
            raise OperationalError("SELECT 1", {}, Exception("connection refused"))
        return app

    monkeypatch.setattr(server, "create_app", create)
    monkeypatch.setattr(server, "AGAIN", 0.0)
    worker = server.Server(settings(), {}, 0.0, None)
    assert worker._made() is app
    assert len(tried) == 3

    def refuse(_settings: object) -> object:
        raise WrongSetting("PORTAL_SECRET_KEY is not set.")

    monkeypatch.setattr(server, "create_app", refuse)
    with pytest.raises(WrongSetting):
        worker._made()
