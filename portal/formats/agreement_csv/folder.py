"""The files of a folder, each read into its table and put where it belongs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.formats.agreement_csv.cells import Table
from portal.formats.agreement_csv.columns import REQUIRED, meant, optional_file, period_of
from portal.formats.agreement_csv.findings import Findings
from portal.formats.agreement_csv.reader import Files, read_table


@dataclass(frozen=True, slots=True)
class Folder:
    """The tables of an agreement's folder; those of returns and exceptions by period, the oldest first."""

    themes: Table
    organisations: Table
    indicators: Table
    partners: Table
    measures: Table
    targets: Table
    returns: Mapping[str, Table]
    exceptions: Mapping[str, Table]
    agreement: Sequence[Table]
    versions: Sequence[Table]
    earlier_targets: Sequence[Table]
    historic_figures: Sequence[Table]
    source_figures: Sequence[Table]
    area_figures: Sequence[Table]
    profiles: Sequence[Table]
    series_breaks: Sequence[Table]
    review_answers: Sequence[Table]
    review_commitments: Sequence[Table]
    reviews: Sequence[Table]
    funding: Sequence[Table]
    funding_totals: Sequence[Table]
    history: Sequence[Table]
    assessment: Sequence[Table]
    assessment_rules: Sequence[Table]
    assessment_scale: Sequence[Table]
    priorities: Sequence[Table]
    outcomes: Sequence[Table]
    proposals: Sequence[Table]


def read_folder(files: Files, findings: Findings) -> Folder:
    """The tables of a folder or a workbook, with what is wrong with the files themselves."""
    tables = {name: read_table(files, name, layout, findings) for name, layout in REQUIRED.items()}
    plain: dict[str, list[Table]] = defaultdict(list)
    periods: dict[str, dict[str, Table]] = {"returns": {}, "exceptions": {}}
    for name in files.names:
        optional = optional_file(name)
        if optional is None:
            if name not in REQUIRED and name.lower().endswith(".csv"):
                near = meant(name)
                findings.note(name, 0, "", "is not read" + (f": did you mean {near}?" if near else "."))
            continue
        kind, layout = optional
        if kind not in periods:
            # An agreement.csv without a row would pass for none, and the folder's name would count after all.
            plain[kind].append(read_table(files, name, layout, findings, may_be_empty=kind != "agreement"))
            continue
        # A file whose name has no period is still checked: it stands under its name.
        period = _period(name, kind, findings) or name
        if period in periods[kind]:
            findings.problem(name, 0, "", f"{period} is in {periods[kind][period].file} already.")
        else:
            periods[kind][period] = read_table(files, name, layout, findings, may_be_empty=True)
    return Folder(
        themes=tables["themes.csv"],
        organisations=tables["organisations.csv"],
        indicators=tables["indicators.csv"],
        partners=tables["indicator_partners.csv"],
        measures=tables["measures.csv"],
        targets=tables["targets.csv"],
        returns=dict(sorted(periods["returns"].items())),
        exceptions=dict(sorted(periods["exceptions"].items())),
        agreement=plain["agreement"],
        versions=plain["versions"],
        earlier_targets=plain["earlier_targets"],
        historic_figures=plain["historic_figures"],
        source_figures=plain["source_figures"],
        area_figures=plain["area_figures"],
        profiles=plain["profiles"],
        series_breaks=plain["series_breaks"],
        review_answers=plain["review_answers"],
        review_commitments=plain["review_commitments"],
        reviews=plain["reviews"],
        funding=plain["funding"],
        funding_totals=plain["funding_totals"],
        history=plain["history"],
        assessment=plain["assessment"],
        assessment_rules=plain["assessment_rules"],
        assessment_scale=plain["assessment_scale"],
        priorities=plain["priorities"],
        outcomes=plain["outcomes"],
        proposals=plain["proposals"],
    )


def _period(name: str, kind: str, findings: Findings) -> str | None:
    try:
        return period_of(name)
    except ValueError:
        findings.problem(name, 0, "", f"has no period in its name: name it like {kind}_2008_09_q2.csv.")
        return None
