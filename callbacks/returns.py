"""Wiring the partner's desk and the form of a return."""

from collections.abc import Iterable
from typing import Any

from dash import MATCH, Input, Output, State, ctx, no_update

from layouts import conversation, ids, return_fields, return_form
from layouts import returns as draw
from layouts.desk import desk as draw_desk
from portal import words
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid, Stale
from portal.formats.answers import missing
from portal.policy import Action
from portal.services import returns
from portal.services.conversation import open_questions
from portal.services.desk import desk
from portal.viewmodels.returns import Typed
from portal.web.pages import Pages
from portal.web.registry import Callbacks, again
from portal.web.values import seen, text, turn


def register(callbacks: Callbacks, pages: Pages, database: Database) -> None:
    """Wire the pages /returns, /returns/ID and /returns/ID/check."""

    @pages.on("/returns", access=Action.RETURN_EDIT, query=("period",), label="Returns")
    def open_desk(actor: Actor, period: str | None = None) -> tuple[str, Any]:
        return draw_desk(desk(database, actor, period), open_questions(database, actor, own=True))

    @pages.on("/returns/<int:return_id>", access=Action.RETURN_READ, query=("withdrawn",))
    def open_return(actor: Actor, return_id: int, withdrawn: str = "") -> tuple[str, Any]:
        return draw.one_return(returns.read_return(database, actor, return_id), withdrawn=bool(withdrawn))

    @pages.on("/returns/<int:return_id>/check", access=Action.RETURN_EDIT)
    def check_return(actor: Actor, return_id: int) -> tuple[str, Any]:
        return return_form.check(returns.read_for_editing(database, actor, return_id))

    def field(kind: Any, answer: str) -> Any:
        """A field of the form; those of a figure's grounds are on the page only where the measure has them."""
        absent = {"allow_optional": True} if answer in return_fields.GROUNDS else {}
        return kind(ids.of_return(return_fields.FIELD[answer], MATCH), "value", **absent)

    answers_typed = [field(State, answer) for answer in return_fields.FIELD]
    judged = ("value", "no_value_reason", *return_fields.GROUNDS)

    def refused(
        actor: Actor, return_id: int, typed: Typed, version: int, sent: Any, error: Invalid | Stale
    ) -> tuple[Any, int]:
        """What to say of answers that were not saved, and the version that the form stands on from now. Who saw both
        texts of a stale edit may save again: the new version is then known to be replaced. What was typed is kept."""
        view = returns.read_return(database, actor, return_id)
        if view.may_edit and type(version) is int:
            returns.keep_typed(database, actor, return_id, version, typed, turn(sent))
        if isinstance(error, Invalid):
            return return_form.errors(error.fields, return_id), version
        return conversation.stale(view, return_form.as_said(view.saved), return_form.as_said(typed)), view.version

    @callbacks.on(
        Output(ids.of_return("errors", MATCH), "children", allow_duplicate=True),
        Output(ids.of_return("version", MATCH), "data", allow_duplicate=True),
        Output(ids.of_return("saved", MATCH), "children"),
        Input(ids.of_return("save", MATCH), "n_clicks"),
        State(ids.of_return("version", MATCH), "data"),
        State(ids.of_return("turn", MATCH), "data"),
        *answers_typed,
        access=Action.RETURN_EDIT,
        prevent_initial_call=True,
    )
    def save_draft(actor: Actor, _clicks: int, version: int, sent: Any, *answers: str) -> tuple[Any, int, str]:
        return_id = ctx.triggered_id["return"]
        typed = read_typed(answers)
        try:
            saved = returns.save(database, actor, return_id, seen(version), typed, turn(sent))
        except (Invalid, Stale) as error:
            return *refused(actor, return_id, typed, version, sent, error), ""
        return [], saved.version, f"Draft saved, {words.moment(database.clock.now())}."

    @callbacks.on(
        Output(ids.of_return("errors", MATCH), "children", allow_duplicate=True),
        Output(ids.of_return("version", MATCH), "data", allow_duplicate=True),
        Output(ids.of_return("go", MATCH), "href"),
        Input(ids.of_return("check", MATCH), "n_clicks"),
        State(ids.of_return("version", MATCH), "data"),
        State(ids.of_return("turn", MATCH), "data"),
        *answers_typed,
        access=Action.RETURN_EDIT,
        prevent_initial_call=True,
    )
    def save_and_check(actor: Actor, _clicks: int, version: int, sent: Any, *answers: str) -> tuple[Any, int, Any]:
        return_id = ctx.triggered_id["return"]
        typed = read_typed(answers)
        try:
            saved = returns.save(database, actor, return_id, seen(version), typed, turn(sent))
        except (Invalid, Stale) as error:
            return *refused(actor, return_id, typed, version, sent, error), no_update
        if lacking := missing(saved.answers):
            return return_form.errors(lacking, return_id), saved.version, no_update
        return [], saved.version, again(f"/returns/{return_id}/check")

    @callbacks.on(
        Output(ids.of_return("rating", MATCH), "children"),
        Input(ids.of_return("judging", MATCH), "data"),
        *(field(State, answer) for answer in (*judged, "proposed_rating")),
        access=Action.RETURN_EDIT,
        prevent_initial_call=True,
    )
    def preview_rating(actor: Actor, _paused: Any, *values: str) -> Any:
        return_id = ctx.triggered_id["return"]
        *answers, proposed = values
        try:
            typed = read_typed(tuple(answers), judged)
            return return_form.live_rating(returns.preview(database, actor, return_id, typed), text(proposed))
        except Invalid as error:
            return return_form.problem(error.sentence)

    @callbacks.form(
        Output(ids.of_return("errors", MATCH), "children"),
        Output(ids.of_return("go", MATCH), "href", allow_duplicate=True),
        Input(ids.of_return("submit", MATCH), "n_clicks"),
        State(ids.of_return("version", MATCH), "data"),
        State(ids.of_return("explanation", MATCH), "value", allow_optional=True),
        access=Action.RETURN_SUBMIT,
        errors=return_form.errors,
    )
    def submit_return(actor: Actor, return_id: int, version: int, explanation: str | None) -> str:
        returns.submit(database, actor, return_id, seen(version), text(explanation))
        return f"/returns/{return_id}"

    @callbacks.form(
        Output(ids.of_return("errors", MATCH), "children", allow_duplicate=True),
        Output(ids.of_return("go", MATCH), "href", allow_duplicate=True),
        Input(ids.of_return("withdraw", MATCH), "n_clicks"),
        State(ids.of_return("version", MATCH), "data"),
        access=Action.RETURN_WITHDRAW,
        errors=return_form.errors,
    )
    def withdraw_return(actor: Actor, return_id: int, version: int) -> str:
        returns.withdraw(database, actor, return_id, seen(version))
        return f"/returns/{return_id}?withdrawn=1"

    @callbacks.on(
        Output(ids.of_return("kept", MATCH), "children"),
        Input(ids.of_return("typing", MATCH), "data"),
        State(ids.of_return("version", MATCH), "data"),
        *answers_typed,
        access=Action.RETURN_EDIT,
        prevent_initial_call=True,
    )
    def keep_typed(actor: Actor, sent: Any, version: int, *answers: str) -> str:
        return_id = ctx.triggered_id["return"]
        at = returns.keep_typed(database, actor, return_id, version, read_typed(answers), turn(sent))
        return f"What you typed is kept, {words.moment(at)}."


def read_typed(answers: tuple[str | None, ...], fields: Iterable[str] = return_fields.FIELD) -> Typed:
    """The values of these fields of the form, as they were typed; a list of choices may hold nothing."""
    given = ("" if answer == return_fields.NOTHING else text(answer) for answer in answers)
    return Typed(**dict(zip(fields, given, strict=True)))
