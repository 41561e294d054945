"""Running the web server, and listing its doors."""

import logging
import secrets
import socket
from collections.abc import Iterator
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from pydantic import SecretStr

from portal.app import create_app
from portal.cli.context import fail
from portal.cli.memory import give_back
from portal.database import Database
from portal.migrate import require_current, upgrade
from portal.settings import SHORTEST_KEY, Settings
from portal.web.doors import access_of


class Server(BaseApplication):
    """gunicorn with the portal; each worker makes its own, so that none shares a connection with another."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self._settings, self._options = settings, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        # Mistakes of ours go to the standard error with the reference that people were told.
        logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        server = create_app(self._settings)
        if self._settings.background:
            server.extensions["portal"]["worker"].start()
        return server


def serve(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until stopped. Ends with a sentence when the port is taken or the settings will not do."""
    settings.require_secret_key()
    database = Database(settings.database_url)
    require_current(database)
    database.dispose()
    require_free(host, port)
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": 4,
        "loglevel": "warning",
        "worker_tmp_dir": None,
    }
    give_back()
    Server(settings, options).run()


def require_free(host: str, port: int) -> None:
    """End with what to do when something answers on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(f"{host}:{port} cannot be used ({error.strerror}). Choose another port: make demo PORT=8051")


def doors() -> Iterator[str]:
    """Every route, page and callback, with the action that it needs: those of a portal over an empty database."""
    database = Database("sqlite://")
    upgrade(database)
    server = create_app(Settings(secret_key=SecretStr(secrets.token_urlsafe(SHORTEST_KEY))), database)
    portal = server.extensions["portal"]
    pages = {f"page:{rule}": page.access for rule, page in portal["pages"].pages.items()}
    for rule in sorted(server.url_map.iter_rules(), key=lambda rule: rule.rule):
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        yield f"{methods:12} {rule.rule:45} {pages.get(rule.endpoint) or access_of(server, rule)}"
    for door in portal["callbacks"].doors.values():
        yield f"{'callback':12} {door.name:45} {door.access or 'in the browser'}"
