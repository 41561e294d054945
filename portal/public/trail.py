"""The audit trail as a file, for those who may read it."""

from flask import Blueprint, Response, request

from portal import words
from portal.database import Database
from portal.formats.table_csv import written
from portal.policy import Action
from portal.services import audit
from portal.web import session
from portal.web.doors import needs
from portal.web.values import perhaps_day

HEAD = ("event", "at", "who", "address", "action", "subject", "reason", "recorded", "before", "after")


def blueprint(database: Database) -> Blueprint:
    """The route /audit.csv: what /audit shows for the same search, all of its pages in one."""
    pages = Blueprint("trail", __name__)

    @pages.get("/audit.csv")
    @needs(Action.AUDIT_READ)
    def trail_csv() -> Response:
        days = (perhaps_day(request.args.get(name), name) for name in ("from", "to"))
        events = audit.found(database, session.current_actor(), request.args.get("text", ""), *days)
        rows = (
            (
                event.number,
                event.at.isoformat(),
                event.who,
                event.address,
                event.action,
                event.subject,
                event.reason,
                "; ".join(words.recorded(event.before, event.after)),
                event.before,
                event.after,
            )
            for event in events
        )
        response = Response(written(HEAD, rows), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
        return response

    return pages
