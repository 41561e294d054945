"""Texts as they come from outside: what no database can hold is found before one is asked to."""


def storable(text: str) -> bool:
    """Whether a text can be kept: no NUL, which PostgreSQL refuses, and no half of a surrogate pair.

    >>> storable("fine"), storable("a\\x00b"), storable("\\ud800")
    (True, False, False)
    """
    if "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
