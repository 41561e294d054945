"""What `portal check` found."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be: its key in portal/words/checkup.py, and what that sentence names."""

    key: str
    named: Mapping[str, object] = field(default_factory=dict)
