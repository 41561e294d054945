"""The versions of an agreement: targets.csv is the newest one, earlier_targets.csv what earlier ones said otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from models.rules.calendar import periods
from models.rules.codes import measure_code, year_key
from models.rules.terms import TargetState
from portal.formats.agreement_csv.cells import Keys, Row, Table
from portal.formats.agreement_csv.folder import Folder
from portal.formats.agreement_csv.rows import Indicator, Target, Version
from portal.formats.agreement_csv.targets import read_target

AS_LOADED = "As loaded"
BASELINE = "baseline"
"""Stands for a year in earlier_targets.csv where a row gives the measure's baseline: its figure, empty for none."""


def read_versions(
    folder: Folder,
    indicators: Sequence[Indicator],
    indicator_of: Mapping[str, str],
    newest: tuple[Target, ...],
    years: Sequence[str],
    measures: Keys,
) -> tuple[Version, ...]:
    """The versions, the oldest first. Without versions.csv there is one, in force from the first year's first day.

    In the version that was signed, the first of several, a placeholder has no baseline and no target; in the later
    ones it is none any more once it has a target.
    """
    at_signing = frozenset(indicator.code for indicator in indicators if indicator.placeholder)
    listed = [version for table in folder.versions for version in _listed(table)]
    if not listed:
        if not years:
            return ()
        start = periods(years[0])[0].starts_on
        reason = "Loaded from the agreement's files."
        return (Version(1, AS_LOADED, start, start, reason, "", at_signing, newest, {}),)
    resolved = {indicator_of.get(target.measure) for target in newest if target.state is TargetState.SET}
    said = _said_otherwise(folder.earlier_targets, len(listed), years, measures)
    return tuple(
        as_listed(version, len(listed), newest, said.get(version.number, {}), at_signing, resolved, indicator_of)
        for version in listed
    )


def as_listed(
    listed: Version,
    last: int,
    newest: tuple[Target, ...],
    said: Mapping[tuple[str, str], Target],
    at_signing: frozenset[str],
    resolved: set[str | None],
    indicator_of: Mapping[str, str],
) -> Version:
    """A listed version with what it says: as the newest, but for what is said otherwise, and for placeholders."""
    as_signed = listed.number == 1 < last
    empty = at_signing if listed.number == 1 else at_signing - resolved
    baselines: dict[str, Decimal | None] = {}
    if as_signed:
        baselines = {measure: None for measure, code in indicator_of.items() if code in at_signing}
    baselines |= {measure: target.low for (measure, year), target in said.items() if year == BASELINE}
    targets = tuple(
        said.get((target.measure, target.year))
        or (_unset(target) if as_signed and indicator_of.get(target.measure) in empty else target)
        for target in newest
    )
    return replace(listed, placeholders=empty, targets=targets, baselines=baselines, explicit=frozenset(said))


def _unset(target: Target) -> Target:
    if target.state is not TargetState.SET:
        return target
    return replace(target, state=TargetState.NOT_SET, low=None, high=None, printed="", note="")


def _listed(table: Table) -> list[Version]:
    """The rows of versions.csv, which are numbered from 1 in the order of their dates."""
    found: list[Version] = []
    for row in table.rows:
        number, title = row.whole_number("version"), row.text("title", required=True, longest=200)
        in_force_from, agreed_on = row.day("in_force_from"), row.day("agreed_on")
        reason = row.text("reason", required=True)
        agreed_by = row.text("agreed_by", longest=200)
        if in_force_from is None or agreed_on is None or not row.whole:
            continue
        if number != len(found) + 1:
            row.problem("version", f"is {number}: versions are numbered from 1, the oldest first.")
        if found and (in_force_from <= found[-1].in_force_from or agreed_on < found[-1].agreed_on):
            row.problem("in_force_from", "a version comes after the one before it.")
        found.append(
            Version(number, title, in_force_from, agreed_on, reason, agreed_by, frozenset(), (), {}, line=row.line)
        )
    return found


def _said_otherwise(
    tables: Sequence[Table], last: int, years: Sequence[str], measures: Keys
) -> Mapping[int, Mapping[tuple[str, str], Target]]:
    """The rows of earlier_targets.csv by version, measure and year."""
    found: dict[int, dict[tuple[str, str], Target]] = {}
    for table in tables:
        for row in table.rows:
            number, measure = row.whole_number("version"), row.code("measure", measure_code)
            year = BASELINE if row.cells.get("year") == BASELINE else row.code("year", year_key)
            if measure is None or year is None or not row.whole:
                continue
            measures.check(measure, row, "measure")
            if not 1 <= number < last:
                row.problem("version", f"is {number}: earlier versions are 1 to {last - 1}; the last is targets.csv.")
            if year != BASELINE and years and year not in years:
                row.problem("year", f"{year} is not in the agreement's years, {years[0]} to {years[-1]}.")
            target = _baseline(row, measure) if year == BASELINE else read_target(row, measure, year)
            if target is not None:
                if (measure, year) in found.setdefault(number, {}):
                    row.problem("year", f"{measure} has a row for {year} of version {number} already.")
                found[number][measure, year] = target
    return found


def _baseline(row: Row, measure: str) -> Target:
    """A baseline of an earlier version, as the low of a target of no year."""
    low = row.figure("low")
    return Target(measure, BASELINE, TargetState.SET, low, low, row.text("printed"), row.text("note"), row.line)
