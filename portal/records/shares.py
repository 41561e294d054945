"""The half-years of earlier agreements, as they were printed."""

from collections import defaultdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Agreement
from models.rules.terms import Rating
from models.shares import HalfYearShares
from portal.viewmodels.charts import PrintedShares


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
