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
    "assessment_theme": ("theme of the corporate assessment", "themes of the corporate assessment"),
    "assessment_step": ("score of such a theme", "scores of such themes"),
    "assessment_level": ("level of scores", "levels of scores"),
    "corporate_priority": ("corporate priority", "corporate priorities"),
    "proposal_priority": ("link of a proposal to a priority", "links of proposals to priorities"),
    "proposal_outcome": ("link of a proposal to an outcome", "links of proposals to outcomes"),
    "proposal_target": ("target of a proposal", "targets of proposals"),
    "proposal_target_step": ("wording of such a target", "wordings of such targets"),
    "review_answer": ("text of an annual review", "texts of annual reviews"),
    "review_commitment": ("commitment of an annual review", "commitments of annual reviews"),
    "historic_figure": ("figure from before the agreement", "figures from before the agreement"),
    "half_year_shares": ("half-year's shares", "half-years' shares"),
}
"""The tables whose names are no plain English."""


def rows(count: int, table: str) -> str:
    """How many rows of a table: '1 agreement', '2 versions', '25 returns'."""
    return plural(count, *ROWS.get(table, (table.replace("_", " "),)))
