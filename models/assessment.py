"""The corporate assessment: its themes, everything they were ever scored, and what the scores mean."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Instant
from models.people import Person


class AssessmentTheme(Base):
    """One of the themes that are scored. What is said of it is in its steps, of which the last one counts; `version`
    moves with each."""

    __tablename__ = "assessment_theme"
    __table_args__ = (UniqueConstraint("agreement_id", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    title: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)


class AssessmentStep(Base):
    """What was said of a theme from then on: only ever added, so that any day can be read as it was. `reason` is the word
    on the change, `day` the portal's day in Europe/London, `at` the instant; `person` none for what came in with files."""

    __tablename__ = "assessment_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("assessment_theme.id"), index=True)
    score: Mapped[int] = mapped_column(Integer)
    evidence: Mapped[str] = mapped_column(Text)
    key_risk: Mapped[str] = mapped_column(Text)
    actions: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)

    of: Mapped[AssessmentTheme] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[Person | None] = relationship(lazy="joined")


class AssessmentLevel(Base):
    """What one score means, and by which rule it is the overall one, both in the document's own words; '' where it gives
    none. The rule that is applied is models/rules/assessment.py."""

    __tablename__ = "assessment_level"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    score: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    description: Mapped[str] = mapped_column(Text)
    judgement: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(Text)
