"""A browser's tab without a window: it draws the pages of a running portal over HTTP as Dash's own renderer does, and
sends what is clicked with the ids and values that stand on the page, so that each body is an honest one."""

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from tests.support.wire import ADDRESS, spelled

PARTS = re.compile(r'(?:href|src)="(/(?:assets|_dash-component-suites)/[^"]+)"')
CSRF_COOKIE, CSRF_HEADER = "portal_csrf", "X-CSRFToken"
HIDDEN_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
REFUSED = ("Page not found", "You cannot do this")
"""What pages are called that are drawn instead of one that is not to be had."""
PATIENCE = 60.0
Seen = Callable[[str, int, float], None]
Component = dict[str, Any]


class Tab:
    """One person's browser. `seen` is told of every request: its kind, its status (0 where no answer came), its
    seconds."""

    def __init__(self, base: str, seen: Seen) -> None:
        self.base, self._seen = base, seen
        self.http = requests.Session()
        # As a proxy hands requests on: on a connection that is kept a request can cross with its being closed, which
        # browsers answer by sending once more; without, whatever gets no answer was not answered.
        self.http.headers["Connection"] = "close"
        self.path, self.title = "/", ""
        self._root: Component = {}
        self._dependencies: list[dict[str, Any]] = []
        self._had: dict[str, str] = {}  # the tag of each address that may be asked for again
        self._parts: set[str] = set()  # what never changes is loaded once

    def close(self) -> None:
        """Let go of the connections, as a browser does while its reader reads."""
        self.http.close()

    def request(self, kind: str, method: str, path: str, **sent: Any) -> requests.Response | None:
        """One request and its answer; None where none came."""
        begun = time.perf_counter()
        try:
            answer = self.http.request(method, urljoin(self.base, path), timeout=PATIENCE, **sent)
        except requests.RequestException as error:
            self._seen(f"{kind} ({error})"[:160], 0, time.perf_counter() - begun)
            return None
        self._seen(kind, answer.status_code, time.perf_counter() - begun)
        return answer

    def get(self, kind: str, path: str) -> requests.Response | None:
        """A page or a file, asked for on condition where it was had before."""
        known = {"If-None-Match": self._had[path]} if path in self._had else {}
        answer = self.request(kind, "GET", path, headers=known)
        if answer is not None and answer.status_code == 200 and "ETag" in answer.headers:
            self._had[path] = answer.headers["ETag"]
        return answer

    def sign_in(self, email: str, password: str) -> bool:
        """Fill the form in and send it; whether that led on."""
        form = self.get("sign-in form", "/sign-in")
        found = HIDDEN_TOKEN.search(form.text) if form is not None else None
        if found is None:
            return False
        fields = {"csrf_token": found[1], "email": email, "password": password}
        answer = self.request("sign in", "POST", "/sign-in", data=fields, allow_redirects=False)
        return answer is not None and answer.status_code == 303

    def sign_out(self) -> bool:
        """Press the button of the page /sign-out; whether that led on."""
        form = self.get("sign-out form", "/sign-out")
        found = HIDDEN_TOKEN.search(form.text) if form is not None else None
        if found is None:
            return False
        sent = {"csrf_token": found[1]}
        answer = self.request("sign out", "POST", "/sign-out", data=sent, allow_redirects=False)
        return answer is not None and answer.status_code == 303

    def load(self, path: str) -> bool:
        """A first load of a page of the frame: its index with all its parts, the layout, and the page drawn in it."""
        index = self.get("first load", path)
        if index is None or index.status_code != 200:
            return False
        for part in set(PARTS.findall(index.text)) - self._parts:
            self._parts.add(part)
            self.request("asset", "GET", part)
        layout = self.request("layout", "GET", "/_dash-layout")
        wired = self.request("layout", "GET", "/_dash-dependencies")
        if layout is None or wired is None:
            return False
        self._root, self._dependencies = layout.json(), wired.json()
        return self.go(path)

    def go(self, address: str) -> bool:
        """Follow a link within the frame; whether there was a page behind it."""
        split = urlsplit(address)
        self.path = split.path
        props = self.of("address")
        props |= {"pathname": split.path, "search": f"?{split.query}" if split.query else ""}
        answer = self.trigger("page", "address", "pathname")
        if answer is None:
            return False
        self.title = self.of("title").get("children", "")
        return self.title not in REFUSED

    def click(self, kind: str, identity: Any) -> Component | None:
        """Press a button; the answer, or None where it was refused or none came. Where it leads on, the tab goes."""
        props = self.of(identity)
        props["n_clicks"] = (props.get("n_clicks") or 0) + 1
        answer = self.trigger(kind, identity, "n_clicks")
        onward = next((part["href"] for part in (answer or {}).values() if "href" in part), None)
        if onward:
            self.go(onward)
        return answer

    def trigger(self, kind: str, identity: Any, prop: str) -> Component | None:
        """Send what a change of this property sets off on the server, and put the answer on the page."""
        for wired in self._dependencies:
            if wired["clientside_function"] is None and (row := _row(wired["inputs"], identity, prop)) is not None:
                return self._send(kind, self._body(wired, row, identity, prop))
        raise LookupError(f"Nothing on the server hears of {identity}.{prop}.")

    def _send(self, kind: str, body: Component) -> Component | None:
        token = self.http.cookies.get(CSRF_COOKIE, "")
        answer = self.request(kind, "POST", ADDRESS, json=body, headers={CSRF_HEADER: token})
        if answer is None or answer.status_code not in (200, 204):
            return None
        found: Component = answer.json()["response"] if answer.status_code == 200 else {}
        for where, changed in found.items():
            self.of(json.loads(where) if where.startswith("{") else where).update(changed)
        return found

    def _body(self, wired: dict[str, Any], row: dict[str, Any], identity: Any, prop: str) -> Component:
        outputs = [_named(one, row) for one in wired["output"].strip(".").split("...")]
        body = {
            "output": wired["output"],
            "outputs": outputs if wired["output"].startswith("..") else outputs[0],
            "inputs": [self._filled(one, row) for one in wired["inputs"]],
            "changedPropIds": [f"{spelled(identity)}.{prop}"],
        }
        return body | ({"state": [self._filled(one, row) for one in wired["state"]]} if wired["state"] else {})

    def _filled(self, wired: dict[str, Any], row: dict[str, Any]) -> Any:
        """An input or a state with what stands on the page."""
        identity, prop = _identity(wired["id"]), wired["property"]
        if isinstance(identity, dict) and ["ALL"] in identity.values():
            there = [each["props"] for each in self.components() if _matches(identity, each["props"].get("id"))]
            return [_item(props["id"], prop, props) for props in there]
        if isinstance(identity, dict):
            plain = {key: row[key] if isinstance(had, list) else had for key, had in identity.items()}
            wild = {key: {"wild": had[0]} if isinstance(had, list) else had for key, had in identity.items()}
        else:
            plain = wild = identity
        props = self.find(plain)
        if props is None and wired.get("allow_optional"):
            return {"id": wild, "property": prop, "allow_optional": True, "value": None}
        if props is None:
            raise LookupError(f"{plain} is not on the page {self.path}.")
        return _item(plain, prop, props)

    def components(self) -> Iterator[Component]:
        """Everything on the page."""
        todo: list[Any] = [self._root]
        while todo:
            found = todo.pop()
            if isinstance(found, list):
                todo.extend(reversed(found))
            elif isinstance(found, dict) and "props" in found:
                yield found
                todo.append(found["props"].get("children"))

    def find(self, identity: Any) -> Component | None:
        """What a component has, by its id; None where it is not on the page."""
        return next((each["props"] for each in self.components() if each["props"].get("id") == identity), None)

    def of(self, identity: Any) -> Component:
        """The same; of a component that is gone, what nobody looks at."""
        found = self.find(identity)
        return {} if found is None else found

    def parts(self, part: str) -> list[Any]:
        """The ids on the page that are this part of some row."""
        ids = [each["props"].get("id") for each in self.components()]
        return [one for one in ids if isinstance(one, dict) and one.get("part") == part]

    def links(self) -> list[str]:
        """The addresses of this site that the page links to, the navigation's among them."""
        found = [each["props"].get("href") for each in self.components() if each["type"] in ("A", "Link")]
        return [one for one in found if isinstance(one, str) and one.startswith("/") and one != self.path]

    def says(self, answer: Component | None, text: str) -> bool:
        """Whether an answer has this text in it."""
        return answer is not None and text in json.dumps(answer)


def _identity(written: str) -> Any:
    return json.loads(written) if written.startswith("{") else written


def _matches(pattern: dict[str, Any], identity: Any) -> bool:
    if not isinstance(identity, dict) or identity.keys() != pattern.keys():
        return False
    return all(isinstance(had, list) or identity[key] == had for key, had in pattern.items())


def _row(inputs: list[dict[str, Any]], identity: Any, prop: str) -> dict[str, Any] | None:
    """What the wildcards of a callback stand for when this property sets it off; None where it does not."""
    for one in inputs:
        pattern = _identity(one["id"])
        if one["property"] == prop and isinstance(pattern, dict) and _matches(pattern, identity):
            return {key: identity[key] for key, had in pattern.items() if had == ["MATCH"]}
        if one["property"] == prop and pattern == identity:
            return {}
    return None


def _named(written: str, row: dict[str, Any]) -> Component:
    identity, _, prop = written.rpartition(".")
    found = _identity(identity)
    if isinstance(found, dict):
        found = {key: row.get(key, had) if isinstance(had, list) else had for key, had in found.items()}
    return {"id": found, "property": prop}


def _item(identity: Any, prop: str, props: Component) -> Component:
    """The renderer leaves the value out where a property is not set."""
    return {"id": identity, "property": prop} | ({"value": props[prop]} if prop in props else {})
