"""The agreement's name, themes, organisations, indicators and their partners, read from their rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from models.rules.codes import indicator_code
from models.rules.terms import Group, Polarity
from portal.formats.agreement_csv.cells import Keys, Table, plain_key
from portal.formats.agreement_csv.rows import Indicator, Organisation, Partner, Theme

GROUPS = {str(group): group for group in Group}
POLARITIES = {str(polarity): polarity for polarity in Polarity}
LONGEST_AGREEMENT = 200
"""Of an agreement's key, which may have been made from its title."""
ROLES = {"lead": "lead", "signed up": "signed up"}


@dataclass(frozen=True, slots=True)
class Kind:
    """The unit and polarity in which an indicator's targets are set: those of each of its measures."""

    unit: str
    polarity: Polarity


def read_name(tables: Sequence[Table]) -> tuple[str, str, str]:
    """The agreement's key, title and area as agreement.csv says them; '' for each without such a file."""
    for table in tables:
        for row in table.rows[1:]:
            row.problem("", "one row is enough: a folder holds one agreement.")
        for row in table.rows[:1]:
            key = row.code("key", partial(plain_key, longest=LONGEST_AGREEMENT)) or ""
            return key, row.text("title", required=True, longest=200), row.text("area", required=True, longest=100)
    return "", "", ""


def read_themes(table: Table, keys: Keys) -> tuple[Theme, ...]:
    """Every row of themes.csv: a theme takes the strategy's title, else the agreement's."""
    themes = []
    for key, row in keys.each(table, "theme", plain_key):
        strategy = row.text("title_in_strategy", longest=200)
        agreement = row.text("title_in_agreement", longest=200)
        if row.lacks("title_in_strategy") and row.lacks("title_in_agreement"):
            row.problem("title_in_strategy", "is empty, as is title_in_agreement: give at least one of them.")
        position = row.whole_number("position")
        themes.append(Theme(key, strategy or agreement, strategy, agreement, position, row.line))
    return tuple(themes)


def read_organisations(table: Table, keys: Keys) -> tuple[Organisation, ...]:
    """Every row of organisations.csv, with the other names that documents use."""
    organisations = []
    for key, row in keys.each(table, "organisation", plain_key):
        name = row.text("name", required=True, longest=200)
        sector = row.text("sector", longest=100)
        others = tuple(other for part in row.text("also_printed_as").split(";") if (other := part.strip()))
        organisations.append(Organisation(key, name, sector, others, row.line))
    return tuple(organisations)


def read_indicators(table: Table, keys: Keys, themes: Keys) -> tuple[tuple[Indicator, ...], Mapping[str, Kind]]:
    """The indicators, and the kind of each. Whether one may go without hangs on its targets: checks.py."""
    indicators: list[Indicator] = []
    kinds = {}
    for code, row in keys.each(table, "indicator", indicator_code):
        theme = row.code("theme", plain_key)
        themes.check(theme, row, "theme")
        indicators.append(
            Indicator(
                code=code,
                title=row.text("title", required=True),
                theme=theme or "",
                group=row.word("group", GROUPS, Group.LOCAL),
                reward_weighted=row.yes("reward_weighted"),
                placeholder=row.yes("placeholder_at_signing"),
                placeholder_reason=row.text("placeholder_reason"),
                expected=row.text("expected", longest=200),
                baseline_printed=row.text("baseline_printed"),
                note=row.text("note"),
                position=len(indicators) + 1,
                line=row.line,
            )
        )
        polarity = row.word("polarity", POLARITIES, Polarity.NONE, required=False)
        kinds[code] = Kind(row.text("unit", longest=200), polarity)
    return tuple(indicators), kinds


def read_partners(table: Table, indicators: Keys, organisations: Keys) -> tuple[tuple[Partner, ...], Keys]:
    """The partners, and the indicators that they are partners of."""
    partners: list[Partner] = []
    lines: dict[tuple[str, str], int] = {}
    leads: dict[str, Partner] = {}
    named = Keys(table)
    for row in table.rows:
        indicator = row.code("indicator", indicator_code)
        if indicator is None or indicator not in named.rows:
            named.take(indicator, row, "indicator")
        if not row.whole:
            continue
        indicators.check(indicator, row, "indicator")
        organisation = row.code("organisation", plain_key)
        organisations.check(organisation, row, "organisation")
        role = row.word("role", ROLES, "")
        if indicator is None or organisation is None:
            continue
        pair = (indicator, organisation)
        if pair in lines:
            row.problem("organisation", f"{organisation} is a partner of {indicator} on line {lines[pair]} already.")
            continue
        lines[pair] = row.line
        partner = Partner(indicator, organisation, role, row.line)
        partners.append(partner)
        if role == "lead":
            first = leads.setdefault(indicator, partner)
            if first is not partner:
                leads_already = f"{first.organisation} leads {indicator} on line {first.line} already"
                row.problem("role", f"{leads_already}: an indicator has one lead.")
    return tuple(partners), named
