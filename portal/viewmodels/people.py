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
class Accounts:
    """One page of accounts: what was looked for, after which account it begins (0 for the first page), and the number to
    go on from, None at the end."""

    text: str
    after: int
    lines: tuple[Account, ...]
    more: int | None


@dataclass(frozen=True, slots=True)
class Member:
    """One organisation, what it was called before, each name with its last day, and how many active accounts it has."""

    id: int
    key: str
    name: str
    former: tuple[tuple[str, date], ...]
    accounts: int


@dataclass(frozen=True, slots=True)
class Members:
    """One page of organisations, as one of accounts is."""

    text: str
    after: int
    lines: tuple[Member, ...]
    more: int | None


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


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One session of the reader's: `address` is where it began from, '' where that is not known, `factor` whether a
    second factor was given in it, `here` that it is the one in which this is read."""

    id: int
    started_at: datetime
    seen_at: datetime
    address: str
    factor: bool
    here: bool


@dataclass(frozen=True, slots=True)
class FactorState:
    """Somebody's second factor: since when they have one, None for not at all; how many recovery codes are left."""

    since: datetime | None
    codes_left: int


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an app is given: the secret, the address that its picture holds, and the same sealed, to be sent back with
    the first code."""

    secret: str
    address: str
    sealed: str


@dataclass(frozen=True, slots=True)
class SigningIn:
    """How one account signs in, for whoever manages it. `link_until` is until when a link to choose a password is good,
    None for none; `own`: it is the reader's."""

    id: int
    name: str
    email: str
    disabled: bool
    sessions: int
    factor: FactorState
    link_until: datetime | None
    own: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """A link that was just made, and is told once: its path, until when it is good, and whether it is mailed too."""

    name: str
    email: str
    path: str
    until: datetime
    mailed: bool


@dataclass(frozen=True, slots=True)
class Mailing:
    """What a letter with a link in it needs: the portal's own address, and the key that it is sealed with until it is
    sent."""

    base: str
    key: str
