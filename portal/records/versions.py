"""What a version of the agreement says, term by term, and how two of them differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from models.agreement import AgreementVersion, Indicator, IndicatorTerms, Measure, MeasureTerms, SignedUp, Target
from models.people import Organisation
from models.rules.refresh import Term, Value


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """What a term is of: an indicator, one of its measures, a year; the last two empty where they do not matter."""

    indicator: str
    measure: str
    term: Term
    year: str = ""


Said = Mapping[Place, Value]
YES, NO = "yes", "no"


def says(session: Session, version: AgreementVersion) -> Said:
    """All that a version says, in the agreement's order: four statements."""
    found: dict[Place, Value] = {}
    partners: dict[int, list[str]] = {}
    for indicator_id, key in session.execute(
        select(SignedUp.indicator_id, Organisation.key)
        .join(Organisation, SignedUp.organisation_id == Organisation.id)
        .where(SignedUp.version_id == version.id)
        .order_by(Organisation.key)
    ):
        partners.setdefault(indicator_id, []).append(key)
    for code, indicator_id, placeholder, lead in session.execute(
        select(Indicator.code, Indicator.id, IndicatorTerms.placeholder, Organisation.key)
        .join(IndicatorTerms, IndicatorTerms.indicator_id == Indicator.id)
        .outerjoin(Organisation, IndicatorTerms.lead_id == Organisation.id)
        .where(IndicatorTerms.version_id == version.id)
        .order_by(Indicator.position)
    ):
        found |= of_indicator(code, lead or "", partners.get(indicator_id, ()), placeholder)
    for code, measure, terms in session.execute(
        select(Indicator.code, Measure.code, MeasureTerms)
        .join(Measure, Measure.id == MeasureTerms.measure_id)
        .join(Indicator, Measure.indicator_id == Indicator.id)
        .where(MeasureTerms.version_id == version.id)
        .order_by(Measure.position)
    ):
        found |= {
            Place(code, measure, Term.BASELINE): Value(terms.baseline, word=terms.baseline_period),
            Place(code, measure, Term.TOLERANCE): Value(terms.tolerance, word=terms.tolerance_kind),
            Place(code, measure, Term.POLARITY): Value(word=terms.polarity),
            Place(code, measure, Term.FREQUENCY): Value(word=terms.frequency),
        }
    for code, measure, target in session.execute(
        select(Indicator.code, Measure.code, Target)
        .join(Measure, Measure.id == Target.measure_id)
        .join(Indicator, Measure.indicator_id == Indicator.id)
        .where(Target.version_id == version.id)
        .order_by(Measure.position, Target.year)
        .options(lazyload("*"))
    ):
        found[Place(code, measure, Term.TARGET, target.year)] = Value(target.low, target.high, target.state)
    return found


def of_indicator(code: str, lead: str, partners: Iterable[str], placeholder: bool) -> dict[Place, Value]:
    """What a version says of an indicator itself."""
    return {
        Place(code, "", Term.LEAD): Value(word=lead),
        Place(code, "", Term.PARTNERS): Value(word="; ".join(sorted(partners))),
        Place(code, "", Term.PLACEHOLDER): Value(word=YES if placeholder else NO),
    }


def differences(old: Said, new: Said) -> dict[Place, tuple[Value, Value]]:
    """The terms of which two versions say different things, each with both, in the order of the older one."""
    return {place: (old[place], new[place]) for place in old if place in new and old[place] != new[place]}
