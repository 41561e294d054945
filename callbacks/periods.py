"""Wiring the calendar: opening, closing, opening again for one partner, sources' release dates."""

from typing import Any

from dash import ALL, MATCH, Input, Output, State

from layouts import ids
from layouts import periods as draw
from layouts.milestones import WHY
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action
from portal.services import calendar, milestones, periods
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import day, text, within


def register(callbacks: Callbacks, pages: Pages, database: Database) -> None:
    """Wire the pages /periods and /periods/KEY."""

    @pages.on("/periods", access=Action.PERIOD_MANAGE, query=("year",), label="Periods")
    def open_calendar(actor: Actor, year: str | None = None) -> tuple[str, Any]:
        return draw.calendar(calendar.calendar(database, actor, year))

    @pages.on("/periods/<period>", access=Action.PERIOD_MANAGE, query=(*calendar.FILTERS, "set"))
    def open_one_period(actor: Actor, period: str, **wanted: str) -> tuple[str, Any]:
        number = wanted.pop("set", "").partition("-")[0]  # how many milestones were set just now
        done = int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else 0
        return draw.one_period(calendar.one_period(database, actor, period, wanted), done)

    done = (
        Output(ids.of_period("errors", MATCH), "children", allow_duplicate=True),
        Output(ids.of_period("go", MATCH), "href", allow_duplicate=True),
    )

    shown = State(ids.AGREEMENT_SHOWN, "data")

    @callbacks.form(
        *done,
        Input(ids.of_period("open", MATCH), "n_clicks"),
        shown,
        access=Action.PERIOD_MANAGE,
        errors=draw.errors,
    )
    def open_period(actor: Actor, row: str, agreement: str) -> str:
        slug = text(row)
        periods.open_for_returns(database, within(actor, agreement), slug)
        return f"/periods/{slug}?opened"

    @callbacks.form(
        *done,
        Input(ids.of_period("close", MATCH), "n_clicks"),
        shown,
        access=Action.PERIOD_MANAGE,
        errors=draw.errors,
    )
    def close_period(actor: Actor, row: str, agreement: str) -> str:
        slug = text(row)
        periods.close_for_returns(database, within(actor, agreement), slug)
        return f"/periods/{slug}?closed"

    @callbacks.form(
        *done,
        Input(ids.of_period("reopen", MATCH), "n_clicks"),
        shown,
        *(State(ids.of_period(part, MATCH), "value") for part in ("partner", "until", "reason")),
        access=Action.PERIOD_MANAGE,
        errors=draw.errors,
    )
    def reopen_period(actor: Actor, row: str, agreement: str, partner: str, until: str, reason: str) -> str:
        slug = text(row)
        last = day(until, "until")
        periods.reopen_for_partner(database, within(actor, agreement), slug, text(partner), last, text(reason))
        return f"/periods/{slug}?reopened"

    @callbacks.form(
        *done,
        Input(ids.of_period("release", MATCH), "n_clicks"),
        shown,
        *(State(ids.of_period(part, MATCH), "value") for part in ("measure", "released")),
        access=Action.PERIOD_MANAGE,
        errors=draw.errors,
    )
    def note_release(actor: Actor, row: str, agreement: str, measure: str, released: str) -> str:
        slug = text(row)
        periods.set_release(database, within(actor, agreement), slug, text(measure), day(released, "released_on"))
        return f"/periods/{slug}?released"

    @callbacks.form(
        *done,
        Input(ids.of_period("chase", MATCH), "n_clicks"),
        shown,
        *(State(ids.of_period(part, MATCH), "value") for part in ("chased", "note")),
        access=Action.PERIOD_MANAGE,
        errors=draw.errors,
    )
    def note_chase(actor: Actor, row: str, agreement: str, measure: str, note: str) -> str:
        slug = text(row)
        periods.note_chase(database, within(actor, agreement), slug, text(measure), text(note))
        return f"/periods/{slug}?noted"

    @callbacks.form(
        *done,
        Input(ids.of_period("milestones", MATCH), "n_clicks"),
        shown,
        State(ids.of_milestone(ALL), "value"),
        State(ids.of_milestone(ALL), "id"),
        State(ids.of_period(WHY, MATCH), "value"),
        access=Action.AGREEMENT_CHANGE,
        errors=draw.milestone_errors,
    )
    def set_milestones(actor: Actor, row: str, agreement: str, typed: list[Any], named: list[Any], why: str) -> str:
        slug, wanted = text(row), read_milestones(typed, named)
        done = milestones.set_milestones(database, within(actor, agreement), slug, wanted, text(why))
        return f"/periods/{slug}?set={done}"


def read_milestones(typed: list[Any], named: list[Any]) -> dict[str, str]:
    """What was typed, by the measures' codes."""
    pairs = zip(named or (), typed or (), strict=False)
    return {text(one.get("measure")): text(value) for one, value in pairs if isinstance(one, dict)}
