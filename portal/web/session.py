"""Who is behind a request: Flask-Login over sessions that are rows in the database, and nothing but an opaque token
in the cookie. Whose second factor is still to be given is the public to everything but the second step itself."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from hashlib import sha256
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, request
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, current_user, login_user, logout_user

from models.rules.terms import Role
from portal.actor import Actor, public
from portal.database import Database
from portal.services import agreements, sessions

REQUIRED = "PORTAL_SECOND_FACTOR_OF"
"""Where the server keeps of which roles a second factor is required."""
ENDS_IN = "Session-Ends-In"
"""The header that tells a signed-in page how many seconds the session lasts if nothing more is asked in it."""


class SignedCookie(SecureCookieSessionInterface):
    """Flask's own, with SHA-256 where it still has SHA-1."""

    digest_method = staticmethod(sha256)


@dataclass(frozen=True)
class SignedIn:
    """What Flask-Login knows of a person: the session's token, and the actor that it stands for. `half`: a second factor
    is still to be given, and `enrolled` says whether the account has one."""

    token: str
    actor: Actor
    half: bool = False
    enrolled: bool = False
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return self.token


def install(server: Flask, database: Database, required: Collection[Role]) -> None:
    """Let requests be answered with who is asking; a second factor is `required` of these roles."""
    server.session_interface = SignedCookie()
    manager = LoginManager(server)
    manager.session_protection = None  # it trusts a header that anybody can send; our rows end sessions instead

    server.config[REQUIRED] = frozenset(required)

    @manager.user_loader
    def load(token: str) -> SignedIn | None:
        return _signed_in_with(database, token)

    @server.after_request
    def say_when_it_ends(response: Response) -> Response:
        if (left := g.get("session_ends_in")) is not None:
            response.headers[ENDS_IN] = str(int(left.total_seconds()))
        return response


def _signed_in_with(database: Database, token: str) -> SignedIn | None:
    live = sessions.who_is(database, token, address(), current_app.config[REQUIRED])
    if live is None:
        return None
    if not live.half:
        g.session_ends_in = live.ends_at - database.clock.now()
    return SignedIn(token, live.actor, live.half, live.enrolled)


def address() -> str:
    """Where the request came from, as far as the server itself knows."""
    return (request.remote_addr or "")[:64]


def current_actor() -> Actor:
    """Who is asking, by the session's row alone: the public too, as long as a second factor is still to be given."""
    user = signed_in()
    return user.actor if user is not None and not user.half else public(address())


def signed_in() -> SignedIn | None:
    """The session that is asking, half or whole; None for none. For what may be done in a half one: the second step, and
    signing out. Everything else asks `current_actor`."""
    user = current_user._get_current_object()
    return user if isinstance(user, SignedIn) else None


def second_step(target: str = "") -> str:
    """The address of the second step for a half session, from which one goes on to `target`; '' for any other."""
    user = signed_in()
    if user is None or not user.half:
        return ""
    if not user.enrolled:
        return "/second-step"
    return f"/sign-in/code?{urlencode({'next': target})}" if target else "/sign-in/code"


def visitor() -> Actor:
    """Whoever reads a public page: it is the same for everybody, signed in or not. Which agreement it shows is in the
    address."""
    return replace(public(address()), agreement=request.args.get("agreement", ""))


def choose_agreement(database: Database, key: str) -> None:
    """Show another agreement from now on, in this session."""
    user = signed_in()
    if user is not None and not user.half:
        agreements.choose(database, user.actor, user.token, key)


def start(database: Database, email: str, password: str) -> None:
    """Sign in with a password. Raises what portal.services.sessions.sign_in raises."""
    adopt(database, sessions.sign_in(database, public(address()), email, password))


def adopt(database: Database, token: str) -> None:
    """Let this browser hold a session that has just begun."""
    end(database)  # whatever session the browser held: its cookie is replaced, and a copy of it must be worth nothing
    go_on(database, token)


def go_on(database: Database, token: str) -> None:
    """Go on in the session that has begun with this token: the browser gets it instead of the one that it held."""
    login_user(_signed_in_with(database, token))


def end(database: Database) -> None:
    """Sign out: the row ends, so that the cookie is worth nothing to whoever kept a copy."""
    if (user := signed_in()) is not None:
        sessions.sign_out(database, user.actor, user.token)
    logout_user()
