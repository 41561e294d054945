"""How the API's answers are made of view-models, in the shapes of portal/rest/shapes.py."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from models.rules.rollup import Counts
from portal.formats.observations import LICENCE
from portal.rest.shapes import (
    Edition,
    EditionInList,
    Indicator,
    Measure,
    Rated,
    Return,
    Review,
    ReviewedIndicator,
    Theme,
    ThemeNow,
)
from portal.viewmodels.annual_review import AnnualReview
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding, ThemeStanding
from portal.viewmodels.returns import ReturnView
from portal.viewmodels.scorecard import EditionLine, Scorecard


def figure(value: Decimal | None) -> str | None:
    """A figure as text, with the digits that it was given with."""
    return None if value is None else format(value, "f")


def plain(value: Decimal | None) -> str | None:
    """A computed figure as text, without zeros that say nothing."""
    return None if value is None else format(value.normalize(), "f")


def moment(value: datetime) -> str:
    """An instant as text: '2009-01-20T09:00:00Z'."""
    return value.isoformat().replace("+00:00", "Z")


def a_return(view: ReturnView) -> Return:
    """One return."""
    standing, said = view.standing, view.answers
    return Return(
        measure=standing.code,
        indicator=view.indicator,
        period=view.period,
        state=view.state,
        revision=view.revision,
        version=view.version,
        value=figure(said.value),
        no_value_reason=said.no_value_reason,
        milestone=_milestone(standing),
        unit=standing.unit,
        rating=standing.rating,
        rating_by_rule=standing.rating_by_rule,
        override_reason=standing.override_reason,
        no_rating_reason=standing.no_rating_reason,
        forecast_value=figure(said.forecast_value),
        forecast_rating=standing.forecast,
        commentary=said.commentary,
        lead=view.organisation_key,
        numerator=figure(said.numerator),
        denominator=figure(said.denominator),
        interval=_interval(standing),
        year_value=figure(said.year_value),
        evidence_strength=standing.strength,
        direction=standing.travel.direction if standing.travel else None,
        direction_basis=standing.travel.basis if standing.travel else None,
        proposed_rating=said.proposed_rating,
        proposed_reason=said.proposed_reason or None,
        judgement_accepted=view.proposal.accepted if view.proposal else None,
    )


def _interval(standing: MeasureStanding) -> list[str] | None:
    found = standing.interval
    return None if found is None else [plain(round(end, 6)) or "" for end in (found.low, found.high)]


def _milestone(standing: MeasureStanding) -> str | None:
    return plain(standing.expected.value) if standing.expected else None


def counts(value: Counts) -> Rated:
    """How many have each rating, and how many none."""
    return Rated(better=value.better, within=value.within, worse=value.worse, no_rating=value.no_rating)


def a_scorecard(card: Scorecard) -> Edition:
    """One edition."""
    return Edition(
        edition=card.edition,
        period=card.period,
        published_at=moment(card.published_at),
        hash=card.hash,
        agreement=card.agreement,
        note=card.note,
        corrects=card.corrects,
        corrected_by=card.corrected_by,
        licence=LICENCE,
        themes=[a_theme(theme) for theme in card.themes],
    )


def an_edition(line: EditionLine) -> EditionInList:
    """One edition in the list of all."""
    return EditionInList(
        edition=line.number,
        period=line.period,
        published_at=moment(line.published_at),
        hash=line.hash,
        note=line.note,
        corrects=line.corrects,
        corrected_by=line.corrected_by,
    )


def a_theme(theme: ThemeStanding) -> Theme:
    """One theme with its indicators."""
    return Theme(
        key=theme.key, title=theme.title, counts=counts(theme.counts), indicators=_indicators(theme.indicators)
    )


def a_theme_now(theme: ThemeStanding, period: str) -> ThemeNow:
    """One theme with its indicators in a period."""
    return ThemeNow(
        period=period,
        key=theme.key,
        title=theme.title,
        counts=counts(theme.counts),
        indicators=_indicators(theme.indicators),
    )


def _indicators(standings: Sequence[IndicatorStanding]) -> list[Indicator]:
    return [
        Indicator(
            code=one.code,
            title=one.title,
            rating=one.rating,
            forecast=one.forecast,
            no_rating_reason=one.no_rating_reason,
            measures=[
                Measure(measure=m.code, value=figure(m.value), milestone=_milestone(m), unit=m.unit)
                for m in one.measures
            ],
        )
        for one in standings
    ]


def a_review(review: AnnualReview) -> Review:
    """The annual review of one year."""
    return Review(
        year=review.year,
        counts=dict(review.counts),
        indicators=[
            ReviewedIndicator(
                code=item.indicator.code,
                category=item.category,
                rating=item.indicator.rating,
                forecast=item.indicator.forecast,
                overridden=item.indicator.overridden,
            )
            for item in review.indicators
        ],
    )
