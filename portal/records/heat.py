"""The heat map of the agreement: every indicator by quarter, and the filters that an address may hold."""

from collections.abc import Iterable, Mapping
from datetime import date

from models.agreement import Period
from models.rules.calendar import periods
from models.rules.change import Change
from models.rules.terms import Frequency, Group, Rating
from portal.viewmodels.indicators import IndicatorStanding, ThemeStanding
from portal.viewmodels.themes import Filters, HeatRow

NAMES = ("theme", "group", "lead", "rating", "changed")
"""The filters, by their names in an address."""
NONE = "none"
"""Stands for no rating, and for the partnership team where nobody leads."""


def quarters(first_year: str, shown: Period) -> Mapping[date, str]:
    """The quarters from the agreement's first to the one that is shown, by their last days; and the shown period's own
    day, if no quarter ends on it."""
    years = range(int(first_year[:4]), int(shown.year[:4]) + 1)
    found = {
        one.ends_on: one.key
        for year in years
        for one in periods(f"{year}/{(year + 1) % 100:02}", Frequency.QUARTERLY)
        if one.ends_on <= shown.ends_on
    }
    return {**found, shown.ends_on: found.get(shown.ends_on, shown.key)}


def rows(
    indicators: Iterable[IndicatorStanding], days: tuple[date, ...], wanted: Mapping[str, str]
) -> tuple[HeatRow, ...]:
    """The indicators that are wanted, each with its ratings on these days; on the last the one that it shows now."""
    return tuple(
        HeatRow(one, (*(one.ratings.get(day) for day in days[:-1]), one.rating))
        for one in indicators
        if all(_is(one, name, wanted[name]) for name in NAMES if wanted.get(name))
    )


def _is(one: IndicatorStanding, name: str, said: str) -> bool:
    """Whether an indicator is what a filter says; nothing is what no filter can say."""
    if name == "changed":
        changes = {"worse": (Change.WORSE,), "better": (Change.BETTER,), "any": (Change.WORSE, Change.BETTER)}
        return one.change in changes.get(said, ())
    found = {"theme": one.theme, "group": one.group, "lead": one.lead_key or NONE, "rating": one.rating or NONE}
    return found[name] == said


def filters(themes: Iterable[ThemeStanding], wanted: Mapping[str, str]) -> Filters:
    """The filters with what can be chosen in each: (value, name) pairs; the names of closed vocabularies are empty,
    they have their words already."""
    themes = list(themes)
    leads = {(i.lead_key, i.lead) for theme in themes for i in theme.indicators if i.lead_key}
    return Filters(
        {name: wanted.get(name, "") for name in NAMES},
        {
            "theme": tuple((theme.key, theme.title) for theme in themes),
            "group": tuple((group, "") for group in Group),
            "lead": (*sorted(leads, key=lambda lead: lead[1]), (NONE, "")),
            "rating": (*((rating, "") for rating in (Rating.WORSE, Rating.WITHIN, Rating.BETTER)), (NONE, "")),
            "changed": (("worse", ""), ("better", ""), ("any", "")),
        },
    )
