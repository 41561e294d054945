"""Drawing actions: the lists of them on every page that has some, and on the indicator's page the forms of its lead."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids, parts
from models.rules.actions import ActionState, Urgency
from portal import words
from portal.viewmodels.actions import ActionLine, Actions, Step
from portal.viewmodels.indicator_page import IndicatorPage

FIELDS = ("text", "owner", "named", "due", "state", "evidence", "word")
"""The parts of a form that a sentence on what is wrong can lead to; those from the state on are for a change."""


def due(line: ActionLine) -> Component:
    """When an action is due; what is overdue stands in a box and says so first."""
    said = words.action_due(line)
    return html.Span(said, className="tag tag-late" if line.urgency is Urgency.OVERDUE else "soft")


def listed(lines: Sequence[ActionLine], *, named: bool = False) -> Component:
    """Actions, each with who does it and when it is due; `named` where they are of several indicators."""
    items = [html.Li([html.Div(_what(line, named=named)), _who_and_when(line)]) for line in lines]
    return html.Ul(items, className="actions")


def _what(line: ActionLine, *, named: bool) -> list[Any]:
    to = f"{parts.indicator_address(line.indicator)}#actions"
    return [*([parts.link(parts.code(line.indicator), to), " "] if named else []), line.now.text]


def _who_and_when(line: ActionLine) -> Component:
    return html.Div([html.Div(words.owner(line.now), className="soft"), due(line)])


def section(view: IndicatorPage) -> Component:
    """The actions of one indicator: the open ones, then what was done and dropped; and for who may, the forms."""
    actions = view.actions
    still = [line for line in actions.lines if line.urgency is not None]
    over = [line for line in actions.lines if line.urgency is None]
    plan = parts.link("Delivery plan", f"/indicators/{view.slug}/plan")
    body: list[Any] = [html.H2("Actions"), html.P(plan)]
    if still:
        body.append(html.P(f"{words.capital(words.actions_counted(still))}.", className="soft"))
        body += [_action(line, actions) for line in still]
    else:
        more = (
            "Add what is being done about it: the executive reads it beside the figure." if actions.may_change else ""
        )
        body.append(parts.empty(*filter(None, ("No action is open.", more))))
    if actions.may_change:
        body += [dcc.Location(id=ids.of_indicator("action-go", view.slug), refresh="callback-nav")]
        body.append(parts.folded("Add an action", *_adding(view)))
    if over:
        summary = f"{words.plural(len(over), 'action')} done or dropped"
        body.append(parts.folded(summary, *(_action(line, actions) for line in over)))
    return html.Section(body, id="actions", tabIndex="-1")


def _action(line: ActionLine, actions: Actions) -> Component:
    """One action with what became of it, and for who may the form to change it."""
    now = line.now
    body: list[Any] = [
        html.Div([html.Div(html.Strong(now.text), className="typed"), _who_and_when(line)], className="what"),
    ]
    if now.evidence:
        body.append(html.Div([html.P("Evidence of impact:", className="soft"), *parts.paragraphs(now.evidence)]))
    elif now.state is ActionState.DONE:
        body.append(html.P("No evidence of its impact has been written yet.", className="soft"))
    body.append(parts.folded("What became of it", _history(line)))
    if actions.may_change:
        body.append(parts.folded("Change it, or say that it is done", *_changing(line, actions)))
    return html.Article(body, className="action")


def _history(line: ActionLine) -> Component:
    earlier: list[Step | None] = [None, *line.steps]
    return html.Ul(
        [
            html.Li(
                [
                    html.Span(f"{words.day(after.day)}{f', {after.who}' if after.who else ''}: ", className="soft"),
                    words.step(before, after),
                    *([f" {after.reason}"] if after.reason else []),
                ]
            )
            for before, after in zip(earlier, line.steps, strict=False)
        ]
    )


def _adding(view: IndicatorPage) -> list[Component]:
    def at(part: str) -> dict[str, Any]:
        return ids.of_indicator(f"action-{part}", view.slug)

    return [
        html.Div(id=at("errors")),
        *_fields(at, view.actions.owners, None, view.actions.lead_key),
        html.Div(dbc.Button("Add this action", id=ids.of_indicator("add-action", view.slug)), className="buttons"),
    ]


def _changing(line: ActionLine, actions: Actions) -> list[Component]:
    def at(part: str) -> dict[str, Any]:
        return ids.of_action(part, line.id)

    now = line.now
    states = [{"label": said, "value": state.value} for state, said in words.ACTION_STATE.items()]
    return [
        dcc.Location(id=at("go"), refresh="callback-nav"),
        dcc.Store(id=at("version"), data=line.version),
        html.Div(id=at("errors")),
        parts.field("It is", dbc.Select(id=at("state"), options=states, value=now.state.value)),
        parts.field(
            "A word on the change",
            dbc.Input(id=at("word"), type="text", autoComplete="off"),
            "Needed where it is done, dropped, opened again or moved to another day.",
        ),
        parts.field(
            "Evidence of impact",
            dbc.Textarea(id=at("evidence"), rows=2, value=now.evidence),
            "What it changed, and how that is known.",
        ),
        *_fields(at, actions.owners, now, now.owner_key),
        html.Div(dbc.Button("Save this action", id=at("change")), className="buttons"),
    ]


def _fields(at: Any, owners: Sequence[tuple[str, str]], now: Step | None, owner: str) -> list[Component]:
    """What an action says: the same fields for a new one and for one that is there."""
    options = [{"label": name, "value": key} for key, name in (("", "Partnership team"), *owners)]
    due_on = now.due_on.isoformat() if now and now.due_on else None
    return [
        parts.field("What will be done", dbc.Textarea(id=at("text"), rows=2, value=now.text if now else "")),
        parts.field("Who does it", dbc.Select(id=at("owner"), options=options, value=owner)),
        parts.field(
            "Who there, if known",
            dbc.Input(id=at("named"), type="text", autoComplete="off", value=now.named if now else ""),
            "A job or a name.",
        ),
        parts.field(
            "Due on, if known",
            dbc.Input(id=at("due"), type="date", class_name="figure", value=due_on),
        ),
    ]


def adding_errors(fields: Mapping[str, str], code: str) -> list[Component]:
    """What is wrong with the form that adds an action to an indicator."""
    return _errors(fields, lambda part: ids.of_indicator(f"action-{part}", code))


def changing_errors(fields: Mapping[str, str], number: int) -> list[Component]:
    """What is wrong with the form on an action."""
    return _errors(fields, lambda part: ids.of_action(part, number))


def _errors(fields: Mapping[str, str], at: Any) -> list[Component]:
    """Each sentence with a link to its field; `at` makes the form's ids."""
    return parts.error_summary(
        (said, ids.written(at(name)) if name in FIELDS else None) for name, said in fields.items()
    )


def on_desk(lines: Sequence[ActionLine]) -> list[Component]:
    """What a side's desk says of its open actions: those that are overdue or due soon, and which have no date."""
    pressing = [line for line in lines if line.urgency in (Urgency.OVERDUE, Urgency.SOON)]
    undated = dict.fromkeys(line.indicator for line in lines if line.urgency is Urgency.UNDATED)
    body: list[Component] = []
    if pressing:
        body.append(listed(pressing, named=True))
    if undated:
        links: list[Any] = []
        for code in undated:
            links += [", ", parts.link(code, f"{parts.indicator_address(code)}#actions")]
        body.append(html.P(["Open actions without a due date: ", *links[1:], "."], className="soft"))
    return [html.H2("Actions overdue or due soon" if pressing else "Actions"), *body] if body else []
