"""no question without an index behind it"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

INDEXES = (
    ("agreement", "area"),
    ("audit_event", "agreement", "number"),
    ("audit_event", "subject", "agreement"),
    ("edition", "period_id"),
    ("indicator_action", "period_id"),
    ("milestone", "period_id", "measure_id"),
    ("outbox_message", "made_at"),
    ("person", "agreement_id"),
    ("person", "organisation_id"),
    ("proposal_outcome", "outcome_id"),
    ("proposal_priority", "priority_id"),
    ("return_message", "answers_id"),
    ("source_release", "period_id"),
)


def upgrade() -> None:
    for table, *columns in INDEXES:
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    op.drop_index("ix_audit_event_subject", table_name="audit_event")  # the longer one serves as well


def downgrade() -> None:
    op.create_index("ix_audit_event_subject", "audit_event", ["subject"])
    for table, *columns in INDEXES:
        op.drop_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table_name=table)
