"""Looking closer at the latest edition: by theme, indicator and lead, from its frozen content alone."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from models.rules.calendar import CalendarPeriod, calendar_period
from models.rules.codes import slug, title_key
from models.rules.distance import NoDistance, distance
from models.rules.rating import Tolerance
from models.rules.rollup import Counts, count
from models.rules.terms import Frequency, ToleranceKind
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action, require
from portal.records.spine import spine
from portal.services.scorecard import latest_scorecard
from portal.viewmodels.charts import ChartAim, ChartPoint, MeasureChart
from portal.viewmodels.explore import Explore
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding
from portal.viewmodels.scorecard import Scorecard
from portal.viewmodels.themes import Filters

NAMES = ("theme", "lead", "indicator")
"""What can be chosen, by its name in an address."""
NOBODY = "none"
"""Stands for the partnership team where nobody leads."""


def explore(database: Database, actor: Actor, wanted: Mapping[str, str]) -> Explore | None:
    """The latest edition of the agreement that is shown, as chosen; None before the first edition."""
    require(actor, Action.EDITION_READ)
    card = latest_scorecard(database, actor)
    return None if card is None else _explored(card, wanted, actor.agreement)


def _explored(card: Scorecard, wanted: Mapping[str, str], agreement: str) -> Explore:
    titles = {theme.key: theme.title for theme in card.themes}
    every = [one for theme in card.themes for one in theme.indicators]
    chosen = [one for one in every if all(_is(one, name, wanted[name]) for name in NAMES if wanted.get(name))]
    by_lead = bool(wanted.get("theme"))
    named = [(one.lead or "Partnership team") if by_lead else titles[one.theme] for one in chosen]
    groups = {name: [one for one, own in zip(chosen, named, strict=True) if own == name] for name in named}
    return Explore(
        title=card.agreement,
        area=card.area,
        agreement=agreement,
        edition=card.edition,
        period=card.period,
        published_at=card.published_at,
        filters=Filters({name: wanted.get(name, "") for name in NAMES}, _options(every, titles, wanted)),
        counts=_counted(chosen),
        by_lead=by_lead,
        groups=tuple((name, _counted(own)) for name, own in groups.items()),
        spine=spine(card.period, chosen, titles, _distance),
        measures=tuple(_series(one, m, card.period) for one in chosen for m in one.measures)
        if wanted.get("indicator")
        else (),
    )


def _is(one: IndicatorStanding, name: str, said: str) -> bool:
    found = {"theme": one.theme, "lead": title_key(one.lead) if one.lead else NOBODY, "indicator": slug(one.code)}
    return found[name] == said


def _counted(indicators: Iterable[IndicatorStanding]) -> Counts:
    return count((one.rating, one.no_rating_reason) for one in indicators)


def _options(
    every: Iterable[IndicatorStanding], titles: Mapping[str, str], wanted: Mapping[str, str]
) -> dict[str, tuple[tuple[str, str], ...]]:
    """What can be chosen: (value, name) pairs. Of the indicators those of the chosen theme and lead, and the chosen one."""
    every = list(every)
    leads = {(title_key(one.lead), one.lead) for one in every if one.lead}
    fitting = [
        one
        for one in every
        if all(_is(one, name, wanted[name]) for name in ("theme", "lead") if wanted.get(name))
        or _is(one, "indicator", wanted.get("indicator", ""))
    ]
    return {
        "theme": tuple(titles.items()),
        "lead": (*sorted(leads, key=lambda lead: lead[1]), (NOBODY, "Partnership team")),
        "indicator": tuple((slug(one.code), f"{one.code} {one.title}") for one in fitting),
    }


def _distance(_one: IndicatorStanding, measure: MeasureStanding, value: Decimal) -> Decimal | NoDistance:
    """In tolerances; the edition holds the tolerance itself, in the figure's unit."""
    tolerance = Tolerance(ToleranceKind.UNIT, measure.margin) if measure.margin is not None else Tolerance()
    return distance(value, measure.expected, measure.polarity, tolerance)


def _series(one: IndicatorStanding, m: MeasureStanding, period: str) -> MeasureChart:
    """A measure's published figures. Only the latest has a rating: the edition rates no figure before it."""
    shown = calendar_period(period)
    points = tuple(
        ChartPoint(
            period=point.period,
            day=calendar_period(point.period).ends_on,
            value=point.value,
            rating=m.rating if last and m.value is not None else None,
            no_rating_reason=m.no_rating_reason if last and m.value is not None else None,
            expected=m.expected if last and m.value is not None else None,
        )
        for point, last in zip(m.history, [*[False] * (len(m.history) - 1), True], strict=False)
    )
    first = min([shown.starts_on, *(calendar_period(point.period).starts_on for point in points)])
    return MeasureChart(
        code=m.code,
        part=m.part,
        title=one.title,
        unit=m.unit,
        decimals=m.decimals,
        source="",
        polarity=m.polarity,
        cumulative=False,
        first=first,
        year_end=CalendarPeriod(shown.year, Frequency.YEARLY, 1).ends_on,
        points=points,
        aims=(ChartAim(period, shown.ends_on, m.expected),) if m.expected else (),
    )
