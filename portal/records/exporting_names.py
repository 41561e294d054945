"""What an export asks for again and again: the agreement, its versions, and what its rows are called in files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Agreement, AgreementVersion, Indicator, Measure, Period
from models.people import Organisation


@dataclass(frozen=True, slots=True)
class Exporting:
    """An agreement with its versions in their order, and the keys and codes of its rows by their numbers."""

    session: Session
    agreement: Agreement
    versions: Sequence[AgreementVersion]
    organisations: Mapping[int, str]
    indicators: Mapping[int, str]
    measures: Mapping[int, str]
    periods: Mapping[int, Period]

    @property
    def newest(self) -> AgreementVersion:
        return self.versions[-1]


def exporting(session: Session, agreement: Agreement) -> Exporting:
    """What an export of this agreement begins with."""
    own = (
        select(Indicator.id, Indicator.code).where(Indicator.agreement_id == agreement.id).order_by(Indicator.position)
    )
    measures = select(Measure.id, Measure.code).join(Indicator, Indicator.id == Measure.indicator_id)
    measures = measures.where(Indicator.agreement_id == agreement.id).order_by(Measure.position)
    versions = select(AgreementVersion).where(AgreementVersion.agreement_id == agreement.id)
    periods = select(Period).where(Period.agreement_id == agreement.id)
    return Exporting(
        session,
        agreement,
        session.scalars(versions.order_by(AgreementVersion.number)).all(),
        dict(session.execute(select(Organisation.id, Organisation.key)).all()),
        dict(session.execute(own).all()),
        dict(session.execute(measures).all()),
        {row.id: row for row in session.scalars(periods)},
    )
