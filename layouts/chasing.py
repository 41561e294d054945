"""Drawing what a period asks for: filters, who may be rung about it, and what the team noted when it did."""

from collections.abc import Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from layouts import filters, ids, parts
from portal import words
from portal.viewmodels.periods import LATE, RECEIVED, TO_COME, Asked, Contact, PeriodPage
from portal.viewmodels.returns import Said

LABEL = {"show": "Show", "partner": "Organisation"}
STAGE = {LATE: "Late", TO_COME: "To come, not late", RECEIVED: "Received"}


def returns(view: PeriodPage) -> list[Component]:
    """What a period asks for, the longest overdue first."""
    if not view.asked:
        return []
    said = f"{words.plural(len(view.returns), 'return')} of {len(view.asked)}, the longest overdue first."
    shown = _table(view.returns) if view.returns else parts.empty("None is all of that. Choose less.")
    return [
        html.H2("Returns asked for", id="returns"),
        filters.fields(view.filters, LABEL, lambda _, value: STAGE[value]),
        html.P(said, role="status", className="soft"),
        shown,
    ]


def _table(asked: Sequence[Asked]) -> Component:
    rows = [
        (
            [parts.code(one.task.measure), " ", one.task.title],
            html.Div([one.task.organisation, *(_person(person) for person in _to_ring(one))]),
            html.Div([parts.tag(one.task.state, late=one.task.late), *(_noted(said) for said in one.chased)]),
            html.Span(words.day(one.task.due_on), className="whole"),
            _source(one),
            "Yes" if one.task.takes else "No",
        )
        for one in asked
    ]
    head = ("Measure", "Organisation", "State", "Due", "Source comes out", "Taken now")
    return parts.table("What this period asks for, and until when", head, rows)


def _to_ring(one: Asked) -> Sequence[Contact]:
    return () if one.stage == RECEIVED else one.people


def _person(person: Contact) -> Component:
    link = html.A(person.email, href=f"mailto:{person.email}")
    silent = [] if person.reminded else [" (gets no reminders of what is late, by own choice)"]
    return html.Div([f"{person.name}, {words.ROLE[person.role].lower()}: ", link, *silent], className="soft")


def _noted(said: Said) -> Component:
    return html.Div(f"{words.moment(said.at)}, {said.who}: {said.text}", className="soft")


def _source(one: Asked) -> str:
    if one.released_on is None:
        return "–"
    return f"{words.day(one.released_on)}{f', {one.source}' if one.source else ''}"


def reminding(view: PeriodPage) -> list[Any]:
    """The button that writes to everybody who is late; nothing where nobody is."""
    if not view.late:
        return []
    text = (
        f"{words.plural(view.late, 'return')} of partners {'is' if view.late == 1 else 'are'} late. Reminders go out by "
        "themselves each week; this writes to their people with the next run, at most once a day to each."
    )
    button = dbc.Button(
        "Send a reminder now", id=ids.of_period("remind", view.line.slug), color="secondary", outline=True
    )
    sent = html.P(parts.link("What was sent to whom", "/reminders/sent"))
    return [html.Section([html.P(text), html.Div(button, className="buttons"), sent], className="judging")]


def noting(view: PeriodPage) -> list[Any]:
    """The form for a note on whom the team rang; nothing where everything has come in."""
    if not view.outstanding:
        return []
    at, slug = ids.of_period, view.line.slug
    options = [{"label": f"{measure} {title}"[:90], "value": measure} for measure, title in view.outstanding]
    form = html.Section(
        [
            html.P(
                "The note stands beside the return, with the day and your name. Only the partnership team reads it."
            ),
            parts.field("Return", dbc.Select(id=at("chased", slug), options=options)),
            parts.field("Whom you reached, and what was promised", dbc.Textarea(id=at("note", slug), rows=2)),
            html.Div(dbc.Button("Keep this note", id=at("chase", slug)), className="buttons"),
        ],
        className="judging",
    )
    return [parts.folded("Note that you asked for a return", form)]
