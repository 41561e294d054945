"""The files of an agreement's folder: their names, and the layout of each."""

import re
from difflib import get_close_matches
from fnmatch import fnmatchcase

from models.rules.codes import period_key
from portal.formats.agreement_csv import layouts_agreed as agreed
from portal.formats.agreement_csv import layouts_beside as beside
from portal.formats.agreement_csv.layout import Layout

REQUIRED = {
    "themes.csv": agreed.THEMES,
    "organisations.csv": agreed.ORGANISATIONS,
    "indicators.csv": agreed.INDICATORS,
    "indicator_partners.csv": agreed.INDICATOR_PARTNERS,
    "measures.csv": agreed.MEASURES,
    "targets.csv": agreed.TARGETS,
}
"""The files that a folder must have."""

OPTIONAL = (
    ("agreement", "agreement.csv", agreed.AGREEMENT),
    ("versions", "versions.csv", agreed.VERSIONS),
    ("earlier_targets", "earlier_targets.csv", agreed.EARLIER_TARGETS),
    ("returns", "returns_*.csv", agreed.RETURNS),
    ("exceptions", "exceptions_*.csv", agreed.EXCEPTIONS),
    ("historic_figures", "historic_figures.csv", beside.HISTORIC_FIGURES),
    ("source_figures", "source_figures.csv", beside.SOURCE_FIGURES),
    ("area_figures", "area_figures.csv", beside.AREA_FIGURES),
    ("profiles", "profiles.csv", beside.PROFILES),
    ("series_breaks", "series_breaks.csv", beside.SERIES_BREAKS),
    ("review_answers", "review_answers_*.csv", beside.REVIEW_ANSWERS),
    ("review_commitments", "review_commitments_*.csv", beside.REVIEW_COMMITMENTS),
    ("reviews", "reviews_published.csv", beside.REVIEWS),
    ("funding", "funding.csv", beside.FUNDING),
    ("funding_totals", "funding_totals.csv", beside.FUNDING_TOTALS),
    ("history", "performance_history_*.csv", beside.HISTORY),
    ("assessment", "corporate_assessment.csv", beside.ASSESSMENT),
    ("assessment_rules", "corporate_assessment_rules.csv", beside.ASSESSMENT_RULES),
    ("assessment_scale", "corporate_assessment_scale.csv", beside.ASSESSMENT_SCALE),
    ("priorities", "corporate_priorities.csv", beside.PRIORITIES),
    ("outcomes", "corporate_outcomes.csv", beside.OUTCOMES),
    ("proposals", "lpsa2_proposals.csv", beside.PROPOSALS),
)
"""The files that a folder may have: their kind, their name, where * stands for a period or years, and their columns."""
_NAME = re.compile(r"(.*?)((?:_[0-9].*)?)\.csv")


def optional_file(name: str) -> tuple[str, Layout] | None:
    """The kind and the layout of a file that a folder may have; None for one that is not read.

    >>> optional_file("returns_2008_09_q2.csv")[0], optional_file("letter.csv")
    ('returns', None)
    """
    return next(((kind, layout) for kind, known, layout in OPTIONAL if fnmatchcase(name, known)), None)


def meant(name: str) -> str:
    """The name that a file was most likely to have, which is none of those that are read; '' where nothing is near.

    >>> meant("retruns_2008_09_q3.csv"), meant("Themes.csv"), meant("letter.csv")
    ('returns_2008_09_q3.csv', 'themes.csv', '')
    """
    match = _NAME.fullmatch(name.lower())
    stems = [
        known.removesuffix(".csv").removesuffix("_*") for known in (*REQUIRED, *(known for _, known, _ in OPTIONAL))
    ]
    near = get_close_matches(match[1], stems, n=1, cutoff=0.75) if match else []
    return f"{near[0]}{match[2]}.csv" if match and near else ""


def period_of(name: str) -> str:
    """The period in a file's name. ValueError when there is none.

    >>> period_of("returns_2008_09_q2.csv")
    '2008/09 Q2'
    """
    return period_key(name.removesuffix(".csv").partition("_")[2])


def rank(name: str) -> int:
    """The place of a file in what is told of a folder: as a person would fill the files in."""
    names = list(REQUIRED)
    if name in REQUIRED:
        return names.index(name)
    kind = optional_file(name)
    kinds = [known for known, _, _ in OPTIONAL]
    return len(names) + (kinds.index(kind[0]) if kind else len(kinds))
