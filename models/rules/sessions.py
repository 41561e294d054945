"""How long a session lasts, and how long what is over is kept."""

from datetime import timedelta

IDLE = timedelta(minutes=30)
"""A session in which nothing is asked for so long is over."""
AT_MOST = timedelta(hours=12)
"""So is one that is so old, however much it is used."""
KEPT = timedelta(days=90)
"""So long sessions and links that are over are kept, and failed attempts; what the trail says of them is for good."""
