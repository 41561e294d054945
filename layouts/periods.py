"""Drawing the calendar of returns: the periods of a year, and one period with all that it asks for."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from layouts import chasing, ids, milestones, parts
from models.rules.codes import slug as code_slug
from models.rules.codes import year_slug
from portal import words
from portal.viewmodels.periods import Calendar, PeriodLine, PeriodPage, Reopened

FIELD = {
    "organisation": "partner",
    "until": "until",
    "reason": "reason",
    "released_on": "released",
    "note": "note",
    "why": milestones.WHY,
}
"""The forms' parts by the answers that they hold."""


def calendar(view: Calendar) -> tuple[str, Component]:
    """The periods of one year, in the order in which they end."""
    rows = [
        (
            parts.link(words.capital(words.period(line.key)), f"/periods/{line.slug}"),
            words.FREQUENCY[line.frequency],
            words.day(line.opens_on),
            words.day(line.due_on),
            words.day(line.closes_on),
            _state(line),
            f"{line.received} of {line.asked}" if line.asked else "–",
        )
        for line in view.periods
    ]
    head = ("Period", "Kind", "Opens", "Due", "Closes", "State", "Returns")
    years = [
        html.Li(
            html.Span(year, **parts.aria(current="true"))
            if year == view.year
            else parts.link(year, f"/periods?year={year_slug(year)}")
        )
        for year in view.years
    ]
    return parts.page(
        "Periods",
        parts.heading("Periods", view.year),
        html.Nav(html.Ul(years), className="periods", **parts.aria(label="Year")),
        html.P("Each measure is returned at its own frequency. Dates are those of London."),
        parts.table(f"Periods of {view.year}; each name opens the period", head, rows),
    )


def _state(line: PeriodLine) -> str:
    if not line.opened:
        # Returns may come in with the agreement's files, for a period that nobody opened here.
        return "Loaded" if line.asked else "Not opened"
    if line.closed:
        return "Closed"
    return "Over" if line.ended else "Open"


def one_period(view: PeriodPage, done: int = 0) -> tuple[str, Component]:
    """One period: its dates, the button that opens or closes it, what it asks for, exceptions for one partner; `done`
    is how many milestones were set just now."""
    line = view.line
    title = words.capital(words.period(line.key))
    body: list[Any] = [
        html.P([parts.link("All periods", "/periods")]),
        parts.facts(
            [
                ("State", _state(line)),
                ("Due", words.due(line.due_on, view.today)),
                ("Closes", words.day(line.closes_on)),
                ("Returns", f"{line.received} of {line.asked} received" if line.asked else "None asked for yet"),
            ]
        ),
        dcc.Location(id=ids.of_period("go", line.slug), refresh="callback-nav"),
        html.Div(id=ids.of_period("errors", line.slug)),
        *milestones.done(done, view.milestones),
        _contents(view),
        *milestones.missing(view.milestones),
        _switch(line, view.today),
    ]
    if line.opened:
        body += [
            *chasing.reminding(view),
            *chasing.noting(view),
            parts.folded("Open again for one partner", _reopening(view)),
            parts.folded("Say when a source comes out", _release(view)),
        ]
    if view.reopened:
        body += [html.H2("Opened again for one partner"), _reopened(view.reopened)]
    body += [*chasing.returns(view), *milestones.milestones(view.milestones, line.slug)]
    return parts.page(title, parts.heading(title, words.months(line.key)), *body)


def _contents(view: PeriodPage) -> Component:
    """The way to the long lists."""
    there = [("#returns", "Returns asked for")] if view.asked else []
    there += [("#milestones", "Milestones")] if view.milestones else []
    links = [html.Li(html.A(text, href=href)) for href, text in there]
    return html.Nav(html.Ul(links), className="periods", **parts.aria(label="On this page")) if links else html.Div()


def _switch(line: PeriodLine, today: date) -> Component:
    if not line.opened and today < line.starts_on:
        text = f"It has not begun: it can be opened from {words.day(line.starts_on)}, its first day."
        return html.Section([html.P(text)], className="judging")
    running = line.opened and not line.closed and not line.ended
    if running:
        button = dbc.Button("Close this period", id=ids.of_period("close", line.slug), color="secondary", outline=True)
        text = "Once closed it takes no more new returns; what was submitted can still be queried and corrected."
    else:
        button = dbc.Button(
            "Open this period again" if line.opened else "Open this period", id=ids.of_period("open", line.slug)
        )
        text = f"Every lead is asked for its measures of this period: {words.plural(line.asks, 'measure')}."
        if today <= line.ends_on:
            text += f" It is not over: its last day is {words.day(line.ends_on)}, and it cannot be published before."
    return html.Section([html.P(text), html.Div(button, className="buttons")], className="judging")


def _reopening(view: PeriodPage) -> Component:
    at, slug = ids.of_period, view.line.slug
    options = [{"label": name, "value": key} for key, name in view.partners]
    return html.Section(
        [
            html.P("A late return needs the period opened again for its partner, on the record."),
            parts.field("Partner", dbc.Select(id=at("partner", slug), options=options)),
            parts.field("Until and including", _day(at("until", slug))),
            parts.field("Why", dbc.Textarea(id=at("reason", slug), rows=2)),
            html.Div(dbc.Button("Open for this partner", id=at("reopen", slug)), className="buttons"),
        ],
        className="judging",
    )


def _release(view: PeriodPage) -> Component:
    at, slug = ids.of_period, view.line.slug
    options = [{"label": f"{measure} {title}"[:90], "value": measure} for measure, title in view.asked]
    return html.Section(
        [
            html.P("Nobody is late before the source of a figure has been published."),
            parts.field("Measure", dbc.Select(id=at("measure", slug), options=options)),
            parts.field("Its source comes out on", _day(at("released", slug))),
            html.Div(dbc.Button("Note this day", id=at("release", slug)), className="buttons"),
        ],
        className="judging",
    )


def _day(identity: dict[str, Any]) -> Component:
    # A plain text field: every keyboard and screen reader knows it, and the format is said beside it.
    return dbc.Input(id=identity, type="text", placeholder="2009-03-31", autoComplete="off", class_name="figure")


def errors(fields: Mapping[str, str], slug: str) -> list[Component]:
    """The error summary of the forms of one period."""
    return parts.error_summary((said, _field(name, slug)) for name, said in fields.items())


def milestone_errors(fields: Mapping[str, str], slug: str) -> list[Component]:
    """The error summary of the milestones' form, whose fields are named by the measures' codes."""
    return parts.error_summary((said, _field(name, slug) or _of_milestone(name)) for name, said in fields.items())


def _of_milestone(name: str) -> str | None:
    try:
        return ids.written(ids.of_milestone(code_slug(name)))
    except ValueError:  # it is no measure's, but about the form as a whole
        return None


def _field(name: str, slug: str) -> str | None:
    return ids.written(ids.of_period(FIELD[name], slug)) if name in FIELD else None


def _reopened(rows: Sequence[Reopened]) -> Component:
    cells = [(row.organisation, words.day(row.until), row.reason, f"{row.by}, {words.moment(row.at)}") for row in rows]
    return parts.table("Exceptions on the record", ("Partner", "Until", "Why", "By"), cells)
