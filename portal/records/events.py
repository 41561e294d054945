"""An indicator's events, and who leads it now."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Indicator, IndicatorTerms
from models.events import IndicatorEvent
from models.rules.codes import indicator_code
from portal.actor import Actor
from portal.errors import Forbidden, NotFound
from portal.policy import Action
from portal.records.agreement import current_agreement, version_in_force
from portal.scopes import scope
from portal.viewmodels.indicator_page import Event


def events_of(session: Session, indicator_id: int, *, withdrawn: bool) -> tuple[Event, ...]:
    """An indicator's events, oldest first; those that were withdrawn only where they are asked for."""
    query = select(IndicatorEvent).where(IndicatorEvent.indicator_id == indicator_id)
    if not withdrawn:
        query = query.where(IndicatorEvent.withdrawn_at.is_(None))
    return tuple(
        Event(
            id=row.id,
            day=row.day,
            text=row.text,
            who=row.organisation.name if row.organisation else row.person.name if row.person else "",
            at=row.at,
            withdrawn=row.withdrawn_reason if row.withdrawn_at is not None else None,
            withdrawn_by=row.withdrawn_by.name if row.withdrawn_by else "",
        )
        for row in session.scalars(query.order_by(IndicatorEvent.day, IndicatorEvent.id))
    )


def led_indicator(
    session: Session, actor: Actor, code: str, action: Action, elsewhere: str
) -> tuple[Indicator, int | None]:
    """An indicator for which the actor holds an action of its lead and the team now, and its lead. NotFound for no such
    indicator, Forbidden, with what to say `elsewhere`, for one that another leads: that it exists is no secret."""
    row, lead_id, allowed = indicator_now(session, actor, code, action)
    if not allowed:
        raise Forbidden(elsewhere)
    return row, lead_id


def indicator_now(session: Session, actor: Actor, code: str, action: Action) -> tuple[Indicator, int | None, bool]:
    """An indicator of the version that is in force today, its lead, and whether the actor holds an action for it.
    NotFound for no such indicator."""
    try:
        key = indicator_code(code)
    except ValueError as error:
        raise NotFound(str(error)) from None
    agreement = current_agreement(session)
    version = version_in_force(session, agreement.id, session.info["clock"].today())
    found = session.execute(
        select(Indicator, IndicatorTerms.lead_id, scope(actor, action).label("allowed"))
        .join(IndicatorTerms, IndicatorTerms.indicator_id == Indicator.id)
        .where(Indicator.agreement_id == agreement.id, Indicator.code == key, IndicatorTerms.version_id == version.id)
    ).one_or_none()
    if found is None:
        raise NotFound(f"{key} is not an indicator of this agreement.")
    row, lead_id, allowed = found
    return row, lead_id, bool(allowed)
