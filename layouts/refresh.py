"""Drawing a refresh: what is proposed beside what was agreed, what it would have meant, and who has consented."""

from collections.abc import Mapping, Sequence

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids, parts
from models.rules.refresh import Term
from portal import words
from portal.viewmodels.refresh import Change, Consent, RefreshDesk, RefreshPage
from portal.words import refresh as said

FIELD = {
    "title": "title",
    "refresh_reason": "why",
    "in_force_from": "from",
    "measure": "measure",
    "term": "term",
    "proposed": "proposed",
    "change_reason": "because",
    "who": "who",
    "said_by": "said-by",
    "leave_reason": "leave-why",
}
"""The field of each name that is wrong."""
HOW = (
    "A target: a figure, a range like 10 to 15, or not set, dropped, withdrawn, maa only. A baseline: a figure, and its "
    "period after a semicolon. A tolerance: a figure in the measure's unit, or with % of the milestone. How "
    "often: monthly, quarterly, half-yearly, yearly. A lead or partners: their keys, with semicolons between."
)
ALL = "all"
OFFICE = "office"


def refresh(view: RefreshDesk) -> tuple[str, Component]:
    """The open refresh, or the form that starts one."""
    body: list[Component] = [
        html.P(parts.link("The agreement and its versions", "/agreement")),
        dcc.Location(id=ids.of_refresh("go"), refresh="callback-nav"),
        html.Div(id=ids.of_refresh("errors")),
    ]
    body += _start() if view.refresh is None else _open(view, view.refresh)
    return parts.page("Refresh", parts.heading("Refresh of the agreement", view.agreement), *body)


def _start() -> list[Component]:
    return [
        html.P("No refresh is open. A refresh proposes changes, gathers consents and is agreed as a whole; until then "
               "nothing changes for anyone."),
        html.Section(
            [
                html.H2("Start a refresh"),
                parts.field("Its name", _text("title", "Refresh of March 2009")),
                parts.field("Why", dbc.Textarea(id=ids.of_refresh("why"), rows=2)),
                parts.field("In force from", _text("from", "2009-03-31")),
                html.Div(dbc.Button("Start this refresh", id=ids.of_refresh("start")), className="buttons"),
            ],
            className="judging",
        ),
    ]  # fmt: skip


def _open(view: RefreshDesk, found: RefreshPage) -> list[Component]:
    state = f"{words.plural(found.missing, 'consent')} missing" if found.missing else "all consents given"
    return [
        dcc.Store(id=ids.of_refresh("version"), data=found.version),
        html.H2(found.title),
        parts.facts(
            [
                ("Changes", f"'{found.base.title}', in force from {words.day(found.in_force_from)}"),
                ("Why", found.reason),
                ("It comes to", said.summary(found.summary)),
                ("Consents", state if found.proposed else "nothing is proposed yet"),
            ]
        ),
        *([_changes(found), _consents(found)] if found.proposed else []),
        _propose(view),
        *([_consent(found)] if found.proposed else []),
        _end(found),
    ]


def _changes(found: RefreshPage) -> Component:
    rows = [_change(change) for one in found.proposed for change in one.changes]
    head = ("Indicator", "What", "Agreed now", "Proposed", "What it does", "Why", "Action")
    return html.Section([html.H2("Proposed"), parts.table("Every change that is proposed", head, rows)])


def _change(change: Change) -> tuple[object, ...]:
    name = f" {said.term(change).lower()} of {change.measure or change.indicator}"
    button = dbc.Button(
        ["Take back", html.Span(name, className="visually-hidden")],
        id=ids.of_change("take-back-change", change.id),
        size="sm",
        outline=True,
        color="secondary",
    )
    tried = html.Div(said.moves(change.moves), className="soft") if change.term is Term.TARGET else None
    return (
        [parts.code(change.measure or change.indicator), " ", change.title],
        said.term(change),
        said.value(change.old, change.term, change.unit),
        html.Strong(said.value(change.new, change.term, change.unit)),
        [said.stretched(change.stretch), tried] if change.stretch else "–",
        change.reason,
        button,
    )


def _consents(found: RefreshPage) -> Component:
    rows = [
        (
            [parts.code(one.code), " ", one.title],
            _names(one.consents, given=True),
            _names(one.consents, given=False),
            _names(one.consents, given=None),
        )
        for one in found.proposed
    ]
    head = ("Indicator", "Consent given", "Refused", "Still to come")
    caption = "To all that is proposed for an indicator; a later change asks for them again"
    return html.Section([html.H2("Consents"), parts.table(caption, head, rows)])


def _names(consents: Sequence[Consent], *, given: bool | None) -> object:
    found = [
        html.Li([consent.name, html.Span(f" – {consent.said_by}", className="soft") if consent.said_by else None])
        for consent in consents
        if consent.given is given
    ]
    return html.Ul(found, className="plain") if found else "–"


def _propose(view: RefreshDesk) -> Component:
    at = ids.of_refresh
    measures = [{"label": f"{one.code} {one.title}"[:90], "value": one.code} for one in view.measures]
    terms = [{"label": f"Target {year}", "value": f"{Term.TARGET} {year}"} for year in view.years]
    others = (Term.BASELINE, Term.TOLERANCE, Term.POLARITY, Term.FREQUENCY, Term.LEAD, Term.PARTNERS)
    terms += [{"label": said.TERM[term], "value": str(term)} for term in others]
    return html.Section(
        [
            html.H2("Propose a change"),
            parts.field("Measure", dbc.Select(id=at("measure"), options=measures)),
            parts.field("What", dbc.Select(id=at("term"), options=terms)),
            parts.field("Proposed", _text("proposed", ""), HOW),
            parts.field("Why", dbc.Textarea(id=at("because"), rows=2)),
            html.Div(dbc.Button("Propose", id=at("propose")), className="buttons"),
        ],
        className="judging",
    )


def _consent(found: RefreshPage) -> Component:
    at = ids.of_refresh
    asked = dict.fromkeys((consent.key, consent.name) for one in found.proposed for consent in one.consents)
    who = [{"label": name, "value": key or OFFICE} for key, name in asked]
    about = [{"label": "All that needs its consent", "value": ALL}]
    about += [{"label": f"{one.code} {one.title}"[:90], "value": one.code} for one in found.proposed]
    answers = [{"label": "Consents", "value": "yes"}, {"label": "Does not consent", "value": "no"}]
    return html.Section(
        [
            html.H2("Record a consent"),
            parts.field("Who", dbc.Select(id=at("who"), options=who)),
            parts.field("To what", dbc.Select(id=at("about"), options=about, value=ALL)),
            parts.field("Answer", dbc.Select(id=at("given"), options=answers, value="yes")),
            parts.field(
                "Who said so, and when",
                _text("said-by", "Chief Superintendent, 2 March 2009"),
            ),
            html.Div(dbc.Button("Record", id=at("consent")), className="buttons"),
        ],
        className="judging",
    )


def _end(found: RefreshPage) -> Component:
    at = ids.of_refresh
    ready = bool(found.proposed) and not found.missing
    text = (
        "A new version is made, in force from its day; ratings made before stay as they are."
        if ready
        else ("It can be agreed when something is proposed and every consent is given.")
    )
    return html.Section(
        [
            html.H2("Agree it, or leave it"),
            html.P(text),
            html.Div(dbc.Button("Agree the refresh", id=at("agree"), disabled=not ready), className="buttons"),
            parts.field("Why it is left, if it is", _text("leave-why", "")),
            html.Div(
                dbc.Button("Leave the refresh", id=at("leave"), outline=True, color="secondary"), className="buttons"
            ),
        ],
        className="judging",
    )


def _text(part: str, example: str) -> Component:
    return dbc.Input(id=ids.of_refresh(part), type="text", placeholder=example, autoComplete="off")


def errors(fields: Mapping[str, str]) -> list[Component]:
    """The error summary of the page's forms."""
    return parts.error_summary(
        (sentence, ids.of_refresh(FIELD[name]) if name in FIELD else None) for name, sentence in fields.items()
    )
