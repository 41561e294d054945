"""Finding an organisation's provider, noting who came by it or was refused, and ending what it began."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models.audit import AuditEvent
from models.people import Organisation, Person, SignIn
from models.sign_on import SignOnDomain, SignOnProvider, SignOnSession, SignOnSubject
from portal import audit
from portal.actor import Actor
from portal.formats.oidc import domain_of
from portal.formats.texts import storable
from portal.records.patience import WINDOW, note_failure

SILENT = "session:silent"


def provider_of(session: Session, key: str) -> SignOnProvider | None:
    """The provider of the organisation with a key, while it is enabled."""
    return session.scalars(
        select(SignOnProvider)
        .join(Organisation, Organisation.id == SignOnProvider.organisation_id)
        .where(Organisation.key == (key if storable(key) else ""), SignOnProvider.enabled)
    ).one_or_none()


def provider_for(session: Session, email: str) -> SignOnProvider | None:
    """The provider that vouches for an address, by its domain alone, while it is enabled."""
    return session.scalars(
        select(SignOnProvider)
        .join(SignOnDomain, SignOnDomain.provider_id == SignOnProvider.id)
        .where(SignOnDomain.domain == (domain_of(email) or ""), SignOnProvider.enabled)
    ).one_or_none()


def domains_of(session: Session, provider: SignOnProvider) -> list[str]:
    """The domains that a provider vouches for, in order."""
    query = select(SignOnDomain.domain).where(SignOnDomain.provider_id == provider.id)
    return list(session.scalars(query.order_by(SignOnDomain.domain)))


def sign_on_alone(session: Session, email: str) -> SignOnProvider | None:
    """The provider that takes the place of passwords for an address; None where they work."""
    provider = provider_for(session, email)
    return provider if provider is not None and not provider.passwords else None


def known_as(session: Session, provider: SignOnProvider, email: str, subject: str) -> Person | None:
    """The account that an address and a subject of a provider are for: an enabled one, of its organisation. The subject
    is kept at the first time; from then on this subject is this account, and this account no other subject. None for
    everything else."""
    person = session.scalars(select(Person).where(Person.email == email)).one_or_none()
    if person is None or person.disabled or person.organisation_id != provider.organisation_id:
        return None
    kept = session.scalars(
        select(SignOnSubject).where(
            SignOnSubject.provider_id == provider.id,
            or_(SignOnSubject.person_id == person.id, SignOnSubject.subject == subject),
        )
    ).all()
    if not kept:
        now = session.info["clock"].now()
        session.add(SignOnSubject(person_id=person.id, provider_id=provider.id, subject=subject, since=now))
        audit.record(
            session,
            "session:recognise",
            f"account {person.email}",
            after={"sign_on": provider.organisation.key},
            organisation_id=provider.organisation_id,
        )
        return person
    return person if [(one.person_id, one.subject) for one in kept] == [(person.id, subject)] else None


def who_failed(session: Session, provider: SignOnProvider, email: str) -> str:
    """Whom a refusal is counted for: the address that was given, else whoever is asking for this organisation, so that
    nobody can keep all of its people out."""
    actor: Actor = session.info["actor"]
    return email or f"sign-on {provider.organisation.key} from {actor.address}"


def note_refusal(session: Session, provider: SignOnProvider, email: str, why: str) -> None:
    """Count somebody who was refused, and put it into the trail, with what was wrong."""
    person = session.scalars(select(Person).where(Person.email == email)).one_or_none() if email else None
    key = provider.organisation.key
    subject = f"account {email}" if email else f"sign-on {key}"
    who = who_failed(session, provider, email)
    note_failure(session, who, "session:refuse", person, subject=subject, reason=f"sign-on of {key}: {why}")


def note_silence(session: Session, provider: SignOnProvider, why: str) -> None:
    """Put into the trail that a provider does not answer; once in five minutes, as everybody who tries would fill it."""
    subject = f"sign-on {provider.organisation.key}"
    since = session.info["clock"].now() - WINDOW
    said = select(AuditEvent.number).where(AuditEvent.at > since, AuditEvent.action == SILENT)
    if session.scalar(said.where(AuditEvent.subject == subject).limit(1)) is None:
        audit.record(session, SILENT, subject, reason=why, organisation_id=provider.organisation_id)


def note_session(session: Session, provider: SignOnProvider, token_hash: str, sid: str) -> None:
    """Keep of a session that it began with a provider's word."""
    number = session.scalars(select(SignIn.id).where(SignIn.token_hash == token_hash)).one()
    session.add(SignOnSession(sign_in_id=number, provider_id=provider.id, sid=sid))


def end_begun(session: Session, provider: SignOnProvider, subject: str, sid: str, before: datetime) -> int:
    """End what a provider began until a moment: the sessions of a subject, or the one that it calls `sid`, '' for either
    for any; all with both ''. Answers how many there were."""
    begun = (
        select(SignIn.id)
        .join(SignOnSession, SignOnSession.sign_in_id == SignIn.id)
        .where(SignOnSession.provider_id == provider.id, SignIn.ended_at.is_(None), SignIn.started_at <= before)
    )
    if sid:
        begun = begun.where(SignOnSession.sid == sid)
    if subject:
        begun = begun.join(
            SignOnSubject,
            (SignOnSubject.person_id == SignIn.person_id) & (SignOnSubject.provider_id == provider.id),
        ).where(SignOnSubject.subject == subject)
    numbers = session.scalars(begun).all()
    if numbers:
        now = session.info["clock"].now()
        session.execute(update(SignIn).where(SignIn.id.in_(numbers)).values(ended_at=now))
    return len(numbers)
