"""Drawing the gate: what publishing would change, the publication that is worked on, and the rules for small numbers."""

from collections.abc import Mapping, Sequence

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids, parts
from models.rules.codes import period_slug
from models.rules.gate import Missing, PublicationState, Publishing
from portal import words
from portal.viewmodels.gate import Gate, GateLine, Prepared, Unrated
from portal.words import publication as said

FIELD = {
    "note": "note",
    "publish_at": "at",
    "hold_reason": "why",
    "leave_reason": "why",
    "measure": "measure",
    "below": "below",
    "total": "total",
}
"""The field of each name that is wrong."""
NONE = "none"
PUBLISHED = tuple(kind for kind in Publishing if kind is not Publishing.MISSING)


def gate(view: Gate, published: int = 0) -> tuple[str, Component]:
    """What would change in public, kind by kind, and what can be done about it; `published` is the edition that came
    out just now."""
    return parts.page(
        "Publish",
        parts.heading("Publish", f"{view.agreement} · {words.period(view.period)}"),
        dcc.Location(id=ids.of_gate("go"), refresh="callback-nav"),
        html.Div(id=ids.of_gate("errors")),
        *_published(view, published),
        _periods(view),
        *([_prepared(view.prepared)] if view.prepared else []),
        html.H2(said.heading(view)),
        html.P(f"{words.capital(said.counted(view))}. What the public sees is an edition; it is never changed afterwards."),
        *_front(view),
        *_unrated(view.unrated),
        *(_lines(kind, [line for line in view.lines if line.kind is kind]) for kind in PUBLISHED),
        *_missing([line for line in view.lines if line.kind is Publishing.MISSING]),
        *([] if view.prepared else [_prepare(view)]),
        _small(view),
        html.P(html.A("The page as the public sees it now", href="/")),
    )  # fmt: skip


def _published(view: Gate, number: int) -> list[Component]:
    if not 0 < number < view.edition:
        return []
    link = html.A("See it as the public does", href=f"/editions/{number}")
    return [html.P([html.Strong(f"Edition {number} is published."), " ", link, "."], role="status")]


def _periods(view: Gate) -> Component:
    if len(view.periods) < 2:
        return html.Div()
    links = [
        html.Li(
            html.Span(words.capital(words.period(key)), **parts.aria(current="true"))
            if key == view.period
            else parts.link(words.capital(words.period(key)), f"/publish?period={period_slug(key)}")
        )
        for key in view.periods
    ]
    return html.Nav(html.Ul(links), className="periods", **parts.aria(label="Period"))


def _front(view: Gate) -> list[Component]:
    """What the front page shows now, and what it would show then."""
    if view.front is None:
        return []
    return [
        html.H3("The public's front page"),
        parts.facts([("Now", said.in_front(view.front)), ("Then", said.then(view))]),
    ]


def _unrated(found: Sequence[Unrated]) -> list[Component]:
    """The indicators that would lose their rating, each with the last one."""
    if not found:
        return []
    rows = [
        (
            html.Div([parts.code(one.code), " ", one.title]),
            said.rated_before(one),
            parts.rating(one.rating),
            said.absent(one.state, one.reason),
        )
        for one in found
    ]
    head = ("Indicator", "Last figure", "Rating then", "Why there is none now")
    about = "Indicators that the last edition rates, and this one would not"
    return [html.Section([html.H3(f"Rated before, not now: {len(found)}"), parts.table(about, head, rows)])]


def _lines(kind: Publishing, lines: list[GateLine]) -> Component:
    if not lines:
        return html.Div()
    head, rows = ["Measure", "Period", "In public now", "Then", "Rating then"], []
    for line in lines:
        row: list[object] = [html.Div([parts.code(line.measure), " ", line.title]), words.short_period(line.period)]
        row += [said.shown(line, old=True), said.shown(line), _rated(line)]
        rows.append((*row, *([] if kind is Publishing.NEW else [said.because(line)])))
    head += [] if kind is Publishing.NEW else ["Why"]
    table = parts.table(said.ABOUT[kind], head, rows, (2, 3))
    return html.Section([html.H3(f"{said.KIND[kind]}: {len(lines)}"), table])


def _rated(line: GateLine) -> Component:
    """What becomes of the rating, and of all else that is printed beside the figure."""
    return html.Div([said.rated(line), *(html.Div(one, className="soft") for one in said.beside(line))])


def _missing(lines: list[GateLine]) -> list[Component]:
    """The figures that there are none of, by whom they wait for."""
    if not lines:
        return []
    body: list[Component] = [html.H3(f"{said.KIND[Publishing.MISSING]}: {len(lines)}")]
    for waits in Missing:
        found = [line for line in lines if line.waits is waits]
        if found:
            rows = [(html.Div([parts.code(line.measure), " ", line.title]), said.because(line)) for line in found]
            table = parts.table(said.WAITS[waits], ("Measure", "Why"), rows)
            body.append(parts.folded(f"{said.WAITS[waits]}: {len(found)}", table))
    return [html.Section(body)]


def _prepare(view: Gate) -> Component:
    """The form of whoever prepares: a note, where something that is public would change."""
    if view.refused:
        return parts.empty(view.refused, _to_queue())
    if not view.says_something:
        return parts.empty("The latest edition says all this already. Verify returns first.", _to_queue())
    at = ids.of_gate
    label = "Why, for the public" if view.corrects is not None else "A note for the public, if there is one"
    hint = "What was wrong, or why figures are revised. The new edition prints it, and the old one points to it."
    button = dbc.Button(f"Prepare edition {view.edition}", id=at("prepare"))
    return html.Section(
        [
            html.H2("Prepare"),
            dcc.Store(id=at("period"), data=period_slug(view.period)),
            dcc.Store(id=at("digest"), data=view.digest),
            parts.field(
                label,
                dbc.Textarea(id=at("note"), rows=2),
                hint if view.corrects is not None else "It is printed on the edition.",
            ),
            html.P("Somebody else of the team looks at it after you, and releases it."),
            html.Div(button, className="buttons"),
        ],
        className="judging",
    )


def _prepared(one: Prepared) -> Component:
    """What is prepared, and what this person may do with it."""
    at = ids.of_gate
    body: list[Component] = [
        html.H2(words.capital(f"{words.period(one.period)} is prepared")),
        html.P(f"{said.stands(one)}."),
        *([html.P(["For the public: ", html.Em(one.note)])] if one.note else []),
        dcc.Store(id=at("number"), data=one.id),
        dcc.Store(id=at("version"), data=one.version),
    ]
    waits = one.state is not PublicationState.SCHEDULED
    if waits and one.changed:
        body.append(
            html.P(
                f"By now it would say something else of {said.named(one.differs)}: drop it, and prepare it anew.",
                className="problem",
            )
        )
    elif waits and one.may_release:
        body += [
            parts.field(
                "At which hour, if not now",
                dbc.Input(id=at("at"), type="datetime-local"),
                "The time of this country. Nobody sees the edition before, and everybody from then on.",
            ),
            html.Div(dbc.Button("Release this publication", id=at("release")), className="buttons"),
        ]
    elif waits:
        body.append(html.P("You prepared it: somebody else of the team releases it.", className="soft"))
    buttons = [dbc.Button("Drop it", id=at("leave"), outline=True, color="secondary")]
    if one.state is not PublicationState.HELD:
        buttons.insert(0, dbc.Button("Hold it back", id=at("hold"), outline=True, color="secondary"))
    hint = "Held back, as before an election, it can be released later; dropped, it is prepared anew."
    body += [
        parts.field("Why it is held back or dropped", dbc.Input(id=at("why"), type="text"), hint),
        html.Div(buttons, className="buttons"),
    ]
    return html.Section(body, className="judging")


def _held_by_a_rule(view: Gate) -> list[Component]:
    if view.prepared is None:
        return []
    waits = "waits for its hour" if view.prepared.state is PublicationState.SCHEDULED else "is prepared"
    return [html.P(f"Storing a rule holds back the publication that {waits}.")]


def _small(view: Gate) -> Component:
    """The stored rules, and the form that sets one."""
    at = ids.of_gate
    rows = [(html.Div([parts.code(one.measure), " ", one.title]), said.small(one)) for one in view.small]
    table = parts.table("Measures with a rule", ("Measure", "Rule"), rows) if rows else html.P("No measure has a rule.")
    options = [{"label": f"{code} {title}"[:90], "value": code} for code, title in view.measures]
    nothing = [{"label": "Of none", "value": NONE}]
    return parts.folded(
        "Small numbers that the public does not see",
        table,
        parts.field("Measure", dbc.Select(id=at("measure"), options=options)),
        parts.field(
            "Not shown below",
            dbc.Input(id=at("below"), type="text", inputMode="numeric", autoComplete="off"),
            "A whole number from 2 to 100; empty to take the rule away.",
        ),
        parts.field(
            "It is a part of",
            dbc.Select(id=at("total"), options=nothing + options, value=NONE),
            "Where a total is shown, a second part is hidden with a single small one.",
        ),
        *_held_by_a_rule(view),
        html.Div(dbc.Button("Store this rule", id=at("store"), outline=True, color="secondary"), className="buttons"),
    )


def _to_queue() -> Component:
    return parts.link("The review queue", "/review")


def errors(fields: Mapping[str, str]) -> list[Component]:
    """The error summary of the page's forms."""
    return parts.error_summary(
        (sentence, ids.of_gate(FIELD[name]) if name in FIELD else None) for name, sentence in fields.items()
    )
