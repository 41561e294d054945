"""How good forecasts were, once the outturn is known: bias, error, and how often the range held it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Frozen:
    """A forecast as it was frozen, and what came: all in the measure's unit. A partner's forecast has no range."""

    central: Decimal
    outturn: Decimal
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def error(self) -> Decimal:
        """Forecast less outturn: positive when too much was forecast, whatever is good."""
        return self.central - self.outturn

    @property
    def held(self) -> bool | None:
        """Whether the outturn was in the range, its edges included; None without a range."""
        if self.low is None or self.high is None:
            return None
        return self.low <= self.outturn <= self.high


@dataclass(frozen=True, slots=True)
class Score:
    """Mean error (bias) and mean absolute error, in the forecasts' unit; the share of ranges that held the outturn
    (0 to 1; an 80% range should hold four in five); how many forecasts, and how many of them with a range. What
    there is nothing to tell from is None."""

    bias: Decimal | None
    mean_absolute_error: Decimal | None
    coverage: Decimal | None
    count: int
    ranges: int


def score(forecasts: Iterable[Frozen]) -> Score:
    """The score of forecasts in one unit: one measure's, or several's made comparable by `in_per_cent`.

    >>> score([Frozen(Decimal(110), Decimal(100), Decimal(95), Decimal(125)), Frozen(Decimal(90), Decimal(94))])
    Score(bias=Decimal('3'), mean_absolute_error=Decimal('7'), coverage=Decimal('1'), count=2, ranges=1)
    """
    told = list(forecasts)
    held = [forecast.held for forecast in told if forecast.held is not None]
    return Score(
        _mean([forecast.error for forecast in told]),
        _mean([abs(forecast.error) for forecast in told]),
        _mean([Decimal(one) for one in held]),
        len(told),
        len(held),
    )


def in_per_cent(forecasts: Iterable[Frozen]) -> list[Frozen]:
    """The forecasts in per cent of their outturns, so that a lead's measures in several units can be scored together.
    Those whose outturn is nothing have no per cent, and are left out."""
    return [
        Frozen(_share(one.central, one.outturn), _share(one.outturn, one.outturn), *_edges(one))
        for one in forecasts
        if one.outturn
    ]


def _edges(one: Frozen) -> tuple[Decimal | None, Decimal | None]:
    if one.low is None or one.high is None:
        return None, None
    return _share(one.low, one.outturn), _share(one.high, one.outturn)


def _share(value: Decimal, outturn: Decimal) -> Decimal:
    # Of the outturn's size: with a negative outturn, too much forecast is still a positive error.
    return 100 * value / abs(outturn)


def _mean(values: list[Decimal]) -> Decimal | None:
    return sum(values, Decimal(0)) / len(values) if values else None
