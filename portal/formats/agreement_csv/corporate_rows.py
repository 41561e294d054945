"""What an agreement's folder says of the corporate assessment and of the proposals, as plain frozen data."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ScoredTheme:
    """One theme of the assessment with its anticipated score, 1 to 4; `position` is its place in the file, from 1."""

    title: str
    score: int
    evidence: str
    key_risk: str
    actions: str
    position: int
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ScoreLevel:
    """What one score means, and by which rule it is the overall one; '' for what no file says. The lines are those of
    the two files."""

    score: int
    description: str = ""
    judgement: str = ""
    rule: str = ""
    line: int = field(default=0, compare=False)
    rule_line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Named:
    """A priority by its letter or an outcome by its number, both as text."""

    key: str
    title: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class TargetSaid:
    """One target of a proposal; not `defined` where it is still to be developed."""

    letter: str
    text: str
    defined: bool
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ProposalSaid:
    """One proposal with its targets; priorities and outcomes by their keys."""

    number: int
    title: str
    lead: str
    partners: str
    priorities: tuple[str, ...]
    outcomes: tuple[str, ...]
    targets: tuple[TargetSaid, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Corporate:
    """All of it, each list in the order of its file."""

    themes: tuple[ScoredTheme, ...] = ()
    levels: tuple[ScoreLevel, ...] = ()
    priorities: tuple[Named, ...] = ()
    outcomes: tuple[Named, ...] = ()
    proposals: tuple[ProposalSaid, ...] = ()
