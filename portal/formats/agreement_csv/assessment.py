"""The corporate assessment, read from its rows: the themes with their scores, what the scores mean, and the rules."""

from collections.abc import Sequence
from dataclasses import replace

from models.rules.assessment import HIGHEST, LEVELS, LOWEST, THEMES
from portal.formats.agreement_csv.cells import Row, Table
from portal.formats.agreement_csv.corporate_rows import ScoredTheme, ScoreLevel

LONGEST = 2000
"""As much as fits into a field of the page."""


def read_themes(tables: Sequence[Table]) -> tuple[ScoredTheme, ...]:
    """Every row of corporate_assessment.csv: five, since the rules are made for five."""
    found: dict[str, ScoredTheme] = {}
    for table in tables:
        for row in (one for one in table.rows if one.whole):
            title = row.text("theme", required=True, longest=200)
            score = _score(row, "anticipated_score")
            said = {name: row.text(name, longest=LONGEST) for name in ("evidence", "key_risk", "actions")}
            if title in found:
                row.problem("theme", f"{title} is on line {found[title].line} already.")
            elif title:
                found[title] = ScoredTheme(title, score, **said, position=len(found) + 1, line=row.line)
        if table.complete and table.rows and len(table.rows) != THEMES:
            whole = f"has {len(table.rows)} themes: the rules for the overall score are made for {THEMES}."
            table.rows[-1].problem("theme", whole)
    return tuple(found.values())


def read_levels(scale: Sequence[Table], rules: Sequence[Table]) -> tuple[ScoreLevel, ...]:
    """What corporate_assessment_scale.csv says of each score and corporate_assessment_rules.csv of each overall one. A
    rule in other words than those that the portal's own was made from is a problem: a page would show one rule and go
    by another."""
    found = {score: ScoreLevel(score) for score in range(LOWEST, HIGHEST + 1)}
    for row in _each(scale, "score"):
        score = _score(row, "score")
        description, judgement = (
            row.text(name, required=True, longest=LONGEST) for name in ("description", "judgement")
        )
        found[score] = replace(found[score], description=description, judgement=judgement, line=row.line)
    known = {level.overall: level.said for level in LEVELS}
    for row in _each(rules, "overall"):
        score = _score(row, "overall")
        rule = row.text("rule", required=True, longest=LONGEST)
        if rule and _plain(rule) != _plain(known[score]):
            row.problem("rule", f"is not what the portal goes by for {score}: {known[score]}.")
        found[score] = replace(found[score], rule=rule, rule_line=row.line)
    return tuple(level for level in found.values() if level.line or level.rule_line)


def _each(tables: Sequence[Table], column: str) -> list[Row]:
    """The whole rows, those that come again told."""
    taken: dict[str, int] = {}
    rows = [row for table in tables for row in table.rows if row.whole]
    for row in rows:
        line = taken.setdefault(row.text(column), row.line)
        if line != row.line:
            row.problem(column, f"{row.text(column)} is on line {line} already.")
    return rows


def _score(row: Row, column: str) -> int:
    score = row.whole_number(column)
    if LOWEST <= score <= HIGHEST:
        return score
    if score:
        row.problem(column, f"is {score}: a score is {LOWEST} to {HIGHEST}.")
    elif row.text(column).strip("0") == "" and row.text(column):
        row.problem(column, f"is 0: a score is {LOWEST} to {HIGHEST}.")
    return LOWEST


def _plain(sentence: str) -> str:
    return " ".join(sentence.casefold().rstrip(".").split())
