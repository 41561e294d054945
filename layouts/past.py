"""Drawing what a page says of the past: as at which day it is read, and the way to another day."""

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from layouts import parts
from portal import words
from portal.viewmodels.past import AsAt


def banner(as_at: AsAt | None, address: str) -> list[Component]:
    """Says that a page is read as at a past day, with the way back to now; nothing for now."""
    if as_at is None:
        return []
    return [
        html.P(
            [
                html.Strong(f"As at {words.past(as_at)}."),
                " The versions, returns and ratings that were known then. ",
                parts.link("Show what is known now", address),
            ],
            className="past",
        )
    ]


def chooser(as_at: AsAt | None, path: str, period: str | None = None) -> Component:
    """A form that opens the same page as at a day; it needs no script."""
    chosen = dbc.Input(
        id="as-at", name="at", type="date", value=as_at.day.isoformat() if as_at else None, required=True, size="sm"
    )
    # A form of the browser keeps no query of its address: the period goes along as a field.
    kept = [dbc.Input(id="as-at-period", type="hidden", name="period", value=period)] if period else []
    return parts.folded(
        "Look at a past day",
        html.Form(
            [html.Label("As it was at the end of", htmlFor="as-at"), chosen, *kept, dbc.Button("Show", type="submit")],
            action=path,
            method="get",
            className="past-form",
        ),
        opened=as_at is not None,
    )
