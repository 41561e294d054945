"""Editions: what was published, frozen for ever, and what is prepared to be. Public pages read nothing but editions."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.agreement import Measure, Period
from models.base import Base, Instant, Word
from models.people import Person
from models.rules.gate import PublicationState


class Edition(Base):
    """One publication of the scorecard. `content` is canonical JSON and `content_hash` its SHA-256, so that anybody
    can check that nothing was altered. `published_on` is the portal's day; editions from before it was kept have none.
    `corrects` is the number of the edition that this one puts right, and `note` says what was wrong there."""

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("agreement_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    number: Mapped[int] = mapped_column(Integer)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), index=True)
    published_at: Mapped[datetime] = mapped_column(Instant)
    published_on: Mapped[date | None] = mapped_column(Date)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    content: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    corrects: Mapped[int | None] = mapped_column(Integer)
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Publication(Base):
    """What one person prepared to be published and another releases: now, at an hour, or not yet. `content` is what
    was looked at, without number and hour; `revisions` the returns in it with their verified revisions, as JSON.
    `reason` is why it is held or was left; `edition` the number that it got."""

    __tablename__ = "publication"
    __table_args__ = (Index("ix_publication_state_publish_at", "state", "publish_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    state: Mapped[PublicationState] = mapped_column(Word(PublicationState))
    content: Mapped[str] = mapped_column(Text)
    revisions: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    corrects: Mapped[int | None] = mapped_column(Integer)
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime] = mapped_column(Instant)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    publish_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(Text, default="")
    edition: Mapped[int | None] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy reads it once)

    period: Mapped[Period] = relationship(lazy="joined", innerjoin=True)
    prepared_by: Mapped[Person | None] = relationship(foreign_keys=[prepared_by_id], lazy="joined")
    released_by: Mapped[Person | None] = relationship(foreign_keys=[released_by_id], lazy="joined")


class SuppressionRule(Base):
    """Of which measure small numbers are not shown to the public: fewer than `below`; `total` is the measure that this
    one is a part of."""

    __tablename__ = "suppression"

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    below: Mapped[int] = mapped_column(Integer)
    total_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id"))

    measure: Mapped[Measure] = relationship(foreign_keys=[measure_id], lazy="joined", innerjoin=True)
    total: Mapped[Measure | None] = relationship(foreign_keys=[total_id], lazy="joined")
