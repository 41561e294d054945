"""Speaking Dash's own protocol: the body that a browser would send for a callback of the portal."""

import json
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

ADDRESS = "/_dash-update-component"
ALWAYS = {"agreement-shown": "leicester-local-area-agreement-2008-11"}
"""What every page has: the agreement that it shows."""


def output_of(app: Flask, name: str) -> str:
    """What Dash calls the callback of this name."""
    doors = app.extensions["portal"]["callbacks"].doors
    return next(output for output, door in doors.items() if door.name == name)


def body(app: Flask, name: str, values: dict[str, Any], row: dict[str, Any] | None = None) -> dict[str, Any]:
    """The body for a callback: `values` by the input's part or id (and '.property' for others than the first),
    `row` the wildcard values of its row, for example {'return': 12}. Everything not named is None."""
    output = output_of(app, name)
    spec = app.extensions["portal"]["dash"].callback_map[output]

    def filled(dependency: dict[str, str]) -> Any:
        identity: Any = dependency["id"]
        if identity.startswith("{") and ["ALL"] in json.loads(identity).values():
            return every(json.loads(identity), dependency["property"])
        if identity.startswith("{"):
            identity = {k: (row or {}).get(k, v) if isinstance(v, list) else v for k, v in json.loads(identity).items()}
            key = identity.get("part")
        else:
            key = identity
        found = values.get(f"{key}.{dependency['property']}", values.get(key, ALWAYS.get(key)))
        return {"id": identity, "property": dependency["property"], "value": found}

    def every(pattern: dict[str, Any], prop: str) -> list[dict[str, Any]]:
        """All that are on the page: a value for each row, under the part's name."""
        (wild,) = (key for key, had in pattern.items() if had == ["ALL"])
        found = values.get(pattern.get("part", wild)) or {}
        rows = [({**pattern, wild: number}, value) for number, value in found.items()]
        return [{"id": row, "property": prop, "value": row if prop == "id" else value} for row, value in rows]

    inputs = [filled(d) for d in spec["inputs"]]
    first = inputs[0][0] if isinstance(inputs[0], list) else inputs[0]
    outputs = [_output(o, row or {}) for o in output.strip(".").split("...")]
    sent = {
        "output": output,
        "outputs": outputs if output.startswith("..") else outputs[0],
        "inputs": inputs,
        "changedPropIds": [f"{spelled(first['id'])}.{first['property']}"],
    }
    if spec["state"]:
        sent["state"] = [filled(d) for d in spec["state"]]
    return sent


def _output(written: str, row: dict[str, Any]) -> dict[str, Any]:
    identity, _, prop = written.rpartition(".")
    if identity.startswith("{"):
        parsed = json.loads(identity)
        return {"id": {k: row.get(k, v) if isinstance(v, list) else v for k, v in parsed.items()}, "property": prop}
    return {"id": identity, "property": prop}


def spelled(identity: Any) -> str:
    """An id as the renderer spells it in `changedPropIds`."""
    return identity if isinstance(identity, str) else json.dumps(identity, sort_keys=True, separators=(",", ":"))


def post(app: Flask, client: FlaskClient, sent: dict[str, Any]) -> TestResponse:
    """Send a body as the page's own script would, with the token of the client's session."""
    return client.post(ADDRESS, json=sent, headers={"X-CSRFToken": token(app, client)})


def token(app: Flask, client: FlaskClient) -> str:
    """A CSRF token of the client's session."""
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    with app.test_request_context():
        from flask import session

        session.update(kept)
        made = generate_csrf()
        fresh = dict(session)
    with client.session_transaction() as cookie:
        cookie.update(fresh)
    return made
