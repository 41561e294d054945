"""Every table, imported once, so that the metadata is whole."""

from models import (
    actions,
    agreement,
    assessment,
    audit,
    comparison,
    events,
    forecasts,
    people,
    plans,
    proposals,
    refresh,
    requests,
    returns,
    scorecard,
    shares,
)

__all__ = [
    "actions",
    "agreement",
    "assessment",
    "audit",
    "comparison",
    "events",
    "forecasts",
    "people",
    "plans",
    "proposals",
    "refresh",
    "requests",
    "returns",
    "scorecard",
    "shares",
]
