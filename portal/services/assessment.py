"""The corporate assessment: reading it, and scoring one of its themes anew."""

from sqlalchemy import select

from models.assessment import AssessmentStep, AssessmentTheme
from models.rules.assessment import HIGHEST, LOWEST, THEMES, changes_for_one_more, level, next_level
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid, NotFound, Stale
from portal.policy import Action, may, require
from portal.records.agreement import current_agreement
from portal.records.assessment import meanings, said_of, scored_themes
from portal.records.noting import differing, perhaps, put
from portal.records.return_rows import is_row_number
from portal.viewmodels.assessment import Assessment, Overall, Scored
from portal.viewmodels.past import AsAt


def assessment(database: Database, actor: Actor, as_at: AsAt | None = None) -> Assessment:
    """The assessment of the agreement that is shown, now or as at a past day; without themes where there is none."""
    require(actor, Action.ASSESSMENT_READ)
    with database.read(actor, as_at) as session:
        agreement = current_agreement(session)
        themes = scored_themes(session, agreement.id)
        scores = tuple(theme.now.score for theme in themes)
        overall = None
        if len(scores) == THEMES:
            overall = Overall(level(scores), next_level(scores), changes_for_one_more(scores))
        may_change = may(actor, Action.ASSESSMENT_CHANGE) and as_at is None
        return Assessment(agreement.title, themes, overall, meanings(session, agreement.id), may_change, as_at)


def score_theme(database: Database, actor: Actor, theme_id: int, seen: int, typed: Scored) -> None:
    """Say anew what one theme is worth, on what evidence, with which risk and actions. What was said before stays on
    record. `seen` is the version that was looked at: Stale when there is a newer one. Invalid, by field, for what cannot
    be taken, and for another score without a word; NotFound for no theme of the agreement that is shown."""
    require(actor, Action.ASSESSMENT_CHANGE)
    step = _checked(typed)
    with database.write(actor) as session:
        number = theme_id if is_row_number(theme_id) else 0
        theme = session.scalars(
            select(AssessmentTheme)
            .where(AssessmentTheme.id == number, AssessmentTheme.agreement_id == current_agreement(session).id)
            .with_for_update()
        ).one_or_none()
        if theme is None:
            raise NotFound("The assessment has no such theme.")
        if seen != theme.version:
            raise Stale("This theme changed after you opened the page. Nothing was saved: open it again and look.")
        steps = select(AssessmentStep).where(AssessmentStep.theme_id == theme.id).order_by(AssessmentStep.id.desc())
        before = said_of(next(session.scalars(steps.limit(1))))
        after = said_of(step)
        if before == after:
            raise Invalid({"score": "Nothing is different from what the assessment says already."})
        if before["score"] != after["score"] and not step.reason:
            raise Invalid({"word": "Say in a word why the score is another one: the record keeps it."})
        theme.version += 1
        step.theme_id = theme.id
        put(session, step)
        gone, new = differing(before, after)
        audit.record(
            session,
            Action.ASSESSMENT_CHANGE,
            f"corporate assessment, {theme.title}",
            before=gone,
            after=new,
            reason=step.reason,
        )


def _checked(typed: Scored) -> AssessmentStep:
    """What was typed as a step that can be kept; Invalid, by field, for what cannot."""
    if not LOWEST <= typed.score <= HIGHEST:
        raise Invalid({"score": f"Choose a score from {LOWEST} to {HIGHEST}."})
    kept = perhaps({name: getattr(typed, name) for name in ("evidence", "key_risk", "actions", "word")}, {})
    return AssessmentStep(score=typed.score, reason=kept.pop("word"), **kept)
