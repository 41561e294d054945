"""How people come to sign in: the administrator's invitations and resets, and the link by which one chooses a password."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from models.rules.terms import Role
from portal import words
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Invalid
from portal.policy import PARTNERS, Action
from portal.services import factors, invitations, organisations, sessions
from portal.services.agreements import listed
from portal.viewmodels.people import Invited, Mailing
from portal.web import session
from portal.web.doors import needs
from portal.words import accounts as words_of

Answer = tuple[str, int] | Response
ASKED = ("email", "name", "role", "organisation", "agreement")


def blueprint(database: Database, base: str, mailing: Mailing | None) -> Blueprint:
    """The routes /people/invite, /people/NUMBER/sign-in and /welcome/TOKEN. `base` is the portal's own address, '' for the
    one that was asked; with a `mailing` links go out by e-mail too."""
    pages = Blueprint("accounts", __name__)

    def _invite_form(problems: dict[str, str], typed: dict[str, str]) -> str:
        actor = session.current_actor()
        more: dict[str, Any] = {"agreements": listed(database, actor), "bound": actor.bound_to is not None}
        members = organisations.choices(database, actor)
        shown = {"problems": problems, "typed": typed, "members": members, "roles": Role, "of_role": words.ROLE}
        return render_template("invite.html", partners=PARTNERS, **shown, **more)

    def _told(made: Invited) -> str:
        address = f"{base or request.host_url.rstrip('/')}{made.path}"
        return render_template("invited.html", made=made, address=address, words=words)

    @pages.get("/people/invite")
    @needs(Action.ACCOUNT_MANAGE)
    def invite_form() -> str:
        return _invite_form({}, {})

    @pages.post("/people/invite")
    @needs(Action.ACCOUNT_MANAGE)
    def invite() -> Answer:
        given = {name: request.form.get(name, "") for name in ASKED}
        email, name, role, organisation, agreement = given.values()
        try:
            made = invitations.invite(
                *(database, session.current_actor(), email, name, role, organisation or None),
                agreement=agreement,
                mailing=mailing,
            )
        except Invalid as error:
            return _invite_form(error.fields, given), error.status
        except Conflict as error:
            return _invite_form({"email": error.sentence}, given), error.status
        return _told(made), 200

    def _signing_in(actor: Actor, number: int, problem: str = "") -> str:
        found = invitations.signing_in(database, actor, number)
        said = words_of.DONE.get(request.args.get("done", ""), "")
        return render_template(
            "signing_in.html", of=found, problem=problem, said=said, words=words, factor=words_of.factor
        )

    @pages.get("/people/<int:number>/sign-in")
    @needs(Action.ACCOUNT_MANAGE)
    def signing_in(number: int) -> str:
        return _signing_in(session.current_actor(), number)

    @pages.post("/people/<int:number>/sign-in")
    @needs(Action.ACCOUNT_MANAGE)
    def change(number: int) -> Answer:
        actor, what = session.current_actor(), request.form.get("what", "")
        email = invitations.signing_in(database, actor, number).email
        try:
            if what == "link":
                return _told(invitations.new_link(database, actor, email, mailing)), 200
            if what == "sessions":
                sessions.end_all(database, actor, email)
            elif what == "factor":
                factors.reset(database, actor, email, request.form.get("reason", ""))
        except (Invalid, Conflict) as error:
            return _signing_in(actor, number, error.sentence), error.status
        if email == actor.email:  # that was one's own session too
            return redirect("/sign-in", 303)
        return redirect(f"/people/{number}/sign-in?done={what if what in words_of.DONE else ''}", 303)

    @pages.get("/welcome/<token>")
    @needs(Action.SITE_OPEN)
    def welcome(token: str) -> str:
        return _welcome(token, {})

    @pages.post("/welcome/<token>")
    @needs(Action.SITE_OPEN)
    def choose(token: str) -> Answer:
        actor = session.visitor()
        new, again = request.form.get("new", ""), request.form.get("again", "")
        try:
            invitations.choose_password(database, actor, token, new, again)
        except Invalid as error:
            return _welcome(token, error.fields), error.status
        return render_template("password_changed.html", chosen=True), 200

    def _welcome(token: str, problems: dict[str, str]) -> str:
        email = invitations.whose(database, session.visitor(), token)
        return render_template("welcome.html", email=email, problems=problems)

    return pages
