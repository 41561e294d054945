"""The annual review's self-assessment: its answers in versions, commitments, signed-off documents and their circulation.

Everything here is only ever added. `day` is the portal's day in Europe/London, `at` the instant; `person` is none for
what came in with the agreement's files.
"""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.agreement import Indicator
from models.base import Base, Instant, Word
from models.people import Organisation, Person
from models.rules.circulation import Decision, Stage


class ReviewAnswer(Base):
    """What the document of a year says to one question, from then on: the highest number counts. `question` is its key
    in portal/words/self_assessment.py; figures in the text are tokens. `contributors` is who helped, in words."""

    __tablename__ = "review_answer"
    __table_args__ = (UniqueConstraint("agreement_id", "year", "question", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    year: Mapped[str] = mapped_column(String(7))
    question: Mapped[str] = mapped_column(String(20))
    number: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    contributors: Mapped[str] = mapped_column(String(500))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person | None] = relationship(lazy="joined")


class ReviewCommitment(Base):
    """What the partnership said in the review of a year that it will do by the next. The owner is an organisation
    (none: the partnership team)."""

    __tablename__ = "review_commitment"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    year: Mapped[str] = mapped_column(String(7))
    text: Mapped[str] = mapped_column(Text)
    indicator_id: Mapped[int | None] = mapped_column(ForeignKey("indicator.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)

    indicator: Mapped[Indicator | None] = relationship(lazy="joined")
    owner: Mapped[Organisation | None] = relationship(lazy="joined")


class ReviewOutcome(Base):
    """What became of a commitment, said later; the highest number counts."""

    __tablename__ = "review_outcome"
    __table_args__ = (UniqueConstraint("commitment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("review_commitment.id"))
    number: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)


class ReviewDocument(Base):
    """One signed-off version of a year's document: its text with the figures that it had, as canonical JSON, and the
    SHA-256 hash of that. `weighed` is the word on what the consistency check had still found."""

    __tablename__ = "review_document"
    __table_args__ = (UniqueConstraint("agreement_id", "year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    year: Mapped[str] = mapped_column(String(7))
    number: Mapped[int] = mapped_column(Integer)
    content: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
    weighed: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person | None] = relationship(lazy="joined")


class ReviewDecision(Base):
    """What one stage of the circulation decided on a document, once; `decided_on` is when it met, `person` who wrote it
    down."""

    __tablename__ = "review_decision"
    __table_args__ = (UniqueConstraint("document_id", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("review_document.id"))
    stage: Mapped[Stage] = mapped_column(Word(Stage))
    decision: Mapped[Decision] = mapped_column(Word(Decision))
    decided_on: Mapped[date] = mapped_column(Date)
    word: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person | None] = relationship(lazy="joined")


class ReviewReopening(Base):
    """That a signed-off document was opened again, and why: from then on a new version is written."""

    __tablename__ = "review_reopening"

    document_id: Mapped[int] = mapped_column(ForeignKey("review_document.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person | None] = relationship(lazy="joined")
