"""Figures with their units, signs and shares, as people read them."""

from decimal import ROUND_HALF_UP, Decimal

from models.rules.expected import Expected, YearTarget
from models.rules.interval import Interval
from portal.viewmodels.indicators import MeasureStanding

MINUS = "\N{MINUS SIGN}"


def number(value: Decimal, decimals: int) -> str:
    """A figure with a measure's decimals, commas between thousands and a real minus sign. Only for showing.

    >>> number(Decimal("-1234.5"), 1)
    '−1,234.5'
    """
    shown = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{abs(shown) if shown == 0 else shown:,f}".replace("-", MINUS)


def amount(value: Decimal, decimals: int, unit: str) -> str:
    """A figure with its unit, as one would say it: '72%', '£11,043 thousand', '300 homes, cumulative in the year'."""
    figure = number(value, decimals)
    if unit.startswith("%"):
        return f"{figure}{unit}"
    if unit.startswith("£"):
        sign, digits = (MINUS, figure[1:]) if figure.startswith(MINUS) else ("", figure)
        return f"{sign}£{digits} {unit[1:].strip()}".strip()
    if unit == "level":
        return f"level {figure}"
    return f"{figure} {_of_one(unit) if figure == '1' else unit}".strip()


def _of_one(unit: str) -> str:
    """A unit for one of it: 'home', 'offence per 1,000 population'."""
    what = unit.split(" ", 1)[0].rstrip(",")
    one = {"children": "child", "people": "person"}.get(what, what.removesuffix("s"))
    return one + unit.removeprefix(what)


def typed_amount(value: Decimal, decimals: int, unit: str) -> str:
    """A figure with its unit and with all the digits that were typed, even if the measure has fewer decimals."""
    return amount(value, max(decimals, -int(value.normalize().as_tuple().exponent)), unit)


def sign(unit: str) -> str:
    """What stands directly behind a figure in a table whose unit is said elsewhere."""
    return "%" if unit.startswith("%") else ""


def short_amount(value: Decimal | None, standing: MeasureStanding) -> str:
    """A figure as a table shows it; a dash for none."""
    return "–" if value is None else f"{number(value, standing.decimals)}{sign(standing.unit)}"


def figure_or_dash(value: Decimal | None, decimals: int, unit: str) -> str:
    """A figure as a table shows it, with the digits that were typed; a dash for none."""
    if value is None:
        return "–"
    return f"{number(value, max(decimals, digits(value)))}{sign(unit)}"


def change(now: Decimal | None, before: Decimal | None, decimals: int) -> str:
    """What changed since the last figure, with its sign, and in per cent of it: '+0.28 (+13%)'."""
    if now is None or before is None:
        return "–"
    difference = now - before
    said = _signed(difference, max(decimals, digits(difference)))
    return said if before == 0 else f"{said} ({_signed(difference / abs(before) * 100, 0)}%)"


def _signed(value: Decimal, decimals: int) -> str:
    said = number(value, decimals)
    return f"+{said}" if value > 0 else said


def share(part: int, whole: int) -> str:
    """A part of a whole with its per cent: '8 of 10 (80%)'; a dash of nothing.

    >>> share(8, 10)
    '8 of 10 (80%)'
    """
    return f"{part} of {whole} ({round(100 * part / whole)}%)" if whole else "–"


def expected(expected: Expected | None, decimals: int, unit: str = "") -> str:
    """What a figure is held against: a point or a range."""
    if expected is None:
        return "–"
    after, decimals = sign(unit), max(decimals, min(decimals + 2, digits(expected.value, expected.low, expected.high)))
    if expected.value is None and expected.high is None and expected.low is not None:
        return f"at least {number(expected.low, decimals)}{after}"
    if expected.value is None and expected.low is None and expected.high is not None:
        return f"at most {number(expected.high, decimals)}{after}"
    if expected.low is not None and expected.high is not None and expected.low != expected.high:
        return f"{number(expected.low, decimals)}{after} to {number(expected.high, decimals)}{after}"
    return "–" if expected.value is None else f"{number(expected.value, decimals)}{after}"


def digits(*figures: Decimal | None) -> int:
    """The decimals that show all of these figures whole."""
    shown = [-int(figure.normalize().as_tuple().exponent) for figure in figures if figure is not None]
    return max([0, *shown])


def unit_label(unit: str) -> str:
    """A unit as a form's hint says it: 'per cent', 'homes, cumulative in the year'."""
    if not unit:
        return "a number"
    return f"per cent{unit[1:]}" if unit == "%" or unit.startswith("%,") else unit


def interval(found: Interval, decimals: int, unit: str) -> str:
    """An interval, its ends with one digit more than the measure: '9.1% and 12.3%', to be said after 'between'."""
    low, high = (f"{number(end, decimals + 1)}{sign(unit)}" for end in (found.low, found.high))
    return f"{low} and {high}"


def year_target(target: YearTarget | None) -> str:
    """The target at the year's end, in its own unit: '63%', '10 to 15%', '1.2 tonnes per capita'."""
    if target is None:
        return "none set"
    decimals = [max(0, -int(figure.normalize().as_tuple().exponent)) for figure in (target.low, target.high)]
    high = amount(target.high, max(decimals), target.unit)
    return high if target.point is not None else f"{number(target.low, max(decimals))} to {high}"
