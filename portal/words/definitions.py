"""What the agreement says of a measure, in words: tolerance, frequency, source, targets."""

from models.rules.rating import Tolerance
from models.rules.terms import TargetState, ToleranceKind
from portal.viewmodels.indicator_page import AgreedTarget, Definition
from portal.words.dates import plural
from portal.words.figures import digits, number, typed_amount
from portal.words.vocabulary import GOOD, HOW_OFTEN, TARGET_STATE


def tolerance(found: Tolerance) -> str:
    """How far from what was expected a figure is still within the acceptable range."""
    size = number(found.amount, digits(found.amount))
    of = "% of what it is held against" if found.kind is ToleranceKind.PERCENT else ", in the unit of the figure"
    return f"{size}{of}, either way"


def way(found: Definition) -> str:
    """Which way is good: of the target, and of what is reported where that differs."""
    said = GOOD[found.polarity]
    if found.reported_polarity is found.polarity:
        return said
    return f"{said} for the target; {GOOD[found.reported_polarity].lower()} for the figure that is reported"


def units(found: Definition) -> str:
    """What is counted: the target's unit, and the reported one where that differs."""
    target, reported = (unit or "a number" for unit in (found.unit, found.reported_unit))
    return target if target == reported else f"{target} for the target; reported in {reported}"


def returned(found: Definition) -> str:
    """How often the measure is returned, and when its source comes out."""
    if found.release_days is None:
        return f"{HOW_OFTEN[found.frequency].capitalize()}, from the partner's own figures."
    days = plural(found.release_days, "day")
    return f"{HOW_OFTEN[found.frequency].capitalize()}; its source comes out about {days} after a period's end."


def baseline(found: Definition) -> str:
    """The baseline as a number with its period; a dash for none."""
    if found.baseline is None:
        return "–"
    when = f" ({found.baseline_period})" if found.baseline_period else ""
    return f"{typed_amount(found.baseline, 0, found.unit)}{when}"


def agreed_target(found: AgreedTarget | None) -> str:
    """One year's target in one version: its figures, else its state; a dash where the version has none."""
    if found is None:
        return "–"
    if found.state is not TargetState.SET or found.low is None or found.high is None:
        return TARGET_STATE[found.state]
    places = max(digits(found.low), digits(found.high))
    high = typed_amount(found.high, places, found.unit)
    return high if found.low == found.high else f"{number(found.low, places)} to {high}"
