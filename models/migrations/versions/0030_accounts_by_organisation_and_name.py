"""accounts are listed by organisation and name, a page at a time"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_organisation_name"), "organisation", ["name"])
    op.create_index(op.f("ix_person_organisation_id_name"), "person", ["organisation_id", "name"])
    op.drop_index(op.f("ix_person_organisation_id"), table_name="person")  # the longer one serves as well


def downgrade() -> None:
    op.create_index(op.f("ix_person_organisation_id"), "person", ["organisation_id"])
    op.drop_index(op.f("ix_person_organisation_id_name"), table_name="person")
    op.drop_index(op.f("ix_organisation_name"), table_name="organisation")
