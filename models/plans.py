"""Delivery plans: for each indicator one, on a template common to all, kept in versions."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Instant
from models.people import Organisation, Person


class PlanVersion(Base):
    """An indicator's delivery plan as it was written at one time; the highest number counts, and none is ever changed.
    A plan that is there already may stand in: `existing` is its title, `address` where it is. `day` is the portal's day
    in Europe/London, `at` the instant."""

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("indicator_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    number: Mapped[int] = mapped_column(Integer)
    existing: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(500))
    aim: Mapped[str] = mapped_column(Text)
    progress: Mapped[str] = mapped_column(Text)
    tasks: Mapped[str] = mapped_column(Text)
    resources: Mapped[str] = mapped_column(Text)
    risks: Mapped[str] = mapped_column(Text)
    milestones: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person | None] = relationship(lazy="joined")
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
