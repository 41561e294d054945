"""The refresh of an agreement as a piece of work: what is proposed, why, and who consented."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.agreement import AgreementVersion, Indicator, Measure
from models.base import Base, Figure, Instant, Word
from models.people import Organisation, Person
from models.rules.refresh import RefreshState, Term
from models.rules.terms import TargetState


class Refresh(Base):
    """One proposal to change an agreement, against the version that it was started from. Nothing changes for anyone
    until it is agreed as a whole; then it has made a version. Only one of an agreement is open at a time."""

    __tablename__ = "refresh"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    base_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"))
    made_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_version.id"))
    title: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    in_force_from: Mapped[date] = mapped_column(Date)
    state: Mapped[RefreshState] = mapped_column(Word(RefreshState))
    version: Mapped[int] = mapped_column(Integer)
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy reads it once)

    base: Mapped[AgreementVersion] = relationship(foreign_keys=[base_id], lazy="joined", innerjoin=True)


class RefreshChange(Base):
    """One change that is proposed: of an indicator's, or of a measure's and year's. What is proposed stands in the
    columns that its term needs: `state`, `low` and `high` of a target; `low` of a baseline, with its period as the
    word; a tolerance in `low` with its kind as the word; a lead's key, or a polarity, as the word. `printed` and `note`
    are a target's, as its document words it. A change that is replaced or taken back stays, no longer live."""

    __tablename__ = "refresh_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    refresh_id: Mapped[int] = mapped_column(ForeignKey("refresh.id"), index=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id"))
    term: Mapped[Term] = mapped_column(Word(Term))
    year: Mapped[str] = mapped_column(String(7), default="")
    state: Mapped[TargetState | None] = mapped_column(Word(TargetState))
    low: Mapped[Decimal | None] = mapped_column(Figure)
    high: Mapped[Decimal | None] = mapped_column(Figure)
    word: Mapped[str] = mapped_column(Text, default="")
    printed: Mapped[str] = mapped_column(Text, default="", server_default="")
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    reason: Mapped[str] = mapped_column(Text)
    live: Mapped[bool] = mapped_column(Boolean, default=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    indicator: Mapped[Indicator] = relationship(lazy="joined", innerjoin=True)
    measure: Mapped[Measure | None] = relationship(lazy="joined")


class RefreshConsent(Base):
    """What an affected partner, or Government Office (no organisation), said to all that is proposed for one
    indicator: consent, or none. Only ever added: the last word counts, and only while `changes`, the numbers of what
    was proposed then, is what is proposed still. `said_by` is who said so, and when, in words; `person` recorded it."""

    __tablename__ = "refresh_consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    refresh_id: Mapped[int] = mapped_column(ForeignKey("refresh.id"), index=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    given: Mapped[bool] = mapped_column(Boolean)
    said_by: Mapped[str] = mapped_column(String(200))
    changes: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
    person: Mapped[Person | None] = relationship(lazy="joined")
