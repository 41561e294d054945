"""The texts and commitments of a year's annual review, read from their rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from models.rules.codes import indicator_code, year_key
from models.rules.tokens import WrongToken, parse
from portal.formats.agreement_csv.cells import Keys, Row, Table, plain_key
from portal.formats.agreement_csv.review_rows import ReviewText, ReviewWill
from portal.words.self_assessment import KEYS

_LONGEST = 8000
_TEXTS: Mapping[str, str] = {key: key for key in KEYS}


def read_answers(
    tables: Iterable[Table], years: Sequence[str], codes: frozenset[str], themes: Keys
) -> tuple[ReviewText, ...]:
    """The texts, each once a year. A live figure in one must be one that the agreement has: `codes` are those of its
    indicators and measures."""
    found: dict[tuple[str, str], ReviewText] = {}
    for year, row in _rows(tables, years):
        key = row.word("question", _TEXTS, "")
        text = row.text("text", required=True, longest=_LONGEST)
        try:
            parse(text, codes, themes.rows)
        except WrongToken as wrong:
            row.problem("text", str(wrong))
        contributors = row.text("contributors", longest=500)
        if key and (year, key) in found:
            row.problem("question", f"{key} is on line {found[year, key].line} already.")
        elif key:
            found[year, key] = ReviewText(year, key, text, contributors, row.line)
    return tuple(found.values())


def read_commitments(
    tables: Iterable[Table], years: Sequence[str], indicators: Keys, organisations: Keys
) -> tuple[ReviewWill, ...]:
    """The commitments, each text once a year. Indicator and owner may be left out."""
    found: dict[tuple[str, str], ReviewWill] = {}
    for year, row in _rows(tables, years):
        text = row.text("text", required=True, longest=500)
        code = row.code("indicator", indicator_code) if row.cells.get("indicator") else ""
        owner = row.code("owner", plain_key) if row.cells.get("owner") else ""
        if code:
            indicators.check(code, row, "indicator")
        if owner:
            organisations.check(owner, row, "owner")
        if (year, text) in found:
            row.problem("text", f"this commitment is on line {found[year, text].line} already.")
        elif text:
            found[year, text] = ReviewWill(year, text, code or "", owner or "", row.line)
    return tuple(found.values())


def _rows(tables: Iterable[Table], years: Sequence[str]) -> Iterator[tuple[str, Row]]:
    """The whole rows with the year that is in their file's name."""
    for table in tables:
        said = table.file.removesuffix(".csv").split("_", 2)[-1]
        try:
            year = year_key(said)
        except ValueError:
            year = ""
        for row in table.rows:
            if years and year not in years:
                row.findings.problem(table.file, 0, "", "has no year of the agreement in its name, like _2008_09.csv.")
                break
            if row.whole:
                yield year, row
