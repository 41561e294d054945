"""The files of an agreement's folder and the columns of each."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase

from models.rules.codes import period_key


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one kind of file: those it must have, those it may have, and the key, without which no
    row can be read."""

    key: tuple[str, ...]
    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return self.columns + self.optional


REQUIRED = {
    "themes.csv": Layout(("theme",), ("theme", "title_in_strategy", "title_in_agreement", "position")),
    "organisations.csv": Layout(("organisation",), ("organisation", "name", "sector", "also_printed_as")),
    "indicators.csv": Layout(
        ("indicator",),
        (
            *("indicator", "title", "theme", "group", "reward_weighted", "placeholder_at_signing"),
            *("polarity", "unit", "baseline_printed", "note"),
        ),
        ("placeholder_reason", "expected"),
    ),
    "indicator_partners.csv": Layout(("indicator", "organisation"), ("indicator", "organisation", "role")),
    "measures.csv": Layout(
        ("measure",),
        ("measure", "indicator", "part", "baseline_value", "baseline_period"),
        (
            *("frequency", "source", "release_days", "tolerance", "tolerance_kind"),
            *("reported_unit", "reported_polarity", "evidence", "per", "seasonal", "rolling"),
        ),
    ),
    "targets.csv": Layout(("measure", "year"), ("measure", "year", "state", "low", "high", "printed", "note")),
}

RETURNS = Layout(
    ("measure",),
    (
        *("measure", "value", "milestone", "reported_unit", "reported_polarity"),
        *("performance_printed", "forecast_printed", "performance", "forecast", "note"),
    ),
    ("numerator", "denominator", "interval_low", "interval_high", "year_value"),
)
AGREEMENT = Layout(("key",), ("key", "title", "area"))
VERSIONS = Layout(("version",), ("version", "title", "in_force_from", "agreed_on", "reason", "agreed_by"))
EARLIER_TARGETS = Layout(
    ("version", "measure", "year"), ("version", "measure", "year", "state", "low", "high", "printed", "note")
)
EXCEPTIONS = Layout(("indicator",), ("indicator", "field", "text"), ("owner",))

SOURCE_FIGURES = Layout(("measure", "period"), ("measure", "period", "published_on", "value", "source"))
AREA_FIGURES = Layout(("measure", "period"), ("measure", "period", "area", "kind", "value", "source"))

PROFILES = Layout(("measure", "number"), ("measure", "number", "share"))
SERIES_BREAKS = Layout(("measure", "period"), ("measure", "period", "reason"))

REVIEW_ANSWERS = Layout(("question",), ("question", "text", "contributors"))
REVIEW_COMMITMENTS = Layout(("text",), ("text", "indicator", "owner"))
ASSESSMENT = Layout(("theme",), ("theme", "anticipated_score", "key_risk"), ("evidence", "actions"))
ASSESSMENT_RULES = Layout(("overall",), ("overall", "rule"))
ASSESSMENT_SCALE = Layout(("score",), ("score", "description", "judgement"))
PRIORITIES = Layout(("priority",), ("priority", "title"))
OUTCOMES = Layout(("outcome",), ("outcome", "title"))
PROPOSALS = Layout(
    ("proposal", "target"),
    (
        *("proposal", "priority_for_improvement", "target", "target_text", "state"),
        *("corporate_priorities", "corporate_outcomes", "lead", "partners"),
    ),
)

# Read for what it disagrees on only: nothing of it is loaded.
REVIEWS = Layout(("review", "scope"), ("review", "scope", "category", "count", "indicators", "note"))
FUNDING = Layout(("indicator", "source"), ("indicator", "source", "proposal", "amount_gbp", "note"))
FUNDING_TOTALS = Layout(("indicator", "source"), ("indicator", "source", "printed_total_gbp", "printed_in"))
HISTORY = Layout(
    ("period_end",),
    (
        *("agreement", "period_end"),
        *("above_target_pct", "near_target_pct", "below_target_pct", "missing_pct"),
    ),
)

OPTIONAL = (
    ("agreement", "agreement.csv", AGREEMENT),
    ("versions", "versions.csv", VERSIONS),
    ("earlier_targets", "earlier_targets.csv", EARLIER_TARGETS),
    ("returns", "returns_*.csv", RETURNS),
    ("exceptions", "exceptions_*.csv", EXCEPTIONS),
    ("source_figures", "source_figures.csv", SOURCE_FIGURES),
    ("area_figures", "area_figures.csv", AREA_FIGURES),
    ("profiles", "profiles.csv", PROFILES),
    ("series_breaks", "series_breaks.csv", SERIES_BREAKS),
    ("review_answers", "review_answers_*.csv", REVIEW_ANSWERS),
    ("review_commitments", "review_commitments_*.csv", REVIEW_COMMITMENTS),
    ("reviews", "reviews_published.csv", REVIEWS),
    ("funding", "funding.csv", FUNDING),
    ("funding_totals", "funding_totals.csv", FUNDING_TOTALS),
    ("history", "performance_history_*.csv", HISTORY),
    ("assessment", "corporate_assessment.csv", ASSESSMENT),
    ("assessment_rules", "corporate_assessment_rules.csv", ASSESSMENT_RULES),
    ("assessment_scale", "corporate_assessment_scale.csv", ASSESSMENT_SCALE),
    ("priorities", "corporate_priorities.csv", PRIORITIES),
    ("outcomes", "corporate_outcomes.csv", OUTCOMES),
    ("proposals", "lpsa2_proposals.csv", PROPOSALS),
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
