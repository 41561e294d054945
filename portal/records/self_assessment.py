"""The rows of a year's self-assessment: its newest texts, commitments, signed-off versions and their circulation."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Period
from models.rules.circulation import Decision, Stage
from models.rules.codes import year_key
from models.rules.review import REVIEW_QUARTER
from models.self_assessment import (
    ReviewAnswer,
    ReviewCommitment,
    ReviewDecision,
    ReviewDocument,
    ReviewOutcome,
    ReviewReopening,
)
from portal.actor import Actor
from portal.errors import NotFound
from portal.history import looked_at, only_known
from portal.policy import Action
from portal.records.agreement import current_agreement, find_period
from portal.records.return_names import TEAM
from portal.scopes import scope
from portal.viewmodels.self_assessment import Promise, Signed, Written


def review_period(session: Session, year: str) -> tuple[Agreement, Period]:
    """The agreement that is shown, and the period that the review of a year is of. NotFound for a year outside it."""
    try:
        key = year_key(year)
    except ValueError as error:
        raise NotFound(str(error)) from None
    agreement = current_agreement(session)
    return agreement, find_period(session, agreement.id, f"{key} Q{REVIEW_QUARTER}")


def subject_of(year: str) -> str:
    """How the audit trail calls the self-assessment of a year."""
    return f"annual review {year}"


def written(session: Session, agreement_id: int, year: str) -> Mapping[str, Written]:
    """The newest version of every text of a year, by its key: now, or on the past day that the session looks at."""
    newest = select(func.max(ReviewAnswer.id)).where(ReviewAnswer.agreement_id == agreement_id)
    newest = newest.where(ReviewAnswer.year == year).group_by(ReviewAnswer.question)
    last = only_known(looked_at(session), newest, ReviewAnswer.day, ReviewAnswer.at)
    return {
        row.question: Written(row.number, row.text, row.contributors, row.person.name if row.person else "", row.day)
        for row in session.scalars(select(ReviewAnswer).where(ReviewAnswer.id.in_(last)))
    }


def newest_number(session: Session, agreement_id: int, year: str, question: str) -> int:
    """The number of a text's newest version; 0 where there is none."""
    query = select(func.max(ReviewAnswer.number)).where(ReviewAnswer.agreement_id == agreement_id)
    return session.scalar(query.where(ReviewAnswer.year == year, ReviewAnswer.question == question)) or 0


def promises(session: Session, agreement_id: int, year: str) -> tuple[Promise, ...]:
    """The commitments of the review of a year, each with its newest outcome."""
    query = select(ReviewCommitment).where(ReviewCommitment.agreement_id == agreement_id, ReviewCommitment.year == year)
    known = only_known(
        looked_at(session), query.order_by(ReviewCommitment.id), ReviewCommitment.day, ReviewCommitment.at
    )
    rows = session.scalars(known).all()
    said = select(ReviewOutcome).where(ReviewOutcome.commitment_id.in_([row.id for row in rows]))
    outcomes = only_known(looked_at(session), said.order_by(ReviewOutcome.number), ReviewOutcome.day, ReviewOutcome.at)
    newest = {row.commitment_id: row.text for row in session.scalars(outcomes)}
    return tuple(
        Promise(
            row.text,
            row.indicator.code if row.indicator else "",
            row.owner.name if row.owner else TEAM,
            newest.get(row.id, ""),
            row.id,
        )
        for row in rows
    )


def signed_versions(session: Session, actor: Actor, agreement_id: int, year: str) -> tuple[ReviewDocument, ...]:
    """The signed-off versions of a year that the actor may read, the newest first."""
    query = select(ReviewDocument).where(ReviewDocument.agreement_id == agreement_id, ReviewDocument.year == year)
    query = query.where(scope(actor, Action.REVIEW_OPEN)).order_by(ReviewDocument.number.desc())
    return tuple(session.scalars(only_known(looked_at(session), query, ReviewDocument.day, ReviewDocument.at)))


def standing_version(session: Session, agreement_id: int, year: str) -> ReviewDocument | None:
    """The version that is signed off and was not opened again; None while the text is written. Whoever asks."""
    opened = only_known(
        looked_at(session), select(ReviewReopening.document_id), ReviewReopening.day, ReviewReopening.at
    )
    query = select(ReviewDocument).where(ReviewDocument.agreement_id == agreement_id, ReviewDocument.year == year)
    query = query.where(ReviewDocument.id.not_in(opened)).order_by(ReviewDocument.number.desc()).limit(1)
    return session.scalars(only_known(looked_at(session), query, ReviewDocument.day, ReviewDocument.at)).one_or_none()


def signed_of(session: Session, row: ReviewDocument) -> Signed:
    """A signed-off version as it is listed."""
    query = select(ReviewReopening).where(ReviewReopening.document_id == row.id)
    opened = session.scalars(
        only_known(looked_at(session), query, ReviewReopening.day, ReviewReopening.at)
    ).one_or_none()
    return Signed(
        row.id,
        row.number,
        row.person.name if row.person else "",
        row.day,
        row.weighed,
        opened.reason if opened else "",
        opened.day if opened else None,
    )


def decisions(session: Session, document_id: int) -> Mapping[Stage, ReviewDecision]:
    """What the stages decided on a version, by stage."""
    query = select(ReviewDecision).where(ReviewDecision.document_id == document_id)
    known = only_known(looked_at(session), query, ReviewDecision.day, ReviewDecision.at)
    return {row.stage: row for row in session.scalars(known)}


def decided(rows: Mapping[Stage, ReviewDecision]) -> Mapping[Stage, Decision]:
    """The decisions alone."""
    return {stage: row.decision for stage, row in rows.items()}


def came_there(rows: Mapping[Stage, ReviewDecision], stage: Stage, signed_on: date) -> date:
    """When a version came to a stage: when the one before it decided, or when it was signed off."""
    earlier = [row.decided_on for each, row in rows.items() if tuple(Stage).index(each) < tuple(Stage).index(stage)]
    return max([signed_on, *earlier])
