"""Drawing filters whose choices are said in the address."""

from collections.abc import Callable, Mapping

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from layouts import ids, parts
from portal.viewmodels.themes import Filters

ALL = "all"


def fields(view: Filters, labels: Mapping[str, str], word: Callable[[str, str], str]) -> Component:
    """A select for each filter; `word` names the choices that have a word of their own."""
    drawn = []
    for name, options in view.options.items():
        choices = [{"label": "As it comes" if name == "sort" else "All", "value": ALL}]
        choices += [{"label": said or word(name, value), "value": value} for value, said in options]
        identity = ids.of_filter(name)
        select = dbc.Select(id=identity, options=choices, value=view.chosen[name] or ALL, size="sm")
        drawn.append(html.Div([html.Label(labels[name], htmlFor=ids.written(identity)), select]))
    return html.Div(drawn, className="filters", role="group", **parts.aria(label="Show only"))
