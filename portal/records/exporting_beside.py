"""Other figures, reviews, money, assessment and proposals, as an agreement's files say them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from models.agreement import Agreement, AgreementVersion, Indicator
from models.assessment import AssessmentLevel, AssessmentStep, AssessmentTheme
from models.comparison import AreaFigure, HistoricFigure, SourceFigure
from models.money import PrintedTotal
from models.rules.calendar import calendar_period
from models.self_assessment import ReviewAnswer, ReviewCommitment
from models.shares import HalfYearShares
from portal.formats.agreement_csv import rows
from portal.formats.agreement_csv.corporate_rows import (
    Corporate,
    Named,
    ProposalSaid,
    ScoredTheme,
    ScoreLevel,
    TargetSaid,
)
from portal.formats.agreement_csv.funding_rows import Funding, FundingTotal
from portal.formats.agreement_csv.historic_rows import HistoricFigure as HistoricFigureSaid
from portal.formats.agreement_csv.review_rows import ReviewText, ReviewWill
from portal.formats.agreement_csv.shares_rows import EarlierAgreement, Shares
from portal.records.exporting_names import Exporting
from portal.records.money import money_of
from portal.records.proposals import outcomes_of, priorities_of, proposals_of


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures that are no returns."""

    historic: tuple[HistoricFigureSaid, ...]
    source: tuple[rows.SourceFigure, ...]
    area: tuple[rows.AreaFigure, ...]


def figures(of: Exporting) -> Figures:
    """Those of each measure, the oldest first."""
    order = {number: place for place, number in enumerate(of.measures)}

    def each(table: type[Any], key: Callable[[Any], Any]) -> list[Any]:
        found = of.session.scalars(select(table).where(table.measure_id.in_(order)))
        return sorted(found, key=lambda one: (order[one.measure_id], key(one)))

    def period(one: Any) -> Any:
        return of.periods[one.period_id].ends_on

    def before(one: HistoricFigure) -> Any:
        found = calendar_period(one.period)
        return found.ends_on, found.starts_on

    return Figures(
        tuple(
            HistoricFigureSaid(of.measures[one.measure_id], one.period, one.value, one.source)
            for one in each(HistoricFigure, before)
        ),
        tuple(
            rows.SourceFigure(
                of.measures[one.measure_id], of.periods[one.period_id].key, one.published_on, one.value, one.source
            )
            for one in each(SourceFigure, lambda one: (period(one), one.published_on))
        ),
        tuple(
            rows.AreaFigure(
                of.measures[one.measure_id], of.periods[one.period_id].key, one.area, one.kind, one.value, one.source
            )
            for one in each(AreaFigure, lambda one: (period(one), one.area))
        ),
    )


def reviews(of: Exporting) -> tuple[tuple[ReviewText, ...], tuple[ReviewWill, ...]]:
    """The last text of each question, and the commitments, year by year."""
    last: dict[tuple[str, str], ReviewAnswer] = {}
    answers = select(ReviewAnswer).where(ReviewAnswer.agreement_id == of.agreement.id)
    for row in of.session.scalars(answers.order_by(ReviewAnswer.number)):
        last[row.year, row.question] = row
    will = select(ReviewCommitment).where(ReviewCommitment.agreement_id == of.agreement.id)
    return (
        tuple(ReviewText(*place, row.text, row.contributors) for place, row in sorted(last.items())),
        tuple(
            ReviewWill(
                row.year,
                row.text,
                of.indicators[row.indicator_id] if row.indicator_id is not None else "",
                of.organisations[row.owner_id] if row.owner_id is not None else "",
            )
            for row in of.session.scalars(will.order_by(ReviewCommitment.year, ReviewCommitment.id))
        ),
    )


def money(of: Exporting) -> tuple[tuple[Funding, ...], tuple[FundingTotal, ...]]:
    """The commitments that stand, and the printed totals. Files have one line for a proposal and its source: what was
    committed to it in several is added up."""
    order = {code: place for place, code in enumerate(of.indicators.values())}
    lines: dict[tuple[str, str, str], Funding] = {}
    for one in money_of(of.session, Indicator.agreement_id == of.agreement.id).standing:
        key = one.indicator, one.source, one.proposal
        there = lines.get(key)
        amount = one.amount + there.amount if there else one.amount
        notes = [there.note, one.note] if there else [one.note]
        lines[key] = Funding(*key, amount, "; ".join(dict.fromkeys(filter(None, notes))))
    totals = of.session.scalars(select(PrintedTotal).where(PrintedTotal.indicator_id.in_(of.indicators)))
    return (
        tuple(sorted(lines.values(), key=lambda one: (order[one.indicator], one.source))),
        tuple(
            FundingTotal(of.indicators[one.indicator_id], one.source, one.total, one.printed_in)
            for one in sorted(totals, key=lambda one: (order[of.indicators[one.indicator_id]], one.source))
        ),
    )


def shares(of: Exporting) -> tuple[EarlierAgreement, ...]:
    """The half-years of the area's agreements of which nothing else is known, and this one's own."""
    whole = select(AgreementVersion.agreement_id)
    query = (
        select(Agreement, HalfYearShares)
        .join(HalfYearShares, HalfYearShares.agreement_id == Agreement.id)
        .where(Agreement.area == of.agreement.area)
        .where((Agreement.id == of.agreement.id) | Agreement.id.not_in(whole))
        .order_by(Agreement.title, HalfYearShares.period_end)
    )
    found: dict[str, EarlierAgreement] = {}
    for agreement, one in of.session.execute(query):
        said = Shares(one.period_end, one.above, one.near, one.below, one.missing)
        there = found.get(agreement.title)
        held = (*there.shares, said) if there else (said,)
        found[agreement.title] = EarlierAgreement(agreement.title, agreement.first_year, agreement.last_year, held)
    return tuple(found.values())


def corporate(of: Exporting) -> Corporate:
    """The corporate assessment and the proposals as they stand."""
    session, number = of.session, of.agreement.id
    step = aliased(AssessmentStep)
    last = select(func.max(step.id)).where(step.theme_id == AssessmentStep.theme_id).scalar_subquery()
    themes = (
        select(AssessmentTheme, AssessmentStep)
        .join(AssessmentStep, AssessmentStep.theme_id == AssessmentTheme.id)
        .where(AssessmentTheme.agreement_id == number, AssessmentStep.id == last)
        .order_by(AssessmentTheme.position)
    )
    levels = select(AssessmentLevel).where(AssessmentLevel.agreement_id == number).order_by(AssessmentLevel.score)
    return Corporate(
        tuple(
            ScoredTheme(theme.title, step.score, step.evidence, step.key_risk, step.actions, theme.position)
            for theme, step in session.execute(themes)
        ),
        tuple(ScoreLevel(one.score, one.description, one.judgement, one.rule) for one in session.scalars(levels)),
        tuple(Named(key, title) for key, title in priorities_of(session, number).items()),
        tuple(Named(str(key), title) for key, title in outcomes_of(session, number).items()),
        tuple(
            ProposalSaid(
                one.number,
                one.title,
                one.lead,
                "; ".join(one.partners),
                one.priorities,
                tuple(str(outcome) for outcome in one.outcomes),
                tuple(
                    TargetSaid(target.letter, target.steps[-1].text, target.steps[-1].defined) for target in one.targets
                ),
            )
            for one in proposals_of(session, number)
        ),
    )
