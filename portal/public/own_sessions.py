"""Where somebody is signed in, and ending that: one session, or all of them."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from portal import words
from portal.database import Database
from portal.policy import Action
from portal.services import sessions
from portal.web import session
from portal.web.doors import needs
from portal.words import accounts as words_of


def blueprint(database: Database) -> Blueprint:
    """The route /sessions: opening it lists one's own sessions, a POST ends the one with a number, or every one."""
    pages = Blueprint("own_sessions", __name__)

    @pages.get("/sessions")
    @needs(Action.PASSWORD_CHANGE)
    def listed() -> str:
        user = session.signed_in()
        found = sessions.own_sessions(database, session.current_actor(), user.token if user else "")
        return render_template("sessions.html", sessions=found, words=words, said=words_of.session_began)

    @pages.post("/sessions")
    @needs(Action.PASSWORD_CHANGE)
    def end() -> Response:
        actor, number = session.current_actor(), request.form.get("number", "")
        if number == "all":
            sessions.sign_out_everywhere(database, actor)
            session.end(database)
            return redirect("/sign-in", 303)
        sessions.end_own(database, actor, int(number) if number.isascii() and number.isdigit() else 0)
        return redirect("/sessions", 303)

    return pages
