"""What is known of an earlier agreement: the shares of its measures above, near and below target, half-year by half-year."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Figure


class HalfYearShares(Base):
    """How an agreement's measures stood at the end of a half-year, in per cent of all, as printed: they need not make
    a hundred. None for a share that is not given."""

    __tablename__ = "half_year_shares"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    period_end: Mapped[date] = mapped_column(Date, primary_key=True)
    above: Mapped[Decimal | None] = mapped_column(Figure)
    near: Mapped[Decimal | None] = mapped_column(Figure)
    below: Mapped[Decimal | None] = mapped_column(Figure)
    missing: Mapped[Decimal | None] = mapped_column(Figure)
