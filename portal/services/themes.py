"""The executive's views: every theme in a period, and one theme."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from sqlalchemy import Date, Integer, String, bindparam, select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Indicator, Measure, Period, Theme
from models.returns import Return, ReturnMessage
from models.rules.change import moved
from models.rules.rollup import count
from portal.actor import Actor
from portal.database import Database
from portal.errors import NotFound
from portal.formats.texts import storable
from portal.history import BUILT
from portal.policy import Action, may, require
from portal.records import heat
from portal.records.actions import actions_of, asked_actions, open_actions
from portal.records.actions import is_open as is_open_action
from portal.records.agreement import current_agreement
from portal.records.concurrence import asked_dissents, dissents_of
from portal.records.elsewhere import asked_sources, compared_in, could_change
from portal.records.indicators import standings
from portal.records.money import asked_money, committed
from portal.records.plans import asked_plans
from portal.records.risks import asked_risks, of_theme, risks_of
from portal.records.risks import is_open as is_open_risk
from portal.records.themes import came_since, most_pressing, shown_period, theme_standings
from portal.records.together import Together
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
    """One theme, its indicators worst first. NotFound for a key that is no theme's. Six statements, whatever it shows."""
    require(actor, Action.THEME_READ)
    with database.read(actor, as_at) as session:
        agreement = current_agreement(session)
        shown, links = shown_period(session, agreement, period)
        wanted = key.lower() if storable(key) else ""
        values = {"theme": wanted, "agreement": agreement.id, "day": shown.ends_on, "today": database.clock.today()}
        found = _beside(as_at).ask(session, values)
        row = next(iter(found["theme"]), None)
        if row is None:
            raise NotFound(f"There is no theme {key!r} in this agreement.")
        (standing,) = theme_standings([row], standings(session, shown, of_theme=row.id))
        return ThemePage(
            agreement.title,
            shown.key,
            links,
            standing,
            # Who dissents, and what may be revised, is the present's business.
            _by_code(dissents_of(session, found["dissents"])) if as_at is None else {},
            could_change(compared_in(found["sources"]), shown, standing.indicators) if as_at is None else frozenset(),
            actions_of(session, found["actions"]),
            risks_of(session, found["risks"]),
            committed(found["money"]),
            frozenset(one.code for one in found["plans"]),
            as_at,
            may_pack=may(actor, Action.PACK_MAKE) and briefs(actor, None),
        )


@lru_cache(maxsize=BUILT)
def _beside(past: AsAt | None) -> Together:
    """The theme with a key, and what is said beside its figures, with places for the values: one statement for all."""
    agreement, day, today = (
        bindparam("agreement", type_=Integer),
        bindparam("day", type_=Date),
        bindparam("today", type_=Date),
    )
    there = (Theme.agreement_id == agreement) & (Theme.key == bindparam("theme", type_=String))
    number = select(Theme.id).where(there).scalar_subquery()
    of_it = Indicator.theme_id == number
    # Only what was said to figures that everybody may read: a correction that waits is its partners' and the team's.
    seen = ReturnMessage.revision <= Return.verified_revision
    measures = select(Measure.id).join(Indicator, Indicator.id == Measure.indicator_id).where(of_it)
    asked = {
        "theme": select(Theme.id, Theme.key, Theme.title).where(Theme.id == number),
        "dissents": asked_dissents(of_it, Period.ends_on == day, seen),
        "sources": asked_sources(agreement, day, today).where(Measure.id.in_(measures)),
        "actions": asked_actions(past, is_open_action(), of_it),
        "risks": asked_risks(past, is_open_risk(), of_theme(number)),
        "money": asked_money(past, of_it),
        "plans": asked_plans(past, of_it),
    }
    return Together(asked)


def _by_code(dissents: Iterable[tuple[int, str, Said]]) -> dict[str, tuple[Said, ...]]:
    """The dissents by their indicators' codes."""
    found: dict[str, tuple[Said, ...]] = {}
    for _, code, said in dissents:
        found[code] = (*found.get(code, ()), said)
    return found


def _themes(session: Session, agreement: Agreement) -> Sequence[Theme]:
    return session.scalars(select(Theme).where(Theme.agreement_id == agreement.id).order_by(Theme.position)).all()
