"""The forecast ledger: what was expected of a year's end, by whom and when, frozen for ever."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Figure, Instant, Word
from models.rules.terms import Forecaster


class ForecastEntry(Base):
    """One forecast of a measure's figure at a year's end, made with one revision of a return; never changed. The
    partner's has no range; `chance` is that of reaching the target, from 0 to 1, None where none is set."""

    __tablename__ = "forecast_entry"
    __table_args__ = (UniqueConstraint("revision_id", "made_by"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("return_revision.id"))
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), index=True)
    year: Mapped[str] = mapped_column(String(7))
    made_by: Mapped[Forecaster] = mapped_column(Word(Forecaster))
    central: Mapped[Decimal] = mapped_column(Figure)
    low: Mapped[Decimal | None] = mapped_column(Figure)
    high: Mapped[Decimal | None] = mapped_column(Figure)
    chance: Mapped[Decimal | None] = mapped_column(Figure)
    method: Mapped[str] = mapped_column(String(200))
    points: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[datetime] = mapped_column(Instant)
