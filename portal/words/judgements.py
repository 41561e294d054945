"""Ratings that people judge otherwise than the rule, in sentences."""

from models.rules.terms import Rating
from portal.viewmodels.judgements import Proposal
from portal.words.dates import moment
from portal.words.vocabulary import RATING

PROPOSING = "Propose another rating than the rule's"
WHEN_TO = (
    "If the rule's answer does not do this figure justice, say which rating would, and why. The partnership team decides "
    "when it verifies the return; the rule's own answer stays visible beside it, and what is accepted is published with "
    "its reason."
)
IF_ACCEPTED = "What you accept is published with its reason; the rule's answer stays visible beside it."
NOTHING_TO_JUDGE = "There is no figure, so there is nothing to judge otherwise than by the rule."
DECIDE_FIRST = "Choose first: do you accept the proposed rating, or does the rule's answer stand?"
DECIDED_ON_ITS_PAGE = (
    "A return with a proposed rating or an open dissent is verified on its own page, where you decide on it."
)
JUDGED = "judged; the rule says otherwise"


def proposing(rating: Rating, by_rule: Rating | None) -> str:
    """What a proposal means, while it is made: nothing, where the rule says the same."""
    if rating is by_rule:
        return (
            f"You propose “{RATING[rating].lower()}”, which is what the rule says: that is no other judgement, and "
            "nothing is put to the partnership team."
        )
    return f"You propose “{RATING[rating].lower()}” instead. The partnership team decides when it verifies the return."


def decision(found: Proposal) -> str:
    """What became of a proposal."""
    if not found.differs:
        return "The rule says the same, so there is nothing to decide."
    if found.accepted is None:
        return "Waits for the partnership team, which decides when it verifies the return."
    by = f" by {found.decided_by}" if found.decided_by else ""
    on = f", {moment(found.decided_at)}" if found.decided_at else ""
    if found.accepted:
        return f"Accepted{by}{on}."
    return f"Not accepted{by}{on}: the rule's answer stands."


def judged(found: Proposal | None) -> str:
    """A proposal in a few words, for a table: 'Better than anticipated, not accepted: …'."""
    if found is None:
        return "None"
    became = {None: "not decided", True: "accepted", False: "not accepted"}[found.accepted]
    return f"{RATING[found.rating]}, {became if found.differs else 'as the rule says'}: {found.reason}"
