"""The reward in words: how a share comes about, or why there is none, and what it rests on."""

from decimal import ROUND_DOWN, Decimal

from models.rules.reward import NoShare, Terms
from portal.viewmodels.reward import Earning, Improvement, Reward
from portal.words.dates import period, plural
from portal.words.figures import amount, digits, number

TITLE = "Reward"
INDICATIVE = (
    "Indicative. The national rule by which reward was to be paid for the agreements of 2008-11 is not known to us. What "
    "follows is the rule of the agreements before: the share of the improvement from the baseline to the target that has "
    "been achieved."
)
FORMULA = "The share is (figure − baseline) ÷ (target − baseline), from the latest verified figure."
_NONE = {
    NoShare.NO_FIGURE: "No figure has been verified yet.",
    NoShare.NO_BASELINE: "The agreement gives no baseline.",
    NoShare.NO_TARGET: "No target is set for {year}.",
    NoShare.RANGE: "The target for {year} is a range: there is no distance to it.",
    NoShare.SAME: "Baseline and target are the same, {baseline}: there is no improvement to have a share of.",
    NoShare.NO_GOOD_WAY: "Neither high nor low is good: there is no improvement to have a share of.",
    NoShare.NO_IMPROVEMENT: "The target of {target} is no better than the baseline of {baseline}: there is no improvement to "
    "have a share of.",
    NoShare.OTHER_UNIT: "The figure, {figure}, is in another unit than the target, {target}.",
    NoShare.PART_OF_YEAR: "The figure, {figure}, adds up within the year: it can be held against the target when the year "
    "is over.",
}
SHORT = {
    NoShare.NO_FIGURE: "no verified figure",
    NoShare.NO_BASELINE: "no baseline",
    NoShare.NO_TARGET: "no target",
    NoShare.RANGE: "the target is a range",
    NoShare.SAME: "baseline and target are the same",
    NoShare.NO_GOOD_WAY: "neither high nor low is good",
    NoShare.NO_IMPROVEMENT: "the target is no improvement",
    NoShare.OTHER_UNIT: "in another unit than the target",
    NoShare.PART_OF_YEAR: "only part of the year counted",
}


def percent(share: Decimal) -> str:
    """A share in per cent; what is under the threshold is never rounded up to it: '19%', '59.9%', '−158%'."""
    return f"{number((share * 100).quantize(Decimal('0.1'), ROUND_DOWN), 1).removesuffix('.0')}%"


def share(one: Improvement) -> str:
    """The share as a table shows it, or why there is none."""
    return f"None: {SHORT[one.share]}" if isinstance(one.share, NoShare) else percent(one.share)


def figure(one: Improvement) -> str:
    """The latest verified figure: '10.80%'."""
    return "–" if one.value is None else amount(one.value, max(one.decimals, digits(one.value)), one.unit)


def baseline(one: Improvement) -> str:
    """The baseline with its unit."""
    value = one.baseline.value
    return "–" if value is None else amount(value, digits(value), one.baseline.unit)


def target(one: Improvement) -> str:
    """The target of the agreement's last year with its unit."""
    if one.target is None:
        return "–"
    high = amount(one.target.high, digits(one.target.low, one.target.high), one.target.unit)
    return high if one.target.point is not None else f"{number(one.target.low, digits(one.target.low))} to {high}"


def why(one: Improvement) -> str:
    """How the share comes about, or why there is none, in a sentence."""
    if isinstance(one.share, NoShare):
        said = {"figure": figure(one), "target": target(one), "baseline": baseline(one), "year": one.year}
        return _NONE[one.share].format(**said)
    assert one.value is not None  # or there would be no share
    assert one.target is not None
    assert one.baseline.value is not None
    got, whole = one.value - one.baseline.value, one.target.high - one.baseline.value
    when = f" ({one.baseline.period})" if one.baseline.period else ""
    worse = " The figure is worse than the baseline." if one.share < 0 else ""
    return (
        f"From the baseline of {baseline(one)}{when} to the target of {target(one)} for {one.year} it is "
        f"{number(whole, digits(whole))}; to {figure(one)} in {period(one.period)} it is {number(got, digits(got))}, which "
        f"is {percent(one.share)} of it.{worse}"
    )


def pounds(value: Decimal | None) -> str:
    """An amount in whole pounds; a dash for none."""
    return "–" if value is None else f"£{number(value.to_integral_value(ROUND_DOWN), 0)}"


def threshold(terms: Terms) -> str:
    """The threshold in per cent: '60%'."""
    return f"{number(terms.threshold, digits(terms.threshold))}%"


def paid(one: Earning, terms: Terms) -> str:
    """What the share would pay and why that is so."""
    share_of = one.of.share
    if isinstance(share_of, NoShare):
        said = "Without a share nothing is paid."
    elif share_of * 100 < terms.threshold:
        said = f"That is below the threshold of {threshold(terms)}: nothing is paid."
    elif share_of > 1:
        said = "More than all of it pays no more than all of it."
    else:
        said = f"That is not below the threshold of {threshold(terms)}: the share is paid."
    if one.most is None:
        return said
    return f"{said} {percent(one.paid_share)} of {pounds(one.most)} is {pounds(one.amount)}."


def split(view: Reward) -> str:
    """How the pot is divided, or that there is none."""
    if view.terms.pot is None:
        return "No pot is set here: only the shares are shown, and no amounts."
    many = plural(view.indicators, "reward-weighted indicator")
    total = sum((one.amount for one in view.earnings if one.amount is not None), Decimal(0))
    return (
        f"The pot of {pounds(view.terms.pot)} is split equally among {many}, and each part equally among the indicator's "
        f"measures. As it stands {pounds(total)} would be paid. Amounts are in whole pounds, rounded down."
    )


def below(terms: Terms) -> str:
    """What the threshold does, and where it comes from."""
    return (
        f"Below {threshold(terms)} of the improvement nothing is paid, and beyond all of it no more than all. "
        "The agreements before 2008 had a threshold of 60%."
    )
