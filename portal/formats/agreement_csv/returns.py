"""Returns, milestones and what was said of the exceptions, read from the files of each period."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from models.rules.codes import indicator_code, measure_code
from models.rules.judging import Grounds
from models.rules.terms import RETURNABLE_REASONS, NoRating, Polarity, Rating
from portal.formats.agreement_csv.cells import Keys, Row, Table, plain_key
from portal.formats.agreement_csv.indicators import POLARITIES
from portal.formats.agreement_csv.layout import RATINGS as RATING_WORDS
from portal.formats.agreement_csv.rows import ActionSaid, Measure, Milestone, Return
from portal.formats.numbers import parse_figure

RATINGS: Mapping[str, Rating | None] = {
    **dict(zip(RATING_WORDS, (Rating.BETTER, Rating.WITHIN, Rating.WORSE), strict=True)),
    "": None,
}
NO_VALUE: Mapping[str, NoRating | None] = {str(reason): reason for reason in RETURNABLE_REASONS}
GROUNDS = ("numerator", "denominator", "interval_low", "interval_high")
FIELDS = {"analysis": "analysis", "action": "action"}
ACTIONS_HEADING = "What is being done:"
_RANGE = re.compile(r"range\s+(\S.*?)\s+to\s+(\S.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reported:
    """What a measure is reported in, where a file says so: None for what it leaves to the target."""

    unit: str | None = None
    polarity: Polarity | None = None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PeriodReturns:
    """What the returns file of one period holds."""

    file: str
    returns: tuple[Return, ...]
    points: Mapping[str, Decimal | None]
    reported: Mapping[str, Reported]
    rows: Mapping[str, Row]


def read_reported(row: Row) -> Reported:
    """The reported unit and polarity, which may be written with its range: 'range 10 to 15'."""
    unit = row.text("reported_unit", longest=200) or None
    text = row.cells.get("reported_polarity", "")
    match = _RANGE.fullmatch(text)
    if match is None:
        polarity = row.word("reported_polarity", POLARITIES, None, required=False)
        return Reported(unit, polarity)
    try:
        low, high = parse_figure(match[1]), parse_figure(match[2])
    except ValueError as error:
        row.problem("reported_polarity", f"{error} A range is written like: range 10 to 15.")
        return Reported(unit, Polarity.RANGE)
    if low > high:
        row.problem("reported_polarity", f"the range begins at {low:,f} and ends below that, at {high:,f}.")
    return Reported(unit, Polarity.RANGE, low, high)


def read_returns(table: Table, period: str, measures: Keys, said: Mapping[str, str]) -> PeriodReturns:
    """One period's returns; `said` holds the commentary of each measure."""
    keys = Keys(table)
    returns: list[Return] = []
    points: dict[str, Decimal | None] = {}
    reported: dict[str, Reported] = {}
    for measure, row in keys.each(table, "measure", measure_code):
        measures.check(measure, row, "measure")
        reported[measure] = read_reported(row)
        points[measure] = row.figure("milestone")
        returns.append(
            Return(
                measure=measure,
                period=period,
                value=row.figure("value"),
                performance=row.word("performance", RATINGS, None, required=False),
                forecast=row.word("forecast", RATINGS, None, required=False),
                performance_printed=_printed(row, "performance_printed"),
                forecast_printed=_printed(row, "forecast_printed"),
                note=row.text("note"),
                commentary=row.text("commentary") or said.get(measure, ""),
                grounds=Grounds(*(row.figure(name) for name in GROUNDS)),
                year_value=row.figure("year_value"),
                no_value_reason=row.word("no_value_reason", NO_VALUE, None, required=False),
                forecast_value=row.figure("forecast_value"),
                judged_because=row.text("judgement"),
                line=row.line,
            )
        )
        _check_together(row, returns[-1])
    return PeriodReturns(table.file, tuple(returns), points, reported, keys.rows)


def read_milestones(periods: Mapping[str, PeriodReturns], measures: Mapping[str, Measure]) -> tuple[Milestone, ...]:
    """What each return is held against; a range that its own row does not give is the measure's."""
    milestones = []
    for period, held in periods.items():
        for each in held.returns:
            point, own = held.points[each.measure], held.reported[each.measure]
            low, high = own.low, own.high
            measure = measures.get(each.measure)
            if low is None and measure is not None and measure.reported_polarity is Polarity.RANGE:
                low, high = measure.range_low, measure.range_high
            if point is not None or low is not None:
                milestones.append(Milestone(each.measure, period, point, low, high, each.line))
    return tuple(milestones)


def _check_together(row: Row, said: Return) -> None:
    """A figure needs no reason for there being none, and a judgement is of a rating."""
    if said.value is not None and said.no_value_reason is not None:
        row.problem("no_value_reason", "says why there is no figure, and there is one.")
    if said.judged_because and said.performance is None:
        row.problem("judgement", "says why it is judged otherwise, and performance does not say how.")


def _printed(row: Row, column: str) -> str:
    return row.word(column, {word: word for word in RATINGS}, "", required=False)


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What the exceptions file of one period says: the commentary of each indicator with its first row, and every
    action by itself."""

    said: Mapping[str, tuple[str, Row]]
    actions: tuple[ActionSaid, ...]


def read_exceptions(table: Table, period: str, indicators: Keys, organisations: Keys) -> Exceptions:
    """One period's exceptions. Only an action has an owner, and an indicator has the same action once."""
    rows: dict[str, Row] = {}
    actions: dict[tuple[str, str], ActionSaid] = {}
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in table.rows:
        indicator = row.code("indicator", indicator_code)
        if not row.whole:
            continue
        indicators.check(indicator, row, "indicator")
        field = row.word("field", FIELDS, "")
        text = row.text("text", required=True)
        owner = _owner(row, field, organisations)
        if indicator is None or not text:
            continue
        said[indicator][field].append(text)
        rows.setdefault(indicator, row)
        if field != "action":
            continue
        if (indicator, text) in actions:
            row.problem("text", f"{indicator} has this action on line {actions[indicator, text].line} already.")
        else:
            actions[indicator, text] = ActionSaid(indicator, period, text, owner, row.line)
    spoken = {
        indicator: (commentary(fields["analysis"], fields["action"]), rows[indicator])
        for indicator, fields in said.items()
    }
    return Exceptions(spoken, tuple(actions.values()))


def _owner(row: Row, field: str, organisations: Keys) -> str:
    """The key of who is to do it, where the file names one."""
    if not row.cells.get("owner"):
        return ""
    if field == "analysis":
        row.problem("owner", "an analysis has no owner: only an action has.")
    key = row.code("owner", plain_key)
    organisations.check(key, row, "owner")
    return key or ""


def commentary(analyses: Iterable[str], actions: Iterable[str]) -> str:
    """One text of an analysis and the actions taken, in which either can still be told from the other.

    >>> print(commentary(["Burglary has risen."], ["Extra patrols.", "Alley gates."]))
    Burglary has risen.
    <BLANKLINE>
    What is being done:
    - Extra patrols.
    - Alley gates.
    """
    items = [f"- {' '.join(action.split())}" for action in actions]
    return "\n\n".join([*analyses, *(["\n".join([ACTIONS_HEADING, *items])] if items else [])])


def tell_changes(periods: Iterable[PeriodReturns]) -> None:
    """A measure is reported in one unit and polarity: a later period that has another is told, for
    the earlier period's milestone would be read in it."""
    before: dict[str, tuple[PeriodReturns, Reported]] = {}
    for later in periods:
        for measure, reported in later.reported.items():
            earlier, was = before.setdefault(measure, (later, reported))
            for column, old, new in (
                ("reported_unit", was.unit, reported.unit),
                ("reported_polarity", was.polarity, reported.polarity),
            ):
                if old is not None and new is not None and old != new:
                    later.rows[measure].problem(column, f"is {new} here, and {old} in {earlier.file}.")
