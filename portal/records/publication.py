"""The publication that is prepared and not yet decided, one at a time, and what holds it back."""

import json

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Period
from models.returns import Return
from models.rules.gate import OPEN, PublicationState, Shown, check_ready
from models.scorecard import Publication
from portal import audit
from portal.formats.edition import scorecard_of, shown_in
from portal.policy import Action
from portal.records.agreement import current_agreement
from portal.records.return_rows import is_row_number


def open_publication(session: Session, agreement_id: int) -> Publication | None:
    """The publication of an agreement that is worked on."""
    query = select(Publication).where(Publication.agreement_id == agreement_id, Publication.state.in_(OPEN))
    return session.scalars(query).one_or_none()


def lock_agreement(session: Session) -> Agreement:
    """The agreement, locked: one publication at a time, the next one waits and then sees this one's edition."""
    return locked(session, current_agreement(session))


def lock_agreement_of(session: Session, return_id: int) -> None:
    """A return's agreement, locked likewise: before the return itself, as publishing takes them in this order too."""
    if not is_row_number(return_id):
        return
    query = select(Agreement).join(Period, Period.agreement_id == Agreement.id).join(Return)
    if (agreement := session.scalars(query.where(Return.id == return_id)).one_or_none()) is not None:
        locked(session, agreement)


def locked(session: Session, agreement: Agreement) -> Agreement:
    """An agreement, locked likewise."""
    # Not the newest edition is locked: PostgreSQL asks for the right to change what is locked, and an edition nobody may.
    session.refresh(agreement, with_for_update={"key_share": True})
    return agreement


def shows(publication: Publication, row: Return) -> bool:
    """Whether a publication says something of a return: its figure, also beside a newer one, or that it is hidden."""
    if any(number == row.id for number, _ in json.loads(publication.revisions)):
        return True
    said = shown_in(scorecard_of(publication.content, "")).get((row.measure.code, row.period.key), Shown())
    return said.value is not None or said.suppressed


def hold_back(session: Session, agreement_id: int, what: str, why: str = "", row: Return | None = None) -> None:
    """Hold the publication that is prepared, or released for its hour, because of what happened meanwhile: it would
    say what is known to be wrong by then. With a return, only a publication that shows it. The agreement must be
    locked."""
    waiting = open_publication(session, agreement_id)
    if waiting is None or waiting.state is PublicationState.HELD or (row and not shows(waiting, row)):
        return
    since = "after the release" if waiting.state is PublicationState.SCHEDULED else "after this was prepared"
    end(session, waiting, PublicationState.HELD, f"{what} {since}{f': {why}' if why else ''}")


def end(session: Session, row: Publication, state: PublicationState, reason: str) -> None:
    """Hold or leave a publication: nobody's release counts any more."""
    row.state, row.reason, row.publish_at, row.released_by_id = state, reason, None, None
    audit.record(
        session, Action.EDITION_PUBLISH, f"publication {row.id} {state}", after={"state": state}, reason=reason
    )


def require_ready(session: Session, period: Period) -> None:
    """NotReady where an edition of a period would be too early: `models.rules.gate.check_ready`."""
    check_ready(period.key, period.ends_on, session.info["clock"].today(), verified_on(session, period))


def verified_on(session: Session, period: Period) -> int:
    """How many returns are verified, or published, of the periods that end together with this one."""
    query = (
        select(func.count(Return.id))
        .join(Period, Return.period_id == Period.id)
        .where(Period.agreement_id == period.agreement_id, Period.ends_on == period.ends_on)
        .where(Return.verified_revision.is_not(None))
    )
    return session.scalar(query) or 0
