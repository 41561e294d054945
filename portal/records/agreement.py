"""The agreement that an actor is shown, its version on a day, and its periods."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from models.agreement import Agreement, AgreementVersion, IndicatorTerms, Period, SignedUp
from models.rules.codes import period_key
from models.rules.usual import Span, usual
from portal.actor import Actor
from portal.errors import NotFound
from portal.formats.texts import storable
from portal.history import only_known


def agreements(session: Session) -> Sequence[Agreement]:
    """Those that have a version, in the order in which they were loaded. Of the others nothing but shares is known.
    Whose account is for one agreement has that one alone: to them no other exists, whatever they ask to be shown."""
    bound_to = session.info["actor"].bound_to
    theirs = true() if bound_to is None else Agreement.id == bound_to
    with_version = select(AgreementVersion.id).where(AgreementVersion.agreement_id == Agreement.id).exists()
    return session.scalars(select(Agreement).where(with_version, theirs).order_by(Agreement.id)).all()


def shown_agreement(session: Session, found: Sequence[Agreement] | None = None) -> Agreement | None:
    """The agreement that the session's actor chose, else the usual one: that of the actor's organisation where it is a
    partner in one alone, else the one that runs today, else the newest; None when there is none. NotFound for a choice
    that is none. What is written in the session's audit trail is noted as done in it."""
    actor: Actor = session.info["actor"]
    found = agreements(session) if found is None else found
    if actor.agreement:
        shown = next((one for one in found if one.key == actor.agreement), None)
        if shown is None:
            raise NotFound(_missing(session, actor.agreement, found))
    elif len(found) > 1:
        partner_in = _partner_in(session, actor)
        own = [one for one in found if one.id in partner_in]
        spans = [Span(one.id, one.first_year, one.last_year) for one in (own if len(own) == 1 else found)]
        number = usual(spans, session.info["present"].today())
        shown = next(one for one in found if one.id == number)
    else:
        shown = found[0] if found else None
    session.info["agreement"] = shown.key if shown else None
    return shown


def current_agreement(session: Session) -> Agreement:
    """The agreement that the session's actor is shown. NotFound with what to do when there is none."""
    agreement = shown_agreement(session)
    if agreement is None:
        raise NotFound("No agreement has been loaded yet. Run: portal load DIR")
    return agreement


def _missing(session: Session, key: str, found: Sequence[Agreement]) -> str:
    """What to say of a key that names no agreement with a version."""
    asks = session.info["actor"].bound_to is None and storable(key)  # else it would tell which others there are
    held = session.scalar(select(Agreement.title).where(Agreement.key == key)) if asks else None
    if held is not None:
        return (
            f"Of the {held} nothing but its half-yearly shares is known: it has no targets, returns or editions here."
        )
    return f"There is no agreement {key[:60]!r}. There is: {', '.join(one.key for one in found) or 'none yet'}."


def _partner_in(session: Session, actor: Actor) -> frozenset[int]:
    """The agreements in which the actor's organisation leads an indicator or signed up to one, in any version."""
    if actor.organisation_id is None:
        return frozenset()
    leads = select(IndicatorTerms.version_id).where(IndicatorTerms.lead_id == actor.organisation_id)
    signed = select(SignedUp.version_id).where(SignedUp.organisation_id == actor.organisation_id)
    return frozenset(
        session.scalars(
            select(AgreementVersion.agreement_id).where(AgreementVersion.id.in_(leads.union(signed))).distinct()
        )
    )


def version_in_force(session: Session, agreement_id: int, day: date) -> AgreementVersion:
    """The newest version in force on a day, of those that were agreed by today, or by the past day that is looked at;
    the first one for a day before all of them. NotFound for a past before the agreement."""
    return in_force(known_versions(session, agreement_id), day)


def known_versions(session: Session, agreement_id: int) -> list[AgreementVersion]:
    """The versions in their order that were agreed by today, or by the past day that is looked at; the first one
    before all of them. NotFound for a past before the agreement."""
    query = select(AgreementVersion).where(AgreementVersion.agreement_id == agreement_id)
    known = only_known(session, query, AgreementVersion.agreed_on, AgreementVersion.recorded_at)
    versions = session.scalars(known.order_by(AgreementVersion.number)).all()
    if not versions:
        raise NotFound("There was no agreement on that day.")
    return agreed_by(versions, session.info["clock"].today())


def agreed_by(versions: Sequence[AgreementVersion], today: date) -> list[AgreementVersion]:
    """Of an agreement's versions in their order, those that are agreed by today; the first one before all of them."""
    return [version for version in versions if version.agreed_on <= today] or list(versions[:1])


def in_force(versions: Sequence[AgreementVersion], day: date) -> AgreementVersion:
    """Of versions in their order, the newest in force on a day; the first one for a day before all of them."""
    return next((version for version in reversed(versions) if version.in_force_from <= day), versions[0])


def find_period(session: Session, agreement_id: int, text: str) -> Period:
    """A period by its key in any spelling. NotFound when it is none of the agreement's."""
    try:
        key = period_key(text)
    except ValueError as error:
        raise NotFound(str(error)) from None
    period = session.scalars(select(Period).where(Period.agreement_id == agreement_id, Period.key == key)).one_or_none()
    if period is None:
        raise NotFound(f"{key} is not a period of this agreement.")
    return period


def placeholders(session: Session, version: AgreementVersion) -> frozenset[int]:
    """The ids of the indicators that a version agrees on without giving them targets yet."""
    terms = select(IndicatorTerms.indicator_id).where(
        IndicatorTerms.version_id == version.id, IndicatorTerms.placeholder.is_(True)
    )
    return frozenset(session.scalars(terms))
