"""Accounts as the administrator sees them."""

from dataclasses import dataclass
from datetime import date, datetime

from models.rules.terms import Role, TokenScope


@dataclass(frozen=True, slots=True)
class Account:
    """One account; `agreement` is the title of the one that it is for, '' for all."""

    id: int
    name: str
    email: str
    role: Role
    organisation: str
    agreement: str
    disabled: bool


@dataclass(frozen=True, slots=True)
class Member:
    """One organisation, what it was called before, each name with its last day, and how many active accounts it has."""

    key: str
    name: str
    former: tuple[tuple[str, date], ...]
    accounts: int


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One account, as it may be changed: `organisation` is its organisation's key, '' for none, `organisations` the
    keys and names of all. `own`: it is the reader's."""

    account: Account
    organisation: str
    organisations: tuple[tuple[str, str], ...]
    own: bool


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """An organisation without an account that may submit, and how many returns it is asked for."""

    organisation: str
    asked: int


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One API token of an account, without the token: nobody has that but who was given it. `last_used_at` is None for
    one that was never used."""

    name: str
    scope: TokenScope
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    expired: bool
