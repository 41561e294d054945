"""The half-years that are set beside each other: as printed of earlier agreements, and as published of this one."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Period
from models.rules.calendar import CalendarPeriod
from models.rules.terms import Frequency
from models.scorecard import Edition
from portal.actor import Actor
from portal.database import Database
from portal.formats.edition import scorecard_of
from portal.records.agreement import current_agreement
from portal.records.edition_rows import find_edition
from portal.records.shares import printed_shares
from portal.services.scorecard import reading_editions
from portal.viewmodels.charts import CountedShares, PrintedShares, SharesChart
from portal.viewmodels.scorecard import Scorecard

HALF_YEAR_ENDS = (3, 9)
"""The months with which a half of a financial year ends."""


class HalfYears(NamedTuple):
    """An edition and the half-years before it: `earlier` by the titles of the agreements before, the oldest first;
    `before` the editions of this agreement, one for each half-year's end."""

    card: Scorecard
    earlier: Mapping[str, tuple[PrintedShares, ...]]
    before: tuple[Scorecard, ...]


def half_years(database: Database, actor: Actor, number: int) -> HalfYears:
    """One edition with what was printed and published of the half-years before it, as it was known when it came out.
    NotFound for a number that none has."""
    with reading_editions(database, actor) as session:
        found = find_edition(session, number)
        agreement = session.get_one(Agreement, found.agreement_id)
        query = select(Edition).where(Edition.agreement_id == agreement.id, Edition.number < number)
        cards = [scorecard_of(row.content, row.content_hash) for row in session.scalars(query.order_by(Edition.number))]
        card = scorecard_of(found.content, found.content_hash)
        by_day = {one.ends_on: one for one in cards}  # of several about a day the newest
        days = [day for day in sorted(by_day) if date.fromisoformat(day).month in HALF_YEAR_ENDS and day < card.ends_on]
        printed = printed_shares(session, agreement, date(int(agreement.first_year[:4]), 4, 1))
        return HalfYears(card, printed, tuple(by_day[day] for day in days))


def published_shares(database: Database, actor: Actor) -> SharesChart:
    """What the public was told of the ratings: the printed shares of the area's earlier agreements, and for each day
    that editions are about what the newest of them says."""
    with reading_editions(database, actor) as session:
        agreement = current_agreement(session)
        first = CalendarPeriod(agreement.first_year, Frequency.YEARLY, 1).starts_on
        printed = printed_shares(session, agreement, first)
        return SharesChart(printed, agreement.title, _published(session, agreement))


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
