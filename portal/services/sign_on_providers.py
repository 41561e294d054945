"""The providers that organisations sign on with: added at the command line, turned on and off by the administrator too."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.people import Organisation
from models.sign_on import SignOnDomain, SignOnProvider, SignOnSubject
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid
from portal.formats import oidc
from portal.formats.texts import storable
from portal.policy import Action, require
from portal.records.messages import checked
from portal.records.people import find_person
from portal.records.sign_on import domains_of, end_begun
from portal.services.sign_on_ways import Ways
from portal.viewmodels.sign_on import ProviderLine

LONGEST_SECRET = 1000
WHY = "Say why: the record keeps it."


def providers(database: Database, actor: Actor, ways: Ways) -> tuple[ProviderLine, ...]:
    """Every organisation's provider, by the organisation's name; never a secret."""
    require(actor, Action.ACCOUNT_MANAGE)
    with database.read(actor) as session:
        signed_on = (
            select(SignOnSubject.provider_id, func.count().label("people"))
            .group_by(SignOnSubject.provider_id)
            .subquery()
        )
        domains: dict[int, list[str]] = {}
        for one in session.scalars(select(SignOnDomain).order_by(SignOnDomain.domain)):
            domains.setdefault(one.provider_id, []).append(one.domain)
        rows = session.execute(
            select(SignOnProvider, func.coalesce(signed_on.c.people, 0))
            .join(Organisation, Organisation.id == SignOnProvider.organisation_id)
            .outerjoin(signed_on, signed_on.c.provider_id == SignOnProvider.id)
            .order_by(Organisation.name)
        )
        return tuple(
            ProviderLine(
                row.organisation.key,
                row.organisation.name,
                row.issuer,
                row.client_id,
                tuple(domains.get(row.id, ())),
                row.passwords,
                row.enabled,
                people,
                ways.back(row.organisation.key),
                ways.logout(row.organisation.key),
            )
            for row, people in rows
        )


def add_provider(
    database: Database,
    actor: Actor,
    ways: Ways,
    organisation: str,
    issuer: str,
    client_id: str,
    secret: str,
    domains: Sequence[str],
    *,
    passwords: bool,
) -> None:
    """Give an organisation a provider, or its provider other terms; it is in use at once. With another issuer nobody is
    known any more who signed on with the former one, and what that one began has ended. Invalid says what is wrong;
    Conflict for a domain that another organisation's provider vouches for."""
    _require(actor)
    named = sorted({one.strip().lower() for one in domains})
    wrong: dict[str, str] = {}
    if not oidc.is_issuer(issuer):
        wrong["issuer"] = f"{issuer!r} is not an issuer: write it as the provider does, like https://login.example.org"
    if not 0 < len(client_id) <= oidc.LONGEST or not client_id.isprintable():
        wrong["client_id"] = "Give the client ID that the provider has for the portal."
    if not 0 < len(secret) <= LONGEST_SECRET or not storable(secret):
        wrong["secret"] = "Give the client secret on the standard input."
    if not named or not all(oidc.is_domain(one) for one in named):
        wrong["domains"] = "Name the domains of the e-mail addresses that it vouches for, like police.example"
    with database.write(actor) as session:
        owner = session.scalars(select(Organisation).where(Organisation.key == organisation)).one_or_none()
        if owner is None:
            wrong["organisation"] = f"There is no organisation {organisation!r}."
        if wrong or owner is None:
            raise Invalid(wrong)
        row = session.scalars(select(SignOnProvider).where(SignOnProvider.organisation_id == owner.id)).one_or_none()
        before = _said(session, row) if row else None
        if row is None:
            row = SignOnProvider(organisation_id=owner.id, organisation=owner, issuer=issuer)
            session.add(row)
        elif row.issuer != issuer:
            end_begun(session, row, "", "", database.clock.now())
            session.execute(delete(SignOnSubject).where(SignOnSubject.provider_id == row.id))
        row.issuer, row.client_id, row.passwords, row.enabled = issuer, client_id, passwords, True
        row.changed_at = database.clock.now()
        row.secret = ways.seal(owner.key, issuer, secret, row.changed_at)
        session.flush()
        session.execute(delete(SignOnDomain).where(SignOnDomain.provider_id == row.id))
        taken = session.scalars(select(SignOnDomain.domain).where(SignOnDomain.domain.in_(named))).first()
        if taken is not None:
            raise Conflict(f"Another organisation's provider vouches for {taken} already.")
        session.add_all(SignOnDomain(domain=one, provider_id=row.id) for one in named)
        session.flush()
        _record(session, row, before, "")


def set_enabled(database: Database, actor: Actor, organisation: str, reason: str, *, enabled: bool) -> None:
    """Turn an organisation's provider on or off, on the record. Off, what it began ends, nobody signs on with it, and
    passwords work for its people. Invalid for no reason, no such provider, and one that is so already."""
    _require(actor)
    wrong: dict[str, str] = {}
    try:
        reason = checked(reason, "why", WHY)
    except Invalid as error:
        wrong |= error.fields
    with database.write(actor) as session:
        row = session.scalars(
            select(SignOnProvider)
            .join(Organisation, Organisation.id == SignOnProvider.organisation_id)
            .where(Organisation.key == (organisation if storable(organisation) else ""))
        ).one_or_none()
        if row is None:
            wrong["key"] = "Choose an organisation that has a sign-on."
        elif row.enabled is enabled:
            wrong["key"] = f"The sign-on of {row.organisation.name} is {'on' if enabled else 'off'} already."
        if wrong or row is None:
            raise Invalid(wrong)
        before = _said(session, row)
        row.enabled, row.changed_at = enabled, database.clock.now()
        if not enabled:
            end_begun(session, row, "", "", database.clock.now())
        _record(session, row, before, reason)


def forget(database: Database, actor: Actor, email: str, reason: str) -> None:
    """Let an account be recognised anew at its next sign-on, as after its organisation made the person's own account
    there anew. Invalid for no reason; NotFound for no account; Conflict for one that was never recognised."""
    _require(actor)
    reason = checked(reason, "why", WHY)
    with database.write(actor) as session:
        person = find_person(session, email)
        gone = delete(SignOnSubject).where(SignOnSubject.person_id == person.id).returning(SignOnSubject.provider_id)
        if not session.scalars(gone).all():
            raise Conflict(f"The account {person.email} has not signed on with an organisation.")
        subject = f"account {person.email}"
        audit.record(session, Action.ACCOUNT_MANAGE, subject, after={"sign_on": "forgotten"}, reason=reason)


def _require(actor: Actor) -> None:
    require(actor, Action.ACCOUNT_MANAGE)
    if actor.bound_to is not None:
        raise Forbidden("An organisation may have a part in other agreements: ask an administrator of all of them.")


def _said(session: Session, row: SignOnProvider) -> dict[str, object]:
    return {
        "issuer": row.issuer,
        "client_id": row.client_id,
        "domains": domains_of(session, row),
        "passwords": row.passwords,
        "on": row.enabled,
    }


def _record(session: Session, row: SignOnProvider, before: dict[str, object] | None, reason: str) -> None:
    audit.record(
        session,
        Action.ACCOUNT_MANAGE,
        f"sign-on {row.organisation.key}",
        before=before,
        after=_said(session, row),
        reason=reason,
        organisation_id=row.organisation_id,
    )
