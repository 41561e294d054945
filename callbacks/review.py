"""Wiring the partnership team's queue: verifying and querying."""

from typing import Any

from dash import ALL, MATCH, Input, Output, State, no_update

from layouts import concurrence, filters, ids, judgement, return_form
from layouts import review as draw
from models.rules.broken import Undecided, Unweighed
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid
from portal.policy import Action
from portal.services import review
from portal.services.conversation import open_questions
from portal.services.queue import FILTERS, queue
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import seen, text, within


def register(callbacks: Callbacks, pages: Pages, database: Database) -> None:
    """Wire the page /review, and what the team does on /returns/ID."""

    @pages.on("/review", access=Action.RETURN_VERIFY, query=FILTERS, label="Review")
    def open_queue(actor: Actor, **wanted: str) -> tuple[str, Any]:
        return draw.queue(queue(database, actor, wanted), open_questions(database, actor))

    @callbacks.form(
        Output(ids.of_return("errors", MATCH), "children", allow_duplicate=True),
        Output(ids.of_return("go", MATCH), "href", allow_duplicate=True),
        Input(ids.of_return("verify", MATCH), "n_clicks"),
        State(ids.of_return("version", MATCH), "data"),
        State(ids.of_return("judgement", MATCH), "value", allow_optional=True),
        State(ids.of_return("weighed", MATCH), "value", allow_optional=True),
        access=Action.RETURN_VERIFY,
        errors=return_form.errors,
    )
    def verify_return(actor: Actor, return_id: int, version: int, chosen: str | None, weighed: str | None) -> str:
        accept = {judgement.ACCEPT: True, judgement.KEEP: False}.get(text(chosen))
        try:
            review.verify(database, actor, return_id, seen(version), accept, text(weighed))
        except Undecided:
            raise Invalid(judgement.UNDECIDED) from None
        except Unweighed:
            raise Invalid(concurrence.UNWEIGHED) from None
        return "/review"

    @callbacks.form(
        Output(ids.of_return("errors", MATCH), "children", allow_duplicate=True),
        Output(ids.of_return("go", MATCH), "href", allow_duplicate=True),
        Input(ids.of_return("query", MATCH), "n_clicks"),
        State(ids.of_return("version", MATCH), "data"),
        State(ids.of_return("question", MATCH), "value"),
        access=Action.RETURN_QUERY,
        errors=return_form.errors,
    )
    def query_return(actor: Actor, return_id: int, version: int, question: str | None) -> str:
        review.query(database, actor, return_id, seen(version), text(question))
        return "/review"

    @callbacks.form(
        Output(ids.of_return("errors", MATCH), "children", allow_duplicate=True),
        Output(ids.of_return("go", MATCH), "href", allow_duplicate=True),
        Input(ids.of_return("reopen", MATCH), "n_clicks"),
        State(ids.of_return("version", MATCH), "data"),
        State(ids.of_return("reopen-text", MATCH), "value"),
        access=Action.RETURN_REOPEN,
        errors=return_form.errors,
    )
    def reopen_return(actor: Actor, return_id: int, version: int, reason: str | None) -> str:
        review.reopen(database, actor, return_id, seen(version), text(reason))
        return f"/returns/{return_id}?reopened"

    callbacks.in_browser(
        "portal",
        "choose_all",
        Output(ids.of_return("chosen", ALL), "value"),
        Input(ids.CHOOSE_ALL, "n_clicks"),
        State(ids.of_return("chosen", ALL), "options"),
        prevent_initial_call=True,
    )

    @callbacks.on(
        Output(ids.CHOSEN_SAID, "children"),
        Output(ids.QUEUE, "children"),
        Input(ids.VERIFY_CHOSEN, "n_clicks"),
        State(ids.of_return("chosen", ALL), "value"),
        State(ids.AGREEMENT_SHOWN, "data"),
        State(ids.of_filter(ALL), "value"),
        State(ids.of_filter(ALL), "id"),
        access=Action.RETURN_VERIFY,
        prevent_initial_call=True,
    )
    def verify_chosen(
        actor: Actor, _clicks: int, boxes: list[Any], agreement: str, chosen: list[Any], named: list[Any]
    ) -> tuple[Any, Any]:
        actor = within(actor, agreement)
        try:
            number = review.verify_chosen(database, actor, read_chosen(boxes))
        except Invalid as error:
            return draw.refused(error.sentence), no_update
        shown = queue(database, actor, read_filters(chosen, named))
        return draw.verified(number), draw.lists(shown, open_questions(database, actor))


def read_filters(chosen: list[Any], named: list[Any]) -> dict[str, str]:
    """What the filters of the page say, by their names; those that let everything through are left out."""
    pairs = zip(named or (), chosen or (), strict=False)
    said = {text(one.get("filter")): text(value) for one, value in pairs if isinstance(one, dict)}
    return {name: value for name, value in said.items() if name in FILTERS and value != filters.ALL}


def read_chosen(boxes: list[Any]) -> list[tuple[int, int]]:
    """The returns whose boxes are ticked, each with the version that was looked at: a box says 'ID:VERSION'."""
    chosen = []
    for ticked in boxes:
        for said in ticked or ():
            number, _, version = text(said).partition(":")
            if not (number.isdecimal() and version.isdecimal()):
                raise Invalid({"chosen": "The request does not say which returns were chosen."})
            chosen.append((int(number), int(version)))
    return chosen
