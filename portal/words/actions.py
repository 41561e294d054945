"""Actions in words: who does one, when it is due, what became of it, and what the lead said of it already."""

import re
from collections.abc import Iterable, Sequence

from models.rules.actions import ActionState, Urgency
from portal.viewmodels.actions import ActionLine, Step
from portal.words.dates import day, due, plural

ACTION_STATE = {ActionState.OPEN: "Open", ActionState.DONE: "Done", ActionState.DROPPED: "Dropped"}
_BECAME = {ActionState.OPEN: "opened again", ActionState.DONE: "done", ActionState.DROPPED: "dropped"}


def owner(step: Step) -> str:
    """Who does it: the organisation, and who there."""
    return f"{step.owner} ({step.named})" if step.named else step.owner


def action_due(line: ActionLine) -> str:
    """When an action is due, or since when it has been done or dropped."""
    step = line.now
    if step.state is not ActionState.OPEN:
        since = next(one.day for one in _since(line.steps))
        return f"{ACTION_STATE[step.state]} on {day(since)}"
    if step.due_on is None:
        return "No due date"
    if line.urgency is Urgency.OVERDUE:
        return f"Overdue by {plural(line.days_over, 'day')}, due {day(step.due_on)}"
    return due(step.due_on, line.today)


def _since(steps: Sequence[Step]) -> list[Step]:
    """The steps from which on an action has been in the state that it is in."""
    found: list[Step] = []
    for step in reversed(steps):
        if step.state is not steps[-1].state:
            break
        found.insert(0, step)
    return found


def actions_counted(lines: Sequence[ActionLine]) -> str:
    """How many actions are open, and how many of them overdue or without a date: '6 open, 1 overdue'."""
    urgent = [line.urgency for line in lines]
    said = [f"{sum(one is not None for one in urgent) or 'none'} open"]
    if late := urgent.count(Urgency.OVERDUE):
        said.append(f"{late} overdue")
    if undated := urgent.count(Urgency.UNDATED):
        said.append(f"{undated} without a due date")
    return ", ".join(said)


def step(before: Step | None, after: Step) -> str:
    """What one step did to an action, in a sentence."""
    if before is None:
        return "Came in with the agreement's files." if not after.who else "Added."
    said = []
    if after.state is not before.state:
        said.append(_BECAME[after.state])
    if after.due_on != before.due_on:
        new = f"due {day(after.due_on)}" if after.due_on else "no due date"
        said.append(f"{new} instead of {day(before.due_on)}" if before.due_on else new)
    if owner(after) != owner(before):
        said.append(f"for {owner(after)} instead of {owner(before)}")
    if after.text != before.text:
        said.append(f"worded otherwise, not “{before.text}”")
    if after.evidence != before.evidence:
        said.append("evidence of impact written" if after.evidence else "evidence of impact taken away")
    sentence = "; ".join(said)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def first_sentence(text: str) -> str:
    """What a lead wrote first, where there is room for no more: the first sentence of the first line.

    >>> first_sentence("Burglary rose by 1.5 per cent. Patrols follow.")
    'Burglary rose by 1.5 per cent.'
    """
    line = next((line.removeprefix("- ") for line in text.strip().splitlines()), "")
    return re.split(r"(?<=[.!?])\s+(?=[A-Z])", line, maxsplit=1)[0]


def said_once(commentary: str, lines: Iterable[ActionLine]) -> str:
    """A lead's commentary without the actions that are listed beside it in the same words: a list of them alone goes
    with its heading. Everything else stays as it was typed."""
    listed = {f"- {' '.join(line.now.text.split())}" for line in lines}
    kept = []
    for block in commentary.split("\n\n"):
        said = [line for line in block.splitlines() if " ".join(line.split()) not in listed]
        only_heading = len(said) == 1 < len(block.splitlines()) and said[0].endswith(":")
        if said and not only_heading:
            kept.append("\n".join(said))
    return "\n\n".join(kept)
