"""Briefing packs that were made, and their files."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.agreement import Period, Theme
from models.base import Base, Instant, Word
from models.people import Organisation, Person
from models.rules.packs import PackForm, PackKind


class Pack(Base):
    """What one pack says, once: on a theme, on an organisation, or on all (neither). It is as at `day`, all of it, or
    as at `instant` on that day. `fingerprint` is the SHA-256 hash of its content: the same content is the same pack.
    A row is only ever added; `made_on` is the portal's day in Europe/London."""

    __tablename__ = "pack"
    __table_args__ = (UniqueConstraint("agreement_id", "fingerprint"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    kind: Mapped[PackKind] = mapped_column(Word(PackKind))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    day: Mapped[date] = mapped_column(Date)
    instant: Mapped[datetime | None] = mapped_column(Instant)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime] = mapped_column(Instant)

    theme: Mapped[Theme | None] = relationship(lazy="joined")
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
    period: Mapped[Period] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class PackFile(Base):
    """A pack as a file. Its row ends when its time is over."""

    __tablename__ = "pack_file"

    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"), primary_key=True)
    form: Mapped[PackForm] = mapped_column(Word(PackForm), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[datetime] = mapped_column(Instant)
