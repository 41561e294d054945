"""An agreement as a folder of CSV files, read and checked into plain frozen data. No database, no clock."""

from portal.formats.agreement_csv.findings import Finding, Note, Problem
from portal.formats.agreement_csv.historic_rows import HistoricFigure
from portal.formats.agreement_csv.reading import read_agreement
from portal.formats.agreement_csv.returns import commentary
from portal.formats.agreement_csv.rows import (
    ActionSaid,
    AgreementFile,
    AreaFigure,
    Indicator,
    Measure,
    Milestone,
    Organisation,
    Partner,
    ProfileShare,
    Reading,
    Return,
    SeriesBreak,
    SourceFigure,
    Target,
    Theme,
)

__all__ = [
    "ActionSaid",
    "AgreementFile",
    "AreaFigure",
    "Finding",
    "HistoricFigure",
    "Indicator",
    "Measure",
    "Milestone",
    "Note",
    "Organisation",
    "Partner",
    "Problem",
    "ProfileShare",
    "Reading",
    "Return",
    "SeriesBreak",
    "SourceFigure",
    "Target",
    "Theme",
    "commentary",
    "read_agreement",
]
