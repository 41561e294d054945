"""days of versions, the steps of returns, refreshes: any day as it was"""

from datetime import UTC, datetime, time

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("agreement_version") as table:
        table.add_column(sa.Column("agreed_on", sa.Date(), nullable=True))
    op.execute("UPDATE agreement_version SET agreed_on = in_force_from")
    with op.batch_alter_table("agreement_version") as table:
        table.alter_column("agreed_on", existing_type=sa.Date(), nullable=False)
    with op.batch_alter_table("indicator_terms") as table:
        table.add_column(sa.Column("placeholder_reason", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("expected", sa.String(200), nullable=False, server_default=""))
    with op.batch_alter_table("indicator_terms") as table:
        for name in ("placeholder_reason", "expected"):
            table.alter_column(name, server_default=None)
    # Not in a batch: that would make the table anew, and nothing may touch what is frozen.
    op.add_column("edition", sa.Column("published_on", sa.Date(), nullable=True))
    _source_releases()
    _steps()
    _refreshes()


def _source_releases() -> None:
    """What was noted before counts from its period's beginning: nobody wrote down when it was noted."""
    before = (
        op.get_bind()
        .execute(
            sa.text(
                "SELECT s.measure_id, s.period_id, s.released_on, p.starts_on FROM source_release s "
                "JOIN period p ON p.id = s.period_id"
            ).columns(released_on=sa.Date(), starts_on=sa.Date())
        )
        .all()
    )
    op.drop_table("source_release")
    table = op.create_table(
        "source_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), sa.ForeignKey("measure.id"), nullable=False),
        sa.Column("period_id", sa.Integer(), sa.ForeignKey("period.id"), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_release")),
    )
    op.create_index("ix_source_release_measure_id", "source_release", ["measure_id"])
    op.bulk_insert(
        table,
        [
            {
                "measure_id": measure_id,
                "period_id": period_id,
                "released_on": released_on,
                "noted_on": noted_on,
                "noted_at": datetime.combine(noted_on, time(), UTC),
            }
            for measure_id, period_id, released_on, noted_on in before
        ],
    )


def _steps() -> None:
    """A return that is there already has one step: where it stands, since its last revision or its period's opening."""
    op.create_table(
        "return_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), sa.ForeignKey("returns.id"), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("verified_revision", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_step")),
    )
    op.create_index("ix_return_step_return_id", "return_step", ["return_id"])
    op.execute(
        "INSERT INTO return_step (return_id, state, verified_revision, day, at) "
        "SELECT r.id, r.state, r.verified_revision, p.opens_on, coalesce("
        "(SELECT max(v.submitted_at) FROM return_revision v WHERE v.return_id = r.id), p.opened_at, CURRENT_TIMESTAMP) "
        "FROM returns r JOIN period p ON p.id = r.period_id ORDER BY r.id"
    )


def _refreshes() -> None:
    op.create_table(
        "refresh",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), sa.ForeignKey("agreement.id"), nullable=False),
        sa.Column("base_id", sa.Integer(), sa.ForeignKey("agreement_version.id"), nullable=False),
        sa.Column("made_id", sa.Integer(), sa.ForeignKey("agreement_version.id"), nullable=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh")),
    )
    op.create_index("ix_refresh_agreement_id", "refresh", ["agreement_id"])
    op.create_table(
        "refresh_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("refresh_id", sa.Integer(), sa.ForeignKey("refresh.id"), nullable=False),
        sa.Column("indicator_id", sa.Integer(), sa.ForeignKey("indicator.id"), nullable=False),
        sa.Column("measure_id", sa.Integer(), sa.ForeignKey("measure.id"), nullable=True),
        sa.Column("term", sa.String(40), nullable=False),
        sa.Column("year", sa.String(7), nullable=False),
        sa.Column("state", sa.String(40), nullable=True),
        sa.Column("low", sa.String(40), nullable=True),
        sa.Column("high", sa.String(40), nullable=True),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_change")),
    )
    op.create_index("ix_refresh_change_refresh_id", "refresh_change", ["refresh_id"])
    op.create_table(
        "refresh_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("refresh_id", sa.Integer(), sa.ForeignKey("refresh.id"), nullable=False),
        sa.Column("indicator_id", sa.Integer(), sa.ForeignKey("indicator.id"), nullable=False),
        sa.Column("organisation_id", sa.Integer(), sa.ForeignKey("organisation.id"), nullable=True),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("said_by", sa.String(200), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_consent")),
    )
    op.create_index("ix_refresh_consent_refresh_id", "refresh_consent", ["refresh_id"])


def downgrade() -> None:
    for name in ("refresh_consent", "refresh_change", "refresh", "return_step"):
        op.drop_table(name)
    last = (
        op.get_bind()
        .execute(
            sa.text(
                "SELECT measure_id, period_id, released_on FROM source_release "
                "WHERE id IN (SELECT max(id) FROM source_release GROUP BY measure_id, period_id)"
            ).columns(released_on=sa.Date())
        )
        .all()
    )
    op.drop_table("source_release")
    made = op.create_table(
        "source_release",
        sa.Column("measure_id", sa.Integer(), sa.ForeignKey("measure.id"), nullable=False),
        sa.Column("period_id", sa.Integer(), sa.ForeignKey("period.id"), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("measure_id", "period_id", name=op.f("pk_source_release")),
    )
    op.bulk_insert(made, [dict(row._mapping) for row in last])
    op.drop_column("edition", "published_on")
    with op.batch_alter_table("indicator_terms") as table:
        table.drop_column("expected")
        table.drop_column("placeholder_reason")
    with op.batch_alter_table("agreement_version") as table:
        table.drop_column("agreed_on")
