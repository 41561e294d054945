"""An edition as a CSV file, one row an observation, and what a machine must know of it as CSV on the Web (CSVW)."""

import json
from collections.abc import Iterable

from portal.formats.observations import COLUMNS, LICENCE, Column, cells, observations
from portal.formats.table_csv import written
from portal.viewmodels.scorecard import EditionLine, Scorecard

EDITIONS = ("edition", "period", "published_at", "hash", "note", "corrects", "corrected_by")
_NEEDED = ("edition", "indicator", "measure", "period", "status")


def edition_csv(card: Scorecard) -> str:
    """The file's text. Text that a spreadsheet could run has an apostrophe before it."""
    return written(tuple(COLUMNS), map(cells, observations(card)))


def editions_csv(lines: Iterable[EditionLine]) -> str:
    """The list of editions as a file's text."""
    return written(
        EDITIONS,
        (
            (one.number, one.period, one.published_at.isoformat(), one.hash, one.note, one.corrects, one.corrected_by)
            for one in lines
        ),
    )


def edition_csvw(card: Scorecard, url: str) -> str:
    """The metadata of the file at `url`, in the vocabulary of https://www.w3.org/TR/tabular-metadata/."""
    about = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": url,
        "dc:title": f"{card.area}: scorecard of the {card.agreement}, edition {card.edition}",
        "dc:description": f"How the indicators stood at the end of {card.period}. One row for each measure, period "
        "and figure. Where there is no figure, the column symbol says why.",
        "dc:publisher": f"{card.area} Partnership",
        "dc:issued": {"@value": card.published_at.isoformat(), "@type": "xsd:dateTime"},
        "dc:license": {"@id": LICENCE},
        "dc:identifier": f"sha256:{card.hash}",
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "lineTerminators": ["\r\n"]},
        "tableSchema": {
            "columns": [_column(name, column) for name, column in COLUMNS.items()],
            "primaryKey": ["measure", "period"],
        },
    }
    if card.corrects is not None:
        about["rdfs:comment"] = f"This edition puts edition {card.corrects} right: {card.note}"
    elif card.note:
        about["rdfs:comment"] = card.note
    return json.dumps(about, ensure_ascii=False, indent=1)


def _column(name: str, column: Column) -> dict[str, object]:
    return {
        "name": name,
        "titles": name,
        "dc:title": column.title,
        "dc:description": column.about,
        "datatype": column.datatype,
        "required": name in _NEEDED,
    }
