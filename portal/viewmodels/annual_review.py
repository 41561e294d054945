"""The annual review's four counts and lists of the designated indicators."""

from dataclasses import dataclass

from models.rules.terms import ReviewCategory
from portal.viewmodels.actions import ActionLine
from portal.viewmodels.indicators import IndicatorStanding
from portal.viewmodels.past import AsAt


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One designated indicator with its category."""

    indicator: IndicatorStanding
    category: ReviewCategory


@dataclass(frozen=True, slots=True)
class AnnualReview:
    """The review of one year, computed from the verified returns of its second quarter. `actions` are those on the
    indicators at risk, by urgency; `opens_indicators`: their pages are the reader's to open."""

    agreement: str
    year: str
    period: str
    indicators: tuple[Reviewed, ...]
    as_at: AsAt | None = None
    actions: tuple[ActionLine, ...] = ()
    opens_indicators: bool = False

    def of(self, category: ReviewCategory) -> tuple[Reviewed, ...]:
        return tuple(item for item in self.indicators if item.category is category)

    @property
    def counts(self) -> dict[ReviewCategory, int]:
        return {category: len(self.of(category)) for category in ReviewCategory}
