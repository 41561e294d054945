"""A number in a spreadsheet's cell, as whoever typed it meant it."""

import re
from decimal import Decimal

DIGITS = 15
"""So many digits of a number a spreadsheet keeps; what follows them is noise of its arithmetic."""
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^]]*\]')


def plain_format(shown: str) -> str:
    """How a cell's number is shown when it is not negative, without the words that stand around it.

    >>> plain_format('"about 5%" 0.0;[Red]-0.0')
    ' 0.0'
    """
    return _QUOTED.sub("", shown.split(";")[0])


def typed_number(value: float, shown: str) -> tuple[Decimal, bool]:
    """The figure that a cell shows, and whether it is shown in per cent: then it is a hundred times what is kept.

    >>> typed_number(0.1 + 0.2, "General"), typed_number(0.125, "0.0%")
    ((Decimal('0.3'), False), (Decimal('12.5'), True))
    """
    exact = Decimal(value) if isinstance(value, int) else Decimal(format(value, f".{DIGITS}g"))
    return (exact.scaleb(2), True) if "%" in plain_format(shown) else (exact, False)
