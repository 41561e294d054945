"""The proposals of the Local Public Service Agreement in words: what serves what, and what nothing serves."""

from collections.abc import Sequence

from portal.viewmodels.proposals import Choice, ProposalLine, Proposals, TargetStep
from portal.words.dates import day, plural

TITLE = "Local Public Service Agreement"
ABOUT = (
    "The proposals of the second Local Public Service Agreement, the corporate priorities and outcomes that each of them "
    "serves, and what nothing serves."
)
TO_DEVELOP = "To be developed"
SERVES = "serves"


def listed(keys: Sequence[object]) -> str:
    """Numbers or letters in a row: '1, 3 and 6'; 'none' for none."""
    said = [str(key) for key in keys]
    return " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said) or "none"


def picture_title(view: Proposals) -> str:
    """What the picture shows, in a sentence with its numbers."""
    reached = len(view.outcomes) - len(view.idle_outcomes)
    return (
        f"{plural(len(view.proposals), 'proposal')} and {plural(len(view.outcomes), 'outcome')} have "
        f"{plural(view.links, 'link')}, which reach {reached} of the outcomes"
    )


def gaps(view: Proposals) -> list[str]:
    """What nothing is behind, and what is said twice, in sentences."""
    idle, none = view.idle_priorities, view.idle_outcomes
    said = [
        f"No proposal serves {'priority' if len(idle) == 1 else 'priorities'} {listed(idle)}."
        if idle
        else "Every priority has a proposal that serves it.",
        f"No proposal serves {len(none)} of {plural(len(view.outcomes), 'outcome')}: {listed(none)}."
        if none
        else "Every outcome has a proposal that serves it.",
    ]
    alike = "say the same word for word; they are kept apart, as in the document."
    return said + [f"Outcomes {listed(twins)} {alike}" for twins in view.twins]


def undeveloped(view: Proposals) -> str:
    """How many targets there are, and which are still to be developed."""
    every = [(one.number, target) for one in view.proposals for target in one.targets]
    left = [f"{number}{target.letter}" for number, target in every if not target.now.defined]
    said = f"{plural(len(view.proposals), 'proposal')} with {plural(len(every), 'target')}"
    if not left:
        return f"{said}, all of them defined."
    return f"{said}, of which {len(left)} {'is' if len(left) == 1 else 'are'} still to be developed: {listed(left)}."


def row_said(one: ProposalLine) -> str:
    """One row of the picture, for who does not see it."""
    return f"Proposal {one.number}, {one.title}: priorities {listed(one.priorities)}; outcomes {listed(one.outcomes)}"


def chosen(choice: Choice) -> str:
    """What was chosen, and what it is linked to."""
    if choice.kind == "proposal":
        many = "outcome" if len(choice.outcomes) == 1 else "outcomes"
        kind = "priority" if len(choice.priorities) == 1 else "priorities"
        return f"It serves {kind} {listed(list(choice.priorities))} and {many} {listed(list(choice.outcomes))}."
    if not choice.proposals:
        return "No proposal serves it."
    many = "Proposal" if len(choice.proposals) == 1 else "Proposals"
    return f"{many} {listed(list(choice.proposals))} {'serves' if len(choice.proposals) == 1 else 'serve'} it."


def step(before: TargetStep | None, after: TargetStep) -> str:
    """What one step did to a target, in a sentence."""
    who = f", {after.who}" if after.who else ""
    if before is None:
        state = "" if after.defined else ", to be developed"
        return f"{day(after.day)}{who}: came in with the agreement's files{state}: “{after.text}”"
    return f"{day(after.day)}{who}: defined."
