"""Drawing the partnership team's queue, verifying a chosen set."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from layouts import actions, concurrence, conversation, filters, ids, judgement, oddities, parts, risks
from models.rules.codes import period_key, period_slug
from portal import words
from portal.viewmodels.returns import Question, Task
from portal.viewmodels.review import Outstanding, Queue, Waiting

LABEL = {"partner": "Organisation", "quarter": "Period", "notable": "With", "sort": "In the order of"}
CHOICE = {
    ("notable", "unusual"): "An unusual figure",
    ("notable", "dissent"): "A dissent",
    ("notable", "judged"): "Another rating proposed",
    ("sort", "partner"): "Organisation",
    ("sort", "longest"): "Longest waiting first",
    ("sort", "change"): "Largest change first",
}


def queue(view: Queue, questions: Sequence[Question] = ()) -> tuple[str, Component]:
    """The queue as a page; verifying a chosen set draws its lists anew and says above them what was done."""
    title = "Review queue"
    return parts.page(
        title,
        parts.heading(title),
        html.Div(id=ids.CHOSEN_SAID),
        html.Div(lists(view, questions), id=ids.QUEUE),
    )


def verified(number: int) -> Component:
    """What to say when a chosen set has been verified."""
    return html.P(f"{words.plural(number, 'return')} verified.", role="status", className="saved")


def refused(sentence: str) -> Component:
    """What to say when a chosen set could not be."""
    return html.P(sentence, role="alert", className="problem")


def lists(view: Queue, questions: Sequence[Question] = ()) -> list[Component]:
    """What waits, what is verified, who is outstanding, the buttons that verify, and the way to publishing."""
    open_now = ", ".join(words.period(key) for key in view.periods)
    body: list[Any] = [html.P(f"Open for returns: {open_now}." if open_now else "No period is open for returns.")]
    body += [html.H2(f"Waiting to be verified: {view.in_all}")]
    if view.in_all > 1:
        body.append(filters.fields(view.filters, LABEL, _choice))
    if view.waiting:
        shown = len(view.waiting)
        said = f"{words.plural(shown, 'return')} of {view.in_all}" if shown < view.in_all else ""
        body += [html.P(said, role="status", className="soft"), _waiting(view.waiting)]
    elif view.in_all:
        body.append(parts.empty("None that waits is all of that. Choose less."))
    else:
        body.append(parts.empty("Nothing waits. New returns appear here when a partner submits them."))
    if view.prepared:
        link = parts.link(f"{words.capital(words.period(view.prepared))} is prepared to be published", "/publish")
        body.append(html.P([link, ": somebody else than who prepared it releases it."], className="asked"))
    body += conversation.questions(questions, "Questions that wait for an answer")
    body += conversation.answered(view.answered)
    body += [html.H2(f"Verified, not published: {len(view.verified)}")]
    if view.verified:
        body += [_verified(view.verified), _to_publish(view)]
    else:
        body.append(parts.empty("Once a return is verified, you can publish its period as an edition."))
    if view.overdue:
        body += [html.H2(f"Actions overdue: {len(view.overdue)}"), actions.listed(view.overdue, named=True)]
    if view.reviews:
        body += [html.H2(f"Risks whose review is overdue: {len(view.reviews)}"), risks.listed(view.reviews)]
    if view.outstanding:
        body += [html.H2("Outstanding"), _outstanding(view.outstanding, view.periods)]
    else:
        body.append(parts.empty("Nothing has been asked for yet.", parts.link("Open a period", "/periods")))
    return body


def _choice(name: str, value: str) -> str:
    return words.capital(words.period(period_key(value))) if name == "quarter" else CHOICE[name, value]


def _waiting(waiting: Sequence[Waiting]) -> Component:
    """The submitted returns, each with what changed since the last period, and a box to choose it by."""
    head = ("Measure", "Organisation", "Figure", "Last period", "Change", "Rating by the rule", "Choose")
    rows = [
        (
            [
                parts.link([parts.code(one.task.measure), " ", one.task.title], f"/returns/{one.task.id}"),
                html.Div(
                    f"{words.capital(words.period(one.task.period))}, submitted {words.moment(one.submitted_at)}",
                    className="soft",
                ),
                *oddities.listed(one.oddities),
                *oddities.word_given(one.oddities, given=one.explained),
                *concurrence.counted(one.dissents, one.countersigned),
            ],
            one.task.organisation,
            words.figure_or_dash(one.value, one.decimals, one.unit),
            words.figure_or_dash(one.previous.value if one.previous else None, one.decimals, one.unit),
            words.change(one.value, one.previous.value if one.previous else None, one.decimals),
            html.Div([parts.rating(one.task.rating, one.task.no_rating_reason), *judgement.waiting(one.proposal)]),
            _box(one),
        )
        for one in waiting
    ]
    table = parts.table("Submitted returns, with what changed since the measure's last figure", head, rows, (2, 3, 4))
    below: list[Component] = []
    if any(_may_be_chosen(one) for one in waiting):
        buttons = [
            dbc.Button("Verify the chosen returns", id=ids.VERIFY_CHOSEN),
            dbc.Button("Choose all", id=ids.CHOOSE_ALL, color="secondary", outline=True),
        ]
        below += [
            html.Div(buttons, className="buttons"),
            html.P(
                "All of them are verified, or none if one has changed since you opened this page.", className="soft"
            ),
        ]
    if silent := sum(_may_be_chosen(one) and bool(one.oddities) and not one.explained for one in waiting):
        which = words.plural(silent, "unusual figure")
        below.append(html.P(f"Choose all takes {which} too that no partner gave a word on.", className="problem"))
    if any(one.proposal or one.dissents for one in waiting):
        below.append(html.P(words.DECIDED_ON_ITS_PAGE, className="soft"))
    return html.Div([table, *below])


def _may_be_chosen(one: Waiting) -> bool:
    return one.may_verify and one.proposal is None and not one.dissents


def _box(one: Waiting) -> Component | str:
    if not one.may_verify:
        return "You submitted it"
    if not _may_be_chosen(one):
        named = html.Span(f" on {one.task.measure}, {one.task.period}", className="unseen")
        return parts.link(["Open to decide", named], f"/returns/{one.task.id}")
    name = html.Span(f"Choose {one.task.measure}, {one.task.period}", className="unseen")
    options = [{"label": name, "value": f"{one.task.id}:{one.version}"}]
    return dbc.Checklist(id=ids.of_return("chosen", one.task.id), options=options, value=[])


def _verified(tasks: Sequence[Task]) -> Component:
    rows = [
        (
            parts.link([parts.code(task.measure), " ", task.title], f"/returns/{task.id}"),
            words.capital(words.period(task.period)),
            task.organisation,
            html.Div([parts.rating(task.rating, task.no_rating_reason), *judgement.mark(task.judged)]),
        )
        for task in tasks
    ]
    head = ("Measure", "Period", "Organisation", "Rating")
    return parts.table("Verified returns that no edition shows yet", head, rows)


def _to_publish(view: Queue) -> Component:
    """The way to the gate, for each day with something that no edition shows."""
    links = [
        html.Li(
            [
                parts.link(f"Publish {words.period(one.period)}", f"/publish?period={one.slug}"),
                f": {words.plural(one.verified, 'newly verified return')}",
            ]
        )
        for one in view.publishable
    ]
    return html.Ul(links)


def _outstanding(lines: Sequence[Outstanding], periods: Sequence[str]) -> Component:
    rows = [
        (
            html.Span([line.organisation, *(_whom_to_ask(line.organisation, period) for period in periods)]),
            line.expected,
            line.received,
            line.expected - line.received,
            line.late or "–",
            words.share(line.on_time, line.received),
            words.share(line.ever_on_time, line.ever_wanted),
        )
        for line in lines
    ]
    head = ("Organisation", "Asked", "Received", "To come", "Late", "In time, of received", "In time, since the start")
    return parts.table("Returns of the open periods by organisation", head, rows, range(1, 7))


def _whom_to_ask(organisation: str, period: str) -> Component:
    """The way to what an organisation has to return for a period, and to its people."""
    where = f"/periods/{period_slug(period)}?{urlencode({'partner': organisation})}"
    named = html.Span(f" of {organisation}", className="unseen")
    return html.Div(parts.link([words.capital(words.period(period)), named], where), className="soft")
