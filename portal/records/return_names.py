"""How a return is named: its measure's title, its side, its name in the audit trail."""

from models.agreement import Measure
from models.returns import Return

TEAM = "Partnership team"
"""Who returns the indicators that nobody leads."""


def title_of(measure: Measure) -> str:
    """A measure's title: its indicator's, and its part where there are several."""
    return f"{measure.indicator.title}{f' ({measure.part})' if measure.part else ''}"


def name_of(row: Return) -> str:
    """How people call a return: 'NI 16 2008/09 Q3'."""
    return f"{row.measure.code} {row.period.key}"


def subject(row: Return) -> str:
    """How the audit trail names a return."""
    return f"return {name_of(row)}"
