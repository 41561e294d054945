"""JSON that is the same for the same content, so that it can be hashed."""

import json
from decimal import Decimal
from typing import Any


def canonical(value: Any) -> str:
    """Keys in order, no spaces; decimals, dates and words of a vocabulary as text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_text)


def _text(value: Any) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)
