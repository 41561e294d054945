"""Passwords and tokens: how they are kept, and which passwords are refused."""

import hashlib

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 15
LONGEST = 200
_KNOWN = frozenset(
    {
        "123456789012345",
        "1234567890123456",
        "aaaaaaaaaaaaaaa",
        "abcdefghijklmno",
        "correcthorsebatterystaple",
        "iloveyouiloveyou",
        "password12345678",
        "passwordpassword1",
        "qwertyuiop12345",
        "qwertyuiopasdfgh",
        "passwordpassword",
        "passw0rdpassw0rd",
        "password123456789",
        "password1234567890",
        "123456789123456789",
        "12345678901234567890",
        "1q2w3e4r5t6y7u8i",
        "1qaz2wsx3edc4rfv",
        "1qaz2wsx3edc4rfv5tgb",
        "qazwsxedcrfvtgb",
        "qwertyuiopasdfghjkl",
        "qwertyuiopasdfghjklzxcvbnm",
        "qwertyuiop123456789",
        "qwertyqwertyqwerty",
        "asdfghjklasdfghjkl",
        "abcdefghijklmnop",
        "abcdefghijklmnopqrstuvwxyz",
        "administrator123",
        "changemechangeme",
        "welcomewelcome123",
        "letmeinletmeinletmein",
        "iloveyou12345678",
        "trustno1trustno1",
        "thequickbrownfox",
        "thequickbrownfoxjumps",
        "correct horse battery staple",
        "correct-horse-battery-staple",
    }
)
_OF_THE_PORTAL = ("partnership", "scorecard", "leicester", "password", "council", "portal", "police", "laa", "lsp")
"""Words that anybody would try here first: they add nothing to a password."""

# OWASP's smallest setting for argon2id: 19 MiB and two passes, so that many may sign in at once.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """A password as it is kept: argon2id, with its own salt."""
    return _hasher.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Whether a password is the one that was kept."""
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def outdated(password_hash: str) -> bool:
    """Whether a password was kept with less work than the portal asks for by now."""
    return _hasher.check_needs_rehash(password_hash)


def digest(token: str) -> str:
    """What is kept of a random token of ours: whoever reads the database cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _parts(word: str) -> list[str]:
    """An address or a name, whole, without its spaces, and by its words; the longest first."""
    return sorted({word, word.partition("@")[0], word.replace(" ", ""), *word.split()}, key=len, reverse=True)


def weakness(password: str, own_words: tuple[str, ...]) -> str | None:
    """A sentence when the password cannot be taken, else None: too short, well known, or made of the account's own
    words and those of the portal. There is no rule on which characters."""
    if len(password) < SHORTEST:
        return f"Choose a password of at least {SHORTEST} characters: three or four words do."
    if len(password) > LONGEST:
        return f"The password has {len(password)} characters; at most {LONGEST} are taken."
    plain = password.lower()
    if plain in _KNOWN or len(set(plain)) < 5:
        return "This password is well known or has too few different characters: choose another."
    rest = plain
    for word in own_words:
        for part in _parts(word.lower()):
            rest = rest.replace(part, "") if len(part) > 3 else rest
    if len(rest) < SHORTEST // 2:
        return "This password is made of your own name or address: choose another."
    for word in _OF_THE_PORTAL:
        rest = rest.replace(word, "")
    if len(rest) < SHORTEST // 2:
        return "This password is made of words that anybody would try here: choose another."
    return None
