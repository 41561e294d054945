"""The second step of signing in: giving a code, setting up the app that shows them, and recovery codes."""

import io

import segno
from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.database import Database
from portal.errors import Invalid, PortalError, SignInRequired, TooMany
from portal.policy import SECOND_FACTOR, Action
from portal.public.sign_in import safe_next
from portal.services import factors
from portal.viewmodels.people import Enrolment
from portal.web import session
from portal.web.doors import needs
from portal.words import accounts as words_of

Answer = tuple[str, int, dict[str, str]] | Response


def blueprint(database: Database, key: str, *, required: bool) -> Blueprint:
    """The routes /sign-in/code and /second-step. `key` opens the secrets; `required`: some roles need a second step."""
    pages = Blueprint("second_step", __name__)

    @pages.get("/sign-in/code")
    @needs(Action.SITE_OPEN)
    def code_form() -> Answer:
        user, target = _somebody(), request.args.get("next", "")
        if not user.half:
            return redirect(safe_next(target, user.actor), 303)
        return _code_form(target), 200, {}

    @pages.post("/sign-in/code")
    @needs(Action.SITE_OPEN)
    def give_code() -> Answer:
        user, target = _somebody(), request.form.get("next", "")
        try:
            token = factors.give_code(database, user.actor, key, user.token, request.form.get("code", ""))
        except PortalError as error:
            return _code_form(target, error.sentence), error.status, _headers(error)
        session.go_on(database, token)
        return redirect(safe_next(target, user.actor), 303)

    def _overview(problem: str = "", field: str = "") -> str:
        user = _enrolling()
        needed = required and user.actor.role in SECOND_FACTOR
        found = factors.state(database, user.actor)
        more = {"problem": problem, "field": field, "words": words_of}
        return render_template("second_step.html", state=found, half=user.half, needed=needed, **more)

    @pages.get("/second-step")
    @needs(Action.PASSWORD_CHANGE)
    def overview() -> Answer:
        return _overview(), 200, {}

    @pages.post("/second-step")
    @needs(Action.PASSWORD_CHANGE)
    def change() -> Answer:
        user, what, proof = _enrolling(), request.form.get("what", ""), request.form.get("proof", "")
        try:
            if what == "set-up":
                made = factors.begin_enrolment(database, user.actor, key, proof, half=user.half)
                return _set_up(made), 200, {}
            if user.half:
                raise SignInRequired()
            if what == "codes":
                codes = factors.new_codes(database, user.actor, key, proof)
                return render_template("recovery_codes.html", codes=codes), 200, {}
            factors.turn_off(database, user.actor, key, proof, required=required)
        except PortalError as error:
            if isinstance(error, SignInRequired):
                raise
            return _overview(error.sentence, what), error.status, _headers(error)
        return redirect("/second-step", 303)

    @pages.post("/second-step/confirm")
    @needs(Action.PASSWORD_CHANGE)
    def confirm() -> Answer:
        user, seal = _enrolling(), request.form.get("seal", "")
        try:
            token, codes = factors.confirm_enrolment(
                database, user.actor, key, user.token, seal, request.form.get("code", ""), half=user.half
            )
        except (Invalid, TooMany) as error:
            again = factors.shown_again(database, user.actor, key, seal)
            return _set_up(again, error.sentence), error.status, _headers(error)
        session.go_on(database, token)
        return render_template("recovery_codes.html", codes=codes, first=True), 200, {}

    return pages


def _somebody() -> session.SignedIn:
    """Whoever is signed in, by a password alone or wholly."""
    user = session.signed_in()
    if user is None:
        raise SignInRequired()
    return user


def _enrolling() -> session.SignedIn:
    """Whoever may set up an app: not who has one already, and has not given its code."""
    user = _somebody()
    if user.half and user.enrolled:
        raise SignInRequired()
    return user


def _headers(error: PortalError) -> dict[str, str]:
    return {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}


def _code_form(target: str, problem: str = "") -> str:
    return render_template("code.html", next=target, problem=problem)


def _set_up(made: Enrolment, problem: str = "") -> str:
    secret = " ".join(made.secret[at : at + 4] for at in range(0, len(made.secret), 4))
    said = {"secret": secret, "seal": made.sealed, "picture": _picture(made), "problem": problem}
    return render_template("second_step_app.html", **said)


def _picture(made: Enrolment) -> Markup:
    """The code that a telephone's camera reads, as SVG without a style of its own: always dark on light."""
    drawn = io.BytesIO()
    code = segno.make(made.address, error="m", micro=False)
    code.save(drawn, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False, svgns=False, nl=False)
    return Markup(drawn.getvalue().decode())
