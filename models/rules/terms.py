"""The closed vocabularies of an agreement: each word means the same in tables, rules, API and pages."""

from enum import StrEnum
from typing import Self


class Rating(StrEnum):
    """How a figure stands against what was expected of it."""

    BETTER = "better"
    WITHIN = "within"
    WORSE = "worse"


class Silence(StrEnum):
    """What a reason for no rating says of the figure, where there is none."""

    NOTHING_MEASURED = "nothing measured"  # there is nothing to wait for
    NOT_THERE_YET = "not there yet"  # there should be one
    CONFIDENTIAL = "confidential"  # there is one, which is not told
    NOTHING_AGREED = "nothing agreed"  # about the figure it says nothing: what it would be held against is missing


class NoRating(StrEnum):
    """Why there is no rating. A blank always has exactly one of these reasons; each is made with its `kind`."""

    kind: Silence

    def __new__(cls, word: str, kind: Silence) -> Self:
        member = str.__new__(cls, word)
        member._value_, member.kind = word, kind
        return member

    PLACEHOLDER = "placeholder", Silence.NOTHING_MEASURED
    NOT_DUE = "not due", Silence.NOT_THERE_YET
    SOURCE_NOT_PUBLISHED = "source not yet published", Silence.NOT_THERE_YET
    LATE = "return late", Silence.NOT_THERE_YET
    NOT_REPORTED = "not reported", Silence.NOT_THERE_YET
    NO_SURVEY = "no survey this year", Silence.NOTHING_MEASURED
    SUPPRESSED = "suppressed", Silence.CONFIDENTIAL
    TARGET_NOT_SET = "target not set", Silence.NOTHING_AGREED
    MILESTONE_NOT_SET = "milestone not set", Silence.NOTHING_AGREED
    DROPPED = "dropped", Silence.NOTHING_MEASURED
    WITHDRAWN = "withdrawn", Silence.NOTHING_MEASURED
    MAA_ONLY = "maa only", Silence.NOTHING_MEASURED
    TOO_EARLY = "too early to say", Silence.NOTHING_AGREED
    BEING_CHECKED = "being checked", Silence.NOT_THERE_YET


RETURNABLE_REASONS = (
    NoRating.SOURCE_NOT_PUBLISHED,
    NoRating.NO_SURVEY,
    NoRating.SUPPRESSED,
    NoRating.NOT_REPORTED,
)
"""The reasons that a partner may give for a return without a figure; the others follow from the agreement."""


class Polarity(StrEnum):
    """Which way is good. Stored, never inferred: NI 39 has rising targets though low is good."""

    HIGHER = "higher"
    LOWER = "lower"
    RANGE = "range"
    NONE = "none"


class TargetState(StrEnum):
    """What the agreement says for one measure and one year."""

    SET = "set"
    NOT_APPLICABLE = "not applicable"
    NOT_SET = "not set"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"
    MAA_ONLY = "maa only"


class Group(StrEnum):
    """The part of the agreement that an indicator belongs to."""

    DESIGNATED = "designated"
    STATUTORY = "statutory education"
    LOCAL = "local"


class ToleranceKind(StrEnum):
    """Whether a tolerance is in per cent of the milestone or in the measure's own unit."""

    PERCENT = "percent"
    UNIT = "unit"


class Frequency(StrEnum):
    """How often a measure is returned."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half-yearly"
    YEARLY = "yearly"


class Evidence(StrEnum):
    """What lies under a measure's figures, from which their uncertainty follows."""

    FIGURE = "figure"
    PROPORTION = "proportion"
    COUNT = "count"
    SURVEY = "survey"


class Forecaster(StrEnum):
    """Who made a forecast."""

    PARTNER = "partner"
    PORTAL = "portal"


class AreaKind(StrEnum):
    """What another area is to this one."""

    NEIGHBOUR = "neighbour"
    REGION = "region"
    COUNTRY = "country"


class State(StrEnum):
    """Where a return is in its life."""

    NOT_STARTED = "not_started"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    QUERIED = "queried"
    VERIFIED = "verified"
    PUBLISHED = "published"


class Message(StrEnum):
    """What a message on a return is."""

    QUERY = "query"
    CHALLENGE = "challenge"
    ANSWER = "answer"
    REOPENING = "reopening"
    EXPLANATION = "explanation"
    COUNTERSIGNATURE = "countersignature"
    CONTRIBUTION = "contribution"
    DISSENT = "dissent"
    CHASED = "chased"


QUESTIONS = (Message.QUERY, Message.CHALLENGE)
"""The messages that wait for an answer."""

CONCURRENCE = (Message.COUNTERSIGNATURE, Message.CONTRIBUTION, Message.DISSENT)
"""What a partner that signed up to an indicator says to its lead's return."""

STAYS_OPEN = (*QUESTIONS, Message.DISSENT)
"""The messages that are open until they are closed."""


TEAM_ONLY = (Message.CHASED,)
"""What the partnership team notes for itself."""


class ReviewCategory(StrEnum):
    """How the annual review counts a designated indicator."""

    ON_TRACK = "on_track"
    OFF_TRAJECTORY = "off_trajectory"
    AT_RISK = "at_risk"
    NO_DATA = "no_data"


class Role(StrEnum):
    """What a person is in the partnership. The public is nobody: it has no account."""

    CONTRIBUTOR = "contributor"
    LEAD = "lead"
    TEAM = "team"
    EXECUTIVE = "executive"
    REVIEWER = "reviewer"
    ADMIN = "admin"


class TokenScope(StrEnum):
    """How much of what its account may do an API token may do."""

    READ = "read"
    DRAFT = "draft"  # and save drafts: a person submits them
    WRITE = "write"
