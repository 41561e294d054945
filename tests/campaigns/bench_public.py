"""How many public scorecards a second the portal alone serves, beside Datasette's table page of the same rows, and how
soon the scorecard is painted, beside the same bytes from a bare static server. All on this machine, in one run.

Run by hand, `make bench-public`: about two minutes. Datasette is put into an environment that is thrown away; where it
cannot be had, the portal's own figures are printed.
"""

import asyncio
import contextlib
import json
import os
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import select

from models.scorecard import Edition
from portal import migrate
from portal.actor import OPERATOR
from portal.cli import demo
from portal.clock import Clock
from portal.database import Database

BIN = Path(sys.executable).parent
TODAY = "2009-01-20"
CONNECTIONS = (20, 100)
ROUNDS, SECONDS, WARM_UP = 3, 4.0, 1.0
LOADS = 9
ACCEPT = "gzip, deflate, br"


def main() -> None:
    """Print requests a second and paints."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        with portal(folder) as own:
            with datasette(folder) as other, nginx(folder, own) as bare:
                requests_a_second(own, other, bare)
            paints(own)


def prepare(folder: Path) -> None:
    """The demonstration's database, and the rows of its scorecard as a SQLite file."""
    database = Database(f"sqlite:///{folder / 'portal.sqlite'}", Clock(date.fromisoformat(TODAY)))
    migrate.upgrade(database)
    demo.fill(database, "a password of nobody's")
    with database.read(OPERATOR) as session:
        content = json.loads(session.scalars(select(Edition.content)).one())
    database.dispose()
    columns = ("measure", "unit", "value", "milestone", "rating", "rating_by_rule", "forecast", "no_rating_reason")
    rows = [
        (theme["title"], indicator["code"], indicator["title"], indicator["lead"], *(m[name] for name in columns))
        for theme in content["themes"]
        for indicator in theme["indicators"]
        for m in indicator["measures"]
    ]
    names = ("theme", "code", "title", "lead", *columns)
    with contextlib.closing(sqlite3.connect(folder / "rows.db")) as connection, connection:
        connection.execute(f"CREATE TABLE scorecard ({', '.join(names)})")
        connection.executemany(f"INSERT INTO scorecard VALUES ({', '.join('?' * len(names))})", rows)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(command: list[str | Path], port: int, path: str, environment: dict[str, str]) -> Iterator[tuple[int, str]]:
    """A server, once it answers; stopped at the end."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=os.environ | environment, stdout=quiet, stderr=quiet)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).read()
                break
            time.sleep(0.2)
        else:
            sys.exit(f"{command[0]} does not answer.")
        yield port, path
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def portal(folder: Path) -> Iterator[tuple[int, str]]:
    """The portal as `portal serve` runs it, with two workers."""
    port = free_port()
    environment = {
        "PORTAL_DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite'}",
        "PORTAL_SECRET_KEY": "k" * 40,
        "PORTAL_TODAY": TODAY,
    }
    command: list[str | Path] = [BIN / "portal", "serve", "--port", str(port), "--workers", "2"]
    with running(command, port, "/", environment) as found:
        yield found


@contextlib.contextmanager
def datasette(folder: Path) -> Iterator[tuple[int, str] | None]:
    """Datasette over the rows; None, with a sentence, where it cannot be installed."""
    home, uv = folder / "datasette", shutil.which("uv", path=f"{BIN}:{os.environ.get('PATH', '')}")
    steps = [[uv, "venv", "-q", home], [uv, "pip", "install", "-q", "--python", home / "bin/python", "datasette"]]
    try:
        for step in steps:
            subprocess.run([str(part) for part in step], check=True, capture_output=True, timeout=180)
    except (OSError, subprocess.SubprocessError):
        print("Datasette cannot be installed here, so only the portal's own figures follow.")
        yield None
        return
    port = free_port()
    command: list[str | Path] = [home / "bin/datasette", "serve", folder / "rows.db", "--port", str(port)]
    with running(command, port, "/rows/scorecard", {}) as found:
        yield found


@contextlib.contextmanager
def nginx(folder: Path, own: tuple[int, str]) -> Iterator[tuple[int, str] | None]:
    """nginx with the portal's own page as a file, compressed as the portal sends it; None where there is no nginx."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if found is None:
        print("There is no nginx here, so the portal is not held against one.")
        yield None
        return
    port, home = free_port(), folder / "nginx"
    home.mkdir()
    page = raw(own[0], "/", "br").partition(b"\r\n\r\n")[2]
    (home / "index.html").write_bytes(page)
    (home / "nginx.conf").write_text(
        f"daemon off; pid {home}/pid; error_log {home}/error; worker_processes 2; events {{ worker_connections 500; }}\n"
        f"http {{ access_log off; default_type text/html; client_body_temp_path {home}/b; proxy_temp_path {home}/p;\n"
        f"fastcgi_temp_path {home}/f; uwsgi_temp_path {home}/u; scgi_temp_path {home}/s; keepalive_requests 1000000;\n"
        f"server {{ listen 127.0.0.1:{port}; root {home}; index index.html; add_header Content-Encoding br; }} }}\n"
    )
    for path in (folder, home):  # its workers are nobody
        path.chmod(0o755)
    with running([found, "-c", str(home / "nginx.conf"), "-e", str(home / "error")], port, "/", {}) as there:
        yield there


def requests_a_second(own: tuple[int, str], other: tuple[int, str] | None, bare: tuple[int, str] | None) -> None:
    """Print all sides' requests a second and their ratios: the median of several rounds, the sides by turns."""
    for connections in CONNECTIONS:
        rates: dict[str, list[float]] = {"portal": [], "datasette": [], "nginx": []}
        for _ in range(ROUNDS):
            for name, server in (("portal", own), ("datasette", other), ("nginx", bare)):
                if server is not None:
                    rates[name].append(asyncio.run(drive(*server, connections)))
        said = f"{connections:3} connections: portal {statistics.median(rates['portal']):,.0f} requests a second"
        if rates["datasette"]:
            ratios = [a / b for a, b in zip(rates["portal"], rates["datasette"], strict=True)]
            said += f", Datasette {statistics.median(rates['datasette']):,.0f}: {statistics.median(ratios):,.0f} times"
            said += f" ({', '.join(f'{ratio:,.0f}' for ratio in ratios)})"
        if rates["nginx"]:
            shares = [a / b for a, b in zip(rates["portal"], rates["nginx"], strict=True)]
            said += (
                f"; the same file from nginx {statistics.median(rates['nginx']):,.0f}, {statistics.median(shares):.2f}"
            )
            said += f" ({', '.join(f'{share:.2f}' for share in shares)})"
        print(said, flush=True)


async def drive(port: int, path: str, connections: int) -> float:
    """Answers a second over so many connections that stay open, after a warm-up. Anything but 200 ends the run."""
    asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: {ACCEPT}\r\n\r\n".encode()
    begins = time.perf_counter() + WARM_UP
    ends, count = begins + SECONDS, 0

    async def one() -> None:
        nonlocal count
        while time.perf_counter() < ends:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):  # a server may end a connection
                while time.perf_counter() < ends:
                    writer.write(asked)
                    await answered(reader)
                    count += begins <= time.perf_counter() < ends
            writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return count / SECONDS


async def answered(reader: asyncio.StreamReader) -> None:
    """Read one whole answer, whether its length is told or it comes in chunks."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        sys.exit(f"Not 200: {head[:60]!r}")
    if b"transfer-encoding: chunked" in head:
        while size := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
        return
    length = next(line for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(int(length.partition(b":")[2]))


# --- paints -----------------------------------------------------------------------------------------------

LARGEST = """new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
    .observe({type: 'largest-contentful-paint', buffered: true}))"""


def paints(own: tuple[int, str]) -> None:
    """Print the largest contentful paint in Chromium, from the portal and from a server that only hands out the same
    bytes: the median of several first loads, by turns."""
    found = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        print("There is no Chromium here, so nothing is said of paints.")
        return
    from playwright.sync_api import sync_playwright

    with static(own) as bare, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        times: dict[int, list[float]] = {own[0]: [], bare: []}
        for _ in range(LOADS + 1):
            for port, each in times.items():
                context = browser.new_context(viewport={"width": 1280, "height": 900})
                page = context.new_page()
                page.goto(f"http://127.0.0.1:{port}/")
                each.append(page.evaluate(LARGEST))
                context.close()
        browser.close()
    portal_ms, bare_ms = (statistics.median(each[1:]) for each in times.values())
    print(
        f"Largest paint: portal {portal_ms:.0f} ms, the same bytes from a bare static server {bare_ms:.0f} ms:", end=""
    )
    print(f" {portal_ms / bare_ms:.2f} times")


@contextlib.contextmanager
def static(own: tuple[int, str]) -> Iterator[int]:
    """The port of a server that does nothing but write the portal's own answers, as a browser would get them."""
    page = raw(own[0], "/", "identity")
    style = page.partition(b'rel="stylesheet" href="')[2].partition(b'"')[0].decode()
    kept = {path.encode(): raw(own[0], path, ACCEPT) for path in ("/", style)}
    loop = asyncio.new_event_loop()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                asked = await reader.readuntil(b"\r\n\r\n")
                writer.write(kept.get(asked.split(b" ")[1], b"HTTP/1.1 404 Nowhere\r\nContent-Length: 0\r\n\r\n"))
        writer.close()

    server = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield server.sockets[0].getsockname()[1]
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


def raw(port: int, path: str, accept: str) -> bytes:
    """A whole answer as it comes over the wire, without what says that the connection is closed after it."""
    with socket.create_connection(("127.0.0.1", port)) as wire:
        ends = f"Host: 127.0.0.1:{port}\r\nAccept-Encoding: {accept}\r\nConnection: close\r\n\r\n"
        wire.sendall(f"GET {path} HTTP/1.1\r\n{ends}".encode())
        found = b"".join(iter(lambda: wire.recv(65536), b""))
    return found.replace(b"Connection: close\r\n", b"", 1)


if __name__ == "__main__":
    main()
