"""Every table, imported once, so that the metadata is whole."""

from models import agreement, audit, comparison, forecasts, people, refresh, requests, returns, scorecard, shares

__all__ = [
    "agreement",
    "audit",
    "comparison",
    "forecasts",
    "people",
    "refresh",
    "requests",
    "returns",
    "scorecard",
    "shares",
]
