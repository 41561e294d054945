"""The pieces that pages are put together from: rating badges, status tags, tables, folded explanations."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids
from models.rules.change import Moved
from models.rules.codes import period_slug, slug
from models.rules.expected import base_unit
from models.rules.rollup import Counts
from models.rules.terms import NoRating, Rating, State
from portal import words
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import ReturnView
from portal.viewmodels.themes import PeriodLink

Children = Any
TONE = {Rating.BETTER: "better", Rating.WITHIN: "within", Rating.WORSE: "worse", None: "none"}


def aria(**values: str) -> dict[str, Any]:
    """Attributes for assistive technology: aria(hidden='true') is aria-hidden."""
    return {f"aria-{name}": value for name, value in values.items()}


def heading(text: Children, before: str = "") -> Component:
    """The page's only h1, which takes the focus after a navigation; `before` is a small line above it."""
    above = [html.Span(before, className="eyebrow")] if before else []
    return html.H1([*above, text], tabIndex="-1")


def rating(value: Rating | None, reason: NoRating | None = None) -> Component:
    """A rating as shape and words; without one, the reason."""
    if value is None and reason is not None:
        return html.Span(f"No rating: {words.REASON[reason]}", className="rating none")
    shape = html.Span(words.SHAPE[value], className="shape", **aria(hidden="true"))
    return html.Span([shape, words.RATING[value]], className=f"rating {TONE[value]}")


def short_rating(value: Rating | None, reason: NoRating | None = None) -> Component:
    """A rating as shape and one or two words, for tables; without one, the reason if there is one to give."""
    if value is None and reason is not None:
        return rating(value, reason)
    if value is None:
        return html.Span("–", className="rating none")
    shape = html.Span(words.SHAPE[value], className="shape", **aria(hidden="true"))
    return html.Span([shape, words.SHORT[value]], className=f"rating {TONE[value]}")


def tag(state: State, *, late: bool = False) -> Component:
    """Where a return is, as a word in a box; late is said, not only coloured."""
    tone = "late" if late else state.value
    return html.Span(words.STATE[state] + (" – late" if late else ""), className=f"tag tag-{tone}")


def link(text: Children, href: str, class_name: str = "") -> Component:
    """A link to another page of the portal, which is opened without loading everything again."""
    return dcc.Link(text, href=href, className=class_name)


def table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[Children]], numeric: Sequence[int] = ()
) -> Component:
    """A table with a caption; the first cell of each row is its heading, numeric columns are set right."""

    def align(column: int) -> str:
        return "num" if column in numeric else ""

    def labelled(column: int) -> dict[str, Any]:
        return {"data-label": head[column]}  # read out beside the figure where the heading has no room

    body = [
        html.Tr(
            [
                html.Th(cells[0], scope="row"),
                *(html.Td(cell, className=align(i), **labelled(i)) for i, cell in enumerate(cells) if i),
            ]
        )
        for cells in rows
    ]
    headings = [html.Th(text, scope="col", className=align(i)) for i, text in enumerate(head)]
    inner = html.Table([html.Caption(caption), html.Thead(html.Tr(headings)), html.Tbody(body)])
    return html.Div(inner, className="scroll", role="region", tabIndex="0", **aria(label=caption))


def folded(summary: Children, *children: Children, opened: bool = False) -> Component:
    """Something to be unfolded."""
    return html.Details([html.Summary(summary), *children], open=opened)


def counts_line(counts: Counts, leads_to: Callable[[str], str]) -> Component:
    """How many of each rating, worst first, as shapes with numbers and words; each leads to the list of those that it
    counts, if there are any (`leads_to` makes an address of what the filter calls the rating)."""

    def tile(value: Rating | None, n: int, text: str) -> Component:
        said = [
            html.Span(str(n), className="big"),
            html.Span([html.Span(words.SHAPE[value], className="shape", **aria(hidden="true")), text]),
        ]
        inner = [link(said, leads_to(value.value if value else "none"))] if n else said
        return html.Li(inner, className=TONE[value])

    items = [
        tile(value, n, text)
        for value, n, text in (
            (Rating.WORSE, counts.worse, words.RATING[Rating.WORSE]),
            (Rating.WITHIN, counts.within, words.RATING[Rating.WITHIN]),
            (Rating.BETTER, counts.better, words.RATING[Rating.BETTER]),
            (None, counts.no_rating, "No rating"),
        )
    ]
    return html.Ul(items, className="counts")


def facts(pairs: Iterable[tuple[Children, Children]]) -> Component:
    """Answers as a list of terms and descriptions."""
    return html.Dl([html.Div([html.Dt(term), html.Dd(answer)]) for term, answer in pairs], className="facts")


def paragraphs(text: str) -> list[Component]:
    """Text that people typed, in its order: its lines are kept, lines that begin with '- ' become a list, nothing else
    is interpreted."""
    drawn: list[Component] = []
    for block in text.split("\n\n"):
        for listed, lines in groupby(block.strip().splitlines(), lambda line: line.startswith("- ")):
            if listed:
                drawn.append(html.Ul([html.Li(line[2:]) for line in lines], className="typed"))
            else:
                drawn.append(html.P("\n".join(lines), className="typed"))
    return drawn


def how_rated(standing: MeasureStanding) -> list[Component]:
    """A rating and why; without one the reason alone says both."""
    said = why_in_full(standing)
    return said if standing.rating is None else [rating(standing.rating), *said]


def why(standing: MeasureStanding) -> Component:
    """'Why this rating?', folded."""
    part = f" ({standing.part})" if standing.part else ""
    return folded(f"Why?{part}", *why_in_full(standing))


def why_in_full(standing: MeasureStanding) -> list[Component]:
    """How a rating was reached, how far it is to be believed, and where the measure is going."""
    said = [words.why(standing)]
    if standing.value is not None:
        said += [f"{words.strength(standing)}.", words.travel(standing.travel, standing)]
    if standing.year_before is not None:
        said.append(words.travel(standing.year_before, standing))
    if standing.value is not None:
        said.append(words.since_baseline(standing))
    return [html.P(sentence) for sentence in said]


def code(text: str) -> Component:
    """An indicator's or measure's code."""
    return html.Span(text, className="code")


def named(indicator: IndicatorStanding) -> list[Component | str]:
    """An indicator's code and title."""
    return [code(indicator.code), " ", indicator.title]


def indicator_address(code: str, period: str | None = None) -> str:
    """Where an indicator's page is, for the period with a key or as it comes."""
    return f"/indicators/{slug(code)}" + (f"?{urlencode({'period': period_slug(period)})}" if period else "")


def indicator_link(indicator: IndicatorStanding, period: str) -> Component:
    """An indicator's code and title as the way to its page, for the period that is looked at."""
    return link(named(indicator), indicator_address(indicator.code, period))


def empty(*sentences: Children) -> Component:
    """A page or part with nothing in it: says so, and what to do next."""
    return html.Div([html.P(sentence) for sentence in sentences], className="empty")


def error_summary(problems: Iterable[tuple[str, str | None]]) -> list[Component]:
    """What is wrong with a form: sentences, each with the id of its field to link to, if any. Empty for none."""
    items = [
        html.Li(html.A(sentence, href=f"#{field or 'main'}", className="error-link")) for sentence, field in problems
    ]
    if not items:
        return []
    inner = [html.H2("There is a problem"), html.Ul(items)]
    return [html.Div(inner, role="alert", className="error-summary", tabIndex="-1")]


def field(label: str, control: Any, hint: Children = "", *below: Component) -> Component:
    """A control, which has an id, with its label, a hint and a place for what is wrong with it; assets/fields.js ties
    both to it. What stands `below` is under the control."""
    named = control.id if isinstance(control.id, str) else ids.written(control.id)
    hints = [html.Div(hint, id=f"{named}-hint", className="hint")] if hint else []
    wrong = html.Div(id=f"{named}-error", className="problem")
    return html.Div([html.Label(label, htmlFor=named), *hints, wrong, control, *below], className="field")


def before_this(view: ReturnView) -> Component:
    """A measure's last figures by period, its target, which may be counted otherwise than they are, and its baseline."""
    standing, target = view.standing, view.target
    pairs: list[tuple[Children, Children]] = [
        (words.capital(words.period(point.period)), words.short_amount(point.value, standing)) for point in view.last
    ]
    aim: Children = words.year_target(target)
    if target is not None and target.unit != base_unit(standing.unit):
        aim = [aim, html.P(words.NOT_COMPARABLE, className="soft")]
    return facts([*pairs, ("Target for the year", aim), ("Baseline", view.baseline or "–")])


def page(title: str, *body: Children) -> tuple[str, Component]:
    """A page: what the browser's title says, and the body."""
    return title, html.Div(list(body), className="page")


def moved(found: Moved, *more: tuple[str, Children]) -> Component:
    """Where a group stands beside its targets: against its last ratings, and against where it started; then what more
    there is to say of it."""
    return facts(
        [
            ("Since the last rating", words.since_last(found)),
            ("Against the baseline", words.against_baseline(found)),
            *more,
        ]
    )


def current(periods: Sequence[PeriodLink]) -> str | None:
    """The period that is shown, as an address says it."""
    return next((p.slug for p in periods if p.current), None)


def address(path: str, period: str | None, as_at: AsAt | None = None, more: Mapping[str, str] | None = None) -> str:
    """An address with its period, the past that is looked at, and what more it says, where there are such."""
    said = {"period": period, "at": as_at.address if as_at else None, **(more or {})}
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{path}?{query}" if query else path


def period_links(
    periods: Sequence[PeriodLink], path: str, as_at: AsAt | None = None, more: Mapping[str, str] | None = None
) -> Component:
    """The periods that a page can be looked at for; the one that is shown is no link."""
    items = [
        html.Li(
            html.Span(words.capital(words.period(p.key)), **aria(current="true"))
            if p.current
            else link(words.capital(words.period(p.key)), address(path, p.slug, as_at, more))
        )
        for p in periods
    ]
    return html.Nav(html.Ul(items), className="periods", **aria(label="Period"))


def error_page(title: str, sentence: str) -> tuple[str, Component]:
    """A page that cannot be shown, and why."""
    return page(title, heading(title), html.P(sentence), html.P(link("Go to your start page", "/start")))
