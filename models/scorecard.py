"""Editions: what was published, frozen for ever. Public pages read nothing else."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Instant


class Edition(Base):
    """One publication of the scorecard. `content` is canonical JSON and `content_hash` its SHA-256, so that anybody
    can check that nothing was altered. `published_on` is the portal's day; editions from before it was kept have none."""

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("agreement_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    number: Mapped[int] = mapped_column(Integer)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    published_at: Mapped[datetime] = mapped_column(Instant)
    published_on: Mapped[date | None] = mapped_column(Date)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    content: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
