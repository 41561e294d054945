"""Use cases: one function is one permission and one transaction."""
