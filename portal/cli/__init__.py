"""The command line: each command reads its input, calls one service, and says what was done."""
