"""Which figures are too small to be shown to everybody, and which others would give one of them away."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum, auto


class Hidden(StrEnum):
    """Why a figure is not shown: it is small itself, or with its total it would give away one that is."""

    SMALL = auto()
    GIVES_AWAY = auto()


@dataclass(frozen=True, slots=True)
class Count:
    """How many people or events lie under a figure, and out of how many where it is a share of them; None: not known."""

    number: Decimal | None
    out_of: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Suppression:
    """The rule that is stored for a measure: fewer than `below` are not shown; `total` is the measure that this one is
    a part of, '' for none."""

    below: int
    total: str = ""


def is_small(count: Count, below: int) -> bool:
    """Whether so few lie under a figure that one of them might be known by it. None at all tells of nobody; of a share
    those without it count as well. Source: the usual practice of official
    statistics, with the threshold as a setting.

    >>> is_small(Count(Decimal(3)), 5), is_small(Count(Decimal(0)), 5), is_small(Count(Decimal(97), Decimal(100)), 5)
    (True, False, True)
    """
    if count.number is None:
        return False
    if 0 < count.number < below:
        return True
    return count.out_of is not None and 0 < count.out_of - count.number < below


def hidden(counts: Mapping[str, Count], rules: Mapping[str, Suppression]) -> dict[str, Hidden]:
    """The measures of one period that are not shown. Where a total is shown and a single part of it is not, the whole
    less the rest would tell: then the smallest other part that is not none goes too, or, without one, the total."""
    found = {
        code: Hidden.SMALL for code, rule in rules.items() if code in counts and is_small(counts[code], rule.below)
    }
    for total in sorted({rule.total for rule in rules.values()}):
        parts = [code for code, rule in rules.items() if rule.total == total and code in counts]
        silent = [code for code in parts if code in found]
        if total not in counts or total in found or len(silent) != 1:
            continue
        others = [(counts[code].number or Decimal(0), code) for code in parts if code not in found]
        shown = sorted(others, key=lambda one: (one[0] == 0, one))
        found[shown[0][1] if shown else total] = Hidden.GIVES_AWAY
    return found
