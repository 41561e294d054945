"""The ways in which a message leaves the portal: by SMTP, into a folder of .eml files, or printed."""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

SECONDS = 30
"""So long the mail server is waited for at each step."""
HERE = ("localhost", "127.0.0.1", "::1")
"""To a relay on the same machine nothing is encrypted: it does not go over any wire. To every other it has to be."""
TEMPORARY = range(400, 500)


class Refused(Exception):
    """A message was not taken; `temporary`: the same may be taken later."""

    def __init__(self, sentence: str, *, temporary: bool) -> None:
        super().__init__(sentence)
        self.sentence, self.temporary = sentence, temporary


class Unreachable(Exception):
    """Nothing can be sent at all now, whatever it is."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Channel(Protocol):
    """One way out."""

    def send(self, message: EmailMessage, to: str) -> None:
        """Hand a message over. Refused for this one, Unreachable for all."""

    def close(self) -> None:
        """Let go of whatever is held open."""


class Printed:
    """Every message is printed, and none is sent."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self._say = say

    def send(self, message: EmailMessage, to: str) -> None:
        """Print the headers and the text."""
        headers = "\n".join(f"{name}: {value}" for name, value in message.items() if not name.startswith("Content-"))
        self._say(f"{headers}\n\n{message.get_content()}")

    def close(self) -> None:
        """Nothing is held."""


class Folder:
    """Every message becomes a file, named by its Message-ID: the same message twice is the same file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, message: EmailMessage, to: str) -> None:
        """Write the file, which is whole as soon as it has its name. Unreachable when the folder takes none."""
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        part = self._path / f"{name}.part"
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            part.write_bytes(message.as_bytes(policy=SMTPUTF8 if not to.isascii() else None))
            part.replace(self._path / f"{name}.eml")
        except OSError as error:
            raise Unreachable(f"The folder {self._path} takes no file: {error.strerror}.") from None

    def close(self) -> None:
        """Nothing is held."""


class Smtp:
    """A mail server, by its address: smtp://USER:PASSWORD@HOST:PORT, or smtps:// for TLS from the first byte. One
    connection serves many messages, and is made anew when it breaks."""

    def __init__(self, address: str, sender: str) -> None:
        self._url, self._sender = urlsplit(address), sender
        self._connection: smtplib.SMTP | None = None

    def send(self, message: EmailMessage, to: str) -> None:
        """Hand a message to the server. A connection that breaks before the server has answered may have been too late
        to keep it from sending: the message is tried again, with the same Message-ID."""
        connection = self._connection or self._connect()
        try:
            connection.send_message(message, self._sender, [to])
        except smtplib.SMTPRecipientsRefused as error:
            code, said = error.recipients[to]
            raise self._refused(code, said) from None
        except smtplib.SMTPSenderRefused as error:
            self._drop()
            raise Unreachable(
                f"The mail server refuses {self._sender} as the sender: {_said(error.smtp_code, error.smtp_error)}"
            ) from None
        except smtplib.SMTPNotSupportedError:
            raise Refused("The mail server takes no addresses with letters like these.", temporary=False) from None
        except smtplib.SMTPResponseException as error:
            raise self._refused(error.smtp_code, error.smtp_error) from None
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Refused(f"The connection to the mail server broke: {_name(error)}.", temporary=True) from None

    def greet(self) -> None:
        """Connect and sign in, and send nothing. Unreachable where that cannot be done."""
        self._connect()

    def _refused(self, code: int, said: bytes | str) -> Refused:
        if code == 421:  # it hangs up
            self._drop()
        return Refused(f"The mail server says: {_said(code, said)}", temporary=code in TEMPORARY)

    def _connect(self) -> smtplib.SMTP:
        url, host = self._url, self._url.hostname or ""
        try:
            if url.scheme == "smtps":
                secure = ssl.create_default_context()
                made: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=SECONDS, context=secure)
            else:
                made = smtplib.SMTP(host, url.port or 587, timeout=SECONDS)
            self._connection = made
            if url.scheme == "smtp" and host not in HERE:
                made.starttls(context=ssl.create_default_context())
            if url.username:
                made.login(unquote(url.username), unquote(url.password or ""))
        except smtplib.SMTPAuthenticationError as error:
            self._drop()
            raise Unreachable(
                f"The mail server refuses the sign-in: {_said(error.smtp_code, error.smtp_error)}"
            ) from None
        except smtplib.SMTPNotSupportedError as error:
            self._drop()
            raise Unreachable(f"The mail server cannot do what is needed: {error}") from None
        except smtplib.SMTPResponseException as error:
            self._drop()
            raise Unreachable(f"The mail server says: {_said(error.smtp_code, error.smtp_error)}") from None
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Unreachable(f"The mail server {host} cannot be reached: {_name(error)}.") from None
        return made

    def close(self) -> None:
        """Take leave of the server, if there is one."""
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._drop()

    def _drop(self) -> None:
        """End a connection of which nothing more is expected."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _said(code: int, text: bytes | str) -> str:
    """What a server answered, on one line and not too long."""
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(plain.split())}"[:200]


def _name(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or getattr(error, "reason", None) or error)[:160]
