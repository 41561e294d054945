"""Figures that are no returns: from before the agreement, what the national source published later, what other areas have."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Figure, Instant, Word
from models.rules.terms import AreaKind


class HistoricFigure(Base):
    """A measure's figure from before the agreement, by its period as a key ('2005/06 Q3'): the agreement has no such
    period. `day` is the portal's day in Europe/London from which it counts, `at` the instant of its load."""

    __tablename__ = "historic_figure"

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    period: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[Decimal] = mapped_column(Figure)
    source: Mapped[str] = mapped_column(String(200))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)


class SourceFigure(Base):
    """What the national source published of a measure for a period, beside the partner's own figure; a later
    publication is another row."""

    __tablename__ = "source_figure"

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True)
    published_on: Mapped[date] = mapped_column(Date, primary_key=True)
    value: Mapped[Decimal] = mapped_column(Figure)
    source: Mapped[str] = mapped_column(String(200))


class AreaFigure(Base):
    """What another area has for a measure and period: a statistical neighbour, the region, England."""

    __tablename__ = "area_figure"

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True)
    area: Mapped[str] = mapped_column(String(100), primary_key=True)
    kind: Mapped[AreaKind] = mapped_column(Word(AreaKind))
    value: Mapped[Decimal] = mapped_column(Figure)
    source: Mapped[str] = mapped_column(String(200))
