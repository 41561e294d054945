"""The words for each member of the closed vocabularies: ratings, reasons, states, messages, kinds."""

from models.rules.direction import Direction
from models.rules.entry import Oddity
from models.rules.evidence import Strength
from models.rules.expected import Basis
from models.rules.terms import (
    Evidence,
    Frequency,
    Group,
    Message,
    NoRating,
    Polarity,
    Rating,
    ReviewCategory,
    Role,
    State,
    TargetState,
)

SHAPE = {Rating.BETTER: "★", Rating.WITHIN: "●", Rating.WORSE: "▲", None: "–"}

RATING = {
    Rating.BETTER: "Better than anticipated",
    Rating.WITHIN: "Within acceptable range",
    Rating.WORSE: "Worse than anticipated",
    None: "No rating",
}

SHORT = {Rating.BETTER: "Better", Rating.WITHIN: "Within range", Rating.WORSE: "Worse", None: "No rating"}

REASON = {
    NoRating.PLACEHOLDER: "placeholder: agreed, but without a target yet",
    NoRating.NOT_DUE: "not due yet",
    NoRating.SOURCE_NOT_PUBLISHED: "its source has not been published yet",
    NoRating.LATE: "the return is late",
    NoRating.NOT_REPORTED: "not reported",
    NoRating.NO_SURVEY: "no survey this year",
    NoRating.SUPPRESSED: "suppressed: the numbers are too small to show",
    NoRating.TARGET_NOT_SET: "no target has been set",
    NoRating.MILESTONE_NOT_SET: "no milestone has been set for this period",
    NoRating.DROPPED: "dropped from the national set",
    NoRating.WITHDRAWN: "withdrawn from the agreement",
    NoRating.MAA_ONLY: "only in the multi-area agreement",
    NoRating.TOO_EARLY: "too early to say",
    NoRating.BEING_CHECKED: "returned, and being checked",
}

MESSAGE = {
    Message.QUERY: "The partnership team asks",
    Message.CHALLENGE: "Challenge",
    Message.ANSWER: "Answer",
    Message.REOPENING: "Reopened, because",
    Message.EXPLANATION: "On the unusual figure",
    Message.COUNTERSIGNATURE: "Countersigned",
    Message.CONTRIBUTION: "Our contribution",
    Message.DISSENT: "Dissent",
    Message.CHASED: "Chased, as the partnership team noted for itself",
}

ODDITY = {
    Oddity.OUTLIER: "It is far from the figures before it.",
    Oddity.TEN_TIMES: "It is ten times the last figure or more: is the decimal point right?",
    Oddity.A_TENTH: "It is a tenth of the last figure or less: is the decimal point right?",
    Oddity.SAME_AGAIN: "It is the last figure again.",
}

COUNTED = {
    NoRating.PLACEHOLDER: ("is a placeholder without a target", "are placeholders without a target"),
    NoRating.NOT_DUE: ("is not due yet", "are not due yet"),
    NoRating.SOURCE_NOT_PUBLISHED: ("waits for its source", "wait for their source"),
    NoRating.LATE: ("is late", "are late"),
    NoRating.NOT_REPORTED: ("was not reported", "were not reported"),
    NoRating.NO_SURVEY: ("has no survey this year", "have no survey this year"),
    NoRating.SUPPRESSED: ("is suppressed", "are suppressed"),
    NoRating.TARGET_NOT_SET: ("has no target", "have no target"),
    NoRating.MILESTONE_NOT_SET: ("has no milestone this period", "have no milestone this period"),
    NoRating.DROPPED: ("was dropped from the national set", "were dropped from the national set"),
    NoRating.WITHDRAWN: ("was withdrawn", "were withdrawn"),
    NoRating.MAA_ONLY: ("is only in the multi-area agreement", "are only in the multi-area agreement"),
    NoRating.TOO_EARLY: ("is too early to call", "are too early to call"),
    NoRating.BEING_CHECKED: ("is being checked", "are being checked"),
}

NO_FIGURE = {
    NoRating.SOURCE_NOT_PUBLISHED: "Its source has not been published yet",
    NoRating.NO_SURVEY: "There is no survey this year",
    NoRating.SUPPRESSED: "The numbers are too small to be shown",
    NoRating.NOT_REPORTED: "It is not available for another reason (say which in the commentary)",
}

STATE = {
    State.NOT_STARTED: "Not started",
    State.DRAFT: "Draft",
    State.SUBMITTED: "Submitted",
    State.QUERIED: "Queried",
    State.VERIFIED: "Verified",
    State.PUBLISHED: "Published",
}

FREQUENCY = {
    Frequency.MONTHLY: "Month",
    Frequency.QUARTERLY: "Quarter",
    Frequency.HALF_YEARLY: "Half-year",
    Frequency.YEARLY: "Year",
}
HOW_OFTEN = {
    Frequency.MONTHLY: "every month",
    Frequency.QUARTERLY: "every quarter",
    Frequency.HALF_YEARLY: "every half-year",
    Frequency.YEARLY: "once a year",
}

ROLE = {
    Role.CONTRIBUTOR: "contributor",
    Role.LEAD: "lead",
    Role.TEAM: "partnership team",
    Role.EXECUTIVE: "partnership executive",
    Role.REVIEWER: "Government Office",
    Role.ADMIN: "administrator",
}

CATEGORY = {
    ReviewCategory.ON_TRACK: "On track",
    ReviewCategory.OFF_TRAJECTORY: "Off trajectory, expected to recover",
    ReviewCategory.AT_RISK: "At risk",
    ReviewCategory.NO_DATA: "No data",
}

STRENGTH = {Strength.STRONG: "Strong evidence", Strength.FAIR: "Fair evidence", Strength.WEAK: "Weak evidence"}
DIRECTION = {
    Direction.IMPROVING: "Improving",
    Direction.WORSENING: "Worsening",
    Direction.NO_CHANGE: "No change",
    Direction.INCREASING: "Increasing",
    Direction.DECREASING: "Decreasing",
}
BASIS = {
    Basis.MILESTONE: "the milestone",
    Basis.PROFILE: "the share of the year's target that is usually reached by now",
    Basis.STRAIGHT_LINE: "a straight line to the year's target",
    Basis.YEAR_TARGET: "the year's target",
}

GOOD = {
    Polarity.HIGHER: "High is good",
    Polarity.LOWER: "Low is good",
    Polarity.RANGE: "Good is inside the range",
    Polarity.NONE: "Neither high nor low is good",
}

GROUP = {
    Group.DESIGNATED: "Designated with government",
    Group.STATUTORY: "Statutory education target",
    Group.LOCAL: "Local",
}

TARGET_STATE = {
    TargetState.SET: "set",
    TargetState.NOT_APPLICABLE: "not applicable",
    TargetState.NOT_SET: "not set",
    TargetState.DROPPED: "dropped from the national set",
    TargetState.WITHDRAWN: "withdrawn",
    TargetState.MAA_ONLY: "only in the multi-area agreement",
}

EVIDENCE = {
    Evidence.FIGURE: "a figure of which no interval is known",
    Evidence.PROPORTION: "a share of cases, with both counts",
    Evidence.COUNT: "a count of cases",
    Evidence.SURVEY: "a survey, with its interval",
}
