"""Pages for everybody, made on the server: the scorecard, the memorandum, signing in and out, and the portal's health."""
