"""What surrounds every signed-in page. It is served to anybody, so it holds nothing private: the rest is drawn later."""

from collections.abc import Sequence
from datetime import date

from dash import dcc, html
from dash.development.base_component import Component

from layouts import agreements as draw_agreements
from layouts import ids, parts
from layouts.themes import BESIDE
from portal import words
from portal.viewmodels.agreements import Agreements

INDEX = """<!DOCTYPE html>
<html lang="en-GB">
  <head>
    {%metas%}
    <title>{%title%}</title>
    <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
    {%css%}
    <noscript><style>.not-loaded { display: block; animation: none; } ._dash-loading { display: none; }</style></noscript>
  </head>
  <body>
    <a class="skip" href="#main">Skip to the main content</a>
    {%app_entry%}
    <div class="not-loaded">
      <h2>This page has not loaded</h2>
      <p>It needs scripts, and they are switched off, blocked, or did not arrive. <a href="">Load it again</a>. What you
      have saved is safe. If it stays like this, tell the partnership team{{ contact }}.</p>
      <p>What is published can be read without scripts: <a href="/">the scorecard</a>.</p>
    </div>
    <div>{%config%}{%scripts%}{%renderer%}</div>
  </body>
</html>"""


def shell(pretended: date | None, contact: str) -> Component:
    """The frame: banner, header, main, the places for notices and announcements, and whom to ask (`contact`: an e-mail
    address, a telephone number or '')."""
    banner = []
    if pretended is not None:
        text = (
            f"Demonstration: the portal runs as if today were {words.day(pretended)}. What is done keeps its real hour."
        )
        banner.append(html.Aside(text, className="banner", **parts.aria(label="Demonstration")))
    return html.Div(
        [
            # Navigation by callbacks must not load the page again.
            dcc.Location(id=ids.ADDRESS, refresh="callback-nav"),
            *banner,
            html.Header(_brand(), id=ids.NAVIGATION, className="top"),
            html.Div(id="notice", role="alert", className="notice", hidden=True),
            html.Div(id="working", role="status", className="working"),
            html.Div(id="session", role="alert", className="notice", hidden=True),
            html.Main(html.Div(html.P("Loading …", className="loading"), id=ids.PAGE), id="main", tabIndex="-1"),
            html.Div(id=ids.ANNOUNCE, role="status", className="unseen", **parts.aria(live="polite")),
            html.Div(id=ids.TITLE, hidden=True),
            html.Footer(_about(contact), className="foot"),
        ]
    )


def _brand() -> Component:
    return html.P("Partnership portal", className="brand")


def _about(contact: str) -> list[Component]:
    """What stands under every page."""
    reach = html.A(contact, href=f"mailto:{contact}") if "@" in contact else contact
    said = [html.P(["The partnership team: ", reach])] if contact else []
    items = [html.Li(html.A(label, href=href)) for label, href in ABOUT]
    return [*said, html.Nav(html.Ul(items), **parts.aria(label="About"))]


def navigation(who: str, links: Sequence[tuple[str, str]], here: str, agreements: Agreements | None) -> list[Component]:
    """The links that this person has pages behind, who is signed in, and which agreement is shown."""
    items = []
    for label, href in links:
        current = (
            parts.aria(current="page") if here == href or here.startswith((href + "/", *UNDER.get(href, ()))) else {}
        )
        items.append(html.Li(html.Span(parts.link(label, href), **current)))
    account = html.P(
        [
            html.Span(who, className="who"),
            parts.link("Reminders", "/reminders"),
            html.A("Sessions", href="/sessions"),
            html.A("Password", href="/password"),
            html.A("Sign out", href="/sign-out"),
        ],
        className="account",
    )
    pages = html.Nav(html.Ul(items), **parts.aria(label="Main"))
    shown = draw_agreements.shown(agreements, here) if agreements else []
    return [_brand(), html.Div([pages, account, *shown])]


UNDER = {"/themes": ("/indicators/", *(f"/{key}" for key, *_ in BESIDE))}
"""Pages that have no link of their own in the navigation, by the link that they are found under."""
PUBLIC = (
    ("Scorecard", "/"),
    ("History", "/history"),
    ("Memorandum", "/memorandum"),
    ("Explore", "/explore"),
    ("Partners", "/start"),
)
ABOUT = (
    ("Editions", "/editions"),
    ("How we rate", "/how-we-rate"),
    ("Accessibility", "/accessibility"),
    ("Cookies", "/cookies"),
)
"""Both the same as on the public pages that are no pages of this frame (portal/templates/base.html)."""


def public_navigation(here: str, area: str, kept: str) -> list[Component]:
    """The brand and the links of public pages, for who is not signed in. Most of them are no pages of this frame.
    `area` is of the agreement that is shown, '' for none; `kept` what the links carry on."""
    items = [
        html.Li(html.A(label, href=href + kept, **(parts.aria(current="page") if here == href else {})))
        for label, href in PUBLIC
    ]
    brand = f"{area} Partnership" if area else "Partnership portal"
    return [
        html.P(html.A(brand, href=f"/{kept}"), className="brand"),
        html.Nav(html.Ul(items), **parts.aria(label="Main")),
    ]
