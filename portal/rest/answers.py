"""What the API answers: view-models in the contract's shape. Figures are text, missing ones null."""

from decimal import Decimal
from typing import Any

from models.rules.rollup import Counts
from portal.formats.observations import LICENCE
from portal.viewmodels.annual_review import AnnualReview
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding, ThemeStanding
from portal.viewmodels.returns import ReturnView
from portal.viewmodels.scorecard import EditionLine, Scorecard


def figure(value: Decimal | None) -> str | None:
    """A figure as text, with the digits that it was given with."""
    return None if value is None else format(value, "f")


def plain(value: Decimal | None) -> str | None:
    """A computed figure as text, without zeros that say nothing."""
    if value is None:
        return None
    return format(value.normalize(), "f")


def a_return(view: ReturnView) -> dict[str, Any]:
    """One return."""
    standing = view.standing
    return {
        "measure": standing.code,
        "indicator": view.indicator,
        "period": view.period,
        "state": view.state,
        "revision": view.revision,
        "version": view.version,
        "value": figure(view.answers.value),
        "no_value_reason": view.answers.no_value_reason,
        "milestone": _milestone(standing),
        "unit": standing.unit,
        "rating": standing.rating,
        "rating_by_rule": standing.rating_by_rule,
        "override_reason": standing.override_reason,
        "no_rating_reason": standing.no_rating_reason,
        "forecast_value": figure(view.answers.forecast_value),
        "forecast_rating": standing.forecast,
        "commentary": view.answers.commentary,
        "lead": view.organisation_key,
        "numerator": figure(view.answers.numerator),
        "denominator": figure(view.answers.denominator),
        "interval": _interval(standing),
        "year_value": figure(view.answers.year_value),
        "evidence_strength": standing.strength,
        "direction": standing.travel.direction if standing.travel else None,
        "direction_basis": standing.travel.basis if standing.travel else None,
        "proposed_rating": view.answers.proposed_rating,
        "proposed_reason": view.answers.proposed_reason or None,
        "judgement_accepted": view.proposal.accepted if view.proposal else None,
    }


def _interval(standing: MeasureStanding) -> list[str] | None:
    """The ends between which the true figure lies with 95% confidence."""
    found = standing.interval
    return None if found is None else [plain(round(end, 6)) or "" for end in (found.low, found.high)]


def _milestone(standing: MeasureStanding) -> str | None:
    return plain(standing.expected.value) if standing.expected else None


def counts(value: Counts) -> dict[str, int]:
    """How many have each rating, and how many none."""
    return {"better": value.better, "within": value.within, "worse": value.worse, "no_rating": value.no_rating}


def a_scorecard(card: Scorecard) -> dict[str, Any]:
    """One edition."""
    return {
        "edition": card.edition,
        "period": card.period,
        "published_at": card.published_at.isoformat().replace("+00:00", "Z"),
        "hash": card.hash,
        "agreement": card.agreement,
        "note": card.note,
        "corrects": card.corrects,
        "corrected_by": card.corrected_by,
        "licence": LICENCE,
        "themes": [a_theme(theme) for theme in card.themes],
    }


def an_edition(line: EditionLine) -> dict[str, Any]:
    """One edition in the list of all."""
    return {
        "edition": line.number,
        "period": line.period,
        "published_at": line.published_at.isoformat().replace("+00:00", "Z"),
        "hash": line.hash,
        "note": line.note,
        "corrects": line.corrects,
        "corrected_by": line.corrected_by,
    }


def a_theme(theme: ThemeStanding) -> dict[str, Any]:
    """One theme with its indicators."""
    return {
        "key": theme.key,
        "title": theme.title,
        "counts": counts(theme.counts),
        "indicators": [_indicator(indicator) for indicator in theme.indicators],
    }


def _indicator(indicator: IndicatorStanding) -> dict[str, Any]:
    return {
        "code": indicator.code,
        "title": indicator.title,
        "rating": indicator.rating,
        "forecast": indicator.forecast,
        "no_rating_reason": indicator.no_rating_reason,
        "measures": [
            {"measure": m.code, "value": figure(m.value), "milestone": _milestone(m), "unit": m.unit}
            for m in indicator.measures
        ],
    }


def a_review(review: AnnualReview) -> dict[str, Any]:
    """The annual review of one year."""
    return {
        "year": review.year,
        "counts": dict(review.counts),
        "indicators": [
            {
                "code": item.indicator.code,
                "category": item.category,
                "rating": item.indicator.rating,
                "forecast": item.indicator.forecast,
                "overridden": item.indicator.overridden,
            }
            for item in review.indicators
        ],
    }
