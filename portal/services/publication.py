"""Publishing: one person prepares it, another releases it, now or at an hour."""

import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Period
from models.returns import Return, ReturnRevision
from models.rules.broken import NothingToPublish, SamePerson
from models.rules.gate import PublicationState, check_move
from models.rules.moves import Move, after
from models.rules.terms import State
from models.scorecard import Edition, Publication
from portal import audit
from portal.actor import OPERATOR, Actor
from portal.clock import LONDON
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from portal.formats.edition import content_hash, numbered
from portal.policy import Action, require
from portal.records.agreement import find_period
from portal.records.edition_rows import latest_edition
from portal.records.messages import checked
from portal.records.periods import open_periods
from portal.records.preview import changed_since, digest_of, preview
from portal.records.publication import (
    end,
    lock_agreement,
    locked,
    open_publication,
    require_ready,
    verified_on,
)
from portal.words.publication import named


def publish(database: Database, actor: Actor, period: str | None = None, note: str = "") -> int:
    """Publish the verified returns of a period (default: the newest open one that is over and has some), and of all
    others that end on the same day, in one go; answers the edition's number. Only for whoever holds the command line:
    people prepare and release, one each. NothingToPublish when it would say what the latest edition says already,
    NotReady for a period that is not over or of which nothing is verified."""
    require(actor, Action.EDITION_PUBLISH)
    if not actor.operator:
        raise Forbidden("One person prepares a publication and another releases it.")
    with database.write(actor) as session:
        agreement = lock_agreement(session)
        made = _prepared(session, agreement, _shown(session, agreement.id, period), note)
        return _put_out(session, agreement, made, session.info["clock"].now())


def prepare(database: Database, actor: Actor, period: str, digest: str, note: str) -> None:
    """Prepare a day's publication as it was looked at (`digest`). Stale when it would say something else by now;
    Conflict while another one is open; Invalid without a note where it puts an edition right; NotReady as for
    `publish`."""
    require(actor, Action.EDITION_PUBLISH)
    with database.write(actor) as session:
        agreement = lock_agreement(session)
        if open_publication(session, agreement.id) is not None:
            raise Conflict("A publication is prepared already: release it or drop it first.")
        shown = _shown(session, agreement.id, period)
        found = preview(session, agreement, shown)
        if digest_of(found.content) != digest:
            raise Stale("What would be published has changed since you looked. Look at it again.")
        if found.corrects is not None:
            note = checked(note, "note", "Say what was wrong, or why it is revised: the edition prints it.")
        made = _prepared(session, agreement, shown, note)
        said = {"period": shown.key, "corrects": found.corrects, "digest": digest}
        audit.record(session, Action.EDITION_PUBLISH, f"publication {made.id} prepared", after=said, reason=note)


def release(database: Database, actor: Actor, number: int, version: int, at: datetime | None = None) -> int | None:
    """Publish what another person prepared, now or at an instant; answers the edition's number, None for later.
    SamePerson for who prepared it; Stale when it would say something else by now, or when it is not as it was looked
    at; Invalid for an instant that is over."""
    require(actor, Action.EDITION_PUBLISH)
    now = database.clock.now()
    if at is not None and at <= now:
        raise Invalid({"publish_at": "That hour is over. Leave it empty to publish now."})
    with database.write(actor) as session:
        row, agreement = _at(session, number, version, "release")
        if row.prepared_by_id == actor.person_id:
            raise SamePerson("You prepared this publication: somebody else of the team releases it.")
        if differs := changed_since(row.content, preview(session, agreement, row.period).content):
            raise Stale(f"It would say something else by now of {named(differs)}: drop it, look, and prepare it anew.")
        row.released_by_id = actor.person_id
        if at is None:
            return _put_out(session, agreement, row, now)
        row.state, row.publish_at = PublicationState.SCHEDULED, at
        audit.record(session, Action.EDITION_PUBLISH, f"publication {row.id} scheduled", after={"publish_at": at})
        return None


def hold(database: Database, actor: Actor, number: int, version: int, reason: str) -> None:
    """Hold a publication back, as in the weeks before an election. Invalid without a reason."""
    _end(database, actor, number, version, reason, "hold", PublicationState.HELD)


def leave(database: Database, actor: Actor, number: int, version: int, reason: str) -> None:
    """Leave a publication: nothing becomes public. Invalid without a reason."""
    _end(database, actor, number, version, reason, "leave", PublicationState.LEFT)


def _end(
    database: Database, actor: Actor, number: int, version: int, reason: str, move: str, state: PublicationState
) -> None:
    require(actor, Action.EDITION_PUBLISH)
    reason = checked(reason, f"{move}_reason", "Say why: the record keeps it.")
    with database.write(actor) as session:
        row, _ = _at(session, number, version, move)
        end(session, row, state, reason)


def publish_due(database: Database) -> list[int]:
    """Publish what was released for an hour that has come; answers the editions' numbers. Whoever reads editions asks
    for it first, so that the hour is kept to the second without a clock that runs beside the portal."""
    due = (Publication.state == PublicationState.SCHEDULED) & (Publication.publish_at <= database.clock.now())
    with database.read(OPERATOR) as session:
        if session.scalars(select(Publication.id).where(due)).first() is None:
            return []
    with database.write(OPERATOR) as session:
        made = []
        for agreement_id in sorted(set(session.scalars(select(Publication.agreement_id).where(due)))):
            agreement = locked(session, session.get_one(Agreement, agreement_id))
            session.info["agreement"] = agreement.key  # nobody chose it: the trail would not say whose edition it is
            # Who waited for the lock sees that it is published already.
            for row in session.scalars(select(Publication).where(due, Publication.agreement_id == agreement_id)):
                assert row.publish_at is not None
                made.append(_put_out(session, agreement, row, row.publish_at))
        return made


def _shown(session: Session, agreement_id: int, key: str | None) -> Period:
    if key:
        return find_period(session, agreement_id, key)
    open_now = open_periods(session, agreement_id)
    if not open_now:
        raise NotFound("No period is open; name the one to publish.")
    today = session.info["clock"].today()
    for period in open_now:
        if period.ends_on < today and verified_on(session, period):
            return period
    raise NotFound("No open period is over and has a verified return; name the one to publish.")


def _prepared(session: Session, agreement: Agreement, period: Period, note: str) -> Publication:
    require_ready(session, period)
    found = preview(session, agreement, period, note)
    if found.base and not found.news:
        raise NothingToPublish(f"Edition {found.base.edition} says all this already: verify returns first.")
    row = Publication(
        agreement_id=agreement.id,
        period_id=period.id,
        state=PublicationState.PREPARED,
        content=found.content,
        revisions=json.dumps([[row.id, row.verified_revision] for row in _verified(session, period)]),
        note=note,
        corrects=found.corrects,
        prepared_by_id=session.info["actor"].person_id,
        prepared_at=session.info["clock"].now(),
    )
    session.add(row)
    session.flush()
    return row


def _verified(session: Session, period: Period) -> list[Return]:
    """The verified, unpublished returns of a day."""
    return list(
        session.scalars(
            select(Return)
            .join(Period, Return.period_id == Period.id)
            .where(Period.agreement_id == period.agreement_id, Period.ends_on == period.ends_on)
            .where(Return.state == State.VERIFIED)
            .order_by(Return.id)
        )
    )


def _at(session: Session, number: int, version: int, move: str) -> tuple[Publication, Agreement]:
    """A publication of the agreement that is shown, as it was looked at, and its agreement, locked."""
    agreement = lock_agreement(session)
    row = session.get(Publication, number)
    if row is None or row.agreement_id != agreement.id:
        raise NotFound("There is no such publication.")
    check_move(move, row.state)
    if row.version != version:
        raise Stale("The publication changed after you opened it. Nothing was done: look at it again.")
    return row, agreement


def _put_out(session: Session, agreement: Agreement, row: Publication, at: datetime) -> int:
    """Make the edition; its returns are published, unless they were reopened while it waited for its hour."""
    clock = session.info["clock"]
    latest = latest_edition(session, agreement.id)
    number = latest.number + 1 if latest else 1
    revisions = dict(json.loads(row.revisions))
    for one in session.scalars(select(Return).where(Return.id.in_(revisions))).all():
        if one.state is State.VERIFIED and one.verified_revision == revisions[one.id]:
            one.state = after(Move.PUBLISH, one.state)
    for frozen in session.scalars(select(ReturnRevision).where(ReturnRevision.return_id.in_(revisions))).all():
        if frozen.number == revisions[frozen.return_id]:
            frozen.published_at = at
    content = numbered(row.content, edition=number, published_at=at.isoformat(timespec="seconds"))
    edition = Edition(
        agreement_id=agreement.id,
        number=number,
        period_id=row.period_id,
        published_at=at,
        published_on=clock.pretended or at.astimezone(LONDON).date(),
        published_by_id=row.released_by_id,
        content=content,
        content_hash=content_hash(content),
        note=row.note,
        corrects=row.corrects,
        prepared_by_id=row.prepared_by_id,
    )
    session.add(edition)
    row.state, row.edition = PublicationState.PUBLISHED, number
    said = {"period": row.period.key, "hash": edition.content_hash, "corrects": row.corrects}
    audit.record(session, Action.EDITION_PUBLISH, f"edition {number}", after=said, reason=row.note)
    session.flush()
    return number
