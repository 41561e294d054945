"""What a publication would change for the public: figure by figure, against what was published for the same day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum, auto

from models.rules.broken import IllegalMove
from models.rules.terms import NoRating, Rating

Place = tuple[str, str]
"""A measure's code and a period's key."""


class Publishing(StrEnum):
    """What becomes of a figure in public."""

    REVISED = auto()
    WITHDRAWN = auto()
    SUPPRESSED = auto()
    NEW = auto()
    MISSING = auto()


class PublicationState(StrEnum):
    """Where a publication is: prepared for another person to release, waiting for its hour, held back, out, or left."""

    PREPARED = auto()
    SCHEDULED = auto()
    HELD = auto()
    PUBLISHED = auto()
    LEFT = auto()


OPEN = (PublicationState.PREPARED, PublicationState.SCHEDULED, PublicationState.HELD)
"""A publication is worked on: only one of an agreement at a time."""

_MOVES = {
    "release": (PublicationState.PREPARED, PublicationState.HELD),
    "hold": (PublicationState.PREPARED, PublicationState.SCHEDULED),
    "leave": OPEN,
    "publish": (PublicationState.SCHEDULED,),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What an edition says of one measure in one period: its figure with its rating, that it is too small to be shown,
    or why there is none. `own`: it is of the period that the edition is about, not one before."""

    value: Decimal | None = None
    rating: Rating | None = None
    suppressed: bool = False
    reason: NoRating | None = None
    own: bool = False


def compare(before: Mapping[Place, Shown], after: Mapping[Place, Shown]) -> dict[Place, Publishing]:
    """What would change, in the order of the new edition. Missing is only what the edition itself is about: an older
    figure that was never there is no news.

    >>> one = Shown(Decimal("2.42"), Rating.WORSE)
    >>> compare({("NI 16", "2008/09 Q2"): one}, {("NI 16", "2008/09 Q2"): Shown()})
    {('NI 16', '2008/09 Q2'): <Publishing.WITHDRAWN: 'withdrawn'>}
    """
    found = {}
    for place in dict.fromkeys((*after, *before)):
        old, new = before.get(place, Shown()), after.get(place, Shown())
        kind = _kind(old, new)
        if kind is not None:
            found[place] = kind
    return found


def puts_right(before: Mapping[Place, Shown], changes: Iterable[Place]) -> bool:
    """Whether something that the public was shown would change."""
    return any(before[place].value is not None for place in changes if place in before)


def _kind(old: Shown, new: Shown) -> Publishing | None:
    if new.suppressed:
        return None if old.suppressed else Publishing.SUPPRESSED
    if new.value is None:
        if old.value is not None:
            return Publishing.WITHDRAWN
        return Publishing.MISSING if new.own else None
    if old.value is None:
        return Publishing.NEW
    # An older period's rating is not printed beside its figure: there only the figure counts.
    same = (old.value, old.rating) == (new.value, new.rating) if old.own and new.own else old.value == new.value
    return None if same else Publishing.REVISED


def check_move(move: str, state: PublicationState) -> None:
    """IllegalMove, with a sentence, when a publication cannot be released, held, left or published from its state."""
    if state not in _MOVES[move]:
        raise IllegalMove(f"This publication is {state} by now: look at it again.")
