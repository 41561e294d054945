"""Where the sources disagree about a measure: told with the figures on both sides, never mended."""

from collections.abc import Mapping
from decimal import Decimal

from models.rules.codes import period_key
from models.rules.terms import Rating, TargetState
from portal.formats.agreement_csv.findings import Findings
from portal.formats.agreement_csv.measures import CUMULATIVE
from portal.formats.agreement_csv.rows import AgreementFile, Measure, Milestone, Return

MONTHLY_RATE = ", monthly rate"
SCALES = {"thousand": 3, "million": 6, "billion": 9}
WORDS = {Rating.BETTER: "better", Rating.WITHIN: "within range", Rating.WORSE: "worse"}


def tell_disagreements(agreement: AgreementFile, files: Mapping[str, str], findings: Findings) -> None:
    """`files` names the returns file of each period."""
    measures = {measure.code: measure for measure in agreement.measures}
    targets = {
        (target.measure, target.year): target.high
        for target in agreement.targets
        if target.state is TargetState.SET and target.low == target.high
    }
    for milestone in agreement.milestones:
        target = targets.get((milestone.measure, milestone.period.partition(" ")[0]))
        if milestone.value is not None and target is not None:
            said = _against_target(measures[milestone.measure], milestone, milestone.value, target)
            if said:
                findings.note(files[milestone.period], milestone.line, "milestone", said)
    for each in agreement.returns:
        file = files[each.period]
        if said := _against_baseline(measures[each.measure], each):
            findings.note(file, each.line, "value", said)
        for column, printed, resolved in (
            ("performance_printed", each.performance_printed, each.performance),
            ("forecast_printed", each.forecast_printed, each.forecast),
        ):
            if printed and (resolved is None or printed != WORDS[resolved]):
                what = column.removesuffix("_printed")
                now = f"taken as '{WORDS[resolved]}'" if resolved else "not taken over"
                findings.note(file, each.line, column, f"{each.measure}: the {what} is printed '{printed}', and {now}.")


def tell_note_cells(agreement: AgreementFile, files: Mapping[str, str], findings: Findings) -> None:
    """What the files themselves remark on indicators and returns."""
    for indicator in agreement.indicators:
        if indicator.note:
            findings.note("indicators.csv", indicator.line, "note", f"{indicator.code}: {indicator.note}")
    for each in agreement.returns:
        if each.note:
            findings.note(files[each.period], each.line, "note", f"{each.measure}: {each.note}")


def _against_target(measure: Measure, milestone: Milestone, value: Decimal, target: Decimal) -> str:
    """A milestone part of the way through the year that the year's own target does not bear out."""
    code, period = measure.code, milestone.period
    here, there = amount(value, measure.reported_unit), amount(target, measure.unit)
    if measure.reported_unit == f"{measure.unit}{MONTHLY_RATE}" and value * 12 != target:
        return (
            f"{code}: the milestone for {period} is {plain(value)} a month, which makes {plain(value * 12)} "
            f"in a year; the year's target is {there}."
        )
    unit, scale = _scaled(measure.reported_unit.removesuffix(CUMULATIVE))
    target_unit, target_scale = _scaled(measure.unit)
    if unit != target_unit:
        return ""
    same = value.scaleb(scale - target_scale)
    if scale == target_scale:
        if measure.cumulative and same > target:
            return f"{code}: the milestone for {period} is {here}, beyond the whole year's target of {there}."
    elif same > target or (same != target and not measure.cumulative):
        return (
            f"{code}: the milestone for {period} is {here}, that is {amount(same, measure.unit)}; "
            f"the year's target is {there}."
        )
    return ""


def _against_baseline(measure: Measure, each: Return) -> str:
    try:
        baseline_period = period_key(measure.baseline_period)
    except ValueError:
        return ""  # a year, or words: no return is for the same
    value, baseline = each.value, measure.baseline_value
    if measure.reported_unit != measure.unit or baseline_period != each.period:
        return ""
    if value is None or baseline is None or value == baseline:
        return ""
    return (
        f"{measure.code}: the return for {each.period} is {amount(value, measure.unit)}, but the agreement "
        f"gives {amount(baseline, measure.unit)} as the baseline of that very period."
    )


def _scaled(unit: str) -> tuple[str, int]:
    """A unit without its scale word, and the power of ten which that word stands for."""
    words = unit.split()
    return " ".join(word for word in words if word not in SCALES), sum(SCALES.get(word, 0) for word in words)


def amount(figure: Decimal, unit: str) -> str:
    """A figure with its unit as people write it.

    >>> amount(Decimal("10.326"), "£ million"), amount(Decimal(1450), "homes"), amount(Decimal("80.30"), "%")
    ('£10.326 million', '1,450 homes', '80.3%')
    """
    if unit.startswith("£"):
        sign = "-" if figure < 0 else ""
        return f"{sign}£{plain(abs(figure))} {unit[1:].strip()}".rstrip()
    return f"{plain(figure)}{unit}" if unit.startswith("%") else f"{plain(figure)} {unit}".rstrip()


def plain(figure: Decimal) -> str:
    """A figure without the zeros that say nothing, thousands marked."""
    text = f"{figure:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
