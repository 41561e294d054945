"""Sealing a text with the portal's secret key: who reads the database alone reads none of it, and can change none."""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def sealed(key: str, purpose: str, text: str, at: datetime) -> str:
    """A text, sealed at a moment with Fernet (AES-128-CBC and HMAC-SHA256). What was sealed for one purpose opens for
    no other: each has a key of its own, derived from the portal's by HKDF-SHA256 (RFC 5869)."""
    return _box(key, purpose).encrypt_at_time(text.encode(), int(at.timestamp())).decode()


def opened(key: str, purpose: str, token: str, at: datetime, within: timedelta | None = None) -> str | None:
    """The text of a seal; None for one that was not made with this key and for this purpose, or was changed, or was made
    longer ago than `within`."""
    box = _box(key, purpose)
    try:
        if within is None:
            return box.decrypt(token.encode()).decode()
        return box.decrypt_at_time(token.encode(), int(within.total_seconds()), int(at.timestamp())).decode()
    except (InvalidToken, UnicodeError):
        return None


def _box(key: str, purpose: str) -> Fernet:
    derived = HKDF(SHA256(), 32, None, f"portal: {purpose}".encode()).derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
