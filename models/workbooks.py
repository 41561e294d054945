"""Return workbooks that were sent in: the files themselves, and what became of each."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.agreement import Period
from models.base import Base, Instant
from models.people import Person


class ReturnWorkbook(Base):
    """A workbook with one side's returns for a period, byte for byte as it was sent, with the SHA-256 of its bytes.
    `organisation_id` is the side that it is of (none: the partnership team). Never changed, and read by that side alone."""

    __tablename__ = "return_workbook"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)

    period: Mapped[Period] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class ReturnWorkbookUse(Base):
    """That a workbook was written into the returns, once and as a whole: how many drafts it `saved`, and whether it
    was to `submit` what is complete, with how many that were."""

    __tablename__ = "return_workbook_use"

    workbook_id: Mapped[int] = mapped_column(ForeignKey("return_workbook.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    saved: Mapped[int] = mapped_column(Integer)
    submit: Mapped[bool] = mapped_column(Boolean)
    submitted: Mapped[int] = mapped_column(Integer)
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person] = relationship(lazy="joined")  # a use may be absent
