"""Organisations, people, their sign-ins and their API tokens."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Instant, Word
from models.rules.terms import Role, TokenScope


class Organisation(Base):
    """A member of the partnership: leads indicators, signs up to them, or both."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    sector: Mapped[str] = mapped_column(String(100), default="")
    also_known_as: Mapped[str] = mapped_column(Text, default="")


class OrganisationName(Base):
    """What an organisation was called until a day, when it was renamed, with the reason. A row is only ever added."""

    __tablename__ = "organisation_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    until: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class Person(Base):
    """Somebody with an account. Contributors and leads belong to an organisation; the other roles need not.
    `agreement_id` is the one agreement that they work on, None for all that the portal has."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_organisation_id_name", "organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(Word(Role))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    password_hash: Mapped[str] = mapped_column(String(200))
    disabled: Mapped[bool] = mapped_column(Boolean, default=False)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)

    organisation: Mapped[Organisation | None] = relationship(lazy="joined")


class SignIn(Base):
    """One session of one person. Only a digest of the cookie's token is kept; an ended row never lives again.
    `address` is where it began from, `factor_at` when its second factor was given, None for a password alone.
    `agreement_id` is the agreement that the person chose to be shown, None for the usual one."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(Instant, index=True)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    address: Mapped[str] = mapped_column(String(64), default="", server_default="")
    factor_at: Mapped[datetime | None] = mapped_column(Instant)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))

    person: Mapped[Person] = relationship(lazy="joined")


class SignInAttempt(Base):
    """A failed attempt to sign in; counted to slow guessing down, for the account and for the address."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_email_at", "email", "at"),
        Index("ix_sign_in_attempt_address_at", "address", "at"),
        Index("ix_sign_in_attempt_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)


class ApiToken(Base):
    """A bearer token for the API, printed once and kept only as a digest. It acts as its person, with no more rights
    than its scope leaves. `asked` counts its requests within `minute`, which counts whole minutes since 1970; both
    change with each request, in one statement, so that all processes of the portal agree."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    name: Mapped[str] = mapped_column(String(100), default="", server_default="")
    scope: Mapped[TokenScope] = mapped_column(Word(TokenScope), default=TokenScope.WRITE, server_default="write")
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
    minute: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    asked: Mapped[int] = mapped_column(Integer, default=0, server_default="0")

    person: Mapped[Person] = relationship(lazy="joined")
