"""What cannot be: figures that are impossible in their unit, whatever happened."""

from decimal import Decimal

from models.rules.expected import base_unit

_MAY_BE_NEGATIVE = ("change", "points", "reduction", "gap", "£")


def impossible(figure: Decimal, unit: str) -> str | None:
    """A sentence when the figure cannot be right in this unit: a share over 100% or under 0, a negative count.
    Changes, gaps, reductions and money may be negative. None when the figure is possible."""
    unit = base_unit(unit)
    if unit == "%" and figure > 100:
        return "A percentage cannot be more than 100."
    if figure < 0 and not any(word in unit for word in _MAY_BE_NEGATIVE):
        return f"This cannot be less than 0: it is counted in {unit}."
    return None
