"""Values as they come from a browser: anybody can send anything, so each is brought to its type before it is used."""

from typing import Any


def text(value: Any) -> str:
    """A text field's value: nothing for none, and what is no text as it would be written."""
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value)
