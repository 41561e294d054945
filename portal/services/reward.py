"""What the reward-weighted indicators have achieved of the agreed improvement, and what that would pay: indicative."""

from collections import Counter

from models.rules.reward import Terms, paid_share, parts
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action, require
from portal.records.agreement import current_agreement
from portal.records.reward import improvements
from portal.viewmodels.past import AsAt
from portal.viewmodels.reward import Earning, Reward


def reward(database: Database, actor: Actor, terms: Terms, as_at: AsAt | None = None) -> Reward:
    """Every reward-weighted measure of the agreement that is shown, from verified figures alone, now or as at a past day.
    What one earns is not rounded: whoever shows it may."""
    require(actor, Action.THEME_READ)
    with database.read(actor, as_at) as session:
        agreement = current_agreement(session)
        found = improvements(session, agreement, session.info["clock"].today())
        measures = Counter(one.code for one in found)
        most = dict(zip(measures, parts(terms.pot, tuple(measures.values())), strict=True)) if terms.pot else {}
        earnings = []
        for one in found:
            paid = paid_share(one.share, terms.threshold)
            part = most.get(one.code)
            earnings.append(Earning(one, paid, part, None if part is None else part * paid))
        return Reward(agreement.title, terms, tuple(earnings), as_at)
