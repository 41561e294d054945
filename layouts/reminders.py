"""Drawing reminders: one's own choices, what was sent to whom for the team, and the button that asks who is late."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids, parts
from models.rules.outbox import Delivery
from portal import words
from portal.viewmodels.reminders import Choices, Outbox, OutboxLine, Silent
from portal.words import reminders as words_of

OWN, SENT = "/reminders", "/reminders/sent"


def choices(view: Choices, kept: bool) -> tuple[str, Component]:
    """A person's own page: what they are reminded of, and what was sent to them."""
    body: list[Any] = [html.P(words_of.ABOUT.format(email=view.email), className="intro")]
    if view.sees_outbox:
        body.append(html.P(parts.link("What was sent to everybody", SENT)))
    if kept:
        body.append(
            html.P("Kept. It holds for every reminder that is still to be written.", role="status", className="saved")
        )
    if view.wanted:
        body += [html.Div(id=ids.of_reminders("errors")), _form(view)]
    else:
        body.append(parts.empty("Your account is not reminded of anything."))
    body.append(html.H2("Sent to you"))
    if view.received:
        rows = [(_day(line), words_of.occasions(line), _outcome(line)) for line in view.received]
        body.append(
            parts.table(
                "Your reminders, the newest first; in brackets, of how many things",
                ("Day", "About", "What became of it"),
                rows,
            )
        )
    else:
        body.append(parts.empty("Nothing yet."))
    return parts.page("Reminders", parts.heading("Reminders"), *body)


def _form(view: Choices) -> Component:
    boxes = dbc.Checklist(
        id=ids.of_reminders("wanted"),
        options=[{"label": words_of.OCCASION[occasion], "value": occasion.value} for occasion, _ in view.wanted],
        value=[occasion.value for occasion, wanted in view.wanted if wanted],
    )
    return html.Section(
        [
            html.Fieldset([html.Legend("Write to me when"), boxes], className="choices"),
            html.Div(dbc.Button("Keep these choices", id=ids.of_reminders("choose")), className="buttons"),
        ],
        className="judging",
    )


def errors(fields: Mapping[str, str]) -> list[Component]:
    """The error summary of the choices."""
    return parts.error_summary((said, ids.of_reminders(name)) for name, said in fields.items())


def outbox(view: Outbox) -> tuple[str, Component]:
    """The team's page: every message with what became of it, and who chose to be reminded of less."""
    body: list[Any] = [
        html.P([parts.link("Your own reminders", OWN), " · ", parts.link("Periods", "/periods")]),
        html.P(words_of.HOW, className="intro"),
        _states(view),
    ]
    if view.lines:
        head = ("To", "Day", "About", "What became of it")
        body.append(
            parts.table(
                "Reminders, the newest first; in brackets, how many returns, actions or editions",
                head,
                [_row(line) for line in view.lines],
            )
        )
        if view.more:
            body.append(html.P("There are older ones; the audit trail has them all.", className="soft"))
    else:
        body.append(parts.empty("There is none. Reminders appear here when portal remind has run."))
    body += [html.H2("Who is reminded of less, by own choice"), _silent(view.silent)]
    return parts.page("Reminders sent", parts.heading("Reminders sent"), *body)


def _states(view: Outbox) -> Component:
    """How many messages are in each state, as the way to them; the one that is shown is no link."""
    every = sum(number for _, number in view.counts)
    shown = [("All", every, SENT, view.shown is None)]
    shown += [
        (words_of.DELIVERY[state], number, f"{SENT}?show={state}", view.shown is state)
        for state, number in view.counts
        if number or view.shown is state
    ]
    items = [
        html.Li(
            html.Span(f"{name}: {number}", **parts.aria(current="true"))
            if here
            else parts.link(f"{name}: {number}", address)
        )
        for name, number, address, here in shown
    ]
    return html.Nav(html.Ul(items), className="periods", **parts.aria(label="What became of them"))


def _row(line: OutboxLine) -> tuple[Any, ...]:
    side = f", {line.organisation}" if line.organisation and line.organisation not in line.name else ""
    to = html.Div([f"{line.name}{side}", html.Div(line.email, className="soft")])
    return to, _day(line), words_of.occasions(line), _outcome(line, again=True)


def _day(line: OutboxLine) -> Component:
    return html.Span(words.day(line.day), className="whole")


def _outcome(line: OutboxLine, *, again: bool = False) -> Any:
    """What became of a message; for who may, with the button that tries one that failed again."""
    if line.state is not Delivery.FAILED:
        return words_of.delivery(line)
    said: list[Any] = [html.Span(words_of.DELIVERY[line.state], className="tag tag-late"), f" {line.error}"]
    if not again:
        return html.Div(said)
    at = ids.of_letter
    name = html.Span(f" to write to {line.email}", className="unseen")
    return html.Div(
        [
            html.P(said),
            html.Div(id=at("errors", line.id)),
            dcc.Location(id=at("go", line.id), refresh="callback-nav"),
            dbc.Button(["Try again", name], id=at("again", line.id), color="secondary", outline=True, size="sm"),
        ]
    )


def _silent(people: Sequence[Silent]) -> Component:
    if not people:
        return html.P("Nobody.")
    rows = [
        (
            html.Div([f"{one.name}, {one.email}"]),
            one.organisation or "–",
            ", ".join(words_of.SHORT[occasion] for occasion in one.declined),
        )
        for one in people
    ]
    return parts.table("They get no reminder of this", ("Who", "Organisation", "Not reminded of"), rows)


def nothing_to_put_right(_fields: Mapping[str, str], _row: Any) -> list[Component]:
    """A button without fields has none that could be wrong."""
    return []
