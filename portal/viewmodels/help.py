"""The help: what one role does, step by step."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. What stands on the pages, word for word, is in “quotes”. `picture` is the key of one."""

    text: str
    picture: str = ""


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One role's help: its job, the steps to it, what the keyboard does, what happens next, and whom to ask."""

    title: str
    job: str
    steps: tuple[Step, ...]
    keyboard: tuple[str, ...]
    after: tuple[str, ...]
    ask: tuple[str, ...]
