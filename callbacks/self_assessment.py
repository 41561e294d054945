"""Wiring the forms on a year's self-assessment: its texts, commitments and outcomes, its signature and circulation."""

from typing import Any

from dash import MATCH, Input, Output, State

from layouts import ids
from layouts import review_forms as draw
from models.rules.circulation import Stage
from portal.actor import Actor
from portal.database import Database
from portal.errors import NotFound
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
    @callbacks.form(
        Output(_answer("errors"), "children"),
        Output(_answer("go"), "href"),
        Input(_answer("write"), "n_clicks"),
        SHOWN,
        State(_answer("version"), "data"),
        State(_answer("text"), "value"),
        State(_answer("contributors"), "value"),
        access=Action.REVIEW_WRITE,
        errors=draw.answer_errors,
    )
    def write_answer(actor: Actor, key: str, year: str, shown: str, version: int, said: str, helped: str) -> str:
        who, typed = within(actor, shown), (text(said), text(helped))
        self_assessment.write_answer(database, who, text(year), text(key), seen(version), *typed)
        return f"/annual-review/{text(year)}?written={text(key)}#{draw.anchor(text(key))}"

    @callbacks.form(
        Output(_review("commitment-errors"), "children"),
        Output(_review("commitment-go"), "href"),
        Input(_review("commit"), "n_clicks"),
        SHOWN,
        State(_review("commitment"), "value"),
        State(_review("indicator"), "value"),
        State(_review("owner"), "value"),
        access=Action.REVIEW_WRITE,
        errors=draw.review_errors,
    )
    def add_commitment(actor: Actor, year: str, shown: str, said: str, code: str, owner: str) -> str:
        typed = (text(said), text(code), text(owner))
        self_assessment.add_commitment(database, within(actor, shown), text(year), *typed)
        return f"/annual-review/{text(year)}?committed#commitments"

    @callbacks.form(
        Output(ids.of_commitment("errors", MATCH), "children"),
        Output(ids.of_commitment("go", MATCH), "href"),
        Input(ids.of_commitment("say", MATCH), "n_clicks"),
        SHOWN,
        State(ids.of_commitment("outcome", MATCH), "value"),
        State(ids.ADDRESS, "pathname"),
        access=Action.REVIEW_WRITE,
        errors=draw.outcome_errors,
    )
    def say_outcome(actor: Actor, commitment: int, shown: str, said: str, path: str) -> str:
        self_assessment.say_outcome(database, within(actor, shown), commitment, text(said))
        return f"{draw.own_path(path)}?outcome={commitment}#commitments"


def _signing(callbacks: Callbacks, database: Database) -> None:
    @callbacks.form(
        Output(_review("sign-errors"), "children"),
        Output(_review("sign-go"), "href"),
        Input(_review("sign"), "n_clicks"),
        SHOWN,
        State(_review("digest"), "data"),
        State(_review("weighed"), "value"),
        access=Action.REVIEW_SIGN,
        errors=draw.review_errors,
    )
    def sign_off_review(actor: Actor, year: str, shown: str, digest: str, weighed: str) -> str:
        review_circulation.sign_off(database, within(actor, shown), text(year), text(digest), text(weighed))
        return f"/annual-review/{text(year)}?signed#self-assessment"

    @callbacks.form(
        Output(_review("reopen-errors"), "children"),
        Output(_review("reopen-go"), "href"),
        Input(_review("reopen"), "n_clicks"),
        SHOWN,
        State(_review("version"), "data"),
        State(_review("reason"), "value"),
        access=Action.REVIEW_SIGN,
        errors=draw.review_errors,
    )
    def reopen_review(actor: Actor, year: str, shown: str, version: int, reason: str) -> str:
        review_circulation.reopen(database, within(actor, shown), text(year), seen(version), text(reason))
        return f"/annual-review/{text(year)}?reopened#self-assessment"

    @callbacks.form(
        Output(_review("decide-errors"), "children"),
        Output(_review("decide-go"), "href"),
        Input(_review("decide"), "n_clicks"),
        SHOWN,
        State(_review("version"), "data"),
        State(_review("stage"), "data"),
        *(State(_review(part), "value") for part in ("decision", "decided", "word")),
        access=Action.REVIEW_DECIDE,
        errors=draw.review_errors,
    )
    def decide_stage(actor: Actor, year: str, shown: str, version: int, stage: str, *said: str) -> str:
        decision, decided, word = said
        chosen = (_stage(stage), text(decision), day(decided, "decided"), text(word))
        review_circulation.decide(database, within(actor, shown), text(year), seen(version), *chosen)
        return f"/annual-review/{text(year)}?version={version}&decided={stage}#circulation"


def _stage(said: Any) -> Stage:
    try:
        return Stage(text(said))
    except ValueError:
        raise NotFound("There is no such stage.") from None
