"""The agreement that an actor is shown, its version on a day, and its periods."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Row, Select, bindparam, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from models.agreement import Agreement, AgreementVersion, IndicatorTerms, Period, SignedUp
from models.rules.codes import period_key
from models.rules.usual import Span, usual
from portal.actor import Actor
from portal.errors import NotFound
from portal.formats.texts import storable
from portal.history import looked_at, only_known

NAMED = 20
"""So many keys are named to whoever asks for an agreement that is not there."""


def agreements(session: Session, but: Agreement | None = None, most: int | None = None) -> Sequence[Agreement]:
    """Those that have a version, in the order in which they were loaded: all `but` one, and at `most` so many, where that
    is said. Of the others nothing but shares is known. Whose account is for one agreement has that one alone: to them no
    other exists, whatever they ask to be shown."""
    query = _shown().where(_theirs(session.info["actor"].bound_to)).order_by(Agreement.id).limit(most)
    return session.scalars(query if but is None else query.where(Agreement.id != but.id)).all()


def _shown() -> Select[Agreement]:
    """Those that have a version."""
    with_version = select(AgreementVersion.id).where(AgreementVersion.agreement_id == Agreement.id).exists()
    return select(Agreement).where(with_version)


def shown_agreement(session: Session) -> Agreement | None:
    """The agreement that the session's actor chose, else the usual one: that of the actor's organisation where it is a
    partner in one alone, else the one that runs today, else the newest; None when there is none. NotFound for a choice
    that is none. What is written in the session's audit trail is noted as done in it."""
    actor: Actor = session.info["actor"]
    if actor.agreement:
        shown = agreement_with(session, actor.agreement)
        if shown is None:
            raise NotFound(_missing(session, actor.agreement))
    elif actor.bound_to is not None:
        shown = _only(session, Agreement.id == actor.bound_to)
    else:
        shown = _usual(session, actor)
    session.info["agreement"] = shown.key if shown else None
    return shown


def _usual(session: Session, actor: Actor) -> Agreement | None:
    """The agreement for whoever chose none and may be shown them all."""
    found = _candidates(session, actor)
    if len(found) < 2:
        return found[0] if found else None
    partner_in = _partner_in(session, actor)
    own = [one for one in found if one.id in partner_in]
    spans = [Span(one.id, one.first_year, one.last_year) for one in (own if len(own) == 1 else found)]
    number = usual(spans, session.info["present"].today())
    return next(one for one in found if one.id == number)


def _candidates(session: Session, actor: Actor) -> Sequence[Agreement]:
    """Of the agreements of the same years the one that was loaded first, which is all that the usual one is chosen from
    however many areas there are; and those that the actor's organisation has a part in. With their versions in the same
    statement; of a past that is looked at without."""
    partner = actor.organisation_id is not None
    asked = {"organisation_id": actor.organisation_id} if partner else {}
    if looked_at(session) is not None:
        return session.scalars(_shown().where(_first_or_own(partner)).order_by(Agreement.id), asked).all()
    return _keep(session, session.execute(_first_or_own_with_versions(partner), asked))


@cache
def _first_or_own(partner: bool) -> ColumnElement[bool]:
    """Which agreements those are; of a partner with its `organisation_id`, which is said when it is asked."""
    other = aliased(Agreement)
    versions = select(AgreementVersion.id).where(AgreementVersion.agreement_id == other.id).exists()
    first = select(func.min(other.id)).where(versions).group_by(other.first_year, other.last_year)
    parts = [_parts()] if partner else []
    return or_(*(Agreement.id.in_(numbers) for numbers in (first, *parts)))


@cache
def _first_or_own_with_versions(partner: bool) -> Select[Agreement, AgreementVersion]:
    """Made once: every request asks for it, and to make it takes longer than to answer it."""
    query = select(Agreement, AgreementVersion).join(AgreementVersion, AgreementVersion.agreement_id == Agreement.id)
    return query.where(_first_or_own(partner)).order_by(Agreement.id, AgreementVersion.number)


def agreement_with(session: Session, key: str) -> Agreement | None:
    """The agreement with a key, where the session's actor may be shown it."""
    return _only(session, Agreement.key == key) if storable(key) else None


def _only(session: Session, which: ColumnElement[bool]) -> Agreement | None:
    """One agreement, where it has a version and is the actor's to be shown. Its versions come in the same statement, and
    a session that cannot write asks for them no more."""
    bound_to = session.info["actor"].bound_to
    query = select(Agreement, AgreementVersion).join(AgreementVersion, AgreementVersion.agreement_id == Agreement.id)
    known = only_known(looked_at(session), query.where(which), AgreementVersion.agreed_on, AgreementVersion.recorded_at)
    found = _keep(session, session.execute(known.order_by(AgreementVersion.number)))
    if not found:  # there is none, or there was none yet
        return session.scalars(_shown().where(which, _theirs(bound_to))).one_or_none()
    return found[0] if bound_to in (None, found[0].id) else None


def _keep(session: Session, rows: Iterable[Row[Agreement, AgreementVersion]]) -> list[Agreement]:
    """The agreements of such rows, whose versions the session remembers."""
    versions: dict[Agreement, list[AgreementVersion]] = {}
    for agreement, version in rows:
        versions.setdefault(agreement, []).append(version)
    today = session.info["clock"].today()
    _kept(session).update({one.id: agreed_by(own, today) for one, own in versions.items()})
    return list(versions)


def visible(session: Session) -> Select[int]:
    """The numbers of the agreements that the session's actor can be shown, to ask for what is of one of them."""
    return _shown().where(_theirs(session.info["actor"].bound_to)).with_only_columns(Agreement.id)


def _theirs(bound_to: int | None) -> ColumnElement[bool]:
    return true() if bound_to is None else Agreement.id == bound_to


def _kept(session: Session) -> dict[int, list[AgreementVersion]]:
    """The versions that a session which cannot write has asked for, by their agreement; another remembers none."""
    kept: dict[int, list[AgreementVersion]] = {}
    return kept if session.info.get("writing", True) else session.info.setdefault("versions", kept)


def current_agreement(session: Session) -> Agreement:
    """The agreement that the session's actor is shown. NotFound with what to do when there is none."""
    agreement = shown_agreement(session)
    if agreement is None:
        raise NotFound("No agreement has been loaded yet. Run: portal load DIR")
    return agreement


def _missing(session: Session, key: str) -> str:
    """What to say of a key that names no agreement with a version."""
    asks = session.info["actor"].bound_to is None and storable(key)  # else it would tell which others there are
    held = session.scalar(select(Agreement.title).where(Agreement.key == key)) if asks else None
    if held is not None:
        return (
            f"Of the {held} nothing but its half-yearly shares is known: it has no targets, returns or editions here."
        )
    found = [one.key for one in agreements(session, most=NAMED + 1)]
    more = " and others" if len(found) > NAMED else ""
    return f"There is no agreement {key[:60]!r}. There is: {', '.join(found[:NAMED]) or 'none yet'}{more}."


def _partner_in(session: Session, actor: Actor) -> frozenset[int]:
    """The agreements in which the actor's organisation has a part."""
    if actor.organisation_id is None:
        return frozenset()
    return frozenset(session.scalars(_parts(), {"organisation_id": actor.organisation_id}))


@cache
def _parts() -> Select[int]:
    """The agreements in which an organisation leads an indicator or signed up to one, in any version; its
    `organisation_id` is said when it is asked."""
    organisation_id: BindParameter[int] = bindparam("organisation_id")
    leads = select(IndicatorTerms.version_id).where(IndicatorTerms.lead_id == organisation_id)
    signed = select(SignedUp.version_id).where(SignedUp.organisation_id == organisation_id)
    version = aliased(AgreementVersion)
    return select(version.agreement_id).where(version.id.in_(leads.union(signed))).distinct()


def version_in_force(session: Session, agreement_id: int, day: date) -> AgreementVersion:
    """The newest version in force on a day, of those that were agreed by today, or by the past day that is looked at;
    the first one for a day before all of them. NotFound for a past before the agreement."""
    return in_force(known_versions(session, agreement_id), day)


def known_versions(session: Session, agreement_id: int) -> list[AgreementVersion]:
    """The versions in their order that were agreed by today, or by the past day that is looked at; the first one
    before all of them. NotFound for a past before the agreement. A session that cannot write asks for them once."""
    kept = _kept(session)
    if agreement_id not in kept:
        query = select(AgreementVersion).where(AgreementVersion.agreement_id == agreement_id)
        known = only_known(looked_at(session), query, AgreementVersion.agreed_on, AgreementVersion.recorded_at)
        versions = session.scalars(known.order_by(AgreementVersion.number)).all()
        if not versions:
            raise NotFound("There was no agreement on that day.")
        kept[agreement_id] = agreed_by(versions, session.info["clock"].today())
    return kept[agreement_id]


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


def placeholders(session: Session, versions: Iterable[AgreementVersion]) -> frozenset[tuple[int, int]]:
    """The indicators that versions agree on without giving them targets yet: the version's id and the indicator's. One
    statement."""
    terms = select(IndicatorTerms.version_id, IndicatorTerms.indicator_id).where(
        IndicatorTerms.version_id.in_([version.id for version in versions]), IndicatorTerms.placeholder.is_(True)
    )
    return frozenset((version, indicator) for version, indicator in session.execute(terms))
