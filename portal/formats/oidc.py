"""What an OpenID provider says, held against what it may say: its discovery document, its keys and its tokens. Nothing
here asks anybody anything."""

import ipaddress
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from portal.formats.texts import storable

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
"""Signatures that only the provider's private key can make: never none, and none that a shared secret makes."""
HERE = ("localhost", "127.0.0.1", "::1")
"""On the same machine http is enough: nothing goes over any wire."""
SKEW = 60
"""So many seconds the provider's clock may be off."""
FRESH = 600
"""So many seconds old a token may be: it was made for this very sign-on."""
LONGEST = 255
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
MULTI_FACTOR = frozenset(
    {"http://schemas.openid.net/pape/policies/2007/06/multi-factor", "https://refeds.org/profile/mfa"}
)
"""What an `acr` says where two factors were shown."""


class Untrusted(Exception):
    """What a provider sent is not to be believed; `why` says in a word or two what is wrong, and repeats nothing of it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class UnknownKey(Untrusted):
    """A token is signed with a key that is not among those at hand: the provider may have new ones."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider publishes of itself, as far as the portal uses it."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str
    basic: bool
    """Whether the client says who it is in a header; where it may, it does in the form."""
    names_itself: bool
    """Whether each of its answers says from whom it is (RFC 9207)."""


def address_of(url: object) -> SplitResult | None:
    """An address that may be asked: https, or http on this same machine; without a user, a fragment or anything that
    does not belong into one. None for another."""
    if not isinstance(url, str) or len(url) > LONGEST or not re.fullmatch(r"[!-~]+", url) or "\\" in url:
        return None
    try:
        found = urlsplit(url)
        host, port = found.hostname, found.port
    except ValueError:
        return None
    if not host or port == 0 or found.fragment or "@" in found.netloc:
        return None
    return found if found.scheme == "https" or (found.scheme == "http" and host in HERE) else None


def is_issuer(url: str) -> bool:
    """Whether this can be an issuer: such an address, without a query."""
    found = address_of(url)
    return found is not None and not found.query and "?" not in url


def metadata_of(issuer: str, document: object) -> Metadata:
    """A provider's discovery document, read. Untrusted where it speaks for another issuer, or names an address that the
    portal does not ask."""
    if not isinstance(document, Mapping):
        raise Untrusted("discovery")
    if document.get("issuer") != issuer:
        raise Untrusted("issuer of the discovery document")
    own = urlsplit(issuer)
    found = {}
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"):
        url = document.get(name)
        if url is None and name == "end_session_endpoint":
            found[name] = ""
            continue
        address = address_of(url)
        if address is None or not _is_elsewhere_public(own, address):
            raise Untrusted(name)
        found[name] = str(url)
    methods = document.get("token_endpoint_auth_methods_supported")
    basic = not isinstance(methods, list) or "client_secret_post" not in methods
    names_itself = document.get("authorization_response_iss_parameter_supported") is True
    return Metadata(issuer, **found, basic=basic, names_itself=names_itself)


def _is_elsewhere_public(own: SplitResult, address: SplitResult) -> bool:
    """Another host than the issuer's is asked only by a name, over https: a document from outside does not send the
    portal to machines of its own network by number, nor to itself."""
    if (own.scheme, own.hostname, own.port) == (address.scheme, address.hostname, address.port):
        return True
    if address.scheme != "https" or address.hostname in HERE:
        return False
    try:
        ipaddress.ip_address(address.hostname or "")
    except ValueError:
        return own.hostname == address.hostname or "." in (address.hostname or "")
    return own.hostname == address.hostname


def keys_of(document: object) -> KeySet:
    """A provider's published keys: those that sign, and public ones alone. Untrusted when there are none."""
    listed = document.get("keys") if isinstance(document, Mapping) else None
    public = [
        one
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict) and one.get("kty") in ("RSA", "EC", "OKP") and one.get("use", "sig") == "sig"
    ]
    try:
        return KeySet.import_key_set({"keys": public})
    except (JoseError, ValueError, TypeError, KeyError):
        raise Untrusted("keys") from None


def id_token(
    token: object, keys: KeySet, provider: Metadata, client_id: str, nonce: str, now: datetime
) -> dict[str, Any]:
    """The claims of an ID token that this provider made for this client in this very sign-on (OpenID Connect Core
    3.1.3.7). UnknownKey, Untrusted."""
    header, claims = _signed(token, keys)
    if header.get("typ", "JWT") not in ("JWT", "jwt"):
        raise Untrusted("type")
    _check(header, claims, provider, client_id, now, {"nonce": nonce}, ("sub", "exp", "nonce"))
    return claims


def logout_token(token: object, keys: KeySet, provider: Metadata, client_id: str, now: datetime) -> dict[str, Any]:
    """The claims of a logout token (OpenID Connect Back-Channel Logout 2.6): of whom (`sub`) or of what (`sid`) it is.
    An ID token is none. UnknownKey, Untrusted."""
    header, claims = _signed(token, keys)
    events = claims.get("events")
    if header.get("typ", "logout+jwt") not in ("logout+jwt", "JWT") or "nonce" in claims:
        raise Untrusted("type")
    if not isinstance(events, Mapping) or not isinstance(events.get(LOGOUT_EVENT), Mapping):
        raise Untrusted("events")
    if not claims.get("sub") and not claims.get("sid"):
        raise Untrusted("subject")
    _check(header, claims, provider, client_id, now, {}, ("exp", "jti"))
    return claims


def _signed(token: object, keys: KeySet) -> tuple[dict[str, Any], dict[str, Any]]:
    if not isinstance(token, str):
        raise Untrusted("no token")
    try:
        found = jwt.decode(token, keys, registry=JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False))
    except InvalidKeyIdError:
        raise UnknownKey("key") from None
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        raise Untrusted("signature") from None
    return found.header, found.claims


def _check(
    header: dict[str, Any],
    claims: dict[str, Any],
    provider: Metadata,
    client_id: str,
    now: datetime,
    expected: Mapping[str, str],
    needed: Collection[str],
) -> None:
    """Untrusted where a claim is not as it must be; it names the claim."""
    seconds = int(now.timestamp())
    said = {"iss": provider.issuer, "aud": client_id, **expected}
    options: dict[str, dict[str, Any]] = {name: {"essential": True} for name in needed}
    options |= {name: {"essential": True, "value": value} for name, value in said.items()}
    checked = CodeIDToken(claims, header, options, {"client_id": client_id, **expected})
    checked.ESSENTIAL_CLAIMS = ["iss", "aud", "iat"]
    try:
        checked.validate(seconds, SKEW)
    except JoseError as error:
        raise Untrusted(str(getattr(error, "claim", None) or "expired")) from None
    except (ValueError, TypeError):
        raise Untrusted("claims") from None
    if any(not isinstance(claims[name], str) for name in expected) or claims["iss"] != provider.issuer:
        raise Untrusted("claims")
    if claims["iat"] < seconds - FRESH - SKEW:
        raise Untrusted("iat")
    for name in ("sub", "sid"):
        if name in claims and not _is_name(claims[name]):
            raise Untrusted(name)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST and storable(value)


def email_of(claims: Mapping[str, Any]) -> str | None:
    """The address that the provider says it has verified, in small letters; None for none. `xms_edov` is how Microsoft
    Entra ID says it: the address is of a domain whose owner it knows."""
    email, verified = claims.get("email"), claims.get("email_verified")
    if verified is None:
        verified = claims.get("xms_edov") in (True, "1")
    if verified is not True or not _is_name(email) or domain_of(str(email)) is None:
        return None
    return str(email).strip().lower()


def domain_of(email: str) -> str | None:
    """The domain of an e-mail address, in small letters; None where it is no address.

    >>> domain_of(" Ann@Police.Example "), domain_of("ann"), domain_of("ann@police@example")
    ('police.example', None, None)
    """
    found = re.fullmatch(r"[^\s@]+@([a-z0-9.-]+)", email.strip().lower(), re.ASCII)
    return found[1] if found and is_domain(found[1]) else None


def is_domain(text: str) -> bool:
    """Whether a text is a domain as e-mail addresses have it, in small letters."""
    return len(text) <= 253 and re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}", text) is not None


def is_strong(claims: Mapping[str, Any]) -> bool:
    """Whether the provider says that more than one factor was shown (`amr` of RFC 8176, or an `acr` that means it).
    Where it says nothing, it was one."""
    amr = claims.get("amr")
    acr = claims.get("acr")
    return (isinstance(amr, list) and "mfa" in amr) or (isinstance(acr, str) and acr in MULTI_FACTOR)
