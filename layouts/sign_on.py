"""Drawing the organisations' own sign-ons for the administrator."""

from collections.abc import Mapping, Sequence

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from layouts import ids, parts
from portal.viewmodels.sign_on import ProviderLine
from portal.words import sign_on as words

ON, OFF = "on", "off"


def providers(view: Sequence[ProviderLine]) -> tuple[str, Component]:
    """Every organisation's sign-on, and the form that turns one on or off."""
    return parts.page(
        "Signing in with one’s organisation",
        parts.heading("Signing in with one’s organisation"),
        html.P([parts.link("All accounts", "/people")]),
        html.P(
            "Who signs in with their organisation needs an account here all the same: it is given, changed and disabled "
            "on the page of people. An organisation’s sign-on is added with: portal sign-on add."
        ),
        *([_table(view), _turning(view)] if view else [html.P("No organisation has a sign-on yet.")]),
    )


def _table(view: Sequence[ProviderLine]) -> Component:
    return parts.table(
        "Every organisation’s sign-on, for which addresses it is, and how many people have come by it",
        ("Organisation", "Sign-on", "Issuer", "E-mail addresses at", "Passwords", "People"),
        [
            (
                one.organisation,
                words.state(one.enabled),
                _breakable(one.issuer),
                html.Div([html.Div(domain) for domain in one.domains]),
                words.passwords(one.passwords or not one.enabled),
                one.people,
            )
            for one in view
        ],
        (5,),
    )


def _breakable(address: str) -> Component:
    """An address that may go on in the next line after each of its parts."""
    pieces = address.split("/")
    broken = [piece for part in pieces[:-1] for piece in (f"{part}/", html.Wbr())]
    return html.Span([*broken, pieces[-1]], className="soft")


def _turning(view: Sequence[ProviderLine]) -> Component:
    at = ids.of_sign_on
    options = [{"label": one.organisation, "value": one.key} for one in view]
    states = [{"label": words.state(enabled), "value": value} for enabled, value in ((True, ON), (False, OFF))]
    return html.Section(
        [
            html.H2("Turn a sign-on on or off"),
            html.P(
                "Off, whoever came by it is signed out at once, nobody signs in with it, and passwords work for its people."
            ),
            html.Div(id=ids.SIGN_ON_ERRORS),
            parts.field("Organisation", dbc.Select(id=at("key"), options=options)),
            parts.field("Sign-on", dbc.Select(id=at("state"), options=states)),
            parts.field("Why", dbc.Textarea(id=at("why"), rows=2)),
            html.Div(dbc.Button("Change it", id=at("turn")), className="buttons"),
        ],
        className="judging",
    )


def errors(fields: Mapping[str, str]) -> list[Component]:
    """The error summary of the form."""
    return parts.error_summary((said, ids.of_sign_on(name)) for name, said in fields.items())
