"""Drawing the word of a partner that signed up: countersigning, contributing, dissenting; and open dissents."""

from collections.abc import Sequence

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from layouts import ids, parts
from models.rules.terms import Message
from portal import words
from portal.viewmodels.returns import ReturnView, Said

UNWEIGHED = {"weighed": "A partner dissents: say how that was weighed before you verify."}
"""What to say, at its field, to somebody who verifies without a word on a dissent."""


def asked(view: ReturnView) -> Component:
    """What a partner that signed up may say to a submitted return."""
    at = ids.of_return
    text = dbc.Textarea(id=at("concurrence-text", view.id), rows=3)
    return html.Section(
        [
            html.H2("Your organisation signed up to this indicator"),
            html.P("Say, before it is verified, whether you agree with what the lead submitted."),
            html.Div(dbc.Button("Countersign", id=at("countersign", view.id)), className="buttons"),
            parts.field(
                "Or say it in words", text, "What you contributed to the result; or what you disagree with, and why."
            ),
            html.Div(
                [
                    dbc.Button("Add our contribution", id=at("contribute", view.id), color="secondary", outline=True),
                    dbc.Button("Dissent", id=at("dissent", view.id), color="secondary", outline=True),
                ],
                className="buttons",
            ),
            html.P("A dissent shows to the team and on the theme's page until you take it back; never to the public."),
        ],
        className="judging",
    )


def weighing(view: ReturnView) -> list[Component]:
    """The word that whoever verifies a return with an open dissent owes to it; nothing without one."""
    if not any(said.kind is Message.DISSENT and said.open for said in view.messages):
        return []
    identity = ids.of_return("weighed", view.id)
    hint = "The dissent stands above, in what was said. Your word is kept below it and in the audit trail."
    return [parts.field("How was the dissent weighed, if you verify?", dbc.Textarea(id=identity, rows=2), hint)]


def taking_back(view: ReturnView) -> Component:
    """The button that takes one's own dissent back."""
    button = dbc.Button(
        "Take our dissent back", id=ids.of_return("take-back", view.id), color="secondary", outline=True
    )
    return html.Section([html.H2("Your dissent is open"), html.Div(button, className="buttons")], className="judging")


def dissents(found: Sequence[Said]) -> Component | None:
    """The open dissents on a return, for those who judge the figure; None without any."""
    if not found:
        return None
    lines = [
        html.Li([html.Strong(f"{said.organisation or said.who}, {words.moment(said.at)}: "), said.text])
        for said in found
    ]
    head = words.plural(len(found), "open dissent")
    return html.Div([html.P(html.Strong(head)), html.Ul(lines)], className="dissent")


def spoken(found: Sequence[Said]) -> list[Component]:
    """What partners said to a verified figure, to be read: their names, and their words."""
    if not found:
        return []
    lines = [
        html.Li(
            [
                html.Strong(f"{words.MESSAGE[said.kind]}: {said.organisation or said.who}"),
                f", {words.moment(said.at)}. ",
                html.Span(said.text, className="typed"),
            ],
            className="problem-line" if said.open else "",
        )
        for said in found
    ]
    return [html.H3("What they said to this figure"), html.Ul(lines)]


def counted(dissents: Sequence[Said], countersigned: Sequence[str]) -> list[Component]:
    """Who agrees and who does not, in a table's cell."""
    lines: list[Component] = []
    if countersigned:
        lines.append(html.Div(f"Countersigned by {', '.join(countersigned)}", className="soft"))
    if dissents:
        named = ", ".join(dict.fromkeys(said.organisation or said.who for said in dissents))
        lines.append(html.Div(f"Dissent: {named}", className="problem"))
        lines += [html.Div(f"“{said.text}”", className="soft typed") for said in dissents]
    return lines
