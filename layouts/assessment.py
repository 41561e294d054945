"""Drawing the corporate assessment: the overall score and why, what would raise it, and the five themes with their forms."""

from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids, parts, past
from models.rules.assessment import HIGHEST, LOWEST
from portal import words
from portal.viewmodels.assessment import Assessment, ScoredTheme
from portal.words import assessment as words_of

PATH = "/assessment"
FIELDS = ("score", "evidence", "key_risk", "actions", "word")
"""The parts of the form, in the order in which their values come."""


def assessment(view: Assessment) -> tuple[str, Component]:
    """The page."""
    body = _assessed(view) if view.themes else [_nothing(view)]
    return parts.page(
        words_of.TITLE,
        parts.heading(words_of.TITLE),
        *past.banner(view.as_at, PATH),
        *body,
        past.chooser(view.as_at, PATH),
    )


def _nothing(view: Assessment) -> Component:
    if view.as_at is not None:
        return parts.empty("No assessment was known on that day.")
    how = "It comes in with corporate_assessment.csv in the agreement's folder." if view.may_change else ""
    return parts.empty(*filter(None, ("This agreement has no corporate assessment yet.", how)))


def _assessed(view: Assessment) -> list[Component]:
    return [
        html.P(words_of.ABOUT, className="intro"),
        _tiles(view),
        html.Section([html.H2("Why this score?"), *(html.P(said) for said in words_of.why(view)), _reading()]),
        _one_more(view),
        html.H2("The five themes"),
        *(_theme(theme, view) for theme in view.themes),
        *_meanings(view),
    ]


def _tiles(view: Assessment) -> Component:
    tiles = [
        html.Li(
            parts.link([html.Span(str(theme.now.score), className="big"), html.Span(theme.title)], f"#{_anchor(theme)}")
        )
        for theme in view.themes
    ]
    if view.overall is not None:
        overall = view.overall.reached.overall
        judged = next((one.judgement for one in view.meanings if one.score == overall), "")
        said = f"Overall, of {HIGHEST}{f': {judged.lower()}' if judged else ''}"
        tiles.insert(0, html.Li([html.Span(str(overall), className="big"), html.Strong(said)], className="overall"))
    return html.Ul(tiles, className="counts assessed")


def _anchor(theme: ScoredTheme) -> str:
    return f"theme-{theme.id}"


def _reading() -> Component:
    return html.P(words_of.READING, className="soft")


def _one_more(view: Assessment) -> Component:
    ways = view.overall.ways if view.overall else ()
    items = [html.Li(words.capital(words_of.way(view.themes, found))) for found in ways]
    said = html.P(words_of.one_more(view))
    return html.Section([html.H2("One point more"), said, *([html.Ul(items)] if items else [])])


def _theme(theme: ScoredTheme, view: Assessment) -> Component:
    now = theme.now
    judged = next((one.judgement for one in view.meanings if one.score == now.score), "")
    said = f"Score {now.score} of {HIGHEST}{f', {judged.lower()}' if judged else ''}"
    pairs: list[tuple[Any, Any]] = [
        ("Evidence", _typed(now.evidence)),
        ("Key risk", _typed(now.key_risk)),
        ("Actions", _typed(now.actions)),
    ]
    earlier = [None, *theme.steps]
    history = [html.Li(words_of.step(a, b)) for a, b in zip(earlier, theme.steps, strict=False)]
    body = [
        html.H3(theme.title, id=_anchor(theme), tabIndex="-1"),
        html.P(html.Strong(said)),
        parts.facts(pairs),
        parts.folded(f"How {theme.title} came to this", html.Ul(history)),
    ]
    if view.may_change:
        body.append(parts.folded(f"Change {theme.title}", *_form(theme)))
    return html.Article(body, className="action")


def _typed(text: str) -> Any:
    return parts.paragraphs(text) if text else html.Span("Not written yet", className="soft")


def _form(theme: ScoredTheme) -> list[Component]:
    def at(part: str) -> dict[str, Any]:
        return ids.of_assessed(part, theme.id)

    def area(name: str, label: str, hint: str) -> Component:
        return parts.field(label, dbc.Textarea(id=at(name), rows=3, value=getattr(theme.now, name)), hint)

    choices = [{"label": str(score), "value": str(score)} for score in range(LOWEST, HIGHEST + 1)]
    return [
        dcc.Location(id=at("go"), refresh="callback-nav"),
        dcc.Store(id=at("version"), data=theme.version),
        html.Div(id=at("errors")),
        parts.field("Score", dbc.Select(id=at("score"), options=choices, value=str(theme.now.score))),
        parts.field(
            "A word on the change",
            dbc.Input(id=at("word"), type="text", autoComplete="off"),
            "Needed where the score is another one.",
        ),
        area("evidence", "Evidence", "What shows that the score is right."),
        area("key_risk", "Key risk", "What could bring it down."),
        area("actions", "Actions", "What is done about the risk, by whom and until when."),
        html.Div(dbc.Button(f"Save {theme.title}", id=at("save")), className="buttons"),
    ]


def errors(fields: Mapping[str, str], theme: int) -> list[Component]:
    """What is wrong with a form, each sentence with a link to its field."""
    return parts.error_summary(
        (said, ids.written(ids.of_assessed(name, theme)) if name in FIELDS else None) for name, said in fields.items()
    )


def _meanings(view: Assessment) -> list[Component]:
    if not view.meanings:
        return []
    rows = [
        (str(one.score), one.judgement or "–", one.description or "–", one.rule or words_of.UNKNOWN)
        for one in view.meanings
    ]
    head = ("Score", "Judgement", "What it means for a theme", "When it is the overall score")
    source = html.P("Source: the published rules, as the agreement's files hold them.", className="soft")
    table = parts.table("The scores, the highest first", head, rows)
    return [html.Section([html.H2("What the scores mean"), table, source])]
