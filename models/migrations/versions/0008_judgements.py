"""judging a rating otherwise: proposed with the return, decided once, with the verifying"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TRIGGER = "revision_rating_decided_once"
REFUSAL = "a judgement is decided once, and the rule''s own answer is never changed"
NAMES = ("override_proposed_by", "override_accepted_by")


def upgrade() -> None:
    for name in ("returns", "return_revision"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("proposed_rating", sa.String(40), nullable=True))
            table.add_column(sa.Column("proposed_reason", sa.Text(), nullable=False, server_default=""))
        with op.batch_alter_table(name) as table:
            table.alter_column("proposed_reason", server_default=None)
    with op.batch_alter_table("revision_rating") as table:
        table.add_column(sa.Column("proposal_accepted", sa.Boolean(), nullable=True))
        for name in NAMES:  # a person's name and an organisation's
            table.alter_column(name, existing_type=sa.String(200), type_=sa.String(420), existing_nullable=True)
    _decide_once()


def _decide_once() -> None:
    """The columns of a judgement go from nothing to a decision, and stay so; the others do not change at all. Only the
    row itself is looked at: SQLite could not make another table anew that a trigger refers to."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    same = "IS" if sqlite else "IS NOT DISTINCT FROM"
    kept = " AND ".join(
        f"NEW.{name} {same} OLD.{name}" for name in ("revision_id", "version_id", "by_rule", "no_rating_reason")
    )
    decides = (
        "OLD.override IS NULL AND OLD.proposal_accepted IS NULL AND NEW.proposal_accepted IS NOT NULL "
        "AND (NEW.override IS NOT NULL) = NEW.proposal_accepted"
    )
    if sqlite:
        op.execute(
            f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON revision_rating WHEN NOT ({decides} AND {kept}) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON revision_rating FOR EACH ROW "
        f"WHEN (NOT ({decides} AND {kept})) EXECUTE FUNCTION {TRIGGER}()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {TRIGGER}")
    else:
        op.execute(f"DROP TRIGGER {TRIGGER} ON revision_rating")
        op.execute(f"DROP FUNCTION {TRIGGER}()")
    # The older columns hold less of a name.
    for name in NAMES:
        op.execute(f"UPDATE revision_rating SET {name} = substr({name}, 1, 200)")
    with op.batch_alter_table("revision_rating") as table:
        table.drop_column("proposal_accepted")
        for name in NAMES:
            table.alter_column(name, existing_type=sa.String(420), type_=sa.String(200), existing_nullable=True)
    for name in ("returns", "return_revision"):
        with op.batch_alter_table(name) as table:
            table.drop_column("proposed_reason")
            table.drop_column("proposed_rating")
