"""Performance against the baseline beside that against the milestone, in words; and what printed shares add up to."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from models.rules.both_ways import Side, Tally
from models.rules.change import Incomparable
from models.rules.terms import Rating
from portal.viewmodels.charts import PrintedShares
from portal.words.dates import period, plural
from portal.words.figures import digits, number
from portal.words.performance import AS_PRINTED

NAMES: dict[Rating | None, str] = {
    Rating.WORSE: "Worse",
    Rating.WITHIN: "As the baseline, or within the acceptable range of the milestone",
    Rating.BETTER: "Better",
    None: "Not comparable, or no rating",
}
"""What the shapes stand for in bars of both kinds."""
WHY_NOT: dict[Incomparable | None, str] = {
    Incomparable.NO_FIGURE: "without a figure",
    Incomparable.NO_BASELINE: "without a baseline",
    Incomparable.OTHER_UNIT: "in another unit than the baseline",
    Incomparable.PART_OF_YEAR: "counted for a part of the year only",
    None: "of which neither high nor low is good",
}
SIDE: dict[Rating, str] = {
    Rating.WORSE: "worse than its baseline",
    Rating.WITHIN: "as its baseline",
    Rating.BETTER: "better than its baseline",
}
BEFORE = (
    "Of the agreement of {title} only the shares against the targets were printed: how its measures stood against their "
    "baselines is not known."
)


def title(found: Mapping[str, Tally]) -> str:
    """What the picture shows of its latest quarter, in a sentence."""
    key, one = list(found.items())[-1]
    better = one.by_baseline.get(Rating.BETTER, 0)
    of = f"{better or 'none'} of {plural(one.comparable, 'comparable figure')}"
    milestone = one.by_milestone.get(Rating.BETTER, 0) + one.by_milestone.get(Rating.WITHIN, 0)
    rated = one.total - one.by_milestone.get(None, 0)
    verb = "is" if better <= 1 else "are"
    return (
        f"In {period(key)} {of} {verb} better than the baseline, and {milestone or 'none'} of {rated} rated no worse than "
        "the milestone allows"
    )


def counted(key: str, one: Tally) -> str:
    """One quarter in full, for who does not see the bars."""
    baseline = ", ".join(f"{one.by_baseline.get(side, 0)} {said}" for side, said in SIDE.items())
    milestone = ", ".join(
        f"{one.by_milestone.get(rating, 0)} {said}"
        for rating, said in (
            (Rating.WORSE, "worse"),
            (Rating.WITHIN, "within range"),
            (Rating.BETTER, "better"),
            (None, "without a rating"),
        )
    )
    return f"{period(key)}, {plural(one.total, 'figure')}: {baseline}, {not_comparable(one)}; milestone: {milestone}"


def not_comparable(one: Tally) -> str:
    """How many cannot be held against their baselines, and why: '8 not comparable (5 without a baseline, 3 ...)'."""
    none = one.total - one.comparable
    if not none:
        return "none not comparable"
    reasons = ", ".join(f"{n} {WHY_NOT[why]}" for why, n in one.reasons.items())
    return f"{none} not comparable ({reasons})"


def side_said(one: Side) -> str:
    """How a figure stands against its baseline, or why that cannot be said, in a few words."""
    return SIDE[one] if isinstance(one, Rating) else f"not comparable: {WHY_NOT[one]}"


def as_printed(printed: Sequence[PrintedShares]) -> str:
    """What the printed shares of each half-year add up to, where all four are given: they were rounded in the source."""
    sums = [sum(one.shares.values(), Decimal(0)) for one in printed if len(one.shares) == len(NAMES)]
    if all(total == 100 for total in sums):
        return AS_PRINTED
    said = [number(total, digits(total)) for total in sums]
    listed = " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
    return f"The shares were rounded in the source: as printed they add up to {listed}%, and nothing is corrected here."
