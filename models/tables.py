"""Every table, imported once, so that the metadata is whole."""

from models import agreement, audit, people, returns, scorecard

__all__ = ["agreement", "audit", "people", "returns", "scorecard"]
