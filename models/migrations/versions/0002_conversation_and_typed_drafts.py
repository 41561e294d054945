"""conversation and typed drafts"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "return_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["answers_id"], ["return_message.id"], name=op.f("fk_return_message_answers_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_return_message_person_id")),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_return_message_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_message")),
    )
    op.create_index("ix_return_message_return_id", "return_message", ["return_id"])
    # The queries so far become messages; a query of a return that has moved on since is closed.
    op.execute(
        "INSERT INTO return_message (return_id, revision, kind, text, person_id, at, closed_at) "
        "SELECT q.return_id, q.revision, 'query', q.text, q.person_id, q.at, "
        "CASE WHEN r.state IN ('queried', 'draft') THEN NULL ELSE q.at END "
        "FROM return_query q JOIN returns r ON r.id = q.return_id ORDER BY q.id"
    )
    op.drop_table("return_query")
    op.create_table(
        "typed_draft",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_typed_draft_person_id")),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_typed_draft_return_id")),
        sa.PrimaryKeyConstraint("return_id", "person_id", name=op.f("pk_typed_draft")),
    )
    with op.batch_alter_table("return_revision") as table:
        table.add_column(sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE return_revision SET published_at = verified_at WHERE EXISTS (SELECT 1 FROM returns r "
        "WHERE r.id = return_id AND r.state = 'published' AND r.verified_revision = number)"
    )


def downgrade() -> None:
    with op.batch_alter_table("return_revision") as table:
        table.drop_column("published_at")
    op.drop_table("typed_draft")
    op.create_table(
        "return_query",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_return_query_person_id")),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_return_query_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_query")),
    )
    op.create_index("ix_return_query_return_id", "return_query", ["return_id"])
    op.execute(
        "INSERT INTO return_query (return_id, revision, text, person_id, at) "
        "SELECT return_id, revision, text, person_id, at FROM return_message WHERE kind = 'query' ORDER BY id"
    )
    op.drop_table("return_message")
