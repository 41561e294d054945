"""An edition as an accessible spreadsheet: a cover, marked-up tables, one a sheet, and notes; no cell merged, none
empty in a table, nothing told by colour, nothing that could run as a formula."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from decimal import Decimal
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal import words
from portal.formats.observations import COLUMNS, LICENCE, LICENCE_TITLE, SYMBOLS, observations
from portal.viewmodels.observations import Observation, Status, Symbol
from portal.viewmodels.scorecard import Scorecard

SHEETS = {
    "Cover": "What this is, and what is on the other sheets",
    "Scorecard": "How each measure stood on the day that the edition is about",
    "Figures": "Every figure of the edition, earlier ones too, for analysis: the same rows as the CSV file",
    "Notes": "What symbols, ratings and columns mean",
}
_SHOWN = ("theme", "measure", "title", "part", "lead", "unit", "figure", "milestone_low", "milestone_high")
_SAID = ("rating", "no_rating_reason", "judged_reason", "forecast_rating")
_WIDE = {"title": 48, "theme": 30, "unit": 24, "lead": 24, "judged_reason": 48, "no_rating_reason": 28, "agreement": 36}
_HEAD_ROW = 2
"""Above a table there are its title and a line on what it holds."""


class _Book:
    """The workbook with the few formats that it needs."""

    def __init__(self, file: BytesIO, card: Scorecard) -> None:
        plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book = Workbook(file, plain)
        self.book.set_properties(
            {
                "title": f"{card.area}: scorecard, edition {card.edition}",
                "subject": card.agreement,
                "author": f"{card.area} Partnership",
                "comments": LICENCE,
                # Else the file would differ each time that it is made.
                "created": card.published_at.replace(tzinfo=None),
            }
        )
        self.title = self._format(bold=True, font_size=16)
        self.head = self._format(bold=True, text_wrap=True, valign="bottom", bottom=2)
        self.text = self._format(text_wrap=True, valign="top")
        self._figures: dict[int, Format] = {}

    def _format(self, **how: Any) -> Format:
        return self.book.add_format({"font_name": "Arial", "font_size": 12, **how})

    def figure(self, value: Decimal) -> Format:
        """Shows a figure with the digits that it has."""
        places = max(0, -int(value.as_tuple().exponent))
        if places not in self._figures:
            shown = "#,##0" + ("." + "0" * places if places else "")
            self._figures[places] = self._format(num_format=shown, valign="top", align="right")
        return self._figures[places]

    def sheet(self, name: str, title: str, about: str) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(0)
        sheet.write_string(0, 0, title, self.title)
        sheet.write_string(1, 0, about, self._format())
        return sheet

    def table(
        self, sheet: Worksheet, heads: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int]
    ) -> None:
        """A table that programs for reading aloud find as one, named after its sheet."""
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for number, row in enumerate(rows, _HEAD_ROW + 1):
            for column, value in enumerate(row):
                self._put(sheet, number, column, value)
        sheet.add_table(
            _HEAD_ROW,
            0,
            _HEAD_ROW + len(rows),
            len(heads) - 1,
            {
                "name": sheet.get_name(),
                "style": None,
                "autofilter": False,
                "columns": [{"header": head, "header_format": self.head} for head in heads],
            },
        )

    def _put(self, sheet: Worksheet, row: int, column: int, value: Any) -> None:
        if isinstance(value, Decimal):
            sheet.write_number(row, column, float(value), self.figure(value))
        elif isinstance(value, int):
            sheet.write_number(row, column, value, self.text)
        else:
            sheet.write_string(row, column, str(value), self.text)


def edition_xlsx(card: Scorecard) -> bytes:
    """The file, from the edition alone: the same bytes each time."""
    file = BytesIO()
    book, rows = _Book(file, card), observations(card)
    _cover(book, card)
    sheet = book.sheet("Scorecard", f"{card.area}, {words.period(card.period)}", _with_symbols(SHEETS["Scorecard"]))
    shown = (*_SHOWN, *_SAID)
    now = [row for row in rows if row.status is Status.CURRENT]
    book.table(sheet, [COLUMNS[name].title for name in shown], [_said(row) for row in now], _widths(shown))
    sheet = book.sheet("Figures", f"All figures of edition {card.edition}", _with_symbols(SHEETS["Figures"]))
    book.table(sheet, [column.title for column in COLUMNS.values()], [_filled(row) for row in rows], _widths(COLUMNS))
    sheet = book.sheet("Notes", "Notes", SHEETS["Notes"])
    book.table(sheet, ("Sign or column", "What it means"), tuple(_notes()), (24, 90))
    book.book.close()
    return file.getvalue()


def _with_symbols(about: str) -> str:
    return f"{about}. Symbols: [c] confidential, [x] not available, [z] not applicable; more on the sheet Notes."


def _cover(book: _Book, card: Scorecard) -> None:
    sheet = book.sheet("Cover", f"{card.area}: scorecard of the {card.agreement}", f"Edition {card.edition}")
    said = [
        f"How the indicators stood at the end of {words.period(card.period)} ({words.months(card.period)}).",
        f"Published {words.moment(card.published_at)}. A published edition is never changed.",
        *([f"This edition puts edition {card.corrects} right."] if card.corrects is not None else []),
        *([f"Note: {card.note}"] if card.note else []),
        f"Licence: {LICENCE_TITLE}, {LICENCE}",
        f"Content hash (SHA-256): {card.hash}",
        *(f"Sheet {name}: {about}." for name, about in SHEETS.items() if name != "Cover"),
    ]
    sheet.set_column(0, 0, 100)
    for number, line in enumerate(said, 2):
        sheet.write_string(number, 0, line, book.text)


def _widths(names: Iterable[str]) -> list[int]:
    return [_WIDE.get(name, 16) for name in names]


def _said(row: Observation) -> tuple[Any, ...]:
    """A row as people read it: ratings as words, and never an empty cell."""
    named = {field.name: value for field, value in zip(fields(row), _filled(row), strict=True)}
    for name in ("rating", "forecast_rating"):
        if (rating := getattr(row, name)) is not None:
            named[name] = words.RATING[rating]
    if row.no_rating_reason is not None:
        named["no_rating_reason"] = words.capital(words.REASON[row.no_rating_reason])
    return tuple(named[name] for name in (*_SHOWN, *_SAID))


def _filled(row: Observation) -> tuple[Any, ...]:
    """A row with a symbol in place of each value that is not there, and figures with the measure's own decimals, or
    more where more were given."""
    return tuple(
        _instead(row, name)
        if value is None or value == ""
        else round(value, max(row.decimals, words.digits(value)))
        if isinstance(value, Decimal)
        else value
        for name, value in ((name, getattr(row, name)) for name in COLUMNS)
    )


def _instead(row: Observation, name: str) -> Symbol:
    if name == "figure":
        assert row.symbol is not None
        return row.symbol
    told_of = name.startswith(("milestone", "rating", "judged", "forecast"))
    if row.symbol is Symbol.CONFIDENTIAL and told_of:
        return Symbol.CONFIDENTIAL
    return Symbol.UNAVAILABLE if name == "forecast_rating" and row.rating is not None else Symbol.NOT_APPLICABLE


def _notes() -> Iterable[tuple[str, str]]:
    yield from ((symbol, words.capital(about)) for symbol, about in SYMBOLS.items())
    yield from ((rating, words.RATING[rating]) for rating in words.RATING if rating is not None)
    yield from ((column.title, column.about) for column in COLUMNS.values())
