"""The ways in which a rule can refuse: each kind is a conflict with how things stand, never a lack of rights."""


class RuleBroken(Exception):
    """A rule of the partnership forbids this now. The message is a sentence for the person who tried."""


class IllegalMove(RuleBroken):
    """A return cannot go from its present state to the one asked for."""


class SamePerson(RuleBroken):
    """The person who submitted a return may not also verify, query or reopen it."""


class Undecided(RuleBroken):
    """Another rating than the rule's is proposed, and whoever verifies has not said whether it is accepted."""


class Unweighed(RuleBroken):
    """A partner's dissent is open, and whoever verifies has not said how it was weighed."""


class PeriodClosed(RuleBroken):
    """The period takes no returns: it is not open."""


class NothingToPublish(RuleBroken):
    """An edition must show something that the latest one does not."""


class NotReady(RuleBroken):
    """An edition of a period waits until the period is over and one of its returns is verified."""


class OutOfTurn(RuleBroken):
    """A stage of a circulation decides only when it is its turn."""


class SignedOff(RuleBroken):
    """What is signed off is not written any more: it is opened again first."""
