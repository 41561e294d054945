"""What a briefing pack says, in its order: the words and figures of the pages, what is worse first."""

from models.rules.direction import Travel
from models.rules.packs import PackKind
from portal import words
from portal.formats.pack_concern import action_table, actions_of, concern, named, risk_table
from portal.formats.pack_parts import Facts, Heading, Paragraph, Part, Pictures, Table
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding, ThemeStanding
from portal.viewmodels.packs import Briefing
from portal.words import exceptions as words_of_exceptions
from portal.words import money as words_of_money
from portal.words import packs as words_of
from portal.words import plans as words_of_plans
from portal.words import risks as words_of_risks


def parts_of(view: Briefing, pictures: Pictures) -> list[Part]:
    """The whole pack under its title: what is worse first."""
    parts: list[Part] = [
        Paragraph(f"{words_of.WHO_MAY[view.subject.kind]} {words_of.NOT_PUBLIC}", soft=True),
        *_worst(view),
        *_to_return(view),
        *_numbers(view, pictures),
    ]
    if view.concerns:
        parts.append(Heading("One by one", 1, anew=True))
        for one in view.concerns:
            parts += concern(view, one, pictures)
    parts += [*_overdue(view), *_exceptions(view), *_all(view), *_risks(view)]
    return [*parts, *_sources(view)]


def _worst(view: Briefing) -> list[Part]:
    standings = [page.indicator for page in view.concerns]
    said = [words_of.headline(view.counts, view.period), words_of.forecast_headline(standings)]
    parts: list[Part] = [
        Heading(words_of.WORST_FIRST, 1),
        Paragraph(" ".join(filter(None, said)), strong=True),
    ]
    if not standings:
        return [*parts, Paragraph(words_of.NOTHING_WORSE)] if view.counts.rated else parts
    rows = tuple(
        (
            f"{named(one)}\n{one.lead or 'Partnership team'}",
            words_of.standing(one),
            words_of.why_in_short(one, actions_of(view.actions, one.code)),
            words_of.doing(actions_of(view.actions, one.code)),
        )
        for one in standings
    )
    head = ("Indicator and lead", "Figure and rating", "Why, in the lead’s words", "What is being done")
    return [*parts, Table(words_of.WORST, head, rows, (4, 4, 4.5, 5))]


def _to_return(view: Briefing) -> list[Part]:
    if view.subject.kind is not PackKind.PARTNER or view.as_at.instant is None:
        return []
    parts: list[Part] = [Heading("What is to be returned", 1)]
    if not view.subject.tasks:
        return [*parts, Paragraph("No return is open, and none waits to be verified.")]
    rows = tuple(
        (
            f"{one.measure} {one.title}",
            words.short_title(one.period),
            words_of.task_state(one),
            words_of.task_due(one, view.as_at),
        )
        for one in view.subject.tasks
    )
    head = ("Measure", "Period", "State", "Due")
    return [*parts, Table("Returns that are open or wait to be verified", head, rows, (7, 2.5, 4, 4.5))]


def _numbers(view: Briefing, pictures: Pictures) -> list[Part]:
    none = words.reasons_for_none(view.counts)
    work = (
        ("Rated", f"{words.rated_of(view.counts)}.{f' Of the others, {none}' if none else ''}"),
        ("Since the last rating", words.since_last(view.moved)),
        ("Against the baseline", words.against_baseline(view.moved)),
        ("Actions", words_of.counted_overdue(view.actions)),
        ("Delivery plans", words.capital(words_of_plans.counted(len(view.planned), len(view.indicators)))),
        ("Risks", words.capital(words_of_risks.counted(view.risks))),
        ("Money", words.capital(words_of_money.committed(view.money, view.indicators))),
    )
    parts: list[Part] = [Heading("In numbers", 1), Facts(work)]
    if pictures.counts:
        parts.append(pictures.counts)
    rows = tuple(
        (one.title, *(str(n) for n in (c.worse, c.within, c.better, c.no_rating, c.total)))
        for one in view.themes
        for c in (one.counts,)
    )
    c = view.counts
    total = ("All", *(str(n) for n in (c.worse, c.within, c.better, c.no_rating, c.total)))
    head = ("Theme", "▲ Worse", "● Within range", "★ Better", "No rating", "All")
    caption = "Indicators by theme and rating"
    parts.append(
        Table(caption, head, (*rows, total) if len(rows) > 1 else rows, (7, 2, 2.6, 2, 2.2, 1.6), (1, 2, 3, 4, 5))
    )
    return [*parts, pictures.distances] if pictures.distances else parts


def _overdue(view: Briefing) -> list[Part]:
    parts: list[Part] = [Heading("Actions overdue", 1), Paragraph(words_of.counted_overdue(view.actions))]
    return [*parts, action_table("Actions that are overdue", view.overdue, named=True)] if view.overdue else parts


def _exceptions(view: Briefing) -> list[Part]:
    report = view.exceptions
    if report is None:
        return []
    parts: list[Part] = [
        Heading(f"Exceptions, {words_of_exceptions.month(report.month)}", 1),
        Paragraph(words_of.exceptions_counted(report)),
    ]
    said = filter(None, (words_of_exceptions.compared(report), words_of_exceptions.left(report)))
    parts += [Paragraph(one) for one in said]
    late = any(one.late for one in report.entries)
    rows = tuple(
        (
            named(one.standing),
            words_of_exceptions.grounds(one),
            *([words_of_exceptions.late(one) or "–"] if late else []),
            one.standing.lead or "Partnership team",
        )
        for one in report.entries
    )
    head = ("Indicator", "Why it is here", *(["Returns late"] if late else []), "Lead")
    widths = (5, 4.5, *([4.5] if late else []), 3.5)
    return [*parts, Table("What is in the month’s report", head, rows, widths)] if rows else parts


def _all(view: Briefing) -> list[Part]:
    parts: list[Part] = [Heading("All indicators", 1)]
    for theme in view.themes:
        if len(view.themes) > 1:
            parts += [Heading(theme.title, 2), Paragraph(f"{words.capital(words.rated_of(theme.counts))}.")]
        parts += _theme(theme)
    return parts


def _theme(theme: ThemeStanding) -> list[Part]:
    rows = tuple(_row(one, each) for one in theme.indicators if one.reported for each in one.measures)
    head = ("Indicator and lead", "Figure", "Held against", "Now", "Year’s end", "Direction")
    parts: list[Part] = []
    if rows:
        caption = f"Reported indicators of {theme.title}, worst first"
        parts.append(Table(caption, head, rows, (7, 1.9, 2.6, 2.8, 2.8, 2.9), (1, 2)))
    silent = [one for one in theme.indicators if not one.reported and one.no_rating_reason is not None]
    reasons = dict.fromkeys(one.no_rating_reason for one in silent)
    told = tuple(
        (words.capital(words.REASON[reason]), "; ".join(named(one) for one in silent if one.no_rating_reason is reason))
        for reason in reasons
        if reason is not None
    )
    return [*parts, Facts(told)] if told else parts


def _row(one: IndicatorStanding, each: MeasureStanding) -> tuple[str, ...]:
    part = f", {each.part.lower()}" if each.part else ""
    unit = f" ({each.unit})" if each.unit and each.unit != "%" else ""
    aim = words.aim_in_short(each.expected)
    judged = [words.JUDGED] if each.override_reason else []
    travel = each.year_before or each.travel
    since = each.since_baseline
    going = [words.DIRECTION[travel.direction]] if travel else []
    going += [f"{words.DIRECTION[since.direction]} since the baseline"] if isinstance(since, Travel) else []
    return (
        f"{each.code} {one.title}{part}{unit}\n{one.lead or 'Partnership team'}",
        words.short_amount(each.value, each),
        "\n".join(filter(None, (words.expected(each.expected, each.decimals, each.unit), aim))),
        "\n".join([words_of.now(each), *judged]),
        "\n".join([words_of.mark(each.forecast, "Not stated"), *words.range_against_target(each)]),
        "\n".join(going) or "–",
    )


def _risks(view: Briefing) -> list[Part]:
    parts: list[Part] = [Heading("Risks", 1)]
    if not view.risks:
        return [*parts, Paragraph(words_of_risks.NONE)]
    table = risk_table("Open risks, the most urgent first", view.risks, named=True)
    return [*parts, table, Paragraph(f"{words_of_risks.SCORING} {words_of_risks.bands()}", soft=True)]


def _sources(view: Briefing) -> list[Part]:
    return [
        Heading("Sources, and how it is rated", 1),
        Paragraph(words_of.SOURCES),
        *(
            Paragraph(f"{words.SHAPE[rating]} {words.RATING[rating]}: {said}.", item=True)
            for rating, said in words_of.HOW_RATED
        ),
        Paragraph(
            f"{view.subject.agreement}. {words.capital(words.period(view.period))}: {words.months(view.period)}."
        ),
    ]
