"""Signing off a year's self-assessment, opening it again, and what the stages of its circulation decide."""

from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.agreement import Agreement
from models.rules.broken import OutOfTurn, SignedOff, Unweighed
from models.rules.circulation import Decision, Stage, needs_word, require_turn, wrong_day
from models.self_assessment import ReviewDecision, ReviewDocument, ReviewReopening
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Forbidden, Invalid, NotFound, Stale
from portal.formats.edition import content_hash
from portal.formats.self_assessment import content_of, digest_of
from portal.history import noted
from portal.policy import STAGES, Action, require
from portal.records.messages import checked
from portal.records.noting import put
from portal.records.review_document import draw
from portal.records.review_findings import findings_of, unanswered
from portal.records.self_assessment import came_there, decided, decisions, review_period, standing_version, subject_of
from portal.scopes import scope
from portal.words import day as day_in_words
from portal.words.self_assessment import DECISION, STAGE


def sign_off(database: Database, actor: Actor, year: str, digest: str, weighed: str) -> int:
    """Sign off the self-assessment of a year: its text is frozen with the figures that it has now, as canonical JSON
    with a hash. Answers the number of the version. `digest` is of what was looked at: Stale when it is another by now.
    `weighed` says how what the check found, or what is not answered, was weighed: Unweighed without, where there is
    such. SignedOff while a version stands."""
    require(actor, Action.REVIEW_SIGN)
    word = checked(weighed, "weighed", "") if weighed.strip() else ""
    with database.write(actor) as session:
        agreement, period = review_period(session, year)
        if standing_version(session, agreement.id, period.year) is not None:
            raise SignedOff("This self-assessment is signed off already.")
        document, figures, texts = draw(session, agreement, period)
        if digest != digest_of(document):
            raise Stale("The text or a figure changed after you opened the page. Nothing was signed: look again.")
        open_points = len(findings_of(document, figures, texts)) + len(unanswered(document))
        if open_points and not word:
            raise Unweighed("Say how what the check found, and what is not answered, was weighed.")
        newest = select(ReviewDocument.number).where(ReviewDocument.agreement_id == agreement.id)
        newest = newest.where(ReviewDocument.year == period.year).order_by(ReviewDocument.number.desc()).limit(1)
        row = ReviewDocument(agreement_id=agreement.id, year=period.year, number=(session.scalar(newest) or 0) + 1)
        row.day, row.at = noted(session)
        signed = replace(document, version=row.number, signed_on=row.day.isoformat(), signed_by=actor.name)
        row.content, row.weighed, row.person_id = content_of(signed), word, actor.person_id
        row.hash = content_hash(row.content)
        session.add(row)
        session.flush()
        said = {"version": row.number, "hash": row.hash, "found": open_points}
        audit.record(session, Action.REVIEW_SIGN, subject_of(period.year), after=said, reason=word)
        return row.number


def reopen(database: Database, actor: Actor, year: str, number: int, reason: str) -> None:
    """Open a signed-off version again: a new one can be written, and both stay readable. Invalid without a reason,
    NotFound for no such version, OutOfTurn for one that was opened again already."""
    require(actor, Action.REVIEW_SIGN)
    reason = checked(reason, "reason", "Say why it is opened again: the record keeps it.")
    with database.write(actor) as session:
        agreement, period = review_period(session, year)
        row = standing_version(session, agreement.id, period.year)
        if row is None or row.number != number:
            _version(session, scope(actor, Action.REVIEW_OPEN), agreement, period.year, number)
            raise OutOfTurn("This version was opened again already.")
        put(session, ReviewReopening(document_id=row.id, reason=reason))
        said = {"opened again": number}
        audit.record(session, Action.REVIEW_SIGN, subject_of(period.year), after=said, reason=reason)


def decide(
    database: Database,
    actor: Actor,
    year: str,
    number: int,
    stage: Stage,
    decision: str,
    decided_on: date,
    word: str,
) -> None:
    """Write down what a stage decided on a version: the team for each, the executive and Government Office for their
    own. NotFound for a version that has not reached the actor, Forbidden for a stage that is not the actor's, OutOfTurn
    when it is not the stage's turn, Invalid, by field, for a decision without its word or on a day that cannot be."""
    require(actor, Action.REVIEW_DECIDE)
    if decision not in list(Decision):
        raise Invalid({"decision": "Choose what was decided."})
    chosen = Decision(decision)
    said = checked(word, "word", "") if word.strip() else ""
    with database.write(actor) as session:
        agreement, period = review_period(session, year)
        row = _version(session, scope(actor, Action.REVIEW_DECIDE), agreement, period.year, number)
        if not actor.operator and stage not in STAGES[actor.role]:
            raise Forbidden(f"What the {STAGE[stage]} decides is not for your account ({actor.role}) to write down.")
        rows = decisions(session, row.id)
        reopened = session.get(ReviewReopening, row.id) is not None
        require_turn(decided(rows), stage, reopened=reopened)
        not_before = came_there(rows, stage, row.day)
        if wrong := wrong_day(decided_on, not_before, session.info["clock"].today()):
            raise Invalid({"decided": f"{wrong} It came there on {day_in_words(not_before)}."})
        if needs_word(chosen) and not said:
            raise Invalid({"word": "Say in a word which changes, or why it goes back."})
        put(session, ReviewDecision(document_id=row.id, stage=stage, decision=chosen, decided_on=decided_on, word=said))
        after = {"version": number, "stage": STAGE[stage], "decision": DECISION[chosen], "on": decided_on.isoformat()}
        audit.record(session, Action.REVIEW_DECIDE, subject_of(period.year), after=after, reason=said)


def _version(
    session: Session, theirs: ColumnElement[bool], agreement: Agreement, year: str, number: int
) -> ReviewDocument:
    query = select(ReviewDocument).where(ReviewDocument.agreement_id == agreement.id, ReviewDocument.year == year)
    query = query.where(ReviewDocument.number == number, theirs)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound(f"There is no version {number} of this self-assessment.")
    return row
