"""Signing in and out, and changing one's password: plain forms, each with its CSRF token."""

from urllib.parse import urlsplit

import flask
from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid, SignInRequired, TooMany
from portal.policy import Action, may, require
from portal.services import people
from portal.web import session
from portal.web.doors import needs

START = {
    Action.RETURN_VERIFY: "/review",
    Action.RETURN_EDIT: "/returns",
    Action.THEME_READ: "/themes",
    Action.REVIEW_READ: "/annual-review",
    Action.ACCOUNT_MANAGE: "/people",
    Action.HELP_READ: "/help",
}
"""Where work begins, by what it is: the first that one may do."""
EMPTY = {
    "email": "Enter your e-mail address.",
    "password": "Enter your password.",
    "email password": "Enter your e-mail address and your password.",
}


def blueprint(database: Database) -> Blueprint:
    """The routes /sign-in, /sign-out, /password, /session and /start."""
    pages = Blueprint("sign_in", __name__)

    @pages.get("/sign-in")
    @needs(Action.SITE_OPEN)
    def form() -> str | Response:
        actor = session.current_actor()
        if actor.signed_in:
            return redirect(safe_next(request.args.get("next"), actor), 303)
        if step := session.second_step(request.args.get("next", "")):
            return redirect(step, 303)
        return render_template("sign_in.html", next=request.args.get("next", ""), email="", problem="")

    @pages.post("/sign-in")
    @needs(Action.SITE_OPEN)
    def sign_in() -> tuple[str, int, dict[str, str]] | Response:
        email, password = request.form.get("email", ""), request.form.get("password", "")
        if empty := [name for name, said in (("email", email.strip()), ("password", password)) if not said]:
            # Nothing was tried, so nothing of an account is told and no attempt is counted.
            return _form(email, EMPTY[" ".join(empty)], empty[0]), 422, {}
        try:
            session.start(database, email, password)
        except (SignInRequired, TooMany) as error:
            headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}
            return _form(email, error.sentence), error.status, headers
        target = request.form.get("next")
        return redirect(session.second_step(target or "") or safe_next(target, session.current_actor()), 303)

    @pages.get("/sign-out")
    @needs(Action.PASSWORD_CHANGE)
    def sign_out_form() -> str:
        require(session.current_actor(), Action.PASSWORD_CHANGE)
        return render_template("sign_out.html")

    @pages.post("/sign-out")
    @needs(Action.PASSWORD_CHANGE)
    def sign_out() -> Response:
        session.end(database)
        came_by = flask.session.pop("signed_on", None)
        return redirect(f"/sign-on/{came_by}/left" if came_by else "/", 303)

    @pages.get("/password")
    @needs(Action.PASSWORD_CHANGE)
    def password_form() -> str:
        require(session.current_actor(), Action.PASSWORD_CHANGE)
        return render_template("password.html", problems={})

    @pages.post("/password")
    @needs(Action.PASSWORD_CHANGE)
    def change_password() -> tuple[str, int]:
        given = [request.form.get(name, "") for name in ("old", "new", "again")]
        actor = session.current_actor()
        try:
            people.change_password(database, actor, *given)
        except Invalid as error:
            return render_template("password.html", problems=error.fields), error.status
        return render_template("password_changed.html"), 200

    @pages.get("/session")
    @needs(Action.PASSWORD_CHANGE)
    def stay() -> tuple[str, int]:
        """Stay signed in: whatever is asked in a session keeps it alive; who asks nothing else asks this."""
        require(session.current_actor(), Action.PASSWORD_CHANGE)
        return "", 204

    @pages.get("/start")
    @needs(Action.PASSWORD_CHANGE)
    def start() -> Response:
        actor = session.current_actor()
        require(actor, Action.PASSWORD_CHANGE)
        return redirect(safe_next(None, actor), 303)

    return pages


def _form(email: str, problem: str, field: str = "email") -> str:
    """The form once more, with what is the matter and the field where it is put right."""
    target = request.form.get("next", "")
    return render_template("sign_in.html", next=target, email=email, problem=problem, field=field)


def safe_next(target: str | None, actor: Actor) -> str:
    """Where to go after signing in: the asked page if it is a plain path of this site, else where the role's work
    begins. Anything that a browser could read as another site is refused."""
    home = next((page for action, page in START.items() if may(actor, action)), "/")
    if not target or not target.startswith("/") or target.startswith("//"):
        return home
    if "\\" in target or any(ord(c) < 33 or ord(c) == 127 for c in target):
        return home
    parts = urlsplit(target)
    return home if parts.scheme or parts.netloc else target
