"""A rating that was proposed instead of the rule's, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from models.rules.terms import Rating


@dataclass(frozen=True, slots=True)
class Proposal:
    """Another rating than the rule's, as a return proposes it: `by_rule` is the rule's own answer, `accepted` what the
    partnership team decided, None while nothing is. `proposed_by` and `decided_by` name the people."""

    rating: Rating
    reason: str
    by_rule: Rating | None
    accepted: bool | None = None
    proposed_by: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None

    @property
    def differs(self) -> bool:
        """Whether it is another rating than the rule's at all: else there is nothing to decide."""
        return self.rating is not self.by_rule

    @property
    def waits(self) -> bool:
        """Whether it is still to be decided."""
        return self.differs and self.accepted is None
