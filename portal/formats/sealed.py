"""Secrets that have to be read again, sealed with a key that is made of the portal's own: worth nothing in a copy of the
database alone."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def seal(key: str, purpose: str, secret: str) -> str:
    """A secret, encrypted and signed (Fernet) with a key that is derived (HKDF-SHA256) from `key` for this purpose
    alone: sealed for one, it does not open for another."""
    return _box(key, purpose).encrypt(secret.encode()).decode()


def unseal(key: str, purpose: str, sealed: str) -> str | None:
    """The secret; None when it was sealed with another key, for another purpose, or was changed."""
    try:
        return _box(key, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _box(key: str, purpose: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
