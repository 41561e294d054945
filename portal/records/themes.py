"""The themes with their indicators, worst first, and the period that their pages show."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, and_, case, false, func, select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Period, Theme
from models.returns import Return, ReturnRevision, RevisionRating
from models.rules.change import Change, moved
from models.rules.codes import period_slug
from models.rules.rollup import count
from models.rules.terms import Rating
from models.scorecard import Edition
from portal.errors import NotFound
from portal.history import has_returns, looked_at, only_known
from portal.records.agreement import find_period
from portal.records.periods import note_periods, one_a_day, quarters_first
from portal.viewmodels.indicators import IndicatorStanding, ThemeStanding
from portal.viewmodels.themes import Newer, PeriodLink
from portal.wall import Beyond, beyond

_ORDER = {Rating.WORSE: 0, Rating.WITHIN: 1, Rating.BETTER: 2, None: 3}


def theme_standings(
    themes: Iterable[Theme | Row[*tuple[Any, ...]]], indicators: Iterable[IndicatorStanding]
) -> tuple[ThemeStanding, ...]:
    """The themes with their indicators, worst first; within a rating, those forecast worse come first."""
    indicators = list(indicators)
    result = []
    for row in themes:
        own = sorted(
            (i for i in indicators if i.theme == row.key), key=lambda i: (_ORDER[i.rating], _ORDER[i.forecast])
        )
        counts = count((i.rating, i.no_rating_reason) for i in own)
        changes = moved((i.change, i.since_baseline) for i in own)
        result.append(ThemeStanding(row.key, row.title, counts, tuple(own), changes))
    return tuple(result)


def most_pressing(indicators: Iterable[IndicatorStanding]) -> tuple[IndicatorStanding, ...]:
    """Those that are rated worse than anticipated: first what was not so the last time, then what is expected to end
    the year so too; and after them those that are not, and are expected to end the year worse."""
    found = [i for i in indicators if Rating.WORSE in (i.rating, i.forecast)]
    return tuple(
        sorted(found, key=lambda i: (i.rating is not Rating.WORSE, i.change is not Change.WORSE, _ORDER[i.forecast]))
    )


def came_since(session: Session, agreement: Agreement, shown: Period) -> tuple[Newer, ...]:
    """The periods that end after the one that is shown and have verified figures by now, the newest first."""
    ruled = func.coalesce(RevisionRating.override, RevisionRating.by_rule)
    rows = session.execute(
        select(Period.key, func.count(), func.count(case((ruled == Rating.WORSE, 1))))
        .join(Return, Return.period_id == Period.id)
        .join(
            ReturnRevision,
            and_(ReturnRevision.return_id == Return.id, ReturnRevision.number == Return.verified_revision),
        )
        .outerjoin(RevisionRating, RevisionRating.revision_id == ReturnRevision.id)
        .where(Period.agreement_id == agreement.id, Period.ends_on > shown.ends_on, ReturnRevision.value.is_not(None))
        .group_by(Period.key, Period.ends_on)
        .order_by(Period.ends_on.desc(), Period.key)
    )
    return tuple(Newer(key, period_slug(key), figures, worse) for key, figures, worse in rows)


def shown_period(session: Session, agreement: Agreement, asked: str | None) -> tuple[Period, tuple[PeriodLink, ...]]:
    """The period to show, and those that can be chosen: the days on which one with returns ends, newest first, each
    by the name of its quarter where one ends there."""
    editions = select(Edition.period_id).where(Edition.agreement_id == agreement.id)
    known = only_known(looked_at(session), editions, Edition.published_on, Edition.published_at)
    published = known.order_by(Edition.number.desc()).limit(1).scalar_subquery()
    opened = Period.opened_at.is_not(None) if looked_at(session) is None else false()
    query = (
        select(Period, published)
        .where(Period.agreement_id == agreement.id)
        .where(has_returns(session) | opened)
        .order_by(Period.ends_on.desc(), *quarters_first())
    )
    with beyond(session, Beyond.STANDING):
        rows = session.execute(query).all()
    note_periods(session, agreement.id, [period.id for period, _ in rows])
    choice = one_a_day([period for period, _ in rows])
    if not choice and looked_at(session) is not None:
        raise NotFound("Nothing had been returned by that day.")
    if asked is not None:
        listed = next((found for found, _ in rows if period_slug(found.key) == asked), None)
        shown = listed or find_period(session, agreement.id, asked)
    elif choice:
        shown = next((p for p in choice if p.id == rows[0][1]), choice[0])
    else:
        raise NotFound("No period has been opened yet, so there is nothing to show. Run: portal period open 2008-09-q1")
    return shown, tuple(PeriodLink(p.key, period_slug(p.key), p.id == shown.id) for p in choice)
