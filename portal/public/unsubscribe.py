"""Stopping all reminders by the link of a message, without signing in (RFC 8058)."""

from flask import Blueprint, render_template, request

from portal.database import Database
from portal.policy import Action
from portal.services import reminder_choices
from portal.web import session
from portal.web.doors import needs


def blueprint(database: Database, key: str) -> Blueprint:
    """The route /unsubscribe: opening it shows a button and changes nothing, as programs open links to look at them; a
    POST, which mail programs send by themselves when their reader asks for it, stops the reminders. `key` is what
    links are signed with."""
    pages = Blueprint("unsubscribe", __name__)

    @pages.get("/unsubscribe")
    @needs(Action.SITE_OPEN)
    def ask() -> str:
        token = request.args.get("token", "")
        if token:
            reminder_choices.whose(database, session.current_actor(), key, token)
        return render_template("unsubscribe.html", token=token, done=False)

    @pages.post("/unsubscribe")
    @needs(Action.SITE_OPEN)
    def stop() -> str:
        reminder_choices.stop(database, session.current_actor(), key, request.args.get("token", ""))
        return render_template("unsubscribe.html", token="", done=True)

    return pages
