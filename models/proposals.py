"""The Local Public Service Agreement: its proposals, their targets, and the priorities and outcomes that they serve."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Instant
from models.people import Person


class CorporatePriority(Base):
    """One of the council's priorities; `key` is the letter that the documents use."""

    __tablename__ = "corporate_priority"
    __table_args__ = (UniqueConstraint("agreement_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    key: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(Integer)


class CorporateOutcome(Base):
    """One of the outcomes that the council works for, by its number."""

    __tablename__ = "corporate_outcome"
    __table_args__ = (UniqueConstraint("agreement_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)


class Proposal(Base):
    """A proposal for improvement. Lead and partners are as the document names them: most are departments of the council
    or bodies that are no members of the partnership; partners have semicolons between them."""

    __tablename__ = "proposal"
    __table_args__ = (UniqueConstraint("agreement_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)
    lead: Mapped[str] = mapped_column(String(200))
    partners: Mapped[str] = mapped_column(Text)


class ProposalPriority(Base):
    """That a proposal serves a priority."""

    __tablename__ = "proposal_priority"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    priority_id: Mapped[int] = mapped_column(ForeignKey("corporate_priority.id"), primary_key=True, index=True)


class ProposalOutcome(Base):
    """That a proposal serves an outcome."""

    __tablename__ = "proposal_outcome"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    outcome_id: Mapped[int] = mapped_column(ForeignKey("corporate_outcome.id"), primary_key=True, index=True)


class ProposalTarget(Base):
    """One of a proposal's targets, by its letter. What it says is in its steps, of which the last one counts; `version`
    moves with each."""

    __tablename__ = "proposal_target"
    __table_args__ = (UniqueConstraint("proposal_id", "letter"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    letter: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(Integer)

    proposal: Mapped[Proposal] = relationship(lazy="joined", innerjoin=True)


class ProposalTargetStep(Base):
    """What a target said from then on, and whether it is defined or still to be developed: only ever added. `day` is the
    portal's day in Europe/London, `at` the instant; `person` none for what came in with files."""

    __tablename__ = "proposal_target_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("proposal_target.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    defined: Mapped[bool] = mapped_column(Boolean)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)

    of: Mapped[ProposalTarget] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[Person | None] = relationship(lazy="joined")
