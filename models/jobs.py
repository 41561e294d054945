"""Work that is done in the background: kept in the database, so that any worker on any machine can take it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Instant, Word
from models.rules.jobs import JobKind, JobState


class Job(Base):
    """One piece of work that a person asked for (`asked`, as its kind writes it), in one agreement. `claim` names the
    worker that has it, until `claimed_until` unless it gives another sign of life; `tries` counts how often it was
    begun. `done` of `steps` steps are done, 0 where nobody knows yet how many there are. `error` says in words why it
    failed; `pack_id` is what came of it."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[JobKind] = mapped_column(Word(JobKind))
    asked: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[JobState] = mapped_column(Word(JobState), index=True)
    done: Mapped[int] = mapped_column(Integer)
    steps: Mapped[int] = mapped_column(Integer)
    tries: Mapped[int] = mapped_column(Integer)
    claim: Mapped[str | None] = mapped_column(String(32))
    claimed_until: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    pack_id: Mapped[int | None] = mapped_column(ForeignKey("pack.id"))
