"""Actions: what is done about an indicator, by whom and until when, and everything that ever became of them."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.agreement import Indicator
from models.base import Base, Instant, Word
from models.people import Organisation, Person
from models.rules.actions import ActionState


class IndicatorAction(Base):
    """One action on one indicator. What it says is in its steps, of which the last one counts; `version` moves with
    each. `period` is the one whose exceptions brought it in with the agreement's files, None where a person typed it."""

    __tablename__ = "indicator_action"

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), index=True)
    period_id: Mapped[int | None] = mapped_column(ForeignKey("period.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)

    indicator: Mapped[Indicator] = relationship(lazy="joined", innerjoin=True)


class ActionStep(Base):
    """What an action said from then on: only ever added, so that any day can be read as it was. The owner is an
    organisation (none: the partnership team), and in words whoever is named there. `reason` is the word on the change,
    `day` the portal's day in Europe/London, `at` the instant; `person` none for what came in with files."""

    __tablename__ = "action_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("indicator_action.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    named: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date | None] = mapped_column(Date)
    state: Mapped[ActionState] = mapped_column(Word(ActionState))
    evidence: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)

    of: Mapped[IndicatorAction] = relationship(lazy="joined", innerjoin=True)
    owner: Mapped[Organisation | None] = relationship(foreign_keys=[owner_id], lazy="joined")
    person: Mapped[Person | None] = relationship(lazy="joined")
    organisation: Mapped[Organisation | None] = relationship(foreign_keys=[organisation_id], lazy="joined")
