"""The rows of an annual review's files: its texts, and what is to be done by the next one."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ReviewText:
    """What the annual review of a year says to one question; figures in it are tokens."""

    year: str
    question: str
    text: str
    contributors: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ReviewWill:
    """What the review of a year says will be done by the next; indicator and owner are '' where it names none."""

    year: str
    text: str
    indicator: str
    owner: str
    line: int = field(default=0, compare=False)
