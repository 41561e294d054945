"""What a briefing pack is asked for: of what, in which forms, as known on which day, and for how long it is kept."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class PackKind(StrEnum):
    """Whom a pack is for: the meeting of the executive, whoever reads one theme, one partner."""

    EXECUTIVE = "executive"
    THEME = "theme"
    PARTNER = "partner"


class PackForm(StrEnum):
    """The files that a pack is made as."""

    PDF = "pdf"
    DOCX = "docx"


KEPT = timedelta(days=90)
"""So long the files of a pack are kept; what was made, and its hashes, stay on record."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A pack that is asked for. `key` names the theme or the organisation, '' for the executive's; `period` is a
    period's address, '' for the one published last; `day` a past day, None for now."""

    kind: PackKind
    key: str
    period: str
    forms: tuple[PackForm, ...]
    day: date | None = None

    @property
    def about(self) -> str:
        """'executive', 'theme:safer', 'partner:police'."""
        return f"{self.kind}:{self.key}" if self.key else self.kind.value

    def written(self) -> str:
        """As a job keeps it."""
        day = self.day.isoformat() if self.day else None
        return json.dumps([self.kind, self.key, self.period, self.forms, day])


def about_of(text: str) -> tuple[PackKind, str] | None:
    """The kind and the key in what `Asked.about` writes; None for anything else.

    >>> about_of("theme:safer"), about_of("executive"), about_of("theme")
    ((<PackKind.THEME: 'theme'>, 'safer'), (<PackKind.EXECUTIVE: 'executive'>, ''), None)
    """
    said, _, key = text.partition(":")
    kind = next((one for one in PackKind if one == said), None)
    return None if kind is None or bool(key) is (kind is PackKind.EXECUTIVE) else (kind, key)


def read_asked(text: str) -> Asked:
    """What `Asked.written` wrote."""
    kind, key, period, forms, day = json.loads(text)
    return Asked(PackKind(kind), key, period, tuple(map(PackForm, forms)), date.fromisoformat(day) if day else None)
