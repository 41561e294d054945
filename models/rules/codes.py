"""Codes, years and periods in any spelling: 'NI16', 'NI 016' and 'ni-16' are one indicator, 'NI 16'."""

import re
import unicodedata
from reprlib import repr as shown

_BETWEEN = re.compile("[\\s_\u2010\u2011\u2012\u2013-]+")  # spaces of any kind, underscores, hyphens and dashes
_NUMBERED = re.compile(r"(ni|li)-?0*([1-9][0-9]{0,2})(?:-?\(-?([a-z]+)-?\)|-?([a-z]+))?")
_LETTERED = re.compile(r"(li)-?([a-z]{1,8})(?:-?\(-?([a-z]+)-?\)|-([a-z]+))?")
_YEAR = re.compile(r"([0-9]{4})(?:-|-?/-?)([0-9]{2})")
_PERIOD = re.compile(r"(.+?)(?:-?(?:q-?(?P<quarter>[1-4])|h-?(?P<half>[12])|(?P<month>[a-z]{3,9})))?")
MONTHS = (
    *("April", "May", "June", "July", "August", "September"),
    *("October", "November", "December", "January", "February", "March"),
)
"""The months of a financial year; a period's key has the first three letters."""
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


def indicator_code(text: str) -> str:
    """The indicator's code as the agreement writes it.

    >>> indicator_code("NI016"), indicator_code("ni-16"), indicator_code("li-el")
    ('NI 16', 'NI 16', 'LI EL')
    """
    parsed = _parse(text)
    if parsed is None or parsed[1]:
        raise ValueError(f"{shown(text)} is not the code of an indicator: write it like NI 16 or LI EL.")
    return parsed[0]


def measure_code(text: str) -> str:
    """The measure's code: its indicator's, and a part where the indicator has several.

    Roman parts stand in brackets and lettered parts do not, however they were typed: one measure, one code.

    >>> measure_code("ni-120-i"), measure_code("NI120 (I)"), measure_code("ni-179a"), measure_code("NI 16")
    ('NI 120(i)', 'NI 120(i)', 'NI 179a', 'NI 16')
    """
    parsed = _parse(text)
    if parsed is None:
        raise ValueError(f"{shown(text)} is not the code of a measure: write it like NI 16, NI 120(i) or NI 179a.")
    return "".join(parsed)


def slug(code: str) -> str:
    """The code as it stands in an address; `measure_code` reads it back.

    >>> slug("NI 120(i)"), slug("NI 179a"), slug("LI EL")
    ('ni-120-i', 'ni-179a', 'li-el')
    """
    return measure_code(code).lower().replace("(", "-").replace(")", "").replace(" ", "-")


def year_key(text: str) -> str:
    """The financial year, whose second part must follow the first.

    >>> year_key("2008-09"), year_key("1999/00")
    ('2008/09', '1999/00')
    """
    match = _YEAR.fullmatch(_plain(text))
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        raise ValueError(f"{shown(text)} is not a financial year: write it like 2008/09.")
    return f"{match[1]}/{match[2]}"


def year_slug(year: str) -> str:
    """The financial year as it stands in an address.

    >>> year_slug("2008/09")
    '2008-09'
    """
    return year_key(year).replace("/", "-")


def period_key(text: str) -> str:
    """A period of a financial year: a quarter, a half, a month or the year itself.

    >>> period_key("2008-09-q2"), period_key("2008/09 h1"), period_key("2008/09 october"), period_key("2008-09")
    ('2008/09 Q2', '2008/09 H1', '2008/09 Oct', '2008/09')
    """
    match = _PERIOD.fullmatch(_plain(text))
    try:
        if match is not None:
            return f"{year_key(match[1])}{_part_of_year(match)}"
    except (ValueError, StopIteration):
        pass  # told below, in the words of a period
    raise ValueError(f"{shown(text)} is not a period: write it like 2008/09 Q2, 2008/09 H1, 2008/09 Oct or 2008/09.")


def _part_of_year(match: re.Match[str]) -> str:
    if match["quarter"]:
        return f" Q{match['quarter']}"
    if match["half"]:
        return f" H{match['half']}"
    if not match["month"]:
        return ""
    return next(f" {month[:3]}" for month in MONTHS if match["month"] in (month.lower(), month[:3].lower()))


def title_key(title: str) -> str:
    """A title as the key of an address.

    >>> title_key("Leicester Local Area Agreement 2008-11")
    'leicester-local-area-agreement-2008-11'
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "agreement"


def period_slug(period: str) -> str:
    """The period as it stands in an address.

    >>> period_slug("2008/09 Q2")
    '2008-09-q2'
    """
    return period_key(period).lower().replace("/", "-").replace(" ", "-")


def _parse(text: str) -> tuple[str, str] | None:
    """The indicator's code and the part ('' for none), or None for what is no code."""
    plain = _plain(text)
    if match := _NUMBERED.fullmatch(plain):
        part = match[3] or match[4] or ""
        if part in _ROMAN:
            part = f"({part})"
        elif len(part) > 1:
            return None
    elif match := _LETTERED.fullmatch(plain):
        part = match[3] or match[4] or ""
        if part and part not in _ROMAN and len(part) > 1:
            return None
        # A part set straight against letters could not be told from them, so it is always in brackets.
        part = f"({part})" if part else ""
    else:
        return None
    return f"{match[1].upper()} {match[2].upper()}", part


def _plain(text: str) -> str:
    return _BETWEEN.sub("-", text).strip("-").lower()
