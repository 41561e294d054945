"""What the role that the portal runs as may do on PostgreSQL: it owns nothing, and what is frozen it cannot change."""

from sqlalchemy import text
from sqlalchemy.engine import Connection

from portal.database import Database
from portal.errors import Conflict

USUAL = ("SELECT", "INSERT", "UPDATE")
RIGHTS: dict[str, tuple[str, ...]] = {
    "action_step": ("SELECT", "INSERT"),
    "address_count": ("SELECT", "INSERT", "UPDATE (asked)", "DELETE"),
    "agreement_version": ("SELECT", "INSERT"),
    "alembic_version": ("SELECT",),
    "assessment_level": ("SELECT", "INSERT"),
    "assessment_step": ("SELECT", "INSERT"),
    "assessment_theme": ("SELECT", "INSERT", "UPDATE (version)"),
    "audit_event": ("SELECT", "INSERT"),
    "audit_head": ("SELECT", "UPDATE"),
    "commitment": ("SELECT", "INSERT"),
    "commitment_withdrawal": ("SELECT", "INSERT"),
    **dict.fromkeys(("corporate_outcome", "corporate_priority"), ("SELECT", "INSERT")),
    "edition": ("SELECT", "INSERT"),
    "forecast_entry": ("SELECT", "INSERT"),
    "indicator_action": ("SELECT", "INSERT", "UPDATE (version)"),
    "indicator_event": ("SELECT", "INSERT", "UPDATE (withdrawn_at, withdrawn_by_id, withdrawn_reason)"),
    **dict.fromkeys(("half_year_shares", "historic_figure"), ("SELECT", "INSERT")),
    "job": ("SELECT", "INSERT", "UPDATE (state, done, steps, tries, claim, claimed_until, error, ended_at, pack_id)"),
    "keyed_request": (*USUAL, "DELETE"),
    "indicator_terms": ("SELECT", "INSERT"),
    "kept_page": ("SELECT", "INSERT", "DELETE"),
    "measure_terms": ("SELECT", "INSERT"),
    "milestone": ("SELECT", "INSERT"),
    "organisation_name": ("SELECT", "INSERT"),
    **dict.fromkeys(("invitation", "recovery_code", "second_factor", "sign_in", "sign_in_attempt"), (*USUAL, "DELETE")),
    "pack": ("SELECT", "INSERT"),
    "pack_file": ("SELECT", "INSERT", "DELETE"),
    **dict.fromkeys(("outbox_fact", "reminder_choice"), ("SELECT", "INSERT")),
    "outbox_message": (
        *("SELECT", "INSERT"),
        "UPDATE (body, state, tries, next_at, leased_until, sent_at, way, error)",
    ),
    "period_reopening": ("SELECT", "INSERT"),
    "plan_version": ("SELECT", "INSERT"),
    "printed_total": ("SELECT", "INSERT"),
    "profile": ("SELECT", "INSERT"),
    **dict.fromkeys(
        ("proposal", "proposal_outcome", "proposal_priority", "proposal_target_step"), ("SELECT", "INSERT")
    ),
    "proposal_target": ("SELECT", "INSERT", "UPDATE (version)"),
    "refresh_change": ("SELECT", "INSERT", "UPDATE (live)"),
    "refresh_consent": ("SELECT", "INSERT"),
    **dict.fromkeys(
        (
            *("review_answer", "review_commitment", "review_outcome"),
            *("review_document", "review_decision", "review_reopening"),
        ),
        ("SELECT", "INSERT"),
    ),
    # Whose a return is, and of which measure and period, never changes: row-level security cannot see the row before.
    "returns": (
        *("SELECT", "INSERT"),
        "UPDATE (state, version, value, no_value_reason, forecast_value, forecast_rating, commentary, numerator, "
        "denominator, interval_low, interval_high, year_value, proposed_rating, proposed_reason, "
        "revision, verified_revision)",
    ),
    "return_message": ("SELECT", "INSERT", "UPDATE (closed_at)"),
    "return_revision": ("SELECT", "INSERT", "UPDATE (verified_by_id, verified_at, published_at)"),
    "return_step": ("SELECT", "INSERT"),
    **dict.fromkeys(("return_workbook", "return_workbook_use"), ("SELECT", "INSERT")),
    "risk": ("SELECT", "INSERT", "UPDATE (version)"),
    "risk_step": ("SELECT", "INSERT"),
    **dict.fromkeys(("sign_on_domain", "sign_on_subject"), ("SELECT", "INSERT", "DELETE")),
    "sign_on_session": ("SELECT", "INSERT"),
    "signed_up": ("SELECT", "INSERT"),
    "source_release": ("SELECT", "INSERT"),
    "target": ("SELECT", "INSERT"),
    "revision_rating": (
        "SELECT",
        "INSERT",
        "UPDATE (override, override_reason, override_proposed_by, override_accepted_by, proposal_accepted)",
    ),
    "suppression": (*USUAL, "DELETE"),
    "typed_draft": (*USUAL, "DELETE"),
}
"""The rights on the tables that are not as usual: those with something frozen in them, and those with rows that end."""

# Only what we own can be granted; an extension may have put tables of its own beside ours.
_OURS = (
    "SELECT relname, relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace "
    "AND relkind IN ('r', 'p', 'S') AND pg_has_role(relowner, 'USAGE') ORDER BY relname"
)
_HOLDERS = (
    "SELECT DISTINCT r.rolname FROM pg_class c, aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee "
    "WHERE c.oid = to_regclass('public.audit_event') AND a.privilege_type = 'INSERT' "
    "AND NOT pg_has_role(r.oid, c.relowner, 'MEMBER') AND pg_has_role(c.relowner, 'USAGE')"
)
_HELD = (
    "SELECT c.relname, p.name FROM pg_class c, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) "
    "AS p (name) WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
    "AND pg_has_role(c.relowner, 'USAGE') AND has_table_privilege(:role, c.oid, p.name) ORDER BY 1, 2"
)
_RULES = (
    "SELECT coalesce(bool_or(pg_has_role(:role, relowner, 'MEMBER')), false) FROM pg_class "
    "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
)


def grant(database: Database, role: str) -> None:
    """On PostgreSQL, give the role that the portal runs as what it needs and no more. Conflict on SQLite, which has no
    roles, and for a role from which nothing can be withheld: then nothing was granted."""
    if database.engine.dialect.name != "postgresql":
        raise Conflict("SQLite has no roles: only who may write the file can change it.")
    named = {"role": role}
    with database.engine.begin() as connection:
        # Asked for by name because PostgreSQL takes the word "public", even in quotes, for everybody.
        if connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), named) is None:
            raise Conflict(f"There is no role {role!r} in this PostgreSQL: make it first, with LOGIN and nothing else.")
        if connection.scalar(text(_RULES), named):
            raise Conflict(
                f"The role {role!r} owns the tables, or may act as their owner: nothing can be withheld from it. "
                "Name the role that the portal runs as, which owns nothing."
            )
        give(connection, role)
        if too_much := _too_much(connection, role):
            raise Conflict(
                f"The role {role!r} may do too much through another role or through PUBLIC: {too_much}. Revoke it there."
            )


def give(connection: Connection, role: str) -> None:
    """Give a role its rights on every table that is there now, and take away any other that it had."""
    quote = connection.dialect.identifier_preparer.quote
    to = quote(role)
    # Older servers let everybody make tables in this schema.
    connection.exec_driver_sql(f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {to}")
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {to}")
    for name, kind in connection.execute(text(_OURS)).all():
        what = f"{'SEQUENCE' if kind == 'S' else 'TABLE'} {quote(name)}"
        rights = ("USAGE",) if kind == "S" else RIGHTS.get(name, USUAL)
        connection.exec_driver_sql(f"REVOKE ALL ON {what} FROM {to}")
        connection.exec_driver_sql(f"GRANT {', '.join(rights)} ON {what} TO {to}")


def holders(connection: Connection) -> list[str]:
    """The roles that were given their rights before, as the database itself remembers it: who may add to the audit
    trail without owning it is one that the portal runs as. Nobody on SQLite, and for who could not grant anything."""
    if connection.dialect.name != "postgresql":
        return []
    return list(connection.scalars(text(_HOLDERS)))


def _too_much(connection: Connection, role: str) -> str:
    held = connection.execute(text(_HELD), {"role": role})
    found = [f"{right} on {table}" for table, right in held if right not in RIGHTS.get(table, USUAL)]
    if connection.scalar(text("SELECT rolbypassrls FROM pg_roles WHERE rolname = :role"), {"role": role}):
        found.append("BYPASSRLS, which passes every policy")
    if connection.scalar(text("SELECT has_schema_privilege(:role, 'public', 'CREATE')"), {"role": role}):
        found.append("CREATE on the schema public")
    return ", ".join(found)
