"""The executive's views: every theme in a period, and one theme."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Indicator, Period, Theme
from models.returns import Return, ReturnMessage
from models.rules.change import moved
from models.rules.codes import period_slug
from models.rules.rollup import count
from models.rules.terms import Rating
from models.scorecard import Edition
from portal.actor import Actor
from portal.database import Database
from portal.errors import NotFound
from portal.formats.texts import storable
from portal.history import looked_at, only_known, standing_returns
from portal.policy import Action, require
from portal.services import heat
from portal.services.actions import open_actions
from portal.services.agreement import current_agreement, find_period
from portal.services.concurrence import open_dissents
from portal.services.elsewhere import provisional
from portal.services.indicators import standings
from portal.services.periods import one_a_day, quarters_first
from portal.viewmodels.indicators import IndicatorStanding, ThemeStanding
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Said
from portal.viewmodels.themes import PeriodLink, ThemePage, Themes

_ORDER = {Rating.WORSE: 0, Rating.WITHIN: 1, Rating.BETTER: 2, None: 3}


def themes(
    database: Database,
    actor: Actor,
    period: str | None = None,
    as_at: AsAt | None = None,
    wanted: Mapping[str, str] | None = None,
) -> Themes:
    """Every theme with its counts, in the agreement's order, and the heat map of the indicators that are wanted
    (`heat.NAMES`); `period` defaults to the one published last. `as_at` is the past day to look at."""
    require(actor, Action.THEME_READ)
    with database.read(actor, as_at) as session:
        agreement = current_agreement(session)
        shown, links = shown_period(session, agreement, period)
        indicators = standings(session, shown)
        standing = theme_standings(_themes(session, agreement), indicators)
        quarters = heat.quarters(agreement.first_year, shown)
        return Themes(
            agreement.title,
            shown.key,
            links,
            count((i.rating, i.no_rating_reason) for i in indicators),
            standing,
            moved((i.change, i.since_baseline) for i in indicators),
            tuple(quarters.values()),
            heat.rows(indicators, tuple(quarters), wanted or {}),
            heat.filters(standing, wanted or {}),
            as_at,
        )


def theme(
    database: Database, actor: Actor, key: str, period: str | None = None, as_at: AsAt | None = None
) -> ThemePage:
    """One theme, its indicators worst first. NotFound for a key that is no theme's."""
    require(actor, Action.THEME_READ)
    with database.read(actor, as_at) as session:
        agreement = current_agreement(session)
        shown, links = shown_period(session, agreement, period)
        wanted = key.lower() if storable(key) else ""
        row = session.scalars(
            select(Theme).where(Theme.agreement_id == agreement.id, Theme.key == wanted)
        ).one_or_none()
        if row is None:
            raise NotFound(f"There is no theme {key!r} in this agreement.")
        (standing,) = theme_standings([row], standings(session, shown, outlook_of=row.id))
        return ThemePage(
            agreement.title,
            shown.key,
            links,
            standing,
            # Who dissents, and what may be revised, is the present's business.
            _dissents(session, row, shown) if as_at is None else {},
            provisional(session, shown, standing.indicators) if as_at is None else frozenset(),
            open_actions(session, Indicator.theme_id == row.id),
            as_at,
        )


def _dissents(session: Session, theme: Theme, shown: Period) -> dict[str, tuple[Said, ...]]:
    """The open dissents on the theme's verified returns of a day, by the indicator's code."""
    found: dict[str, tuple[Said, ...]] = {}
    # Only what was said to figures that everybody may read: a correction that waits is its partners' and the team's.
    seen = ReturnMessage.revision <= Return.verified_revision
    on = (Indicator.theme_id == theme.id, Period.ends_on == shown.ends_on, seen)
    for _, code, said in open_dissents(session, *on):
        found[code] = (*found.get(code, ()), said)
    return found


def _themes(session: Session, agreement: Agreement) -> Sequence[Theme]:
    return session.scalars(select(Theme).where(Theme.agreement_id == agreement.id).order_by(Theme.position)).all()


def theme_standings(themes: Iterable[Theme], indicators: Iterable[IndicatorStanding]) -> tuple[ThemeStanding, ...]:
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


def shown_period(session: Session, agreement: Agreement, asked: str | None) -> tuple[Period, tuple[PeriodLink, ...]]:
    """The period to show, and those that can be chosen: the days on which one with returns ends, newest first, each
    by the name of its quarter where one ends there."""
    editions = select(Edition.period_id).where(Edition.agreement_id == agreement.id)
    known = only_known(session, editions, Edition.published_on, Edition.published_at)
    published = known.order_by(Edition.number.desc()).limit(1).scalar_subquery()
    standing = standing_returns(session)
    there = select(Return.id).join(standing, standing.c.return_id == Return.id).where(Return.period_id == Period.id)
    opened = Period.opened_at.is_not(None) if looked_at(session) is None else false()
    rows = session.execute(
        select(Period, published)
        .where(Period.agreement_id == agreement.id)
        .where(there.exists() | opened)
        .order_by(Period.ends_on.desc(), *quarters_first())
    ).all()
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
