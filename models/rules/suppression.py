"""Which figures are too small to be shown to everybody, and which others would give one of them away."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum, auto
from types import MappingProxyType

from models.rules.gate import Place


class Hidden(StrEnum):
    """Why a figure is not shown: it is small itself, or so is the step from or to another figure of the year, or with
    its total it would give away one of those."""

    SMALL = auto()
    STEP = auto()
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


NOTHING: Mapping[str, Decimal] = MappingProxyType({})
NO_OTHER: Mapping[str, Hidden] = MappingProxyType({})


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


def hidden(
    counts: Mapping[str, Count],
    rules: Mapping[str, Suppression],
    known: Mapping[str, Decimal] = NOTHING,
    so_far: Mapping[str, Hidden] = NO_OTHER,
) -> dict[str, Hidden]:
    """The measures of one period that are not shown: those that are small, those of `so_far`, and whatever with its
    total would give one of them away. Each that goes may give away another one in turn, so that this is done until
    nothing more can be worked out. `known`: what the public knows that a figure has reached already."""
    small = {
        code: Hidden.SMALL for code, rule in rules.items() if code in counts and is_small(counts[code], rule.below)
    }
    found = {**so_far, **small}
    whole = _Whole(counts, rules, known, found)
    while more := next((code for total in whole.totals if (code := whole.gives_away(total))), None):
        found[more] = Hidden.GIVES_AWAY
    return found


@dataclass(frozen=True, slots=True)
class _Whole:
    """Totals and their parts in one period, and which of them are not shown."""

    counts: Mapping[str, Count]
    rules: Mapping[str, Suppression]
    known: Mapping[str, Decimal]
    found: Mapping[str, Hidden]

    @property
    def totals(self) -> list[str]:
        return sorted({rule.total for rule in self.rules.values()} & self.counts.keys())

    def gives_away(self, total: str) -> str | None:
        """The figure that has to go next because of a total: the smallest part that is shown and is not none; else
        none itself, where it helps; else the total. None where nothing can be worked out."""
        parts = self._parts(total)
        silent = [code for code in parts if code in self.found]
        shown = sorted((self._number(code), code) for code in parts if code not in self.found)
        some = next((code for number, code in shown if number), None)
        if total in self.found:
            # Parts that are all shown say what their total is.
            return some if not silent and sum(n for n, _ in shown) == self._number(total) else None
        if not silent:
            return None
        # What is left of the total for those that are hidden: none of them is none, as far as anybody can tell.
        room = sum(map(self._number, silent)) - sum(map(self._least, silent))
        if len(silent) > 1 and room > 0:
            # It is a count of its own, and may be small; where nothing else is in the total, it is the total itself.
            below = max(self.rules[code].below for code in silent)
            return some if room + len(silent) < below else None
        return some or next((code for _, code in shown if room > 1), total)

    def _parts(self, total: str) -> list[str]:
        return [code for code, rule in self.rules.items() if rule.total == total and code in self.counts]

    def _number(self, code: str) -> Decimal:
        return self.counts[code].number or Decimal(0)

    def _least(self, code: str, above: tuple[str, ...] = ()) -> Decimal:
        """The least that a hidden figure can be, for all that is shown."""
        above = (*above, code)  # rules that were stored may go round in a ring
        parts = (
            self._least(one, above) if one in self.found else self._number(one)
            for one in self._parts(code)
            if one not in above
        )
        return max(self.known.get(code, Decimal(0)) + 1, sum(parts, Decimal(0)))


def hidden_in_year(
    periods: Mapping[str, Mapping[str, Count]],
    rules: Mapping[str, Suppression],
    cumulative: Collection[str] = (),
    public: Collection[Place] = (),
) -> dict[Place, Hidden]:
    """The figures of a year that are not shown, by measure and period; `periods` in their order. Of a measure that is
    `cumulative` in the year the difference between two figures is a count too: where it is small the later figure
    goes, or the one that is not `public` yet: what was published stays known."""
    found: dict[Place, Hidden] = {}
    while True:
        before = len(found)
        for period, counts in periods.items():
            so_far = {code: why for (code, key), why in found.items() if key == period}
            known = {code: _reached(periods, found, code, period) for code in cumulative}
            found |= {(code, period): why for code, why in hidden(counts, rules, known, so_far).items()}
        for code in sorted(set(cumulative) & rules.keys()):
            series = [
                (period, n) for period, each in periods.items() if code in each and (n := each[code].number) is not None
            ]
            found |= dict.fromkeys(_small_steps(code, series, rules[code].below, found, public), Hidden.STEP)
        if len(found) == before:
            return found


def _reached(periods: Mapping[str, Mapping[str, Count]], found: Collection[Place], code: str, until: str) -> Decimal:
    """What a measure had reached before a period, as far as it is shown."""
    earlier = list(periods)[: list(periods).index(until)]
    shown = [periods[key][code].number for key in earlier if code in periods[key] and (code, key) not in found]
    return next((number for number in reversed(shown) if number is not None), Decimal(0))


def _small_steps(
    code: str, series: Sequence[tuple[str, Decimal]], below: int, found: Collection[Place], public: Collection[Place]
) -> list[Place]:
    """The figures of one measure that go because of a small step from or to another one that is shown. They are let
    through one by one, those that are public first: who comes later gives way."""
    through = {-1: Decimal(0)}  # the year begins with none
    gone = []
    for index in sorted(range(len(series)), key=lambda at: ((code, series[at][0]) not in public, at)):
        place, number = (code, series[index][0]), series[index][1]
        if place in found:
            continue
        last, following = (
            max(at for at in through if at < index),
            min((at for at in through if at > index), default=None),
        )
        steps = [(number - through[last], _between(code, series[last + 1 : index], found))]
        if following is not None:
            steps.append((through[following] - number, _between(code, series[index + 1 : following], found)))
        if any(0 < abs(step) < below or (silent and step <= silent + 1) for step, silent in steps):
            gone.append(place)
        else:
            through[index] = number
    return gone


def _between(code: str, series: Sequence[tuple[str, Decimal]], found: Collection[Place]) -> int:
    """How many figures between two that are shown are hidden."""
    return sum((code, period) in found for period, _ in series)
