"""briefing packs, and the work behind them"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def _to(table: str, name: str = "", *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name or f"{table}_id", sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _word(name: str, length: int = 40, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _whole(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _day(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "pack",
        _whole("id"),
        _to("agreement"),
        _word("fingerprint", 64),
        _word("kind"),
        _to("theme", nullable=True),
        _to("organisation", nullable=True),
        _to("period"),
        _day("day"),
        _at("instant", nullable=True),
        _to("person"),
        _day("made_on"),
        _at("made_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack")),
        sa.UniqueConstraint("agreement_id", "fingerprint", name=op.f("uq_pack_agreement_id")),
    )
    op.create_index("ix_pack_organisation_id", "pack", ["organisation_id"])
    op.create_table(
        "pack_file",
        _to("pack"),
        _word("form"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _word("sha256", 64),
        _whole("size"),
        _at("made_at"),
        sa.PrimaryKeyConstraint("pack_id", "form", name=op.f("pk_pack_file")),
    )
    op.create_table(
        "job",
        _whole("id"),
        _to("agreement"),
        _to("person"),
        _word("kind"),
        sa.Column("asked", sa.Text(), nullable=False),
        _at("asked_at"),
        _word("state"),
        *(_whole(name) for name in ("done", "steps", "tries")),
        _word("claim", 32, nullable=True),
        _at("claimed_until", nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        _at("ended_at", nullable=True),
        _to("pack", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_person_id", "job", ["person_id"])
    op.create_index("ix_job_state", "job", ["state"])


def downgrade() -> None:
    for table in ("job", "pack_file", "pack"):
        op.drop_table(table)
