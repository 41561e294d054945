"""The page of all money: by source and by theme, beside how the indicators stand."""

from dataclasses import dataclass

from models.rules.terms import Rating
from portal.viewmodels.indicators import IndicatorStanding, ThemeStanding
from portal.viewmodels.money import Money
from portal.viewmodels.past import AsAt
from portal.viewmodels.themes import PeriodLink


@dataclass(frozen=True, slots=True)
class MoneyPage:
    """All money of the agreement beside how its indicators stand in a period."""

    agreement: str
    period: str
    periods: tuple[PeriodLink, ...]
    themes: tuple[ThemeStanding, ...]
    money: Money
    as_at: AsAt | None = None

    @property
    def indicators(self) -> tuple[IndicatorStanding, ...]:
        """Every indicator, by theme."""
        return tuple(one for theme in self.themes for one in theme.indicators)

    @property
    def without(self) -> tuple[IndicatorStanding, ...]:
        """The indicators that are worse than anticipated, or forecast to be, to which no money is committed."""
        funded = {line.indicator for line in self.money.standing}
        return tuple(
            one for one in self.indicators if Rating.WORSE in (one.rating, one.forecast) and one.code not in funded
        )
