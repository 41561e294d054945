"""what waits is found by its period and state"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_returns_period_id_state"), "returns", ["period_id", "state"])


def downgrade() -> None:
    op.drop_index(op.f("ix_returns_period_id_state"), table_name="returns")
