"""From what the agreement says of a measure in a period, and what was returned, to a rating or the reason for none."""

from dataclasses import dataclass
from decimal import Decimal

from models.rules.expected import Expected, YearTarget, expected_value
from models.rules.interval import Interval, poisson, wilson
from models.rules.rating import Judgement, Tolerance, rate, unrated
from models.rules.silence import NOT_IN_FORCE
from models.rules.terms import Evidence, NoRating, Polarity, Rating, TargetState


@dataclass(frozen=True, slots=True)
class Agreed:
    """What one version of the agreement says of one measure for one period. `evidence` is what its figures rest on,
    `per` how a share or rate is written (100: per cent), `profile` the share of the year's target that it usually
    reaches by this period's end, where one is stored."""

    target_state: TargetState
    target: YearTarget | None
    milestone: Expected | None
    reported_unit: str
    reported_polarity: Polarity
    tolerance: Tolerance
    placeholder: bool
    share_of_year: Decimal
    evidence: Evidence = Evidence.FIGURE
    per: Decimal | None = None
    profile: Decimal | None = None

    @property
    def expected(self) -> Expected | None:
        """What the reported figure is held against, if anything. A range is not made of a point: without its edges
        there is none."""
        if self.reported_polarity is Polarity.RANGE and self.milestone is None and self.target is not None:
            return (
                None
                if self.target.point is not None
                else expected_value(None, self.target, self.reported_unit, self.share_of_year)
            )
        return expected_value(self.milestone, self.target, self.reported_unit, self.share_of_year, self.profile)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What lies under a figure: the counts that it was made from, or the interval that its survey gives."""

    numerator: Decimal | None = None
    denominator: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


def interval_of(figure: Decimal, grounds: Grounds, agreed: Agreed) -> Interval | None:
    """Where the true figure lies with 95% confidence, in the reported unit: Wilson's interval for a proportion,
    Garwood's for a count or a rate, a survey's as given. None where that is not known."""
    if agreed.evidence is Evidence.SURVEY and grounds.low is not None and grounds.high is not None:
        return Interval(grounds.low, grounds.high)
    if grounds.numerator is not None and grounds.denominator is not None and agreed.per is not None:
        if agreed.evidence is Evidence.PROPORTION:
            return wilson(grounds.numerator, grounds.denominator, agreed.per)
        if agreed.evidence is Evidence.COUNT:
            return poisson(grounds.numerator, grounds.denominator, agreed.per)
    if (
        agreed.evidence is Evidence.COUNT
        and agreed.per is None
        and figure >= 0
        and figure == figure.to_integral_value()
    ):
        return poisson(figure)
    return None


def judge(
    figure: Decimal | None, no_value_reason: NoRating | None, agreed: Agreed, grounds: Grounds | None = None
) -> Judgement:
    """The rule's own answer for a return. A return without a figure is not rated, for the reason that it gives."""
    if agreed.target_state in NOT_IN_FORCE:
        return unrated(NOT_IN_FORCE[agreed.target_state])
    expected = agreed.expected
    if figure is None:
        return unrated(no_value_reason or NoRating.NOT_REPORTED, expected)
    if expected is None and agreed.placeholder:
        return unrated(NoRating.PLACEHOLDER)
    if expected is None and agreed.target_state is TargetState.NOT_SET:
        return unrated(NoRating.TARGET_NOT_SET)
    interval = interval_of(figure, grounds or Grounds(), agreed)
    return rate(figure, expected, agreed.reported_polarity, agreed.tolerance, interval)


def judge_forecast(forecast: Decimal | None, stated: Rating | None, agreed: Agreed) -> Rating | None:
    """How the year is expected to end: as the partner states it, else by the rule from the partner's forecast
    figure and the year's target where both are in one unit."""
    if stated is not None or forecast is None:
        return stated
    year_end = expected_value(None, agreed.target, agreed.reported_unit, Decimal(1))
    return rate(forecast, year_end, agreed.reported_polarity, agreed.tolerance).rating
