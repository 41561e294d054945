"""Drawing the proposals: a matrix of what serves what that is read both ways, its gaps, and the tables of the same."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids, matrix, parts, past
from portal.viewmodels.proposals import Choice, ProposalLine, Proposals, Target
from portal.words import proposals as words_of

PATH = "/proposals"


def proposals(view: Proposals, choice: Choice | None) -> tuple[str, Component]:
    """The page; what is lit in the picture was chosen in the address."""
    body = _shown(view, choice) if view.proposals else [_nothing(view)]
    return parts.page(
        words_of.TITLE,
        parts.heading(words_of.TITLE),
        *past.banner(view.as_at, PATH),
        *body,
        past.chooser(view.as_at, PATH),
    )


def _nothing(view: Proposals) -> Component:
    if view.as_at is not None:
        return parts.empty("No proposal was known on that day.")
    how = "They come in with lpsa2_proposals.csv in the agreement's folder." if view.may_change else ""
    return parts.empty(*filter(None, ("This agreement has no such proposals.", how)))


def _shown(view: Proposals, choice: Choice | None) -> list[Component]:
    return [
        html.P(words_of.ABOUT, className="intro"),
        html.P(words_of.undeveloped(view)),
        html.Section([html.H2("What has nothing behind it"), *map(html.P, words_of.gaps(view)), _idle(view)]),
        html.Section([html.H2("What serves what"), *_chosen(choice, view), _picture(view, choice)]),
        html.Section([html.H2("By proposal"), _by_proposal(view)]),
        *_developing(view),
        html.Section([html.H2("By priority and outcome"), _by_priority(view), _by_outcome(view, choice)]),
    ]


def _idle(view: Proposals) -> Component:
    titles = [f"Priority {key}: {view.priorities[key]}" for key in view.idle_priorities]
    titles += [f"Outcome {number}: {view.outcomes[number]}" for number in view.idle_outcomes]
    return parts.folded("Their titles", html.Ul([html.Li(title) for title in titles])) if titles else html.Div()


def _chosen(choice: Choice | None, view: Proposals) -> list[Component]:
    if choice is None:
        return []
    name = f"{choice.kind.capitalize()} {choice.key}: {choice.title}"
    way_back = parts.link("Show everything", parts.address(PATH, None, view.as_at))
    return [html.P([html.Strong(name), " ", words_of.chosen(choice), " ", way_back], className="past", role="status")]


def _to(view: Proposals, kind: str, key: object) -> str:
    return parts.address(PATH, None, view.as_at, {kind: str(key)})


def _picture(view: Proposals, choice: Choice | None) -> Component:
    about = (
        "A square: the proposal in this row serves the priority or outcome in this column. A column without any is shaded. "
        "Choose a proposal to see what it serves, a letter or a number to see what serves it. Source: the agreement's own "
        "document."
    )
    caption = html.Figcaption([html.Strong(words_of.picture_title(view)), html.Span(about, className="source")])
    drawn = matrix.matrix(view, choice, lambda kind, key: _to(view, kind, key))
    said = html.P(
        "The picture needs a wider screen: the tables below say the same, and can be read both ways.",
        className="narrow",
    )
    return html.Figure([caption, said, drawn])


def _numbers(view: Proposals, kind: str, keys: Sequence[object]) -> Any:
    """Letters or numbers, each as the way to what is linked to it."""
    if not keys:
        return html.Span("none", className="soft")
    found: list[Any] = []
    for key in keys:
        found += [", ", parts.link(str(key), _to(view, kind, key))]
    return html.Span(found[1:])


def _by_proposal(view: Proposals) -> Component:
    rows = [
        (
            html.Span(
                [parts.link(f"{one.number}. {one.title}", _to(view, "proposal", one.number))], id=f"p{one.number}"
            ),
            html.Ul([html.Li(_target(target)) for target in one.targets], className="plain"),
            one.lead or "–",
            html.Ul([html.Li(name) for name in one.partners], className="plain"),
            _numbers(view, "priority", one.priorities),
            _numbers(view, "outcome", one.outcomes),
        )
        for one in view.proposals
    ]
    head = ("Proposal", "Targets", "Lead", "Partners", "Priorities", "Outcomes")
    return parts.table("Proposals with their targets; leads and partners as the document names them", head, rows)


def _target(target: Target) -> list[Any]:
    now = target.now
    state = [] if now.defined else [html.Span(words_of.TO_DEVELOP, className="tag"), " "]
    return [f"{target.letter}. ", *state, now.text]


def _developing(view: Proposals) -> list[Component]:
    """What became of the targets that were to be developed, and for who may, the form that defines one."""
    once = [(one, target) for one in view.proposals for target in one.targets if not target.steps[0].defined]
    if not once:
        return []
    return [html.Section([html.H2("Targets to be developed"), *(_one(line, target, view) for line, target in once)])]


def _one(line: ProposalLine, target: Target, view: Proposals) -> Component:
    earlier = [None, *target.steps]
    history = [html.Li(words_of.step(a, b)) for a, b in zip(earlier, target.steps, strict=False)]
    said = html.P([html.Strong("Defined: " if target.now.defined else f"{words_of.TO_DEVELOP}: "), target.now.text])
    body = [
        html.H3(f"{line.number}{target.letter}, {line.title}"),
        said,
        parts.folded("How it came to this", html.Ul(history)),
    ]
    if view.may_change and not target.now.defined:
        body.append(parts.folded(f"Define target {line.number}{target.letter}", *_form(target)))
    return html.Article(body, className="action")


def _form(target: Target) -> list[Component]:
    def at(part: str) -> dict[str, Any]:
        return ids.of_target(part, target.id)

    hint = "What will be reached, in full. What stands there now is kept on record."
    return [
        dcc.Location(id=at("go"), refresh="callback-nav"),
        dcc.Store(id=at("version"), data=target.version),
        html.Div(id=at("errors")),
        parts.field("The target", dbc.Textarea(id=at("text"), rows=3), hint),
        html.Div(dbc.Button("Save it as defined", id=at("save")), className="buttons"),
    ]


def errors(fields: Mapping[str, str], target: int) -> list[Component]:
    """What is wrong with a form, each sentence with a link to its field."""
    return parts.error_summary((said, ids.written(ids.of_target("text", target))) for said in fields.values())


def _by_priority(view: Proposals) -> Component:
    rows = [
        (
            parts.link(f"{key}. {title}", _to(view, "priority", key)),
            _numbers(view, "proposal", [one.number for one in view.serving(priority=key)]),
        )
        for key, title in view.priorities.items()
    ]
    return parts.table("Corporate priorities and the proposals that serve them", ("Priority", "Proposals"), rows)


def _by_outcome(view: Proposals, choice: Choice | None) -> Component:
    rows = [
        (
            parts.link(f"{number}. {title}", _to(view, "outcome", number)),
            _numbers(view, "proposal", [one.number for one in view.serving(outcome=number)]),
        )
        for number, title in view.outcomes.items()
    ]
    table = parts.table("Outcomes and the proposals that serve them", ("Outcome", "Proposals"), rows)
    opened = choice is not None and choice.kind == "outcome"
    return parts.folded(f"All {len(rows)} outcomes and the proposals that serve them", table, opened=opened)
