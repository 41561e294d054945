"""Accounts as the administrator sees them."""

from dataclasses import dataclass

from models.rules.terms import Role


@dataclass(frozen=True, slots=True)
class Account:
    """One account."""

    id: int
    name: str
    email: str
    role: Role
    organisation: str
    disabled: bool
