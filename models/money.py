"""Money that is committed to indicators, what was withdrawn of it, and the totals that documents print."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.agreement import Indicator
from models.base import Base, Figure, Instant
from models.people import Organisation, Person


class Commitment(Base):
    """Money committed to an indicator: `amount` in pounds, from a source, for a proposal. Never changed: what is wrong is
    withdrawn, and said anew. `person` is none for what came in with the agreement's files; `day` is the portal's day in
    Europe/London, `at` the instant."""

    __tablename__ = "commitment"

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), index=True)
    source: Mapped[str] = mapped_column(String(200))
    proposal: Mapped[str] = mapped_column(String(500))
    amount: Mapped[Decimal] = mapped_column(Figure)
    note: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)

    indicator: Mapped[Indicator] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[Person | None] = relationship(lazy="joined")
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")


class CommitmentWithdrawal(Base):
    """That a commitment counts no more from a day on, and why."""

    __tablename__ = "commitment_withdrawal"

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person | None] = relationship(lazy="joined")
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")


class PrintedTotal(Base):
    """The total in pounds that a document prints under an indicator's lines from one source, as it stands there, and in
    which document. It is held against the lines that came in with it, and never put right."""

    __tablename__ = "printed_total"
    __table_args__ = (UniqueConstraint("indicator_id", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    source: Mapped[str] = mapped_column(String(200))
    total: Mapped[Decimal] = mapped_column(Figure)
    printed_in: Mapped[str] = mapped_column(String(300))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)
