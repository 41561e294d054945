"""the annual review's self-assessment: answers, commitments, documents and their circulation"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = (
    "review_answer",
    "review_commitment",
    "review_outcome",
    "review_document",
    "review_decision",
    "review_reopening",
)


def upgrade() -> None:
    op.create_table(
        "review_answer",
        *_of_a_year(),
        sa.Column("question", sa.String(20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("text"),
        sa.Column("contributors", sa.String(500), nullable=False),
        *_written(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_answer")),
        sa.UniqueConstraint("agreement_id", "year", "question", "number", name=op.f("uq_review_answer_agreement_id")),
    )
    op.create_table(
        "review_commitment",
        *_of_a_year(),
        _text("text"),
        sa.Column("indicator_id", sa.Integer(), sa.ForeignKey("indicator.id"), nullable=True),
        sa.Column("owner_id", sa.Integer(), sa.ForeignKey("organisation.id"), nullable=True),
        *_written(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_commitment")),
    )
    op.create_index("ix_review_commitment_agreement_id", "review_commitment", ["agreement_id"])
    op.create_table(
        "review_outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), sa.ForeignKey("review_commitment.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("text"),
        *_written(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_outcome")),
        sa.UniqueConstraint("commitment_id", "number", name=op.f("uq_review_outcome_commitment_id")),
    )
    op.create_table(
        "review_document",
        *_of_a_year(),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("content"),
        sa.Column("hash", sa.String(64), nullable=False),
        _text("weighed"),
        *_written(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_document")),
        sa.UniqueConstraint("agreement_id", "year", "number", name=op.f("uq_review_document_agreement_id")),
    )
    op.create_table(
        "review_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("review_document.id"), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("decision", sa.String(40), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        _text("word"),
        *_written(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_decision")),
        sa.UniqueConstraint("document_id", "stage", name=op.f("uq_review_decision_document_id")),
    )
    op.create_table(
        "review_reopening",
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("review_document.id"), nullable=False),
        _text("reason"),
        *_written(),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_review_reopening")),
    )


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)


def _of_a_year() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), sa.ForeignKey("agreement.id"), nullable=False),
        sa.Column("year", sa.String(7), nullable=False),
    )


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _written() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
