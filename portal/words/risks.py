"""Risks in words: the two scales, the bands, when one is to be looked at again, and what became of it."""

from collections.abc import Sequence

from models.rules.risks import BANDS, SCALE, Band, RiskState
from portal.viewmodels.risks import RiskLine, Risks, RiskStepped
from portal.words.dates import capital, day, due, plural

LIKELIHOOD = {1: "very unlikely", 2: "unlikely", 3: "likely", 4: "very likely"}
IMPACT = {1: "minor", 2: "moderate", 3: "serious", 4: "severe"}
BAND = {Band.LOW: "low", Band.MEDIUM: "medium", Band.HIGH: "high", Band.VERY_HIGH: "very high"}
RISK_STATE = {RiskState.OPEN: "Open", RiskState.CLOSED: "Closed"}
SCORING = "A risk’s score is its likelihood times its impact, each from 1 to 4."
SOURCE = "Source: the risks that the leads of indicators and the partnership team have written here."
NONE = "No risk is open."
WHO_WRITES = (
    "Whoever leads an indicator writes its risks on its page, and the partnership team those of whole themes here."
)


def bands() -> str:
    """Which scores make which band: 'Low is 1 to 3, medium 4 to 7, …': only scores that can be."""
    scores = sorted({one * other for one in SCALE for other in SCALE})
    said: list[str] = []
    most = scores[-1]
    for band, lowest in BANDS.items():
        own = [score for score in scores if lowest <= score <= most]
        said.insert(0, f"{BAND[band]} {own[0]} to {own[-1]}")
        most = lowest - 1
    return f"{capital(', '.join(said))}."


def weighed(step: RiskStepped) -> str:
    """What a risk weighs, and why: 'High, 8: unlikely (2), severe (4)'."""
    return (
        f"{capital(BAND[step.band])}, {step.score}: {LIKELIHOOD[step.likelihood]} ({step.likelihood}), "
        f"{IMPACT[step.impact]} ({step.impact})"
    )


def on(line: RiskLine) -> str:
    """What a risk is on."""
    return line.indicator or f"Theme {line.theme_title}"


def owner(step: RiskStepped) -> str:
    """Who answers for it: the organisation, and who there."""
    return f"{step.owner} ({step.named})" if step.named else step.owner


def review(line: RiskLine) -> str:
    """When a risk is to be looked at again, or when it was closed."""
    now = line.now
    if now.state is not RiskState.OPEN:
        return f"Closed on {day(now.day)}"
    if line.overdue:
        return f"Review overdue by {plural(line.days_over, 'day')}, due {day(now.review_on)}"
    said = due(now.review_on, line.today)
    return f"Review {said[:1].lower()}{said[1:]}"


def counted(lines: Sequence[RiskLine]) -> str:
    """How many risks are open, how many of them weigh much, and how many reviews are overdue: '4 open, 2 of them high
    or very high, 1 review overdue'."""
    still = [line for line in lines if line.now.state is RiskState.OPEN]
    said = [f"{len(still) or 'none'} open"]
    if heavy := sum(line.now.band in (Band.HIGH, Band.VERY_HIGH) for line in still):
        said.append(f"{heavy} of them high or very high")
    if late := sum(line.overdue for line in still):
        said.append(f"{plural(late, 'review')} overdue")
    return ", ".join(said)


def matrix_said(risks: Risks) -> str:
    """The matrix for who does not see it."""
    cells = [
        f"{len(found)} {LIKELIHOOD[likelihood]} and {IMPACT[impact]}"
        for (likelihood, impact), found in sorted(risks.matrix.items(), key=lambda cell: -cell[0][0] * cell[0][1])
    ]
    return f"{plural(len(risks.open), 'open risk')} by likelihood and impact: {', '.join(cells) or 'none'}."


def matrix_title(risks: Risks) -> str:
    """What the matrix shows."""
    heavy = sum(line.now.band in (Band.HIGH, Band.VERY_HIGH) for line in risks.open)
    return (
        f"{heavy or 'None'} of {plural(len(risks.open), 'open risk')} {'is' if heavy == 1 else 'are'} high or very high"
    )


def step(before: RiskStepped | None, after: RiskStepped) -> str:
    """What one step did to a risk, in a sentence."""
    if before is None:
        return f"Written: {weighed(after)}."
    said = []
    if after.state is not before.state:
        said.append("closed" if after.state is RiskState.CLOSED else "opened again")
    if (after.likelihood, after.impact) != (before.likelihood, before.impact):
        said.append(f"{weighed(after)} instead of {weighed(before)}")
    if after.review_on != before.review_on:
        said.append(f"to be looked at again on {day(after.review_on)} instead of {day(before.review_on)}")
    if owner(after) != owner(before):
        said.append(f"for {owner(after)} instead of {owner(before)}")
    if after.text != before.text:
        said.append(f"worded otherwise, not “{before.text}”")
    if after.mitigation != before.mitigation:
        said.append("mitigation written anew" if after.mitigation else "mitigation taken away")
    return f"{capital('; '.join(said))}."
