"""evidence of figures, the forecast ledger, figures from elsewhere"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

EVIDENCE = ("numerator", "denominator", "interval_low", "interval_high", "year_value")


def upgrade() -> None:
    with op.batch_alter_table("measure_terms") as table:
        table.add_column(sa.Column("evidence", sa.String(40), nullable=False, server_default="figure"))
        table.add_column(sa.Column("per", sa.String(40), nullable=True))
        table.add_column(sa.Column("seasonal", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("rolling", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("measure_terms") as table:
        for name in ("evidence", "seasonal", "rolling"):
            table.alter_column(name, server_default=None)
    for name in ("returns", "return_revision"):
        with op.batch_alter_table(name) as table:
            for column in EVIDENCE:
                table.add_column(sa.Column(column, sa.String(40), nullable=True))
    _of_a_measure(
        "profile",
        sa.Column("version_id", sa.Integer(), sa.ForeignKey("agreement_version.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("share", sa.String(40), nullable=False),
        key=("version_id", "measure_id", "number"),
    )
    _of_a_measure(
        "series_break", _period(), sa.Column("reason", sa.Text(), nullable=False), key=("measure_id", "period_id")
    )
    _of_a_measure(
        "source_figure",
        _period(),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("value", sa.String(40), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        key=("measure_id", "period_id", "published_on"),
    )
    _of_a_measure(
        "area_figure",
        _period(),
        sa.Column("area", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("value", sa.String(40), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        key=("measure_id", "period_id", "area"),
    )
    _of_a_measure(
        "forecast_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), sa.ForeignKey("return_revision.id"), nullable=False),
        sa.Column("year", sa.String(7), nullable=False),
        sa.Column("made_by", sa.String(40), nullable=False),
        *(sa.Column(name, sa.String(40), nullable=name != "central") for name in ("central", "low", "high", "chance")),
        sa.Column("method", sa.String(200), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("revision_id", "made_by", name=op.f("uq_forecast_entry_revision_id")),
        key=("id",),
    )
    op.create_index("ix_forecast_entry_measure_id", "forecast_entry", ["measure_id"])


def _period() -> sa.Column[int]:
    return sa.Column("period_id", sa.Integer(), sa.ForeignKey("period.id"), nullable=False)


def _of_a_measure(name: str, *columns: sa.Column[Any] | sa.UniqueConstraint, key: tuple[str, ...]) -> None:
    op.create_table(
        name,
        sa.Column("measure_id", sa.Integer(), sa.ForeignKey("measure.id"), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
    )


def downgrade() -> None:
    for name in ("forecast_entry", "area_figure", "source_figure", "series_break", "profile"):
        op.drop_table(name)
    for name in ("returns", "return_revision"):
        with op.batch_alter_table(name) as table:
            for column in EVIDENCE:
                table.drop_column(column)
    with op.batch_alter_table("measure_terms") as table:
        for column in ("evidence", "per", "seasonal", "rolling"):
            table.drop_column(column)
