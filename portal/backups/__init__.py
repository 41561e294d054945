"""Backups: everything that is in the database, taken while it is in use, into one file that says what must be in it."""
