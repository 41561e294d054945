"""Drawing the form of a return: its fields, the live rating, the error summary, and the check before submitting."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from layouts import agreements, charts, ids, judgement, parts
from layouts.return_fields import FIELD, GROUNDS, NOTHING, RARE, box, field, name_of, rating_choice
from models.rules.terms import RETURNABLE_REASONS, State
from portal import words
from portal.viewmodels.returns import ReturnView, Typed


def form(view: ReturnView) -> list[Component]:
    def at(part: str) -> dict[str, Any]:
        return ids.of_return(part, view.id)

    buttons = [dbc.Button("Save draft", id=at("save"), color="secondary", outline=True)]
    if view.may_submit:
        buttons.insert(0, dbc.Button("Save and check", id=at("check")))
        after = "Nothing is sent yet: you see your answers again before you submit."
    else:
        after = "Your organisation's lead checks and submits it."
    return [
        dcc.Store(id=at("version"), data=view.kept_version),
        dcc.Location(id=at("go"), refresh="callback-nav"),
        html.Div(id=at("errors")),
        *_restored(view),
        html.Form(
            [
                html.Div([_figure(view), _beside(view)], className="figure-row"),
                _forecast(view),
                _commentary(view),
                html.Div(buttons, className="buttons"),
                html.P(after, className="soft"),
                html.P(id=at("saved"), role="status", className="saved"),
                html.P(id=at("kept"), className="soft"),
            ],
            id=at("form"),
            className="answers",
        ),
    ]


def _restored(view: ReturnView) -> list[Component]:
    if view.kept_at is None:
        return []
    text = f"What you typed here last, {words.moment(view.kept_at)}, was kept though you did not save it."
    return [html.P(text, className="restored", role="status")]


def _figure(view: ReturnView) -> Component:
    at = ids.of_return
    figure = box(view, "value")
    options = [{"label": "There is a figure", "value": NOTHING}]
    options += [{"label": words.NO_FIGURE[reason], "value": reason} for reason in RETURNABLE_REASONS]
    none = dbc.Select(
        id=at(FIELD["no_value_reason"], view.id), options=options, value=view.typed.no_value_reason or NOTHING
    )
    return html.Div(
        [
            field(
                view,
                "value",
                f"Figure for {words.months(view.period)}",
                figure,
                hint=f"In {words.unit_label(view.standing.unit)}.",
            ),
            html.P(words.held_against(view.standing), className="soft"),
            *_grounds(view),
            field(view, "no_value_reason", "If there is no figure, why?", none),
            html.Div(
                live_rating(view, view.typed.proposed_rating),
                id=at("rating", view.id),
                className="live",
                role="status",
            ),
            judgement.proposing(view),
        ]
    )


def _grounds(view: ReturnView) -> list[Component]:
    """The fields for what lies under the figure, where the measure is returned with it."""
    fields = [
        field(
            view,
            answer,
            label,
            box(view, answer),
        )
        for answer, label in GROUNDS.items()
        if answer in view.grounds
    ]
    if not fields:
        return []
    counted = (
        "With both counts you may leave the figure empty: it is worked out." if "numerator" in view.grounds else ""
    )
    return [html.Fieldset([html.Legend("What lies under the figure"), html.P(counted, className="hint"), *fields])]


def _beside(view: ReturnView) -> Component:
    """What helps while typing: the last figures, the year's target, the baseline."""
    pairs = [*before(view), ("Target for the year", words.year_target(view.target)), ("Baseline", view.baseline)]
    return html.Aside(
        [
            html.H2("Before this"),
            *([charts.trend(replace(view.standing, history=view.last))] if len(view.last) > 1 else []),
            parts.facts((term, said or "–") for term, said in pairs),
        ],
        className="beside",
    )


def before(view: ReturnView) -> list[tuple[str, str]]:
    """The measure's last figures, by period."""
    decimals, unit = view.standing.decimals, view.standing.unit
    return [
        (words.capital(words.period(point.period)), f"{words.number(point.value, decimals)}{words.sign(unit)}")
        for point in view.last
    ]


def live_rating(view: ReturnView, proposed: str = "") -> list[Component]:
    """The rule's rating of what is being typed, and why; and what it means to propose another."""
    standing = view.standing
    said = judgement.while_typing(view, proposed)
    if standing.value is None and view.answers.no_value_reason is None:
        rated = standing.expected is not None
        prompt = "Type the figure to see how it would be rated." if rated else "Type the figure: it is kept unrated."
        return [html.Span(prompt, className="soft"), *said]
    return [*parts.how_rated(standing), *said]


def _forecast(view: ReturnView) -> Component:
    choice = rating_choice(view, "forecast_rating", "Not stated")
    figure = box(view, "forecast_value")
    return html.Fieldset(
        [
            html.Legend("Year-end forecast"),
            field(view, "forecast_rating", "How do you expect the year to end, against its target?", choice),
            field(view, "forecast_value", "Forecast figure at the year's end, if you have one", figure),
        ]
    )


def _commentary(view: ReturnView) -> Component:
    area = dbc.Textarea(id=ids.of_return(FIELD["commentary"], view.id), value=view.typed.commentary, rows=6)
    hint = "What happened, why, and what is being done. The executive reads this first when a figure is worse."
    return field(view, "commentary", "Commentary", area, hint=hint)


def errors(fields: Mapping[str, str], return_id: int) -> list[Component]:
    """The error summary of a return's form: every wrong answer, with a link to its field."""
    return parts.error_summary((said, name_of(a, return_id) if a in FIELD else None) for a, said in fields.items())


def check(view: ReturnView) -> tuple[str, Component]:
    """The answers once more, with a way back to each, before the return is submitted."""
    title = f"Check {view.standing.code}, {view.period}"
    back = f"/returns/{view.id}"

    def change(what: str) -> Component:
        return parts.link(["Change", html.Span(f" the {what}", className="unseen")], back, "change")

    rows = [
        (label, html.Div([html.Div(answer), change(label.lower())]))
        for label, answer in (*said(view), *judgement.answers(view))
    ]
    rating = html.Section([html.H2("How it is rated"), *parts.how_rated(view.standing)])
    body: list[Any] = [
        parts.heading(
            "Check your answers", f"{view.standing.code} · {words.period(view.period)} · {view.organisation}"
        ),
        *agreements.of_another(view.other_agreement),
        html.P(f"{view.title}."),
        dcc.Store(id=ids.of_return("version", view.id), data=view.version),
        dcc.Location(id=ids.of_return("go", view.id), refresh="callback-nav"),
        html.Div(id=ids.of_return("errors", view.id)),
        parts.facts(rows),
        rating,
    ]
    if view.oddities:
        body.append(_oddities(view))
    if view.may_submit and view.state is State.DRAFT:
        button = dbc.Button(f"Submit return for {words.period(view.period)}", id=ids.of_return("submit", view.id))
        body += [
            html.P("When you submit, this revision is frozen and the partnership team is asked to verify it."),
            html.Div(button, className="buttons"),
        ]
    else:
        body.append(html.P(parts.link("Back to the return", back)))
    return parts.page(title, *body)


def _oddities(view: ReturnView) -> Component:
    """What is unusual about the figure, and a place for a word on it. It may be submitted all the same."""
    field = dbc.Textarea(id=ids.of_return("explanation", view.id), rows=2)
    name = ids.written(ids.of_return("explanation", view.id))
    return html.Section(
        [
            html.H2("Is this figure right?"),
            html.Ul([html.Li(words.ODDITY[oddity]) for oddity in view.oddities]),
            html.P("If it is, say a word on it for the team. You can submit it either way."),
            html.Div([html.Label("Why the figure is right", htmlFor=name), field], className="field"),
        ],
        className="asked",
    )


def said(view: ReturnView) -> list[tuple[str, Any]]:
    """A return's answers as questions and answers."""
    answers, standing = view.answers, view.standing
    figure = "None"
    if answers.value is not None:
        figure = words.typed_amount(answers.value, standing.decimals, standing.unit)
    elif answers.no_value_reason:
        figure = f"None: {words.NO_FIGURE[answers.no_value_reason]}"
    forecast: Any = parts.rating(standing.forecast) if standing.forecast else "Not stated"
    if answers.forecast_value is not None:
        forecast = html.Div(
            [forecast, html.Div(words.typed_amount(answers.forecast_value, standing.decimals, standing.unit))]
        )
    under = [(label, getattr(answers, name)) for name, label in GROUNDS.items()]
    return [
        ("Figure", figure),
        *((label, words.typed_amount(said, 0, "")) for label, said in under if said is not None),
        ("Year-end forecast", forecast),
        ("Commentary", parts.paragraphs(answers.commentary) or "None"),
    ]


def as_said(typed: Typed) -> list[tuple[str, str]]:
    """What was typed, by the names of the fields."""
    return [
        ("Figure", typed.value),
        ("Reason for no figure", typed.no_value_reason),
        ("Forecast figure", typed.forecast_value),
        ("Forecast", typed.forecast_rating),
        ("Commentary", typed.commentary),
        *((label, getattr(typed, name)) for name, label in RARE.items() if getattr(typed, name)),
    ]


def problem(sentence: str) -> list[Component]:
    """What is wrong with a figure while it is being typed."""
    return [html.Span(sentence, className="problem")]
