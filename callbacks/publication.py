"""Wiring the gate: preparing, releasing, holding and leaving a publication, and the rules for small numbers."""

from typing import Any

from dash import Input, Output, State, no_update

from layouts import ids
from layouts import publication as draw
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid
from portal.policy import Action
from portal.services import publication, suppression
from portal.services.gate import gate
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import hour, number, seen, text, within


def register(callbacks: Callbacks, pages: Pages, database: Database) -> None:
    """Wire the page /publish."""

    @pages.on("/publish", access=Action.EDITION_PUBLISH, query=("period", "edition"), label="Publish")
    def open_gate(actor: Actor, period: str | None = None, edition: str | None = None) -> tuple[str, Any]:
        return draw.gate(gate(database, actor, period), number(edition))

    done = (
        Output(ids.of_gate("errors"), "children", allow_duplicate=True),
        Output(ids.of_gate("go"), "href", allow_duplicate=True),
    )
    shown = State(ids.AGREEMENT_SHOWN, "data")
    looked_at = (State(ids.of_gate("number"), "data"), State(ids.of_gate("version"), "data"))

    def click(part: str) -> Input:
        return Input(ids.of_gate(part), "n_clicks")

    def typed(*parts: str) -> tuple[State, ...]:
        return tuple(State(ids.of_gate(part), "value") for part in parts)

    @callbacks.on(
        *done,
        click("prepare"),
        shown,
        State(ids.of_gate("period"), "data"),
        State(ids.of_gate("digest"), "data"),
        *typed("note"),
        access=Action.EDITION_PUBLISH,
        prevent_initial_call=True,
    )
    def prepare_publication(
        actor: Actor, _clicks: int, agreement: str, period: str, digest: str, note: str
    ) -> tuple[Any, Any]:
        try:
            publication.prepare(database, within(actor, agreement), text(period), text(digest), text(note))
        except Invalid as error:
            return draw.errors(error.fields), no_update
        return [], "/publish?prepared"

    @callbacks.on(
        *done,
        click("release"),
        shown,
        *looked_at,
        *typed("at"),
        access=Action.EDITION_PUBLISH,
        prevent_initial_call=True,
    )
    def release_publication(
        actor: Actor, _clicks: int, agreement: str, publication_id: int, version: int, at: str
    ) -> tuple[Any, Any]:
        try:
            made = publication.release(
                database, within(actor, agreement), seen(publication_id), seen(version), hour(at, "publish_at")
            )
        except Invalid as error:
            return draw.errors(error.fields), no_update
        return [], "/publish?scheduled" if made is None else f"/publish?edition={made}"

    @callbacks.on(
        *done, click("hold"), shown, *looked_at, *typed("why"), access=Action.EDITION_PUBLISH, prevent_initial_call=True
    )
    def hold_publication(
        actor: Actor, _clicks: int, agreement: str, publication_id: int, version: int, why: str
    ) -> tuple[Any, Any]:
        try:
            publication.hold(database, within(actor, agreement), seen(publication_id), seen(version), text(why))
        except Invalid as error:
            return draw.errors(error.fields), no_update
        return [], "/publish?held"

    @callbacks.on(
        *done,
        click("leave"),
        shown,
        *looked_at,
        *typed("why"),
        access=Action.EDITION_PUBLISH,
        prevent_initial_call=True,
    )
    def leave_publication(
        actor: Actor, _clicks: int, agreement: str, publication_id: int, version: int, why: str
    ) -> tuple[Any, Any]:
        try:
            publication.leave(database, within(actor, agreement), seen(publication_id), seen(version), text(why))
        except Invalid as error:
            return draw.errors(error.fields), no_update
        return [], "/publish?left"

    @callbacks.on(
        *done,
        click("store"),
        shown,
        *typed("measure", "below", "total"),
        access=Action.EDITION_PUBLISH,
        prevent_initial_call=True,
    )
    def store_rule(actor: Actor, clicks: int, agreement: str, measure: str, below: str, total: str) -> tuple[Any, Any]:
        whole = "" if total == draw.NONE else text(total)
        try:
            suppression.set_rule(database, within(actor, agreement), text(measure), text(below), whole)
        except Invalid as error:
            return draw.errors(error.fields), no_update
        return [], f"/publish?stored={clicks}"
