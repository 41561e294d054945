"""Accounts as the administrator sees them."""

from dataclasses import dataclass

from models.rules.terms import Role


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
