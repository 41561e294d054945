"""a target that is proposed keeps how its document prints it"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NEW = ("printed", "note")


def upgrade() -> None:
    with op.batch_alter_table("refresh_change") as table:
        for name in NEW:
            table.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("refresh_change") as table:
        for name in NEW:
            table.drop_column(name)
