"""what an API token is called, may do, and how often it asked"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name", sa.String(100), nullable=False, server_default=""))
        # Tokens from before could do whatever their account could.
        batch_op.add_column(sa.Column("scope", sa.String(40), nullable=False, server_default="write"))
        batch_op.add_column(sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("minute", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("asked", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        for name in ("asked", "minute", "last_used_at", "scope", "name"):
            batch_op.drop_column(name)
