"""the corporate assessment, and the proposals of the Local Public Service Agreement"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _own(table: str, *columns: sa.Column[object], unique: str = "") -> None:
    """A table with a number of its own for each row."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *([sa.UniqueConstraint(columns[0].name, unique, name=op.f(f"uq_{table}_{columns[0].name}"))] if unique else []),
    )


def _to(table: str, name: str = "", *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name or f"{table}_id", sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=nullable)


def _text(name: str, length: int | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False)


def _whole(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _written() -> tuple[sa.Column[object], ...]:
    return (
        _to("person", nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def _pair(table: str, other: str) -> None:
    op.create_table(
        table,
        _to("proposal"),
        _to(f"corporate_{other}", f"{other}_id"),
        sa.PrimaryKeyConstraint("proposal_id", f"{other}_id", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    _own(
        "assessment_theme", _to("agreement"), _text("title", 200), _whole("position"), _whole("version"), unique="title"
    )
    said = (_text(name) for name in ("evidence", "key_risk", "actions", "reason"))
    _own("assessment_step", _to("assessment_theme", "theme_id"), _whole("score"), *said, *_written())
    op.create_index("ix_assessment_step_theme_id", "assessment_step", ["theme_id"])
    op.create_table(
        "assessment_level",
        _to("agreement"),
        sa.Column("score", sa.Integer(), autoincrement=False, nullable=False),
        *(_text(name) for name in ("description", "judgement", "rule")),
        sa.PrimaryKeyConstraint("agreement_id", "score", name=op.f("pk_assessment_level")),
    )
    _own("corporate_priority", _to("agreement"), _text("key", 10), _text("title"), _whole("position"), unique="key")
    _own("corporate_outcome", _to("agreement"), _whole("number"), _text("title"), unique="number")
    _own(
        "proposal",
        *(_to("agreement"), _whole("number"), _text("title"), _text("lead", 200), _text("partners")),
        unique="number",
    )
    _pair("proposal_priority", "priority")
    _pair("proposal_outcome", "outcome")
    _own("proposal_target", _to("proposal"), _text("letter", 10), _whole("version"), unique="letter")
    defined: sa.Column[object] = sa.Column("defined", sa.Boolean(), nullable=False)
    _own("proposal_target_step", _to("proposal_target", "target_id"), _text("text"), defined, *_written())
    op.create_index("ix_proposal_target_step_target_id", "proposal_target_step", ["target_id"])


def downgrade() -> None:
    for table in (
        *("proposal_target_step", "proposal_target", "proposal_outcome", "proposal_priority", "proposal"),
        *("corporate_outcome", "corporate_priority"),
        *("assessment_level", "assessment_step", "assessment_theme"),
    ):
        op.drop_table(table)
