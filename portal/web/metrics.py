"""What Prometheus is told: requests, the database, and what waits, from every worker of one `portal serve`, on a port that
is not the public one. Labels are the portal's own words: rules of routes, methods, states; never names or figures."""

import logging
import os
import platform
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector
from sqlalchemy import event

from portal.database import Database
from portal.errors import PortalError
from portal.services.standing import standing
from portal.viewmodels.standing import Standing
from portal.web.requests import Seen, Told

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where the client library looks for the folder in which the processes of one portal count together."""
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
PATIENCE = 5.0
"""So many seconds a program that asks for the metrics may be silent."""
log = logging.getLogger("portal")
_slot = "master"


def share(folder: Path) -> None:
    """Count in files of a folder from now on, which the processes of one portal share. To be called before `install`."""
    os.environ[FOLDER] = str(folder)
    values.ValueClass = values.MultiProcessValue(lambda: _slot)


def take_slot(slot: int) -> None:
    """Count as the worker of this number. A worker that takes a dead one's place goes on with its files: they stay as
    few as there are workers at once."""
    global _slot
    _slot = f"worker-{slot}"


def leave_slot(slot: int) -> None:
    """What the worker of this number held is held no more, however it ended."""
    if FOLDER in os.environ:
        mark_process_dead(f"worker-{slot}")


def install(database: Database) -> Told:
    """Make the metrics of an app; answers what counts a request."""
    registry = CollectorRegistry()
    route = ("method", "rule")
    requests = Counter("portal_requests", "Requests that were answered.", (*route, "status"), registry=registry)
    seconds = Histogram(
        "portal_request_seconds", "How long the portal worked on an answer.", route, buckets=BUCKETS, registry=registry
    )
    statements = Counter("portal_database_statements", "Statements for requests.", ("rule",), registry=registry)
    waited = Counter("portal_database_seconds", "Seconds in statements for requests.", ("rule",), registry=registry)
    in_use = Gauge(
        "portal_database_connections_in_use",
        "Connections that are in use.",
        registry=registry,
        multiprocess_mode="livesum",
    )

    def hold(by: int) -> None:
        with suppress(Exception):
            in_use.inc(by)

    event.listen(database.engine, "checkout", lambda *_: hold(1))
    event.listen(database.engine, "checkin", lambda *_: hold(-1))

    def count(seen: Seen) -> None:
        with suppress(Exception):  # whatever is wrong with counting is no reason to answer nobody
            requests.labels(seen.method, seen.rule, str(seen.status)).inc()
            seconds.labels(seen.method, seen.rule).observe(seen.seconds)
            statements.labels(seen.rule).inc(seen.statements)
            waited.labels(seen.rule).inc(seen.database_seconds)

    return count


class Waiting(Collector):
    """What the database says at the moment of asking: the same from every worker and host."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterable[Metric]:
        build = GaugeMetricFamily("portal_build_info", "Which portal runs.", labels=("version", "python"))
        build.add_metric((version("portal"), platform.python_version()), 1)
        yield build
        try:
            found = standing(self._database)
        except PortalError:
            yield GaugeMetricFamily("portal_database_up", "Whether the database answers.", 0)
            return
        yield GaugeMetricFamily("portal_database_up", "Whether the database answers.", 1)
        yield from _told(found)


def _told(found: Standing) -> Iterable[Metric]:
    for name, says, counts in (
        ("portal_jobs", "Work in the background, by its state.", found.jobs),
        ("portal_outbox_messages", "Messages in the outbox, by their state.", found.messages),
    ):
        family = GaugeMetricFamily(name, says, labels=("state",))
        for state, number in counts.items():
            family.add_metric((state,), number)
        yield family
    for name, says, value in (
        ("portal_jobs_oldest_seconds", "How long the oldest job has waited.", found.oldest_job),
        ("portal_outbox_oldest_seconds", "How long the oldest message has waited.", found.oldest_message),
        ("portal_returns_due", "Returns of open periods that are not sent and not late.", found.due),
        ("portal_returns_late", "Returns of open periods that are late.", found.late),
        ("portal_sign_in_failures", "Failed attempts to sign in within the last five minutes.", found.failures),
        ("portal_audit_events", "Events in the audit trail.", found.events),
    ):
        yield GaugeMetricFamily(name, says, value)


def page(database: Database) -> bytes:
    """Everything there is to tell, in Prometheus's text format."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(Waiting(database))
    return generate_latest(registry)


def listen(host: str, port: int) -> socket.socket:
    """The socket of the metrics, to be made before the workers are, who share it: the kernel gives each request to one
    of them. OSError where it cannot be had."""
    found = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    found.setblocking(False)  # another worker may have taken the request that woke this one
    return found


def answer(shared: socket.socket, database: Database) -> None:
    """Answer on a shared socket, in a thread of this process, until it ends."""
    server = _Server(("", 0), _handler(lambda: page(database)), bind_and_activate=False)
    server.socket.close()
    server.socket = shared
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()


class _Server(HTTPServer):
    def handle_error(self, _request: object, _address: object) -> None:
        """Into the log like everything else, instead of printed, and without the address."""
        log.exception("the metrics could not be told")


def _handler(made: Callable[[], bytes]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE

        def do_GET(self) -> None:
            found = made() if self.path == "/metrics" else b""
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", CONTENT_TYPE_LATEST)
            self.send_header("Content-Length", str(len(found)))
            self.end_headers()
            self.wfile.write(found)

        def version_string(self) -> str:
            return "portal"

        def log_message(self, *_told: object) -> None:
            """Whoever asks every few seconds is no news."""

    return Handler
