"""The codes of a second factor, and the seal that keeps their secrets."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.formats.codes import (
    RECOVERY_CODES,
    enrolling,
    is_app_code,
    new_recovery_codes,
    new_secret,
    plain_recovery_code,
    step_of,
)
from portal.formats.sealing import opened, sealed

RFC = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The key of the examples in RFC 6238, appendix B, in base 32."""
AT = datetime(2009, 1, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_standards_examples(seconds: int, code: str) -> None:
    assert step_of(RFC, code, datetime.fromtimestamp(seconds, UTC), 0) == seconds // 30
    assert step_of(RFC, code, datetime.fromtimestamp(seconds, UTC), seconds // 30) is None


def test_six_digits_are_an_apps_code_and_nothing_else_is() -> None:
    assert [is_app_code(typed) for typed in ("123456", " 123 456 ", "1 2 3 4 5 6")] == [True] * 3
    assert [is_app_code(typed) for typed in ("", "12345", "1234567", "12345a", "١٢٣٤٥٦", "123-456")] == [False] * 6


def test_the_picture_says_whose_account_it_is_and_where() -> None:
    address = urlsplit(enrolling(RFC, "ann@portal.example"))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert address.path == "/Partnership%20portal:ann%40portal.example"
    assert parse_qs(address.query) == {"secret": [RFC], "issuer": ["Partnership portal"]}


def test_secrets_and_recovery_codes_are_long_and_never_the_same() -> None:
    assert len({new_secret() for _ in range(100)}) == 100
    assert all(len(new_secret()) == 32 for _ in range(5))
    codes = {code for _ in range(20) for code in new_recovery_codes()}
    assert len(codes) == 20 * RECOVERY_CODES
    assert {len(plain_recovery_code(code)) for code in codes} == {24}


def test_a_seal_opens_with_its_key_for_its_purpose_in_its_time() -> None:
    token = sealed("k" * 40, "a letter", "words – and more", AT)
    assert "words" not in token
    assert opened("k" * 40, "a letter", token, AT) == "words – and more"
    assert opened("k" * 40, "a letter", token, AT + timedelta(minutes=5), timedelta(minutes=5)) == "words – and more"
    assert opened("k" * 40, "a letter", token, AT + timedelta(minutes=6), timedelta(minutes=5)) is None
    assert opened("x" * 40, "a letter", token, AT) is None
    assert opened("k" * 40, "another", token, AT) is None
    for at in range(0, len(token) - 2, 7):
        changed = "A" if token[at] != "A" else "B"
        assert opened("k" * 40, "a letter", token[:at] + changed + token[at + 1 :], AT) is None
