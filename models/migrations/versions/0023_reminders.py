"""reminders: the outbox, what its messages said, and what people chose"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def _whole(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _to(name: str, table: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=nullable)


def _word(name: str, length: int = 40) -> sa.Column[object]:
    return sa.Column(name, sa.String(length), nullable=False)


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False)


def _day(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "outbox_message",
        *(_whole("id"), _to("agreement_id", "agreement"), _to("person_id", "person"), _word("role")),
        *(_to("organisation_id", "organisation", nullable=True), _day("day"), _whole("number")),
        *(_text("title"), _text("body"), _word("message_id", 80), _instant("made_at")),
        _to("made_by_id", "person", nullable=True),
        *(_word("state"), _whole("tries"), _instant("next_at"), _instant("leased_until", nullable=True)),
        *(_instant("sent_at", nullable=True), _word("way"), _text("error")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("agreement_id", "person_id", "day", "number", name=op.f("uq_outbox_message_agreement_id")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_message_id")),
    )
    op.create_index("ix_outbox_message_person_id", "outbox_message", ["person_id"])
    op.create_index("ix_outbox_message_state_next_at", "outbox_message", ["state", "next_at"])
    op.create_table(
        "outbox_fact",
        *(_to("message_id", "outbox_message"), _word("occasion"), _word("subject", 60)),
        sa.PrimaryKeyConstraint("message_id", "occasion", "subject", name=op.f("pk_outbox_fact")),
    )
    op.create_table(
        "reminder_choice",
        *(_whole("id"), _to("person_id", "person"), _word("occasion")),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("wanted", "by_link")),
        *(_day("day"), _instant("at")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_choice")),
    )
    op.create_index("ix_reminder_choice_person_id", "reminder_choice", ["person_id"])


def downgrade() -> None:
    for table in ("reminder_choice", "outbox_fact", "outbox_message"):
        op.drop_table(table)
