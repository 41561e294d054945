"""Worked examples of the rules, for the page on how we rate. Only what goes in is written here: every rating, interval
and direction is what the portal's own rules answer."""

from dataclasses import dataclass
from decimal import Decimal

from models.rules.aim import Aim
from models.rules.direction import Travel, against_previous
from models.rules.expected import CUMULATIVE, Expected, YearTarget
from models.rules.judging import Agreed, Grounds, judge
from models.rules.rating import Tolerance
from models.rules.rollup import worst
from models.rules.suppression import Count, is_small
from models.rules.terms import Evidence, Polarity, Rating, TargetState
from portal.viewmodels.indicators import MeasureStanding

TOLERANCE = Tolerance()
"""What holds where nothing else was agreed."""


@dataclass(frozen=True, slots=True)
class Example:
    """A figure with what it is held against, and how the rule judges it."""

    title: str
    said: str
    standing: MeasureStanding


def rated(
    title: str,
    said: str,
    figure: str,
    polarity: Polarity,
    milestone: Expected | None = None,
    *,
    unit: str = "",
    target: YearTarget | None = None,
    share_of_year: str = "1",
    cases: tuple[int, int] | None = None,
) -> Example:
    """An example as the rule judges it; `cases` are the two counts that a share was made from."""
    agreed = Agreed(
        target_state=TargetState.SET,
        target=target,
        milestone=milestone,
        reported_unit=unit,
        reported_polarity=polarity,
        tolerance=TOLERANCE,
        placeholder=False,
        share_of_year=Decimal(share_of_year),
        evidence=Evidence.PROPORTION if cases else Evidence.FIGURE,
        per=Decimal(100),
    )
    grounds = Grounds(Decimal(cases[0]), Decimal(cases[1])) if cases else None
    value = Decimal(figure)
    found = judge(value, None, agreed, grounds)
    standing = MeasureStanding(
        code="",
        part="",
        unit=unit,
        polarity=polarity,
        decimals=-int(value.as_tuple().exponent),
        value=value,
        expected=found.expected,
        lead=found.lead,
        margin=found.margin,
        rating=found.rating,
        rating_by_rule=found.rating,
        override_reason=None,
        no_rating_reason=found.reason,
        forecast_value=None,
        forecast=None,
        commentary="",
        state=None,
        interval=found.interval,
    )
    return Example(title, said, standing)


EXAMPLES = (
    rated(
        "Too many crimes",
        "For every 1,000 people 2.42 crimes a month were recorded; the milestone was 2.14.",
        "2.42",
        Polarity.LOWER,
        Expected(Decimal("2.14")),
    ),
    rated(
        "Nearly there",
        "Of last year's leavers 5.9% were out of work or training; the milestone was 5.6%.",
        "5.9",
        Polarity.LOWER,
        Expected(Decimal("5.6")),
        unit="%",
    ),
    rated(
        "Better than promised",
        "A survey found that 72% were content; the milestone was 63%.",
        "72",
        Polarity.HIGHER,
        Expected(Decimal(63)),
        unit="%",
    ),
    rated(
        "No milestone for the quarter",
        "After half the year 300 homes were built of the 700 that were promised for the whole of it. What adds up over "
        "the year is held against the part of it that has gone.",
        "300",
        Polarity.HIGHER,
        target=YearTarget(Decimal(700), Decimal(700), "homes"),
        unit=f"homes{CUMULATIVE}",
        share_of_year="0.5",
    ),
    rated(
        "Neither too much nor too little",
        "A share of 12% was measured where anything from 10% to 15% is right.",
        "12",
        Polarity.RANGE,
        Expected(None, Decimal(10), Decimal(15)),
        unit="%",
    ),
    rated(
        "Too few were asked",
        "Of 120 people asked 30 said yes, which is 25%; the milestone was 20%. That is more than it, but so few people "
        "could have answered so by chance.",
        "25",
        Polarity.HIGHER,
        Expected(Decimal(20)),
        unit="%",
        cases=(30, 120),
    ),
)


@dataclass(frozen=True, slots=True)
class Grouped:
    """The ratings of an indicator's two measures, and its own."""

    measures: tuple[Rating, ...]
    rating: Rating | None


GROUPED = Grouped((Rating.BETTER, Rating.WORSE), worst((Rating.BETTER, Rating.WORSE)))


@dataclass(frozen=True, slots=True)
class Moving:
    """A series of figures and the direction at its end."""

    figures: tuple[Decimal, ...]
    travel: Travel | None
    standing: MeasureStanding


def moving(*figures: str) -> Moving:
    """Where figures go of which low is good."""
    values = tuple(map(Decimal, figures))
    last = rated("", "", figures[-1], Polarity.LOWER, Expected(values[-1])).standing
    return Moving(values, against_previous(values, Aim(Polarity.LOWER)), last)


MOVING = (
    moving("2.14", "2.42"),
    moving("2.3", "2.1", "2.4", "2.2", "2.3", "2.1", "2.2", "2.4"),
    moving("2.9", "2.8", "2.9", "2.7", "2.6", "2.5", "2.4", "2.3", "2.2", "2.1"),
)

BELOW = 5
SMALL = {number: is_small(Count(Decimal(number)), BELOW) for number in (0, 3, 7)}
"""Whether so many people would be hidden, where fewer than five are."""
