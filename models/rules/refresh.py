"""The refresh of an agreement: what may change, whether a target is stretched or relaxed by it, and who must consent."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from models.rules.terms import Group, Polarity, Rating, TargetState


class RefreshState(StrEnum):
    """Where a refresh is: worked on, agreed as a whole, or left."""

    OPEN = "open"
    AGREED = "agreed"
    LEFT = "left"


class Term(StrEnum):
    """What a version of the agreement says, and a refresh may change."""

    TARGET = "target"
    BASELINE = "baseline"
    TOLERANCE = "tolerance"
    POLARITY = "polarity"
    FREQUENCY = "frequency"
    LEAD = "lead"
    PARTNERS = "partners"
    PLACEHOLDER = "placeholder"


GOVERNMENT_OFFICE = ""
"""Stands among the keys of organisations for Government Office, which is none of the partnership's."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a version says of one term. A target has a state and, when it is set, low and high in the target's unit; a
    baseline low, and its period as the word; a tolerance low, and its kind; a polarity or a frequency its name; a lead the
    organisation's key; partners theirs, with semicolons between; a placeholder yes or no. A target may have how its
    document prints it, and a note: two that are only worded differently say the same."""

    low: Decimal | None = None
    high: Decimal | None = None
    state: TargetState | None = None
    word: str = ""
    printed: str = field(default="", compare=False)
    note: str = field(default="", compare=False)


class Stretch(StrEnum):
    """What a change does to a target."""

    FIRST = "set for the first time"
    STRETCHED = "stretched"
    RELAXED = "relaxed"
    MOVED = "moved"
    SAME = "as before"
    UNSET = "no longer set"


def stretch(old: Value, new: Value, polarity: Polarity) -> Stretch:
    """What becomes of a target. A range is relaxed when it grows and stretched when it shrinks; without a good way,
    or with a range that goes elsewhere, it is only moved. Source: how refreshes list their renegotiated targets.

    >>> homes = Value(Decimal(1450), Decimal(1450), TargetState.SET)
    >>> stretch(homes, Value(Decimal(940), Decimal(940), TargetState.SET), Polarity.HIGHER)
    <Stretch.RELAXED: 'relaxed'>
    """
    if new.low is None or new.high is None:
        return Stretch.SAME if old.low is None else Stretch.UNSET
    if old.low is None or old.high is None:
        return Stretch.FIRST
    if (old.low, old.high) == (new.low, new.high):
        return Stretch.SAME
    if polarity is Polarity.RANGE:
        if new.low <= old.low and old.high <= new.high:
            return Stretch.RELAXED
        return Stretch.STRETCHED if old.low <= new.low and new.high <= old.high else Stretch.MOVED
    if polarity is Polarity.NONE:
        return Stretch.MOVED
    way = (new.low - old.low) if polarity is Polarity.HIGHER else (old.high - new.high)
    return Stretch.STRETCHED if way > 0 else Stretch.RELAXED


def consents_needed(group: Group, partners: Collection[str]) -> tuple[str, ...]:
    """The keys of those who must consent to a change of an indicator: its lead and every partner that it relates to
    (of before and after the change), in order; for a designated one Government Office too, last. Source: sections 110
    and 111 of the Local Government and Public Involvement in Health Act 2007.

    >>> consents_needed(Group.DESIGNATED, {"police"})
    ('police', '')
    """
    keys = tuple(sorted(partners))
    return (*keys, GOVERNMENT_OFFICE) if group is Group.DESIGNATED else keys


@dataclass(frozen=True, slots=True)
class Moves:
    """What past figures would be rated under a proposed target: how many there are, of the target's own year or else
    the last ones of any year, and how many would move from which rating (None: no rating) to which."""

    figures: int
    own_year: bool
    moved: tuple[tuple[Rating | None, Rating | None, int], ...]


def counterfactual(pairs: Sequence[tuple[Rating | None, Rating | None]], *, own_year: bool) -> Moves:
    """Count the ratings of past figures as they were, each with what it would be under a proposed target.

    >>> counterfactual([(Rating.WORSE, Rating.WITHIN)] * 2 + [(Rating.WORSE, Rating.WORSE)] * 2, own_year=True).moved
    ((<Rating.WORSE: 'worse'>, <Rating.WITHIN: 'within'>, 2),)
    """
    counts = Counter(pair for pair in pairs if pair[0] is not pair[1])
    return Moves(len(pairs), own_year, tuple((old, new, n) for (old, new), n in counts.items()))
