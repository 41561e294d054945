"""Returns, their frozen revisions, the ratings of those, what is said about them, and what is being typed."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.agreement import Measure, Period
from models.base import Base, Figure, Instant, Reckoned, Word
from models.people import Organisation, Person
from models.rules.expected import Basis
from models.rules.terms import Message, NoRating, Rating, State


class Return(Base):
    """One lead partner's report on one measure for one period. The figures here are the partner's working copy; what
    others see is a revision. The organisation is frozen when the period opens (none: the partnership team's)."""

    __tablename__ = "returns"
    # What waits is asked for period by period: of every area's returns hardly any do.
    __table_args__ = (
        UniqueConstraint("period_id", "measure_id"),
        Index("ix_returns_period_id_state", "period_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[State] = mapped_column(Word(State))
    version: Mapped[int] = mapped_column(Integer)
    value: Mapped[Decimal | None] = mapped_column(Figure)
    no_value_reason: Mapped[NoRating | None] = mapped_column(Word(NoRating))
    forecast_value: Mapped[Decimal | None] = mapped_column(Figure)
    forecast_rating: Mapped[Rating | None] = mapped_column(Word(Rating))
    commentary: Mapped[str] = mapped_column(Text, default="")
    numerator: Mapped[Decimal | None] = mapped_column(Figure)
    denominator: Mapped[Decimal | None] = mapped_column(Figure)
    interval_low: Mapped[Decimal | None] = mapped_column(Figure)
    interval_high: Mapped[Decimal | None] = mapped_column(Figure)
    year_value: Mapped[Decimal | None] = mapped_column(Figure)
    proposed_rating: Mapped[Rating | None] = mapped_column(Word(Rating))
    proposed_reason: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(Integer, default=0)
    verified_revision: Mapped[int | None] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy reads it once)

    period: Mapped[Period] = relationship(lazy="joined", innerjoin=True)
    measure: Mapped[Measure] = relationship(lazy="joined", innerjoin=True)
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")


class ReturnStep(Base):
    """One step in the life of a return: where it stood from then on, and which of its revisions counted. Only ever
    added, so that any day can be read as it was. `day` is the portal's day in Europe/London, `at` the instant."""

    __tablename__ = "return_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("returns.id"), index=True)
    state: Mapped[State] = mapped_column(Word(State))
    verified_revision: Mapped[int | None] = mapped_column(Integer)
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)

    of: Mapped[Return] = relationship()


class ReturnRevision(Base):
    """What was submitted, as it was submitted; never changed afterwards; when it was verified and
    first published is noted on it. `submitted_on` is the day in Europe/London by which lateness is counted; None for
    what came in with the agreement's files."""

    __tablename__ = "return_revision"
    __table_args__ = (UniqueConstraint("return_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("returns.id"))
    number: Mapped[int] = mapped_column(Integer)
    value: Mapped[Decimal | None] = mapped_column(Figure)
    no_value_reason: Mapped[NoRating | None] = mapped_column(Word(NoRating))
    forecast_value: Mapped[Decimal | None] = mapped_column(Figure)
    forecast_rating: Mapped[Rating | None] = mapped_column(Word(Rating))
    commentary: Mapped[str] = mapped_column(Text)
    numerator: Mapped[Decimal | None] = mapped_column(Figure)
    denominator: Mapped[Decimal | None] = mapped_column(Figure)
    interval_low: Mapped[Decimal | None] = mapped_column(Figure)
    interval_high: Mapped[Decimal | None] = mapped_column(Figure)
    year_value: Mapped[Decimal | None] = mapped_column(Figure)
    proposed_rating: Mapped[Rating | None] = mapped_column(Word(Rating))
    proposed_reason: Mapped[str] = mapped_column(Text)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime] = mapped_column(Instant)
    submitted_on: Mapped[date | None] = mapped_column(Date)
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verified_at: Mapped[datetime | None] = mapped_column(Instant)
    published_at: Mapped[datetime | None] = mapped_column(Instant)

    submitted_by: Mapped[Person | None] = relationship(foreign_keys=[submitted_by_id], lazy="joined")
    verified_by: Mapped[Person | None] = relationship(foreign_keys=[verified_by_id], lazy="joined")


class RevisionRating(Base):
    """How a revision is rated: the rule's own answer with its grounds, and beside it, where people judged otherwise,
    their answer and their reason. The grounds are the version of the agreement that the rule used, what the figure was
    held against (no `basis`: against nothing), by how much it beat that, the margin and the interval that it was given,
    and what its forecast was taken for: whatever is agreed later, the rating keeps them. `proposal_accepted` is what
    the team decided on the rating that came proposed with the revision; None while nothing is decided, and where
    nothing was proposed. The database takes one decision, with the verifying, and nothing after it."""

    __tablename__ = "revision_rating"

    revision_id: Mapped[int] = mapped_column(ForeignKey("return_revision.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"))
    by_rule: Mapped[Rating | None] = mapped_column(Word(Rating))
    no_rating_reason: Mapped[NoRating | None] = mapped_column(Word(NoRating))
    basis: Mapped[Basis | None] = mapped_column(Word(Basis))
    expected_value: Mapped[Decimal | None] = mapped_column(Reckoned)
    expected_low: Mapped[Decimal | None] = mapped_column(Reckoned)
    expected_high: Mapped[Decimal | None] = mapped_column(Reckoned)
    lead: Mapped[Decimal | None] = mapped_column(Reckoned)
    margin: Mapped[Decimal | None] = mapped_column(Reckoned)
    interval_low: Mapped[Decimal | None] = mapped_column(Reckoned)
    interval_high: Mapped[Decimal | None] = mapped_column(Reckoned)
    forecast: Mapped[Rating | None] = mapped_column(Word(Rating))
    override: Mapped[Rating | None] = mapped_column(Word(Rating))
    override_reason: Mapped[str | None] = mapped_column(Text)
    override_proposed_by: Mapped[str | None] = mapped_column(String(420))
    override_accepted_by: Mapped[str | None] = mapped_column(String(420))
    proposal_accepted: Mapped[bool | None] = mapped_column(Boolean)


class ReturnMessage(Base):
    """One thing said about a return, dated, named, and kept: a query of the team, a challenge of the executive, an
    answer of the partner, the reason for reopening, the word on an unusual figure, or what a partner that signed up
    to the indicator says to it; or that the team chased it, which the team alone reads. A question is open until the
    partner's side closes it, by an answer or by submitting again; a dissent until the partner that dissents takes it
    back. `organisation` is whom the person spoke for."""

    __tablename__ = "return_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("returns.id"), index=True)
    revision: Mapped[int] = mapped_column(Integer)
    kind: Mapped[Message] = mapped_column(Word(Message))
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("return_message.id"), index=True)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(lazy="joined")
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")


class TypedDraft(Base):
    """What a person has typed into a return's form and not saved yet, exactly as typed: it survives a lost session and
    a restart. `base_version` is the version of the return that the form showed. Beside the answers `typed` holds which
    open form they came from and their place in its order; after a save nothing but that."""

    __tablename__ = "typed_draft"

    return_id: Mapped[int] = mapped_column(ForeignKey("returns.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    base_version: Mapped[int] = mapped_column(Integer)
    typed: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
