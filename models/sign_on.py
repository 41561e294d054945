"""How an organisation's people sign on with the organisation itself: its provider, and who came by it."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Instant
from models.people import Organisation


class SignOnProvider(Base):
    """The OpenID provider of one organisation. `secret` is the client's, sealed with the portal's own key; `passwords`
    says whether the addresses that the provider vouches for may be signed in with by a password too."""

    __tablename__ = "sign_on_provider"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    issuer: Mapped[str] = mapped_column(String(255))
    client_id: Mapped[str] = mapped_column(String(255))
    secret: Mapped[str] = mapped_column(Text)
    passwords: Mapped[bool] = mapped_column(Boolean)
    enabled: Mapped[bool] = mapped_column(Boolean)
    changed_at: Mapped[datetime] = mapped_column(Instant)

    organisation: Mapped[Organisation] = relationship(lazy="joined")


class SignOnDomain(Base):
    """A domain of e-mail addresses that a provider vouches for; one provider alone, so that the domain decides."""

    __tablename__ = "sign_on_domain"

    domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("sign_on_provider.id"), index=True)


class SignOnSubject(Base):
    """Whom a provider's subject is, since they first signed on: an address that changes hands opens no account."""

    __tablename__ = "sign_on_subject"
    __table_args__ = (UniqueConstraint("provider_id", "subject"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("sign_on_provider.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255))
    since: Mapped[datetime] = mapped_column(Instant)


class SignOnSession(Base):
    """A session that began with a provider's word, and what that provider calls it, '' where it has no name for it."""

    __tablename__ = "sign_on_session"

    sign_in_id: Mapped[int] = mapped_column(ForeignKey("sign_in.id"), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("sign_on_provider.id"), index=True)
    sid: Mapped[str] = mapped_column(String(255))
