"""The API for outside programs: the same services and the same policy, with a bearer token instead of a session."""
