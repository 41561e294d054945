"""From an edition to its rows of data, and what each column of the files means."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from models.rules.calendar import calendar_period
from models.rules.terms import NoRating, Silence
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding, ThemeStanding
from portal.viewmodels.observations import Observation, Status, Symbol
from portal.viewmodels.scorecard import Scorecard

LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
LICENCE_TITLE = "Open Government Licence v3.0"

SYMBOLS = {
    Symbol.CONFIDENTIAL: "confidential: so few lie under the figure that one of them might be known by it",
    Symbol.UNAVAILABLE: "not available: there should be a figure, and the reason says why there is none yet",
    Symbol.NOT_APPLICABLE: "not applicable: nothing is measured, or the column means nothing in this row",
}

_SYMBOL = {
    Silence.NOTHING_MEASURED: Symbol.NOT_APPLICABLE,
    Silence.NOT_THERE_YET: Symbol.UNAVAILABLE,
    Silence.CONFIDENTIAL: Symbol.CONFIDENTIAL,
    Silence.NOTHING_AGREED: Symbol.UNAVAILABLE,
}
_RATING = {"base": "string", "format": "better|within|worse"}


class Column(NamedTuple):
    """What a column is called by people, what it means, and its datatype in CSV on the Web."""

    title: str
    about: str
    datatype: Any = "string"


COLUMNS = {
    "edition": Column("Edition", "Number of the edition; a published edition is never changed", "integer"),
    "agreement": Column("Agreement", "Title of the agreement"),
    "area": Column("Area", "Area that the agreement is for"),
    "theme": Column("Theme", "Theme of the agreement that the indicator belongs to"),
    "indicator": Column("Indicator", "Code of the indicator"),
    "measure": Column("Measure", "Code of what is counted; an indicator has one measure or more"),
    "title": Column("Title", "Title of the indicator"),
    "part": Column("Part", "Which of an indicator's measures it is, where there are several"),
    "group": Column("Group", "Part of the agreement: designated, statutory education or local"),
    "lead": Column("Lead", "Partner that leads the indicator; empty where the partnership team returns it"),
    "unit": Column("Unit", "Unit of figure and milestone"),
    "decimals": Column("Decimals", "With how many decimals the measure's figures are shown", "integer"),
    "period": Column("Period", "Financial year, with its quarter, half or month"),
    "period_start": Column("Period start", "First day of the period", "date"),
    "period_end": Column("Period end", "Last day of the period", "date"),
    "figure": Column(
        "Figure", "Figure with the digits that it was returned with; empty where a symbol stands", "decimal"
    ),
    "symbol": Column(
        "Symbol",
        "Why there is no figure: [c] confidential, [x] not available, [z] not applicable",
        {"base": "string", "format": r"\[[cxz]\]"},
    ),
    "milestone": Column("Milestone", "What the figure is held against; empty for a range", "decimal"),
    "milestone_low": Column("Milestone, low end", "Low end of what the figure is held against", "decimal"),
    "milestone_high": Column("Milestone, high end", "High end of what the figure is held against", "decimal"),
    "milestone_basis": Column("Milestone basis", "Whether a milestone was agreed, or what it follows from otherwise"),
    "rating": Column("Rating", "better or worse than anticipated, or within the acceptable range", _RATING),
    "rating_by_rule": Column("Rating by rule", "What the rule says, where people judged otherwise too", _RATING),
    "judged_reason": Column("Judged reason", "Why people judged otherwise than the rule"),
    "no_rating_reason": Column("No rating reason", "Why there is no rating"),
    "forecast_rating": Column("Forecast rating", "What the lead expects for the year's end", _RATING),
    "status": Column(
        "Status",
        "current: of the day that the edition is about; earlier: an earlier figure, which the edition does not rate",
        {"base": "string", "format": "current|earlier"},
    ),
}


def observations(card: Scorecard) -> tuple[Observation, ...]:
    """Every row of an edition, in the edition's order, each measure's earlier figures first."""
    return tuple(
        row
        for theme in card.themes
        for indicator in theme.indicators
        for measure in indicator.measures
        for row in _rows(card, theme, indicator, measure)
    )


def _rows(
    card: Scorecard, theme: ThemeStanding, indicator: IndicatorStanding, measure: MeasureStanding
) -> Iterator[Observation]:
    figures: dict[str, Decimal | None] = dict.fromkeys(measure.suppressed)
    figures |= {point.period: point.value for point in measure.history}
    if measure.value is not None:
        own = measure.history[-1].period
    else:
        # A hidden figure of the edition's own day may be of a half or a year, which ends with the quarter.
        ends_on = calendar_period(card.period).ends_on
        own = next((key for key in measure.suppressed if calendar_period(key).ends_on == ends_on), card.period)
    figures.setdefault(own, None)
    silent = {*measure.suppressed, *([own] if measure.no_rating_reason is NoRating.SUPPRESSED else [])}
    for key in sorted(figures, key=lambda key: (calendar_period(key).ends_on, key == own)):
        hidden, current, period = key in silent, key == own, calendar_period(key)
        told = current and not hidden
        expected = measure.expected if told else None
        yield Observation(
            edition=card.edition,
            agreement=card.agreement,
            area=card.area,
            theme=theme.title,
            indicator=indicator.code,
            measure=measure.code,
            title=indicator.title,
            part=measure.part,
            group=indicator.group,
            lead=indicator.lead,
            unit=measure.unit,
            decimals=measure.decimals,
            period=key,
            period_start=period.starts_on,
            period_end=period.ends_on,
            figure=None if hidden else figures[key],
            symbol=Symbol.CONFIDENTIAL if hidden else symbol_of(figures[key], measure.no_rating_reason),
            milestone=expected.value if expected else None,
            milestone_low=expected.low if expected else None,
            milestone_high=expected.high if expected else None,
            milestone_basis=expected.basis if expected else None,
            rating=measure.rating if told else None,
            rating_by_rule=measure.rating_by_rule if told else None,
            judged_reason=measure.override_reason if told else None,
            no_rating_reason=NoRating.SUPPRESSED if hidden else measure.no_rating_reason if told else None,
            forecast_rating=measure.forecast if told else None,
            status=Status.CURRENT if current else Status.EARLIER,
        )


def symbol_of(figure: Decimal | None, reason: NoRating | None) -> Symbol | None:
    """What stands where there is no figure; None where there is one."""
    if figure is not None:
        return None
    return Symbol.UNAVAILABLE if reason is None else _SYMBOL[reason.kind]


def cells(row: Observation) -> tuple[Any, ...]:
    """A row's values in the order of the columns; figures with their digits, as text."""
    return tuple(
        format(value, "f") if isinstance(value, Decimal) else value
        for value in (getattr(row, name) for name in COLUMNS)
    )
