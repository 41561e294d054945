"""Drawing a rating that is judged otherwise than by the rule: proposing it, what became of it, and deciding on it."""

from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from layouts import ids, parts, return_fields
from models.rules.terms import Rating
from portal import words
from portal.viewmodels.judgements import Proposal
from portal.viewmodels.returns import ReturnView

DECISION_HINT = "decision-hint"
ACCEPT, KEEP = "accept", "keep"
"""What whoever verifies chooses between; at first nothing is chosen."""
UNDECIDED = {"judgement": words.DECIDE_FIRST}
"""What to say, at the choice, to somebody who verifies without deciding."""


def proposing(view: ReturnView) -> Component:
    """The fields of a proposal, folded away unless there is one: they are rarely needed."""
    choice = return_fields.rating_choice(view, "proposed_rating", "None: the rule's answer")
    reason = dbc.Textarea(
        id=ids.of_return(return_fields.FIELD["proposed_reason"], view.id), value=view.typed.proposed_reason, rows=3
    )
    return parts.folded(
        words.PROPOSING,
        html.P(words.WHEN_TO, className="soft"),
        parts.field("The rating that you propose", choice),
        parts.field("Why should it be rated so?", reason),
        opened=bool(view.typed.proposed_rating or view.typed.proposed_reason),
    )


def while_typing(view: ReturnView, proposed: str) -> list[Component]:
    """What a chosen rating means beside the rule's, for the live rating."""
    if proposed not in tuple(Rating):
        return []
    if view.standing.value is None:
        return [html.P(words.NOTHING_TO_JUDGE, className="problem")]
    return [html.P(words.proposing(Rating(proposed), view.standing.rating_by_rule), className="proposing")]


def answers(view: ReturnView) -> list[tuple[str, Any]]:
    """A draft's proposal as questions and answers, for the check before submitting; nothing without one."""
    found = view.proposal
    if found is None:
        return []
    said = [html.P(words.proposing(found.rating, found.by_rule), className="soft"), *parts.paragraphs(found.reason)]
    return [("Proposed rating", html.Div([parts.rating(found.rating), *said]))]


def on_record(view: ReturnView) -> list[Component]:
    """What a submitted return proposes, by whom, why, and what was decided; nothing without a proposal."""
    found = view.proposal
    if found is None:
        return []
    title = "Another rating is proposed" if found.waits else "Another rating was proposed"
    rows: list[tuple[str, Any]] = [("The rule's answer", parts.rating(found.by_rule, view.standing.no_rating_reason))]
    if found.accepted:  # how it is rated, just above, says which rating and why
        title = "Judged otherwise than by the rule"
    else:
        rows += [("Proposed instead", parts.rating(found.rating)), ("Why", parts.paragraphs(found.reason))]
    if found.proposed_by:
        rows.append(("Proposed by", found.proposed_by))
    rows.append(("Decision", words.decision(found)))
    return [html.Section([html.H2(title), parts.facts(rows)])]


def deciding(view: ReturnView) -> list[Component]:
    """The choice that whoever verifies a return with a proposal must make; nothing is chosen beforehand."""
    found = view.proposal
    if found is None or not found.waits:
        return []
    rule = words.RATING[found.by_rule].lower()
    options = [
        {"label": f"Accept the proposed rating: {words.RATING[found.rating].lower()}", "value": ACCEPT},
        {"label": f"Do not accept it; the rule's answer stands: {rule}", "value": KEEP},
    ]
    choice = dbc.RadioItems(id=ids.of_return("judgement", view.id), options=options, value=None)
    hint = html.P(words.IF_ACCEPTED, id=DECISION_HINT, className="hint")
    question = html.Legend("Another rating is proposed: do you accept it?")
    return [html.Fieldset([question, hint, choice], className="decision", **parts.aria(describedby=DECISION_HINT))]


def waiting(found: Proposal | None) -> list[Component]:
    """What is proposed, below the rule's rating in the team's queue."""
    if found is None:
        return []
    return [
        html.Div(["Proposed: ", parts.rating(found.rating)], className="proposed"),
        parts.folded("Why?", *parts.paragraphs(found.reason)),
    ]


def mark(judged: bool) -> list[Component]:
    """The words beside a rating that is not the rule's."""
    return [html.Div(words.JUDGED, className="soft")] if judged else []
