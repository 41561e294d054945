"""Wiring the calendar: opening, closing, opening again for one partner, sources' release dates."""

from typing import Any

from dash import ALL, MATCH, Input, Output, State, ctx, no_update

from layouts import ids
from layouts import periods as draw
from layouts.milestones import WHY
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid
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

    @callbacks.on(
        *done,
        Input(ids.of_period("open", MATCH), "n_clicks"),
        shown,
        access=Action.PERIOD_MANAGE,
        prevent_initial_call=True,
    )
    def open_period(actor: Actor, _clicks: int, agreement: str) -> tuple[Any, str]:
        slug = text(ctx.triggered_id["period"])
        periods.open_for_returns(database, within(actor, agreement), slug)
        return [], f"/periods/{slug}?opened"

    @callbacks.on(
        *done,
        Input(ids.of_period("close", MATCH), "n_clicks"),
        shown,
        access=Action.PERIOD_MANAGE,
        prevent_initial_call=True,
    )
    def close_period(actor: Actor, _clicks: int, agreement: str) -> tuple[Any, str]:
        slug = text(ctx.triggered_id["period"])
        periods.close_for_returns(database, within(actor, agreement), slug)
        return [], f"/periods/{slug}?closed"

    @callbacks.on(
        *done,
        Input(ids.of_period("reopen", MATCH), "n_clicks"),
        shown,
        *(State(ids.of_period(part, MATCH), "value") for part in ("partner", "until", "reason")),
        access=Action.PERIOD_MANAGE,
        prevent_initial_call=True,
    )
    def reopen_period(
        actor: Actor, _clicks: int, agreement: str, partner: str, until: str, reason: str
    ) -> tuple[Any, Any]:
        slug = text(ctx.triggered_id["period"])
        try:
            last = day(until, "until")
            periods.reopen_for_partner(database, within(actor, agreement), slug, text(partner), last, text(reason))
        except Invalid as error:
            return draw.errors(error.fields, slug), no_update
        return [], f"/periods/{slug}?reopened={text(partner)}-{until}"

    @callbacks.on(
        *done,
        Input(ids.of_period("release", MATCH), "n_clicks"),
        shown,
        *(State(ids.of_period(part, MATCH), "value") for part in ("measure", "released")),
        access=Action.PERIOD_MANAGE,
        prevent_initial_call=True,
    )
    def note_release(actor: Actor, _clicks: int, agreement: str, measure: str, released: str) -> tuple[Any, Any]:
        slug = text(ctx.triggered_id["period"])
        try:
            periods.set_release(database, within(actor, agreement), slug, text(measure), day(released, "released_on"))
        except Invalid as error:
            return draw.errors(error.fields, slug), no_update
        return [], f"/periods/{slug}?released={text(measure)}-{released}"

    @callbacks.on(
        *done,
        Input(ids.of_period("chase", MATCH), "n_clicks"),
        shown,
        *(State(ids.of_period(part, MATCH), "value") for part in ("chased", "note")),
        access=Action.PERIOD_MANAGE,
        prevent_initial_call=True,
    )
    def note_chase(actor: Actor, _clicks: int, agreement: str, measure: str, note: str) -> tuple[Any, Any]:
        slug = text(ctx.triggered_id["period"])
        try:
            periods.note_chase(database, within(actor, agreement), slug, text(measure), text(note))
        except Invalid as error:
            return draw.errors(error.fields, slug), no_update
        return [], f"/periods/{slug}?noted={database.clock.now():%H%M%S%f}"

    @callbacks.on(
        *done,
        Input(ids.of_period("milestones", MATCH), "n_clicks"),
        shown,
        State(ids.of_milestone(ALL), "value"),
        State(ids.of_milestone(ALL), "id"),
        State(ids.of_period(WHY, MATCH), "value"),
        access=Action.AGREEMENT_CHANGE,
        prevent_initial_call=True,
    )
    def set_milestones(
        actor: Actor, _clicks: int, agreement: str, typed: list[Any], named: list[Any], why: str
    ) -> tuple[Any, Any]:
        slug, actor = text(ctx.triggered_id["period"]), within(actor, agreement)
        try:
            number = milestones.set_milestones(database, actor, slug, read_milestones(typed, named), text(why))
        except Invalid as error:
            return draw.milestone_errors(error.fields, slug), no_update
        return [], f"/periods/{slug}?set={number}-{database.clock.now():%H%M%S%f}"


def read_milestones(typed: list[Any], named: list[Any]) -> dict[str, str]:
    """What was typed, by the measures' codes."""
    pairs = zip(named or (), typed or (), strict=False)
    return {text(one.get("measure")): text(value) for one, value in pairs if isinstance(one, dict)}
