"""An edition's frozen content: from standings to canonical JSON, and back to what the public pages draw.

The content holds figures and ratings only: no commentary, no draft, no name of a person.
"""

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from models.rules.evidence import Strength
from models.rules.expected import Basis, Expected
from models.rules.gate import Place, Shown, no_longer_rated
from models.rules.interval import Interval
from models.rules.rollup import count
from models.rules.terms import Group, NoRating, Polarity, Rating
from portal.formats.canonical import canonical
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding, Point, ThemeStanding
from portal.viewmodels.scorecard import Scorecard


def content_of(
    *,
    edition: int,
    agreement: str,
    area: str,
    period: str,
    ends_on: str,
    published_at: str,
    themes: tuple[ThemeStanding, ...],
    note: str = "",
    corrects: int | None = None,
) -> str:
    """The canonical JSON of an edition; `note` is what was wrong in the edition that it `corrects`."""
    return canonical(
        {
            "edition": edition,
            "agreement": agreement,
            "area": area,
            "period": period,
            "ends_on": ends_on,
            "published_at": published_at,
            "note": note,
            "corrects": corrects,
            "themes": [
                {"key": t.key, "title": t.title, "indicators": [_indicator(i) for i in t.indicators]} for t in themes
            ],
        }
    )


def content_hash(content: str) -> str:
    """SHA-256 of the content, in hexadecimal."""
    return hashlib.sha256(content.encode()).hexdigest()


def figures_of(content: str) -> tuple[str, dict[Place, Shown]]:
    """What an edition says, without its number and date: to see whether a new one would say anything else. What a
    figure would be held against that there is none of is no part of it."""
    card = scorecard_of(content, "")
    return card.period, shown_in(card)


def numbered(content: str, *, edition: int, published_at: str) -> str:
    """The content that was prepared, as the edition that it becomes."""
    return canonical(json.loads(content) | {"edition": edition, "published_at": published_at})


def shown_in(card: Scorecard) -> dict[Place, Shown]:
    """Every figure that an edition shows, of its own period and of those before, and every one that it does not."""
    found: dict[Place, Shown] = {}
    for theme, one, measure in ((t, i, m) for t in card.themes for i in t.indicators for m in i.measures):
        found |= {(measure.code, point.period): Shown(point.value, anew=point.anew) for point in measure.history}
        found |= {(measure.code, period): Shown(suppressed=True) for period in measure.suppressed}
        last = measure.history[-1] if measure.value is not None else None
        own = measure.code, last.period if last else card.period
        found[own] = Shown(
            value=measure.value,
            rating=measure.rating,
            suppressed=found.get(own, Shown()).suppressed,
            reason=measure.no_rating_reason,
            own=True,
            anew=last is not None and last.anew,
            held=measure.expected if last else None,
            held_since=measure.held_since if last else None,
            forecast=measure.forecast,
            rest=_rest(theme, one, measure),
        )
    return found


def _rest(theme: ThemeStanding, one: IndicatorStanding, measure: MeasureStanding) -> tuple[tuple[str, object], ...]:
    """What else is printed of a measure, by the name that the gate gives it. Its indicator's rating and forecast
    follow from those of its measures."""
    interval = measure.interval
    return (
        ("its theme", (theme.key, theme.title)),
        ("its title", (one.title, measure.part)),
        ("its group", one.group),
        ("who leads it", one.lead),
        ("whether it is a placeholder", one.placeholder),
        ("its unit", (measure.unit, measure.decimals)),
        ("what is good", measure.polarity),
        ("by how much it beats that", measure.lead),
        ("what is within the acceptable range", measure.margin),
        ("the rule's own rating", measure.rating_by_rule),
        ("the reason for judging it otherwise", measure.override_reason),
        ("its interval", (interval.low, interval.high) if interval else None),
        ("the strength of its evidence", measure.strength),
        ("the year's own figure", measure.year_value),
    )


def unrated_since(before: Scorecard, now: Scorecard) -> tuple[tuple[IndicatorStanding, IndicatorStanding], ...]:
    """The indicators that one edition rates and a later one does not, each as either has it."""
    old, new = ({i.code: i for theme in card.themes for i in theme.indicators} for card in (before, now))
    codes = no_longer_rated({code: i.rating for code, i in old.items()}, {code: i.rating for code, i in new.items()})
    return tuple((old[code], new[code]) for code in codes)


def _indicator(item: IndicatorStanding) -> dict[str, Any]:
    return {
        "code": item.code,
        "title": item.title,
        "group": item.group,
        "lead": item.lead,
        "placeholder": item.placeholder,
        "rating": item.rating,
        "forecast": item.forecast,
        "no_rating_reason": item.no_rating_reason,
        "overridden": item.overridden,
        "measures": [_measure(m) for m in item.measures],
    }


def _measure(item: MeasureStanding) -> dict[str, Any]:
    expected = item.expected
    return {
        "measure": item.code,
        "part": item.part,
        "unit": item.unit,
        "polarity": item.polarity,
        "decimals": item.decimals,
        "value": item.value,
        "milestone": expected.value if expected else None,
        "milestone_low": expected.low if expected else None,
        "milestone_high": expected.high if expected else None,
        "milestone_basis": expected.basis if expected else None,
        "lead": item.lead,
        "margin": item.margin,
        "rating": item.rating,
        "rating_by_rule": item.rating_by_rule,
        "override_reason": item.override_reason,
        "no_rating_reason": item.no_rating_reason,
        "forecast": item.forecast,
        "history": [[point.period, point.value] for point in item.history],
        "interval": [item.interval.low, item.interval.high] if item.interval else None,
        "strength": item.strength,
        "year_value": item.year_value,
        "suppressed": list(item.suppressed),
        # Only where there is some: what says the same as before is no news.
        **({"milestone_set_on": item.held_since.isoformat()} if item.held_since else {}),
        **({"breaks": breaks} if (breaks := [point.period for point in item.history if point.anew]) else {}),
    }


def scorecard_of(content: str, hash_: str, corrected_by: int | None = None, latest: int | None = None) -> Scorecard:
    """An edition as the public pages draw it, from its content alone; but for what came after it."""
    parsed = json.loads(content)
    themes = tuple(_theme(theme) for theme in parsed["themes"])
    return Scorecard(
        edition=parsed["edition"],
        agreement=parsed["agreement"],
        area=parsed["area"],
        period=parsed["period"],
        ends_on=parsed["ends_on"],
        published_at=datetime.fromisoformat(parsed["published_at"]),
        hash=hash_,
        counts=count((i.rating, i.no_rating_reason) for theme in themes for i in theme.indicators),
        themes=themes,
        note=parsed.get("note", ""),
        corrects=parsed.get("corrects"),
        corrected_by=corrected_by,
        latest=latest,
    )


def _theme(said: dict[str, Any]) -> ThemeStanding:
    indicators = tuple(_indicator_standing(i, said["key"]) for i in said["indicators"])
    counts = count((i.rating, i.no_rating_reason) for i in indicators)
    return ThemeStanding(said["key"], said["title"], counts, indicators)


def _indicator_standing(said: dict[str, Any], theme: str) -> IndicatorStanding:
    return IndicatorStanding(
        code=said["code"],
        title=said["title"],
        group=Group(said["group"]),
        theme=theme,
        lead=said["lead"],
        placeholder=said["placeholder"],
        rating=_word(Rating, said["rating"]),
        no_rating_reason=_word(NoRating, said["no_rating_reason"]),
        forecast=_word(Rating, said["forecast"]),
        overridden=said["overridden"],
        measures=tuple(_measure_standing(m) for m in said["measures"]),
    )


def _measure_standing(said: dict[str, Any]) -> MeasureStanding:
    expected = None
    if said["milestone_basis"] is not None:
        low, high = _figure(said["milestone_low"]), _figure(said["milestone_high"])
        expected = Expected(_figure(said["milestone"]), low, high, Basis(said["milestone_basis"]))
    return MeasureStanding(
        code=said["measure"],
        part=said["part"],
        unit=said["unit"],
        polarity=Polarity(said["polarity"]),
        decimals=said["decimals"],
        value=_figure(said["value"]),
        expected=expected,
        lead=_figure(said["lead"]),
        margin=_figure(said["margin"]),
        rating=_word(Rating, said["rating"]),
        rating_by_rule=_word(Rating, said["rating_by_rule"]),
        override_reason=said["override_reason"],
        no_rating_reason=_word(NoRating, said["no_rating_reason"]),
        forecast_value=None,
        forecast=_word(Rating, said["forecast"]),
        commentary="",
        state=None,
        history=tuple(
            Point(period, Decimal(value), period in said.get("breaks", ())) for period, value in said["history"]
        ),
        # Editions from before these were known have none of them.
        interval=Interval(*(Decimal(end) for end in said["interval"])) if said.get("interval") else None,
        strength=_word(Strength, said.get("strength")),
        year_value=_figure(said.get("year_value")),
        suppressed=tuple(said.get("suppressed", ())),
        held_since=date.fromisoformat(said["milestone_set_on"]) if "milestone_set_on" in said else None,
    )


def _figure(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _word(vocabulary: Any, text: str | None) -> Any:
    return None if text is None else vocabulary(text)
