"""Money in words: amounts in pounds, what is committed to how many indicators, printed totals that do not agree."""

from collections.abc import Sequence
from decimal import Decimal

from portal.viewmodels.indicators import IndicatorStanding
from portal.viewmodels.money import Money, MoneyLine, Printed
from portal.words.dates import day, plural
from portal.words.figures import amount

IN_SHORT = (
    "Money that is committed, which is not what has been spent. "
    "Lines without a name came in with the agreement’s files."
)
NONE = "No money is recorded."


def pounds(value: Decimal) -> str:
    """An amount, with pence where it has any.

    >>> pounds(Decimal("22500.00")), pounds(Decimal("1200.5"))
    ('£22,500', '£1,200.50')
    """
    return amount(value, 0 if value == value.to_integral_value() else 2, "£")


def committed(money: Money, indicators: Sequence[IndicatorStanding]) -> str:
    """What is committed to some of these indicators: '£208,158 to 1 of 11 indicators'."""
    funded = {line.indicator for line in money.standing}
    if not funded:
        return "none recorded"
    return f"{pounds(money.total)} to {len(funded)} of {plural(len(indicators), 'indicator')}"


def in_lines(money: Money) -> str:
    """'£208,158 in 14 lines from 3 sources'."""
    lines = plural(len(money.standing), "line")
    return f"{pounds(money.total)} in {lines} from {plural(len(money.sources), 'source')}"


def disagrees(printed: Printed) -> str:
    """What a document prints that its own lines do not come to."""
    way = "more" if printed.beyond > 0 else "less"
    return (
        f"The printed total is {pounds(printed.total)}, but the lines printed with it come to {pounds(printed.lines)}: "
        f"{pounds(abs(printed.beyond))} {way}. Neither was put right; the lines are what counts here."
    )


def agrees(printed: Printed) -> str:
    """What a document prints, with whether its lines come to it, in short."""
    return f"{pounds(printed.total)}, {'does not agree' if printed.beyond else 'agrees'}"


def came(line: MoneyLine) -> str:
    """Who added a line, and when; nothing for one that came in with the agreement's files."""
    return "" if line.from_files else f"Added by {line.who}, {day(line.day)}"


def gone(line: MoneyLine) -> str:
    """Why a line counts no more."""
    on = f" on {day(line.withdrawn_on)}" if line.withdrawn_on else ""
    return (
        f"{pounds(line.amount)}, {line.proposal or line.source}: withdrawn{on} by {line.withdrawn_by}. {line.withdrawn}"
    )
