"""Drawing the self-assessment of a year: its texts with live figures, what the check found, its circulation, its annex."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids, parts, review_forms
from models.rules.consistency import Found
from portal import words
from portal.viewmodels.self_assessment import AnnexLine, Answer, Block, Document, Piece, Promise, SelfAssessment
from portal.words import self_assessment as words_of

COUNTS = (
    ("on-track", "On track"),
    ("off-trajectory", "Off trajectory, expected to recover"),
    ("at-risk", "At risk"),
    ("no-data", "No data"),
)


def way_in(view: SelfAssessment) -> Component:
    """The links from the top of the page to the parts of the document."""
    if view.document is None:
        return html.P("The self-assessment has not reached you yet.", className="soft")
    places = [("#self-assessment", "Self-assessment"), ("#circulation", "Circulation"), ("#annex", "Annex")]
    if view.may_write:
        places.insert(1, ("#check", f"Check ({len(view.findings)} found)"))
    links = [html.A(text, href=address) for address, text in places]
    return html.P(_between([*links, *_files(view)]))


def _files(view: SelfAssessment) -> list[Component]:
    more = {"version": str(view.shown.number)} if view.shown else {}
    address = f"/annual-review/{view.slug}/self-assessment"
    return [
        html.A(text, href=parts.address(f"{address}.{ending}", None, view.as_at, more))
        for ending, text in (("docx", "Word"), ("pdf", "PDF"))
    ]


def _between(links: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for link in links:
        found += [" · ", link]
    return found[1:]


def sections(view: SelfAssessment) -> list[Component]:
    """The document under the counts and lists; nothing where there is none to read."""
    document = view.document
    if document is None:
        return []
    return [
        html.Section(
            [
                html.H2("Self-assessment"),
                *_standing(view),
                *(_text(view, document.answer(key), html.H3) for key in words_of.NOTES),
                *(_head(view, number, title, len(questions)) for number, title, questions in words_of.HEADS),
            ],
            id="self-assessment",
            tabIndex="-1",
        ),
        *_commitments(view, document),
        *_check(view, document),
        _circulation(view),
        _annex(view, document),
    ]


def _standing(view: SelfAssessment) -> list[Component]:
    document, shown = view.document, view.shown
    assert document is not None
    body: list[Component] = []
    if shown is None:
        body.append(
            html.P(f"Draft: {view.answered} of {len(words_of.QUESTIONS)} answered. Figures follow the returns.")
        )
    else:
        by = f" by {shown.who}" if shown.who else ""
        body.append(
            html.P(f"Version {shown.number}, signed off on {words.day(shown.day)}{by}. Its figures are frozen.")
        )
        counts = ", ".join(f"{len(document.of(one))} {words.CATEGORY[one].lower()}" for one in words.CATEGORY)
        body.append(html.P(f"As it was signed off: {counts}.", className="soft"))
        if shown.weighed:
            body.append(html.P(f"On what was open then: {shown.weighed}", className="typed"))
        if shown.reopened_on:
            body.append(html.P(f"Opened again on {words.day(shown.reopened_on)}: {shown.reopened}", className="past"))
        body.append(html.P(f"Its content has the SHA-256 hash {document.hash}", className="soft hash"))
        body.append(dcc.Store(id=ids.of_review("version", view.slug), data=shown.number))
    return [*body, *review_forms.reopen(view), *_versions(view)]


def _versions(view: SelfAssessment) -> list[Component]:
    others = [one for one in view.versions if view.shown is None or one.number != view.shown.number]
    path = f"/annual-review/{view.slug}"
    links: list[Any] = [
        parts.link(
            f"Version {one.number} of {words.day(one.day)}",
            parts.address(path, None, view.as_at, {"version": str(one.number)}) + "#self-assessment",
        )
        for one in others
    ]
    if view.shown is not None and view.shown.reopened:
        links.insert(0, parts.link("What counts now", parts.address(path, None, view.as_at)))
    return [html.P(["Other versions: ", *_between(links)])] if links else []


def _head(view: SelfAssessment, number: str, title: str, questions: int) -> Component:
    document = view.document
    assert document is not None
    keys = [f"{number}.{each}" for each in range(1, questions + 1)]
    return html.Section([html.H3(f"{number} {title}"), *(_text(view, document.answer(key), html.H4) for key in keys)])


def _text(view: SelfAssessment, answer: Answer, heading: Any) -> Component:
    said = blocks(answer.blocks, view) or [html.P(words_of.NOT_ANSWERED, className="soft")]
    helped = [html.P(f"Contributors: {answer.contributors}", className="soft")] if answer.contributors else []
    form = review_forms.answer(view, answer.key)
    return html.Div(
        [heading(words_of.heading_of(answer.key)), *said, *helped, *form],
        id=review_forms.anchor(answer.key),
        className="answer",
        tabIndex="-1",
    )


def blocks(said: Iterable[Block], view: SelfAssessment) -> list[Component]:
    """Texts as paragraphs and lists, each live figure with the way to what says why."""
    drawn: list[Component] = []
    for item, lines in groupby(said, lambda block: block.item):
        pieces = [[_piece(piece, view) for piece in block.pieces] for block in lines]
        drawn += [html.Ul([html.Li(one) for one in pieces])] if item else [html.P(one) for one in pieces]
    return drawn


def _piece(piece: Piece, view: SelfAssessment) -> Any:
    """A place with a slash is an indicator's own page, which not everybody who reads this may open."""
    elsewhere = piece.why.startswith("/")
    if not piece.why or (elsewhere and not view.may_say):
        return piece.text
    address = piece.why if elsewhere else f"#{piece.why}"
    return html.A([piece.text, html.Span("why?", className="why")], href=address, className="sourced")


def _commitments(view: SelfAssessment, document: Document) -> list[Component]:
    body: list[Component] = []
    for title, found in (
        ("What we said last year", document.last_year),
        ("What we will do by the next review", document.commitments),
    ):
        if found:
            body += [html.H3(title), html.Ul([_promise(view, one) for one in found])]
    form = review_forms.commitment(view)
    if not body:
        body = [html.P("No commitment has been written yet.", className="soft")]
    return [html.Section([html.H2("Commitments"), *body, *form], id="commitments", tabIndex="-1")]


def _promise(view: SelfAssessment, one: Promise) -> Component:
    about = f"{one.indicator}, " if one.indicator else ""
    outcome = f"Outcome: {one.outcome}" if one.outcome else "No outcome has been said yet."
    form = [review_forms.outcome(one)] if view.may_say and one.id else []
    return html.Li([one.text, html.Div(f"{about}{one.owner}. {outcome}", className="soft"), *form])


def _check(view: SelfAssessment, document: Document) -> list[Component]:
    if view.shown is not None or not view.may_say:
        return []
    silent = [one.key for one in document.answers if not one.blocks]
    body: list[Component] = []
    if view.findings:
        body.append(html.Ul([_found(one, document) for one in view.findings], className="found"))
    else:
        body.append(html.P("The check finds nothing."))
    body.append(html.P(words_of.CHECKED, className="soft"))
    if silent:
        links = [html.A(words_of.short_of(key), href=f"#{review_forms.anchor(key)}") for key in silent]
        body.append(html.P(["Not written yet: ", *_between(links)]))
    form = [review_forms.sign(view, len(view.findings) + len(silent))] if view.may_write else []
    return [html.Section([html.H2("Check and sign-off"), *body, *form], id="check", tabIndex="-1")]


def _found(one: Found, document: Document) -> Component:
    said = words_of.found(one, {theme.key: theme.title for theme in document.themes})
    if not one.where:
        return html.Li(said)
    place = html.A(words.capital(words_of.short_of(one.where)), href=f"#{review_forms.anchor(one.where)}")
    return html.Li([place, ": ", said, html.Div(f"“{one.said}”", className="soft")])


def _circulation(view: SelfAssessment) -> Component:
    heading = html.H2("Circulation")
    if view.shown is None:
        said = (
            "Only what is signed off circulates: to the delivery groups, the Partnership Executive, Government Office."
        )
        return html.Section([heading, html.P(said)], id="circulation", tabIndex="-1")
    rows = [
        (
            words_of.STAGE[one.stage],
            words.day(one.decided_on) if one.decided_on else "–",
            words_of.DECISION[one.decision] if one.decision else "Not decided yet",
            one.word or "–",
        )
        for one in view.stages
    ]
    forms = [review_forms.decision(view, one) for one in view.stages if one.may_decide]
    table = parts.table("Who it goes to, in this order", ("Stage", "Date", "Decision", "A word on it"), rows)
    return html.Section([heading, table, *forms], id="circulation", tabIndex="-1")


def _annex(view: SelfAssessment, document: Document) -> Component:
    key = [html.Li([parts.short_rating(rating), f": {said}"]) for rating, said in words_of.KEY]
    measures = f"{document.measures} measures of {document.indicators} indicators"
    return html.Section(
        [
            html.H2("Annex: figures and ratings"),
            html.P(
                f"At the end of {words.period(document.period)}. The agreement has {measures}.", id="count-measures"
            ),
            html.Ul(key, className="plain"),
            parts.table(
                f"The {len(document.annex)} measures of the {len(document.listed)} designated indicators",
                ("Indicator", "Figure", "Milestone", "Year’s target", "Now", "Year’s end"),
                [_line(one) for one in document.annex],
                (1, 2, 3),
            ),
            _counts(document),
            _themes(document),
        ],
        id="annex",
        tabIndex="-1",
    )


def _line(one: AnnexLine) -> tuple[Any, ...]:
    unit = [html.Div(one.unit, className="soft")] if one.unit and one.unit != "%" else []
    why = parts.folded("Why?", *(html.P(sentence) for sentence in one.why))
    named = html.Div([parts.code(one.code), " ", one.title, *unit, why], id=f"figure-{one.slug}", tabIndex="-1")
    now = parts.short_rating(one.rating) if one.rating else html.Span(one.reason, className="rating none")
    judged = [html.Div(words.JUDGED, className="soft")] if one.judged else []
    target = html.Span(one.target, className="wraps")
    return named, one.figure, one.milestone, target, html.Div([now, *judged]), parts.short_rating(one.forecast)


def _counts(document: Document) -> Component:
    rows: list[tuple[Any, ...]] = [
        (
            html.Span(title, id=f"count-{key}", tabIndex="-1"),
            str(len(found)),
            ", ".join(one.code for one in found) or "–",
        )
        for (key, title), found in zip(COUNTS, (document.of(one) for one in words.CATEGORY), strict=True)
    ]
    rows.append((html.Span("All designated", id="count-designated", tabIndex="-1"), str(len(document.listed)), ""))
    rows.append((html.Span("All in the agreement", id="count-indicators", tabIndex="-1"), str(document.indicators), ""))
    return parts.table("The counts, and what is counted", ("Category", "Indicators", "Which"), rows, (1,))


def _themes(document: Document) -> Component:
    rows = [
        (
            html.Span(one.title, id=f"theme-{one.key}", tabIndex="-1"),
            *(str(n) for n in (one.better, one.within, one.worse, one.no_rating)),
        )
        for one in document.themes
    ]
    head = ("Theme", "★ Better", "● Within range", "▲ Worse", "– No rating")
    return parts.table("All indicators of the agreement, by theme", head, rows, (1, 2, 3, 4))
