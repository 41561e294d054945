"""Drawing a side's desk: what it has to return, what waits for its word, what comes later."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts import actions, conversation, packs, parts, risks
from models.rules.codes import period_slug
from models.rules.terms import State
from portal import words
from portal.viewmodels.returns import Desk, DeskPeriod, Question, Task


def desk(view: Desk, questions: Sequence[Question] = ()) -> tuple[str, Component]:
    """What one side has to return, as a task list for each period."""
    title = "Your returns"
    one = view.chosen or (view.periods[0].key if len(view.periods) == 1 else None)
    said = f"{title} for {words.period(one)}" if one else title
    body: list[Any] = [
        *conversation.questions(questions, "Questions that wait for your answer"),
        *_signed_up(view.signed_up),
    ]
    for period in view.periods:
        body += _period(view, period, headed=one is None)
    body.append(_workbook() if view.periods else _nothing(view))
    body += [*actions.on_desk(view.actions), *risks.on_desk(view.risks)]
    if view.not_due:
        body.append(_not_due(view))
    if view.earlier:
        body.append(_earlier(view))
    body += packs.way(
        "", view.chosen and period_slug(view.chosen), "Briefing packs: how it stands, as PDF or Word", view.may_pack
    )
    return parts.page(
        f"{title}, {words.short_title(one)}" if one else title, parts.heading(said, view.organisation), *body
    )


def _workbook() -> Component:
    """The way to all of a period's returns as one spreadsheet; its page is none of this frame."""
    return html.P([html.A("Fill them in as a spreadsheet", href="/returns/workbook"), " and send them all at once."])


def _nothing(view: Desk) -> Component:
    if view.chosen:
        return parts.empty(f"Your organisation has no return for {words.period(view.chosen)}.")
    return parts.empty(
        "Nothing is open for you at the moment.", "You will see your indicators here when a period opens."
    )


def _summary(view: Desk, period: DeskPeriod) -> Component:
    """When the period is due, and how many stand where, in the order of a return's life; late is said apart."""
    said = ", ".join(f"{number} {words.STATE[state].lower()}" for state, number in period.counts.items())
    late: list[Any] = [" ", html.Strong(f"{period.late} late.", className="problem")] if period.late else []
    return html.P([html.Strong(words.due(period.due_on, view.today)), f". {said.capitalize()}.", *late])


def _period(view: Desk, period: DeskPeriod, *, headed: bool) -> list[Component]:
    drawn: list[Any] = [html.H2(words.capital(words.period(period.key)))] if headed else []
    if period.asked:
        drawn += [
            _summary(view, period),
            html.Ul([_task(task, period) for task in period.asked], className="tasks"),
        ]
    if period.placeholders:
        drawn += [
            html.H3("Placeholders") if headed else html.H2("Placeholders"),
            html.P("Agreed, but without a target yet. Nothing is due; you may return figures for information."),
            html.Ul([_task(task, period) for task in period.placeholders], className="tasks"),
        ]
    return drawn


def _task(task: Task, period: DeskPeriod) -> Component:
    """One return: its name, where it stands, and its own day where its source comes out later than the others'."""
    name = html.Span([parts.code(task.measure), " ", task.title])
    own = task.due_on != period.due_on and task.state in (State.NOT_STARTED, State.DRAFT, State.QUERIED)
    notes = [html.Span(f"Due {words.day(task.due_on)}, after its source", className="soft")] if own else []
    if not task.takes:
        notes = [html.Span("Closed: ask the partnership team to open it again for you", className="soft")]
    if task.figure:
        sent = f", sent {words.moment(task.sent_at)}" if task.sent_at else ""
        notes.insert(0, html.Span(f"{task.figure}{sent}", className="soft"))
    side = html.Span([*notes, parts.tag(task.state, late=task.late)], className="side")
    return html.Li([parts.link(name, f"/returns/{task.id}"), side])


def _signed_up(tasks: Sequence[Task]) -> list[Component]:
    if not tasks:
        return []
    lines = [
        html.Li(
            [
                parts.link(html.Span([parts.code(task.measure), " ", task.title]), f"/returns/{task.id}"),
                html.Span(f"{task.organisation}, {words.period(task.period)}", className="soft"),
            ]
        )
        for task in tasks
    ]
    text = (
        "You signed up to these. Until they are verified you can countersign, add what you contributed, or dissent; "
        "an open dissent of yours stays here until you take it back."
    )
    return [html.H2("Submitted by others, for your word"), html.P(text), html.Ul(lines, className="questions")]


def _not_due(view: Desk) -> Component:
    lines = sorted(view.not_due, key=lambda line: line[1])
    said = [
        f"{', '.join(code for code, _ in group)} for {words.period(period)}"
        if period
        else ", ".join(code for code, _ in group)
        for period, group in groupby(lines, lambda line: line[1])
    ]
    return html.P(f"Not due now: {'; '.join(said)}.", className="soft")


def _earlier(view: Desk) -> Component:
    here = [html.Li(parts.link("All that is open", "/returns"))] if view.chosen else []
    items = [
        html.Li(
            html.Span(words.capital(words.period(key)), **parts.aria(current="true"))
            if key == view.chosen
            else parts.link(words.capital(words.period(key)), f"/returns?period={slug}")
        )
        for slug, key in view.earlier
    ]
    return html.Section(
        [html.H2("By period"), html.Nav(html.Ul([*here, *items]), className="periods", **parts.aria(label="Period"))]
    )
