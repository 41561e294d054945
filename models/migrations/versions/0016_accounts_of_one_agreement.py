"""an account may be bound to one agreement"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NAME = "fk_person_agreement_id_agreement"


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("agreement_id", sa.Integer(), nullable=True))
        table.create_foreign_key(NAME, "agreement", ["agreement_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.drop_constraint(NAME, type_="foreignkey")
        table.drop_column("agreement_id")
