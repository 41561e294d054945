"""Wiring the signed-in pages: each callback reads its input, calls one service, and answers with a layout."""
