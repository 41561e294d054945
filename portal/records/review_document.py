"""The self-assessment as it stands: drawn from the texts, and from the same standings as every page."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Indicator, Period, Theme
from models.rules.codes import slug, year_key
from models.rules.terms import NoRating, ReviewCategory
from models.rules.tokens import WrongToken
from portal import words
from portal.records.actions import open_actions
from portal.records.agreed import agreed_measures
from portal.records.agreement import version_in_force
from portal.records.indicators import standings
from portal.records.review_categories import categorised, reviewed
from portal.records.review_figures import Figures
from portal.records.self_assessment import promises, written
from portal.records.themes import theme_standings
from portal.viewmodels.actions import ActionLine
from portal.viewmodels.annual_review import Reviewed
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding
from portal.viewmodels.self_assessment import (
    AnnexLine,
    Answer,
    Block,
    Document,
    Listed,
    Piece,
    RiskAction,
    ThemeLine,
    Written,
)
from portal.words.self_assessment import KEYS


def figures_of(session: Session, agreement: Agreement, period: Period) -> tuple[Figures, tuple[ActionLine, ...]]:
    """What the texts of a review can speak of, and the open actions on the indicators at risk."""
    found = standings(session, period)
    themes = session.scalars(select(Theme).where(Theme.agreement_id == agreement.id).order_by(Theme.position)).all()
    version = version_in_force(session, agreement.id, period.ends_on)
    targets = {one.measure.code: one.agreed.target for one in agreed_measures(session, version, period)}
    designated = reviewed(found)
    at_risk = [one.indicator.code for one in designated if one.category is ReviewCategory.AT_RISK]
    lines = open_actions(session, Indicator.agreement_id == agreement.id, Indicator.code.in_(at_risk))
    acted = {line.indicator for line in lines}
    explained = frozenset(one.code for one in found if one.code in acted and one.commentary)
    titles = {row.key: tuple(filter(None, (row.title_in_strategy, row.title_in_agreement))) for row in themes}
    every = tuple(categorised(one) for one in found)
    return Figures(every, designated, theme_standings(themes, found), targets, titles, explained), lines


def draw(session: Session, agreement: Agreement, period: Period) -> tuple[Document, Figures, Mapping[str, Written]]:
    """The document of a year as it stands, unsigned; with the facts that it was drawn from and its texts as typed."""
    figures, actions = figures_of(session, agreement, period)
    texts = written(session, agreement.id, period.year)
    document = Document(
        area=agreement.area,
        agreement=agreement.title,
        year=period.year,
        period=period.key,
        indicators=len(figures.reviewed),
        measures=sum(len(one.indicator.measures) for one in figures.reviewed),
        answers=tuple(_answer(key, texts.get(key, Written()), figures) for key in KEYS),
        listed=tuple(_listed(one, actions) for one in figures.designated),
        annex=tuple(
            _line(one.indicator, measure, figures) for one in figures.designated for measure in one.indicator.measures
        ),
        themes=tuple(
            ThemeLine(one.key, one.title, one.counts.better, one.counts.within, one.counts.worse, one.counts.no_rating)
            for one in figures.themes
            if one.indicators
        ),
        commitments=promises(session, agreement.id, period.year),
        last_year=promises(session, agreement.id, year_before(period.year)),
    )
    return document, figures, texts


def year_before(year: str) -> str:
    """The financial year before one.

    >>> year_before("2009/10")
    '2008/09'
    """
    first = int(year[:4]) - 1
    return year_key(f"{first}/{(first + 1) % 100:02}")


def _answer(key: str, said: Written, figures: Figures) -> Answer:
    """A text with its figures. What a later version of the agreement no longer has stays as it was typed: the check of
    the form was passed when it was written."""
    try:
        blocks = figures.blocks(said.text)
    except WrongToken:
        blocks = plain(said.text)
    return Answer(key, blocks, said.contributors)


def plain(text: str) -> tuple[Block, ...]:
    """A text without live figures, as blocks."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return tuple(Block((Piece(line.removeprefix("- ")),), line.startswith("- ")) for line in lines)


def _listed(one: Reviewed, actions: tuple[ActionLine, ...]) -> Listed:
    indicator = one.indicator
    reason = words.REASON[indicator.no_rating_reason] if indicator.no_rating_reason else ""
    at_risk = one.category is ReviewCategory.AT_RISK
    own = [line for line in actions if line.indicator == indicator.code] if at_risk else []
    return Listed(
        indicator.code,
        indicator.title,
        indicator.lead or "Partnership team",
        one.category,
        indicator.rating,
        "" if indicator.rating else reason,
        indicator.forecast,
        plain(words.said_once(indicator.commentary, own)) if at_risk else (),
        tuple(RiskAction(line.now.text, words.owner(line.now), _due(line)) for line in own),
    )


def _due(line: ActionLine) -> str:
    return words.day(line.now.due_on) if line.now.due_on else "no date yet"


def _line(indicator: IndicatorStanding, measure: MeasureStanding, figures: Figures) -> AnnexLine:
    part = f", {measure.part.lower()}" if measure.part else ""
    reason = words.capital(words.REASON[measure.no_rating_reason]) if measure.no_rating_reason else ""
    if measure.no_rating_reason is NoRating.PLACEHOLDER:
        reason = "Placeholder"  # what that means, its 'why' says
    return AnnexLine(
        code=measure.code,
        title=f"{indicator.title}{part}",
        unit=measure.unit,
        figure=words.short_amount(measure.value, measure),
        milestone=words.expected(measure.expected, measure.decimals, measure.unit),
        target=words.year_target(figures.targets.get(measure.code)),
        rating=measure.rating,
        reason="" if measure.rating else reason,
        forecast=measure.forecast,
        judged=measure.override_reason is not None,
        placeholder=indicator.placeholder,
        slug=slug(measure.code),
        why=(words.why(measure), *([f"{words.strength(measure)}."] if measure.value is not None else [])),
    )
