"""A folder of CSV files read into one agreement, with all that stands in its way or should be known."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from portal.formats.agreement_csv.assessment import read_levels
from portal.formats.agreement_csv.assessment import read_themes as read_assessment
from portal.formats.agreement_csv.cells import Keys
from portal.formats.agreement_csv.checks import check_indicators, check_period
from portal.formats.agreement_csv.corporate_rows import Corporate
from portal.formats.agreement_csv.disagreements import tell_disagreements, tell_note_cells
from portal.formats.agreement_csv.elsewhere import read_area_figures, read_historic_figures, read_source_figures
from portal.formats.agreement_csv.findings import Findings
from portal.formats.agreement_csv.folder import Folder, read_folder
from portal.formats.agreement_csv.funding import read_funding
from portal.formats.agreement_csv.indicators import (
    read_indicators,
    read_name,
    read_organisations,
    read_partners,
    read_themes,
)
from portal.formats.agreement_csv.measures import read_measures, take_measures
from portal.formats.agreement_csv.profiles import read_profiles, read_series_breaks
from portal.formats.agreement_csv.proposals import read_outcomes, read_priorities, read_proposals
from portal.formats.agreement_csv.published import tell_reviews
from portal.formats.agreement_csv.reader import CsvFolder, Files
from portal.formats.agreement_csv.returns import (
    Exceptions,
    PeriodReturns,
    read_exceptions,
    read_milestones,
    read_returns,
    tell_changes,
)
from portal.formats.agreement_csv.reviews import read_answers, read_commitments
from portal.formats.agreement_csv.rows import AgreementFile, Reading
from portal.formats.agreement_csv.shares import read_earlier
from portal.formats.agreement_csv.targets import agreement_years, read_targets
from portal.formats.agreement_csv.versions import read_versions
from portal.formats.agreement_csv.workbook import ENDING, SheetFiles, once_a_cell, open_workbook


def read_agreement(path: Path, *, title: str | None = None, area: str | None = None) -> Reading:
    """Read and check a folder of CSV files, or a workbook (.xlsx) that has a sheet for each of them. Every problem is
    told at once; with any, there is no agreement.

    Unless given, title and area are those that agreement.csv says, with the agreement's key; without that file the
    area is the name of the folder or workbook, and the title is made from the area and the years. A title that is given
    names another agreement than the file does: its key is not taken.
    Disagreements between the sources are looked for once there are no problems.
    """
    findings = Findings()
    with _opened(path, findings) as files:
        if files is None:
            return Reading(None, findings.problems, findings.notes)
        tables = read_folder(files, findings)
    key, said_title, said_area = read_name(tables.agreement)
    agreement, named = _read(tables, title or said_title, area or said_area or _area(path), findings)
    agreement = replace(agreement, key="" if title else key)
    if findings.problems:
        problems = once_a_cell(findings.problems) if isinstance(files, SheetFiles) else findings.problems
        return Reading(None, problems, findings.notes)
    tell_disagreements(agreement, named, findings)
    tell_note_cells(agreement, named, findings)
    return Reading(agreement, (), findings.notes)


@contextmanager
def _opened(path: Path, findings: Findings) -> Iterator[Files | None]:
    """What there is to read, while it is open; None for what is neither a folder nor a workbook, which is told."""
    if path.is_dir():
        yield CsvFolder(path)
    elif path.suffix.lower() == ENDING:
        with open_workbook(path, findings) as sheets:
            yield sheets
    else:
        findings.problem(str(path), 0, "", f"is not a folder. (A workbook's name ends in {ENDING}.)")
        yield None


def _read(folder: Folder, title: str, area: str, findings: Findings) -> tuple[AgreementFile, Mapping[str, str]]:
    """The agreement, which only counts if there are no problems, and the returns file of each period."""
    theme_keys, organisation_keys = Keys(folder.themes), Keys(folder.organisations)
    indicator_keys, measure_keys = Keys(folder.indicators), Keys(folder.measures)
    themes = read_themes(folder.themes, theme_keys)
    organisations = read_organisations(folder.organisations, organisation_keys)
    indicators, kinds = read_indicators(folder.indicators, indicator_keys, theme_keys)
    partners, partner_keys = read_partners(folder.partners, indicator_keys, organisation_keys)
    indicator_of = take_measures(folder.measures, measure_keys, indicator_keys)
    targets = read_targets(folder.targets, measure_keys)
    years = agreement_years(folder.targets, measure_keys, targets)
    exceptions = {
        period: read_exceptions(table, period, indicator_keys, organisation_keys)
        for period, table in folder.exceptions.items()
    }
    periods = _read_periods(folder, years, exceptions, measure_keys, indicator_of, findings)
    groups = {indicator.code: indicator.group for indicator in indicators}
    measures = read_measures(measure_keys.rows, indicator_of, kinds, groups, targets.found, tuple(periods.values()))
    check_indicators(indicator_keys, indicator_of, measure_keys, targets, partners, partner_keys)
    for table in folder.reviews:
        tell_reviews(table)
    funding, funding_totals = read_funding(folder.funding, folder.funding_totals, indicator_keys)
    known_years = years if folder.targets.complete else ()
    frequencies = {measure.code: measure.frequency for measure in measures}
    agreement = AgreementFile(
        title=title or _title(area, years),
        area=area,
        years=years,
        themes=themes,
        organisations=organisations,
        indicators=indicators,
        partners=partners,
        measures=measures,
        versions=read_versions(folder, indicators, indicator_of, targets.found, years, measure_keys),
        milestones=read_milestones(periods, {measure.code: measure for measure in measures}),
        returns=tuple(each for period in periods.values() for each in period.returns),
        actions=tuple(each for found in exceptions.values() for each in found.actions),
        historic_figures=read_historic_figures(folder.historic_figures, measure_keys, known_years),
        source_figures=read_source_figures(folder.source_figures, measure_keys, frequencies, known_years),
        area_figures=read_area_figures(folder.area_figures, measure_keys, frequencies, known_years, area),
        profiles=read_profiles(folder.profiles, measure_keys, {measure.code: measure for measure in measures}),
        series_breaks=read_series_breaks(folder.series_breaks, measure_keys, frequencies, known_years),
        review_texts=read_answers(
            folder.review_answers, known_years, frozenset((*indicator_keys.rows, *measure_keys.rows)), theme_keys
        ),
        review_commitments=read_commitments(folder.review_commitments, known_years, indicator_keys, organisation_keys),
        earlier=read_earlier(folder.history),
        funding=funding,
        funding_totals=funding_totals,
        corporate=_read_corporate(folder),
    )
    return agreement, {period: returns.file for period, returns in periods.items()}


def _read_periods(
    folder: Folder,
    years: Sequence[str],
    exceptions: Mapping[str, Exceptions],
    measures: Keys,
    indicator_of: Mapping[str, str],
    findings: Findings,
) -> Mapping[str, PeriodReturns]:
    periods = {}
    for period, table in folder.returns.items():
        said = exceptions[period].said if period in exceptions else {}
        said_of = {measure: said[code][0] for measure, code in indicator_of.items() if code in said}
        periods[period] = read_returns(table, period, measures, said_of)
    tell_changes(periods.values())
    for tables in (folder.returns, folder.exceptions):
        for period, table in tables.items():
            # A file without a period stands under its own name, and is told already.
            if folder.targets.complete and period != table.file:
                check_period(period, years, table.file, findings)
    for period, found in exceptions.items():
        returns = periods[period].returns if period in periods else ()
        returned = {indicator_of.get(each.measure) for each in returns}
        for code, (_, row) in found.said.items():
            if code not in returned:
                row.note(
                    "indicator", f"{code} has no return for {period}: what is said of it here becomes no commentary."
                )
    return periods


def _read_corporate(folder: Folder) -> Corporate:
    priorities, outcomes = read_priorities(folder.priorities), read_outcomes(folder.outcomes)
    return Corporate(
        read_assessment(folder.assessment),
        read_levels(folder.assessment_scale, folder.assessment_rules),
        priorities,
        outcomes,
        read_proposals(folder.proposals, priorities, outcomes),
    )


def _area(path: Path) -> str:
    name = path.resolve().stem if path.is_file() else path.resolve().name
    return name.replace("-", " ").replace("_", " ").title()


def _title(area: str, years: Sequence[str]) -> str:
    span = f"{years[0][:4]}-{years[-1][-2:]}" if years else ""
    return f"{area} Local Area Agreement {span}".rstrip()
