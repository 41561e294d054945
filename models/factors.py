"""The second factor of an account: what its app shares with the portal, and the codes for who has lost the app."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Instant


class SecondFactor(Base):
    """The app that shows a person's codes (RFC 6238). `secret` is sealed with a key that is not in the database;
    `last_step` is the last step of 30 seconds whose code was taken, `misses` how many wrong codes came since."""

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(300))
    since: Mapped[datetime] = mapped_column(Instant)
    last_step: Mapped[int] = mapped_column(Integer)
    misses: Mapped[int] = mapped_column(Integer, default=0)


class RecoveryCode(Base):
    """One code that stands for the app once. Only its digest is kept."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
