"""What a load added, table by table, in words."""

from portal.words.dates import plural

ROWS = {
    "agreement_version": ("version", "versions"),
    "indicator_terms": ("indicator's terms", "indicators' terms"),
    "signed_up": ("partner that signed up", "partners that signed up"),
    "measure_terms": ("measure's terms", "measures' terms"),
    "refresh": ("open refresh", "open refreshes"),
    "refresh_change": ("change proposed in it", "changes proposed in it"),
    "returns": ("return", "returns"),
    "indicator_action": ("action", "actions"),
    "commitment": ("commitment of money", "commitments of money"),
    "printed_total": ("printed total of money", "printed totals of money"),
    "half_year_shares": ("half-year's shares", "half-years' shares"),
}
"""The tables whose names are no plain English."""


def rows(count: int, table: str) -> str:
    """How many rows of a table: '1 agreement', '2 versions', '25 returns'."""
    return plural(count, *ROWS.get(table, (table.replace("_", " "),)))
