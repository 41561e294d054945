"""One indicator in a briefing pack, in full; and the tables of actions and of risks."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from portal import words
from portal.formats.pack_parts import Facts, Heading, Paragraph, Part, Picture, Pictures, Table
from portal.viewmodels.actions import ActionLine
from portal.viewmodels.charts import MeasureChart
from portal.viewmodels.indicator_page import IndicatorPage, MeasurePage
from portal.viewmodels.indicators import IndicatorStanding
from portal.viewmodels.packs import Briefing
from portal.viewmodels.risks import RiskLine
from portal.words import exceptions as words_of_exceptions
from portal.words import money as words_of_money
from portal.words import packs as words_of
from portal.words import risks as words_of_risks

LATEST = 8
"""So many figures stand in the table beside a chart; the indicator's page has all."""


def named(one: IndicatorStanding) -> str:
    """Its code and title."""
    return f"{one.code} {one.title}"


def actions_of(lines: Iterable[ActionLine], code: str) -> tuple[ActionLine, ...]:
    """The actions on one indicator."""
    return tuple(line for line in lines if line.indicator == code)


def concern(view: Briefing, page: IndicatorPage, pictures: Pictures) -> list[Part]:
    """One indicator that is worse, or forecast to be: how it stands, why, what is done, what is feared and paid."""
    one, actions = page.indicator, actions_of(view.actions, page.indicator.code)
    money = view.money.of([one.code])
    facts = [
        ("Now", words_of.now(one) + (f" ({words.was(one)})" if words.was(one) else "")),
        ("Year’s end, as the lead expects", words_of.mark(one.forecast, "Not stated")),
        ("Lead", one.lead or "Partnership team: nobody leads it"),
        ("Money committed", f"{words_of_money.in_lines(money) if money.standing else 'None recorded'}."),
    ]
    parts: list[Part] = [Heading(named(one), 2), Facts(tuple(facts))]
    for each in page.measures:
        parts += _measure(each, pictures)
    parts.append(Heading("What the lead says", 3))
    said = words.said_once(one.commentary, actions)
    parts += _typed(said) if said else [Paragraph(words_of_exceptions.NO_WORD, soft=True)]
    parts.append(Heading("What is being done", 3))
    if actions:
        parts.append(action_table(f"Open actions on {one.code}", actions, named=False))
    else:
        parts.append(Paragraph(words_of.NO_ACTION))
    risks = tuple(line for line in view.risks if line.indicator == one.code)
    return [*parts, risk_table(f"Risks of {one.code}", risks, named=False)] if risks else parts


def _measure(page: MeasurePage, pictures: Pictures) -> list[Part]:
    """One measure's chart with its figures, why it is rated so, and where it is going."""
    one, chart = page.standing, page.chart
    parts: list[Part] = [Heading(one.part, 3)] if one.part else []
    if drawn := pictures.measures.get(one.code):
        said = words.chart_alternative(chart, chart.layers)
        parts.append(Picture(words.chart_title(chart), words.chart_about(chart), said, drawn))
        parts += [Paragraph(words.chart_event(event), soft=True) for event in chart.events]
    if chart.points:
        rows = tuple(
            (
                words.capital(words.period(point.period)),
                words.figure(point.value, chart),
                words.expected(point.expected, chart.decimals, chart.unit),
                words_of.mark(
                    point.rating, words.capital(words.REASON[point.no_rating_reason]) if point.no_rating_reason else "–"
                ),
            )
            for point in list(reversed(chart.points))[:LATEST]
        )
        more = f", the latest {LATEST} of {len(chart.points)}" if len(chart.points) > LATEST else ", the latest first"
        caption = f"Figures of {one.code}{more} ({chart.unit or 'a number'})"
        parts.append(Table(caption, ("Period", "Figure", "Held against", "Rating"), rows, (6, 3, 4, 5), (1, 2)))
    why = [words.why(one)]
    if one.value is not None:
        why += [words.travel(one.year_before or one.travel, one), f"{words.strength(one)}.", words.since_baseline(one)]
    return [*parts, Paragraph(" ".join(why)), *(Paragraph(said) for said in _forecast(chart))]


def _forecast(chart: MeasureChart) -> list[str]:
    """The portal's forecast and the partner's; that there is none of the portal's is for the page alone."""
    found = chart.outlook
    return words.chart_forecast(chart if found and found.central is not None else replace(chart, outlook=None))


def _typed(text: str) -> list[Part]:
    """What people wrote: its blocks, and its lists as such."""
    return [
        Paragraph(line.removeprefix("- "), item=line.startswith("- "))
        for block in text.split("\n\n")
        for line in block.strip().splitlines()
        if line.strip()
    ]


def action_table(caption: str, lines: Sequence[ActionLine], *, named: bool) -> Table:
    """Actions with who does them and when; `named`: with their indicators."""
    rows = tuple(
        (*([line.indicator] if named else []), line.now.text, words.owner(line.now), words.action_due(line))
        for line in lines
    )
    head = (*(["Indicator"] if named else []), "Action", "Who", "When")
    return Table(caption, head, rows, (*([2.0] if named else []), 8, 4, 4))


def risk_table(caption: str, lines: Sequence[RiskLine], *, named: bool) -> Table:
    """Risks with their weight and who answers for them; `named`: with what they are on."""
    rows = tuple(
        (
            *([words_of_risks.on(line)] if named else []),
            line.now.text + (f"\nMitigation: {line.now.mitigation}" if line.now.mitigation else ""),
            words_of_risks.weighed(line.now),
            words_of_risks.owner(line.now),
            words_of_risks.review(line),
        )
        for line in lines
    )
    head = (*(["On"] if named else []), "Risk", "Weight", "Who", "Review")
    return Table(caption, head, rows, (*([2.4] if named else []), 6, 3.4, 3.2, 3))
