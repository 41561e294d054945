"""Running the web server, and listing its doors."""

import contextlib
import gc
import logging
import os
import queue
import secrets
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from portal import logs
from portal.app import create_app
from portal.cli.context import fail
from portal.cli.memory import give_back
from portal.cli.surroundings import require_place
from portal.damage import require_sound
from portal.database import Database, configured
from portal.migrate import require_current, upgrade
from portal.settings import SHORTEST_KEY, Settings
from portal.web import metrics
from portal.web.doors import access_of

log = logging.getLogger("portal")
AGAIN = 0.5
"""Seconds until it is looked again whether the database is there."""
ENDS_WITHIN = 25
"""So many seconds requests that are under way have when the server is told to stop."""


class Lines(Logger):
    """What gunicorn says goes where all other lines go, in their shape."""

    def setup(self, cfg: Any) -> None:
        self.cfg = cfg
        self._access_log_enabled = False  # the portal writes a line for each request itself, without its address
        self.error_log.handlers, self.error_log.propagate = [], True
        self.error_log.setLevel(cfg.loglevel.upper())


class Worker(ThreadWorker):
    """A worker that says so when it is about to stop, gives back the job that it has, and lets no stranger wait."""

    def handle_usr1(self, _signal: int, _frame: Any) -> None:
        """The master will stop soon: whoever asks /readyz is told, and everybody is still answered."""
        self.portal["readiness"].stopping = True

    def handle_exit(self, sig: int, frame: Any) -> None:
        self.handle_usr1(sig, frame)
        self.portal["worker"].hurry()
        super().handle_exit(sig, frame)

    @property
    def portal(self) -> dict[str, Any]:
        """The parts of the portal that this worker serves; they were made before it was."""
        found: dict[str, Any] = self.app.wsgi().extensions["portal"]
        return found

    def hear(self) -> None:
        """Obey what came before this process could: until it has handlers of its own, a signal to it is put into its
        copy of the master's queue, where nobody would look, and the master would wait for it in vain."""
        with contextlib.suppress(queue.Empty):
            while True:
                sig = self.unheard.get_nowait()
                if sig == signal.SIGUSR1:
                    self.handle_usr1(sig, None)
                elif sig == signal.SIGTERM:
                    self.handle_exit(sig, None)

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not self.alive:  # else whoever comes now waits in the queue of a server that takes nobody any more
            for listener in self.sockets:
                listener.close()


class Master(Arbiter):
    """The process that minds the workers. `drain` is for how many seconds it goes on answering once it is told to stop,
    so that a balancer before it can notice."""

    drain = 0.0

    def stop(self, graceful: bool = True) -> None:
        if graceful and self.drain and self.WORKERS:
            self.kill_workers(signal.SIGUSR1)
            time.sleep(self.drain)
        super().stop(graceful)


class Server(BaseApplication):
    """gunicorn with the portal, which is made once, before the workers are: each begins warm, and they share what they do
    not change. No connection is: the pool is empty when they are made."""

    def __init__(self, settings: Settings, options: dict[str, Any], drain: float, shared: socket.socket | None) -> None:
        self._settings, self._options, self._drain, self._metrics = settings, options, drain, shared
        super().__init__()

    def load_config(self) -> None:
        hooks = {"pre_fork": _number, "post_worker_init": self._begin, "worker_exit": _let_go, "child_exit": _end}
        for name, value in (self._options | hooks).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        server = self._made()
        server.extensions["portal"]["database"].dispose()
        gc.collect()
        gc.freeze()  # else each worker's first look for rubbish would copy what they share
        gc.enable()
        return server

    def _made(self) -> Flask:
        """The portal, once its database is there: a reload that failed for want of it would end the whole server."""
        while True:
            try:
                return create_app(self._settings)
            except OperationalError as error:
                log.warning("waiting for the database: %s", str(error).splitlines()[0])
                time.sleep(AGAIN)

    def run(self) -> None:
        master = Master(self)
        master.drain = self._drain
        master.run()

    def _begin(self, worker: Worker) -> None:
        if self._metrics is not None:
            metrics.take_slot(worker.slot)
            metrics.answer(self._metrics, worker.portal["database"])
        if self._settings.background:
            worker.portal["worker"].start()
        worker.hear()


def _number(master: Arbiter, worker: Worker) -> None:
    worker.unheard = master.SIG_QUEUE
    taken = {each.slot for each in master.WORKERS.values()}
    worker.slot = next(slot for slot in range(len(taken) + 1) if slot not in taken)


def _end(_master: Arbiter, worker: Worker) -> None:
    metrics.leave_slot(worker.slot)


def _let_go(_master: Arbiter, worker: Worker) -> None:
    if worker.pid == os.getpid():  # the master calls this too, for a worker that was gone before it could be told
        worker.portal["worker"].stop()
        worker.portal["database"].dispose()


def serve(
    settings: Settings,
    host: str,
    port: int,
    workers: int,
    *,
    drain: float = 0.0,
    recycle: int = 0,
    quiet: bool = False,
) -> None:
    """Serve until stopped. Ends with a sentence when a port is taken, the settings will not do, or the database file is
    damaged. `drain` is in seconds, `recycle` the requests after which, or after up to a tenth more, a worker is replaced
    (0: never); `quiet` logs no line for a request."""
    settings.require_secret_key()
    require_place(settings)
    database = configured(settings)
    require_current(database)
    with database.engine.connect() as connection:
        require_sound(connection, quick=True)
    database.dispose()
    require_free(host, port)
    logs.begin(settings.log, quiet=quiet)
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "worker_class": Worker,
        "threads": 4,
        "preload_app": True,
        "graceful_timeout": ENDS_WITHIN,
        "max_requests": recycle,
        "max_requests_jitter": recycle // 10,
        "logger_class": Lines,
        "loglevel": "warning" if quiet else "info",
        "worker_tmp_dir": None,
        "control_socket_disable": True,  # nobody commands the portal by a file
    }
    give_back()
    with _measured(settings) as shared:
        Server(settings, options, drain, shared).run()


@contextlib.contextmanager
def _measured(settings: Settings) -> Iterator[socket.socket | None]:
    """The socket for the metrics, where there are any, and a folder of this server's own in which they are counted."""
    if settings.metrics_port is None:
        yield None
        return
    try:
        shared = metrics.listen(settings.metrics_host, settings.metrics_port)
    except OSError as error:
        fail(f"PORTAL_METRICS_PORT: {settings.metrics_host}:{settings.metrics_port}: {error.strerror}.")
    folder, master = Path(tempfile.mkdtemp(prefix="portal-metrics-")), os.getpid()
    metrics.share(folder)
    try:
        yield shared
    finally:
        shared.close()
        if os.getpid() == master:  # a worker that ends comes by here too
            shutil.rmtree(folder, ignore_errors=True)


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
