"""money committed to indicators, and risks"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def noted() -> tuple[sa.Column[object], ...]:
    """Who noted a row, and when."""
    return (
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("organisation_id", sa.Integer(), sa.ForeignKey("organisation.id"), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def upgrade() -> None:
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), sa.ForeignKey("indicator.id"), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("proposal", sa.String(500), nullable=False),
        sa.Column("amount", sa.String(40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        *noted(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    op.create_index("ix_commitment_indicator_id", "commitment", ["indicator_id"])
    op.create_table(
        "commitment_withdrawal",
        sa.Column("commitment_id", sa.Integer(), sa.ForeignKey("commitment.id"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *noted(),
        sa.PrimaryKeyConstraint("commitment_id", name=op.f("pk_commitment_withdrawal")),
    )
    op.create_table(
        "printed_total",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), sa.ForeignKey("indicator.id"), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("total", sa.String(40), nullable=False),
        sa.Column("printed_in", sa.String(300), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printed_total")),
        sa.UniqueConstraint("indicator_id", "source", name=op.f("uq_printed_total_indicator_id")),
    )
    op.create_table(
        "risk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), sa.ForeignKey("indicator.id"), nullable=True),
        sa.Column("theme_id", sa.Integer(), sa.ForeignKey("theme.id"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(indicator_id IS NULL) <> (theme_id IS NULL)", name=op.f("ck_risk_about")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk")),
    )
    op.create_index("ix_risk_indicator_id", "risk", ["indicator_id"])
    op.create_index("ix_risk_theme_id", "risk", ["theme_id"])
    op.create_table(
        "risk_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("risk_id", sa.Integer(), sa.ForeignKey("risk.id"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("likelihood", sa.Integer(), nullable=False),
        sa.Column("impact", sa.Integer(), nullable=False),
        sa.Column("mitigation", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), sa.ForeignKey("organisation.id"), nullable=True),
        sa.Column("named", sa.String(200), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *noted(),
        sa.CheckConstraint("likelihood BETWEEN 1 AND 4", name=op.f("ck_risk_step_likelihood")),
        sa.CheckConstraint("impact BETWEEN 1 AND 4", name=op.f("ck_risk_step_impact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_step")),
    )
    op.create_index("ix_risk_step_risk_id", "risk_step", ["risk_id"])


def downgrade() -> None:
    for table in ("risk_step", "risk", "printed_total", "commitment_withdrawal", "commitment"):
        op.drop_table(table)
