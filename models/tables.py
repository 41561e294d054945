"""Every table, imported once, so that the metadata is whole."""

from models import (
    agreement,
    audit,
    comparison,
    events,
    forecasts,
    people,
    refresh,
    requests,
    returns,
    scorecard,
    shares,
)

__all__ = [
    "agreement",
    "audit",
    "comparison",
    "events",
    "forecasts",
    "people",
    "refresh",
    "requests",
    "returns",
    "scorecard",
    "shares",
]
