"""second factors, invitations, and where a session began"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _person() -> sa.Column[object]:
    return sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False)


def _text(name: str, length: int) -> sa.Column[object]:
    return sa.Column(name, sa.String(length), nullable=False)


def upgrade() -> None:
    with op.batch_alter_table("sign_in") as sessions:
        sessions.add_column(sa.Column("address", sa.String(64), nullable=False, server_default=""))
        sessions.add_column(_instant("factor_at", nullable=True))
    op.create_table(
        "second_factor",
        *(_person(), _text("secret", 300), _instant("since")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("last_step", "misses")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        *(sa.Column("id", sa.Integer(), nullable=False), _person(), _text("code_hash", 64)),
        *(_instant("made_at"), _instant("used_at", nullable=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    op.create_index("ix_recovery_code_person_id", "recovery_code", ["person_id"])
    op.create_table(
        "invitation",
        *(sa.Column("id", sa.Integer(), nullable=False), _text("token_hash", 64), _person(), _text("email", 254)),
        *(_instant("made_at"), _instant("expires_at")),
        *(_instant("used_at", nullable=True), _instant("ended_at", nullable=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index("ix_invitation_person_id", "invitation", ["person_id"])
    op.create_index("ix_invitation_expires_at", "invitation", ["expires_at"])
    # Old sessions and attempts are looked for by their age, to be cleared away.
    op.create_index("ix_sign_in_started_at", "sign_in", ["started_at"])
    op.create_index("ix_sign_in_attempt_at", "sign_in_attempt", ["at"])


def downgrade() -> None:
    op.drop_index("ix_sign_in_attempt_at", "sign_in_attempt")
    op.drop_index("ix_sign_in_started_at", "sign_in")
    for table in ("invitation", "recovery_code", "second_factor"):
        op.drop_table(table)
    with op.batch_alter_table("sign_in") as sessions:
        for name in ("factor_at", "address"):
            sessions.drop_column(name)
