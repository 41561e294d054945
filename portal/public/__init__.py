"""Pages for everybody, made on the server: the scorecard, signing in and out, and the portal's health."""
