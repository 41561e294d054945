"""A small OpenID provider of the suite's own, on loopback: honest as it is made, and misbehaving where a test says how."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

Claims = dict[str, Any]
CLIENT, SECRET = "portal-client", "a client secret: with % and + in it"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
DISCOVERY = "/.well-known/openid-configuration"


def unchanged(claims: Claims) -> Claims:
    return claims


def make_key(alg: str) -> Key:
    """A new private key for a signature."""
    if alg == "ES256":
        return ECKey.generate_key("P-256", {"use": "sig", "alg": alg}, auto_kid=True)
    if alg == "EdDSA":
        return OKPKey.generate_key("Ed25519", {"use": "sig", "alg": alg}, auto_kid=True)
    return RSAKey.generate_key(2048, {"use": "sig", "alg": alg}, auto_kid=True)


@dataclass
class Issuer:
    """What one provider is and does. The knobs stand after the state: as they are here it is honest."""

    url: str = ""
    alg: str = "ES256"
    key: Key = field(default_factory=lambda: make_key("ES256"))
    published: list[Key] | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    person: Claims = field(
        default_factory=lambda: {"sub": "s-1", "email": "police@portal.example", "email_verified": True}
    )
    claims: Callable[[Claims], Claims] = unchanged
    forge: Callable[["Issuer", Claims], str] | None = None
    document: Callable[[Claims], Claims] = unchanged
    answer: Callable[[Claims], Claims] = unchanged
    redeem: Callable[[Claims], Claims] = unchanged
    trouble: dict[str, str] = field(default_factory=dict)
    by_form: bool = False
    waits: bool = False

    def discovery(self) -> Claims:
        return self.document(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
                "end_session_endpoint": f"{self.url}/end-session",
                "token_endpoint_auth_methods_supported": [f"client_secret_{'post' if self.by_form else 'basic'}"],
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": [self.alg],
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    def jwks(self) -> Claims:
        keys = [self.key] if self.published is None else self.published
        return {"keys": [one.as_dict(private=False) for one in keys]}

    def turn(self, alg: str = "ES256") -> None:
        """Rotate: from now on another key signs, and it alone is published."""
        self.alg, self.key = alg, make_key(alg)

    def sign(self, claims: Claims, key: Key | None = None, **header: Any) -> str:
        """A token with these claims."""
        key = key or self.key
        header = {"alg": self.alg, "kid": key.kid, **header}
        return jwt.encode(
            header, claims, key, registry=JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
        )

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "sid": "sid-1",
            **self.person,
        }
        claims = self.claims(claims)
        return self.forge(self, claims) if self.forge else self.sign(claims)

    def logout_token(self, **changed: Any) -> str:
        """What back-channel logout sends; None leaves a claim out."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 120,
            "jti": secrets.token_hex(8),
            "sub": self.person["sub"],
            "sid": "sid-1",
            "events": {LOGOUT_EVENT: {}},
            **changed,
        }
        return self.sign({name: value for name, value in claims.items() if value is not None}, typ="logout+jwt")

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to, with a code for what it asked."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        said = {"state": asked["state"], "code": code, "iss": self.url}
        said = {name: value for name, value in self.answer(said).items() if value is not None}
        return f"{asked['redirect_uri']}?{urlencode(said)}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, Claims]:
        """The answer for a code, which is good once, for the client and the address that asked, with its verifier."""
        if authorization:
            said = base64.b64decode(authorization.removeprefix("Basic ")).decode()
            who = tuple(map(unquote_plus, said.split(":")))  # as RFC 6749 has it in 2.3.1
        else:
            who = (form.get("client_id", ""), form.get("client_secret", ""))
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(
            b"="
        )
        wrong = [
            why
            for why, is_so in {
                "client": who != (CLIENT, SECRET) or bool(authorization) is self.by_form,
                "code": asked is None,
                "challenge": asked is not None and asked.get("code_challenge") != challenge.decode(),
                "method": asked is not None and asked.get("code_challenge_method") != "S256",
                "redirect": asked is not None and asked.get("redirect_uri") != form.get("redirect_uri"),
            }.items()
            if is_so
        ]
        if wrong or asked is None:
            self.refused += wrong
            return 400, {"error": "invalid_grant"}
        given = {
            "access_token": "an-access-token",
            "token_type": "Bearer",
            "id_token": self.id_token(asked.get("nonce", "")),
        }
        return 200, self.redeem(given)


class Handler(BaseHTTPRequestHandler):
    """One request to a provider."""

    issuer: Issuer

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, urlsplit(self.path).query
        if self._in_trouble(path):
            return
        if path == DISCOVERY:
            self._json(200, self.issuer.discovery())
        elif path == "/jwks":
            self._json(200, self.issuer.jwks())
        elif path == "/authorize" and self.issuer.waits and "go=1" not in query:
            page = f"<!doctype html><title>Police</title><h1>Police sign-on</h1><a href='{self.path}&go=1'>It is me</a>"
            self._send(200, page.encode(), "text/html")
        elif path == "/authorize":
            to = self.issuer.authorize({name: values[0] for name, values in parse_qs(query).items()})
            self._send(302, b"", location=to)
        elif path == "/end-session":
            back = parse_qs(query)["post_logout_redirect_uri"][0]
            self._send(200, f"<h1>Signed out of Police</h1><a href='{back}'>Back</a>".encode(), "text/html")
        else:
            self._json(404, {})

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if not self._in_trouble(path):
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._json(*self.issuer.token(form, self.headers.get("Authorization", "")))

    def _in_trouble(self, path: str) -> bool:
        self.issuer.asked.append(path)
        trouble = self.issuer.trouble.get(path)
        if trouble == "error":
            self._json(500, {})
        elif trouble == "redirect":
            self._send(302, b"", location=f"{self.issuer.url}/elsewhere")
        elif trouble == "no json":
            self._send(200, b"<h1>Welcome</h1>", "text/html")
        elif trouble == "deep":
            self._send(200, b"[" * 100_000)
        elif trouble == "huge":
            self._endless(b" " * 65536, 0)
        elif trouble == "drip":
            self._endless(b" ", 0.05)
        elif trouble == "slow":
            time.sleep(0.5)
            self._json(200, {})
        elif trouble == "broken":
            self._send(200, b"{", length=100)
        return trouble is not None

    def _endless(self, piece: bytes, pause: float) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(200):
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(pause)
        except OSError:
            pass

    def _json(self, status: int, said: Claims) -> None:
        self._send(status, json.dumps(said).encode())

    def _send(
        self, status: int, body: bytes, kind: str = "application/json", location: str = "", length: int = 0
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length or len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def issuing() -> Iterator[Issuer]:
    """A provider that answers on a free port of this machine."""
    issuer = Issuer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Of", (Handler,), {"issuer": issuer}))
    server.daemon_threads = True
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield issuer
    server.shutdown()
    thread.join()
    server.server_close()


def honest(issuer: Issuer) -> None:
    """Turn every knob back, and forget what happened."""
    fresh = Issuer(issuer.url, issuer.alg if issuer.alg == "ES256" else "ES256", issuer.key)
    if issuer.alg != "ES256":
        fresh.turn()
    issuer.__dict__.update(fresh.__dict__)


def _part(said: Claims) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


def unsigned(issuer: Issuer, claims: Claims) -> str:
    """A token that says of itself that nobody signed it."""
    return f"{_part({'alg': 'none', 'typ': 'JWT', 'kid': issuer.key.kid})}.{_part(claims)}."


def with_public_key(issuer: Issuer, claims: Claims) -> str:
    """A token signed as with a shared secret, which is the public key that everybody can read (CVE-2015-9235)."""
    said = f"{_part({'alg': 'HS256', 'typ': 'JWT', 'kid': issuer.key.kid})}.{_part(claims)}"
    made = hmac.new(issuer.key.as_pem(private=False), said.encode(), hashlib.sha256).digest()
    return f"{said}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


def with_client_secret(issuer: Issuer, claims: Claims) -> str:
    """A token signed with the client's own secret."""
    said = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    made = hmac.new(SECRET.encode(), said.encode(), hashlib.sha256).digest()
    return f"{said}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


def with_other_key(issuer: Issuer, claims: Claims) -> str:
    """A token signed with another key under the name of the published one."""
    return issuer.sign(claims, make_key("ES256"), kid=issuer.key.kid)


def with_own_key(issuer: Issuer, claims: Claims) -> str:
    """A token that brings the key along that it is to be checked with."""
    key = make_key("ES256")
    return issuer.sign(claims, key, kid=issuer.key.kid, jwk=key.as_dict(private=False))


def broken(issuer: Issuer, claims: Claims) -> str:
    """A token of which one character was changed after it was signed."""
    head, body, made = issuer.sign(claims).split(".")
    return f"{head}.{_part({**claims, 'email': 'team@portal.example'})}.{made}" if body else ""


def typed(kind: str) -> Callable[[Issuer, Claims], str]:
    """A rightly signed token of another kind."""
    return lambda issuer, claims: issuer.sign(claims, typ=kind)
