"""The words that people read: ratings, reasons, states, figures with their units, dates. Made here and nowhere else."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from models.rules.calendar import calendar_period
from models.rules.entry import Oddity
from models.rules.expected import Basis, Expected, YearTarget
from models.rules.rollup import Counts
from models.rules.terms import Frequency, Message, NoRating, Polarity, Rating, ReviewCategory, Role, State
from portal.clock import LONDON
from portal.viewmodels.indicators import MeasureStanding

MINUS = "\N{MINUS SIGN}"

SHAPE = {Rating.BETTER: "★", Rating.WITHIN: "●", Rating.WORSE: "▲", None: "–"}
RATING = {
    Rating.BETTER: "Better than anticipated",
    Rating.WITHIN: "Within acceptable range",
    Rating.WORSE: "Worse than anticipated",
    None: "No rating",
}
SHORT = {Rating.BETTER: "Better", Rating.WITHIN: "Within range", Rating.WORSE: "Worse", None: "No rating"}

REASON = {
    NoRating.PLACEHOLDER: "placeholder: agreed, but without a target yet",
    NoRating.NOT_DUE: "not due yet",
    NoRating.SOURCE_NOT_PUBLISHED: "its source has not been published yet",
    NoRating.LATE: "the return is late",
    NoRating.NOT_REPORTED: "not reported",
    NoRating.NO_SURVEY: "no survey this year",
    NoRating.SUPPRESSED: "suppressed: the numbers are too small to show",
    NoRating.TARGET_NOT_SET: "no target has been set",
    NoRating.MILESTONE_NOT_SET: "no milestone has been set for this quarter",
    NoRating.DROPPED: "dropped from the national set",
    NoRating.WITHDRAWN: "withdrawn from the agreement",
    NoRating.MAA_ONLY: "only in the multi-area agreement",
    NoRating.TOO_EARLY: "too early to say",
}
MESSAGE = {
    Message.QUERY: "The partnership team asks",
    Message.CHALLENGE: "Challenge",
    Message.ANSWER: "Answer",
    Message.REOPENING: "Reopened, because",
    Message.EXPLANATION: "On the unusual figure",
    Message.COUNTERSIGNATURE: "Countersigned",
    Message.CONTRIBUTION: "Our contribution",
    Message.DISSENT: "Dissent",
}
ODDITY = {
    Oddity.OUTLIER: "It is far from the figures before it.",
    Oddity.TEN_TIMES: "It is ten times the last figure or more: is the decimal point right?",
    Oddity.A_TENTH: "It is a tenth of the last figure or less: is the decimal point right?",
    Oddity.SAME_AGAIN: "It is the last figure again.",
}
COUNTED = {
    NoRating.PLACEHOLDER: ("is a placeholder without a target", "are placeholders without a target"),
    NoRating.NOT_DUE: ("is not due yet", "are not due yet"),
    NoRating.SOURCE_NOT_PUBLISHED: ("waits for its source", "wait for their source"),
    NoRating.LATE: ("is late", "are late"),
    NoRating.NOT_REPORTED: ("was not reported", "were not reported"),
    NoRating.NO_SURVEY: ("has no survey this year", "have no survey this year"),
    NoRating.SUPPRESSED: ("is suppressed", "are suppressed"),
    NoRating.TARGET_NOT_SET: ("has no target", "have no target"),
    NoRating.MILESTONE_NOT_SET: ("has no milestone this quarter", "have no milestone this quarter"),
    NoRating.DROPPED: ("was dropped from the national set", "were dropped from the national set"),
    NoRating.WITHDRAWN: ("was withdrawn", "were withdrawn"),
    NoRating.MAA_ONLY: ("is only in the multi-area agreement", "are only in the multi-area agreement"),
    NoRating.TOO_EARLY: ("is too early to call", "are too early to call"),
}
NO_FIGURE = {
    NoRating.SOURCE_NOT_PUBLISHED: "Its source has not been published yet",
    NoRating.NO_SURVEY: "There is no survey this year",
    NoRating.SUPPRESSED: "The numbers are too small to be shown",
    NoRating.NOT_REPORTED: "It is not available for another reason (say which in the commentary)",
}

STATE = {
    State.NOT_STARTED: "Not started",
    State.DRAFT: "Draft",
    State.SUBMITTED: "Submitted",
    State.QUERIED: "Queried",
    State.VERIFIED: "Verified",
    State.PUBLISHED: "Published",
}
FREQUENCY = {
    Frequency.MONTHLY: "Month",
    Frequency.QUARTERLY: "Quarter",
    Frequency.HALF_YEARLY: "Half-year",
    Frequency.YEARLY: "Year",
}
ROLE = {
    Role.CONTRIBUTOR: "contributor",
    Role.LEAD: "lead",
    Role.TEAM: "partnership team",
    Role.EXECUTIVE: "partnership executive",
    Role.REVIEWER: "Government Office",
    Role.ADMIN: "administrator",
}
CATEGORY = {
    ReviewCategory.ON_TRACK: "On track",
    ReviewCategory.OFF_TRAJECTORY: "Off trajectory, expected to recover",
    ReviewCategory.AT_RISK: "At risk",
    ReviewCategory.NO_DATA: "No data",
}
BASIS = {
    Basis.MILESTONE: "the milestone",
    Basis.STRAIGHT_LINE: "a straight line to the year's target",
    Basis.YEAR_TARGET: "the year's target",
}
GOOD = {
    Polarity.HIGHER: "High is good",
    Polarity.LOWER: "Low is good",
    Polarity.RANGE: "Good is inside the range",
    Polarity.NONE: "Neither high nor low is good",
}


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
    return f"{figure} {unit}".strip()


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
    return f"{number(value, max(decimals, _digits(value)))}{sign(unit)}"


def change(now: Decimal | None, before: Decimal | None, decimals: int) -> str:
    """What changed since the last figure, with its sign, and in per cent of it: '+0.28 (+13%)'."""
    if now is None or before is None:
        return "–"
    difference = now - before
    said = _signed(difference, max(decimals, _digits(difference)))
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
    after, decimals = sign(unit), max(decimals, min(decimals + 2, _digits(expected.value, expected.low, expected.high)))
    if expected.low is not None and expected.high is not None and expected.low != expected.high:
        return f"{number(expected.low, decimals)}{after} to {number(expected.high, decimals)}{after}"
    return "–" if expected.value is None else f"{number(expected.value, decimals)}{after}"


def held_against(standing: MeasureStanding) -> str:
    """A sentence on what the figure is, or will be, held against."""
    if standing.expected is None:
        return "Nothing is agreed to hold this quarter's figure against, so it will not be rated."
    text = expected(standing.expected, standing.decimals, standing.unit)
    return f"Held against {text}, {BASIS[standing.expected.basis]}. {GOOD[standing.polarity]}."


def why(standing: MeasureStanding) -> str:
    """Why a measure has the rating that it has, or none, in sentences with the figures used."""
    if standing.value is None or standing.rating_by_rule is None:
        reason = standing.no_rating_reason or NoRating.MILESTONE_NOT_SET
        said = f"No rating by the rule: {REASON[reason]}." if standing.rating else f"No rating: {REASON[reason]}."
    else:
        said = f"{_comparison(standing)} So the rule says: {RATING[standing.rating_by_rule].lower()}."
    if standing.override_reason:
        said += f" It was judged otherwise, {RATING[standing.rating].lower()}: {standing.override_reason}"
    return said


def _digits(*figures: Decimal | None) -> int:
    """The decimals that show all of these figures whole."""
    shown = [-int(figure.normalize().as_tuple().exponent) for figure in figures if figure is not None]
    return max([0, *shown])


def _comparison(standing: MeasureStanding) -> str:
    """The figure against what was expected, with as many digits as the comparison was made with."""
    held, value, margin = standing.expected, standing.value, standing.margin
    assert held is not None
    assert value is not None
    assert margin is not None
    after, digits = sign(standing.unit), max(standing.decimals, _digits(value, held.value))
    figure = f"{number(value, digits)}{after}"
    if standing.polarity is Polarity.RANGE:
        where = "inside" if standing.lead == 0 else "outside"
        return f"{figure} is {where} the range of {expected(held, standing.decimals, standing.unit)}."
    assert held.value is not None
    difference = value - held.value
    point = f"{number(held.value, digits)}{after}"
    against = (
        f"{BASIS[held.basis]} of {point}" if held.basis is not Basis.STRAIGHT_LINE else f"{point}, {BASIS[held.basis]}"
    )
    allowed = number(margin, _digits(margin))
    near = f"{GOOD[standing.polarity]}, and up to {allowed} either way is within the acceptable range."
    if difference == 0:
        return f"{figure} is {against}. {near}"
    direction = "above" if difference > 0 else "below"
    return f"{figure} is {number(abs(difference), digits)} {direction} {against}. {near}"


def day(value: date) -> str:
    """A date as people write it: '30 January 2009'."""
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """An instant in Europe/London: '20 January 2009, 14:05'."""
    local = value.astimezone(LONDON)
    return f"{day(local.date())}, {local:%H:%M}"


def period(key: str) -> str:
    """A period in words: 'quarter 3 of 2008/09', 'the first half of 2008/09', 'October 2008', 'the year 2008/09'."""
    one = calendar_period(key)
    if one.frequency is Frequency.QUARTERLY:
        return f"quarter {one.number} of {one.year}"
    if one.frequency is Frequency.HALF_YEARLY:
        return f"the {('first', 'second')[one.number - 1]} half of {one.year}"
    return f"{one.starts_on:%B %Y}" if one.frequency is Frequency.MONTHLY else f"the year {one.year}"


def capital(sentence: str) -> str:
    """A sentence with a capital; the rest stays as it is: 'October', not 'october'."""
    return sentence[:1].upper() + sentence[1:]


def months(key: str) -> str:
    """A period's months: 'October to December 2008', 'October 2008', 'April 2008 to March 2009'."""
    one = calendar_period(key)
    if one.frequency is Frequency.MONTHLY:
        return f"{one.starts_on:%B %Y}"
    first = f"{one.starts_on:%B}" if one.starts_on.year == one.ends_on.year else f"{one.starts_on:%B %Y}"
    return f"{first} to {one.ends_on:%B %Y}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """'1 indicator', '2 indicators'."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def rated_of(counts: Counts) -> str:
    """The denominator in words: '4 of 12 indicators are rated'."""
    verb = "is" if 1 in (counts.rated, counts.total) else "are"
    return f"{counts.rated} of {plural(counts.total, 'indicator')} {verb} rated"


def reasons_for_none(counts: Counts) -> str:
    """Why the others are not, as one sentence: '11 are placeholders without a target, 1 was withdrawn.'"""
    said = [f"{n} {COUNTED[reason][n > 1]}" for reason, n in counts.none.items()]
    return ", ".join(said) + "." if said else ""


def due(due_on: date, today: date) -> str:
    """How long until a due date, or since: 'Due 30 January 2009, in 10 days'."""
    left = (due_on - today).days
    if left > 1:
        when = f"in {left} days"
    elif left >= 0:
        when = ("today", "tomorrow")[left]
    else:
        when = f"{plural(-left, 'day')} ago"
    return f"Due {day(due_on)}, {when}"


def unit_label(unit: str) -> str:
    """A unit as a form's hint says it: 'per cent', 'homes, cumulative in the year'."""
    if not unit:
        return "a number"
    return f"per cent{unit[1:]}" if unit == "%" or unit.startswith("%,") else unit


def year_target(target: YearTarget | None) -> str:
    """The target at the year's end, in its own unit: '63%', '10 to 15%', '1.2 tonnes per capita'."""
    if target is None:
        return "none set"
    decimals = [max(0, -int(figure.normalize().as_tuple().exponent)) for figure in (target.low, target.high)]
    high = amount(target.high, max(decimals), target.unit)
    return high if target.point is not None else f"{number(target.low, max(decimals))} to {high}"
