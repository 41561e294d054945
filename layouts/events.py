"""Drawing the events of an indicator: the list that its chart numbers, and the forms of those who may record."""

from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids, parts
from portal import words
from portal.viewmodels.indicator_page import Event, IndicatorPage

FIELDS = {"day": "event-day", "text": "event-text", "reason": "event-reason"}


def listed(view: IndicatorPage) -> Component:
    """What happened, numbered as on the chart; and for those who may record, a form and what was withdrawn."""
    numbers = {(mark.day, mark.text): mark.number for one in view.measures for mark in one.chart.events}
    standing = [event for event in view.events if event.withdrawn is None]
    body: list[Any] = [html.H2("Events")]
    if standing:
        rows = [_row(event, numbers.get((event.day, event.text))) for event in standing]
        head = ("What happened", "Day", "Recorded")
        body.append(parts.table("Events that may explain a turn in the figures, the oldest first", head, rows))
    else:
        empty = "No event has been recorded."
        more = "Record what may explain a turn in the figures: it is marked on the chart." if view.may_record else ""
        body.append(parts.empty(*filter(None, (empty, more))))
    if view.may_record:
        body += _forms(view, standing)
    return html.Section(body, id="events")


def _row(event: Event, number: int | None) -> tuple[Any, ...]:
    """The number is the one on the chart; what lies outside of its time has none."""
    recorded = f"{event.who}, {words.moment(event.at)}" if event.who else words.moment(event.at)
    return f"{number}. {event.text}" if number else event.text, words.day(event.day), recorded


def _forms(view: IndicatorPage, standing: list[Event]) -> list[Component]:
    """Recording one, withdrawing one, and what was withdrawn."""
    body: list[Component] = [
        dcc.Location(id=ids.of_indicator("go", view.slug), refresh="callback-nav"),
        parts.folded("Record an event", *_recording(view)),
    ]
    if standing:
        body.append(parts.folded("Withdraw an event", *_withdrawing(view, standing)))
    withdrawn = [event for event in view.events if event.withdrawn is not None]
    if withdrawn:
        lines = [
            html.Li(f"{words.day(event.day)}: {event.text} Withdrawn by {event.withdrawn_by}: {event.withdrawn}")
            for event in withdrawn
        ]
        body.append(parts.folded(f"{words.plural(len(withdrawn), 'event')} withdrawn", html.Ul(lines)))
    return body


def _recording(view: IndicatorPage) -> list[Component]:
    def at(part: str) -> dict[str, Any]:
        return ids.of_indicator(part, view.slug)

    return [
        html.Div(id=at("event-errors")),
        parts.field("Day on which it happened", dbc.Input(id=at("event-day"), type="date", class_name="figure")),
        parts.field(
            "What happened",
            dbc.Input(id=at("event-text"), type="text", maxLength=200, autoComplete="off"),
            "A short sentence, like: patrols in Westcotes began. Everybody who signs in reads it.",
        ),
        html.Div(dbc.Button("Record this event", id=at("record-event")), className="buttons"),
    ]


def _withdrawing(view: IndicatorPage, standing: list[Event]) -> list[Component]:
    def at(part: str) -> dict[str, Any]:
        return ids.of_indicator(part, view.slug)

    options = [{"label": f"{words.day(event.day)}: {event.text}", "value": str(event.id)} for event in standing]
    return [
        html.Div(id=at("withdraw-errors")),
        parts.field("Which event", dbc.Select(id=at("event-chosen"), options=options, value=options[0]["value"])),
        parts.field(
            "Why it is withdrawn",
            dbc.Input(id=at("event-reason"), type="text", autoComplete="off"),
            "It goes off the chart; the record keeps it, with your reason.",
        ),
        html.Div(
            dbc.Button("Withdraw this event", id=at("withdraw-event"), color="secondary", outline=True),
            className="buttons",
        ),
    ]


def errors(fields: Mapping[str, str], slug: str) -> list[Component]:
    """What is wrong with a form on events, each sentence with a link to its field."""
    return parts.error_summary(
        (said, ids.written(ids.of_indicator(FIELDS[name], slug)) if name in FIELDS else None)
        for name, said in fields.items()
    )
