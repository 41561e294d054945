"""The themes of the corporate assessment as they stand, or stood on a past day, and the steps that make them."""

from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.assessment import AssessmentLevel, AssessmentStep, AssessmentTheme
from portal.history import looked_at, only_known
from portal.viewmodels.assessment import Meaning, ScoredTheme, Scoring

SAID = ("score", "evidence", "key_risk", "actions")


def said_of(step: AssessmentStep) -> dict[str, int | str]:
    """What a step says of its theme."""
    return {name: getattr(step, name) for name in SAID}


def scored_themes(session: Session, agreement_id: int) -> tuple[ScoredTheme, ...]:
    """The themes of an agreement in their order, each with everything that was said of it so far."""
    query = (
        select(AssessmentStep)
        .join(AssessmentTheme, AssessmentTheme.id == AssessmentStep.theme_id)
        .where(AssessmentTheme.agreement_id == agreement_id)
        .order_by(AssessmentTheme.position, AssessmentStep.id)
    )
    known = only_known(looked_at(session), query, AssessmentStep.day, AssessmentStep.at)
    grouped = groupby(session.scalars(known), lambda step: step.of)
    return tuple(
        ScoredTheme(theme.id, theme.version, theme.title, tuple(map(_scoring, steps))) for theme, steps in grouped
    )


def _scoring(step: AssessmentStep) -> Scoring:
    who = step.person.name if step.person else ""
    return Scoring(step.score, step.evidence, step.key_risk, step.actions, step.reason, who, step.day)


def meanings(session: Session, agreement_id: int) -> tuple[Meaning, ...]:
    """What the scores mean by the agreement's documents, the highest first."""
    query = select(AssessmentLevel).where(AssessmentLevel.agreement_id == agreement_id)
    found = session.scalars(query.order_by(AssessmentLevel.score.desc()))
    return tuple(Meaning(row.score, row.description, row.judgement, row.rule) for row in found)
