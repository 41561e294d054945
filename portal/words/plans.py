"""The template of a delivery plan: what it asks, in which order, and with which hint."""

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
