"""Wiring the corporate assessment."""

from typing import Any

from dash import MATCH, Input, Output, State, ctx, no_update

from layouts import assessment as draw
from layouts import ids
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid
from portal.formats.moments import past
from portal.policy import Action
from portal.services import assessment
from portal.viewmodels.assessment import Scored
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import number, seen, text, within


def register(callbacks: Callbacks, pages: Pages, database: Database) -> None:
    """Wire the page /assessment, and the form on each of its themes."""

    @pages.on(draw.PATH, access=Action.ASSESSMENT_READ, query=("at",), label="Assessment")
    def open_assessment(actor: Actor, at: str | None = None) -> tuple[str, Any]:
        return draw.assessment(assessment.assessment(database, actor, past(at, database.clock)))

    def at(part: str) -> dict[str, Any]:
        return ids.of_assessed(part, MATCH)

    @callbacks.on(
        Output(at("errors"), "children"),
        Output(at("go"), "href"),
        Input(at("save"), "n_clicks"),
        State(ids.AGREEMENT_SHOWN, "data"),
        State(at("version"), "data"),
        *(State(at(name), "value") for name in draw.FIELDS),
        access=Action.ASSESSMENT_CHANGE,
        prevent_initial_call=True,
    )
    def score_theme(
        actor: Actor, _clicks: int, agreement: str, version: int, score: str, *said: str
    ) -> tuple[Any, Any]:
        theme = ctx.triggered_id["theme"]
        more = dict(zip(draw.FIELDS[1:], map(text, said), strict=True))
        try:
            assessment.score_theme(
                database, within(actor, agreement), theme, seen(version), Scored(number(score), **more)
            )
        except Invalid as error:
            return draw.errors(error.fields, theme), no_update
        return [], f"{draw.PATH}?saved={theme}-{version}"
