"""requests with an Idempotency-Key"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "keyed_request",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("etag", sa.String(80), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_keyed_request_person_id")),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_keyed_request")),
    )
    op.create_index("ix_keyed_request_begun_at", "keyed_request", ["begun_at"])


def downgrade() -> None:
    op.drop_table("keyed_request")
