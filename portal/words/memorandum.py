"""The words of the memorandum: groups of indicators, and what a version promises for a year, or why nothing."""

from models.rules.expected import YearTarget
from models.rules.terms import Group, TargetState
from portal.viewmodels.memorandum import Promise, Promised, PromisedMeasure
from portal.words.figures import typed_amount, year_target
from portal.words.vocabulary import TARGET_STATE

KIND = {
    Group.DESIGNATED: "Designated targets",
    Group.STATUTORY: "Statutory education targets, not designated",
    Group.LOCAL: "Local targets, not designated",
}


def promise(said: Promise, measure: PromisedMeasure) -> str:
    """The target of a year as the agreement prints it, else its figure; or in words why there is none."""
    if said.state is not TargetState.SET:
        return TARGET_STATE[said.state]
    if said.printed or said.low is None or said.high is None:
        return said.printed
    return year_target(YearTarget(said.low, said.high, measure.unit))


def started(measure: PromisedMeasure) -> str:
    """Where a measure started, and when: '1.9 days per employee (2007/08)'."""
    if measure.baseline is None:
        return "not given"
    when = f" ({measure.baseline_period})" if measure.baseline_period else ""
    return f"{typed_amount(measure.baseline, 0, measure.unit)}{when}"


def placeholder(indicator: Promised) -> str:
    """Why an indicator has no target yet, and when one is expected."""
    said = [f"Placeholder: agreed without a target. {indicator.placeholder_reason}".strip()]
    if indicator.expected:
        said.append(f"Target expected: {indicator.expected.rstrip('.')}.")
    return " ".join(said)
