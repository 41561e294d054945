"""single sign-on"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_on_provider",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("client_id", sa.String(255), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("passwords", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_on_provider")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_sign_on_provider_organisation_id")),
    )
    op.create_table(
        "sign_on_domain",
        sa.Column("domain", sa.String(253), nullable=False),
        sa.Column("provider_id", sa.Integer(), sa.ForeignKey("sign_on_provider.id"), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_sign_on_domain")),
    )
    op.create_index(op.f("ix_sign_on_domain_provider_id"), "sign_on_domain", ["provider_id"])
    op.create_table(
        "sign_on_subject",
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("provider_id", sa.Integer(), sa.ForeignKey("sign_on_provider.id"), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "provider_id", name=op.f("pk_sign_on_subject")),
        sa.UniqueConstraint("provider_id", "subject", name=op.f("uq_sign_on_subject_provider_id")),
    )
    op.create_table(
        "sign_on_session",
        sa.Column("sign_in_id", sa.Integer(), sa.ForeignKey("sign_in.id"), nullable=False),
        sa.Column("provider_id", sa.Integer(), sa.ForeignKey("sign_on_provider.id"), nullable=False),
        sa.Column("sid", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("sign_in_id", name=op.f("pk_sign_on_session")),
    )
    op.create_index(op.f("ix_sign_on_session_provider_id"), "sign_on_session", ["provider_id"])


def downgrade() -> None:
    for table in ("sign_on_session", "sign_on_subject", "sign_on_domain", "sign_on_provider"):
        op.drop_table(table)
