"""Small numbers: from which number on a measure's figures are shown to the public."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.agreement import Indicator, Measure
from models.scorecard import SuppressionRule
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid
from portal.policy import Action, require
from portal.records.agreement import current_agreement
from portal.records.publication import hold_back, lock_agreement


def set_rule(database: Database, actor: Actor, measure: str, below: str, total: str) -> None:
    """Store from which number on a measure's figures are shown to the public, and of which measure it is a part ('' for
    none); no number takes the rule away. A publication that is not out yet is held back: its content was made
    with other rules. Invalid for what is no measure or no number from 2 to 100."""
    require(actor, Action.EDITION_PUBLISH)
    with database.write(actor) as session:
        agreement = lock_agreement(session)
        found = _measures(session, measure, total)
        number = _number(below) if below.strip() else None
        row = session.get(SuppressionRule, found[0].id)
        before = {"below": row.below, "total": row.total.code if row.total else ""} if row else None
        if number is None:
            session.execute(delete(SuppressionRule).where(SuppressionRule.measure_id == found[0].id))
        else:
            row = row or SuppressionRule(measure_id=found[0].id)
            row.below, row.total_id = number, found[1].id if len(found) > 1 else None
            session.add(row)
        after = None if number is None else {"below": number, "total": found[1].code if len(found) > 1 else ""}
        audit.record(session, "suppression:set", f"measure {measure}", before=before, after=after)
        if after != before:
            hold_back(session, agreement.id, f"The rule for small numbers of {found[0].code} was set")


def _measures(session: Session, code: str, total: str) -> list[Measure]:
    found = []
    for field, wanted in (("measure", code), ("total", total)):
        if field == "total" and not wanted:
            continue
        row = session.scalars(
            select(Measure)
            .join(Indicator, Indicator.id == Measure.indicator_id)
            .where(Indicator.agreement_id == current_agreement(session).id, Measure.code == wanted.strip())
        ).one_or_none()
        if row is None:
            raise Invalid({field: "Choose a measure of this agreement."})
        found.append(row)
    above = found[-1] if total else None
    while above is not None:
        if above.id == found[0].id:
            raise Invalid({"total": "A measure is no part of itself."})
        rule = session.get(SuppressionRule, above.id)
        above = rule.total if rule else None
    return found


def _number(text: str) -> int:
    said = text.strip()
    if said.isascii() and said.isdigit() and len(said) < 4 and 2 <= int(said) <= 100:
        return int(said)
    raise Invalid({"below": "Write a whole number from 2 to 100: fewer than this are not shown."})
