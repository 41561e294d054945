"""The API's description as an OpenAPI document (3.1), made of what each route declares and of nothing else."""

import re
from collections.abc import Iterable
from typing import Any

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from portal.rest import shapes
from portal.rest.described import Operation, operation_of
from portal.rest.limits import Limits
from portal.rest.paging import MOST
from portal.words.api import PROBLEMS, SCOPES

IMPLIED = {"HEAD", "OPTIONS"}
"""Methods that every route has beside its own: HEAD answers as GET without a body."""
CURSOR = {"type": "string", "pattern": "^[A-Za-z0-9_-]*$"}
PERIOD = {"type": "string", "examples": ["2008-09-q3"]}
INTRODUCTION = (
    "Published editions are for everybody. The rest needs a token (`Authorization: Bearer TOKEN`), which acts as its "
    "account: the same services and the same policy as on the pages. Figures are text, so that no digit is lost; "
    "instants are UTC. Every refusal is a problem document (RFC 9457). Members may be added to answers; none is taken "
    "away or changes its meaning within version 1."
)
QUERY: dict[str, dict[str, Any]] = {
    "agreement": {
        "name": "agreement",
        "description": "The key of the agreement that it is about; without it the usual one.",
        "schema": {"type": "string", "examples": ["leicester-local-area-agreement-2008-11"]},
    },
    "period": {"name": "period", "required": True, "description": "The period, in any spelling.", "schema": PERIOD},
    "other period": {
        "name": "period",
        "description": "Another period than the one published last.",
        "schema": PERIOD,
    },
    "limit": {
        "name": "limit",
        "description": "How many at most; without `limit` and cursor a list is answered whole, save /changes.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST},
    },
    "after": {"name": "after", "description": "Where to go on: `next` of the page before.", "schema": CURSOR},
    "since": {"name": "since", "description": "Where to go on: `next` of the answer before.", "schema": CURSOR},
    "at": {
        "name": "at",
        "description": "A past day, or an instant with its time zone: it is answered as it was known then.",
        "schema": {"type": "string", "examples": ["2009-01-20"]},
    },
}
PATH: dict[str, dict[str, Any]] = {
    "period": {"description": "The period, in any spelling.", "schema": PERIOD},
    "measure": {
        "description": "The measure's code, in any spelling.",
        "schema": {"type": "string", "examples": ["ni-16"]},
    },
    "number": {"description": "The edition's number.", "schema": {"type": "integer", "minimum": 0}},
    "key": {"description": "The theme's key.", "schema": {"type": "string", "examples": ["safer"]}},
    "year": {"description": "The financial year.", "schema": {"type": "string", "examples": ["2008-09"]}},
}
TAGS = {"type": "string", "examples": ["*", '"14-3-0123456789abcdef"']}
TAG = {"type": "string", "examples": ['"14-3-0123456789abcdef"']}
HEADERS: dict[str, dict[str, Any]] = {
    "If-Match": {"description": "It is only done if this is the version that is there; else 412.", "schema": TAGS},
    "If-None-Match": {"description": "The version that you have: 304 if it still is; for changes 412.", "schema": TAG},
    "Idempotency-Key": {
        "description": "A name of your choice for this very request: sent again within a day, it is answered again and "
        "done once, with `Idempotent-Replayed: true`.",
        "schema": {"type": "string", "pattern": "^[!#-~]{1,200}$"},
    },
}
TOLD: dict[str, dict[str, Any]] = {
    "ETag": {"description": "The version of what is answered.", "schema": {"type": "string"}, "required": True},
    "RateLimit-Policy": {
        "description": "The limit: requests (q) within so many seconds (w).",
        "schema": {"type": "string", "examples": ['"token";q=600;w=60']},
        "required": True,
    },
    "RateLimit": {
        "description": "What is left of it: requests (r), and the seconds until it begins anew (t).",
        "schema": {"type": "string", "examples": ['"token";r=599;t=42']},
    },
    "Link": {"description": "The next page, and the licence.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}, "required": True},
    "WWW-Authenticate": {"description": "Which kind of token.", "schema": {"type": "string"}, "required": True},
}


def rules_of(server: Flask) -> list[tuple[Rule, str, Operation]]:
    """Every route of the API with its method and how it describes itself. LookupError for one that does not."""
    found = []
    for rule in sorted(server.url_map.iter_rules(), key=lambda one: one.rule):
        if rule.endpoint.startswith("api."):
            described = operation_of(server.view_functions[rule.endpoint])
            found += [(rule, method, described) for method in sorted((rule.methods or set()) - IMPLIED)]
    return found


def document(server: Flask, prefix: str, limits: Limits) -> dict[str, Any]:
    """The whole description, of the routes below `prefix`. LookupError where a route is not described."""
    rules = rules_of(server)
    paths: dict[str, dict[str, Any]] = {}
    for rule, method, one in rules:
        path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule.removeprefix(prefix))
        paths.setdefault(path, {})[method.lower()] = _operation(rule, method, one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Partnership portal",
            "version": "1",
            "description": f"{INTRODUCTION}\n\nEach token may make {limits.token} requests a minute, each address "
            f"without one {limits.public}.",
        },
        "servers": [{"url": prefix}],
        "paths": paths,
        "components": {"schemas": _schemas(one for _, _, one in rules), "securitySchemes": {"token": _token()}},
    }


def _operation(rule: Rule, method: str, one: Operation) -> dict[str, Any]:
    asked = [{"in": "path", "required": True, "name": name, **PATH[name]} for name in sorted(rule.arguments)]
    asked += [{"in": "query", **QUERY[name]} for name in (*one.asks, "agreement")]
    names = [name for name in HEADERS if method == "POST" or name != "Idempotency-Key"]
    asked += [{"in": "header", "name": name, **HEADERS[name]} for name in names]
    found: dict[str, Any] = {
        "operationId": rule.endpoint.removeprefix("api."),
        "summary": one.summary,
        "description": f"Needs `{one.action}`, and of its token the scope {one.scope} at least."
        if one.private
        else "For everybody.",
        "security": [{"token": []}] if one.private else [{}, {"token": []}],
        "parameters": asked,
        "responses": {str(status): _response(status, method, one) for status in one.statuses(method)},
    }
    if one.takes is not None:
        said = {"application/json": {"schema": _reference(one.takes)}}
        found["requestBody"] = {"required": not one.takes.may_be_missing, "content": said}
    return found


def _response(status: int, method: str, one: Operation) -> dict[str, Any]:
    names = ["RateLimit-Policy", "RateLimit"]
    if status == 304:
        return {"description": "It has not changed.", "headers": _told(*names, "ETag")}
    if status == 200:
        tagged = method == "GET" or one.gives is shapes.Return
        linked = "limit" in one.asks
        names += ["ETag"] * tagged + ["Link"] * linked
        kind, schema = (
            ("application/json", _reference(one.gives)) if not isinstance(one.gives, str) else (one.gives, {})
        )
        return {"description": "As asked.", "headers": _told(*names), "content": {kind: {"schema": schema}}}
    more = {401: ["WWW-Authenticate"], 429: ["Retry-After"]}.get(status, [])
    problem = {"application/problem+json": {"schema": _reference(shapes.Problem)}}
    return {"description": PROBLEMS[status].means, "headers": _told(*names, *more), "content": problem}


def _told(*names: str) -> dict[str, Any]:
    return {name: TOLD[name] for name in names}


def _reference(shape: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def _schemas(operations: Iterable[Operation]) -> dict[str, Any]:
    """The shapes of all answers and bodies, by name."""
    listed = list(operations)
    made: set[type[BaseModel]] = {one.gives for one in listed if not isinstance(one.gives, str)} | {shapes.Problem}
    taken: set[type[BaseModel]] = {one.takes for one in listed if one.takes is not None}
    kinds = [(shape, "serialization") for shape in sorted(made, key=lambda shape: shape.__name__)]
    kinds += [(shape, "validation") for shape in sorted(taken, key=lambda shape: shape.__name__)]
    _, definitions = models_json_schema(kinds, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    return dict(sorted(definitions["$defs"].items()))


def _token() -> dict[str, str]:
    scopes = "; ".join(f"`{name}` {means}" for name, means in SCOPES.items())
    return {"type": "http", "scheme": "bearer", "description": f"Its scope says how far it goes: {scopes}."}
