"""A reminder as an e-mail: plain text, headers that nothing typed can add to, and a link that stops all of them."""

import hashlib
import hmac
import re
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime

from portal.viewmodels.reminders import Letter
from portal.words.reminders import footer, one_line

_PLAIN = re.compile(r"[^\s@<>()\[\]:;,\\\"]+@[^\s@<>()\[\]:;,\\\"]+")
PURPOSE = b"portal: stop reminders to account "


class _Whole(UnstructuredHeader, BaseHeader):
    """A header that is one long address: it is not broken into lines, nor encoded, as others are."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}\r\n"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)
_POLICY = SMTP.clone(header_factory=_HEADERS)


def stop_token(key: str, person_id: int) -> str:
    """What proves that a link comes from a message to this account: good for stopping its reminders and nothing else,
    with no end, as messages have none. It is an HMAC-SHA256 by the portal's secret key, of 128 bits."""
    sealed = hmac.new(key.encode(), PURPOSE + str(person_id).encode(), hashlib.sha256).hexdigest()[:32]
    return f"{person_id}.{sealed}"


def person_of(key: str, token: str) -> int | None:
    """The account that a token is for; None for one that was not made with this key."""
    number = token.partition(".")[0]
    if not re.fullmatch(r"[0-9]{1,9}", number, re.ASCII):
        return None
    return int(number) if hmac.compare_digest(stop_token(key, int(number)).encode(), token.encode()) else None


def is_address(text: str) -> bool:
    """Whether a text can be one address in a header: nothing that would end it, or begin another."""
    return _PLAIN.fullmatch(text) is not None and text.isprintable() and "=?" not in text and len(text) <= 254


def for_the_wire(address: str) -> str:
    """An address with its domain as the name system writes it ('büro.example' as 'xn--bro-hoa.example'); what stands
    before the @ stays, and needs a server that knows SMTPUTF8 unless it is ASCII. ValueError for none."""
    if not is_address(address):
        raise ValueError(f"{one_line(address)!r} is not an e-mail address that can be written to.")
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        raise ValueError(f"{domain!r} is not a domain that can be written to.") from None


def _in_header(text: str) -> str:
    """A text as it may stand in a header. What looks like an encoded word is broken up: the library would decode it,
    line breaks and all, and write a header of its own making."""
    return one_line(text).replace("=?", "= ?")


def email_of(letter: Letter, sender: str, base: str, key: str | None) -> EmailMessage:
    """The e-mail of a letter: every time the same, so that a second copy is recognised by its Message-ID. Without a
    `key` it has no link that stops it. ValueError for an address that cannot be one."""
    to, name = for_the_wire(letter.email), _in_header(letter.name)
    stop = f"/unsubscribe?token={stop_token(key, letter.person_id)}" if key else ""
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(display_name="Partnership portal", addr_spec=sender)
    local, _, domain = to.rpartition("@")  # told apart: as one text it would have to be ASCII
    message["To"] = Address(display_name=name, username=local, domain=domain)
    message["Subject"] = _in_header(letter.title)
    message["Date"] = format_datetime(letter.made_at)
    message["Message-ID"] = f"<{letter.message_id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nothing answers it automatically
    if stop and base:
        message["List-Unsubscribe"] = f"<{base}{stop}>"
        if base.startswith("https:"):  # RFC 8058 asks for it
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(f"{letter.body}\n{footer(base, stop)}", cte="quoted-printable")
    return message
