"""Measures, put together from their own rows, their indicator's, their targets' and their returns'."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from models.rules.codes import indicator_code, measure_code
from models.rules.rating import DEFAULT_TOLERANCE
from models.rules.terms import Evidence, Frequency, Group, Polarity, ToleranceKind
from portal.formats.agreement_csv.cells import Keys, Row, Table
from portal.formats.agreement_csv.indicators import Kind
from portal.formats.agreement_csv.returns import PeriodReturns, Reported, read_reported
from portal.formats.agreement_csv.rows import Measure, Target
from portal.formats.numbers import decimals

CUMULATIVE = ", cumulative in the year"
FREQUENCIES = {str(frequency): frequency for frequency in Frequency}
SUMMER_IS_OVER = 183
"""Days from the end of a financial year to 30 September, when the year's school results are out."""
LONGEST_RELEASE = 3650
EVIDENCE = {str(evidence): evidence for evidence in Evidence}
YES_NO = {"yes": True, "no": False}
TOLERANCE_KINDS = {str(kind): kind for kind in ToleranceKind}


def take_measures(table: Table, keys: Keys, indicators: Keys) -> Mapping[str, str]:
    """The indicator of each measure ('' where it cannot be read), before anything refers to the measures."""
    indicator_of = {}
    for code, row in keys.each(table, "measure", measure_code):
        indicator = row.code("indicator", indicator_code)
        indicators.check(indicator, row, "indicator")
        indicator_of[code] = indicator or ""
    return indicator_of


def read_measures(
    rows: Mapping[str, Row],
    indicator_of: Mapping[str, str],
    kinds: Mapping[str, Kind],
    groups: Mapping[str, Group],
    targets: Sequence[Target],
    periods: Sequence[PeriodReturns],
) -> tuple[Measure, ...]:
    """The measures in the order of their file. `periods` go from the oldest to the newest: its word holds."""
    targets_of: dict[str, list[Target]] = defaultdict(list)
    for target in targets:
        targets_of[target.measure].append(target)
    measures: list[Measure] = []
    for code, indicator in indicator_of.items():
        row = rows[code]
        kind = kinds.get(indicator, Kind("", Polarity.NONE))
        own = targets_of[code]
        reported = _reported(row, [p.reported[code] for p in reversed(periods) if code in p.reported], kind, own)
        baseline = row.figure("baseline_value")
        tolerance_kind, tolerance = _tolerance(row)
        group = groups.get(indicator)
        measures.append(
            Measure(
                code=code,
                indicator=indicator,
                part=row.text("part", longest=100),
                position=len(measures) + 1,
                unit=kind.unit,
                polarity=kind.polarity,
                reported_unit=reported.unit or "",
                reported_polarity=reported.polarity or Polarity.NONE,
                range_low=reported.low,
                range_high=reported.high,
                cumulative=(reported.unit or "").endswith(CUMULATIVE),
                decimals=_decimals(code, own, baseline, periods),
                baseline_value=baseline,
                baseline_period=row.text("baseline_period", longest=100),
                frequency=row.word("frequency", FREQUENCIES, _usual(group), required=False),
                source=row.text("source", longest=200),
                release_days=_release_days(row, group),
                tolerance_kind=tolerance_kind,
                tolerance=tolerance,
                evidence=row.word("evidence", EVIDENCE, Evidence.FIGURE, required=False),
                per=_per(row),
                seasonal=row.word("seasonal", YES_NO, False, required=False),
                rolling=row.word("rolling", YES_NO, False, required=False),
                line=row.line,
            )
        )
    return tuple(measures)


def _usual(group: Group | None) -> Frequency:
    # School results come out once a year, after the summer.
    return Frequency.YEARLY if group is Group.STATUTORY else Frequency.QUARTERLY


def _release_days(row: Row, group: Group | None) -> int | None:
    """How many days after a period's end the source comes out: as the file says, for school results the summer."""
    days = row.figure("release_days")
    if days is None:
        return SUMMER_IS_OVER if group is Group.STATUTORY else None
    if days < 0 or days != int(days) or days > LONGEST_RELEASE:
        row.problem("release_days", f"is {days}: write whole days, at most {LONGEST_RELEASE:,}.")
        return None
    return int(days)


def _reported(row: Row, returned: Iterable[Reported], kind: Kind, targets: Sequence[Target]) -> Reported:
    """The first that says what it is: the newest returns, the measure's own row, the targets."""
    said = [*returned, read_reported(row)]
    unit = next((each.unit for each in said if each.unit is not None), kind.unit)
    polarity = next((each.polarity for each in said if each.polarity is not None), kind.polarity)
    if polarity is not Polarity.RANGE:
        return Reported(unit, polarity)
    edges: list[tuple[Decimal | None, Decimal | None]] = [
        (each.low, each.high) for each in said if each.low is not None
    ]
    if unit.removesuffix(CUMULATIVE) == kind.unit:
        edges += [(target.low, target.high) for target in targets if target.low != target.high]
    low, high = edges[0] if edges else (None, None)
    return Reported(unit, polarity, low, high)


def _per(row: Row) -> Decimal | None:
    per = row.figure("per")
    if per is not None and per <= 0:
        row.problem("per", f"is {per:,f}: write 100 for per cent, 1000 for each thousand.")
    return per


def _tolerance(row: Row) -> tuple[ToleranceKind, Decimal]:
    kind = row.word("tolerance_kind", TOLERANCE_KINDS, ToleranceKind.PERCENT, required=False)
    tolerance = row.figure("tolerance")
    if tolerance is not None and tolerance < 0:
        row.problem("tolerance", f"{tolerance:,f} is less than nothing.")
    if kind is ToleranceKind.UNIT and not row.cells.get("tolerance"):
        row.problem("tolerance", "is empty, and a tolerance in the measure's own unit needs a figure.")
    return kind, DEFAULT_TOLERANCE if tolerance is None else tolerance


def _decimals(code: str, targets: Iterable[Target], baseline: Decimal | None, periods: Iterable[PeriodReturns]) -> int:
    returned: list[Decimal | None] = []
    for period in periods:
        returned += [each.value for each in period.returns if each.measure == code]
        if code in period.points:
            returned += [period.points[code], period.reported[code].low, period.reported[code].high]
    figures = [figure for figure in returned if figure is not None]
    if not figures:
        agreed = [baseline, *(edge for target in targets for edge in (target.low, target.high))]
        figures = [figure for figure in agreed if figure is not None]
    return decimals(*figures)
