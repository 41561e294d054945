"""Delivery plans as they are there, or were on a past day."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.agreement import Indicator
from models.plans import PlanVersion
from portal.history import looked_at, only_known
from portal.records.together import Asked, ask
from portal.viewmodels.past import AsAt


def planned(session: Session, *where: ColumnElement[bool]) -> frozenset[str]:
    """The codes of the indicators that meet conditions and have a delivery plan, or an existing plan that stands in."""
    return frozenset(row.code for row in ask(session, asked_plans(looked_at(session), *where)))


def asked_plans(past: AsAt | None, *where: ColumnElement[bool]) -> Asked:
    """The question behind `planned`, to be asked together with others."""
    query = select(Indicator.code).join(PlanVersion, PlanVersion.indicator_id == Indicator.id).where(*where)
    return only_known(past, query, PlanVersion.day, PlanVersion.at)
