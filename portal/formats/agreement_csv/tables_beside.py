"""What only some agreements have, as the rows of its files: other figures, reviews, money, assessment, proposals."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from portal.formats.agreement_csv.corporate_rows import Corporate
from portal.formats.agreement_csv.rows import AgreementFile
from portal.formats.agreement_csv.shares import COLUMNS as SHARES

Rows = Sequence[Mapping[str, str]]


def beside(agreement: AgreementFile) -> dict[str, Rows | Mapping[str, Rows]]:
    """The rows of each file, or of each of the files of a kind, by its name."""
    return {
        **_figures(agreement),
        "profiles.csv": [
            {"measure": one.measure, "number": str(one.number), "share": f"{one.share:f}"} for one in agreement.profiles
        ],
        "series_breaks.csv": [
            {"measure": one.measure, "period": one.period, "reason": one.reason} for one in agreement.series_breaks
        ],
        "review_answers_*.csv": _by_year(
            (one.year, {"question": one.question, "text": one.text, "contributors": one.contributors})
            for one in agreement.review_texts
        ),
        "review_commitments_*.csv": _by_year(
            (one.year, {"text": one.text, "indicator": one.indicator, "owner": one.owner})
            for one in agreement.review_commitments
        ),
        "funding.csv": [
            {
                "indicator": one.indicator,
                "source": one.source,
                "proposal": one.proposal,
                "amount_gbp": f"{one.amount:f}",
                "note": one.note,
            }
            for one in agreement.funding
        ],
        "funding_totals.csv": [
            {
                "indicator": one.indicator,
                "source": one.source,
                "printed_total_gbp": f"{one.total:f}",
                "printed_in": one.printed_in,
            }
            for one in agreement.funding_totals
        ],
        "performance_history_*.csv": _shares(agreement),
        **_corporate(agreement.corporate),
    }


def _figures(agreement: AgreementFile) -> dict[str, Rows]:
    return {
        "historic_figures.csv": [
            {"measure": one.measure, "period": one.period, "value": f"{one.value:f}", "source": one.source}
            for one in agreement.historic_figures
        ],
        "source_figures.csv": [
            {
                "measure": one.measure,
                "period": one.period,
                "published_on": one.published_on.isoformat(),
                "value": f"{one.value:f}",
                "source": one.source,
            }
            for one in agreement.source_figures
        ],
        "area_figures.csv": [
            {
                "measure": one.measure,
                "period": one.period,
                "area": one.area,
                "kind": str(one.kind),
                "value": f"{one.value:f}",
                "source": one.source,
            }
            for one in agreement.area_figures
        ],
    }


def _by_year(said: Iterable[tuple[str, Mapping[str, str]]]) -> Mapping[str, Rows]:
    found: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for year, row in said:
        found[year.replace("/", "_")].append(row)
    return found


def _shares(agreement: AgreementFile) -> Mapping[str, Rows]:
    """All earlier agreements in one file, named after the calendar years that it covers."""
    days = [said.period_end for one in agreement.earlier for said in one.shares]
    if not days:
        return {}
    rows = [
        {
            "agreement": one.title,
            "period_end": said.period_end.isoformat(),
            **{column: _share(getattr(said, name)) for name, column in SHARES.items()},
        }
        for one in agreement.earlier
        for said in one.shares
    ]
    return {f"{min(days).year}_{max(days).year}": rows}


def _share(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


def _corporate(said: Corporate) -> dict[str, Rows]:
    return {
        "corporate_assessment.csv": [
            {
                "theme": one.title,
                "anticipated_score": str(one.score),
                "key_risk": one.key_risk,
                "evidence": one.evidence,
                "actions": one.actions,
            }
            for one in said.themes
        ],
        "corporate_assessment_scale.csv": [
            {"score": str(one.score), "description": one.description, "judgement": one.judgement}
            for one in said.levels
            if one.description
        ],
        "corporate_assessment_rules.csv": [
            {"overall": str(one.score), "rule": one.rule} for one in said.levels if one.rule
        ],
        "corporate_priorities.csv": [{"priority": one.key, "title": one.title} for one in said.priorities],
        "corporate_outcomes.csv": [{"outcome": one.key, "title": one.title} for one in said.outcomes],
        "lpsa2_proposals.csv": [
            {
                "proposal": str(one.number),
                "priority_for_improvement": one.title,
                "target": target.letter,
                "target_text": target.text,
                "state": "defined" if target.defined else "to be developed",
                "corporate_priorities": ";".join(one.priorities),
                "corporate_outcomes": ";".join(one.outcomes),
                "lead": one.lead,
                "partners": one.partners,
            }
            for one in said.proposals
            for target in one.targets
        ],
    }
