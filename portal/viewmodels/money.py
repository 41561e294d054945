"""Money committed to indicators as it is read: line by line, and the totals that documents print."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.rules.money import beyond, total


@dataclass(frozen=True, slots=True)
class MoneyTyped:
    """What the form on a commitment holds, each text as typed."""

    source: str = ""
    proposal: str = ""
    amount: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One commitment: `amount` in pounds. `who` is whom the person spoke for, '' where it came in with files;
    `withdrawn` the word with which it was withdrawn, None for one that stands."""

    id: int
    indicator: str
    source: str
    proposal: str
    amount: Decimal
    note: str
    who: str
    day: date
    from_files: bool
    withdrawn: str | None = None
    withdrawn_by: str = ""
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """A total that a document prints, and the sum of the lines that came in with it, in pounds."""

    indicator: str
    source: str
    total: Decimal
    lines: Decimal
    printed_in: str

    @property
    def beyond(self) -> Decimal:
        """By how much the lines come to more than what is printed; nothing where both agree."""
        return beyond(self.total, [self.lines])


@dataclass(frozen=True, slots=True)
class Money:
    """Commitments with the totals that are printed for them; those withdrawn stay in `lines`."""

    lines: tuple[MoneyLine, ...] = ()
    printed: tuple[Printed, ...] = ()

    @property
    def standing(self) -> tuple[MoneyLine, ...]:
        """What counts: everything that was not withdrawn."""
        return tuple(line for line in self.lines if line.withdrawn is None)

    @property
    def total(self) -> Decimal:
        """What counts, in pounds."""
        return total(line.amount for line in self.standing)

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the money that counts comes from, each once."""
        return tuple(dict.fromkeys(line.source for line in self.standing))

    def of(self, codes: Iterable[str]) -> "Money":
        """The same for some indicators alone."""
        wanted = set(codes)
        return Money(
            tuple(line for line in self.lines if line.indicator in wanted),
            tuple(one for one in self.printed if one.indicator in wanted),
        )

    def from_source(self, source: str) -> "Money":
        """The same for one source alone."""
        return Money(
            tuple(line for line in self.lines if line.source == source),
            tuple(one for one in self.printed if one.source == source),
        )


@dataclass(frozen=True, slots=True)
class IndicatorMoney:
    """The money of one indicator as its page has it; `sources` are those that are known in the agreement, to choose
    from, where the reader may add (`may_change`)."""

    money: Money = Money()
    may_change: bool = False
    sources: tuple[str, ...] = ()
