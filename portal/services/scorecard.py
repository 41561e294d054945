"""Reading editions. Public pages read nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.agreement import AgreementVersion, Period
from models.rules.gate import PublicationState
from models.rules.rollup import count
from models.scorecard import Edition, Publication
from models.shares import HalfYearShares
from portal.actor import Actor
from portal.database import Database
from portal.formats.edition import scorecard_of, unrated_since
from portal.policy import Action, require
from portal.records.agreement import shown_agreement
from portal.records.edition_rows import card_of, edition_before, find_edition, latest_number
from portal.services.publication import publish_due
from portal.viewmodels.scorecard import EditionLine, NoLongerRated, Scorecard
from portal.wall import Beyond, beyond


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
    with database.read(actor) as session, beyond(session, Beyond.SCHEDULE):
        found = session.execute(
            select(
                select(func.max(Edition.id)).scalar_subquery(),
                select(func.max(AgreementVersion.id)).scalar_subquery(),
                select(func.count()).select_from(HalfYearShares).scalar_subquery(),
                select(func.min(Publication.publish_at)).where(scheduled).scalar_subquery(),
            )
        ).one()
        return PublicState(*found)


@contextmanager
def reading_editions(database: Database, actor: Actor) -> Iterator[Session]:
    """A session for reading editions, and the only way to them: what is due by now becomes one first, so that its hour
    is kept to the second whoever reads."""
    require(actor, Action.EDITION_READ)
    if publish_due(database):
        database.catch_up()
    with database.read(actor, replica=True) as session:
        yield session


def latest_scorecard(database: Database, actor: Actor) -> Scorecard | None:
    """The latest edition of the agreement that is shown; None before the first."""
    with reading_editions(database, actor) as session:
        agreement = shown_agreement(session)
        latest = latest_number(session, agreement.id) if agreement else None
        return card_of(session, find_edition(session, latest)) if latest else None


def edition_card(database: Database, actor: Actor, number: int) -> Scorecard:
    """One edition of the agreement that is shown, as it was published. NotFound for a number that none has."""
    with reading_editions(database, actor) as session:
        return card_of(session, find_edition(session, number))


def no_longer_rated(database: Database, actor: Actor, number: int) -> NoLongerRated | None:
    """The indicators that an edition leaves without the rating that they had in the one on the period before, from
    what the two say; None where there are none. NotFound for a number that none has."""
    with reading_editions(database, actor) as session:
        found = find_edition(session, number)
        before = edition_before(session, found)
        if before is None:
            return None
        old, new = (scorecard_of(one.content, one.content_hash) for one in (before, found))
        lost = count((None, now.no_rating_reason) for _, now in unrated_since(old, new))
        return NoLongerRated(old.period, new.period, lost) if lost.total else None


def edition_content(database: Database, actor: Actor, number: int) -> str:
    """The frozen content of one edition of the agreement that is shown, as it was hashed: files are made of nothing
    else. NotFound for a number that none has."""
    with reading_editions(database, actor) as session:
        return find_edition(session, number).content


def editions(database: Database, actor: Actor) -> tuple[EditionLine, ...]:
    """All editions of the agreement that is shown, the newest first."""
    with reading_editions(database, actor) as session:
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
        latest = latest_number(session, agreement.id) if agreement else None
        return tuple(EditionLine(*row, corrected.get(row.number), row.number == latest) for row in rows)
