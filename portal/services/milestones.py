"""Setting the milestones of a period, by the partnership team."""

from collections.abc import Mapping

from models.rules.codes import measure_code
from models.rules.expected import Expected
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid
from portal.formats.milestones import parse_milestone
from portal.policy import Action, require
from portal.records.agreement import current_agreement, find_period
from portal.records.messages import checked
from portal.records.milestones import measures_in, put_milestone, returned_in

WHY = "say why. The figure is in already, or there was something else to hold it against."


def set_milestones(database: Database, actor: Actor, key: str, typed: Mapping[str, str], reason: str = "") -> int:
    """Set what each measure's figure of a period is held against, as typed, by the measures' codes; what is left
    empty is left alone. What was agreed with a version is changed by a refresh alone; what the team set itself may be
    set otherwise, for a reason; and so is one set where a figure has come in, or in the place of what follows from the
    year's target. Answers how many were set; Invalid, with a sentence for each measure's code, when one
    cannot be, and then none is."""
    require(actor, Action.AGREEMENT_CHANGE)
    typed = {_code(measure): text for measure, text in typed.items() if text.strip()}
    if not typed:
        raise Invalid({"milestones": "Type at least one milestone."})
    with database.write(actor) as session:
        period = find_period(session, current_agreement(session).id, key)
        items = {item.measure.code: item for item in measures_in(session, period)}
        wrong: dict[str, str] = {}
        found: dict[str, Expected] = {}
        for code, text in typed.items():
            item = items.get(code)
            if item is None:
                wrong[code] = f"{code[:40]!r} is not a measure that takes a milestone in {period.key}."
            elif item.milestone is not None and not item.milestone.number:
                wrong[code] = f"{code}: its milestone was agreed with the agreement. Only a refresh changes that."
            else:
                try:
                    found[code] = parse_milestone(text, item.terms.reported_unit, item.terms.reported_polarity)
                except ValueError as error:
                    wrong[code] = f"{code}: {error}"
        came_in = returned_in(session, period)
        known = [code for code in found if items[code].agreed.expected is not None or code in came_in]
        if reason.strip() or known:
            try:
                reason = checked(reason, "why", f"{', '.join(known)}: {WHY}")
            except Invalid as error:
                wrong |= error.fields
        if wrong:
            raise Invalid(wrong)
        for code, said in found.items():
            put_milestone(session, items[code].measure, period, said, reason)
    return len(found)


def _code(measure: str) -> str:
    """A measure's code in any spelling; what is none stays as it is, to be refused by name."""
    try:
        return measure_code(measure)
    except ValueError:
        return measure
