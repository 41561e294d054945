"""The share of each rating over the years: of earlier agreements as printed, of this one from its editions."""

from collections import Counter, defaultdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Period
from models.rules.calendar import CalendarPeriod
from models.rules.terms import Frequency, Rating
from models.scorecard import Edition
from models.shares import HalfYearShares
from portal.actor import Actor
from portal.database import Database
from portal.formats.edition import scorecard_of
from portal.policy import Action, require
from portal.services.agreement import current_agreement
from portal.viewmodels.charts import CountedShares, PrintedShares, SharesChart
from portal.viewmodels.scorecard import Scorecard


def published_shares(database: Database, actor: Actor) -> SharesChart:
    """What the public was told of the ratings: the printed shares of the area's earlier agreements, and for each day
    that editions are about what the newest of them says."""
    require(actor, Action.EDITION_READ)
    with database.read(actor) as session:
        agreement = current_agreement(session)
        first = CalendarPeriod(agreement.first_year, Frequency.YEARLY, 1).starts_on
        printed = printed_shares(session, agreement, first)
        return SharesChart(printed, agreement.title, _published(session, agreement))


def printed_shares(session: Session, agreement: Agreement, first: date) -> dict[str, tuple[PrintedShares, ...]]:
    """The shares that were printed of the area's earlier agreements, by their titles, up to this one's first day."""
    rows = session.execute(
        select(Agreement.title, HalfYearShares)
        .join(HalfYearShares, HalfYearShares.agreement_id == Agreement.id)
        .where(Agreement.area == agreement.area, Agreement.id != agreement.id, HalfYearShares.period_end < first)
        .order_by(HalfYearShares.period_end, Agreement.id)
    )
    found: dict[str, tuple[PrintedShares, ...]] = defaultdict(tuple)
    for title, said in rows:
        given = {Rating.WORSE: said.below, Rating.WITHIN: said.near, Rating.BETTER: said.above, None: said.missing}
        shares = {rating: share for rating, share in given.items() if share is not None}
        found[title] += (PrintedShares(said.period_end, shares),)
    return dict(found)


def _published(session: Session, agreement: Agreement) -> tuple[CountedShares, ...]:
    rows = session.execute(
        select(Period.ends_on, Edition.content, Edition.content_hash)
        .join(Period, Period.id == Edition.period_id)
        .where(Edition.agreement_id == agreement.id)
        .order_by(Period.ends_on, Edition.number)
    )
    newest = {day: scorecard_of(content, hash_) for day, content, hash_ in rows}
    return tuple(_counted(card) for card in newest.values())


def _counted(card: Scorecard) -> CountedShares:
    indicators = [indicator for theme in card.themes for indicator in theme.indicators]
    ratings = Counter(indicator.rating for indicator in indicators if indicator.rating is not None)
    return CountedShares(card.period, ratings, len(indicators))
