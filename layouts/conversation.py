"""Drawing what is said about a return, its revisions side by side, and the forms that add to either."""

from collections.abc import Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from layouts import ids, parts
from models.rules.terms import Message, State
from portal import words
from portal.viewmodels.returns import Question, ReturnView, Revision, Said
from portal.words import conversation as words_of
from portal.words.returns import rated_anew


def messages(view: ReturnView) -> Component:
    """The conversation, newest first; a question that waits can be answered by those it is put to."""
    drawn = [_message(said, view) for said in reversed(view.messages)]
    waits = any(said.open for said in view.messages)
    answered = any(said.kind is Message.QUERY and said.answers and not said.open for said in view.messages)
    if view.state is State.QUERIED and view.may_answer and answered and not waits:
        drawn.insert(0, html.P(words_of.SUBMIT_AGAIN))
    return html.Section([html.H2("What was said"), *drawn], className="asked" if waits else "said")


def _message(said: Said, view: ReturnView) -> Component:
    who = f"{said.who}, {said.organisation}" if said.organisation not in said.who else said.who
    head = f"{words.MESSAGE[said.kind]} · {who}, {words.moment(said.at)}"
    waits = html.Span(_waits(said), id=ids.of_message("waits", view.id, said.id))
    body: list[Any] = [
        html.P([html.Strong(head), waits if said.open and view.may_answer else _waits(said)]),
        *parts.paragraphs(said.text),
    ]
    body += [html.Div([_message(reply, view)], className="reply") for reply in said.answers]
    if said.open and view.may_answer:
        body.append(_answering(said, view))
    return html.Div(body, className="message")


def _waits(said: Said) -> str:
    if said.kind is Message.DISSENT:
        return " – open" if said.open else " – taken back"
    if said.open:
        return " – waits for an answer"
    return " – answered" if said.answers else ""


def _answering(said: Said, view: ReturnView) -> Component:
    at = ids.of_message
    area = dbc.Textarea(id=at("answer", view.id, said.id), rows=2)
    send = dbc.Button("Answer", id=at("send", view.id, said.id), color="secondary", outline=True)
    form = [
        parts.field("Your answer", area),
        html.Div(send, className="buttons"),
    ]
    return html.Div(
        [
            html.Div(form, id=at("form", view.id, said.id)),
            html.Div(id=at("sent", view.id, said.id), role="status"),
        ]
    )


def sent(answer: str, closed: bool) -> list[Component]:
    """What stands where a question, which that closes, or a dissent was answered just now."""
    after = [html.P(words_of.ANSWERED)] if closed else []
    return [html.P(html.Strong("You answered:")), *parts.paragraphs(answer), *after]


def asking(view: ReturnView, part: str, button: str, label: str, hint: str = "") -> Component:
    """A form with one text and one button: reopening with a reason, challenging the lead; `hint` is what it will do."""
    text = dbc.Textarea(id=ids.of_return(f"{part}-text", view.id), rows=3)
    send = dbc.Button(button, id=ids.of_return(part, view.id), color="secondary", outline=True)
    return html.Section(
        [
            html.H2(button),
            *([html.P(hint)] if hint else []),
            parts.field(label, text),
            html.Div(send, className="buttons"),
        ],
        className="judging",
    )


def revisions(view: ReturnView) -> Component:
    """Every revision in a column of its own, what changed since the one before in bold."""
    shown = view.revisions
    head = ("", *(f"Revision {revision.number}" for revision in shown))
    questions = [_answers(revision, view) for revision in shown]
    rows = []
    for index, question in enumerate(questions[0]):
        cells: list[Any] = [question[0]]
        for column, answers in enumerate(questions):
            said = answers[index][1]
            changed = column > 0 and said != questions[column - 1][index][1]
            cells.append(html.Strong([said, html.Span(" (changed)", className="soft")]) if changed else said)
        rows.append(cells)
    return html.Section([html.H2("Revisions"), parts.table("Everything that was submitted, side by side", head, rows)])


def _answers(revision: Revision, view: ReturnView) -> list[tuple[str, str]]:
    answers, unit = revision.answers, view.standing.unit
    figure = words.typed_amount(answers.value, view.standing.decimals, unit) if answers.value is not None else "None"
    if answers.value is None and answers.no_value_reason:
        figure = words.NO_FIGURE[answers.no_value_reason]
    who = f"{words.moment(revision.submitted_at)}{f' by {revision.submitted_by}' if revision.submitted_by else ''}"
    if said := rated_anew(revision):
        who += f"; {said}"
    verified = words.moment(revision.verified_at) if revision.verified_at else "Not verified"
    proposed = any(one.proposal for one in view.revisions)
    return [
        ("Figure", figure),
        ("Held against", words.expected(revision.held, view.standing.decimals, unit)),
        ("Rating", words.RATING[revision.rating]),
        *([("Proposed rating", words.judged(revision.proposal))] if proposed else []),
        ("Forecast", words.RATING[answers.forecast_rating] if answers.forecast_rating else "Not stated"),
        ("Commentary", answers.commentary or "None"),
        ("Submitted", who),
        ("Verified", f"{verified}{', published' if revision.published else ''}"),
    ]


def questions(found: Sequence[Question], heading: str) -> list[Component]:
    """The questions that wait, as a desk lists them; nothing for none."""
    if not found:
        return []
    lines = [
        html.Li(
            [
                parts.link(html.Span([parts.code(q.measure), " ", q.title]), f"/returns/{q.return_id}"),
                html.Span(f"{words.MESSAGE[q.said.kind]}: {q.said.text[:120]}", className="soft"),
            ]
        )
        for q in found
    ]
    return [html.H2(heading), html.Ul(lines, className="questions")]


def answered(found: Sequence[Question]) -> list[Component]:
    """The queries that partners answered in words, each with its answer and whose turn it is; nothing for none."""
    if not found:
        return []
    lines = [
        html.Li(
            [
                parts.link(html.Span([parts.code(q.measure), " ", q.title]), f"/returns/{q.return_id}"),
                html.Div(
                    [
                        html.Div(words_of.TURN[q.state is State.SUBMITTED]),
                        html.Div(f"Asked: {q.said.text}", className="soft typed"),
                        *(html.Div(f"Answered by {a.who}: {a.text}", className="typed") for a in q.said.answers),
                    ]
                ),
            ]
        )
        for q in found
    ]
    return [html.H2(f"Queries answered: {len(found)}"), html.Ul(lines, className="questions")]


def _paired(kept: list[tuple[str, str]], mine: list[tuple[str, str]]) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """The two texts by their fields; a field that only one of them fills stands against nothing."""
    ours, theirs = dict(kept), dict(mine)
    return [((label, ours.get(label, "")), (label, theirs.get(label, ""))) for label in dict.fromkeys([*ours, *theirs])]


def stale(view: ReturnView, kept: list[tuple[str, str]], mine: list[tuple[str, str]]) -> list[Component]:
    """Two edits of one version: what is kept now beside what was typed here, who changed it, and the way on."""
    rows = [(label, before or "None", text or "None") for (label, before), (_, text) in _paired(kept, mine)]
    title, way = words.changed_meanwhile(view)
    on: list[Any] = [way]
    if not view.may_edit:
        on += [" ", html.A("Open the return as it is now", href=f"/returns/{view.id}")]
    return [
        html.Div(
            [
                html.H2(title),
                html.P("Nothing of yours was saved, and nothing is lost: both texts are here."),
                parts.table("The two texts", ("", "Kept now", "Typed by you"), rows),
                html.P(on),
            ],
            role="alert",
            className="error-summary",
            tabIndex="-1",
        )
    ]
