"""Another area's agreement, derived from Leicester's rows: three indicators, the police in common, a council of its own."""

import csv
from dataclasses import replace
from pathlib import Path

from portal.actor import OPERATOR, Actor
from portal.database import Database
from portal.formats.agreement_csv import AgreementFile, read_agreement
from portal.services import imports, people
from portal.settings import package_data
from tests.conftest import PASSWORD

LEICESTER = "leicester-local-area-agreement-2008-11"
EARLIER = "leicester-laa-2006-09"
DERBY = "derby-laa-2008-11"
TITLE = "Derby Local Area Agreement 2008-11"
CODES = {"NI 16", "NI 20", "NI 154"}
"""The police lead the first two; in Leicester too."""
COUNCIL = {"lcc": "dcc", "Leicester City Council": "Derby City Council"}
NAMED = {
    "themes.csv": None,
    "organisations.csv": {"lcc", "police"},
    "indicators.csv": CODES,
    "indicator_partners.csv": CODES,
    "measures.csv": CODES,
    "targets.csv": CODES,
    "returns_2008_09_q2.csv": CODES,
}
"""The files that the folder has, and which rows of them, by their first cell."""


def at(actor: Actor, key: str) -> Actor:
    """The actor, shown this agreement."""
    return replace(actor, agreement=key)


def derby(folder: Path, *, key: str = DERBY, title: str = TITLE, area: str = "Derby") -> Path:
    """Write the folder; answers it."""
    folder.mkdir(parents=True)
    for name, kept in NAMED.items():
        with (package_data("leicester") / name).open(newline="", encoding="utf-8") as lines:
            header, *rows = csv.reader(lines)
        found = [[COUNCIL.get(cell, cell) for cell in row] for row in rows if kept is None or row[0] in kept]
        if name == "indicator_partners.csv":
            found = [row for row in found if row[1] in ("police", "dcc")]
        write(folder / name, header, found)
    write(folder / "agreement.csv", ["key", "title", "area"], [[key, title, area]])
    return folder


def write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as lines:
        csv.writer(lines).writerows([header, *rows])


def read(folder: Path) -> AgreementFile:
    reading = read_agreement(folder)
    assert reading.agreement is not None, "\n".join(map(str, reading.problems))
    return reading.agreement


def load_derby(database: Database, folder: Path) -> None:
    """Load it beside what is there, with an account for its council and its contributor."""
    imports.load_agreement(database, OPERATOR, read(derby(folder / "derby")))
    for key, role in (("dcc", "lead"), ("dcc.contributor", "contributor")):
        people.add_person(database, OPERATOR, f"{key}@portal.example", key, role, "dcc", PASSWORD, demo=True)
