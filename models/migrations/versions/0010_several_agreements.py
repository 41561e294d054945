"""several agreements beside each other: their keys, the one that a session shows, the half-yearly shares"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("agreement") as table:
        table.add_column(sa.Column("key", sa.String(200), nullable=True))
    _give_keys()
    with op.batch_alter_table("agreement") as table:
        table.alter_column("key", existing_type=sa.String(200), nullable=False)
        table.create_unique_constraint("uq_agreement_key", ["key"])
    with op.batch_alter_table("sign_in") as table:
        table.add_column(sa.Column("agreement_id", sa.Integer(), nullable=True))
        table.create_foreign_key("fk_sign_in_agreement_id", "agreement", ["agreement_id"], ["id"])
    # Not in a batch: that would make the trail anew. It may be here already: the way back leaves it.
    if "agreement" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("audit_event")}:
        op.add_column("audit_event", sa.Column("agreement", sa.String(200), nullable=True))
    op.create_table(
        "half_year_shares",
        sa.Column("agreement_id", sa.Integer(), sa.ForeignKey("agreement.id"), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("above", sa.String(40), nullable=True),
        sa.Column("near", sa.String(40), nullable=True),
        sa.Column("below", sa.String(40), nullable=True),
        sa.Column("missing", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("agreement_id", "period_end", name=op.f("pk_half_year_shares")),
    )


def _give_keys() -> None:
    """An agreement that is there gets the slug of its title, with a number where another one has that already."""
    agreement = sa.table("agreement", sa.column("id"), sa.column("title"), sa.column("key"))
    taken: set[str] = set()
    for number, title in op.get_bind().execute(sa.select(agreement.c.id, agreement.c.title).order_by(agreement.c.id)):
        plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
        key = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "agreement"
        if key in taken:
            key = f"{key}-{number}"
        taken.add(key)
        op.get_bind().execute(agreement.update().where(agreement.c.id == number).values(key=key))


def downgrade() -> None:
    """The agreement that an event of the trail names stays: its hash covers it, and the trail would be broken for ever."""
    op.drop_table("half_year_shares")
    # Nothing but shares was known of these; what was before takes the newest row for the agreement that it runs.
    op.execute("UPDATE sign_in SET agreement_id = NULL")
    op.execute("DELETE FROM agreement WHERE id NOT IN (SELECT agreement_id FROM agreement_version)")
    with op.batch_alter_table("sign_in") as table:
        table.drop_constraint("fk_sign_in_agreement_id", type_="foreignkey")
        table.drop_column("agreement_id")
    with op.batch_alter_table("agreement") as table:
        table.drop_constraint("uq_agreement_key", type_="unique")
        table.drop_column("key")
