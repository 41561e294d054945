"""Wiring the corporate assessment."""

from typing import Any

from dash import MATCH, Input, Output, State

from layouts import assessment as draw
from layouts import ids
from portal.actor import Actor
from portal.database import Database
from portal.formats.moments import past
from portal.policy import Action
from portal.services import assessment
from portal.viewmodels.assessment import Scored
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import number, seen, text, within


def register(callbacks: Callbacks, pages: Pages, database: Database) -> None:
    """Wire the page /assessment, and the form on each of its themes."""

    @pages.on(draw.PATH, access=Action.ASSESSMENT_READ, query=("at",))
    def open_assessment(actor: Actor, at: str | None = None) -> tuple[str, Any]:
        return draw.assessment(assessment.assessment(database, actor, past(at, database.clock)))

    def at(part: str) -> dict[str, Any]:
        return ids.of_assessed(part, MATCH)

    @callbacks.form(
        Output(at("errors"), "children"),
        Output(at("go"), "href"),
        Input(at("save"), "n_clicks"),
        State(ids.AGREEMENT_SHOWN, "data"),
        State(at("version"), "data"),
        *(State(at(name), "value") for name in draw.FIELDS),
        access=Action.ASSESSMENT_CHANGE,
        errors=draw.errors,
    )
    def score_theme(actor: Actor, theme: int, agreement: str, version: int, score: str, *said: str) -> str:
        more = dict(zip(draw.FIELDS[1:], map(text, said), strict=True))
        scored = Scored(number(score), **more)
        assessment.score_theme(database, within(actor, agreement), theme, seen(version), scored)
        return f"{draw.PATH}?saved={theme}"
