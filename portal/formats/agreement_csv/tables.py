"""An agreement as the rows of its files: what `reading` reads back as the same agreement. First what everyone has."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from models.rules.calendar import calendar_period
from models.rules.codes import period_slug
from models.rules.terms import Polarity, TargetState
from portal.formats.agreement_csv.columns import OPTIONAL, REQUIRED
from portal.formats.agreement_csv.returns import RATINGS
from portal.formats.agreement_csv.rows import AgreementFile, Measure, Milestone, Return, Target, Version
from portal.formats.agreement_csv.tables_beside import Rows, beside
from portal.formats.agreement_csv.versions import BASELINE, as_listed
from portal.formats.agreement_csv.writing import FileTable

WORD = {rating: word for word, rating in RATINGS.items()}


def tables_of(agreement: AgreementFile) -> tuple[FileTable, ...]:
    """The files in the order in which people fill them in, without those that would be empty."""
    layouts = REQUIRED | {name: layout for _, name, layout in OPTIONAL}
    found = {**_agreed(agreement), **beside(agreement)}
    return tuple(
        FileTable(name.replace("*", part), layouts[name], rows)
        for name in layouts
        for part, rows in sorted(_parts(found.get(name, {})).items())
        if rows
    )


def _parts(found: Rows | Mapping[str, Rows]) -> Mapping[str, Rows]:
    """The rows of each file of one kind, by the part of its name that the * stands for."""
    return found if isinstance(found, Mapping) else {"": found}


def figure(value: Decimal | None) -> str:
    """A figure with the digits that it has; '' for none."""
    return "" if value is None else f"{value:f}"


def _yes(said: bool) -> str:
    return "yes" if said else "no"


def _agreed(agreement: AgreementFile) -> dict[str, Rows | Mapping[str, Rows]]:
    of_indicator = {measure.indicator: measure for measure in reversed(agreement.measures)}
    return {
        "agreement.csv": [{"key": agreement.key, "title": agreement.title, "area": agreement.area}],
        "themes.csv": [
            {
                "theme": theme.key,
                "title_in_strategy": theme.title_in_strategy,
                "title_in_agreement": theme.title_in_agreement,
                "position": str(theme.position),
            }
            for theme in agreement.themes
        ],
        "organisations.csv": [
            {
                "organisation": one.key,
                "name": one.name,
                "sector": one.sector,
                "also_printed_as": "; ".join(one.also_known_as),
            }
            for one in agreement.organisations
        ],
        "indicators.csv": [
            {
                "indicator": one.code,
                "title": one.title,
                "theme": one.theme,
                "group": str(one.group),
                "reward_weighted": _yes(one.reward_weighted),
                "placeholder_at_signing": _yes(one.placeholder),
                "polarity": str(of_indicator[one.code].polarity),
                "unit": of_indicator[one.code].unit,
                "baseline_printed": one.baseline_printed,
                "note": one.note,
                "placeholder_reason": one.placeholder_reason,
                "expected": one.expected,
            }
            for one in agreement.indicators
        ],
        "indicator_partners.csv": [
            {"indicator": one.indicator, "organisation": one.organisation, "role": one.role}
            for one in agreement.partners
        ],
        "measures.csv": [_measure(one) for one in agreement.measures],
        "targets.csv": [_target(one) for one in agreement.targets],
        "versions.csv": [
            {
                "version": str(one.number),
                "title": one.title,
                "in_force_from": one.in_force_from.isoformat(),
                "agreed_on": one.agreed_on.isoformat(),
                "reason": one.reason,
                "agreed_by": one.agreed_by,
            }
            for one in agreement.versions
        ],
        "earlier_targets.csv": list(_earlier(agreement)),
        "returns_*.csv": _returns(agreement),
        "exceptions_*.csv": _exceptions(agreement),
    }


def _measure(one: Measure) -> dict[str, str]:
    edges = f" {figure(one.range_low)} to {figure(one.range_high)}" if one.range_low is not None else ""
    return {
        "measure": one.code,
        "indicator": one.indicator,
        "part": one.part,
        "baseline_value": figure(one.baseline_value),
        "baseline_period": one.baseline_period,
        "frequency": str(one.frequency),
        "source": one.source,
        "release_days": "" if one.release_days is None else str(one.release_days),
        "tolerance": figure(one.tolerance),
        "tolerance_kind": str(one.tolerance_kind),
        "reported_unit": one.reported_unit,
        "reported_polarity": f"{one.reported_polarity}{edges}",
        "evidence": str(one.evidence),
        "per": figure(one.per),
        "seasonal": _yes(one.seasonal),
        "rolling": _yes(one.rolling),
    }


def _target(one: Target) -> dict[str, str]:
    return {
        "measure": one.measure,
        "year": one.year,
        "state": str(one.state),
        "low": figure(one.low),
        "high": figure(one.high),
        "printed": one.printed,
        "note": one.note,
    }


def _earlier(agreement: AgreementFile) -> Iterator[dict[str, str]]:
    """What each version but the newest says otherwise than the other files let it say."""
    indicator_of = {measure.code: measure.indicator for measure in agreement.measures}
    signing = agreement.versions[0].placeholders if agreement.versions else frozenset()
    resolved: set[str | None] = {indicator_of[one.measure] for one in agreement.targets if one.state is TargetState.SET}
    for version in agreement.versions[:-1]:
        last = len(agreement.versions)
        meant = as_listed(version, last, agreement.targets, {}, signing, resolved, indicator_of)
        usual = {(one.measure, one.year): one for one in meant.targets}
        said = {"version": str(version.number)}
        for one in version.targets:
            if one != usual[one.measure, one.year]:
                yield {**said, **_target(one)}
        for measure in agreement.measures:
            baseline = _baseline(version, measure)
            if baseline != _baseline(meant, measure):
                yield {**said, "measure": measure.code, "year": BASELINE, "low": figure(baseline)}


def _baseline(version: Version, measure: Measure) -> Decimal | None:
    return version.baselines.get(measure.code, measure.baseline_value)


def name_of(period: str) -> str:
    """A period in the name of a file: '2008_09_q2'."""
    return period_slug(period).replace("-", "_")


def _returns(agreement: AgreementFile) -> Mapping[str, Rows]:
    """What was returned and what it is held against, period by period, in the order of the measures."""
    ranges = {one.code for one in agreement.measures if one.reported_polarity is Polarity.RANGE}
    places = {one.code: place for place, one in enumerate(agreement.measures)}
    held = {(one.period, one.measure): one for one in agreement.milestones}
    returned = {(one.period, one.measure): one for one in agreement.returns}
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for period, measure in sorted(
        {*held, *returned}, key=lambda one: (calendar_period(one[0]).ends_on, places[one[1]])
    ):
        said, against = returned.get((period, measure)), held.get((period, measure))
        row = {"measure": measure, **(_returned(said) if said else {}), **(_held(against) if against else {})}
        found[name_of(period)].append(row if measure in ranges else {**row, "reported_polarity": ""})
    return found


def _held(one: Milestone) -> dict[str, str]:
    edges = f"range {figure(one.low)} to {figure(one.high)}" if one.low is not None else ""
    return {"milestone": figure(one.value), "reported_polarity": edges}


def _returned(one: Return) -> dict[str, str]:
    grounds = one.grounds
    return {
        "value": figure(one.value),
        "performance": WORD[one.performance],
        "forecast": WORD[one.forecast],
        "note": one.note,
        "numerator": figure(grounds.numerator),
        "denominator": figure(grounds.denominator),
        "interval_low": figure(grounds.low),
        "interval_high": figure(grounds.high),
        "year_value": figure(one.year_value),
        "no_value_reason": str(one.no_value_reason or ""),
        "forecast_value": figure(one.forecast_value),
        "commentary": one.commentary,
        "judgement": one.judged_because,
    }


def _exceptions(agreement: AgreementFile) -> Mapping[str, Rows]:
    """The actions; what was said beside them is in the commentary of the returns."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for one in agreement.actions:
        row = {"indicator": one.indicator, "field": "action", "text": one.text, "owner": one.owner}
        found[name_of(one.period)].append(row)
    return found
