"""Who is asking: a person with an account, the public, or whoever holds the command line."""

from dataclasses import dataclass

from models.rules.terms import Role, TokenScope


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks for something. `role` is None for the public; `operator` is somebody at the command line of
    the machine itself, who could as well open the database. `agreement` is the key of the agreement that they chose to
    be shown, '' for the usual one: it decides what is looked at, never what may be: that
    does `bound_to`, the one agreement that their account is for, None for all. A program asks with a token: `token_id`
    is its number, and `token_scope` what of the account's rights it has; None for a person, who has them all. `system` is
    a part of the portal that is no person: the policy gives it nothing, but rows are not kept from it (portal/wall.py)."""

    name: str
    role: Role | None = None
    person_id: int | None = None
    email: str = ""
    organisation_id: int | None = None
    organisation_name: str = ""
    address: str = ""
    operator: bool = False
    agreement: str = ""
    bound_to: int | None = None
    token_id: int | None = None
    token_scope: TokenScope | None = None
    system: bool = False

    @property
    def signed_in(self) -> bool:
        return self.role is not None

    @property
    def only_reads(self) -> bool:
        """Whether nothing of theirs is ever written: the public, and programs whose token only reads."""
        nobody = self.role is None and not self.operator and not self.system
        return nobody or self.token_scope is TokenScope.READ

    @property
    def who(self) -> str:
        """How the audit trail names the actor."""
        return self.email or self.name


def public(address: str = "") -> Actor:
    """Anybody: reads what is published."""
    return Actor(name="public", address=address)


OPERATOR = Actor(name="command line", operator=True)
