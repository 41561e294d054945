"""what processes share; and on PostgreSQL each table with unpublished rows has policies of its own: the second wall"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# Who asks, as each transaction says it (portal/wall.py). Nothing said: no row.
ROLE = "current_setting('portal.role', true)"
ORGANISATION, PERSON, BOUND = (
    f"nullif(current_setting('portal.{name}', true), '')::integer" for name in ("organisation", "person", "agreement")
)
ALL = f"{ROLE} = 'system'"
PARTNER = f"{ROLE} IN ('contributor', 'lead')"
TEAM = f"{ROLE} = 'team'"
READER = f"{ROLE} IN ('contributor', 'lead', 'team', 'executive', 'reviewer')"
SOMEBODY = f"({ALL} OR {READER} OR {ROLE} = 'admin')"


def _own(organisation: str) -> str:
    """The actor's side made it."""
    return f"({PARTNER} AND {organisation} = {ORGANISATION} OR {TEAM} AND {organisation} IS NULL)"


def _bound(agreement: str) -> str:
    """It is of the agreement that the account is for, where it is for one."""
    return f"({BOUND} IS NULL OR {agreement} = {BOUND})"


def _behind(table: str, key: str) -> str:
    """The row that this one belongs to can be seen, by the policy of its own table."""
    return f"EXISTS (SELECT 1 FROM {table} p WHERE p.id = {key})"


def _return(row: str, change: bool = False) -> str:
    """Of a return: whether the actor may see it, as `scope` says of RETURN_READ, or change it."""
    seen = f"""OR {READER} AND {row}.verified_revision IS NOT NULL OR {TEAM} AND {row}.revision > 0
        OR {ROLE} = 'lead' AND {row}.state = 'submitted' AND portal_signed_up({row}.measure_id, {row}.period_id)"""
    return f"""({ALL} OR ({BOUND} IS NULL OR portal_agreement_of({row}.period_id) = {BOUND})
        AND ({_own(f"{row}.organisation_id")} {f"OR {TEAM}" if change else seen}))"""


REVISION = f"""({ALL} OR {BOUND} IS NULL AND ({TEAM} OR {READER} AND verified_at IS NOT NULL)
    OR portal_sees_revision(return_id, verified_at IS NOT NULL))"""
# Most ratings that are read are of verified revisions: PostgreSQL finds those all at once, where the function asks for each.
OF_REVISION = f"""({ALL} OR {BOUND} IS NULL AND ({TEAM} OR {READER} AND EXISTS (
    SELECT 1 FROM return_revision v WHERE v.id = revision_id AND v.verified_at IS NOT NULL))
    OR portal_sees_grounds(revision_id))"""
MADE = f"({ALL} OR portal_makes(return_id))"

# They look up the row that another one hangs on, past the policies, with plans that are made once for a connection: as
# parts of the policies themselves they would be planned anew with each statement, for ten times as long as it runs.
FUNCTIONS = {
    "portal_agreement_of(integer)": "SELECT agreement_id FROM period WHERE id = $1",
    # A lead's organisation signed up to the return's indicator, which another one leads: `signed_up` of portal/reach.py.
    "portal_signed_up(integer, integer)": f"""SELECT EXISTS (
        SELECT 1 FROM signed_up s JOIN measure m ON m.indicator_id = s.indicator_id
        JOIN agreement_version v ON v.id = s.version_id JOIN period q ON q.agreement_id = v.agreement_id
        WHERE m.id = $1 AND q.id = $2 AND s.organisation_id = {ORGANISATION}
        AND v.number = (SELECT max(w.number) FROM agreement_version w
            WHERE w.agreement_id = q.agreement_id AND w.in_force_from <= q.ends_on))""",
    "portal_sees(integer)": f"SELECT EXISTS (SELECT 1 FROM returns r WHERE r.id = $1 AND {_return('r')})",
    "portal_makes(integer)": f"SELECT EXISTS (SELECT 1 FROM returns r WHERE r.id = $1 AND {_return('r', True)})",
    # What was not verified is its side's, the team's, and of those whose word on it is asked for.
    "portal_sees_revision(integer, boolean)": f"""SELECT EXISTS (SELECT 1 FROM returns r WHERE r.id = $1
        AND {_return("r")} AND ($2 AND {READER} OR {_own("r.organisation_id")} OR {TEAM}
        OR {ROLE} = 'lead' AND r.state = 'submitted' AND portal_signed_up(r.measure_id, r.period_id)))""",
    "portal_sees_grounds(integer)": """SELECT portal_sees_revision(v.return_id, v.verified_at IS NOT NULL)
        FROM return_revision v WHERE v.id = $1""",
}

MESSAGE = f"({ALL} OR ({TEAM} OR kind <> 'chased') AND portal_sees(return_id))"
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

WITH_BOOK = f"({ALL} OR {_behind('return_workbook', 'workbook_id')})"
WITH_PACK = f"({ALL} OR {_behind('pack', 'pack_id')})"

# Of each table: which rows are there, and what a row must be that is added or changed.
POLICIES: dict[str, tuple[str, str]] = {
    "returns": (_return("returns"), _return("returns", True)),
    "return_step": (SOMEBODY, MADE),
    "return_revision": (REVISION, MADE),
    "revision_rating": (OF_REVISION, OF_REVISION),
    "forecast_entry": (OF_REVISION, OF_REVISION),
    "return_message": (MESSAGE, MESSAGE),
    "typed_draft": (MINE, MINE),
    "return_workbook": (SIDE, SIDE),
    "return_workbook_use": (WITH_BOOK, WITH_BOOK),
    "pack": (BRIEFED, BRIEFED),
    "pack_file": (WITH_PACK, WITH_PACK),
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
            *("outbox_message", "outbox_fact", "assessment_step", "period_reopening"),
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
    for function, asked in FUNCTIONS.items():
        answer = "integer" if "agreement" in function else "boolean"
        op.get_bind().exec_driver_sql(
            f"CREATE FUNCTION {function} RETURNS {answer} LANGUAGE plpgsql STABLE SECURITY DEFINER "
            f"SET search_path = public, pg_temp AS $$ BEGIN RETURN ({asked}); END $$"
        )
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
    for function in reversed(FUNCTIONS):
        op.execute(sa.text(f"DROP FUNCTION {function}"))
