"""Every table, imported once, so that the metadata is whole."""

from models import agreement, audit, people, requests, returns, scorecard

__all__ = ["agreement", "audit", "people", "requests", "returns", "scorecard"]
