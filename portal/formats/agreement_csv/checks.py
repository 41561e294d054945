"""What an indicator must have in files other than its own: measures, a unit and a polarity, a lead."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from portal.formats.agreement_csv.cells import Keys, Row
from portal.formats.agreement_csv.findings import Findings
from portal.formats.agreement_csv.rows import Partner
from portal.formats.agreement_csv.targets import Targets


def check_indicators(
    indicators: Keys,
    indicator_of: Mapping[str, str],
    measures: Keys,
    targets: Targets,
    found_partners: Iterable[Partner],
    partners: Keys,
) -> None:
    """What only the files together show: indicators without measure, lead, polarity or unit."""
    measures_of: dict[str, list[str]] = defaultdict(list)
    for measure, indicator in indicator_of.items():
        measures_of[indicator].append(measure)
    # A row of measures.csv that could not be made out may be the very one that an indicator seems to lack.
    any_unplaced = "" in measures_of or any(not row.whole for row in measures.rows.values())
    led = {partner.indicator for partner in found_partners if partner.role != "signed up"}
    for code, row in indicators.rows.items():
        if not row.whole:
            continue
        own = measures_of.get(code, [])
        judged = own or not (any_unplaced or not measures.complete or measures.may_misspell(code))
        if judged and not own:
            row.problem("indicator", f"{code} has no measure in {measures.file}.")
        in_maa = bool(own) and all(targets.only_in_maa(measure) for measure in own)
        if judged and not in_maa:
            _check_kind(row, code)
        if code in partners.rows:
            if code not in led:
                message = f"{code} has partners but no lead: the partnership team returns it."
                partners.rows[code].note("role", message)
        elif in_maa and partners.surely_lack(code):
            row.note("indicator", f"{code} has no lead: it is in the Multi-Area Agreement only.")
        elif judged and partners.surely_lack(code):
            row.problem("indicator", f"{code} has no lead and no partner in {partners.file}.")


def _check_kind(row: Row, code: str) -> None:
    for column in ("polarity", "unit"):
        if row.lacks(column):
            row.problem(
                column,
                f"is empty: only an indicator all of whose targets are 'maa only' may lack it, not {code}.",
            )


def check_period(period: str, years: Sequence[str], file: str, findings: Findings) -> None:
    """A period belongs to one of the agreement's years."""
    if years and period.partition(" ")[0] not in years:
        findings.problem(file, 0, "", f"{period} is not in the agreement's years, {years[0]} to {years[-1]}.")
