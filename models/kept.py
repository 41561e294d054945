"""What the processes of the portal share beside its data: public pages that one of them made, and how often each address
asked the API."""

from datetime import datetime

from sqlalchemy import Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Instant


class KeptPage(Base):
    """A public page as one process made it, compressed with brotli. `state` is the SHA-256 of what it was made from and
    by which program, `page` that of its address."""

    __tablename__ = "kept_page"
    __table_args__ = (Index("ix_kept_page_made_at", "made_at"),)

    state: Mapped[str] = mapped_column(String(64), primary_key=True)
    page: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Instant)


class AddressCount(Base):
    """How often an address asked the public API within a minute, counted in whole minutes since 1970, as far as the
    processes have told."""

    __tablename__ = "address_count"

    minute: Mapped[int] = mapped_column(Integer, primary_key=True)
    address: Mapped[str] = mapped_column(String(64), primary_key=True)
    asked: Mapped[int] = mapped_column(Integer)
