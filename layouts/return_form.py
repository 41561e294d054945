"""Drawing the form of a return: its fields, the live rating, the error summary, and the check before submitting."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from layouts import agreements, charts, conversation, ids, judgement, oddities, parts
from layouts.return_fields import FIELD, GROUNDS, NOTHING, RARE, box, name_of, rating_choice
from models.rules.moves import HAS_BEEN
from models.rules.terms import RETURNABLE_REASONS, State
from portal import words
from portal.formats.answers import LONGEST_COMMENTARY
from portal.viewmodels.returns import ReturnView, Typed

COUNTS = ("numerator", "denominator")
COUNT_HINT = "A whole number. With both counts you may leave the figure empty: it is worked out."


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
        *(dcc.Store(id=at(part)) for part in ("turn", "typing", "judging")),  # written by assets/typing.js
        dcc.Location(id=at("go"), refresh="callback-nav"),
        html.Div(id=at("errors")),
        *_changed(view),
        *_restored(view),
        html.Form(
            [
                html.Div([_figure(view), _beside(view)], className="figure-row"),
                _forecast(view),
                _commentary(view),
                html.Div(buttons, className="buttons"),
                html.P(after, className="soft"),
                html.P(id=at("saved"), role="status", className="saved"),
                *_kept(view),
            ],
            id=at("form"),
            className="answers",
        ),
        *([parts.folded("What was submitted before", conversation.revisions(view))] if view.revisions else []),
    ]


def _kept(view: ReturnView) -> list[Component]:
    """What became of what was typed: of these lines that is shown which is true (assets/typing.js)."""
    return [
        html.P(id=ids.of_return("kept", view.id), className="soft kept"),
        html.P("Keeping what you type …", className="soft going"),
        html.P(
            "The last of what you typed is not kept yet: stay on this page. It is sent again when the portal can be "
            "reached, and when you go on typing.",
            className="problem not-kept",
        ),
    ]


def _changed(view: ReturnView) -> list[Component]:
    """Who saved the draft last, where that was somebody else."""
    if view.changed is None or view.changed.yours or view.state is not State.DRAFT:
        return []
    return [html.P(words.saved_by(view.changed), className="soft")]


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
            parts.field(f"Figure for {words.months(view.period)}", figure, _unit(view)),
            html.P(words.held_against(view.standing), className="soft"),
            *_grounds(view),
            parts.field("If there is no figure, why?", none),
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
        parts.field(label, box(view, answer), COUNT_HINT if answer in COUNTS else _unit(view))
        for answer, label in GROUNDS.items()
        if answer in view.grounds
    ]
    return [html.Fieldset([html.Legend("What lies under the figure"), *fields])] if fields else []


def _unit(view: ReturnView) -> str:
    """What a figure is typed in."""
    return f"In {words.unit_label(view.standing.unit)}."


def _beside(view: ReturnView) -> Component:
    """What helps while typing: the last figures, the year's target, the baseline."""
    return html.Aside(
        [
            html.H2("Before this"),
            *([charts.trend(replace(view.standing, history=view.last))] if len(view.last) > 1 else []),
            parts.before_this(view),
        ],
        className="beside",
    )


def live_rating(view: ReturnView, proposed: str = "") -> list[Component]:
    """The rule's rating of what is being typed, and why; and what it means to propose another."""
    standing = view.standing
    said = judgement.while_typing(view, proposed)
    if standing.value is None and view.answers.no_value_reason is None:
        if standing.expected is None:  # then the figure's own words have said that it will not be rated
            return said
        return [html.Span("Type the figure to see how it would be rated.", className="soft"), *said]
    return [*parts.how_rated(standing), *said]


def _forecast(view: ReturnView) -> Component:
    choice = rating_choice(view, "forecast_rating", "Not stated")
    figure = box(view, "forecast_value")
    asked = "How do you expect the year to end, against its target?"
    if view.target is None:
        asked = "How do you expect the year to end?"
    return html.Fieldset(
        [
            html.Legend("Year-end forecast"),
            parts.field(asked, choice),
            parts.field("Forecast figure at the year's end, if you have one", figure, _unit(view)),
        ]
    )


def _commentary(view: ReturnView) -> Component:
    area = dbc.Textarea(id=ids.of_return(FIELD["commentary"], view.id), value=view.typed.commentary, rows=6)
    hint = (
        "What happened, why, and what is being done. The executive reads this first when a figure is worse. "
        f"At most {LONGEST_COMMENTARY:,} characters."
    )
    most: dict[str, Any] = {"data-most": str(LONGEST_COMMENTARY)}
    room = html.Div(id=f"{name_of('commentary', view.id)}-room", role="status", className="problem", **most)
    return parts.field("Commentary", area, hint, room)


def errors(fields: Mapping[str, str], return_id: int) -> list[Component]:
    """The error summary of a return's forms: every wrong answer, with a link to its field."""
    places = {**FIELD, "judgement": "judgement", "weighed": "weighed"}
    return parts.error_summary(
        (said, ids.written(ids.of_return(places[name], return_id)) if name in places else None)
        for name, said in fields.items()
    )


def check(view: ReturnView) -> tuple[str, Component]:
    """The answers once more, with a way back to each, before the return is submitted. Who comes back to it later is
    told that it has been."""
    back, open_ = f"/returns/{view.id}", view.may_edit

    def change(what: str) -> list[Component]:
        return [parts.link(["Change", html.Span(f" the {what}", className="unseen")], back, "change")] if open_ else []

    rows = [
        (label, html.Div([html.Div(answer), *change(label.lower())]))
        for label, answer in (*said(view), *judgement.answers(view))
    ]
    name = f"{view.standing.code}, {view.period}"
    title = "Check your answers" if open_ else f"This return {HAS_BEEN[view.state]}"
    body: list[Any] = [
        parts.heading(title, f"{view.standing.code} · {words.period(view.period)} · {view.organisation}"),
        *agreements.of_another(view.other_agreement),
        html.P(f"{view.title}."),
        *_changed(view),
        dcc.Store(id=ids.of_return("version", view.id), data=view.version),
        dcc.Location(id=ids.of_return("go", view.id), refresh="callback-nav"),
        html.Div(id=ids.of_return("errors", view.id)),
        parts.facts(rows),
        html.Section([html.H2("How it is rated"), *parts.how_rated(view.standing)]),
    ]
    if view.may_submit and view.state is State.DRAFT:
        button = dbc.Button(f"Submit return for {words.period(view.period)}", id=ids.of_return("submit", view.id))
        body += [
            *oddities.asked(view),
            html.P("When you submit, this revision is frozen and the partnership team is asked to verify it."),
            html.Div(button, className="buttons"),
        ]
    else:
        body.append(html.P(parts.link("Back to the return", back)))
    return parts.page(f"{'Check' if open_ else words.STATE[view.state] + ':'} {name}", *body)


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
