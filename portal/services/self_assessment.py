"""The self-assessment of a year: reading it, writing its texts and commitments."""

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Indicator, Period
from models.rules.broken import SignedOff
from models.rules.circulation import Stage, whose_turn
from models.rules.codes import indicator_code, year_slug
from models.rules.tokens import WrongToken
from models.self_assessment import ReviewAnswer, ReviewCommitment, ReviewDecision, ReviewDocument, ReviewOutcome
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid, NotFound, Stale
from portal.formats.self_assessment import digest_of, document_of
from portal.policy import STAGES, Action, may, require
from portal.records.agreement import current_agreement
from portal.records.messages import checked
from portal.records.noting import owner_of, owners, put
from portal.records.return_rows import is_row_number
from portal.records.review_document import draw, figures_of
from portal.records.review_findings import findings_of
from portal.records.self_assessment import (
    decided,
    decisions,
    newest_number,
    review_period,
    signed_of,
    signed_versions,
    standing_version,
    subject_of,
)
from portal.viewmodels.past import AsAt
from portal.viewmodels.self_assessment import SelfAssessment, StageLine
from portal.words.self_assessment import KEYS

LONGEST = 8000
"""An answer may fill a page or two."""


def self_assessment(
    database: Database, actor: Actor, year: str, number: int | None = None, as_at: AsAt | None = None
) -> SelfAssessment:
    """The self-assessment of a year as the actor may read it: for who writes it the standing version, or what is being
    written; for all others the newest version that reached them, and nothing before one has. `number` is a version;
    NotFound for one that the actor may not read, or that there is not, and for a year outside the agreement."""
    require(actor, Action.REVIEW_OPEN)
    with database.read(actor, as_at) as session:
        agreement, period = review_period(session, year)
        rows = signed_versions(session, actor, agreement.id, period.year)
        signed = tuple(signed_of(session, row) for row in rows)
        writes = may(actor, Action.REVIEW_WRITE)
        standing = next((one for one in signed if not one.reopened), None)
        newest = standing if writes else next(iter(signed), None)
        shown = newest if number is None else next((one for one in signed if one.number == number), None)
        if number is not None and shown is None:
            raise NotFound(f"There is no version {number} of this self-assessment.")
        page = SelfAssessment(
            period.year,
            year_slug(period.year),
            shown=shown,
            versions=signed,
            may_reopen=shown is not None and not shown.reopened and may(actor, Action.REVIEW_SIGN) and as_at is None,
            may_say=writes and as_at is None,
            as_at=as_at,
            owners=owners(session) if writes else (),
        )
        if shown is not None:
            row = next(row for row in rows if row.id == shown.id)
            return replace(page, document=document_of(row.content), stages=_stages(session, actor, row, as_at))
        if not writes:
            return page
        document, figures, texts = draw(session, agreement, period)
        return replace(
            page,
            document=document,
            written=texts,
            findings=findings_of(document, figures, texts),
            digest=digest_of(document),
            may_write=as_at is None,
        )


def write_answer(
    database: Database, actor: Actor, year: str, question: str, seen: int, text: str, contributors: str
) -> int:
    """Write the next version of one text of a year; answers its number. `seen` is the number of the version that was
    looked at, 0 for none: Stale when there is a newer one. Invalid, by field, for what cannot be taken: a live figure
    that is none is named. SignedOff while a version stands, NotFound for no such question."""
    require(actor, Action.REVIEW_WRITE)
    if question not in KEYS:
        raise NotFound("There is no such question.")
    text = checked(text, "text", "Write the answer.", LONGEST)
    helped = checked(contributors, "contributors", "", 500) if contributors.strip() else ""
    with database.write(actor) as session:
        agreement, period = _open_review(session, year)
        before = newest_number(session, agreement.id, period.year, question)
        if seen != before:
            raise Stale("This answer changed after you opened the page. Nothing was saved: open it again and look.")
        figures, _ = figures_of(session, agreement, period)
        try:
            figures.check(text)
        except WrongToken as wrong:
            raise Invalid({"text": str(wrong)}) from None
        row = ReviewAnswer(agreement_id=agreement.id, year=period.year, question=question, number=before + 1)
        row.text, row.contributors = text, helped
        put(session, row)
        said = {"question": question, "version": row.number, "text": text, "contributors": helped}
        audit.record(session, Action.REVIEW_WRITE, subject_of(period.year), after=said)
        return before + 1


def add_commitment(database: Database, actor: Actor, year: str, text: str, indicator: str, owner: str) -> int:
    """Add to the review of a year what will be done by the next one; the indicator may be left out, and the owner is an
    organisation's key, '' for the partnership team. Invalid, by field, for what cannot be taken; SignedOff while a
    version stands."""
    require(actor, Action.REVIEW_WRITE)
    text = checked(text, "commitment", "Write what will be done.", 500)
    with database.write(actor) as session:
        agreement, period = _open_review(session, year)
        row = ReviewCommitment(agreement_id=agreement.id, year=period.year, text=text)
        row.indicator_id = _indicator(session, agreement, indicator)
        row.owner_id = owner_of(session, owner)
        put(session, row)
        said = {"commitment": row.id, "text": text, "indicator": indicator, "owner": owner}
        audit.record(session, Action.REVIEW_WRITE, subject_of(period.year), after=said)
        return row.id


def say_outcome(database: Database, actor: Actor, commitment: int, text: str) -> int:
    """Say what became of a commitment; answers how often that was said: what was before stays on record. NotFound for no
    commitment of the agreement that is shown, Invalid for no text."""
    require(actor, Action.REVIEW_WRITE)
    text = checked(text, "outcome", "Write what became of it.", 500)
    with database.write(actor) as session:
        agreement = current_agreement(session)
        row = session.get(ReviewCommitment, commitment) if is_row_number(commitment) else None
        if row is None or row.agreement_id != agreement.id:
            raise NotFound("There is no such commitment.")
        query = select(func.max(ReviewOutcome.number)).where(ReviewOutcome.commitment_id == row.id)
        made = ReviewOutcome(commitment_id=row.id, number=(session.scalar(query) or 0) + 1, text=text)
        put(session, made)
        said = {"commitment": row.id, "outcome": text, "version": made.number}
        audit.record(session, Action.REVIEW_WRITE, subject_of(row.year), after=said)
        return made.number


def _open_review(session: Session, year: str) -> tuple[Agreement, Period]:
    agreement, period = review_period(session, year)
    if standing_version(session, agreement.id, period.year) is not None:
        raise SignedOff("This self-assessment is signed off. Open it again first, and say why.")
    return agreement, period


def _stages(session: Session, actor: Actor, row: ReviewDocument, as_at: AsAt | None) -> tuple[StageLine, ...]:
    rows = decisions(session, row.id)
    mine = tuple(STAGES.get(actor.role, ())) if may(actor, Action.REVIEW_DECIDE) and as_at is None else ()
    waits_for = None if signed_of(session, row).reopened else whose_turn(decided(rows))
    return tuple(
        StageLine(
            stage,
            rows[stage].decision if stage in rows else None,
            rows[stage].decided_on if stage in rows else None,
            rows[stage].word if stage in rows else "",
            _name(rows.get(stage)),
            stage is waits_for and stage in mine,
        )
        for stage in Stage
    )


def _name(row: ReviewDecision | None) -> str:
    return row.person.name if row is not None and row.person is not None else ""


def _indicator(session: Session, agreement: Agreement, code: str) -> int | None:
    if not code.strip():
        return None
    try:
        key = indicator_code(code)
    except ValueError as error:
        raise Invalid({"indicator": str(error)}) from None
    query = select(Indicator.id).where(Indicator.agreement_id == agreement.id, Indicator.code == key)
    found = session.scalar(query)
    if found is None:
        raise Invalid({"indicator": f"{key} is not an indicator of this agreement."})
    return found
