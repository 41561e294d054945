"""Leicester's agreement with made-up later returns of one measure, and made-up figures from elsewhere beside them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from models.rules.terms import AreaKind
from portal.clock import Clock
from portal.database import Database
from portal.formats.agreement_csv import AgreementFile, AreaFigure, Milestone, Return, SourceFigure, read_agreement
from portal.settings import package_data

MEASURE = "NI 16"
NOW = "2009/10 Q2"
LATER = date(2009, 11, 1)
OWN = {"2008/09 Q1": "2.40", "2008/09 Q4": "2.20", "2009/10 Q1": "2.10", NOW: "2.30"}
"""Beside what Leicester returned for 2008/09 Q2: 2.42."""
PUBLISHED = [
    ("2008/09 Q1", date(2008, 10, 22), "2.50"),
    ("2008/09 Q2", date(2009, 1, 22), "2.60"),
    ("2008/09 Q2", date(2009, 7, 16), "2.32"),
    ("2008/09 Q4", date(2009, 7, 16), "2.50"),
]
"""Revisions of 0.10, -0.10 in the end, and 0.30."""
AREAS = [
    ("Derby", AreaKind.NEIGHBOUR, "2.00"),
    ("Coventry", AreaKind.NEIGHBOUR, "2.50"),
    ("Nottingham", AreaKind.NEIGHBOUR, "2.90"),
    ("East Midlands", AreaKind.REGION, "1.60"),
    ("England", AreaKind.COUNTRY, "1.20"),
]


def with_returns() -> AgreementFile:
    """The agreement with returns of some more quarters; the last has a milestone of 2.14, and low is good."""
    read = read_agreement(package_data("leicester")).agreement
    assert read is not None
    returns = [Return(MEASURE, period, Decimal(value), None, None, "", "", "", "") for period, value in OWN.items()]
    milestone = Milestone(MEASURE, NOW, Decimal("2.14"), None, None)
    return replace(read, returns=(*read.returns, *returns), milestones=(*read.milestones, milestone))


def source_figure(period: str, on: date, value: str) -> SourceFigure:
    return SourceFigure(MEASURE, period, on, Decimal(value), "Home Office", line=2)


def area_figure(area: str, kind: AreaKind, value: str) -> AreaFigure:
    return AreaFigure(MEASURE, NOW, area, kind, Decimal(value), "iQuanta", line=2)


def with_figures() -> AgreementFile:
    """The same with the figures from elsewhere."""
    return replace(
        with_returns(),
        source_figures=tuple(source_figure(*row) for row in PUBLISHED),
        area_figures=tuple(area_figure(*row) for row in AREAS),
    )


def later(database: Database, day: date = LATER) -> Database:
    """The same database on a later day."""
    database.clock = Clock(day)
    return database
