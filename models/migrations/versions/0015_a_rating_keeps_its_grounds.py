"""what a figure was held against is kept with its rating; how often a measure is returned is for a version to say"""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from alembic import op

from models.base import Figure, Reckoned, Word
from models.rules.calendar import calendar_period
from models.rules.expected import Basis, Expected, YearTarget
from models.rules.judging import Agreed, Grounds, judge, judge_forecast
from models.rules.rating import Judgement, Tolerance
from models.rules.terms import Evidence, NoRating, Polarity, Rating, TargetState, ToleranceKind

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TRIGGER = "revision_rating_decided_once"
REFUSAL = "a judgement is decided once, and the rule''s own answer is never changed"
KEPT = ("revision_id", "version_id", "by_rule", "no_rating_reason")
FIGURES = ("expected_value", "expected_low", "expected_high", "lead", "margin", "interval_low", "interval_high")
GROUNDS = ("basis", *FIGURES, "forecast")
WORDS: dict[str, type[StrEnum]] = {
    "no_value_reason": NoRating,
    "forecast_rating": Rating,
    "by_rule": Rating,
    "no_rating_reason": NoRating,
    "reported_polarity": Polarity,
    "tolerance_kind": ToleranceKind,
    "evidence": Evidence,
    "state": TargetState,
}
NUMBERS = (
    *("value", "forecast_value", "numerator", "denominator", "interval_low", "interval_high", "tolerance", "per"),
    *("target_low", "target_high", "milestone", "milestone_low", "milestone_high", "share"),
)
RATED = (
    "SELECT g.revision_id, g.by_rule, g.no_rating_reason, v.value, v.no_value_reason, v.forecast_value, "
    "v.forecast_rating, v.numerator, v.denominator, v.interval_low, v.interval_high, t.unit, t.reported_unit, "
    "t.reported_polarity, t.tolerance_kind, t.tolerance, t.evidence, t.per, y.state, y.low AS target_low, "
    "y.high AS target_high, i.placeholder, p.key, m.measure_id AS has_milestone, m.value AS milestone, "
    "m.low AS milestone_low, m.high AS milestone_high, s.share "
    "FROM revision_rating g JOIN return_revision v ON v.id = g.revision_id JOIN returns r ON r.id = v.return_id "
    "JOIN period p ON p.id = r.period_id JOIN measure e ON e.id = r.measure_id "
    "JOIN measure_terms t ON t.version_id = g.version_id AND t.measure_id = e.id "
    "JOIN indicator_terms i ON i.version_id = g.version_id AND i.indicator_id = e.indicator_id "
    "JOIN target y ON y.version_id = g.version_id AND y.measure_id = e.id AND y.year = p.year "
    "LEFT JOIN milestone m ON m.version_id = g.version_id AND m.measure_id = e.id AND m.period_id = p.id "
    "LEFT JOIN profile s ON s.version_id = g.version_id AND s.measure_id = e.id AND s.number = p.number"
)


def upgrade() -> None:
    _drop_trigger()
    # Not in a batch: that would make the table anew, and nothing may touch what is frozen.
    for name in ("basis", "forecast"):
        op.add_column("revision_rating", sa.Column(name, sa.String(40), nullable=True))
    for name in FIGURES:
        op.add_column("revision_rating", sa.Column(name, sa.String(100), nullable=True))
    _judge_what_is_there()
    _decide_once((*KEPT, *GROUNDS))
    _move_frequency(
        "measure", "measure_terms", "SELECT m.frequency FROM measure m WHERE m.id = measure_terms.measure_id"
    )


def _move_frequency(old: str, new: str, found: str) -> None:
    op.add_column(new, sa.Column("frequency", sa.String(40), nullable=True))
    op.execute(f"UPDATE {new} SET frequency = ({found})")
    with op.batch_alter_table(new) as table:
        table.alter_column("frequency", existing_type=sa.String(40), nullable=False)
    with op.batch_alter_table(old) as table:
        table.drop_column("frequency")


def _judge_what_is_there() -> None:
    """Once, as every reading did until now."""
    types: dict[str, Any] = {name: Word(kind) for name, kind in WORDS.items()} | dict.fromkeys(NUMBERS, Figure)
    words = {"basis": Word(Basis), "forecast": Word(Rating)}
    table = sa.table(
        "revision_rating",
        sa.column("revision_id", sa.Integer),
        *(sa.column(name, words.get(name, Reckoned())) for name in GROUNDS),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.text(RATED).columns(placeholder=sa.Boolean, **types)).all():
        found, agreed = _judged(row)
        held, interval = found.expected, found.interval
        grounds = {
            "basis": held.basis if held else None,
            "expected_value": held.value if held else None,
            "expected_low": held.low if held else None,
            "expected_high": held.high if held else None,
            "lead": found.lead,
            "margin": found.margin,
            "interval_low": interval.low if interval else None,
            "interval_high": interval.high if interval else None,
            "forecast": judge_forecast(row.forecast_value, row.forecast_rating, agreed),
        }
        connection.execute(sa.update(table).where(table.c.revision_id == row.revision_id).values(grounds))


def _judged(row: Any) -> tuple[Judgement, Agreed]:
    """A milestone or a profile may have come after the rating: then the grounds are those that give the rating that is
    kept, and only where none do, those of today."""
    tried = []
    for has_milestone in dict.fromkeys((row.has_milestone is not None, False)):
        for share in dict.fromkeys((row.share, None)):
            agreed = _agreed(row, has_milestone, share)
            grounds = Grounds(row.numerator, row.denominator, row.interval_low, row.interval_high)
            found = judge(row.value, row.no_value_reason, agreed, grounds)
            if (found.rating, found.reason) == (row.by_rule, row.no_rating_reason):
                return found, agreed
            tried.append((found, agreed))
    return tried[0]


def _agreed(row: Any, has_milestone: bool, share: Any) -> Agreed:
    has_target = row.target_low is not None and row.target_high is not None
    return Agreed(
        target_state=row.state,
        target=YearTarget(row.target_low, row.target_high, row.unit) if has_target else None,
        milestone=Expected(row.milestone, row.milestone_low, row.milestone_high) if has_milestone else None,
        reported_unit=row.reported_unit,
        reported_polarity=row.reported_polarity,
        tolerance=Tolerance(row.tolerance_kind, row.tolerance),
        placeholder=row.placeholder,
        share_of_year=calendar_period(row.key).share_of_year,
        evidence=row.evidence,
        per=row.per,
        profile=share,
    )


def _decide_once(columns: tuple[str, ...]) -> None:
    """As before; the grounds are kept like the rule's answer."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    same = "IS" if sqlite else "IS NOT DISTINCT FROM"
    kept = " AND ".join(f"NEW.{name} {same} OLD.{name}" for name in columns)
    decides = (
        "OLD.override IS NULL AND OLD.proposal_accepted IS NULL AND NEW.proposal_accepted IS NOT NULL "
        "AND (NEW.override IS NOT NULL) = NEW.proposal_accepted"
    )
    if sqlite:
        op.execute(
            f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON revision_rating WHEN NOT ({decides} AND {kept}) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return
    op.execute(
        f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON revision_rating FOR EACH ROW "
        f"WHEN (NOT ({decides} AND {kept})) EXECUTE FUNCTION {TRIGGER}()"
    )


def _drop_trigger() -> None:
    op.execute(f"DROP TRIGGER {TRIGGER}" + (" ON revision_rating" * (op.get_bind().dialect.name != "sqlite")))


def downgrade() -> None:
    newest = (
        "SELECT t.frequency FROM measure_terms t WHERE t.measure_id = measure.id ORDER BY t.version_id DESC LIMIT 1"
    )
    _move_frequency("measure_terms", "measure", newest)
    _drop_trigger()
    with op.batch_alter_table("revision_rating") as table:
        for name in GROUNDS:
            table.drop_column(name)
    _decide_once(KEPT)
