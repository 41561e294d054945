"""JSON that is the same for the same content, so that it can be hashed."""

import json
from typing import Any


def canonical(value: Any) -> str:
    """Keys in order, no spaces; decimals, dates and words of a vocabulary as text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
