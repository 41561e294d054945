"""What the audit trail recorded, as people read it: 'figure 2.42 → 1.10'."""

import json
from collections.abc import Mapping
from typing import Any

NAMES = {
    "asked": "returns asked for",
    "by_rule": "rating by the rule",
    "no_value_reason": "reason for no figure",
    "forecast_value": "forecast figure",
    "proposed": "rating proposed",
    "value": "figure",
}
"""What is recorded under a name that is not a word."""


def recorded(before: str, after: str) -> list[str]:
    """What an event says that it changed, from what to what; of what was there before alone or is there now alone, just
    that. What stayed as it was is left out."""
    old, new = _read(before), _read(after)
    names = dict.fromkeys([*old, *new])
    changed = [name for name in names if old.get(name) != new.get(name)]
    return [_change(name, old.get(name), new.get(name), both=bool(old) and bool(new)) for name in changed]


def _read(text: str) -> Mapping[str, Any]:
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict) else {"": found}


def _change(name: str, old: Any, new: Any, *, both: bool) -> str:
    label = NAMES.get(name, name.replace("_", " "))
    said = f"{_said(old)} → {_said(new)}" if both else _said(new if old is None else old)
    return f"{label} {said}".strip()


def _said(value: Any) -> str:
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_said(one) for one in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{NAMES.get(name, name.replace('_', ' '))} {_said(one)}" for name, one in value.items())
    return str(value).replace("_", " ") if isinstance(value, str) and value.isidentifier() else str(value)
