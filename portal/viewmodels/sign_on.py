"""Signing on with one's organisation: a provider as the administrator sees it, and one person's way there and back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """The provider of one organisation. `people` is how many of them have signed on with it; `back` and `logout` are
    what the provider has to know of the portal."""

    key: str
    organisation: str
    issuer: str
    client_id: str
    domains: tuple[str, ...]
    passwords: bool
    enabled: bool
    people: int
    back: str
    logout: str


@dataclass(frozen=True, slots=True)
class Pending:
    """One sign-on that has begun, as the browser's own session keeps it until the provider sends the person back: with
    which organisation, what ties the answer to this browser, who they said they are, and where they wanted to go. `at`
    is in seconds since 1970."""

    key: str
    state: str
    nonce: str
    verifier: str
    email: str
    next: str
    at: int


@dataclass(frozen=True, slots=True)
class Leaving:
    """Where a person goes to sign on, and what is kept until they come back."""

    organisation: str
    url: str
    pending: Pending


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider sent a person back with; '' for what was not there."""

    state: str
    code: str
    issuer: str
    error: str


@dataclass(frozen=True, slots=True)
class Left:
    """Where somebody who has signed out of the portal can sign out of their organisation too; `url` is '' where it has
    no such place."""

    organisation: str
    url: str
