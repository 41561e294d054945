"""Crafted posts: from a callback's honest body, everything that somebody with a script could send instead."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from tests.support.addresses import addresses
from tests.support.wire import spelled

Body = dict[str, Any]
JSON = "application/json"
LISTS = ("outputs", "inputs", "state")


@dataclass(frozen=True)
class Crafted:
    """One request to the callbacks' address. `name` says what is wrong with it; `reaches` for one that names rows of
    others, which is another thing whoever sends it."""

    name: str
    body: object
    content_type: str | None = JSON
    method: str = "POST"
    token: bool = True
    query: str = ""
    reaches: bool = False

    @property
    def data(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else encoded(self.body)


class Token(str):
    """Written into the JSON as it is: what no writer of JSON would write."""


def encoded(body: object) -> bytes:
    """JSON as Python writes it, NaN and lone surrogates included, and with raw tokens."""

    def marked(value: Any) -> Any:
        if isinstance(value, Token):
            return f"@token@{value}@"
        if isinstance(value, dict):
            return {key: marked(inner) for key, inner in value.items()}
        return [marked(inner) for inner in value] if isinstance(value, list | tuple) else value

    return re.sub('"@token@(.*?)@"', r"\1", json.dumps(marked(body))).encode()


TOKENS = [Token("9" * 5000), Token("1e400"), Token("-1e400"), Token("NaN"), Token("Infinity"), Token("-Infinity")]
NO_IDS: list[object] = [
    *(0, -1, 2**31 - 1, 2**31, 2**53 - 1, 2**53, 1.5, 1e22, None, True, False),
    *("", "-1", "0x1", "1 OR 1=1", "MATCH", "%", "../1", "\x00", "\ud800", "٣", "x" * 201),
    *({"return": 1}, {"id": {"return": 1}}, [1], ["MATCH"], ["ALL"], ["ALLSMALLER"], {}, []),
    *TOKENS,
]
NO_VALUES: list[object] = [
    *(
        None,
        True,
        -1,
        1.5,
        10**17,
        2**63,
        "",
        "\x00",
        "\ud800",
        "x" * 100_000,
        [1],
        {},
        json.loads("[" * 15 + "]" * 15),
    ),
    *TOKENS[:4],
]


def crafted(body: Body, known: Iterable[object], outputs: Iterable[str]) -> Iterator[Crafted]:
    """Every crafted request that comes of an honest body; `known` are ids that are not, or not
    all, the sender's (first those of returns), `outputs` those of
    the other callbacks."""
    known = list(known)
    for name, sent in chain(_ids(body, known), _ids_that_differ(body, known), _addresses(body, known)):
        yield Crafted(name, sent, reaches=True)
    for name, sent in chain(
        _values(body, known),
        _names(body),
        _other_outputs(body, outputs),
        _amounts(body),
        _changes(body),
    ):
        yield Crafted(name, sent)
    yield from _transports(body)


def _places(body: Body) -> Iterator[tuple[str, list[Any]]]:
    """The name of every item, and the way to it."""
    for key in LISTS:
        items = body.get(key, [])
        if isinstance(items, dict):
            yield key, [key]
            continue
        for i, item in enumerate(items):
            if isinstance(item, list):  # all the rows of a pattern
                yield from ((f"{key}[{i}][{j}]", [key, i, j]) for j in range(len(item)))
            else:
                yield f"{key}[{i}]", [key, i]


def _at(body: Body, way: list[Any]) -> Any:
    found: Any = body
    for step in way:
        found = found[step]
    return found


def _put(body: Body, way: list[Any], item: object) -> Body:
    """The body with another item at one place; what is beside the way there is shared with the body itself."""
    changed: Any = body.copy()
    place = changed
    for step in way[:-1]:
        place[step] = place[step].copy()
        place = place[step]
    place[way[-1]] = item
    found: Body = changed
    return found


def _altered(body: Body, way: list[Any], **to: Any) -> Body:
    """The body with another id, property or value at one place, and what changed told accordingly."""
    return _told(_put(body, way, {**_at(body, way), **to}))


def _told(body: Body) -> Body:
    first = body["inputs"][0]
    return {**body, "changedPropIds": [_changed(first)]} if isinstance(first, dict) else body


def _changed(item: Body) -> str:
    identity, prop = item.get("id"), item.get("property")
    return f"{spelled(identity) if not isinstance(identity, str) else identity}.{prop}"


def _ids(body: Body, known: list[object]) -> Iterator[tuple[str, Body]]:
    """The same other id at every place, told consistently: as a page of that row would send it."""
    keys = {key for _, way in _places(body) if isinstance(_at(body, way)["id"], dict) for key in _at(body, way)["id"]}
    for key in sorted(keys - {"part"}):
        for value in (*known, str(known[0]), {"return": known[0]}, *NO_IDS):
            found = body
            for _, way in _places(body):
                item = _at(body, way)
                if isinstance(item["id"], dict) and key in item["id"]:
                    found = _put(found, way, {**item, "id": {**item["id"], key: value}})
            yield f"every {key} is {value!r:.60}", _told(found)


def _ids_that_differ(body: Body, known: list[object]) -> Iterator[tuple[str, Body]]:
    """Another row at one place alone."""
    for name, way in _places(body):
        identity = _at(body, way)["id"]
        for key in identity if isinstance(identity, dict) else ():
            for value in (*known[:3], "1", ["ALL"]):
                other = {**identity, key: value}
                if other == identity:
                    continue
                yield f"{name} alone has {key} {value!r}", _altered(body, way, id=other)
                yield f"{name} alone has {key} {value!r}, untold", _put(body, way, {**_at(body, way), "id": other})
                if name == "inputs[0]":
                    change = _changed({**_at(body, way), "id": other})
                    yield f"changed alone has {key} {value!r}", {**body, "changedPropIds": [change]}
                    parsed = {"parsedChangedPropsIds": [other]}
                    yield f"what is parsed of it alone has {key} {value!r}", {**body, **parsed}


def _values(body: Body, known: list[object]) -> Iterator[tuple[str, Body]]:
    """Wrong types in every value."""
    for name, way in _places(body):
        if name.startswith("outputs"):
            yield f"{name} has a value", _altered(body, way, value=1)
            continue
        for value in (known[0], *NO_VALUES):
            yield f"{name} is {value!r:.60}", _altered(body, way, value=value)
        without = {said: value for said, value in _at(body, way).items() if said != "value"}
        yield f"{name} has no value", _put(body, way, without)
    empty = body
    for name, way in _places(body):
        if not name.startswith("outputs"):
            empty = _put(empty, way, {**_at(body, way), "value": None})
    yield "nothing has a value", empty


def _addresses(body: Body, known: list[object]) -> Iterator[tuple[str, Body]]:
    """For a callback that reads the browser's address: paths to others' rows, and queries that try to be paths."""
    found = {
        item["property"]: i
        for i, item in enumerate(body["inputs"])
        if isinstance(item, dict) and item["id"] == "address"
    }
    for path, search in addresses(known[:3]) if {"pathname", "search"} <= found.keys() else ():
        sent = body
        for name, value in (("pathname", path), ("search", search)):
            sent = _put(sent, ["inputs", found[name]], {**body["inputs"][found[name]], "value": value})
        yield f"address {path[:60]!r} {search[:60]!r}", sent


def _names(body: Body) -> Iterator[tuple[str, Body]]:
    """Renamed components and properties."""
    for name, way in _places(body):
        item = _at(body, way)
        for prop in ("pathname", "children", "__class__", None, ["value"]):
            if prop != item["property"]:
                yield f"{name}.property is {prop!r}", _altered(body, way, property=prop)
        ids: list[object] = ["address", "page", "{", None, {"part": "save"}]
        if isinstance(item["id"], dict):
            ids += [{**item["id"], "part": "go"}, {**item["id"], "more": 1}, spelled(item["id"]), [item["id"]]]
        for identity in ids:
            if identity != item["id"]:
                yield f"{name}.id is {identity!r}", _altered(body, way, id=identity)
        yield f"{name} has a key more", _altered(body, way, actor="team")


def _other_outputs(body: Body, outputs: Iterable[str]) -> Iterator[tuple[str, Body]]:
    odd = ("nope.children", "", ".", "....", "page.children", "..page.children..", None, 1, True, [body["output"]], {})
    for output in (*odd, *(other for other in outputs if other != body["output"])):
        yield f"output is {output!r:.80}", {**body, "output": output}


def _amounts(body: Body) -> Iterator[tuple[str, Body]]:
    """What is missing, too much, in another order or said twice; things of another kind in each place."""
    for key in body:
        yield f"no {key}", {name: said for name, said in body.items() if name != key}
        for junk in (None, "x", [], {}, {"0": body[key]}, [body[key]]):
            if junk != body[key]:
                yield f"{key} is {junk!r:.60}", {**body, key: junk}
    for key in LISTS:
        items = body.get(key, [])
        if not isinstance(items, list):
            yield f"{key} twice", {**body, key: [items, items]}
            continue
        extra = {"id": "extra", "property": "value", "value": 1}
        yield f"{key} with one more", {**body, key: [*items, extra]}
        for i, item in enumerate(items):
            yield f"{key}[{i}] left out", {**body, key: items[:i] + items[i + 1 :]}
            yield f"{key}[{i}] twice", {**body, key: [*items[: i + 1], *items[i:]]}
            yield f"{key}[{i}] as a list", {**body, key: [*items[:i], [item], *items[i + 1 :]]}
            yield f"{key}[{i}] as nothing", {**body, key: [*items[:i], None, *items[i + 1 :]]}
        if len(items) > 1:
            yield f"{key} in another order", {**body, key: items[::-1]}
    yield "inputs and states in each other's place", {**body, "inputs": body.get("state", []), "state": body["inputs"]}
    for key in ("actor", "user", "role", "background", "cancelJob", "__proto__"):
        yield f"{key} is said too", {**body, key: "team"}


def _changes(body: Body) -> Iterator[tuple[str, Body]]:
    """What changed, told otherwise."""
    told = body["changedPropIds"]
    items = [_at(body, way) for name, way in _places(body) if not name.startswith("outputs")]
    odd: list[Any] = [[], None, "x", [None], [1], [""], ["."], ["{"], ["{}.x"], ["page.children"], told * 2, [told]]
    for changed in (*odd, *([_changed(item)] for item in items), [f"{one} " for one in told]):
        if changed != told:
            yield f"changed is {changed!r:.80}", {**body, "changedPropIds": changed}
    for parsed in (None, [], "x", [None], [{}], [[]], [{"return": 1}], [1, 2]):
        yield f"parsed is {parsed!r}", {**body, "parsedChangedPropsIds": parsed}


def _transports(body: Body) -> Iterator[Crafted]:
    """Not JSON, not said to be JSON, too large, not a post, not from our page."""
    data = encoded(body)
    raw = {
        "nothing": b"",
        "null": b"null",
        "a list": b"[" + data + b"]",
        "half of it": data[: len(data) // 2],
        "it twice": data * 2,
        "a key twice": data[:-1] + b', "output": "page.children"}',
        "a form": b"output=page.children&inputs=",
        "bytes": bytes(range(256)),
        "UTF-16": data.decode().encode("utf-16"),
        "a byte order mark": data.decode().encode("utf-8-sig"),
        "3,000 levels": b"[" * 3000 + b"]" * 3000,
        "5,000 digits": b"9" * 5000,
        "a comment": data + b"// x",
    }
    for name, sent in raw.items():
        yield Crafted(name, sent)
    for kind in (None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/ld+json"):
        yield Crafted(f"sent as {kind}", data, kind)
    yield Crafted("in another character set", data, "application/json; charset=utf-16")
    yield Crafted("too large", data + b" " * 256 * 1024)
    for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        yield Crafted(f"by {method}", data, method=method)
    yield Crafted("without a token", data, token=False)
    yield Crafted("with a query", data, query="?return_id=1&actor=team")
