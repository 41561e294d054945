"""The rows of a refresh: starting one, what it proposes, and what the agreement would say with it."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Agreement, AgreementVersion, Indicator, Measure
from models.refresh import Refresh, RefreshChange
from models.rules.refresh import RefreshState, Term, Value
from models.rules.terms import TargetState
from portal.errors import Conflict, NotFound
from portal.records.versions import NO, YES, Place, Said


def open_refresh(session: Session, agreement_id: int) -> Refresh | None:
    """The refresh that an agreement is in, if any; locked in a session that writes."""
    query = select(Refresh).where(Refresh.agreement_id == agreement_id, Refresh.state == RefreshState.OPEN)
    if session.info["writing"]:
        query = query.with_for_update(of=Refresh)
    return session.scalars(query).one_or_none()


def start(
    session: Session, agreement: Agreement, base: AgreementVersion, title: str, reason: str, in_force_from: date
) -> Refresh:
    """A new refresh, with nothing proposed yet. Conflict while another one is open."""
    if (other := open_refresh(session, agreement.id)) is not None:
        raise Conflict(
            f"The refresh {other.title!r} is open already: agree it or leave it first, on the page /agreement/refresh."
        )
    refresh = Refresh(
        agreement_id=agreement.id,
        base=base,
        title=title,
        reason=reason,
        in_force_from=in_force_from,
        state=RefreshState.OPEN,
        started_by_id=session.info["actor"].person_id,
        started_at=session.info["clock"].now(),
    )
    session.add(refresh)
    session.flush()
    return refresh


def propose(session: Session, refresh: Refresh, place: Place, value: Value, reason: str) -> RefreshChange:
    """Propose one term, instead of what was proposed for it before. NotFound for what the agreement does not have."""
    indicator_id = session.scalar(
        select(Indicator.id).where(Indicator.agreement_id == refresh.agreement_id, Indicator.code == place.indicator)
    )
    measure_id = session.scalar(
        select(Measure.id).where(Measure.indicator_id == indicator_id, Measure.code == place.measure)
    )
    if indicator_id is None or (place.measure and measure_id is None):
        raise NotFound(f"{place.measure or place.indicator} is not in this agreement.")
    for row in live_changes(session, refresh):
        if place_of(row) == place:
            row.live = False
    change = RefreshChange(
        refresh_id=refresh.id,
        indicator_id=indicator_id,
        measure_id=measure_id,
        term=place.term,
        year=place.year,
        state=value.state,
        low=value.low,
        high=value.high,
        word=value.word,
        printed=value.printed,
        note=value.note,
        reason=reason,
        person_id=session.info["actor"].person_id,
        at=session.info["clock"].now(),
    )
    session.add(change)
    session.flush()
    return change


def live_changes(session: Session, refresh: Refresh) -> list[RefreshChange]:
    """What a refresh proposes now, in the agreement's order."""
    return list(
        session.scalars(
            select(RefreshChange)
            .join(Indicator, RefreshChange.indicator_id == Indicator.id)
            .where(RefreshChange.refresh_id == refresh.id, RefreshChange.live.is_(True))
            .order_by(Indicator.position, RefreshChange.term.desc(), RefreshChange.year, RefreshChange.id)
        )
    )


def place_of(change: RefreshChange) -> Place:
    """What a change is of."""
    measure = change.measure.code if change.measure else ""
    return Place(change.indicator.code, measure, change.term, change.year)


def value_of(change: RefreshChange) -> Value:
    """What a change proposes."""
    return Value(change.low, change.high, change.state, change.word, change.printed, change.note)


def with_changes(base: Said, proposed: Mapping[Place, Value]) -> Said:
    """What the agreement would say: the base with what is proposed; a placeholder that gets a target is none more."""
    found = {**base, **{place: value for place, value in proposed.items() if place in base}}
    resolved = {
        place.indicator
        for place, value in found.items()
        if place.term is Term.TARGET and value.state is TargetState.SET and place in proposed
    }
    for place, value in base.items():
        if place.term is Term.PLACEHOLDER and value.word == YES and place.indicator in resolved:
            found[place] = Value(word=NO)
    return found
