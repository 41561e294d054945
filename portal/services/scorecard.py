"""Reading editions. Public pages read nothing else."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.agreement import AgreementVersion, Period
from models.rules.gate import PublicationState
from models.scorecard import Edition, Publication
from models.shares import HalfYearShares
from portal.actor import Actor
from portal.database import Database
from portal.errors import NotFound
from portal.formats.edition import scorecard_of
from portal.policy import Action, require
from portal.services.agreement import shown_agreement
from portal.viewmodels.scorecard import EditionLine, Scorecard


class PublicState(NamedTuple):
    """What public pages are made from, as numbers that grow with it; `due` is when the next edition is to be public."""

    edition: int | None
    version: int | None
    printed: int
    due: datetime | None


def public_state(database: Database, actor: Actor) -> PublicState:
    """How far what is public has come: as long as this is the same, so is every public page. One statement."""
    require(actor, Action.EDITION_READ)
    scheduled = Publication.state == PublicationState.SCHEDULED
    with database.read(actor) as session:
        found = session.execute(
            select(
                select(func.max(Edition.id)).scalar_subquery(),
                select(func.max(AgreementVersion.id)).scalar_subquery(),
                select(func.count()).select_from(HalfYearShares).scalar_subquery(),
                select(func.min(Publication.publish_at)).where(scheduled).scalar_subquery(),
            )
        ).one()
        return PublicState(*found)


def latest_scorecard(database: Database, actor: Actor) -> Scorecard | None:
    """The latest edition of the agreement that is shown; None before the first."""
    require(actor, Action.EDITION_READ)
    with database.read(actor) as session:
        agreement = shown_agreement(session)
        latest = _latest(session, agreement.id) if agreement else None
        return card_of(session, find_edition(session, latest)) if latest else None


def _latest(session: Session, agreement_id: int) -> int | None:
    """The newest edition about the latest day: an older quarter that is put right does not take the newest's place."""
    query = (
        select(Edition.number)
        .join(Period, Period.id == Edition.period_id)
        .where(Edition.agreement_id == agreement_id)
        .order_by(Period.ends_on.desc(), Edition.number.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def edition_card(database: Database, actor: Actor, number: int) -> Scorecard:
    """One edition of the agreement that is shown, as it was published. NotFound for a number that none has."""
    require(actor, Action.EDITION_READ)
    with database.read(actor) as session:
        return card_of(session, find_edition(session, number))


def edition_content(database: Database, actor: Actor, number: int) -> str:
    """The frozen content of one edition of the agreement that is shown, as it was hashed: files are made of nothing
    else. NotFound for a number that none has."""
    require(actor, Action.EDITION_READ)
    with database.read(actor) as session:
        return find_edition(session, number).content


def find_edition(session: Session, number: int) -> Edition:
    """One edition of the agreement that is shown. NotFound for a number that none has."""
    agreement = shown_agreement(session)
    query = select(Edition).where(Edition.agreement_id == (agreement.id if agreement else None))
    found = session.scalars(query.where(Edition.number == number)).one_or_none() if number < 2**31 else None
    if found is None:
        raise NotFound(f"There is no edition {number}.")
    return found


def editions(database: Database, actor: Actor) -> tuple[EditionLine, ...]:
    """All editions of the agreement that is shown, the newest first."""
    require(actor, Action.EDITION_READ)
    with database.read(actor) as session:
        agreement = shown_agreement(session)
        rows = session.execute(
            select(
                Edition.number, Period.key, Edition.published_at, Edition.content_hash, Edition.note, Edition.corrects
            )
            .join(Period, Period.id == Edition.period_id)
            .where(Edition.agreement_id == (agreement.id if agreement else None))
            .order_by(Edition.number.desc())
        ).all()
        corrected = {row.corrects: row.number for row in reversed(rows) if row.corrects is not None}
        latest = _latest(session, agreement.id) if agreement else None
        return tuple(EditionLine(*row, corrected.get(row.number), row.number == latest) for row in rows)


def card_of(session: Session, found: Edition) -> Scorecard:
    """An edition's content, with what came after it."""
    corrected = select(Edition.number).where(
        Edition.agreement_id == found.agreement_id, Edition.corrects == found.number
    )
    by = session.scalars(corrected.order_by(Edition.number.desc()).limit(1)).one_or_none()
    return scorecard_of(found.content, found.content_hash, corrected_by=by, latest=_latest(session, found.agreement_id))


def latest_edition(session: Session, agreement_id: int) -> Edition | None:
    """The edition of an agreement that was published last."""
    query = select(Edition).where(Edition.agreement_id == agreement_id).order_by(Edition.number.desc()).limit(1)
    return session.scalars(query).one_or_none()


def latest_by(session: Session, period: Period) -> Edition | None:
    """The newest edition about the day on which a period ends; without one, the newest about the latest day before."""
    query = (
        select(Edition)
        .join(Period, Period.id == Edition.period_id)
        .where(Edition.agreement_id == period.agreement_id, Period.ends_on <= period.ends_on)
        .order_by(Period.ends_on.desc(), Edition.number.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()
