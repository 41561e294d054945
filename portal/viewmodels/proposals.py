"""The proposals of the Local Public Service Agreement as they are read, and what they serve."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from models.rules.coverage import same_words, without_any
from portal.viewmodels.past import AsAt


@dataclass(frozen=True, slots=True)
class TargetStep:
    """What a target said from a day on. `who` is who said it, '' where it came in with the agreement's files."""

    text: str
    defined: bool
    who: str
    day: date


@dataclass(frozen=True, slots=True)
class Target:
    """One target of a proposal with everything that it said, the oldest first."""

    id: int
    version: int
    letter: str
    steps: tuple[TargetStep, ...]

    @property
    def now(self) -> TargetStep:
        """What it says now."""
        return self.steps[-1]


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """One proposal; priorities by their letters, outcomes by their numbers."""

    number: int
    title: str
    lead: str
    partners: tuple[str, ...]
    priorities: tuple[str, ...]
    outcomes: tuple[int, ...]
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen to be looked at, and with it all that it is linked to. `kind` is proposal, priority or outcome."""

    kind: str
    key: str
    title: str
    proposals: Collection[int]
    priorities: Collection[str]
    outcomes: Collection[int]


@dataclass(frozen=True, slots=True)
class Proposals:
    """The page. `priorities` and `outcomes` are titles by letter and by number, in their order; without proposals there
    is nothing to show."""

    agreement: str
    proposals: tuple[ProposalLine, ...]
    priorities: dict[str, str]
    outcomes: dict[int, str]
    may_change: bool
    as_at: AsAt | None = None

    @property
    def idle_priorities(self) -> tuple[str, ...]:
        """The priorities that no proposal serves."""
        return without_any(self.priorities, [one.priorities for one in self.proposals])

    @property
    def idle_outcomes(self) -> tuple[int, ...]:
        """The outcomes that no proposal serves."""
        return without_any(self.outcomes, [one.outcomes for one in self.proposals])

    @property
    def links(self) -> int:
        """How many times a proposal serves an outcome."""
        return sum(len(one.outcomes) for one in self.proposals)

    @property
    def twins(self) -> tuple[tuple[int, ...], ...]:
        """The outcomes that say the same word for word."""
        return same_words(self.outcomes)

    def serving(self, *, priority: str = "", outcome: int = 0) -> tuple[ProposalLine, ...]:
        """The proposals that serve a priority or an outcome."""
        return tuple(one for one in self.proposals if priority in one.priorities or outcome in one.outcomes)

    def choice(self, proposal: int, priority: str, outcome: int) -> Choice | None:
        """The first of these that there is, with what it is linked to; None where there is none."""
        if one := next((one for one in self.proposals if one.number == proposal), None):
            return Choice("proposal", str(proposal), one.title, (proposal,), one.priorities, one.outcomes)
        if priority in self.priorities:
            behind = [one.number for one in self.serving(priority=priority)]
            return Choice("priority", priority, self.priorities[priority], behind, (priority,), ())
        if outcome in self.outcomes:
            behind = [one.number for one in self.serving(outcome=outcome)]
            return Choice("outcome", str(outcome), self.outcomes[outcome], behind, (), (outcome,))
        return None
