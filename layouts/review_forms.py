"""Drawing the forms on a year's self-assessment: a text, a commitment, its outcome, the signature, a stage's decision."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids, parts
from models.rules.circulation import Decision
from portal import words
from portal.viewmodels.self_assessment import Promise, SelfAssessment, StageLine, Written
from portal.words import self_assessment as words_of

FIELDS = (
    *("text", "contributors", "commitment", "indicator", "owner", "outcome"),
    *("weighed", "reason", "decision", "decided", "word"),
)


def anchor(key: str) -> str:
    """Where a text is on the page."""
    return f"text-{key.replace('.', '-')}"


def own_path(path: str) -> str:
    """The path of a review's page, if it is one."""
    return path if isinstance(path, str) and re.fullmatch(r"/annual-review(/[0-9-]{7})?", path) else "/annual-review"


def answer_errors(fields: Mapping[str, str], key: str, year: str) -> list[Component]:
    """What is wrong with the form on one text."""
    return _errors(fields, lambda part: ids.of_answer(part, year, key))


def review_errors(fields: Mapping[str, str], year: str) -> list[Component]:
    """What is wrong with a form on the whole document."""
    return _errors(fields, lambda part: ids.of_review(part, year))


def outcome_errors(fields: Mapping[str, str], commitment: int) -> list[Component]:
    """What is wrong with the form on a commitment's outcome."""
    return _errors(fields, lambda part: ids.of_commitment(part, commitment))


def _errors(fields: Mapping[str, str], at: Callable[[str], dict[str, Any]]) -> list[Component]:
    """Each sentence with a link to its field; `at` makes the form's ids."""
    return parts.error_summary(
        (said, ids.written(at(name)) if name in FIELDS else None) for name, said in fields.items()
    )


def answer(view: SelfAssessment, key: str) -> list[Component]:
    """The folded form on one text, with who wrote its newest version; nothing for who may not write."""
    if not view.may_write:
        return []
    now = view.written.get(key, Written())

    def at(part: str) -> dict[str, Any]:
        return ids.of_answer(part, view.slug, key)

    said = f"Version {now.number}, of {words.day(now.day)}" if now.day else ""
    by = f"{said}, by {now.who}." if now.who else f"{said}, from the agreement's files."
    body = [
        *([html.P(by, className="soft")] if now.number else []),
        dcc.Location(id=at("go"), refresh="callback-nav"),
        dcc.Store(id=at("version"), data=now.number),
        html.Div(id=at("errors")),
        parts.field("Text", dbc.Textarea(id=at("text"), rows=6, value=now.text), words_of.TOKENS),
        parts.field(
            "Contributors",
            dbc.Input(id=at("contributors"), type="text", value=now.contributors, autoComplete="off"),
            "Who helped to write it.",
        ),
        html.Div(dbc.Button("Save this text", id=at("write")), className="buttons"),
    ]
    return [parts.folded("Change this text" if now.number else "Write this text", *body)]


def commitment(view: SelfAssessment) -> list[Component]:
    """The folded form that adds a commitment."""
    if not view.may_write:
        return []

    def at(part: str) -> dict[str, Any]:
        return ids.of_review(part, view.slug)

    options = [{"label": name, "value": key} for key, name in (("", "Partnership team"), *view.owners)]
    return [
        parts.folded(
            "Add a commitment",
            dcc.Location(id=at("commitment-go"), refresh="callback-nav"),
            html.Div(id=at("commitment-errors")),
            parts.field("What will be done by the next review", dbc.Textarea(id=at("commitment"), rows=2)),
            parts.field(
                "Indicator, if it is for one",
                dbc.Input(id=at("indicator"), type="text", autoComplete="off", class_name="figure"),
                "Its code, like NI 16.",
            ),
            parts.field("Who does it", dbc.Select(id=at("owner"), options=options, value="")),
            html.Div(dbc.Button("Add this commitment", id=at("commit")), className="buttons"),
        )
    ]


def outcome(one: Promise) -> Component:
    """The folded form on what became of a commitment."""

    def at(part: str) -> dict[str, Any]:
        return ids.of_commitment(part, one.id)

    return parts.folded(
        "Say what became of it",
        dcc.Location(id=at("go"), refresh="callback-nav"),
        html.Div(id=at("errors")),
        parts.field("Outcome", dbc.Textarea(id=at("outcome"), rows=2, value=one.outcome)),
        html.Div(dbc.Button("Save this outcome", id=at("say")), className="buttons"),
    )


def sign(view: SelfAssessment, open_points: int) -> Component:
    """The form that signs the text off; `open_points` are what the check found and what is not answered."""

    def at(part: str) -> dict[str, Any]:
        return ids.of_review(part, view.slug)

    hint = (
        f"Needed: there {'is' if open_points == 1 else 'are'} {words.plural(open_points, 'open point')}. Say why it can "
        "be signed off all the same."
        if open_points
        else "Not needed: nothing is open."
    )
    return parts.folded(
        "Sign it off",
        html.P(
            "The text is frozen with the figures that it has now, and can then circulate. It can be opened again with a "
            "reason; this version stays readable."
        ),
        dcc.Location(id=at("sign-go"), refresh="callback-nav"),
        dcc.Store(id=at("digest"), data=view.digest),
        html.Div(id=at("sign-errors")),
        parts.field("A word on what is open", dbc.Textarea(id=at("weighed"), rows=2), hint),
        html.Div(dbc.Button("Sign off", id=at("sign")), className="buttons"),
    )


def reopen(view: SelfAssessment) -> list[Component]:
    """The form that opens a signed-off version again."""
    if not view.may_reopen or view.shown is None:
        return []

    def at(part: str) -> dict[str, Any]:
        return ids.of_review(part, view.slug)

    return [
        parts.folded(
            "Open it again",
            dcc.Location(id=at("reopen-go"), refresh="callback-nav"),
            html.Div(id=at("reopen-errors")),
            parts.field("Why", dbc.Textarea(id=at("reason"), rows=2), "A new version is written; this one stays."),
            html.Div(dbc.Button("Open it again", id=at("reopen")), className="buttons"),
        )
    ]


def decision(view: SelfAssessment, line: StageLine) -> Component:
    """The form on what a stage decided."""

    def at(part: str) -> dict[str, Any]:
        return ids.of_review(part, view.slug)

    options = [{"label": words_of.DECISION[one], "value": one.value} for one in Decision]
    return parts.folded(
        f"Write down the decision of: {words_of.STAGE[line.stage]}",
        dcc.Location(id=at("decide-go"), refresh="callback-nav"),
        dcc.Store(id=at("stage"), data=line.stage.value),
        html.Div(id=at("decide-errors")),
        parts.field("Decision", dbc.Select(id=at("decision"), options=options, value=Decision.AGREED.value)),
        parts.field("On", dbc.Input(id=at("decided"), type="date", class_name="figure")),
        parts.field(
            "A word on it",
            dbc.Textarea(id=at("word"), rows=2),
            "Needed where it was agreed with changes, or sent back.",
        ),
        html.Div(dbc.Button("Save this decision", id=at("decide")), className="buttons"),
    )
