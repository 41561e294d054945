"""Signing on with one's organisation: who one is, out to the organisation's own pages, and back with its answer."""

from dataclasses import asdict

import flask
from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from portal.database import Database
from portal.errors import Invalid, NotFound, PortalError, SignInRequired, TooMany, Unavailable
from portal.policy import Action
from portal.public.sign_in import safe_next
from portal.services import sign_on, sign_on_ending
from portal.services.sign_on_ways import Ways
from portal.viewmodels.sign_on import Answer, Pending
from portal.web import session
from portal.web.doors import needs

PENDING = "sign_on"
"""What the cookie, which is signed, keeps from leaving until coming back."""
CAME_BY = "signed_on"
"""With which organisation a session began, for when it ends."""


def blueprint(database: Database, ways: Ways) -> Blueprint:
    """The routes /sign-on, /sign-on/KEY/back and /sign-on/KEY/left."""
    pages = Blueprint("sign_on", __name__)
    # The page on which passwords are typed says that there is this way too, where there is.
    pages.record_once(
        lambda state: state.app.jinja_env.globals.update(
            sign_on_offered=lambda: sign_on.offered(database, session.current_actor(), ways)
        )
    )

    @pages.get("/sign-on")
    @needs(Action.SITE_OPEN)
    def ask() -> str | Response:
        actor = session.current_actor()
        if actor.signed_in:
            return redirect(safe_next(request.args.get("next"), actor), 303)
        if step := session.second_step(request.args.get("next", "")):
            return redirect(step, 303)
        return _form("", request.args.get("next", ""))

    @pages.post("/sign-on")
    @needs(Action.SITE_OPEN)
    def leave() -> str | tuple[str, int, dict[str, str]] | Response:
        email, target = request.form.get("email", ""), request.form.get("next", "")
        try:
            leaving = sign_on.start(database, session.current_actor(), ways, email, target)
        except (Invalid, TooMany, Unavailable) as error:
            return _problem(error, email, target)
        flask.session[PENDING] = asdict(leaving.pending)
        # A form may not be answered with a redirect to another site (form-action): the page itself goes on there.
        page = flask.make_response(render_template("sign_on_leaving.html", leaving=leaving))
        page.headers["Refresh"] = f"0; url={leaving.url}"
        return page

    @pages.get("/sign-on/<key>/back")
    @needs(Action.SITE_OPEN)
    def back(key: str) -> tuple[str, int, dict[str, str]] | Response:
        pending = _pending()
        answer = Answer(*(request.args.get(name, "") for name in ("state", "code", "iss", "error")))
        try:
            token = sign_on.finish(database, session.current_actor(), ways, key, pending, answer)
        except (SignInRequired, TooMany, Unavailable) as error:
            return _problem(error, pending.email if pending else "", pending.next if pending else "")
        session.end(database)
        flask.session.clear()
        session.adopt(database, token)
        flask.session[CAME_BY] = key
        target = pending.next if pending else ""
        return redirect(session.second_step(target) or safe_next(target, session.current_actor()), 303)

    @pages.get("/sign-on/<key>/left")
    @needs(Action.SITE_OPEN)
    def left(key: str) -> str | Response:
        try:
            there = sign_on_ending.left(database, session.current_actor(), ways, key)
        except NotFound:
            return redirect("/", 303)
        return render_template("sign_on_left.html", there=there)

    return pages


def back_channel(database: Database, ways: Ways) -> Blueprint:
    """The route /sign-on/KEY/logout, which providers ask and no browser: its token is signed, and no cookie counts."""
    pages = Blueprint("sign_on_logout", __name__)

    @pages.post("/sign-on/<key>/logout")
    @needs(Action.SITE_OPEN)
    def end(key: str) -> tuple[dict[str, str], int]:
        try:
            sign_on_ending.end(database, session.visitor(), ways, key, request.form.get("logout_token", ""))
        except SignInRequired:
            return {"error": "invalid_request"}, 400
        return {}, 200

    return pages


def _pending() -> Pending | None:
    """What was kept when this browser left, which is good for one answer; None for nothing."""
    kept = flask.session.pop(PENDING, None)
    try:
        return Pending(**kept)
    except TypeError:  # nothing, or what an earlier version kept
        return None


def _form(email: str, target: str, problem: str = "") -> str:
    return render_template("sign_on.html", email=email, next=target, problem=problem)


def _problem(error: PortalError, email: str, target: str) -> tuple[str, int, dict[str, str]]:
    """The form once more, with what is the matter."""
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}
    return _form(email, target, error.sentence), error.status, headers
