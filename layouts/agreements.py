"""Drawing which agreement the pages show, and the way to another one."""

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids
from portal.viewmodels.agreements import Agreements


def shown(view: Agreements) -> list[Component]:
    """The agreement that every page shows; where there are others, the way to them. The store keeps it with the page,
    so that what is done on the page is done to what it shows, whatever was chosen in another tab."""
    kept = dcc.Store(id=ids.AGREEMENT_SHOWN, data=view.shown.key)
    said = html.P(view.shown.title, className="agreement")
    if not view.others:
        return [kept, said]
    chooser = html.Details(
        [
            html.Summary("Show another agreement"),
            html.Label("Agreement", htmlFor=ids.AGREEMENT_CHOICE),
            dbc.Select(
                id=ids.AGREEMENT_CHOICE,
                value=view.others[0].key,
                options=[{"label": one.title, "value": one.key} for one in view.others],
                size="sm",
            ),
            dbc.Button("Show", id=ids.AGREEMENT_CHOOSE, color="secondary", outline=True, size="sm"),
        ],
        key=view.shown.key,  # another one is another chooser, folded again
        className="choosing",
    )
    return [kept, html.Div([said, chooser], className="bar showing")]


def of_another(title: str) -> list[Component]:
    """Says which agreement a page is of, where its frame names another one; nothing for ''."""
    if not title:
        return []
    said: list[Any] = [html.Strong(f"This is of the {title}."), " Your other pages show another agreement."]
    return [html.P(said, className="restored")]
