"""Drawing risks: the page with the matrix, the lists of them wherever there are some, and the forms of who may write."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids, parts, past, risk_matrix
from layouts.drawing import Drawing
from models.rules.actions import Urgency
from models.rules.risks import SCALE
from portal import words
from portal.viewmodels.indicator_page import IndicatorPage
from portal.viewmodels.risks import RiskLine, Risks, RisksPage, RiskStepped
from portal.words import risks as words_of

FIELDS = ("about", "text", "likelihood", "impact", "mitigation", "owner", "named", "review", "state", "word")
NEW = 0
"""What the form for a new risk has for a number: no risk has it."""


def risks(view: RisksPage) -> tuple[str, Component]:
    """All risks: what is to be looked at first, the matrix, the open ones, and for who may, the forms."""
    found, path = view.risks, "/risks"
    body: list[Any] = [html.P(f"{words.capital(words_of.counted(found.lines))}.", className="group")]
    if found.open:
        body += [_matrix(found), html.H2("Open risks, overdue reviews first, then the heaviest")]
        body += [_risk(line, found, named=True) for line in found.open]
    else:
        body = [parts.empty(words_of.NONE, "Write the first one below." if found.about else words_of.WHO_WRITES)]
    if found.about:
        body.append(parts.folded("Add a risk", *_adding(found), opened=not found.lines))
    if found.closed:
        summary = f"{words.plural(len(found.closed), 'risk')} closed"
        body.append(parts.folded(summary, *(_risk(line, found, named=True) for line in found.closed)))
    return parts.page(
        "Risks", parts.heading("Risks"), *past.banner(view.as_at, path), *body, past.chooser(view.as_at, path)
    )


def _matrix(found: Risks) -> Component:
    about = f"Number of open risks by likelihood and impact. {words_of.SCORING} {words_of.bands()} {words_of.SOURCE}"
    rows = [
        (
            f"{likelihood} {words_of.LIKELIHOOD[likelihood]}",
            *(_there(found.matrix.get((likelihood, impact), ())) for impact in SCALE),
        )
        for likelihood in reversed(SCALE)
    ]
    head = ("Likelihood", *(f"Impact {impact} {words_of.IMPACT[impact]}" for impact in SCALE))
    table = parts.table("Open risks by likelihood and impact", head, rows)
    caption = [html.Strong(words_of.matrix_title(found)), html.Span(about, className="source")]
    return html.Figure(
        [
            html.Figcaption(caption),
            html.Div(Drawing(risk_matrix.matrix(found)), className="risk-matrix"),
            parts.folded("The same as a table", table, opened=True),
        ]
    )


def _there(lines: Sequence[RiskLine]) -> Component | str:
    """The risks of one field, each as the way to it."""
    if not lines:
        return "–"
    drawn: list[Any] = []
    for line in lines:
        drawn += [", ", html.A(words_of.on(line), href=f"#{_place(line)}")]
    return html.Span([f"{len(lines)}: ", *drawn[1:]])


def _place(line: RiskLine) -> str:
    return f"risk-{line.id}"


def due(line: RiskLine) -> Component:
    """When a risk is to be looked at again; what is overdue stands in a box and says so first."""
    return html.Span(words_of.review(line), className="tag tag-late" if line.overdue else "soft")


def weight(step: RiskStepped) -> Component:
    """What a risk weighs: the band in words, with the score and what it is made of."""
    return html.Span(words_of.weighed(step), className=f"band-{risk_matrix.TONE[step.band]}")


def listed(lines: Sequence[RiskLine]) -> Component:
    """Risks in short, each with what it is on, what it weighs, who answers for it and when it is to be looked at."""
    items = [
        html.Li(
            [
                html.Div([parts.link(parts.code(words_of.on(line)), _address(line)), " ", line.now.text]),
                html.Div([html.Div(weight(line.now)), html.Div(words_of.owner(line.now), className="soft"), due(line)]),
            ]
        )
        for line in lines
    ]
    return html.Ul(items, className="actions")


def _address(line: RiskLine) -> str:
    if line.indicator:
        return f"{parts.indicator_address(line.indicator)}#risks"
    return f"/risks#{_place(line)}"


def section(view: IndicatorPage) -> Component:
    """The risks of one indicator: the open ones, then those that were closed; and for who may, the forms."""
    found = view.risks
    body: list[Any] = [html.H2("Risks")]
    if found.open:
        body.append(html.P(f"{words.capital(words_of.counted(found.lines))}. {words_of.SCORING}", className="soft"))
        body += [_risk(line, found) for line in found.open]
    else:
        body.append(parts.empty(words_of.NONE))
    if found.about:
        body.append(parts.folded("Add a risk", *_adding(found)))
    if found.closed:
        summary = f"{words.plural(len(found.closed), 'risk')} closed"
        body.append(parts.folded(summary, *(_risk(line, found) for line in found.closed)))
    body.append(html.P(parts.link("All risks, and the matrix", parts.address("/risks", None, view.as_at))))
    return html.Section(body, id="risks", tabIndex="-1")


def of_theme(lines: Sequence[RiskLine]) -> list[Component]:
    """The open risks of a theme and of its indicators."""
    if not lines:
        return []
    return [html.Section([html.H2("Risks"), listed(lines), html.P(parts.link("All risks, and the matrix", "/risks"))])]


def on_desk(lines: Sequence[RiskLine]) -> list[Component]:
    """What a side's desk says of its risks: those to be looked at again, now or soon."""
    pressing = [line for line in lines if line.urgency in (Urgency.OVERDUE, Urgency.SOON)]
    return [html.H2("Risks to be looked at again, now or soon"), listed(pressing)] if pressing else []


def _risk(line: RiskLine, found: Risks, *, named: bool = False) -> Component:
    """One risk with what became of it, and for who may the form to change it."""
    now = line.now
    on = [_on(line)] if named else []
    side = html.Div([html.Div(weight(now)), html.Div(words_of.owner(now), className="soft"), due(line)])
    body: list[Any] = [
        *on,
        html.Div([html.Div(html.Strong(now.text), className="typed"), side], className="what"),
        *(
            [html.P("Mitigation:", className="soft"), *parts.paragraphs(now.mitigation)]
            if now.mitigation
            else [html.P("No mitigation has been written yet.", className="soft")]
        ),
        parts.folded("What became of it", _history(line)),
    ]
    if line.may_change:
        body.append(parts.folded("Change it, or say what the review found", *_changing(line, found)))
    return html.Article(body, className="action", id=_place(line), tabIndex="-1")


def _on(line: RiskLine) -> Component:
    if line.indicator:
        named = [parts.code(line.indicator), " ", line.indicator_title]
        return html.P(parts.link(named, _address(line)), className="group")
    return html.P(parts.link(words_of.on(line), f"/themes/{line.theme_key}"), className="group")


def _history(line: RiskLine) -> Component:
    earlier: list[RiskStepped | None] = [None, *line.steps]
    return html.Ul(
        [
            html.Li(
                [
                    html.Span(f"{words.day(after.day)}{f', {after.who}' if after.who else ''}: ", className="soft"),
                    words_of.step(before, after),
                    *([f" {after.reason}"] if after.reason else []),
                ]
            )
            for before, after in zip(earlier, line.steps, strict=False)
        ]
    )


def _adding(found: Risks) -> list[Component]:
    options = [{"label": name, "value": key} for key, name in found.about]
    chosen = options[0]["value"] if len(options) == 1 else None
    return [
        dcc.Location(id=_at(NEW, "go"), refresh="callback-nav"),
        html.Div(id=_at(NEW, "errors")),
        parts.field("What it is a risk to", dbc.Select(id=_at(NEW, "about"), options=options, value=chosen)),
        *_fields(NEW, found, None, found.lead_key),
        html.Div(dbc.Button("Add this risk", id=_at(NEW, "add")), className="buttons"),
    ]


def _changing(line: RiskLine, found: Risks) -> list[Component]:
    states = [{"label": said, "value": state.value} for state, said in words_of.RISK_STATE.items()]
    return [
        dcc.Location(id=_at(line.id, "go"), refresh="callback-nav"),
        dcc.Store(id=_at(line.id, "version"), data=line.version),
        html.Div(id=_at(line.id, "errors")),
        parts.field("It is", dbc.Select(id=_at(line.id, "state"), options=states, value=line.now.state.value)),
        parts.field(
            "A word on the change",
            dbc.Input(id=_at(line.id, "word"), type="text", autoComplete="off"),
            "What the review found. Needed where it is closed, opened again, weighed otherwise, or its review is moved.",
        ),
        *_fields(line.id, found, line.now, line.now.owner_key),
        html.Div(dbc.Button("Save this risk", id=_at(line.id, "change")), className="buttons"),
    ]


def _fields(number: int, found: Risks, now: RiskStepped | None, owner: str) -> list[Component]:
    """What a risk says: the same fields for a new one and for one that is there."""
    owners = [{"label": name, "value": key} for key, name in (("", "Partnership team"), *found.owners)]
    mitigation = dbc.Textarea(id=_at(number, "mitigation"), rows=2, value=now.mitigation if now else "")
    again = now.review_on.isoformat() if now else None
    return [
        parts.field("What may go wrong", dbc.Textarea(id=_at(number, "text"), rows=2, value=now.text if now else "")),
        _scale(number, "likelihood", words_of.LIKELIHOOD, now.likelihood if now else None),
        _scale(number, "impact", words_of.IMPACT, now.impact if now else None),
        parts.field("Mitigation", mitigation, "What is done to make it less likely, or less bad."),
        parts.field(
            "Who answers for it",
            dbc.Select(id=_at(number, "owner"), options=owners, value=owner),
            "The partnership team, where nobody else is chosen.",
        ),
        parts.field(
            "Who there, if known",
            dbc.Input(id=_at(number, "named"), type="text", autoComplete="off", value=now.named if now else ""),
            "A job or a name.",
        ),
        parts.field(
            "To be looked at again on",
            dbc.Input(id=_at(number, "review"), type="date", class_name="figure", value=again),
        ),
    ]


def _scale(number: int, name: str, said: Mapping[int, str], value: int | None) -> Component:
    options = [{"label": f"{one} {said[one]}", "value": str(one)} for one in SCALE]
    chosen = dbc.Select(id=_at(number, name), options=options, value=str(value) if value else None)
    return parts.field(words.capital(name), chosen)


def _at(number: Any, part: str) -> dict[str, Any]:
    return ids.of_risk(part, number)


def errors(fields: Mapping[str, str], number: int) -> list[Component]:
    """What is wrong with a form on a risk, each sentence with a link to its field."""
    return parts.error_summary(
        (said, ids.written(_at(number, name)) if name in FIELDS else None) for name, said in fields.items()
    )
