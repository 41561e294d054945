"""Drawing money: the page of all that is committed, the section of one indicator, and the forms of its lead."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids, parts, past
from models.rules.terms import Rating
from portal import words
from portal.viewmodels.indicator_page import IndicatorPage
from portal.viewmodels.indicators import IndicatorStanding
from portal.viewmodels.money import IndicatorMoney, Money, MoneyLine, Printed
from portal.viewmodels.money_page import MoneyPage
from portal.words import money as words_of

FEW = 5
"""So many lines of an indicator stand open on its page; more are unfolded by who wants them."""
FIELDS = ("source", "proposal", "amount", "note", "reason")


def money(view: MoneyPage) -> tuple[str, Component]:
    """The page: what is worse and has no money, totals that do not agree, then by theme, source and line."""
    path = "/money"
    said = words.capital(words.period(view.period))
    body: list[Any] = [parts.empty(words_of.NONE, _how_to_add())]
    if view.money.lines:
        body = [
            html.P(
                html.Strong(f"{words.capital(words_of.committed(view.money, view.indicators))}."), className="group"
            ),
            html.P(words_of.IN_SHORT, className="soft"),
            *_without(view),
            *flags(view.money),
            _by_theme(view),
            _by_source(view),
            _by_indicator(view),
            html.P(_how_to_add(), className="soft"),
        ]
    return parts.page(
        f"Money, {words.short_title(view.period)}",
        parts.heading("Money", f"Beside performance · {said}"),
        parts.period_links(view.periods, path, view.as_at),
        *past.banner(view.as_at, parts.address(path, parts.current(view.periods))),
        *body,
        past.chooser(view.as_at, path, parts.current(view.periods)),
    )


def _how_to_add() -> str:
    return "Whoever leads an indicator, and the partnership team, add and withdraw money on the indicator’s own page."


def _without(view: MoneyPage) -> list[Component]:
    """What is worse, or forecast to be, and has no money: the first thing to see."""
    if not view.without:
        said = "Money is recorded for every indicator that is worse than anticipated, or forecast to be."
        return [html.P(said, className="calm")]
    rows = [
        (parts.indicator_link(one, view.period), *_stands(one), one.lead or "Partnership team") for one in view.without
    ]
    head = ("Indicator", "Now", "Year-end forecast", "Lead")
    title = "Worse, or forecast to be, and no money recorded"
    return [html.Section([html.H2(title), parts.table(title, head, rows)], className="attention")]


def _stands(one: IndicatorStanding) -> tuple[Component, Component]:
    return parts.short_rating(one.rating, one.no_rating_reason), parts.short_rating(one.forecast)


def flags(money: Money) -> list[Component]:
    """The printed totals that their lines do not come to."""
    return [_flag(one) for one in money.printed if one.beyond]


def _flag(one: Printed) -> Component:
    return html.Div(
        [
            html.P([html.Strong("Printed total does not agree. "), f"{one.indicator}, {one.source}."]),
            html.P(words_of.disagrees(one)),
            html.P(f"Printed in: {one.printed_in}.", className="soft"),
        ],
        className="dissent",
    )


def _by_theme(view: MoneyPage) -> Component:
    rows = []
    without = {one.code for one in view.without}
    for theme in view.themes:
        own = view.money.of(one.code for one in theme.indicators)
        address = parts.address(f"/themes/{theme.key}", parts.current(view.periods), view.as_at)
        rows.append(
            (
                parts.link(theme.title, address),
                words_of.pounds(own.total),
                len({line.indicator for line in own.standing}),
                theme.counts.total,
                sum(Rating.WORSE in (one.rating, one.forecast) for one in theme.indicators),
                sum(one.code in without for one in theme.indicators),
            )
        )
    worse = "▲ Worse, or forecast to be"
    head = ("Theme", "Committed", "Indicators with money", "All indicators", worse, "Of these without money")
    return html.Section(
        [html.H2("By theme"), parts.table("Money by theme, beside performance", head, rows, range(1, 6))]
    )


def _by_source(view: MoneyPage) -> Component:
    rows = []
    for source in view.money.sources:
        own = view.money.from_source(source)
        printed = html.Div([html.Div(words_of.agrees(one)) for one in own.printed]) if own.printed else "–"
        lines = len(own.standing)
        rows.append(
            (source, words_of.pounds(own.total), lines, len({line.indicator for line in own.standing}), printed)
        )
    head = ("Source", "Committed", "Lines", "Indicators", "Total as printed")
    return html.Section([html.H2("By source"), parts.table("Money by source", head, rows, (1, 2, 3, 4))])


def _by_indicator(view: MoneyPage) -> Component:
    drawn: list[Component] = []
    for one in view.indicators:
        own = view.money.of([one.code])
        if own.standing:
            drawn += [
                html.H3(parts.indicator_link(one, view.period)),
                html.P(["Now: ", parts.rating(one.rating, one.no_rating_reason), *_forecast(one)]),
                lines(own, one.code),
            ]
    return html.Section([html.H2("By indicator, line by line"), *drawn])


def _forecast(one: IndicatorStanding) -> list[Any]:
    return [". By the year’s end, as the lead expects: ", parts.rating(one.forecast)] if one.forecast else []


def lines(own: Money, code: str) -> Component:
    """The lines that count, by source, with their sum."""
    rows: list[Sequence[Any]] = [(_what(line), line.source, words_of.pounds(line.amount)) for line in own.standing]
    rows.append((html.Strong("Sum of these lines"), "", html.Strong(words_of.pounds(own.total))))
    return parts.table(f"Money committed to {code}", ("What for", "Source", "Amount"), rows, (2,))


def _what(line: MoneyLine) -> Component:
    more = [html.Div(said, className="soft") for said in (line.note, words_of.came(line)) if said]
    return html.Div([line.proposal or "Not said", *more])


def section(view: IndicatorPage) -> Component:
    """The money of one indicator; and for who may, the forms."""
    found = view.money
    own = found.money
    body: list[Any] = [html.H2("Money")]
    if own.standing:
        body += [html.P(f"{words_of.in_lines(own)}. {words_of.IN_SHORT}", className="soft"), *flags(own)]
        body.append(parts.folded("Line by line", lines(own, view.indicator.code), opened=len(own.standing) <= FEW))
    else:
        body.append(parts.empty(words_of.NONE))
    if gone := [line for line in own.lines if line.withdrawn is not None]:
        listed = html.Ul([html.Li(words_of.gone(line)) for line in gone])
        body.append(parts.folded(f"{words.plural(len(gone), 'line')} withdrawn", listed))
    if found.may_change:
        body.append(dcc.Location(id=ids.of_indicator("money-go", view.slug), refresh="callback-nav"))
        body.append(parts.folded("Add money", *_adding(view.slug, found)))
        if own.standing:
            body.append(parts.folded("Withdraw money", *_withdrawing(view.slug, own)))
    body.append(html.P(parts.link("All money, by theme and source", parts.address("/money", None, view.as_at))))
    return html.Section(body, id="money", tabIndex="-1")


def _adding(slug: str, found: IndicatorMoney) -> list[Component]:
    known = f"money-known-{slug}"
    return [
        html.Div(id=_at(slug, "errors")),
        parts.field(
            "Where it comes from",
            dbc.Input(id=_at(slug, "source"), type="text", list=known, maxLength=200, autoComplete="off"),
            "The fund or grant, by the same name each time.",
            html.Datalist([html.Option(value=one) for one in found.sources], id=known),
        ),
        parts.field(
            "What it is for",
            dbc.Input(id=_at(slug, "proposal"), type="text", maxLength=500, autoComplete="off"),
            "The proposal, in a few words.",
        ),
        parts.field(
            "Amount in pounds",
            dbc.Input(
                id=_at(slug, "amount"), type="text", inputMode="decimal", class_name="figure", autoComplete="off"
            ),
            "Pounds, and pence if there are any: 22,500 or 1,200.50.",
        ),
        parts.field("Remark, if any", dbc.Input(id=_at(slug, "note"), type="text", autoComplete="off")),
        html.Div(dbc.Button("Add this money", id=_at(slug, "add")), className="buttons"),
    ]


def _withdrawing(slug: str, own: Money) -> list[Component]:
    options = [
        {"label": f"{words_of.pounds(line.amount)}, {line.proposal or line.source}", "value": str(line.id)}
        for line in own.standing
    ]
    return [
        html.Div(id=_at(slug, "withdraw-errors")),
        parts.field("Which line", dbc.Select(id=_at(slug, "chosen"), options=options, value=options[0]["value"])),
        parts.field(
            "Why this money is withdrawn",
            dbc.Input(id=_at(slug, "reason"), type="text", autoComplete="off"),
            "It counts no more; the record keeps it, with your reason.",
        ),
        html.Div(
            dbc.Button("Withdraw this money", id=_at(slug, "withdraw"), color="secondary", outline=True),
            className="buttons",
        ),
    ]


def _at(slug: Any, part: str) -> dict[str, Any]:
    return ids.of_indicator(f"money-{part}", slug)


def errors(fields: Mapping[str, str], slug: str) -> list[Component]:
    """What is wrong with a form on money, each sentence with a link to its field."""
    return parts.error_summary(
        (said, ids.written(_at(slug, name)) if name in FIELDS else None) for name, said in fields.items()
    )
