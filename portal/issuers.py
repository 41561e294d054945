"""Asking an organisation's OpenID provider, over HTTPS: its documents, which are kept for a while, and a token for a code.
Each answer is awaited for seconds, read up to a size, and followed nowhere else."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, TypeVar
from urllib.parse import quote

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.jwk import KeySet
from requests import PreparedRequest, RequestException, Response, Session
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from portal.formats.oidc import Metadata, UnknownKey, Untrusted, address_of, keys_of, metadata_of

SECONDS = 3.0
"""So long a provider may take to connect, to begin its answer, and then to finish it."""
LARGEST = 256 * 1024
KEPT = 600.0
"""So many seconds its documents are good for."""
PATIENCE = 5.0
"""So many seconds a provider that failed is not asked for its documents again, nor one for new keys that just gave some:
strangers can make the portal ask."""
WELL_KNOWN = "/.well-known/openid-configuration"
T = TypeVar("T")


class Silent(Exception):
    """A provider did not answer, or not as one does; `why` says which, for the trail."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass
class _Kept:
    """What is known of one issuer: its documents, since when, and when it failed last."""

    metadata: Metadata
    keys: KeySet
    since: float
    keys_since: float


@dataclass
class Issuers:
    """The providers that this process talks to. `timer` counts seconds."""

    timer: Callable[[], float] = time.monotonic
    _kept: dict[str, _Kept] = field(default_factory=dict)
    _failed: dict[str, tuple[float, Exception]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def metadata(self, issuer: str) -> Metadata:
        """What a provider publishes of itself. Silent, Untrusted."""
        return self._documents(issuer).metadata

    def keys(self, issuer: str, *, anew: bool = False) -> KeySet:
        """Its keys; `anew`: a token is signed with one that is not among them, as after a rotation. Silent, Untrusted."""
        kept = self._documents(issuer)
        if anew and self.timer() - kept.keys_since > PATIENCE:
            kept.keys = keys_of(_get(kept.metadata.jwks_uri))
            kept.keys_since = self.timer()
        return kept.keys

    def read(self, issuer: str, token: Callable[[KeySet], T]) -> T:
        """Read a token with a provider's keys; with its newest ones where it is signed with none of those at hand."""
        try:
            return token(self.keys(issuer))
        except UnknownKey:
            return token(self.keys(issuer, anew=True))

    def _documents(self, issuer: str) -> _Kept:
        with self._lock:
            kept, failed = self._kept.get(issuer), self._failed.get(issuer)
        if kept is not None and self.timer() - kept.since < KEPT:
            return kept
        if failed is not None and self.timer() - failed[0] < PATIENCE:
            raise failed[1]
        try:
            metadata = metadata_of(issuer, _get(issuer.rstrip("/") + WELL_KNOWN))
            keys = keys_of(_get(metadata.jwks_uri))
        except (Silent, Untrusted) as error:
            with self._lock:
                self._failed[issuer] = (self.timer(), error)
            raise
        found = _Kept(metadata, keys, self.timer(), self.timer() - PATIENCE)
        with self._lock:
            self._kept[issuer] = found
        return found

    def redeem(self, found: Metadata, client_id: str, secret: str, back: str, code: str, verifier: str) -> object:
        """The ID token that the provider gives for a code; what else it gives is dropped. Silent where it does not
        answer, Untrusted where it refuses the code."""
        if found.basic:  # quoted there (RFC 6749, 2.3.1), which the library leaves to us
            client_id, secret = quote(client_id, ""), quote(secret, "")
        method = f"client_secret_{'basic' if found.basic else 'post'}"
        with OAuth2Session(client_id, secret, token_endpoint_auth_method=method, redirect_uri=back) as session:
            _bind(session)
            try:
                given = session.fetch_token(found.token_endpoint, code=code, code_verifier=verifier)
            except RequestException as error:
                raise Silent(type(error).__name__) from None
            except (AuthlibBaseError, ValueError, TypeError, AttributeError, RecursionError):
                raise Untrusted("the code was refused") from None
        return given.get("id_token") if isinstance(given, Mapping) else None


class _Bounded(HTTPAdapter):
    """Sends a request to the provider and nowhere else: what it answers is a whole, small answer in time, or none."""

    def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:
        if address_of((request.url or "").partition("?")[0]) is None:
            raise RequestException("not an address that is asked")
        request.headers["Accept-Encoding"] = "identity"  # a small answer must not unfold to a large one
        by = time.monotonic() + 2 * SECONDS
        response = super().send(request, stream=True, timeout=SECONDS, verify=True)
        with response:
            content = _read(response, by)
        if response.is_redirect or response.status_code >= 500:
            raise RequestException("a redirect" if response.is_redirect else "an error of its own")
        response.raw = BytesIO(content)
        return response


def _read(response: Response, by: float) -> bytes:
    content = b""
    try:
        while chunk := response.raw.read1(LARGEST):
            content += chunk
            if len(content) > LARGEST or time.monotonic() > by:
                break
        else:
            return content
    except (HTTPError, OSError):
        raise RequestException("broken off") from None
    raise RequestException("too large" if len(content) > LARGEST else "too slow")


def _bind(session: Session) -> None:
    session.trust_env = False  # no proxy, and no password out of a .netrc
    session.max_redirects = 0
    session.mount("https://", _Bounded())
    session.mount("http://", _Bounded())


def _get(url: str) -> object:
    with Session() as session:
        _bind(session)
        try:
            response = session.get(url, headers={"Accept": "application/json"})
            if response.status_code != 200:
                raise Silent(f"status {response.status_code}")
            return json.loads(response.content)
        except RequestException as error:
            raise Silent(str(error) if type(error) is RequestException else type(error).__name__) from None
        except (ValueError, RecursionError):
            raise Silent("not JSON") from None
