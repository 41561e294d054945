"""Every table, imported once, so that the metadata is whole."""

from models import (
    actions,
    agreement,
    audit,
    comparison,
    events,
    forecasts,
    money,
    people,
    plans,
    refresh,
    requests,
    returns,
    risks,
    scorecard,
    self_assessment,
    shares,
)

__all__ = [
    "actions",
    "agreement",
    "audit",
    "comparison",
    "events",
    "forecasts",
    "money",
    "people",
    "plans",
    "refresh",
    "requests",
    "returns",
    "risks",
    "scorecard",
    "self_assessment",
    "shares",
]
