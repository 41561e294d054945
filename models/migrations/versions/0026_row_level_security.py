"""what processes share; and on PostgreSQL each table with unpublished rows has policies of its own: the second wall"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None

# Who asks, as each transaction says it (portal/wall.py); asked for once in a statement. Nothing said: no row.
ROLE = "(SELECT current_setting('portal.role', true))"
ORGANISATION, PERSON, BOUND = (
    f"(SELECT nullif(current_setting('portal.{name}', true), '')::integer)"
    for name in ("organisation", "person", "agreement")
)
ALL = f"{ROLE} = 'system'"
PARTNER = f"{ROLE} IN ('contributor', 'lead')"
TEAM = f"{ROLE} = 'team'"
READER = f"{ROLE} IN ('contributor', 'lead', 'team', 'executive', 'reviewer')"
SOMEBODY = f"({ALL} OR {READER} OR {ROLE} = 'admin')"


def _own(organisation: str) -> str:
    """The actor's side made it."""
    return f"(({PARTNER} AND {organisation} = {ORGANISATION}) OR ({TEAM} AND {organisation} IS NULL))"


def _bound(agreement: str) -> str:
    """It is of the agreement that the account is for, where it is for one."""
    return f"({BOUND} IS NULL OR {agreement} = {BOUND})"


def _behind(table: str, key: str, condition: str = "true") -> str:
    """The row that this one belongs to can be seen, by the policy of its own table."""
    return f"EXISTS (SELECT 1 FROM {table} p WHERE p.id = {key} AND {condition})"


def _signed_up(row: str) -> str:
    """A lead's organisation signed up to the return's indicator, which another leads, and its word is asked for."""
    return f"""({ROLE} = 'lead' AND {row}.state = 'submitted'
        AND {row}.organisation_id IS DISTINCT FROM {ORGANISATION} AND EXISTS (
        SELECT 1 FROM signed_up s JOIN measure m ON m.indicator_id = s.indicator_id
        JOIN agreement_version v ON v.id = s.version_id JOIN period q ON q.agreement_id = v.agreement_id
        WHERE m.id = {row}.measure_id AND q.id = {row}.period_id AND s.organisation_id = {ORGANISATION}
        AND v.number = (SELECT max(w.number) FROM agreement_version w
            WHERE w.agreement_id = q.agreement_id AND w.in_force_from <= q.ends_on)))"""


IN_BOUND = f"({BOUND} IS NULL OR period_id IN (SELECT id FROM period WHERE agreement_id = {BOUND}))"
RETURN = f"""({ALL} OR {IN_BOUND} AND ({_own("organisation_id")} OR {READER} AND verified_revision IS NOT NULL
    OR {TEAM} AND revision > 0 OR {_signed_up("returns")}))"""
RETURN_CHANGE = f"({ALL} OR {IN_BOUND} AND ({_own('organisation_id')} OR {TEAM}))"
MADE = _behind("returns", "return_id", f"({_own('p.organisation_id')} OR {TEAM})")
REVISION = f"""({ALL} OR {READER} AND verified_at IS NOT NULL AND ({BOUND} IS NULL OR {_behind("returns", "return_id")})
    OR {_behind("returns", "return_id", f"({_own('p.organisation_id')} OR {TEAM} OR {_signed_up('p')})")})"""
MESSAGE = f"({ALL} OR ({TEAM} OR kind <> 'chased') AND {_behind('returns', 'return_id')})"
SIDE = f"({ALL} OR {_own('organisation_id')} AND {_bound('agreement_id')})"
MINE = f"({ALL} OR person_id = {PERSON})"
BRIEFED = f"""({ALL} OR {_bound("agreement_id")} AND ({TEAM} OR {PARTNER} AND organisation_id = {ORGANISATION}
    OR {ROLE} = 'executive' AND organisation_id IS NULL))"""
TRAIL = f"""({ALL} OR ({ROLE} IN ('team', 'admin') OR {PARTNER} AND organisation_id = {ORGANISATION})
    AND ({BOUND} IS NULL OR agreement = (SELECT key FROM agreement WHERE id = {BOUND})))"""
PREPARED = f"({ALL} OR {TEAM} AND {_bound('agreement_id')})"


def _agreed(stage: str) -> str:
    return f"""EXISTS (SELECT 1 FROM review_decision d WHERE d.document_id = review_document.id
        AND d.stage = '{stage}' AND d.decision IN ('agreed', 'agreed_with_changes'))"""


CIRCULATED = f"""({ALL} OR {_bound("agreement_id")} AND ({TEAM} OR {_agreed("delivery_groups")}
    AND ({ROLE} = 'executive' OR {ROLE} = 'reviewer' AND {_agreed("executive")})))"""
REVIEWING = f"({ALL} OR {ROLE} IN ('team', 'executive', 'reviewer'))"

# What goes with a row of another table.
WITH = {
    table: f"({ALL} OR {_behind(of, key)})"
    for table, of, key in (
        ("revision_rating", "return_revision", "revision_id"),
        ("forecast_entry", "return_revision", "revision_id"),
        ("return_workbook_use", "return_workbook", "workbook_id"),
        ("pack_file", "pack", "pack_id"),
    )
}

# Of each table: which rows are there, and what a row must be that is added or changed.
POLICIES: dict[str, tuple[str, str]] = {
    "returns": (RETURN, RETURN_CHANGE),
    "return_step": (SOMEBODY, f"({ALL} OR {MADE})"),
    "return_revision": (REVISION, f"({ALL} OR {MADE})"),
    "revision_rating": (WITH["revision_rating"], WITH["revision_rating"]),
    "forecast_entry": (WITH["forecast_entry"], WITH["forecast_entry"]),
    "return_message": (MESSAGE, MESSAGE),
    "typed_draft": (MINE, MINE),
    "return_workbook": (SIDE, SIDE),
    "return_workbook_use": (WITH["return_workbook_use"], WITH["return_workbook_use"]),
    "pack": (BRIEFED, BRIEFED),
    "pack_file": (WITH["pack_file"], WITH["pack_file"]),
    "job": (MINE, MINE),
    "keyed_request": (MINE, MINE),
    "audit_event": (TRAIL, f"({SOMEBODY} OR {ROLE} = 'public')"),
    "publication": (PREPARED, PREPARED),
    "review_document": (CIRCULATED, CIRCULATED),
    **dict.fromkeys(
        ("review_answer", "review_commitment", "review_outcome", "review_decision", "review_reopening"),
        (REVIEWING, REVIEWING),
    ),
    # What everybody with an account may read, and the public may not: partners are named in it.
    **dict.fromkeys(
        (
            *("indicator_action", "action_step", "indicator_event", "plan_version", "risk", "risk_step"),
            *("commitment", "commitment_withdrawal", "refresh", "refresh_change", "refresh_consent"),
            *("outbox_message", "outbox_fact", "assessment_step"),
        ),
        (SOMEBODY, SOMEBODY),
    ),
}


def upgrade() -> None:
    op.create_table(
        "kept_page",
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("page", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state", "page", name=op.f("pk_kept_page")),
    )
    op.create_index("ix_kept_page_made_at", "kept_page", ["made_at"])
    op.create_table(
        "address_count",
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("minute", "address", name=op.f("pk_address_count")),
    )
    if op.get_bind().dialect.name != "postgresql":
        return  # SQLite has no policies: there the portal's own are the only wall
    for table, (there, made) in POLICIES.items():
        op.execute(sa.text(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"))
        op.execute(sa.text(f"CREATE POLICY {table}_read ON {table} FOR SELECT USING ({there})"))
        op.execute(sa.text(f"CREATE POLICY {table}_add ON {table} FOR INSERT WITH CHECK ({made})"))
        # Only what can be seen can be locked or changed, and not into what its actor could not have made.
        op.execute(sa.text(f"CREATE POLICY {table}_change ON {table} FOR UPDATE USING ({there}) WITH CHECK ({made})"))
        op.execute(sa.text(f"CREATE POLICY {table}_end ON {table} FOR DELETE USING ({there})"))


def downgrade() -> None:
    for table in ("address_count", "kept_page"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in POLICIES:
        for what in ("read", "add", "change", "end"):
            op.execute(sa.text(f"DROP POLICY {table}_{what} ON {table}"))
        op.execute(sa.text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
