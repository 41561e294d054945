"""Risks: what may keep an indicator or a theme from getting where it must, and everything that was ever said of it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.agreement import Indicator, Theme
from models.base import Base, Instant, Word
from models.people import Organisation, Person
from models.rules.risks import RiskState


class Risk(Base):
    """One risk, on an indicator or on a theme. What it says is in its steps, of which the last one counts; `version`
    moves with each."""

    __tablename__ = "risk"
    __table_args__ = (CheckConstraint("(indicator_id IS NULL) <> (theme_id IS NULL)", name="about"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int | None] = mapped_column(ForeignKey("indicator.id"), index=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)

    indicator: Mapped[Indicator | None] = relationship(lazy="joined")
    theme: Mapped[Theme | None] = relationship(lazy="joined")


class RiskStep(Base):
    """What a risk said from then on: only ever added, so that any day can be read as it was. `likelihood` and `impact`
    go from 1 to 4. The owner is an organisation (none: the partnership team), and in words whoever is named there;
    `review_on` is when it is to be looked at again. `reason` is the word on the change, `day` the portal's day in
    Europe/London, `at` the instant."""

    __tablename__ = "risk_step"
    __table_args__ = (
        CheckConstraint("likelihood BETWEEN 1 AND 4", name="likelihood"),
        CheckConstraint("impact BETWEEN 1 AND 4", name="impact"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    risk_id: Mapped[int] = mapped_column(ForeignKey("risk.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    likelihood: Mapped[int] = mapped_column(Integer)
    impact: Mapped[int] = mapped_column(Integer)
    mitigation: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    named: Mapped[str] = mapped_column(String(200))
    review_on: Mapped[date] = mapped_column(Date)
    state: Mapped[RiskState] = mapped_column(Word(RiskState))
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)

    of: Mapped[Risk] = relationship(lazy="joined", innerjoin=True)
    owner: Mapped[Organisation | None] = relationship(foreign_keys=[owner_id], lazy="joined")
    person: Mapped[Person | None] = relationship(lazy="joined")
    organisation: Mapped[Organisation | None] = relationship(foreign_keys=[organisation_id], lazy="joined")
