"""The guard before Dash: refuses with a 4xx what no page of ours sends, where Dash would fail or run it."""

import functools
import json
import math
import re
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from dash import Dash
from dash._utils import create_callback_id
from dash.exceptions import DependencyException
from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotFound, RequestEntityTooLarge, UnsupportedMediaType

CONTENT_TYPES = ("application/json", "application/json;charset=utf-8")
LARGEST_BODY = 256 * 1024
DEEPEST = 20
LONGEST_INTEGER = 18
LONGEST_ROW_NAME = 200
LARGEST_ROW_NUMBER = 2**53 - 1  # beyond this JavaScript no longer tells one whole number from the next

# What Dash 4.4.1's renderer sends; `outputs` and `state` are left out when the callback has none.
NEEDED = frozenset({"output", "inputs", "changedPropIds"})
KNOWN = NEEDED | {"outputs", "state", "parsedChangedPropsIds"}
OUTPUT_KEYS = frozenset({"id", "property"})
INPUT_KEYS = OUTPUT_KEYS | {"value"}  # `value` is left out while the property is not set

MATCH, ALL, ALLSMALLER = ["MATCH"], ["ALL"], ["ALLSMALLER"]  # as Dash spells them inside an id
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL and lone surrogates, which no database takes

Id = str | dict[str, Any]
Matched = dict[str, str | int]  # what each MATCH stands for in one request


def protect(app: Dash, largest: int = LARGEST_BODY) -> None:
    """Hold every callback's POST against `app`'s own callbacks before Dash sees it."""
    # The endpoint rather than the path: it is what Flask will dispatch on, so the two cannot disagree.
    endpoint = f"{app.config.routes_pathname_prefix}_dash-update-component"

    @app.server.before_request
    def hold_against_callbacks() -> None:
        if request.endpoint != endpoint or request.method != "POST":
            return
        if request.headers.get("Content-Type", "").lower().replace(" ", "") not in CONTENT_TYPES:
            raise UnsupportedMediaType("A callback's request is application/json.")
        # Werkzeug silently cuts off at its limit a body that comes in chunks; one byte more lets us notice.
        request.max_content_length = largest + 1
        raw = request.get_data()
        if len(raw) > largest:
            raise RequestEntityTooLarge
        try:
            check_body(read_json(raw), app.callback_map)
        except ValueError as wrong:
            raise BadRequest(str(wrong)) from wrong


def quiet_suites(app: Dash) -> None:
    """Answer 404 for a component's file that does not exist; Dash lets its own exception become a 500."""
    rule = "_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"
    endpoint = f"{app.config.routes_pathname_prefix}{rule}"
    serve = app.server.view_functions[endpoint]

    @functools.wraps(serve)
    def serve_or_not_found(**path: str) -> ResponseReturnValue:
        try:
            answer: ResponseReturnValue = serve(**path)
        except (DependencyException, FileNotFoundError) as missing:
            # The second is for the .map files that Dash lists but does not ship.
            raise NotFound from missing
        return answer

    app.server.view_functions[endpoint] = serve_or_not_found


def read_json(raw: bytes) -> object:
    """Parse strictly: one meaning for every parser, finite numbers, text that a database can hold."""
    try:
        body = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=each_once,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_float,
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        # Their own messages quote the body.
        raise ValueError("The request is not JSON.") from None
    _check_values(body)
    return body


def check_body(body: object, callback_map: Mapping[str, Any]) -> None:
    """Raise ValueError unless `body` is what one of our pages sends for a callback in `callback_map`.

    This says that the shape is ours, not that the rows are: whose row it is, the services decide.
    """
    if not isinstance(body, dict) or not NEEDED <= body.keys() <= KNOWN:
        raise ValueError("The request is not a callback's.")
    callback = callback_map.get(body["output"]) if isinstance(body["output"], str) else None
    if callback is None or "callback" not in callback:  # those that run in the browser have no function here
        raise ValueError("No callback on this server has that output.")
    matched: Matched = {}
    outputs = callback["output"]
    if isinstance(outputs, list | tuple):
        _check_items(body.get("outputs", []), _declared(outputs, callback), matched, OUTPUT_KEYS)
    else:
        _check_items([body.get("outputs")], _declared([outputs], callback), matched, OUTPUT_KEYS)
    named = _check_items(body["inputs"], callback["inputs"], matched, INPUT_KEYS)
    _check_items(body.get("state", []), callback["state"], matched, INPUT_KEYS)
    _check_changed(body, named)


def each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object whose keys are each given once; ValueError otherwise: parsers take one or the other."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A key is given twice.")
    return found


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > LONGEST_INTEGER:
        raise ValueError("A whole number is too long.")
    return int(text)


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("A number is not finite.")
    return number


def _check_values(body: object) -> None:
    todo = [(body, 1)]
    while todo:
        value, depth = todo.pop()
        if isinstance(value, str) and UNSTORABLE.search(value):
            raise ValueError("A text holds a character that is not one.")
        if isinstance(value, dict | list):
            if depth > DEEPEST:
                raise ValueError("The request is nested too deeply.")
            inside = chain(value, value.values()) if isinstance(value, dict) else value
            todo.extend((inner, depth + 1) for inner in inside)


def _declared(outputs: Iterable[Any], callback: Mapping[str, Any]) -> list[dict[str, str]]:
    # Dash's own spelling of each output, so that allow_duplicate's '@hash' is neither guessed nor left out.
    spelled = [(output, create_callback_id(output, callback["raw_inputs"])) for output in outputs]
    return [{"id": output.to_dict()["id"], "property": key.rpartition(".")[2]} for output, key in spelled]


def _check_items(sent: object, declared: list[Any], matched: Matched, keys: frozenset[str]) -> set[str]:
    """Hold a list of the request against the declared one; answer its names, as `changedPropIds` has them."""
    if not isinstance(sent, list) or len(sent) != len(declared):
        raise ValueError("The number of inputs, states or outputs is not the callback's.")
    named: set[str] = set()
    for item, dependency in zip(sent, declared, strict=True):
        pattern = _pattern(dependency["id"])
        if dependency.get("allow_optional") and _spell(item) == _spell(_absent(dependency, pattern)):
            continue
        many = isinstance(pattern, dict) and (ALL in pattern.values() or ALLSMALLER in pattern.values())
        if many != isinstance(item, list):
            raise ValueError("One item stands where a list belongs, or a list where one item belongs.")
        rows = item if many else [item]
        names = {_check_item(row, pattern, dependency["property"], matched, keys) for row in rows}
        if len(names) != len(rows):
            raise ValueError("A row is given twice.")
        named |= names
    return named


@functools.cache  # only ever asked about the ids of our own callbacks
def _pattern(text: str) -> Id:
    found: Id = json.loads(text) if text.startswith("{") else text
    return found


def _absent(dependency: Mapping[str, Any], pattern: Id) -> dict[str, object]:
    # The renderer sends the dependency itself in place of an optional component that is not on the page.
    if isinstance(pattern, dict):
        pattern = {key: {"wild": had[0]} if isinstance(had, list) else had for key, had in pattern.items()}
    return {"id": pattern, "property": dependency["property"], "allow_optional": True, "value": None}


def _check_item(item: object, pattern: Id, prop: str, matched: Matched, keys: frozenset[str]) -> str:
    if not isinstance(item, dict) or not OUTPUT_KEYS <= item.keys() <= keys or item["property"] != prop:
        raise ValueError("An input, state or output is not the callback's.")
    _check_id(item["id"], pattern, matched)
    return f"{_spell(item['id']) if isinstance(pattern, dict) else pattern}.{prop}"


def _check_id(sent: object, pattern: Id, matched: Matched) -> None:
    if isinstance(pattern, str):
        if sent != pattern:
            raise ValueError("An id is not the callback's.")
        return
    if not isinstance(sent, dict) or sent.keys() != pattern.keys():
        raise ValueError("An id is not the callback's.")
    for key, expected in pattern.items():
        value = sent[key]
        if not isinstance(expected, list):
            if type(value) is not type(expected) or value != expected:  # in Python 1, 1.0 and True are equal
                raise ValueError("An id is not the callback's.")
        elif not _names_a_row(value):
            raise ValueError("An id does not name a row.")
        elif expected == MATCH and matched.setdefault(key, value) != value:
            raise ValueError("The ids are of different rows.")
        elif expected == ALLSMALLER and not _may_precede(value, matched.get(key)):
            raise ValueError("A row is not before the others.")


def _names_a_row(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_ROW_NAME
    return type(value) is int and abs(value) <= LARGEST_ROW_NUMBER


def _may_precede(value: str | int, row: str | int | None) -> bool:
    # Numbers only: in which order texts come, the renderer decides by rules of its own.
    return value < row if isinstance(value, int) and isinstance(row, int) else True


def _check_changed(body: Mapping[str, Any], named: set[str]) -> None:
    # `ctx.triggered_id` is read out of these strings alone, so each must be an input of this very request. It
    # refuses one honest page as well: a callback that waits while the one before it removes the changed row.
    changed = body["changedPropIds"]
    if not isinstance(changed, list) or not all(isinstance(name, str) for name in changed):
        raise ValueError("What changed is not a list of inputs.")
    if len(set(changed)) != len(changed) or not named.issuperset(changed):
        raise ValueError("What changed is not among the inputs.")
    parsed = [json.loads(name.rpartition(".")[0]) if name[0] == "{" else name for name in changed]
    if _spell(body.get("parsedChangedPropsIds", parsed)) != _spell(parsed):
        raise ValueError("What changed is told in two ways that differ.")


def _spell(value: object) -> str:
    """Write JSON as the renderer writes a pattern's id: keys sorted, nothing escaped that need not be."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
