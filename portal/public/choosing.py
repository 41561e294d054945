"""Which agreement a public page shows, and the way to the others."""

from typing import Any
from urllib.parse import urlencode

from portal.database import Database
from portal.services.agreements import choice
from portal.web.session import visitor


def of_agreements(database: Database, home: str) -> dict[str, Any]:
    """What the frame of a public page says: the agreement that is `shown`, the `others`, which have their page of the
    same kind at `home`, or that there are too `many` to name them, and what links keep of the address. NotFound where that
    asks for an agreement that is not there."""
    there = choice(database, visitor())
    chosen = visitor().agreement
    return {
        "shown": there.shown if there else None,
        "others": there.others if there else (),
        "many": there.many if there else False,
        "home": home,
        "kept": f"?{urlencode({'agreement': chosen})}" if chosen else "",
    }
