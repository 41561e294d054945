"""What a publication would change for the public: figure by figure, against what was published for the same day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum, auto

from models.rules.broken import IllegalMove, NotReady
from models.rules.expected import Expected
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
    or why there is none. `own`: it is of the period that the edition is about, not one before; then all that is printed
    beside it is here too: what it was `held` against (of a figure alone: what there is none of is held against nothing),
    `held_since` where that was set after the figure came in, its forecast, and by name the `rest`."""

    value: Decimal | None = None
    rating: Rating | None = None
    suppressed: bool = False
    reason: NoRating | None = None
    own: bool = False
    anew: bool = False
    held: Expected | None = None
    held_since: date | None = None
    forecast: Rating | None = None
    rest: tuple[tuple[str, object], ...] = ()


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


def puts_right(before: Mapping[Place, Shown], changes: Mapping[Place, Publishing]) -> bool:
    """Whether something that the public was shown would change."""
    return any(
        kind in (Publishing.REVISED, Publishing.WITHDRAWN)
        or (kind is Publishing.SUPPRESSED and before.get(place, Shown()).value is not None)
        for place, kind in changes.items()
    )


def differ(before: Mapping[Place, Shown], after: Mapping[Place, Shown]) -> list[Place]:
    """Of which figures two editions of one day say anything else, also why there is none, in the order of the later."""
    places = dict.fromkeys((*after, *before))
    return [place for place in places if before.get(place) != after.get(place)]


def also_changed(old: Shown, new: Shown) -> tuple[str, ...]:
    """What else is printed otherwise beside a figure, by name."""
    before = dict(old.rest)
    return tuple(name for name, said in new.rest if before.get(name) != said)


def _kind(old: Shown, new: Shown) -> Publishing | None:
    # An older period's figure stands alone: what was printed beside it is not printed any more.
    same = old == new if old.own and new.own else (old.value, old.anew) == (new.value, new.anew)
    revised = None if same else Publishing.REVISED
    if new.suppressed:
        return revised if old.suppressed else Publishing.SUPPRESSED
    if new.value is not None:
        return Publishing.NEW if old.value is None else revised
    if old.value is not None:
        return Publishing.WITHDRAWN
    if not new.own:
        return None
    said = (old.rating, old.forecast)  # there may be some without a figure
    return revised if said != (None, None) and revised else Publishing.MISSING


def check_move(move: str, state: PublicationState) -> None:
    """IllegalMove, with a sentence, when a publication cannot be released, held, left or published from its state."""
    if state not in _MOVES[move]:
        raise IllegalMove(f"This publication is {state} by now: look at it again.")
