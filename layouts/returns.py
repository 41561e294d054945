"""Drawing one return: as a form for those who may change it, else to be read and judged."""

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from layouts import (
    agreements,
    concurrence,
    conversation,
    elsewhere,
    forecasts,
    ids,
    judgement,
    oddities,
    parts,
    return_form,
)
from models.rules.terms import State
from portal import words
from portal.viewmodels.returns import ReturnView
from portal.words import publication
from portal.words.returns import rated_anew


def one_return(view: ReturnView, *, withdrawn: bool = False) -> tuple[str, Component]:
    """One return: its form for those who may change it, else what it says, with what its reader may do. `withdrawn`:
    it has just been."""
    withdrawn = withdrawn and view.state is State.DRAFT and view.revision > 0
    done = "Withdrawn: " if withdrawn else "Submitted: " if _just_submitted(view) else ""
    title = f"{done}{view.standing.code}, {view.period}"
    page = parts.indicator_address(view.indicator, view.period)
    over_time = html.P(parts.link(f"{view.indicator} over time, its events and what is agreed", page))
    top: list[Any] = [_heading(view), *agreements.of_another(view.other_agreement), _status(view), over_time]
    if view.held:
        to_gate = parts.link("Publish", "/publish")
        top.append(html.P([publication.held(view.held), " See ", to_gate, "."], role="status"))
    if withdrawn:
        top.append(_withdrawn(view))
    if view.messages:
        top.append(conversation.messages(view))
    body = return_form.form(view) if view.may_edit else _reading(view)
    return parts.page(title, *top, *body)


def _heading(view: ReturnView) -> Component:
    part = f" ({view.standing.part})" if view.standing.part else ""
    return parts.heading(
        f"{view.title}{part}", f"{view.standing.code} · {words.period(view.period)} · {view.organisation}"
    )


def _status(view: ReturnView) -> Component:
    due = words.NOTHING_DUE if view.placeholder else f"Due {words.day(view.due_on)}."
    said: list[Any] = [parts.tag(view.state, late=view.late), f" {due}"]
    if view.released_on and not view.placeholder:
        source = view.source or "Its source"
        said.append(f" {source} comes out on {words.day(view.released_on)}: nobody is late before that.")
    if view.submitted_at:
        how = f"submitted {words.moment(view.submitted_at)} by {view.submitted_by}"
        anew = next((rated_anew(one) for one in view.revisions if one.number == view.revision), "")
        how = f"{anew}; {how}" if anew else how
        said.append(f" Revision {view.revision}, {how if view.submitted_by else 'from the files of the agreement'}.")
    return html.P(said, className="status")


def _just_submitted(view: ReturnView) -> bool:
    """Whether its lead is told that it has arrived."""
    return view.state is State.SUBMITTED and view.may_withdraw


def _confirmation(view: ReturnView) -> Component:
    onward: list[Any] = [parts.link("Back to your returns", "/returns")]
    if view.following is not None:
        return_id, name = view.following
        onward = ["Your next return: ", parts.link(name, f"/returns/{return_id}"), ". ", *onward]
    return html.Div(
        [
            html.H2("Return submitted"),
            html.P(f"Your reference is {view.standing.code}, {view.period}, revision {view.revision}."),
            html.P("The partnership team looks at it next: it verifies the figure, or sends it back with a question."),
            html.P(words.WHO_SEES_SUBMITTED),
            html.P(onward),
        ],
        className="confirmation",
    )


def _withdrawn(view: ReturnView) -> Component:
    return html.Div(
        [
            html.H2("Return withdrawn"),
            html.P(
                f"It is a draft again and the team no longer waits for it. Revision {view.revision}, as you submitted "
                "it, can be read below the form. Change what you want to, and submit it again."
            ),
        ],
        className="confirmation",
    )


def _reading(view: ReturnView) -> list[Component]:
    body: list[Any] = []
    if _just_submitted(view):
        body.append(_confirmation(view))
    if view.state is State.SUBMITTED:
        body += oddities.to_judge(view)
    if not view.period_open and view.state not in (State.VERIFIED, State.PUBLISHED):
        body.append(html.P(f"{words.capital(words.period(view.period))} is closed for returns.", className="soft"))
    rows = [("Figure held against", words.expected(view.standing.expected, view.standing.decimals, view.standing.unit))]
    body += [
        parts.facts([*return_form.said(view), *rows]),
        html.Section([html.H2("How it is rated"), *parts.how_rated(view.standing)]),
        *judgement.on_record(view),
        *forecasts.beside(view),
        *elsewhere.sections(view.elsewhere, view.standing),
        parts.folded(
            "Before this",
            parts.before_this(view),
            opened=view.may_verify,
        ),
    ]
    if len(view.revisions) > 1:
        body.append(conversation.revisions(view))
    if view.needs_another:
        body.append(html.P("Somebody else of the team has to verify this: you submitted it.", className="soft"))
    return [*body, *_actions(view)]


def _actions(view: ReturnView) -> list[Component]:
    """What the reader may do, below what there is to read."""
    actions: list[Component] = []
    if view.may_answer and not view.may_reopen and view.state in (State.VERIFIED, State.PUBLISHED):
        actions.append(_correcting(view))
    if view.may_verify or view.may_query:
        actions.append(_judging(view))
    if view.may_withdraw:
        actions.append(_withdrawing(view))
    if view.may_reopen:
        hint = publication.reopening(view.public_at) if view.public_at else ""
        actions.append(conversation.asking(view, "reopen", "Reopen for a correction", "Why is it reopened?", hint))
    if view.may_challenge:
        actions.append(
            conversation.asking(view, "challenge", "Ask the lead a question", "Your question, on the record")
        )
    if view.may_countersign:
        actions.append(concurrence.asked(view))
    if view.dissents_openly:
        actions.append(concurrence.taking_back(view))
    if not actions:
        return []
    at = ids.of_return
    return [
        dcc.Store(id=at("version", view.id), data=view.version),
        dcc.Location(id=at("go", view.id), refresh="callback-nav"),
        html.Div(id=at("errors", view.id)),
        *actions,
    ]


def _correcting(view: ReturnView) -> Component:
    """What its own side does about a mistake in what the team has verified."""
    said = (
        "The partnership team has verified this figure, so only the team can open it again. Tell the team what is wrong "
        f"– its address is at the foot of this page – and name {view.standing.code}, {view.period}, revision "
        f"{view.revision}. Once it is opened you submit the correction here; what stands now stays on record."
    )
    return html.Section([html.H2("Is something wrong with it?"), html.P(said)])


def _withdrawing(view: ReturnView) -> Component:
    button = dbc.Button("Yes, withdraw it", id=ids.of_return("withdraw", view.id), color="secondary", outline=True)
    text = (
        "It becomes a draft again, and the team cannot verify it until you submit it again. "
        "What you submitted stays on record and readable."
    )
    asked = parts.folded("Withdraw this return", html.P(text), html.Div(button, className="buttons"))
    return html.Section([html.H2("Change it after all"), asked], className="judging")


def _judging(view: ReturnView) -> Component:
    """What the team does with a submitted return."""
    at = ids.of_return
    body: list[Any] = [html.H2("Verify or query")]
    if view.may_verify:
        verify = dbc.Button("Verify this figure", id=at("verify", view.id))
        body += [*judgement.deciding(view), *concurrence.weighing(view), html.Div(verify, className="buttons")]
    if view.may_query:
        question = dbc.Textarea(id=at("question", view.id), rows=3)
        send = dbc.Button("Send back with this question", id=at("query", view.id), color="secondary", outline=True)
        body += [
            parts.field("Or send it back with a question", question),
            html.Div(send, className="buttons"),
        ]
    return html.Section(body, className="judging")
