"""A reminder as an e-mail: nothing typed gets into a header, the link that stops it is signed, a copy is the same."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTPUTF8, default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.formats.mail import email_of, for_the_wire, is_address, person_of, stop_token
from portal.viewmodels.reminders import Letter
from portal.words.reminders import one_line
from tests.support.post import BASE, KEY, SENDER

LETTER = Letter(
    id=1,
    tries=1,
    person_id=12,
    name="Ann Other",
    email="ann@portal.example",
    title="Overdue: 2 returns",
    body="Dear Ann Other,\n",
    message_id="0123456789abcdef",
    made_at=datetime(2009, 1, 31, 7, tzinfo=UTC),
)
HEADERS = {
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"),
    *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
}
PAYLOADS = (
    "Ann\r\nBcc: all@example.org",
    "Ann\nSubject: other",
    "Ann\r\n\r\nA body",
    "Ann\x0b\x0c\x1c\x85\u2028Bcc: x@y.example",
    "=?utf-8?q?Ann=0D=0ABcc:_all@example.org?=",
    'Ann" <all@example.org>, "',
    "Ann <all@example.org>",
    "\u202emoc.elpmaxe@lla",
    "Ann\x00Other",
    "=?utf-8?b?QW5uDQpCY2M6IGFsbEBleGFtcGxlLm9yZw==?=",
    "==??utf-8?q?=0D=0ABcc:_all@example.org?=",
    "=\r\n?utf-8?q?=0D=0ABcc:_all@example.org?=",
)


def read(letter: Letter, base: str = BASE, key: str | None = KEY):
    return message_from_bytes(email_of(letter, SENDER, base, key).as_bytes(), policy=default)


def test_what_a_message_is_made_of() -> None:
    found = read(LETTER)
    assert found["From"] == "Partnership portal <portal@partnership.example>"
    assert found["To"] == "Ann Other <ann@portal.example>"
    assert found["Message-ID"] == "<0123456789abcdef@partnership.example>"
    assert found["Date"] == "Sat, 31 Jan 2009 07:00:00 +0000"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found.get_content_type() == "text/plain"
    assert f"Choose what you are reminded of: {BASE}/reminders" in found.get_content().splitlines()
    assert email_of(LETTER, SENDER, BASE, KEY).as_bytes() == email_of(LETTER, SENDER, BASE, KEY).as_bytes()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_somebody_typed_gets_into_a_header_of_its_own(payload: str) -> None:
    found = read(replace(LETTER, name=payload, title=payload))
    assert set(found.keys()) == HEADERS
    assert [address.addr_spec for address in found["To"].addresses] == ["ann@portal.example"]
    assert len(found.get_all("Subject")) == len(found.get_all("To")) == 1
    assert found.get_content().startswith("Dear Ann Other,")


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_name_and_a_title_are(name: str, title: str) -> None:
    sent = replace(
        LETTER, name=name.encode("utf-8", "replace").decode(), title=title.encode("utf-8", "replace").decode()
    )
    found = read(sent)
    assert set(found.keys()) == HEADERS
    assert [address.addr_spec for address in found["To"].addresses] == ["ann@portal.example"]


@pytest.mark.parametrize(
    "address",
    [
        "ann@portal.example\r\nBcc: all@example.org",
        "ann@portal.example, all@example.org",
        "ann@portal.example>",
        "<ann@portal.example",
        "ann@portal.example;all@example.org",
        '"ann"@portal.example',
        "ann@@portal.example",
        "ann",
        "@portal.example",
        "ann@portal.example\u2028",
        "=?utf-8?q?=0D=0ABcc?=@portal.example",
        f"{'a' * 250}@portal.example",
    ],
)
def test_what_could_be_more_than_one_address_is_refused(address: str) -> None:
    assert not is_address(address)
    with pytest.raises(ValueError, match="not an e-mail address"):
        email_of(replace(LETTER, email=address), SENDER, BASE, KEY)


@given(st.text(max_size=12), st.text(max_size=12))
def test_whatever_an_account_says_its_address_is(local: str, domain: str) -> None:
    """It is refused, or one address in one header: nothing else stops the others from being sent."""
    try:
        message = email_of(replace(LETTER, email=f"{local}@{domain}"), SENDER, BASE, KEY)
    except ValueError:
        return
    found = message_from_bytes(message.as_bytes(policy=SMTPUTF8), policy=default)
    assert set(found.keys()) == HEADERS
    assert len(found["To"].addresses) == 1


def test_domains_with_other_letters_are_written_as_the_name_system_does() -> None:
    assert for_the_wire("ann@bücher.example") == "ann@xn--bcher-kva.example"
    assert for_the_wire("jörg@portal.example") == "jörg@portal.example"


def test_the_link_that_stops_is_whole_in_its_header_and_one_click_where_the_portal_has_tls() -> None:
    token = stop_token(KEY, 12)
    raw = email_of(LETTER, SENDER, BASE, KEY).as_bytes().decode()
    assert f"\r\nList-Unsubscribe: <{BASE}/unsubscribe?token={token}>\r\n" in raw
    assert "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    plain = read(LETTER, "http://127.0.0.1:8050")
    assert plain["List-Unsubscribe"] == f"<http://127.0.0.1:8050/unsubscribe?token={token}>"
    assert plain["List-Unsubscribe-Post"] is None
    assert read(LETTER, BASE, None)["List-Unsubscribe"] is None


def test_a_link_is_for_one_account_by_one_key() -> None:
    token = stop_token(KEY, 12)
    assert person_of(KEY, token) == 12
    assert stop_token(KEY, 13) != token
    for wrong in ("", "12", "12.", token[:-1], token + "0", token.replace("12.", "13."), f"0{token}", "١٢.x", "9" * 99):
        assert person_of(KEY, wrong) is None
    assert person_of("x" * 40, token) is None


@given(st.text())
def test_a_line_is_one_line_and_steers_nothing(text: str) -> None:
    assert one_line(text).isprintable()
    assert one_line(one_line(text)) == one_line(text)
