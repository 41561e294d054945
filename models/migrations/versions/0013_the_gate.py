"""the gate: what is prepared for publication, small numbers, what a correction puts right"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


TRIGGER = "edition_never_changed"
REFUSAL = "a published edition is never changed"


def upgrade() -> None:
    with op.batch_alter_table("edition") as table:
        table.add_column(sa.Column("note", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("corrects", sa.Integer(), nullable=True))
        table.add_column(sa.Column("prepared_by_id", sa.Integer(), nullable=True))
        table.create_foreign_key("fk_edition_prepared_by_id", "person", ["prepared_by_id"], ["id"])
    op.create_table(
        "suppression",
        sa.Column("measure_id", sa.Integer(), sa.ForeignKey("measure.id"), nullable=False),
        sa.Column("below", sa.Integer(), nullable=False),
        sa.Column("total_id", sa.Integer(), sa.ForeignKey("measure.id"), nullable=True),
        sa.PrimaryKeyConstraint("measure_id", name=op.f("pk_suppression")),
    )
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), sa.ForeignKey("agreement.id"), nullable=False),
        sa.Column("period_id", sa.Integer(), sa.ForeignKey("period.id"), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("revisions", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("prepared_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    op.create_index("ix_publication_state_publish_at", "publication", ["state", "publish_at"])
    _freeze_editions()


def _freeze_editions() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {TRIGGER}_{verb.lower()} BEFORE {verb} ON edition "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE OR DELETE ON edition FOR EACH ROW EXECUTE FUNCTION {TRIGGER}()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {TRIGGER}_{verb}")
    else:
        op.execute(f"DROP TRIGGER {TRIGGER} ON edition")
        op.execute(f"DROP FUNCTION {TRIGGER}()")
    op.drop_table("publication")
    op.drop_table("suppression")
    with op.batch_alter_table("edition") as table:
        table.drop_constraint("fk_edition_prepared_by_id", type_="foreignkey")
        for name in ("note", "corrects", "prepared_by_id"):
            table.drop_column(name)
