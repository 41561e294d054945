"""Wiring the forms on a year's self-assessment: its texts, commitments and outcomes, its signature and circulation."""

from typing import Any

from dash import MATCH, Input, Output, State, ctx, no_update

from layouts import ids
from layouts import review_forms as draw
from models.rules.circulation import Stage
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid, NotFound
from portal.policy import Action
from portal.services import review_circulation, self_assessment
from portal.web.registry import Callbacks
from portal.web.values import day, seen, text, within

SHOWN = State(ids.AGREEMENT_SHOWN, "data")


def _answer(part: str) -> dict[str, Any]:
    return ids.of_answer(part, MATCH, MATCH)


def _review(part: str) -> dict[str, Any]:
    return ids.of_review(part, MATCH)


def register(callbacks: Callbacks, database: Database) -> None:
    """Wire the forms, which are on /annual-review/YEAR."""
    _writing(callbacks, database)
    _signing(callbacks, database)


def _writing(callbacks: Callbacks, database: Database) -> None:
    @callbacks.on(
        Output(_answer("errors"), "children"),
        Output(_answer("go"), "href"),
        Input(_answer("write"), "n_clicks"),
        SHOWN,
        State(_answer("version"), "data"),
        State(_answer("text"), "value"),
        State(_answer("contributors"), "value"),
        access=Action.REVIEW_WRITE,
        prevent_initial_call=True,
    )
    def write_answer(actor: Actor, _: int, shown: str, version: int, said: str, helped: str) -> tuple[Any, Any]:
        year, key = text(ctx.triggered_id["review"]), text(ctx.triggered_id["question"])
        try:
            made = self_assessment.write_answer(
                database, within(actor, shown), year, key, seen(version), text(said), text(helped)
            )
        except Invalid as error:
            return draw.errors(error.fields, lambda part: ids.of_answer(part, year, key)), no_update
        return [], f"/annual-review/{year}?written={key}-{made}#{draw.anchor(key)}"

    @callbacks.on(
        Output(_review("commitment-errors"), "children"),
        Output(_review("commitment-go"), "href"),
        Input(_review("commit"), "n_clicks"),
        SHOWN,
        State(_review("commitment"), "value"),
        State(_review("indicator"), "value"),
        State(_review("owner"), "value"),
        access=Action.REVIEW_WRITE,
        prevent_initial_call=True,
    )
    def add_commitment(actor: Actor, clicks: int, shown: str, said: str, code: str, owner: str) -> tuple[Any, Any]:
        year = text(ctx.triggered_id["review"])
        try:
            made = self_assessment.add_commitment(
                database, within(actor, shown), year, text(said), text(code), text(owner)
            )
        except Invalid as error:
            return draw.errors(error.fields, lambda part: ids.of_review(part, year)), no_update
        return [], f"/annual-review/{year}?committed={made}#commitments"

    @callbacks.on(
        Output(ids.of_commitment("errors", MATCH), "children"),
        Output(ids.of_commitment("go", MATCH), "href"),
        Input(ids.of_commitment("say", MATCH), "n_clicks"),
        SHOWN,
        State(ids.of_commitment("outcome", MATCH), "value"),
        State(ids.ADDRESS, "pathname"),
        access=Action.REVIEW_WRITE,
        prevent_initial_call=True,
    )
    def say_outcome(actor: Actor, _: int, shown: str, said: str, path: str) -> tuple[Any, Any]:
        one = ctx.triggered_id["commitment"]
        try:
            made = self_assessment.say_outcome(database, within(actor, shown), one, text(said))
        except Invalid as error:
            return draw.errors(error.fields, lambda part: ids.of_commitment(part, one)), no_update
        return [], f"{draw.own_path(path)}?outcome={one}-{made}#commitments"


def _signing(callbacks: Callbacks, database: Database) -> None:
    @callbacks.on(
        Output(_review("sign-errors"), "children"),
        Output(_review("sign-go"), "href"),
        Input(_review("sign"), "n_clicks"),
        SHOWN,
        State(_review("digest"), "data"),
        State(_review("weighed"), "value"),
        access=Action.REVIEW_SIGN,
        prevent_initial_call=True,
    )
    def sign_off_review(actor: Actor, _: int, shown: str, digest: str, weighed: str) -> tuple[Any, Any]:
        year = text(ctx.triggered_id["review"])
        made = review_circulation.sign_off(database, within(actor, shown), year, text(digest), text(weighed))
        return [], f"/annual-review/{year}?signed={made}#self-assessment"

    @callbacks.on(
        Output(_review("reopen-errors"), "children"),
        Output(_review("reopen-go"), "href"),
        Input(_review("reopen"), "n_clicks"),
        SHOWN,
        State(_review("version"), "data"),
        State(_review("reason"), "value"),
        access=Action.REVIEW_SIGN,
        prevent_initial_call=True,
    )
    def reopen_review(actor: Actor, _: int, shown: str, version: int, reason: str) -> tuple[Any, Any]:
        year = text(ctx.triggered_id["review"])
        try:
            review_circulation.reopen(database, within(actor, shown), year, seen(version), text(reason))
        except Invalid as error:
            return draw.errors(error.fields, lambda part: ids.of_review(part, year)), no_update
        return [], f"/annual-review/{year}?reopened={version}#self-assessment"

    @callbacks.on(
        Output(_review("decide-errors"), "children"),
        Output(_review("decide-go"), "href"),
        Input(_review("decide"), "n_clicks"),
        SHOWN,
        State(_review("version"), "data"),
        State(_review("stage"), "data"),
        *(State(_review(part), "value") for part in ("decision", "decided", "word")),
        access=Action.REVIEW_DECIDE,
        prevent_initial_call=True,
    )
    def decide_stage(actor: Actor, _: int, shown: str, version: int, stage: str, *said: str) -> tuple[Any, Any]:
        year, (decision, decided, word) = text(ctx.triggered_id["review"]), said
        try:
            on = day(decided, "decided")
            who, chosen = within(actor, shown), (_stage(stage), text(decision))
            review_circulation.decide(database, who, year, seen(version), *chosen, on, text(word))
        except Invalid as error:
            return draw.errors(error.fields, lambda part: ids.of_review(part, year)), no_update
        return [], f"/annual-review/{year}?version={version}&decided={stage}#circulation"


def _stage(said: Any) -> Stage:
    try:
        return Stage(text(said))
    except ValueError:
        raise NotFound("There is no such stage.") from None
