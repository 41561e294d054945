"""Drawing what is unusual about a figure: asked of whoever returns it, and shown to whoever judges it."""

from collections.abc import Sequence

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from layouts import ids, parts
from models.rules.entry import Oddity
from portal import words
from portal.viewmodels.returns import ReturnView


def listed(found: Sequence[Oddity]) -> list[Component]:
    """Each thing that is unusual, in a sentence."""
    return [html.Div(words.ODDITY[oddity], className="problem") for oddity in found]


def word_given(found: Sequence[Oddity], *, given: bool) -> list[Component]:
    """Whether the partner gave a word on what is unusual; nothing where nothing is."""
    said = "The partner gave a word on it." if given else "The partner gave no word on it."
    return [html.Div(said, className="soft")] if found else []


def asked(view: ReturnView) -> list[Component]:
    """Before submitting: what is unusual, and a place for a word on it. It may be submitted all the same."""
    if not view.oddities:
        return []
    field = dbc.Textarea(id=ids.of_return("explanation", view.id), rows=2)
    inner = [
        html.H2("Is this figure right?"),
        *listed(view.oddities),
        parts.field(
            "Why the figure is right", field, "If it is, say a word on it for the team. You can submit it either way."
        ),
    ]
    return [html.Section(inner, className="asked")]


def to_judge(view: ReturnView) -> list[Component]:
    """Before verifying: what is unusual, how far the figure is from the last one, and the partner's word on it."""
    if not view.oddities or view.answers.value is None:
        return []
    word = parts.paragraphs(view.explanation) or [html.P(f"{view.organisation} gave no explanation.")]
    last = view.last[-1].value if view.last else None
    rows = [
        ("This figure", words.figure_or_dash(view.answers.value, view.standing.decimals, view.standing.unit)),
        ("The last figure", words.figure_or_dash(last, view.standing.decimals, view.standing.unit)),
        ("Change", words.change(view.answers.value, last, view.standing.decimals)),
        ("The partner's word on it", word),
    ]
    return [
        html.Section([html.H2("This figure is unusual"), *listed(view.oddities), parts.facts(rows)], className="asked")
    ]
