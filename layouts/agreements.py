"""Drawing which agreement the pages show, and the way to another one."""

from collections.abc import Iterable, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids, parts
from portal.viewmodels.agreements import AgreementLine, Agreements

CHOOSE = "/choose-agreement"
"""Where one chooses among many."""


def shown(view: Agreements, here: str) -> list[Component]:
    """The agreement that every page shows; where there are others, the way to them: to the page for it where they are
    many. The store keeps it with the page, so that what is done on the page is done to what it shows, whatever was chosen
    in another tab."""
    kept = dcc.Store(id=ids.AGREEMENT_SHOWN, data=view.shown.key)
    said = html.P(view.shown.title, className="agreement")
    if here == CHOOSE or not (view.others or view.many):
        return [kept, said]
    if view.many:
        way = html.P(parts.link("Show another agreement", CHOOSE), className="choosing")
        return [kept, html.Div([said, way], className="bar showing")]
    chooser = html.Details(
        [
            html.Summary("Show another agreement"),
            html.Label("Agreement", htmlFor=ids.AGREEMENT_CHOICE),
            _select(view.others, view.others[0].key, "sm"),
            dbc.Button("Show", id=ids.AGREEMENT_CHOOSE, color="secondary", outline=True, size="sm"),
        ],
        key=view.shown.key,  # another one is another chooser, folded again
        className="choosing",
    )
    return [kept, html.Div([said, chooser], className="bar showing")]


def _select(lines: Iterable[AgreementLine], chosen: str, size: str | None = None) -> Component:
    options = [{"label": one.title, "value": one.key} for one in lines]
    return dbc.Select(id=ids.AGREEMENT_CHOICE, value=chosen, options=options, size=size)


def choosing(lines: Sequence[AgreementLine], shown: str) -> tuple[str, Component]:
    """The page on which another agreement is chosen of many; `shown` is the key of the one that the pages show."""
    title = "Show another agreement"
    if len(lines) < 2:
        return parts.page(title, parts.heading(title), parts.empty("There is no other agreement for you to look at."))
    ordered = sorted(lines, key=lambda one: one.title.casefold())
    return parts.page(
        title,
        parts.heading(title),
        html.P(
            "Your pages show one agreement at a time. What you choose holds until you choose another or sign out, and "
            "for you alone."
        ),
        html.Section(
            [
                parts.field("Agreement", _select(ordered, shown), "Type the first letters of its name to get to it."),
                html.Div(dbc.Button("Show it", id=ids.AGREEMENT_CHOOSE), className="buttons"),
            ],
            className="judging",
        ),
    )


def of_another(title: str) -> list[Component]:
    """Says which agreement a page is of, where its frame names another one; nothing for ''."""
    if not title:
        return []
    said: list[Any] = [html.Strong(f"This is of the {title}."), " Your other pages show another agreement."]
    return [html.P(said, className="restored")]
