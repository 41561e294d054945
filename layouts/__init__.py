"""Drawing the signed-in pages from view-models. Pure: no database, no services, no request."""
