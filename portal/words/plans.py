"""The template of a delivery plan: what it asks, in which order, and with which hint."""

from portal.words.dates import plural

PLAN = {
    "aim": ("Aim", "What will be different for people when the target is reached."),
    "progress": ("How progress is measured", "Beside the agreed figure: what is looked at, how often, by whom."),
    "tasks": ("Who does what", "The main pieces of work, each with who answers for it."),
    "resources": ("Resources", "Money, people and buildings, and where they come from."),
    "risks": ("Risks", "What could go wrong, and what is done about it."),
    "milestones": ("Milestones", "What will have happened by when."),
}
STANDS_IN = {
    "existing": ("Existing plan that stands in", "Its title, where there is a plan already that says all of this."),
    "address": ("Its address", "Where it can be read, if it is on the web."),
}


def counted(planned: int, indicators: int) -> str:
    """How many indicators have a delivery plan: '3 of 11 indicators have one'.

    >>> counted(1, 11), counted(0, 11)
    ('1 of 11 indicators has one', 'None of 11 indicators has one')
    """
    number = f"{planned or 'None'} of {plural(indicators, 'indicator')}"
    return f"{number} {'have' if planned > 1 else 'has'} one"
