"""Requests to Dash's addresses that come of honest ones by chance: what is sent is bent in its structure, its types, its
ids, its words, its bytes and its headers. The same seed and number make the same request again."""

import copy
import gzip
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.policy import Action
from tests.support.addresses import PATHS, SEARCHES
from tests.support.crafted import JSON, NO_IDS, NO_VALUES, encoded
from tests.support.wire import ADDRESS, spelled

Body = dict[str, Any]
Way = list[Any]
NUMBER_LIKE = ("{}", " {}", "{}.0", "+{}", "0{}", "{}e0", "{} OR 1=1", "{}'--", "[{}]", "0x{:x}")
MORE_KEYS = (
    *("status", "state", "partner", "organisation_id", "verified_by", "verified_revision", "is_admin", "role", "actor"),
    *("version", "agreement", "person_id", "__proto__", "constructor", "prototype", "__class__", "background", "user"),
)
MORE = ({"isAdmin": True, "role": "admin"}, "verified", "team", 1, True, None, {"toString": 1}, [1])
HEADERS: Sequence[dict[str, str]] = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:1"},
    {"Referer": "https://evil.example/returns"},
    {"If-Match": '"14-3"'},
    {"If-None-Match": "*"},
    {"X-Forwarded-For": "10.0.0.1, \u00e9"},
    {"X-HTTP-Method-Override": "DELETE"},
    {"X-Original-URL": "/people"},
    {"Content-Encoding": "gzip"},
    {"Transfer-Encoding": "chunked"},
    {"Content-Length": "5"},
    {"Accept-Encoding": "gzip"},
    {"Range": "bytes=0-9"},
    {"Authorization": "Bearer portal_x"},
    {"Cookie": "portal_session=x"},
    {"Accept": "text/html"},
    {"Host": "evil.example"},
)
TYPES = (None, "", "text/plain", "application/problem+json", "multipart/form-data", "application/json; charset=utf-16")
METHODS = ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
QUERIES = (
    "?return_id=1&actor=team",
    "?preview=1&state=draft",
    "?__proto__[x]=1",
    "?a=%00",
    "?%ff=%ff",
    "?" + "a=&" * 400,
)
LARGE: Sequence[bytes] = (
    b"[" * 3000 + b"]" * 3000,
    b'{"a":' * 3000 + b"1" + b"}" * 3000,
    b"9" * 5000,
    b"[" + b"1," * 100_000 + b"1]",
    b'"' + b"x" * 250_000 + b'"',
    b" " * 300_000,
)


@dataclass(frozen=True)
class Fuzzed:
    """One request: who sends it, of which callback it is made, what was done to it, and the request itself."""

    number: int
    who: str
    door: str
    done: tuple[str, ...]
    method: str
    path: str
    data: bytes
    content_type: str | None
    headers: dict[str, str]
    token: str = "own"

    def __str__(self) -> str:
        done = ", ".join(self.done) or "honest"
        return f"case {self.number}: {self.who}, {self.door}, {done}, {self.method} {self.path[:80]!r}"


@dataclass(frozen=True)
class Source:
    """What requests are made of: the honest body of a callback about a return, the callbacks with the action that each
    needs, who sends, the returns, ids of others, the outputs of other callbacks, addresses of the app's own, and the
    other paths that Dash answers."""

    honest: Callable[[str, int], Body]
    doors: Mapping[str, Action]
    whos: Sequence[str]
    numbers: Sequence[int]
    ids: Sequence[object]
    outputs: Sequence[str]
    pages: Sequence[str]
    paths: Sequence[str]


def fuzzed(source: Source, seed: int, number: int) -> Fuzzed:
    """The request with a number, of a campaign with a seed."""
    chance = random.Random(f"{seed}:{number}")
    who = chance.choice(source.whos)
    if chance.random() < 0.04:
        return _elsewhere(chance, source, number, who)
    door = chance.choice(tuple(source.doors)) if chance.random() < 0.9 else "open_page"
    body = copy.deepcopy(source.honest(door, chance.choice(source.numbers)))
    done = []
    for _ in range(chance.choice((0, 1, 1, 1, 1, 2, 2, 3, 5))):
        change = chance.choices(tuple(CHANGES), tuple(CHANGES.values()))[0]
        try:
            body = copy.deepcopy(change(chance, source, body))  # what it took of the lists below stays as it is
        except (TypeError, KeyError, AttributeError, IndexError):
            break  # bent so far already that there is no such place in it
        done.append(change.__name__.strip("_"))
    sent = {"method": "POST", "path": ADDRESS, "data": encoded(body), "content_type": JSON, "headers": {}}
    if chance.random() < 0.12:
        name, sent = _carried(chance, sent)
        done.append(name)
    token = chance.choice(("none", "wrong", "others")) if chance.random() < 0.03 else "own"
    if token != "own":
        done.append(f"token {token}")
    return Fuzzed(number, who, door, tuple(done), token=token, **sent)


def _elsewhere(chance: random.Random, source: Source, number: int, who: str) -> Fuzzed:
    """Another address of Dash's."""
    path = chance.choice(source.paths)
    for _ in range(chance.choice((0, 0, 1, 2))):
        at = chance.randrange(1, len(path) + 1)
        odd = ("..", "%00", "%ff", "%2e%2e%2f", "//", "?x=1", ";", "\\", "x" * 3000, "٣", "a.js.map", "{}", "@")
        path = path[:at] + chance.choice(odd) + path[at:]
    method = chance.choice((*METHODS, "GET", "GET", "GET", "POST"))
    return Fuzzed(number, who, "elsewhere", (), method, path, b"{}" if method == "POST" else b"", JSON, {})


def _carried(chance: random.Random, sent: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The same, as no page of ours sends it: other bytes, another type, method, headers, or a query."""
    how, data = chance.randrange(6), sent["data"]
    if how == 0 and data:
        found = bytearray(data)
        for _ in range(chance.choice((1, 3, 20))):
            at = chance.randrange(len(found))
            found[at : at + chance.choice((0, 1, 5))] = chance.choice(
                (b"", b"\x00", b"\xff", b'"', b"{", b"NaN", b"1e999")
            )
            found = found or bytearray(b"{")
        return "bytes", sent | {"data": bytes(found[: chance.choice((len(found), len(found) // 2 + 1))])}
    if how == 1:
        whole = (data * 2, b"[" + data + b"]", data[:-1] + b',"output":"page.children"}', b"\xef\xbb\xbf" + data, b"")
        return "whole", sent | {"data": chance.choice((*whole, gzip.compress(data), *LARGE))}
    if how == 2:
        return "type", sent | {"content_type": chance.choice(TYPES)}
    if how == 3:
        return "method", sent | {"method": chance.choice(METHODS)}
    if how == 4:
        return "headers", sent | {"headers": dict(chance.choice(HEADERS))}
    return "query", sent | {"path": ADDRESS + chance.choice(QUERIES)}


def _items(body: Body) -> list[Way]:
    """The ways to all inputs, states and outputs, each row of a pattern by itself."""
    found: list[Way] = []
    for key in ("inputs", "state", "outputs"):
        items = body.get(key)
        for i, item in enumerate(items if isinstance(items, list) else ()):
            found += [[key, i, j] for j in range(len(item))] if isinstance(item, list) else [[key, i]]
    return [way for way in found if isinstance(_at(body, way), dict)]


def _nodes(value: Any, way: Way) -> Iterator[Way]:
    """The ways to everything in a body, down to its leaves."""
    yield way
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield from _nodes(inner, [*way, key])


def _at(body: Any, way: Way) -> Any:
    for step in way:
        body = body[step]
    return body


def _put(body: Body, way: Way, value: object) -> Body:
    if way:
        _at(body, way[:-1])[way[-1]] = value
        return body
    return value if isinstance(value, dict) else {"output": value}


def _told(body: Body) -> Body:
    """What changed, told after what the first input is now."""
    inputs = body.get("inputs")
    first = inputs[0] if isinstance(inputs, list) and inputs else None
    if isinstance(first, list):
        first = first[0] if first else None
    if isinstance(first, dict) and "id" in first and "property" in first:
        body["changedPropIds"] = [f"{spelled(first['id'])}.{first['property']}"]
    return body


def _odd_id(chance: random.Random, source: Source, had: object) -> object:
    """Another row's id, or something that nearly is one."""
    known = chance.choice(source.ids)
    number = known if isinstance(known, int) else 7
    how = chance.randrange(4)
    if how == 0:
        return chance.choice(NUMBER_LIKE).format(number)
    if how == 1:
        return chance.choice(NO_IDS)
    if how == 2:
        return chance.choice((float(number), [number], {"return": number}, str(number), bool(number), -number))
    return known


def _every_id(chance: random.Random, source: Source, body: Body) -> Body:
    """The same other id wherever it stands, consistently: as a page of that row would send it."""
    ways = [way for way in _items(body) if isinstance(_at(body, way).get("id"), dict)]
    keys = sorted({key for way in ways for key in _at(body, way)["id"]} - {"part"}, key=str)
    if not keys:
        return _one_value(chance, source, body)
    key = chance.choice(keys)
    other = _odd_id(chance, source, None)
    for way in ways:
        if key in _at(body, way)["id"]:
            _at(body, way)["id"][key] = other
    return _told(body)


def _one_id(chance: random.Random, source: Source, body: Body) -> Body:
    """Another id at one place alone: in an output, an input, or in what is said to have changed."""
    ways = [way for way in _items(body) if isinstance(_at(body, way).get("id"), dict)]
    if not ways:
        return _one_value(chance, source, body)
    item = _at(body, chance.choice(ways))
    key = chance.choice(sorted(item["id"], key=str))
    other = item["id"] | {key: _odd_id(chance, source, item["id"][key])}
    if chance.random() < 0.3:
        body["changedPropIds"] = [f"{spelled(other)}.{item.get('property')}"]
    elif chance.random() < 0.15:
        body["parsedChangedPropsIds"] = [other]
    else:
        item["id"] = other
    return _told(body) if chance.random() < 0.4 else body


def _one_value(chance: random.Random, source: Source, body: Body) -> Body:
    """Another value in one field: of another type, of another row, or one that no database takes."""
    ways = [way for way in _items(body) if way[0] != "outputs"]
    if not ways:
        return body
    item = _at(body, chance.choice(ways))
    had = item.get("value")
    known = chance.choice(source.ids)
    near = (known, str(known), f"{known}:1", [f"{known}:{n}" for n in (1, 2)], {"id": known, "state": "verified"})
    item["value"] = chance.choice(
        (
            chance.choice(NO_VALUES),
            chance.choice(near),
            [had],
            {"value": had, "__proto__": {"isAdmin": True}},
            f"{had}\u202e",
            str(had) * 50,
            -1 if isinstance(had, int) else had,
        )
    )
    return body


def _inside(chance: random.Random, source: Source, body: Body) -> Body:
    """Ids of others inside a value: in its list, or among its keys."""
    ways = [way for way in _items(body) if way[0] != "outputs" and isinstance(_at(body, way).get("value"), list | dict)]
    if not ways:
        return _one_value(chance, source, body)
    value, known = _at(body, chance.choice(ways))["value"], chance.choice(source.ids)
    if isinstance(value, list):
        value.insert(chance.randint(0, len(value)), chance.choice((known, f"{known}:1", {"return": known}, [known])))
    else:
        value[chance.choice((str(known), "return", "id", "__proto__"))] = known
    return body


def _address(chance: random.Random, source: Source, body: Body) -> Body:
    """Where the browser's address is asked for: a page of the app, with others' rows in every disguise."""
    for way in _items(body):
        item = _at(body, way)
        if item.get("id") == "address" and way[0] == "inputs":
            known = chance.choice(source.ids)
            if item["property"] == "pathname":
                item["value"] = chance.choice((chance.choice(source.pages), chance.choice(PATHS).format(known)))
            elif item["property"] == "search":
                queries = ("", "?period=2008-09-q4", "?at=2009-01-20", "?agreement=no-such", "?group=designated")
                item["value"] = chance.choice((*queries, chance.choice(SEARCHES).format(known)))
    return body


def _more_keys(chance: random.Random, source: Source, body: Body) -> Body:
    """Keys that nobody asked for, anywhere."""
    ways = [way for way in _nodes(body, []) if isinstance(_at(body, way), dict)]
    for _ in range(chance.choice((1, 1, 3))):
        _at(body, chance.choice(ways))[chance.choice(MORE_KEYS)] = chance.choice(MORE)
    return body


def _structure(chance: random.Random, source: Source, body: Body) -> Body:
    """Something is gone, there twice, in a list of its own, or what stands elsewhere."""
    ways = list(_nodes(body, []))[1:]
    if not ways:
        return body
    way, other = chance.choice(ways), chance.choice(ways)
    value, where = _at(body, way), _at(body, way[:-1])
    how = chance.randrange(7)
    if how == 0:
        del where[way[-1]]
        return body
    if how == 1 and isinstance(where, list):
        where.insert(way[-1], copy.deepcopy(value))
        return body
    if how == 2 and isinstance(where, list):
        chance.shuffle(where)
        return body
    if how == 3 and isinstance(value, list):
        return _put(body, way, copy.deepcopy(value) * chance.choice((0, 2, 50, 3000)))
    changed = chance.choice(([value], {"0": value}, None, copy.deepcopy(_at(body, other)), chance.choice(NO_VALUES)))
    return _put(body, way, copy.deepcopy(changed))


def _output(chance: random.Random, source: Source, body: Body) -> Body:
    """Another callback's output, or its outputs' list."""
    other = chance.choice(source.outputs)
    if chance.random() < 0.5:
        body["output"] = other
    else:
        names = [part.rpartition(".") for part in other.strip(".").split("...")]
        body["outputs"] = [{"id": name, "property": prop} for name, _, prop in names]
    return body


def _names(chance: random.Random, source: Source, body: Body) -> Body:
    """Another property or component: what got past guards that believed it."""
    ways = _items(body)
    if ways:
        item = _at(body, chance.choice(ways))
        odd = ("pathname", "children", "__class__", "n_clicks", "data", None, ["value"], "value\x00")
        item["property"] = chance.choice(odd)
        if chance.random() < 0.5:
            return _told(body)
    return body


def _changed(chance: random.Random, source: Source, body: Body) -> Body:
    """What changed, told otherwise."""
    known = chance.choice(source.ids)
    odd: Sequence[Any] = (
        *([], None, "x", [None], [1], ["."], ["{"], ["{}.x"], ["page.children"]),
        [f'{{"part":"save","return":{json.dumps(known)}}}.n_clicks'],
        (body.get("changedPropIds") or ["x"]) * 2,
    )
    body["changedPropIds"] = chance.choice(odd)
    return body


Change = Callable[[random.Random, Source, Body], Body]
CHANGES: Mapping[Change, float] = {
    _every_id: 5,
    _one_id: 2,
    _one_value: 5,
    _inside: 1.5,
    _address: 3,
    _more_keys: 1.5,
    _structure: 2,
    _output: 0.7,
    _names: 0.7,
    _changed: 0.7,
}
"""How often each is done: those that reach the services most, those that the guard refuses now and then."""
