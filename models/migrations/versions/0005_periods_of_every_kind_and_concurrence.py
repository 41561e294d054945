"""periods of every kind, sources' release dates, and concurrence"""

from datetime import UTC
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from models.rules.calendar import periods
from models.rules.terms import Frequency

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_tables()
    with op.batch_alter_table("measure") as table:
        table.add_column(sa.Column("source", sa.String(200), nullable=False, server_default=""))
        table.add_column(sa.Column("release_days", sa.Integer(), nullable=True))
    with op.batch_alter_table("measure") as table:
        table.alter_column("source", server_default=None)
    with op.batch_alter_table("period") as table:
        table.add_column(sa.Column("frequency", sa.String(40), nullable=False, server_default="quarterly"))
    with op.batch_alter_table("period") as table:
        table.alter_column("frequency", server_default=None)
    with op.batch_alter_table("return_message") as table:
        table.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_return_message_organisation_id"), "organisation", ["organisation_id"], ["id"])
    op.create_index("ix_return_message_organisation_id", "return_message", ["organisation_id"])
    # A message so far was spoken for the organisation of its person.
    op.execute(
        "UPDATE return_message SET organisation_id = "
        "(SELECT organisation_id FROM person WHERE person.id = return_message.person_id)"
    )
    # School results come out after the summer that follows the year.
    op.execute(
        "UPDATE measure SET release_days = 183 WHERE frequency = 'yearly' AND indicator_id IN "
        "(SELECT id FROM indicator WHERE \"group\" = 'statutory education')"
    )
    _date_the_revisions()
    _complete_the_calendar()


def _date_the_revisions() -> None:
    """The day in Europe/London on which somebody submitted each revision."""
    with op.batch_alter_table("return_revision") as table:
        table.add_column(sa.Column("submitted_on", sa.Date(), nullable=True))
    revision = sa.table(
        "return_revision",
        *(sa.column(name, sa.Integer) for name in ("id", "submitted_by_id")),
        sa.column("submitted_at", sa.DateTime(timezone=True)),
        sa.column("submitted_on", sa.Date),
    )
    connection = op.get_bind()
    for number, at in connection.execute(
        sa.select(revision.c.id, revision.c.submitted_at).where(revision.c.submitted_by_id.is_not(None))
    ).all():
        moment = at if at.tzinfo else at.replace(tzinfo=UTC)
        day = moment.astimezone(ZoneInfo("Europe/London")).date()
        connection.execute(sa.update(revision).where(revision.c.id == number).values(submitted_on=day))


def _make_tables() -> None:
    op.create_table(
        "source_release",
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_source_release_measure_id")),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_source_release_period_id")),
        sa.PrimaryKeyConstraint("measure_id", "period_id", name=op.f("pk_source_release")),
    )
    op.create_table(
        "period_reopening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_period_reopening_organisation_id")
        ),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_period_reopening_period_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_period_reopening_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_reopening")),
    )
    op.create_index("ix_period_reopening_period_id", "period_reopening", ["period_id"])


def _complete_the_calendar() -> None:
    """The halves, years and months of every year of which the quarters are there already."""
    period = sa.table(
        "period",
        sa.column("agreement_id", sa.Integer),
        *(sa.column(name, sa.String) for name in ("key", "year", "frequency")),
        sa.column("number", sa.Integer),
        *(sa.column(name, sa.Date) for name in ("starts_on", "ends_on", "opens_on", "due_on", "closes_on")),
    )
    connection = op.get_bind()
    years = connection.execute(sa.select(period.c.agreement_id, period.c.year).distinct()).all()
    rows = [
        {
            "agreement_id": agreement_id,
            **{column.name: getattr(one, column.name) for column in period.c if column.name != "agreement_id"},
        }
        for agreement_id, year in years
        for one in periods(year, Frequency.HALF_YEARLY, Frequency.YEARLY, Frequency.MONTHLY)
    ]
    if rows:
        op.bulk_insert(period, rows)


def downgrade() -> None:
    # What was returned for another period than a quarter has no place in the older tables.
    op.drop_table("source_release")
    op.drop_table("period_reopening")
    asked = "SELECT id FROM period WHERE frequency <> 'quarterly'"
    returned = f"SELECT id FROM returns WHERE period_id IN ({asked})"
    frozen = f"SELECT id FROM return_revision WHERE return_id IN ({returned})"
    op.execute(f"DELETE FROM revision_rating WHERE revision_id IN ({frozen})")
    for name in ("return_revision", "return_message", "typed_draft"):
        op.execute(f"DELETE FROM {name} WHERE return_id IN ({returned})")
    for name in ("returns", "milestone"):
        op.execute(f"DELETE FROM {name} WHERE period_id IN ({asked})")
    op.execute("DELETE FROM period WHERE frequency <> 'quarterly'")
    op.execute("DELETE FROM return_message WHERE kind IN ('countersignature', 'contribution', 'dissent')")
    with op.batch_alter_table("return_revision") as table:
        table.drop_column("submitted_on")
    op.drop_index("ix_return_message_organisation_id", "return_message")
    with op.batch_alter_table("return_message") as table:
        table.drop_constraint(op.f("fk_return_message_organisation_id"), type_="foreignkey")
        table.drop_column("organisation_id")
    with op.batch_alter_table("period") as table:
        table.drop_column("frequency")
    with op.batch_alter_table("measure") as table:
        table.drop_column("release_days")
        table.drop_column("source")
