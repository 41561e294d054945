"""Checking what lies under a figure: the counts of a share or rate, a survey's interval, the year's own figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from models.rules.terms import Evidence

FINEST = Decimal("0.000001")
"""How far a figure that the portal works out from counts is written."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a measure is returned in: its unit, what its figures rest on, how a share or rate is written (100: per
    cent), and whether it is an average over years."""

    unit: str
    evidence: Evidence = Evidence.FIGURE
    per: Decimal | None = None
    rolling: bool = False

    @property
    def counted(self) -> bool:
        """Whether its figures are made from two counts."""
        return self.per is not None and self.evidence in (Evidence.PROPORTION, Evidence.COUNT)

    @property
    def fields(self) -> frozenset[str]:
        """The answers that it takes beside the figure."""
        taken = {"numerator", "denominator"} if self.counted else set()
        if self.evidence is Evidence.SURVEY:
            taken |= {"interval_low", "interval_high"}
        return frozenset(taken | ({"year_value"} if self.rolling else set()))


def worked_out(found: Mapping[str, Decimal | None], asked: Asked) -> Decimal | None:
    """The figure that two counts make, in the measure's unit; None without both or where it takes none."""
    cases, of = found.get("numerator"), found.get("denominator")
    if not asked.counted or cases is None or not of or asked.per is None:
        return None
    return (cases / of * asked.per).quantize(FINEST).normalize() + 0


def wrong_grounds(value: Decimal | None, found: Mapping[str, Decimal | None], asked: Asked) -> dict[str, str]:
    """What cannot be in the grounds of a figure, as a sentence for each field."""
    cases, of = found.get("numerator"), found.get("denominator")
    low, high = found.get("interval_low"), found.get("interval_high")
    wrong: dict[str, str] = {}
    for name in ("numerator", "denominator"):
        count = found.get(name)
        if count is not None and (count < 0 or count != count.to_integral_value()):
            wrong[name] = "A count is a whole number, 0 or more."
    if (cases is None) != (of is None):
        wrong["denominator" if of is None else "numerator"] = "Give both counts, or neither."
    elif of == 0:
        wrong["denominator"] = "The number that the cases are counted among cannot be 0."
    elif cases is not None and of is not None and asked.evidence is Evidence.PROPORTION and cases > of:
        wrong["numerator"] = "There cannot be more cases than there are in all."
    if (low is None) != (high is None):
        wrong["interval_high" if high is None else "interval_low"] = "Give both ends of the interval, or neither."
    elif low is not None and high is not None and value is not None and not low <= value <= high:
        wrong["interval_low"] = "The figure has to lie in its interval."
    if not wrong and value is not None and (made := worked_out(found, asked)) is not None and _differ(value, made):
        wrong["value"] = (
            f"The two counts make {made:f}, not {value:f}: leave the figure empty, or mend one of the three."
        )
    return wrong


def _differ(value: Decimal, made: Decimal) -> bool:
    """Whether a typed figure is not what the counts make, rounded or cut to the digits that were typed."""
    typed = Decimal(1).scaleb(int(value.as_tuple().exponent))
    return value not in (made.quantize(typed, ROUND_HALF_UP), made.quantize(typed, ROUND_DOWN))
