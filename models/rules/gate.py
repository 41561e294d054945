"""What a publication would change for the public: figure by figure, against what was published for the same day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum, auto

from models.rules.broken import IllegalMove, NotReady
from models.rules.terms import NoRating, Rating, State

Place = tuple[str, str]
"""A measure's code and a period's key."""


class Publishing(StrEnum):
    """What becomes of a figure in public."""

    REVISED = auto()
    WITHDRAWN = auto()
    SUPPRESSED = auto()
    NEW = auto()
    MISSING = auto()


class Missing(StrEnum):
    """On whom a figure waits that an edition would not have."""

    TEAM = auto()
    PARTNER = auto()
    NOT_DUE = auto()
    IMPOSSIBLE = auto()


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


def check_ready(period: str, ends_on: date, today: date, verified: int) -> None:
    """NotReady, with a sentence, where an edition of a period would be too early: the period is not over, or none of
    the returns that end with it is verified. It could never be taken back, and would be in front of all others.

    >>> check_ready("2008/09 Q3", date(2008, 12, 31), date(2009, 1, 20), 1)
    """
    if today <= ends_on:
        last = f"{ends_on.day} {ends_on:%B %Y}"
        raise NotReady(f"{period} is not over: its last day is {last}. It can be published once it has ended.")
    if not verified:
        raise NotReady(f"Nothing is verified for {period}, so an edition would show no figure: verify returns first.")


def missing(state: State | None, reason: NoRating | None) -> Missing:
    """On whom a missing figure waits: `state` is where its return stands, None where nobody was asked, and `reason`
    what the public would be told. What nobody was asked for waits for the team, which opens periods."""
    if state is State.SUBMITTED:
        return Missing.TEAM
    if state is State.QUERIED:
        return Missing.PARTNER
    if reason is NoRating.NOT_DUE:
        return Missing.NOT_DUE
    if state in (State.VERIFIED, State.PUBLISHED) or reason not in (
        NoRating.LATE,
        NoRating.NOT_REPORTED,
        NoRating.BEING_CHECKED,
    ):
        return Missing.IMPOSSIBLE
    return Missing.TEAM if state is None else Missing.PARTNER


def no_longer_rated(before: Mapping[str, Rating | None], after: Mapping[str, Rating | None]) -> list[str]:
    """The indicators, by code, that one edition rates and another, which has them too, does not.

    >>> no_longer_rated({"NI 16": Rating.WORSE, "NI 20": Rating.BETTER}, {"NI 16": None, "NI 20": Rating.BETTER})
    ['NI 16']
    """
    return [code for code, rating in before.items() if rating and code in after and after[code] is None]


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
