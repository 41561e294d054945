"""Drawing what each measure of a period is held against, and the form that sets milestones."""

from collections.abc import Sequence

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from layouts import ids, parts
from models.rules.codes import slug
from models.rules.terms import Polarity
from portal import words
from portal.viewmodels.periods import MilestoneLine
from portal.words import milestones as words_of

WHY = "milestones-why"
HEAD = ("Measure", "Last figure", "Held against", "Milestone")


def missing(lines: Sequence[MilestoneLine]) -> list[Component]:
    """Which measures were rated the last time and cannot be now; nothing where all can."""
    said = words_of.lost_milestones(lines)
    return [html.P([f"{said} ", html.A("Set them", href="#milestones")], className="asked")] if said else []


def done(number: int, lines: Sequence[MilestoneLine]) -> list[Component]:
    """What to say when so many have been set just now."""
    if not 0 < number <= len(lines):
        return []
    verb = "is" if number == 1 else "are"
    return [html.P(f"{words.plural(number, 'milestone')} {verb} set.", role="status", className="saved")]


def milestones(lines: Sequence[MilestoneLine], period: str) -> list[Component]:
    """Every measure with what it is held against; those without an agreed milestone take one."""
    if not lines:
        return []
    rows = [
        (
            [
                parts.code(line.measure),
                " ",
                line.title,
                *(
                    html.Div(said, className="soft")
                    for said in (words.unit_label(line.unit), words_of.what_becomes(line))
                    if said
                ),
            ],
            _last(line),
            html.Div(
                [
                    words_of.held_in_period(line),
                    *([html.Div(line.reason, className="soft")] if line.reason else []),
                ]
            ),
            _field(line),
        )
        for line in lines
    ]
    having = sum(line.has_one for line in lines)
    form = [
        html.P(
            "A milestone is what a figure is held against at this period's end, in the unit in which it is returned. "
            "Without one it is held against what follows from the year's target, where that is in the same unit."
        ),
        html.P(
            [
                "What was agreed with the agreement is changed by ",
                parts.link("a refresh", "/agreement/refresh"),
                " alone: from its day on, a changed target takes the milestones on the way to it away, "
                "and they are set here anew.",
            ]
        ),
        html.P(
            "A return that waits to be verified is rated anew when its milestone is set. One that is verified keeps its "
            "rating: reopen it, and the correction is held against the milestone."
        ),
        parts.table("What each measure of this period is held against", HEAD, rows),
        parts.field(
            "Why",
            dbc.Textarea(id=ids.of_period(WHY, period), rows=2),
            "Needed where the figure is in already, or where it is held against something else now. The public reads on "
            "which day a milestone was set after its figure came in; the reason stays on the record.",
        ),
        html.Div(dbc.Button("Set these milestones", id=ids.of_period("milestones", period)), className="buttons"),
    ]
    title = f"Milestones: {having} of {words.plural(len(lines), 'measure')} {'has' if having == 1 else 'have'} one"
    return [html.Section([html.H2(title), *form], id="milestones")]


def _last(line: MilestoneLine) -> Component:
    if line.last is None:
        return html.Span("–")
    figure = words.figure_or_dash(line.last.value, line.decimals, line.unit)
    return html.Span([figure, html.Div(words_of.last_figure(line), className="soft")])


def _field(line: MilestoneLine) -> Component:
    if line.agreed:
        return html.Span("As agreed", className="soft")
    identity = ids.of_milestone(slug(line.measure))
    example = "10 to 15" if line.polarity is Polarity.RANGE else ""
    field = dbc.Input(id=identity, type="text", autoComplete="off", placeholder=example, class_name="figure")
    label = html.Label(f"Milestone of {line.measure}", htmlFor=ids.written(identity), className="unseen")
    return html.Div([label, field])
