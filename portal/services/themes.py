"""The executive's views: every theme in a period, and one theme."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Indicator, Period, Theme
from models.returns import Return, ReturnMessage
from models.rules.change import moved
from models.rules.rollup import count
from portal.actor import Actor
from portal.database import Database
from portal.errors import NotFound
from portal.formats.texts import storable
from portal.policy import Action, may, require
from portal.records import heat
from portal.records.actions import open_actions
from portal.records.agreement import current_agreement
from portal.records.concurrence import open_dissents
from portal.records.elsewhere import provisional
from portal.records.indicators import standings
from portal.records.money import money_of
from portal.records.plans import planned
from portal.records.risks import of_theme, open_risks
from portal.records.themes import came_since, most_pressing, shown_period, theme_standings
from portal.scopes import briefs
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Said
from portal.viewmodels.themes import ThemePage, Themes

FILTERS = heat.NAMES
"""What an address may say of the indicators that are wanted."""


BESIDE = {
    "exceptions": Action.EXCEPTION_READ,
    **dict.fromkeys(("performance", "money", "risks", "reward", "proposals"), Action.THEME_READ),
    "assessment": Action.ASSESSMENT_READ,
    "packs": Action.PACK_READ,
}
"""The other pages about the whole agreement, and the action that each asks for."""


def themes(
    database: Database,
    actor: Actor,
    period: str | None = None,
    as_at: AsAt | None = None,
    wanted: Mapping[str, str] | None = None,
) -> Themes:
    """Every theme with its counts, in the agreement's order, and the heat map of the indicators that are wanted
    (`FILTERS`); `period` defaults to the one published last. `as_at` is the past day to look at."""
    require(actor, Action.THEME_READ)
    with database.read(actor, as_at) as session:
        agreement = current_agreement(session)
        shown, links = shown_period(session, agreement, period)
        indicators = standings(session, shown)
        standing = theme_standings(_themes(session, agreement), indicators)
        quarters = heat.quarters(agreement.first_year, shown)
        pressing = most_pressing(indicators)
        doing = open_actions(
            session, Indicator.agreement_id == agreement.id, Indicator.code.in_([i.code for i in pressing])
        )
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
            pressing,
            doing,
            # What is verified by now is the present's business.
            came_since(session, agreement, shown) if as_at is None else (),
            frozenset(key for key, action in BESIDE.items() if may(actor, action)),
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
            open_risks(session, of_theme(row.id)),
            money_of(session, Indicator.theme_id == row.id),
            planned(session, Indicator.theme_id == row.id),
            as_at,
            may_pack=may(actor, Action.PACK_MAKE) and briefs(actor, None),
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
