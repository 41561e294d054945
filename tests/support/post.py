"""Mail in tests: a channel that keeps or refuses what it gets, and a mail server of the suite's own on loopback."""

import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path

from portal.actor import OPERATOR, Actor
from portal.database import Database
from portal.delivery import Refused
from portal.services import outbox
from portal.viewmodels.reminders import Sent
from portal.words.reminders import EMAIL

SENDER, BASE, KEY = "portal@partnership.example", "https://portal.example", "k" * 40


@dataclass
class Kept:
    """A channel that keeps what it gets; `before` is called first, with each receiver."""

    before: Callable[[str], None] = lambda _to: None
    messages: list[tuple[str, EmailMessage]] = field(default_factory=list)

    def send(self, message: EmailMessage, to: str) -> None:
        self.before(to)
        self.messages.append((to, message))

    def close(self) -> None:
        pass

    def to(self, who: str) -> list[EmailMessage]:
        return [message for to, message in self.messages if to == f"{who}@portal.example"]


def refuse(_to: str) -> None:
    """What a channel says to whom there is no such mailbox."""
    raise Refused("The mail server says: 550 no such mailbox", temporary=False)


def deliver(database: Database, channel: object, actor: Actor = OPERATOR) -> Sent:
    """Send what waits through a channel of a test."""
    return outbox.deliver(database, actor, channel, EMAIL, SENDER, BASE, KEY)  # type: ignore[arg-type]


@dataclass
class Server:
    """A mail server's state: what it was told and what it took. `answers` are said instead of the usual ones, by the
    command, once each in their order: '451 later', or 'drop' to hang up."""

    port: int = 0
    host: str = "127.0.0.1"
    answers: dict[str, list[str]] = field(default_factory=dict)
    password: str = ""
    certificate: Path | None = None
    utf8: bool = True
    taken: list[tuple[list[str], bytes]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0

    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(data, policy=SMTPUTF8) for _, data in self.taken]  # type: ignore[misc]


@contextmanager
def mail_server(**options: object) -> Iterator[Server]:
    """A mail server that speaks enough SMTP: EHLO, STARTTLS, AUTH PLAIN and LOGIN, MAIL, RCPT, DATA, RSET, QUIT."""
    state = Server(**options)  # type: ignore[arg-type]

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            state.connections += 1
            greeting = self.told("CONNECT") or "220 stub ESMTP"
            if greeting == "silence":
                self.rfile.read()
                return
            self.say(greeting)
            self.to: list[str] = []
            while line := self.rfile.readline():
                text = line.decode("utf-8").strip()
                verb = text.partition(" ")[0].upper()
                state.commands.append(verb if verb == "AUTH" else text)
                if not self.answer(verb, text):
                    return

        def told(self, verb: str) -> str:
            waiting = state.answers.get(verb, [])
            return waiting.pop(0) if waiting else ""

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

        def answer(self, verb: str, text: str) -> bool:
            instead = self.told(verb)
            if instead == "drop":
                return False
            if instead:
                self.say(instead)
                return not instead.startswith("421")
            if verb == "EHLO":
                offered = ["AUTH PLAIN LOGIN"] if state.password else []
                offered += ["STARTTLS"] if state.certificate and not isinstance(self.connection, ssl.SSLSocket) else []
                offered += ["SMTPUTF8", "8BITMIME"] if state.utf8 else []
                for each in ["stub", *offered[:-1]]:
                    self.say(f"250-{each}")
                self.say(f"250 {offered[-1] if offered else 'HELP'}")
            elif verb == "STARTTLS":
                self.say("220 go on")
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(str(state.certificate))
                try:
                    self.connection = context.wrap_socket(self.connection, server_side=True)
                except (ssl.SSLError, OSError):  # the other side did not believe us
                    return False
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
            elif verb == "AUTH":
                self.say("235 welcome" if state.password in self.credentials(text) else "535 5.7.8 wrong password")
            elif verb == "RCPT":
                self.to.append(text.partition("<")[2].partition(">")[0])
                self.say("250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                data = b""
                while not data.endswith(b"\r\n.\r\n"):
                    data += self.rfile.readline()
                after = self.told("END")
                if after == "drop":
                    return False
                if not after:
                    state.taken.append((self.to, data.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")))
                self.to = []
                self.say(after or "250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return False
            else:
                self.to = [] if verb in ("RSET", "MAIL") else self.to
                self.say("250 ok")
            return True

        def credentials(self, text: str) -> str:
            from base64 import b64decode

            said = text.split(" ", 2)
            given = said[2] if len(said) > 2 else ""
            if not given:
                self.say("334 ")
                given = self.rfile.readline().decode().strip()
            return b64decode(given).decode("utf-8")

    class Stub(socketserver.ThreadingTCPServer):
        daemon_threads = allow_reuse_address = True

    with Stub((state.host, 0), Handler) as server:
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
