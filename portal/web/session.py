"""Who is behind a request: Flask-Login over sessions that are rows in the database, and nothing but an opaque token
in the cookie."""

from dataclasses import dataclass, replace
from hashlib import sha256

from flask import Flask, Response, g, request
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, current_user, login_user, logout_user

from portal.actor import Actor, public
from portal.database import Database
from portal.services import agreements, sessions

ENDS_IN = "Session-Ends-In"
"""The header that tells a signed-in page how many seconds the session lasts if nothing more is asked in it."""


class SignedCookie(SecureCookieSessionInterface):
    """Flask's own, with SHA-256 where it still has SHA-1."""

    digest_method = staticmethod(sha256)


@dataclass(frozen=True)
class SignedIn:
    """What Flask-Login knows of a person: the session's token, and the actor that it stands for."""

    token: str
    actor: Actor
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return self.token


def install(server: Flask, database: Database) -> None:
    """Let requests be answered with who is asking."""
    server.session_interface = SignedCookie()
    manager = LoginManager(server)
    manager.session_protection = None  # it trusts a header that anybody can send; our rows end sessions instead

    @manager.user_loader
    def load(token: str) -> SignedIn | None:
        live = sessions.who_is(database, token, address())
        if live is None:
            return None
        g.session_ends_in = live.ends_at - database.clock.now()
        return SignedIn(token, live.actor)

    @server.after_request
    def say_when_it_ends(response: Response) -> Response:
        if (left := g.get("session_ends_in")) is not None:
            response.headers[ENDS_IN] = str(int(left.total_seconds()))
        return response


def address() -> str:
    """Where the request came from, as far as the server itself knows."""
    return (request.remote_addr or "")[:64]


def current_actor() -> Actor:
    """Who is asking, by the session's row alone."""
    user = current_user._get_current_object()
    return user.actor if isinstance(user, SignedIn) else public(address())


def visitor() -> Actor:
    """Whoever reads a public page: it is the same for everybody, signed in or not. Which agreement it shows is in the
    address."""
    return replace(public(address()), agreement=request.args.get("agreement", ""))


def choose_agreement(database: Database, key: str) -> None:
    """Show another agreement from now on, in this session."""
    user = current_user._get_current_object()
    if isinstance(user, SignedIn):
        agreements.choose(database, user.actor, user.token, key)


def start(database: Database, email: str, password: str) -> Actor:
    """Sign in; answers who it is. Raises what portal.services.sessions.sign_in raises."""
    return adopt(database, sessions.sign_in(database, public(address()), email, password))


def adopt(database: Database, token: str) -> Actor:
    """Let this browser hold a session that has just begun; answers who it is."""
    end(database)  # whatever session the browser held: its cookie is replaced, and a copy of it must be worth nothing
    live = sessions.who_is(database, token, address())
    assert live is not None
    login_user(SignedIn(token, live.actor))
    return live.actor


def end(database: Database) -> None:
    """Sign out: the row ends, so that the cookie is worth nothing to whoever kept a copy."""
    user = current_user._get_current_object()
    if isinstance(user, SignedIn):
        sessions.sign_out(database, user.actor, user.token)
    logout_user()
