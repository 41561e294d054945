"""Drawing the reward: the shares of the agreed improvement, why they are so, and what they would pay."""

from dash import html
from dash.development.base_component import Component

from layouts import parts, past
from portal.viewmodels.reward import Earning, Improvement, Reward
from portal.words import capital, period
from portal.words import reward as words_of

PATH = "/reward"


def reward(view: Reward) -> tuple[str, Component]:
    """The page."""
    body = _shares(view) if view.earnings else [parts.empty("No indicator of this agreement is reward weighted.")]
    return parts.page(
        words_of.TITLE,
        parts.heading("Reward-weighted indicators"),
        *past.banner(view.as_at, PATH),
        *body,
        html.P(parts.link("All themes", "/themes")),
        past.chooser(view.as_at, PATH),
    )


def _shares(view: Reward) -> list[Component]:
    head = ["Indicator", "Baseline", f"Target {view.earnings[0].of.year}", "Latest verified figure", "Share achieved"]
    pot = view.terms.pot is not None
    head += ["Would pay"] if pot else []
    rows = [
        (
            _name(one.of),
            words_of.baseline(one.of),
            words_of.target(one.of),
            html.Div([words_of.figure(one.of), html.Div(_when(one.of), className="soft")]),
            words_of.share(one.of),
            *([words_of.pounds(one.amount)] if pot else []),
        )
        for one in view.earnings
    ]
    caption = "The share of the improvement that has been achieved; indicative"
    return [
        html.P([html.Strong("Indicative."), words_of.INDICATIVE.removeprefix("Indicative.")], className="past"),
        html.P(f"{words_of.FORMULA} {words_of.below(view.terms)} {words_of.split(view)}"),
        parts.table(caption, head, rows, range(1, len(head))),
        html.Section([html.H2("Why?"), parts.facts((_name(one.of), _why(one, view)) for one in view.earnings)]),
    ]


def _when(one: Improvement) -> str:
    return capital(period(one.period)) if one.period else ""


def _name(one: Improvement) -> Component:
    part = f" ({one.part.lower()})" if one.part else ""
    return parts.link([parts.code(one.code), f" {one.title}{part}"], parts.indicator_address(one.code))


def _why(one: Earning, view: Reward) -> list[Component]:
    return [html.P(words_of.why(one.of)), html.P(words_of.paid(one, view.terms), className="soft")]


def on_indicator(found: tuple[Improvement, ...]) -> list[Component]:
    """What the page of a reward-weighted indicator says: the share of each measure, why, and where the rest is."""
    lines: list[Component] = []
    for one in found:
        part = f"{one.part}: " if one.part else ""
        said = f"Reward (indicative): {part}share of the improvement to {one.year} achieved: {words_of.share(one)}. "
        lines.append(html.P([said, parts.link("All reward-weighted indicators", PATH)]))
        lines.append(parts.folded("Why this share?", html.P(words_of.why(one))))
    return lines
