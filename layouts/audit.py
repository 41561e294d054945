"""Drawing the audit trail."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from layouts import ids, parts
from portal import words
from portal.viewmodels.audit import Event, Trail


def trail(view: Trail) -> tuple[str, Component]:
    """One page of events with a search over all of them."""
    search = html.Div(
        [
            parts.field(
                "Search who, what and why",
                dbc.Input(id=ids.TRAIL_TEXT, value=view.text, type="text", autoComplete="off"),
                "Whole words: NI 16 does not find NI 165.",
            ),
            parts.field("From", _day(ids.TRAIL_FROM, view.since)),
            parts.field("Until and including", _day(ids.TRAIL_TO, view.until)),
            html.Div(id=ids.TRAIL_ERRORS),
            html.Div(dbc.Button("Search", id=ids.TRAIL_SEARCH), className="buttons"),
        ]
    )
    return parts.page(
        "Audit trail",
        parts.heading("Audit trail"),
        html.P("Everything that was done, newest first. It is only ever added to; portal audit verify checks it."),
        search,
        html.P(html.A("All that is found, as a CSV file", href=f"/audit.csv{_address(view)}")),
        _events(view),
        _older(view),
    )


def _events(view: Trail) -> Component:
    if not view.events:
        return parts.empty("Nothing was found." if _address(view) else "Nothing has been done yet.")
    rows = [(_when(event), event.who, event.action, event.subject, _details(event)) for event in view.events]
    return parts.table("Events", ("Event", "Who", "Action", "On what", "Details"), rows)


def _when(event: Event) -> Component:
    return html.Span([parts.code(str(event.number)), f" {words.moment(event.at)}"])


def _details(event: Event) -> Component:
    changes = words.recorded(event.before, event.after)
    said = [("Why", event.reason), ("Recorded", "; ".join(changes)), ("From", event.address)]
    lines = [html.Div([html.Strong(f"{label}: "), text]) for label, text in said if text]
    return parts.folded("Details", *lines) if lines else html.Span("–")


def _older(view: Trail) -> Component:
    if view.older is None:
        return html.P("This is the beginning of the trail.", className="soft")
    return html.P(parts.link("Older events", f"/audit{_address(view, str(view.older))}"))


def _day(identity: str, day: date | None) -> Component:
    value = day.isoformat() if day else ""
    return dbc.Input(
        id=identity, value=value, type="text", placeholder="2009-03-31", autoComplete="off", class_name="figure"
    )


def _address(view: Trail, before: str = "") -> str:
    """What is looked for, as an address says it."""
    since, until = (day.isoformat() if day else "" for day in (view.since, view.until))
    said = {"text": view.text, "from": since, "to": until, "before": before}
    query = urlencode({name: value for name, value in said.items() if value})
    return f"?{query}" if query else ""


def errors(fields: Mapping[str, str]) -> list[Component]:
    """The error summary of the search."""
    return parts.error_summary(
        (said, {"from": ids.TRAIL_FROM, "to": ids.TRAIL_TO}[name]) for name, said in fields.items()
    )
