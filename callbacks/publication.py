"""Wiring the gate: preparing, releasing, holding and leaving a publication, and the rules for small numbers."""

from typing import Any

from dash import Input, Output, State

from layouts import ids
from layouts import publication as draw
from portal.actor import Actor
from portal.database import Database
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

    @callbacks.form(
        *done,
        click("prepare"),
        shown,
        State(ids.of_gate("period"), "data"),
        State(ids.of_gate("digest"), "data"),
        *typed("note"),
        access=Action.EDITION_PUBLISH,
        errors=draw.errors,
    )
    def prepare_publication(actor: Actor, agreement: str, period: str, digest: str, note: str) -> str:
        publication.prepare(database, within(actor, agreement), text(period), text(digest), text(note))
        return "/publish?prepared"

    @callbacks.form(
        *done,
        click("release"),
        shown,
        *looked_at,
        *typed("at"),
        access=Action.EDITION_PUBLISH,
        errors=draw.errors,
    )
    def release_publication(actor: Actor, agreement: str, publication_id: int, version: int, at: str) -> str:
        made = publication.release(
            database, within(actor, agreement), seen(publication_id), seen(version), hour(at, "publish_at")
        )
        return "/publish?scheduled" if made is None else f"/publish?edition={made}"

    @callbacks.form(
        *done, click("hold"), shown, *looked_at, *typed("why"), access=Action.EDITION_PUBLISH, errors=draw.errors
    )
    def hold_publication(actor: Actor, agreement: str, publication_id: int, version: int, why: str) -> str:
        publication.hold(database, within(actor, agreement), seen(publication_id), seen(version), text(why))
        return "/publish?held"

    @callbacks.form(
        *done,
        click("leave"),
        shown,
        *looked_at,
        *typed("why"),
        access=Action.EDITION_PUBLISH,
        errors=draw.errors,
    )
    def leave_publication(actor: Actor, agreement: str, publication_id: int, version: int, why: str) -> str:
        publication.leave(database, within(actor, agreement), seen(publication_id), seen(version), text(why))
        return "/publish?left"

    @callbacks.form(
        *done,
        click("store"),
        shown,
        *typed("measure", "below", "total"),
        access=Action.EDITION_PUBLISH,
        errors=draw.errors,
    )
    def store_rule(actor: Actor, agreement: str, measure: str, below: str, total: str) -> str:
        whole = "" if total == draw.NONE else text(total)
        suppression.set_rule(database, within(actor, agreement), text(measure), text(below), whole)
        return "/publish?stored"
