"""milestones that the team sets, what organisations were called"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = ["version_id", "measure_id", "period_id"]


def upgrade() -> None:
    with op.batch_alter_table("milestone") as table:
        table.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("person_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("noted_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True))
        table.create_foreign_key("fk_milestone_person_id", "person", ["person_id"], ["id"])
        table.drop_constraint("pk_milestone", type_="primary")
        table.create_primary_key("pk_milestone", [*KEY, "number"])
    with op.batch_alter_table("milestone") as table:
        for name in ("number", "reason"):
            table.alter_column(name, server_default=None)
    op.create_table(
        "organisation_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_name")),
    )
    op.create_index("ix_organisation_name_organisation_id", "organisation_name", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("organisation_name")
    # The older table holds one milestone: the last.
    op.execute(
        "DELETE FROM milestone WHERE number < (SELECT max(m.number) FROM milestone m WHERE m.version_id = "
        "milestone.version_id AND m.measure_id = milestone.measure_id AND m.period_id = milestone.period_id)"
    )
    with op.batch_alter_table("milestone") as table:
        table.drop_constraint("pk_milestone", type_="primary")
        table.create_primary_key("pk_milestone", KEY)
        table.drop_constraint("fk_milestone_person_id", type_="foreignkey")
        for name in ("noted_at", "noted_on", "person_id", "reason", "number"):
            table.drop_column(name)
