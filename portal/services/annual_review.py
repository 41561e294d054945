"""The annual review: the designated indicators of a year by category, computed from the returns of its second quarter."""

from sqlalchemy import select

from models.agreement import Indicator, Period
from models.returns import Return
from models.rules.codes import year_key
from models.rules.review import REVIEW_QUARTER
from models.rules.terms import Frequency, ReviewCategory
from models.scorecard import Edition
from portal.actor import Actor
from portal.database import Database
from portal.errors import NotFound
from portal.history import looked_at, only_known, show_only_published, standing_returns
from portal.policy import Action, may, require
from portal.records.actions import standing_actions
from portal.records.agreement import current_agreement, find_period
from portal.records.indicators import standings
from portal.records.review_categories import reviewed
from portal.viewmodels.annual_review import AnnualReview
from portal.viewmodels.past import AsAt


def newest_review(database: Database, actor: Actor, as_at: AsAt | None = None) -> AnnualReview:
    """The review of the newest year whose second quarter has returns, now or by a past day; NotFound before there is
    any."""
    require(actor, Action.REVIEW_READ)
    with database.read(actor, as_at) as session:
        stood = standing_returns(session)
        year = session.scalar(
            select(Period.year)
            .join(Return, Return.period_id == Period.id)
            .join(stood, stood.c.return_id == Return.id)
            .where(Period.agreement_id == current_agreement(session).id, Period.number == REVIEW_QUARTER)
            .where(Period.frequency == Frequency.QUARTERLY)
            .where(stood.c.verified_revision.is_not(None))
            .order_by(Period.ends_on.desc())
            .limit(1)
        )
    if year is None:
        raise NotFound("No second quarter has verified returns yet, so there is no annual review.")
    return annual_review(database, actor, year, as_at)


def annual_review(database: Database, actor: Actor, year: str, as_at: AsAt | None = None) -> AnnualReview:
    """The review of a year, now or as at a past day. Whoever follows it may read it as it grows; the others once it
    was sent, which is when the edition of its quarter is published, and then what is published of it: a correction
    when an edition shows it. NotFound before that, and for a year outside the agreement."""
    require(actor, Action.REVIEW_READ)
    try:
        key = year_key(year)
    except ValueError as error:
        raise NotFound(str(error)) from None
    with database.read(actor, as_at) as session:
        agreement = current_agreement(session)
        period = find_period(session, agreement.id, f"{key} Q{REVIEW_QUARTER}")
        editions = select(Edition.id).where(Edition.period_id == period.id)
        sent = session.scalar(
            only_known(looked_at(session), editions, Edition.published_on, Edition.published_at).limit(1)
        )
        if not may(actor, Action.REVIEW_FOLLOW):
            if sent is None:
                raise NotFound(f"The annual review of {key} has not been sent yet.")
            show_only_published(session)
        designated = reviewed(standings(session, period))
        codes = [one.indicator.code for one in designated if one.category is ReviewCategory.AT_RISK]
        of_agreement = Indicator.agreement_id == agreement.id
        reads = may(actor, Action.THEME_READ)  # else the lead's words alone, which list the actions that came with them
        actions = standing_actions(session, of_agreement, Indicator.code.in_(codes)) if reads else ()
        return AnnualReview(agreement.title, key, period.key, designated, as_at, actions, reads)
