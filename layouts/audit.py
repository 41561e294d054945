"""Drawing the audit trail."""

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
            ),
            html.Div(dbc.Button("Search", id=ids.TRAIL_SEARCH), className="buttons"),
        ]
    )
    return parts.page(
        "Audit trail",
        parts.heading("Audit trail"),
        html.P("Everything that was done, newest first. It is only ever added to; portal audit verify checks it."),
        search,
        _events(view),
        _older(view),
    )


def _events(view: Trail) -> Component:
    if not view.events:
        return parts.empty("Nothing was found." if view.text else "Nothing has been done yet.")
    rows = [(_when(event), event.who, event.action, event.subject, _details(event)) for event in view.events]
    return parts.table("Events", ("Event", "Who", "Action", "On what", "Details"), rows)


def _when(event: Event) -> Component:
    return html.Span([parts.code(str(event.number)), f" {words.moment(event.at)}"])


def _details(event: Event) -> Component:
    found = [
        (label, said)
        for label, said in (
            ("Why", event.reason),
            ("Before", event.before),
            ("After", event.after),
            ("From", event.address),
        )
        if said
    ]
    return parts.folded("Details", parts.facts(found)) if found else html.Span("–")


def _older(view: Trail) -> Component:
    if view.older is None:
        return html.P("This is the beginning of the trail.", className="soft")
    query = urlencode({"text": view.text, "before": view.older})
    return html.P(parts.link("Older events", f"/audit?{query}"))
