"""An edition as rows of data: one for each measure, period and figure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from models.rules.expected import Basis
from models.rules.terms import Group, NoRating, Rating


class Symbol(StrEnum):
    """The shorthand of government statistics for a figure that is not there."""

    CONFIDENTIAL = "[c]"
    UNAVAILABLE = "[x]"
    NOT_APPLICABLE = "[z]"


class Status(StrEnum):
    """Whether a row is of the day that the edition is about, or an earlier figure that it shows beside it. An earlier
    one has no rating and no milestone: the edition does not print them."""

    CURRENT = "current"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Observation:
    """One row. The fields are the columns of the files, in their order. Exactly one of figure and symbol is there; of
    a confidential one nothing else that would tell of it."""

    edition: int
    agreement: str
    area: str
    theme: str
    indicator: str
    measure: str
    title: str
    part: str
    group: Group
    lead: str
    unit: str
    decimals: int
    period: str
    period_start: date
    period_end: date
    figure: Decimal | None
    symbol: Symbol | None
    milestone: Decimal | None
    milestone_low: Decimal | None
    milestone_high: Decimal | None
    milestone_basis: Basis | None
    rating: Rating | None
    rating_by_rule: Rating | None
    judged_reason: str | None
    no_rating_reason: NoRating | None
    forecast_rating: Rating | None
    status: Status
