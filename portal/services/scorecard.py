"""Publishing a period as an edition, and reading the latest one. Public pages read nothing else."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Period, Theme
from models.returns import Return, ReturnRevision
from models.rules.broken import NothingToPublish
from models.rules.moves import Move, after
from models.rules.terms import State
from models.scorecard import Edition
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import NotFound
from portal.formats.edition import content_hash, content_of, figures_of, scorecard_of
from portal.policy import Action, require
from portal.services.agreement import current_agreement, find_period, shown_agreement
from portal.services.indicators import standings
from portal.services.periods import open_periods
from portal.services.themes import theme_standings
from portal.viewmodels.scorecard import Scorecard


def publish(database: Database, actor: Actor, period: str | None = None) -> int:
    """Publish the verified returns of a period (default: the newest open one), and of all others that end on the
    same day, as the next edition; answers its number.
    NothingToPublish when it would say what the latest edition says already."""
    require(actor, Action.EDITION_PUBLISH)
    with database.write(actor) as session:
        agreement = current_agreement(session)
        shown = _shown(session, agreement.id, period)
        # One publication at a time: the next one waits here and then sees this one's edition. Not the newest edition
        # is locked: PostgreSQL asks for the right to change what is locked, and an edition nobody may change.
        session.refresh(agreement, with_for_update={"key_share": True})
        latest = _latest(session, agreement.id)
        number = latest.number + 1 if latest else 1
        _move_to_published(session, shown)
        content = _content(session, database, agreement, shown, number)
        if latest and figures_of(content) == figures_of(latest.content):
            raise NothingToPublish(f"Edition {latest.number} says all this already: verify returns first.")
        edition = Edition(
            agreement_id=agreement.id,
            number=number,
            period_id=shown.id,
            published_at=database.clock.now(),
            published_on=database.clock.today(),
            published_by_id=actor.person_id,
            content=content,
            content_hash=content_hash(content),
        )
        session.add(edition)
        audit.record(
            session,
            Action.EDITION_PUBLISH,
            f"edition {number}",
            after={"period": shown.key, "hash": edition.content_hash},
        )
    return number


def _shown(session: Session, agreement_id: int, key: str | None) -> Period:
    if key:
        return find_period(session, agreement_id, key)
    open_now = open_periods(session, agreement_id)
    if not open_now:
        raise NotFound("No period is open; name the one to publish.")
    return open_now[0]


def _move_to_published(session: Session, period: Period) -> None:
    now = session.info["clock"].now()
    verified = session.execute(
        select(Return, ReturnRevision)
        .join(
            ReturnRevision,
            (ReturnRevision.return_id == Return.id) & (ReturnRevision.number == Return.verified_revision),
        )
        .join(Period, Return.period_id == Period.id)
        .where(Period.agreement_id == period.agreement_id, Period.ends_on == period.ends_on)
        .where(Return.state == State.VERIFIED)
    )
    for row, revision in verified.all():
        row.state = after(Move.PUBLISH, row.state)
        revision.published_at = now
    session.flush()


def _content(session: Session, database: Database, agreement: Agreement, period: Period, number: int) -> str:
    themes = session.scalars(select(Theme).where(Theme.agreement_id == agreement.id).order_by(Theme.position)).all()
    return content_of(
        edition=number,
        agreement=agreement.title,
        area=agreement.area,
        period=period.key,
        ends_on=period.ends_on.isoformat(),
        published_at=database.clock.now().isoformat(timespec="seconds"),
        themes=theme_standings(themes, standings(session, period)),
    )


def latest_scorecard(database: Database, actor: Actor) -> Scorecard | None:
    """The latest edition of the agreement that is shown; None before the first."""
    require(actor, Action.EDITION_READ)
    with database.read(actor) as session:
        agreement = shown_agreement(session)
        found = _latest(session, agreement.id) if agreement else None
        return scorecard_of(found.content, found.content_hash) if found else None


def _latest(session: Session, agreement_id: int) -> Edition | None:
    query = select(Edition).where(Edition.agreement_id == agreement_id).order_by(Edition.number.desc()).limit(1)
    return session.scalars(query).one_or_none()
