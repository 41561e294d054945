"""Pure rules: ratings, review categories, the life of a return. No database, no clock, no web."""
