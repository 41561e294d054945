"""The audit trail: one row for each thing that was done, chained by hash so that a change behind the portal's back shows."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Instant


class AuditEvent(Base):
    """Who did what, when, from where, to what; before, after and why. `number` has no gaps, and `hash` covers the row
    and the hash before it. `agreement` is the key of the agreement that it was done in, None for what belongs to none."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_agreement_number", "agreement", "number"),
        Index("ix_audit_event_subject_agreement", "subject", "agreement"),
    )

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    who: Mapped[str] = mapped_column(String(254))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    address: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(300))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    agreement: Mapped[str | None] = mapped_column(String(200))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The end of the chain: one row, locked while an event is added, so that two writers cannot take one number."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))
