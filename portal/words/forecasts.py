"""Forecasts of a year's end, their chances and how good they were, in words."""

from decimal import Decimal

from models.rules.forecast import FEWEST_WITH_PROFILE, NoForecast, Place
from models.rules.scoring import Score
from portal.viewmodels.forecasts import YearEnd
from portal.viewmodels.indicators import MeasureStanding
from portal.words.dates import plural
from portal.words.figures import amount, number, sign, year_target

NO_FORECAST = {
    NoForecast.TOO_FEW: "too few figures yet: a year's and two more are needed",
    NoForecast.TOO_FAR: "the year's end is too far ahead",
    NoForecast.NEVER_VARIED: "the figures never varied, so nothing says how far the next may be",
    NoForecast.NOT_AHEAD: "the year's end is in",
}
PLACE = {
    Place.BELOW: "Your forecast is below that range.",
    Place.WITHIN: "Your forecast is within that range.",
    Place.ABOVE: "Your forecast is above that range.",
}


def outlook(found: YearEnd, decimals: int, unit: str) -> list[str]:
    """What the portal forecasts and from what, in sentences; or why it does not."""
    if found.none is not None or found.central is None or found.low is None or found.high is None:
        reason = NO_FORECAST[found.none or NoForecast.TOO_FEW]
        if found.by_profile and found.none is NoForecast.TOO_FEW:
            reason = f"too few figures yet: {FEWEST_WITH_PROFILE} are needed"
        return [f"The portal has no forecast for the end of {found.year}: {reason}."]
    profile = " and the share of the year that is usually reached by now" if found.by_profile else ""
    middle, low, high = (amount(figure, decimals, unit) for figure in (found.central, found.low, found.high))
    said = [
        f"The portal expects {middle} at the end of {found.year}, and in 80 of 100 cases between {low} and {high}: "
        f"from {plural(found.points, 'figure')}, by a {found.method}{profile}."
    ]
    return [*said, *chance(found), *([PLACE[found.place]] if found.place else [])]


def chance(found: YearEnd) -> list[str]:
    """The year's target and the chance of it, in a sentence; none where it is in another unit than the figures."""
    if found.prospect is None:
        return []
    named = f" of {year_target(found.target)}" if found.target else ""
    return [f"The target{named}: {found.prospect.words} ({percent(found.prospect.probability)})."]


def range_against_target(standing: MeasureStanding) -> list[str]:
    """The portal's range for the year's end and the chance of the target, as a table shows them; none without one."""
    found = standing.outlook
    if found is None or found.low is None or found.high is None:
        return []
    low, high = (f"{number(figure, standing.decimals)}{sign(standing.unit)}" for figure in (found.low, found.high))
    return [f"By the portal {low} to {high}.", *chance(found)]


def percent(share: Decimal | None) -> str:
    """A share from 0 to 1 in per cent; a dash for none."""
    return "–" if share is None else f"{number(share * 100, 0)}%"


def scored(found: Score) -> str:
    """How good forecasts were: '2.1% too high on average, off by 3.4% on average (8 forecasts)'."""
    if found.bias is None or found.mean_absolute_error is None:
        return "–"
    way = "too high" if found.bias > 0 else "too low"
    held = f", {percent(found.coverage)} within the range" if found.coverage is not None else ""
    many = plural(found.count, "forecast")
    return f"{number(abs(found.bias), 1)}% {way}, off by {number(found.mean_absolute_error, 1)}%{held} ({many})"
