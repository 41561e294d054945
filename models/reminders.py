"""Reminders: the outbox of messages, what each was about, and what people chose not to be reminded of."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Instant, Word
from models.people import Person
from models.rules.outbox import Delivery
from models.rules.reminders import Occasion
from models.rules.terms import Role


class OutboxMessage(Base):
    """One message to one person, about one agreement, made for the role and organisation that they had. `number` counts
    a person's messages of a day, so that of two that are made at the same moment the database takes one. `day` is the
    portal's day, `made_at` the instant. Once it is old the body is emptied, and the row stays. `way` is how it was
    sent: by e-mail, into a file, or only printed."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint("agreement_id", "person_id", "day", "number"),
        Index("ix_outbox_message_state_next_at", "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(Word(Role))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    day: Mapped[date] = mapped_column(Date)
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(80), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant, index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[Delivery] = mapped_column(Word(Delivery))
    tries: Mapped[int] = mapped_column(Integer)
    next_at: Mapped[datetime] = mapped_column(Instant)
    leased_until: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    way: Mapped[str] = mapped_column(String(40))
    error: Mapped[str] = mapped_column(Text)

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined", innerjoin=True)
    said: Mapped[list["OutboxFact"]] = relationship(order_by=lambda: OutboxFact.subject)


class OutboxFact(Base):
    """One thing that a message tells; only ever added. By these is known what was said to whom, and when."""

    __tablename__ = "outbox_fact"

    message_id: Mapped[int] = mapped_column(ForeignKey("outbox_message.id"), primary_key=True)
    occasion: Mapped[Occasion] = mapped_column(Word(Occasion), primary_key=True)
    subject: Mapped[str] = mapped_column(String(60), primary_key=True)


class ReminderChoice(Base):
    """That a person wants to be reminded of an occasion, or does not, from then on: only ever added, the last one
    counts. An account that never chose wants all. `by_link`: by the link in a message, without signing in."""

    __tablename__ = "reminder_choice"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    occasion: Mapped[Occasion] = mapped_column(Word(Occasion))
    wanted: Mapped[bool] = mapped_column(Boolean)
    by_link: Mapped[bool] = mapped_column(Boolean)
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)
