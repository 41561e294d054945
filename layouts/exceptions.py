"""Drawing the monthly exception report: what, why, what next, who leads, money and risks; to be read and printed."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts import actions, parts, risks
from models.rules.codes import period_slug
from models.rules.exceptions import Ground
from portal import words
from portal.viewmodels.exceptions import Entry, ExceptionReport
from portal.words import exceptions as words_of

PATH = "/exceptions"


def report(view: ExceptionReport) -> tuple[str, Component]:
    """The report of one month, and the way to those beside it."""
    title = words_of.title(view)
    notes = [said for said in (words_of.compared(view), words_of.left(view)) if said]
    body: list[Any] = [html.P(html.Strong(words_of.counted(view)), className="group" if view.entries else "calm")]
    body += [html.P(said) for said in notes]
    if view.entries:
        body += [_summary(view), *(_entry(entry, view) for entry in view.entries)]
    return parts.page(
        title,
        parts.heading(title, view.agreement),
        _months(view),
        html.P(f"{words_of.ABOUT} {words_of.known(view)}", className="soft"),
        *([_download(view)] if view.known else []),
        *body,
    )


def _months(view: ExceptionReport) -> Component:
    items = [
        html.Li(parts.link(words_of.month(one), f"{PATH}?month={one:%Y-%m}"))
        for one in (view.earlier,)
        if one is not None
    ]
    items.append(html.Li(html.Span(words_of.month(view.month), **parts.aria(current="true"))))
    if view.later is not None:
        items.append(html.Li(parts.link(words_of.month(view.later), f"{PATH}?month={view.later:%Y-%m}")))
    return html.Nav(html.Ul(items), className="periods", **parts.aria(label="Month"))


def _download(view: ExceptionReport) -> Component:
    address = f"{PATH}.docx?month={view.month:%Y-%m}"
    return html.P(html.A("Download as a Word document", href=address), className="buttons")


def _summary(view: ExceptionReport) -> Component:
    """Everything on one sheet: who is here, why, who leads, and how much is being done."""
    rows = [
        (
            html.A(parts.named(entry.standing), href=f"#{_place(entry)}"),
            parts.short_rating(entry.standing.rating, entry.standing.no_rating_reason),
            parts.short_rating(entry.standing.forecast),
            words_of.besides(entry),
            entry.standing.lead or "Partnership team",
            words.capital(words.actions_counted(entry.actions)) if entry.actions else words_of.NO_ACTION,
        )
        for entry in view.entries
    ]
    head = ("Indicator", "Now", "Year-end forecast", "Besides", "Lead", "Actions")
    return html.Section([html.H2("In short"), parts.table("What is in this report", head, rows)])


def _place(entry: Entry) -> str:
    return f"entry-{parts.indicator_address(entry.standing.code).rpartition('/')[2]}"


def _entry(entry: Entry, view: ExceptionReport) -> Component:
    one = entry.standing
    address = parts.address(parts.indicator_address(one.code), period_slug(entry.period), view.as_at)
    pairs: list[tuple[Any, Any]] = [
        ("What", _what(entry)),
        ("Why", _why(entry, address)),
        ("What next", _next(entry)),
        ("Lead", one.lead or "Partnership team: nobody leads it"),
        ("Money", words_of.money(entry)),
    ]
    if entry.risks:
        pairs.append(("Risks", risks.listed(entry.risks)))
    tone = " changed" if Ground.CHANGED in entry.grounds else ""
    return html.Article(
        [html.H2(parts.link(parts.named(one), address)), parts.facts(pairs)],
        className=f"exception{tone}",
        id=_place(entry),
        tabIndex="-1",
    )


def _what(entry: Entry) -> Component:
    one = entry.standing
    drawn: list[Any] = [
        html.P(html.Strong(f"{words_of.grounds(entry)}.")),
        html.P(["Now: ", parts.rating(one.rating, one.no_rating_reason)]),
    ]
    if one.forecast is not None:
        drawn.append(html.P(["By the year’s end, as the lead expects: ", parts.rating(one.forecast)]))
    drawn += [html.P(words_of.figures(m, entry.period)) for m in one.measures if m.value is not None]
    said = (words_of.was(entry.before, one.rating, one.forecast), words_of.late(entry))
    return html.Section(drawn + [html.P(sentence) for sentence in said if sentence])


def _why(entry: Entry, address: str) -> Component:
    said = parts.paragraphs(words.said_once(entry.standing.commentary, entry.actions)) or [
        html.P(words_of.NO_WORD, className="soft")
    ]
    rated = [html.P(words.why(m), className="soft") for m in entry.standing.measures if m.value is not None]
    return html.Section([*said, *rated, html.P(parts.link("Why this rating, and all that it rests on", address))])


def _next(entry: Entry) -> Component:
    if not entry.actions:
        return html.Strong(words_of.NO_ACTION)
    return actions.listed(entry.actions)
