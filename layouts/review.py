"""Drawing the partnership team's queue and the publishing of a period."""

from collections.abc import Sequence

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from layouts import conversation, ids, parts
from portal import words
from portal.viewmodels.returns import Question, Task
from portal.viewmodels.review import Queue


def queue(view: Queue, questions: Sequence[Question] = ()) -> tuple[str, Component]:
    """What waits, what is verified, who is outstanding, and the button that publishes."""
    title = "Review queue"
    if view.period is None or view.due_on is None:
        nothing = parts.empty("No period is open for returns.", "Open one with: portal period open 2008-09-q3")
        return parts.page(title, parts.heading(title), nothing)
    return parts.page(
        title,
        parts.heading("Review queue", words.period(view.period).capitalize()),
        html.P(f"Returns are due on {words.day(view.due_on)}."),
        html.H2(f"Waiting for you: {len(view.waiting)}"),
        _returns("Submitted returns that wait to be verified", view.waiting)
        if view.waiting
        else parts.empty("Nothing waits. New returns appear here when a partner submits them."),
        html.H2(f"Verified: {len(view.verified)}"),
        _returns("Verified returns of this period", view.verified)
        if view.verified
        else parts.empty("No return of this period has been verified yet."),
        *conversation.questions(questions, "Questions that wait for an answer"),
        _publish(view),
        html.H2("Outstanding"),
        _outstanding(view),
    )


def _returns(caption: str, tasks: Sequence[Task]) -> Component:
    rows = [
        (
            parts.link([parts.code(task.measure), " ", task.title], f"/returns/{task.id}"),
            task.organisation,
            parts.rating(task.rating, task.no_rating_reason),
            parts.tag(task.state),
        )
        for task in tasks
    ]
    return parts.table(caption, ("Measure", "Organisation", "Rating by the rule", "State"), rows)


def _publish(view: Queue) -> Component:
    ready = sum(task.state == "verified" for task in view.verified)
    if not view.may_publish:
        return html.Section(
            [html.H2("Publish"), html.P("Once a return is verified, you can publish the period as an edition.")],
            className="publish",
        )
    text = (
        f"Edition {view.next_edition} would show {words.plural(ready, 'newly verified return')}. What is not verified is "
        "shown without a figure, with the reason. A published edition is never changed."
    )
    button = dbc.Button(f"Publish edition {view.next_edition}", id=ids.PUBLISH)
    action = html.Div([html.P(text), html.Div(button, className="buttons")], id=ids.PUBLISHED)
    return html.Section([html.H2("Publish"), action], className="publish")


def published(edition: int) -> list[Component]:
    """What to say when an edition has been published."""
    return [
        html.P(html.Strong(f"Edition {edition} is published."), role="status"),
        html.P(html.A("See it as the public does", href="/")),
    ]


def _outstanding(view: Queue) -> Component:
    rows = [
        (line.organisation, line.expected, line.received, line.expected - line.received, line.late or "–")
        for line in view.outstanding
    ]
    head = ("Organisation", "Expected", "Received", "To come", "Late")
    return parts.table("Returns of this period by organisation", head, rows, (1, 2, 3, 4))
