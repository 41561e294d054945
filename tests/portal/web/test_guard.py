"""The guard before Dash: what a real page sends passes and runs; anything else gets a 4xx, never a 500."""

import copy
import hashlib
import json
import logging
import time
from collections.abc import Iterator
from io import BytesIO
from itertools import product
from typing import Any

import dash
import pytest
from dash import ALL, ALLSMALLER, MATCH, Dash, Input, Output, State, ctx, dcc, html
from flask import request
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from portal.web.guard import LARGEST_BODY, check_body, protect, quiet_suites, read_json

WIRE = "/_dash-update-component"
SUITES = "/_dash-component-suites"

Body = dict[str, Any]


def row(kind: str, name: object) -> dict[str, Any]:
    return {"row": name, "type": kind}


# --- an app with every kind of callback -------------------------------------------------------------------


def echo(*values: object) -> str:
    return f"{values!r} by {ctx.triggered_id!r}"


def echo_twice(*values: object) -> list[str]:
    return [echo(*values), "second"]


def echo_per_row(*_: object) -> list[str]:
    return ["cell"] * len(ctx.outputs_list)


def tell(*values: object) -> None:
    dash.set_props("told", {"children": echo(*values)})


def build() -> Dash:
    """Each callback echoes what it was given, so that whatever passes the guard does not fail by itself."""
    app = Dash("guarded", suppress_callback_exceptions=True, enable_mcp=False)
    app.layout = html.Div([dcc.Input(id="name"), html.Button(id="go")])
    go, name = Input("go", "n_clicks"), State("name", "value")
    of_row, of_all = State(row("value", MATCH), "value"), Input(row("value", ALL), "value")
    twin = Output("twin", "children", allow_duplicate=True)
    ghost = State(row("ghost", MATCH), "value", allow_optional=True)

    app.callback(Output("plain", "children"), go, name)(echo)
    app.callback(Output("one", "children"), Output("two", "title"), go)(echo_twice)
    app.callback(twin, go, prevent_initial_call=True)(echo)
    side, again = Output("side", "title"), Input("again", "n_clicks")
    app.callback(twin, side, again, prevent_initial_call=True)(echo_twice)
    app.callback(Input("tell", "n_clicks"))(tell)
    app.callback(Output("alone", "children"))(echo)
    app.callback(Output(row("out", MATCH), "children"), Input(row("save", MATCH), "n_clicks"), of_row)(echo)
    app.callback(Output("count", "children"), of_all)(echo)
    app.callback(Output(row("cell", ALL), "children"), go)(echo_per_row)
    app.callback(Output("fixed", "children"), Input(row("pick", MATCH), "n_clicks"), of_row)(echo)
    app.callback(Input(row("drop", MATCH), "n_clicks"), State(row("value", ALL), "value"))(tell)
    app.callback(
        Output(row("sum", MATCH), "children"),
        Input(row("value", MATCH), "value"),
        Input(row("value", ALLSMALLER), "value"),
    )(echo)
    app.callback(Output("maybe", "children"), go, Input("ghost", "value", allow_optional=True), ghost)(echo)
    app.callback(output={"left": Output("left", "children")}, inputs={"go": go, "name": name})(
        lambda go, name: {"left": echo(go, name)}
    )
    app.clientside_callback("n => n", Output("browser", "title"), go)
    return app


@pytest.fixture(scope="module")
def app() -> Dash:
    app = build()
    protect(app)
    quiet_suites(app)
    return app


@pytest.fixture(scope="module")
def client(app: Dash) -> Iterator[FlaskClient]:
    logging.getLogger("guarded").disabled = True
    with app.server.test_client() as client:
        yield client


# --- what Chromium sent for such callbacks with Dash 4.4.1, shortened ---------------------------------------


def item(id: str | dict[str, Any], prop: str, *value: object) -> Body:
    return {"id": id, "property": prop, **({"value": value[0]} if value else {})}


def body(output: str, outputs: object, inputs: list[Any], changed: list[str], state: object = None) -> Body:
    """A request of the renderer, which leaves out what is None here."""
    parsed = [json.loads(name[: name.rindex(".")]) if name.startswith("{") else name for name in changed]
    found = {"output": output, "outputs": outputs, "inputs": inputs, "changedPropIds": changed}
    found |= {"parsedChangedPropsIds": parsed, "state": state}
    return {key: value for key, value in found.items() if value is not None}


def digest(inputs: str) -> str:
    return hashlib.sha256(inputs.encode()).hexdigest()


def changed_row(kind: str, name: str | int, prop: str) -> str:
    return f'{{"row":{json.dumps(name, ensure_ascii=False)},"type":"{kind}"}}.{prop}'


TWIN = "children@" + digest("go.n_clicks")
TWIN_AGAIN = "children@" + digest("again.n_clicks")
DROP = digest('{"row":["MATCH"],"type":"drop"}.n_clicks')
OUT, CELL = '{"row":["MATCH"],"type":"out"}.children', '{"row":["ALL"],"type":"cell"}.children'
SUM = '{"row":["MATCH"],"type":"sum"}.children'

plain, go = item("plain", "children"), item("go", "n_clicks", 1)
one_two = [item("one", "children"), item("two", "title")]
values = [item(row("value", name), "value", *value) for name, value in ((7, ["seven"]), (8, []), ("é.x", []))]
maybe = {"allow_optional": True, "value": None}
ghosts = [item("ghost", "value") | maybe, item(row("ghost", {"wild": "MATCH"}), "value") | maybe]

SENT: dict[str, Body] = {
    "initial": body("plain.children", plain, [item("go", "n_clicks")], [], [item("name", "value")]),
    "plain": body("plain.children", plain, [go], ["go.n_clicks"], [item("name", "value", "héllo 😀")]),
    "multi": body("..one.children...two.title..", one_two, [go], ["go.n_clicks"]),
    "duplicate": body(f"twin.{TWIN}", item("twin", TWIN), [go], ["go.n_clicks"]),
    "duplicate of two": body(
        f"..twin.{TWIN_AGAIN}...side.title..",
        [item("twin", TWIN_AGAIN), item("side", "title")],
        [item("again", "n_clicks", 2)],
        ["again.n_clicks"],
    ),
    "no output": body(digest("tell.n_clicks"), None, [item("tell", "n_clicks", 1)], ["tell.n_clicks"]),
    "no input": body("alone.children", item("alone", "children"), [], []),
    "match": body(
        OUT,
        item(row("out", 7), "children"),
        [item(row("save", 7), "n_clicks", 1)],
        [changed_row("save", 7, "n_clicks")],
        [values[0]],
    ),
    "match on text": body(
        OUT,
        item(row("out", "é.x"), "children"),
        [item(row("save", "é.x"), "n_clicks", 1)],
        [changed_row("save", "é.x", "n_clicks")],
        [values[2]],
    ),
    "all": body("count.children", item("count", "children"), [values], [changed_row("value", 7, "value")]),
    "all of none": body("count.children", item("count", "children"), [[]], []),
    "output to all": body(
        CELL, [item(row("cell", 7), "children"), item(row("cell", 8), "children")], [go], ["go.n_clicks"]
    ),
    "fixed output": body(
        "fixed.children",
        item("fixed", "children"),
        [item(row("pick", 7), "n_clicks", 1)],
        [changed_row("pick", 7, "n_clicks")],
        [values[0]],
    ),
    "no output, match": body(
        DROP, None, [item(row("drop", 7), "n_clicks", 1)], [changed_row("drop", 7, "n_clicks")], [values]
    ),
    "all smaller": body(
        SUM, item(row("sum", 8), "children"), [values[1], values[:1]], [changed_row("value", 7, "value")]
    ),
    "initially smaller": body(SUM, item(row("sum", 8), "children"), [values[1], values[:1]], []),
    "optional, absent": body(
        "maybe.children", item("maybe", "children"), [go, ghosts[0]], ["go.n_clicks"], [ghosts[1]]
    ),
    "optional, present": body(
        "maybe.children",
        item("maybe", "children"),
        [go, item("ghost", "value", 3)],
        ["go.n_clicks", "ghost.value"],
        [item(row("ghost", 7), "value", 4)],
    ),
    "named": body("..left.children..", [item("left", "children")], [go], [], [item("name", "value", [1.5])]),
}


def send(client: FlaskClient, body: object) -> TestResponse:
    return client.post(WIRE, data=json.dumps(body), content_type="application/json")


@pytest.mark.parametrize("name", SENT)
def test_what_a_page_sends_runs(client: FlaskClient, name: str) -> None:
    answer = send(client, SENT[name])
    assert answer.status_code == 200, answer.text


def test_the_callback_gets_what_was_sent(client: FlaskClient) -> None:
    assert send(client, SENT["match"]).json == {
        "multi": True,
        "response": {'{"row":7,"type":"out"}': {"children": "(1, 'seven') by {'row': 7, 'type': 'save'}"}},
    }
    assert send(client, SENT["no output"]).json == {
        "multi": True,
        "sideUpdate": {"told": {"children": "(1,) by 'tell'"}},
        "response": {},
    }


def test_parsed_changes_may_be_left_out(client: FlaskClient) -> None:
    """Older renderers do, and Dash never reads them."""
    sent = {key: value for key, value in SENT["plain"].items() if key != "parsedChangedPropsIds"}
    assert send(client, sent).status_code == 200


# --- what no page sends -----------------------------------------------------------------------------------


def altered(name: str, *path: str | int, to: object) -> Body:
    """One of the bodies above with another value at `path`."""
    found = copy.deepcopy(SENT[name])
    inside: Any = found
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = to
    return found


def changed_to(name: str, *changed: str) -> Body:
    parsed = body("", None, [], list(changed))["parsedChangedPropsIds"]
    return SENT[name] | {"changedPropIds": list(changed), "parsedChangedPropsIds": parsed}


HOSTILE: dict[str, object] = {
    "not an object": [SENT["plain"]],
    "nothing in it": {},
    "no output": {"inputs": [], "changedPropIds": []},
    "no inputs": {"output": "alone.children", "changedPropIds": []},
    "an unknown key": SENT["plain"] | {"user": "team"},
    "an unknown output": altered("plain", "output", to="nope.children"),
    "an output in the browser": body("browser.title", item("browser", "title"), [go], ["go.n_clicks"]),
    "an output that is a list": altered("plain", "output", to=["plain.children"]),
    "no outputs": {key: value for key, value in SENT["plain"].items() if key != "outputs"},
    "outputs of another callback": altered("plain", "outputs", to=item("one", "children")),
    "outputs where there are none": SENT["no output"] | {"outputs": plain},
    "a single output as a list": altered("plain", "outputs", to=[plain]),
    "several outputs as one": altered("multi", "outputs", to=one_two[0]),
    "outputs in another order": altered("multi", "outputs", to=one_two[::-1]),
    "too few outputs": altered("multi", "outputs", to=one_two[:1]),
    "another output property": altered("plain", "outputs", "property", to="style"),
    "an output with a value": altered("plain", "outputs", "value", to=1),
    "a duplicate output without its hash": altered("duplicate", "outputs", "property", to="children"),
    "a duplicate output with another hash": altered("duplicate", "outputs", "property", to=TWIN_AGAIN),
    "too few inputs": altered("plain", "inputs", to=[]),
    "too many inputs": altered("plain", "inputs", to=[go, go]),
    "inputs as an object": altered("plain", "inputs", to={"0": go}),
    "another input property": altered("plain", "inputs", 0, "property", to="pathname"),
    "another input id": altered("plain", "inputs", 0, "id", to="name"),
    "an input id that is a pattern": altered("plain", "inputs", 0, "id", to={"go": 1}),
    "an input with another key": altered("plain", "inputs", 0, "triggered", to=True),
    "a list for one input": altered("plain", "inputs", 0, to=[go]),
    "one input for a list": altered("all", "inputs", 0, to=values[0]),
    "no state": {key: value for key, value in SENT["plain"].items() if key != "state"},
    "state where there is none": SENT["multi"] | {"state": [item("name", "value", 1)]},
    "another state id": altered("plain", "state", 0, "id", to="secret"),
    "a MATCH that differs in the state": altered("match", "state", 0, "id", "row", to=8),
    "a MATCH that differs in the output": altered("match", "outputs", "id", "row", to=8),
    "a MATCH of another type": altered("match", "outputs", "id", "row", to="7"),
    "a MATCH that differs, fixed output": altered("fixed output", "state", 0, "id", "row", to=8),
    "a pattern's fixed value": altered("match", "state", 0, "id", "type", to="secret"),
    "a pattern with a key more": altered("match", "outputs", "id", "more", to=1),
    "a pattern with a key less": altered("match", "outputs", "id", to={"row": 7}),
    "a row twice": altered("all", "inputs", 0, to=[values[0], values[0]]),
    "a row that is a list": altered("all", "inputs", 0, 0, "id", "row", to=[7]),
    "a row that is true": altered("all", "inputs", 0, 0, "id", "row", to=True),
    "a row that is a fraction": altered("all", "inputs", 0, 0, "id", "row", to=7.0),
    "a row that is null": altered("all", "inputs", 0, 0, "id", "row", to=None),
    "a row of 2**53": altered("all", "inputs", 0, 0, "id", "row", to=2**53),
    "a row of 201 letters": altered("all", "inputs", 0, 0, "id", "row", to="a" * 201),
    "a row that is not smaller": altered("initially smaller", "inputs", 1, 0, "id", "row", to=8),
    "an absent input that is not optional": altered("plain", "inputs", 0, to=item("go", "n_clicks") | maybe),
    "an absent input with a value": altered("optional, absent", "inputs", 1, "value", to=1),
    "changes as text": altered("plain", "changedPropIds", to="go.n_clicks"),
    "changes as objects": altered("plain", "changedPropIds", to=[{"go": "n_clicks"}]),
    "a change twice": changed_to("plain", "go.n_clicks", "go.n_clicks"),
    "a change of a state": changed_to("plain", "name.value"),
    "a change of another property": changed_to("plain", "go.value"),
    "a change of another row": changed_to("match", changed_row("save", 8, "n_clicks")),
    "a change of a row that is gone": changed_to("all", changed_row("value", 9, "value")),
    "a change with its keys unsorted": changed_to("match", '{"type":"save","row":7}.n_clicks'),
    "a change with blanks": changed_to("match", '{"row": 7, "type": "save"}.n_clicks'),
    "an empty change": altered("plain", "changedPropIds", to=[""]),
    "changes told differently": altered("match", "parsedChangedPropsIds", 0, "row", to=8),
    "changes told as something else": altered("plain", "parsedChangedPropsIds", to=None),
    "nesting": altered("plain", "state", 0, "value", to=json.loads("[" * 18 + "]" * 18)),
    "NaN": altered("plain", "state", 0, "value", to=float("nan")),
    "infinity": altered("plain", "state", 0, "value", to=float("-inf")),
    "a number of 19 digits": altered("plain", "state", 0, "value", to=10**18),
    "NUL": altered("plain", "state", 0, "value", to={"a": ["b\0"]}),
    "NUL in a key": altered("plain", "state", 0, "value", to={"a\0": 1}),
    "half a character": altered("plain", "state", 0, "value", to="\ud83d"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_no_page_sends_is_refused(client: FlaskClient, name: str) -> None:
    answer = send(client, HOSTILE[name])
    assert answer.status_code == 400, answer.text


TEXT = json.dumps(SENT["plain"])

RAW: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "half of it": TEXT[:-1].encode(),
    "more than it": (TEXT + TEXT).encode(),
    "a key twice": (TEXT[:-1] + ', "output": "plain.children"}').encode(),
    "an overflow": TEXT.replace('"value": 1', '"value": 1e999').encode(),
    "5,000 digits": TEXT.replace('"value": 1', '"value": ' + "9" * 5000).encode(),
    "3,000 levels": TEXT.replace('"value": 1', '"value": ' + "[" * 3000 + "]" * 3000).encode(),
    "250,000 levels": b"[" * 250_000,
    "another encoding": TEXT.encode("utf-16"),
    "a byte order mark": TEXT.encode("utf-8-sig"),
    "bytes that are no text": TEXT.encode().replace(b"plain", b"\xff\xfe"),
    "half a character as bytes": TEXT.encode().replace(b"plain", b"\xed\xa0\x80"),
    "an integer 3.11 refuses by itself": b'{"output": ' + b"1" * 10_000 + b"}",
}


@pytest.mark.parametrize("name", RAW)
def test_what_is_not_json_is_refused(client: FlaskClient, name: str) -> None:
    started = time.perf_counter()
    answer = client.post(WIRE, data=RAW[name], content_type="application/json")
    assert answer.status_code == 400, answer.text
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("Application/JSON;charset=UTF-8", 200),
        ("application/json; charset=utf-16", 415),
        ("application/json; version=2", 415),
        ("application/problem+json", 415),
        ("text/plain", 415),
        ("multipart/form-data; boundary=x", 415),
        (None, 415),
    ],
)
def test_only_json_is_taken(client: FlaskClient, said: str | None, status: int) -> None:
    assert client.post(WIRE, data=TEXT, content_type=said).status_code == status


def test_only_so_much_is_taken(client: FlaskClient) -> None:
    room = LARGEST_BODY - len(TEXT)
    fits = TEXT[:-1] + " " * room + "}"
    assert client.post(WIRE, data=fits, content_type="application/json").status_code == 200
    assert client.post(WIRE, data=fits + " ", content_type="application/json").status_code == 413


def test_a_body_in_chunks_is_measured_too(client: FlaskClient) -> None:
    def chunked(text: str) -> int:
        return client.post(
            WIRE,
            input_stream=BytesIO(text.encode()),
            content_type="application/json",
            headers={"Transfer-Encoding": "chunked"},
            environ_overrides={"wsgi.input_terminated": True},
        ).status_code

    assert chunked(TEXT) == 200
    assert chunked(TEXT + " " * LARGEST_BODY) == 413


def test_the_limit_is_a_parameter_and_holds_for_a_body_read_before() -> None:
    app = build()
    app.server.before_request(lambda: request.get_data() and None)
    protect(app, largest=len(TEXT))
    client = app.server.test_client()
    assert client.post(WIRE, data=TEXT, content_type="application/json").status_code == 200
    assert client.post(WIRE, data=TEXT + " ", content_type="application/json").status_code == 413


def test_a_refusal_does_not_repeat_the_body(client: FlaskClient) -> None:
    for sent in (b'{"output": "m0nkey"}', b"m0nkey", b'"\xff m0nkey"', TEXT.replace("go", "m0nkey").encode()):
        answer = client.post(WIRE, data=sent, content_type="application/json")
        assert answer.status_code == 400
        assert "m0nkey" not in answer.text


def test_other_requests_are_left_alone(client: FlaskClient) -> None:
    assert client.get("/").status_code == 200
    assert client.get("/_dash-layout").status_code == 200
    assert client.options(WIRE).status_code == 200
    assert client.put(WIRE, data="x").status_code == 405


def test_it_finds_callbacks_below_another_prefix() -> None:
    app = Dash("elsewhere", routes_pathname_prefix="/portal/", enable_mcp=False)
    app.layout = html.Div()
    protect(app)
    quiet_suites(app)
    app.callback(Output("late", "children"), Input("go", "n_clicks"))(echo)
    client = app.server.test_client()
    sent = body("late.children", item("late", "children"), [go], ["go.n_clicks"])
    post = {"content_type": "application/json"}
    assert client.post(f"/portal{WIRE}", data=json.dumps(sent), **post).status_code == 200
    assert client.post(f"/portal{WIRE}", data="{}", **post).status_code == 400
    assert client.get(f"/portal{SUITES}/nope/x.js").status_code == 404


# --- every place, and chance ------------------------------------------------------------------------------


def places(inside: object, *path: str | int) -> Iterator[tuple[str | int, ...]]:
    """Every place in a body but those where a component's own value stands, which may be anything."""
    yield path
    if isinstance(inside, dict | list):
        for step, found in inside.items() if isinstance(inside, dict) else enumerate(inside):
            if step != "value":
                yield from places(found, *path, step)


@pytest.mark.parametrize("name", SENT)
def test_every_place_is_held(app: Dash, name: str) -> None:
    wanted = json.dumps(SENT[name])
    for path, junk in product(places(SENT[name]), (None, True, 1.5, -1, "junk", [None], {"x": 1})):
        sent = altered(name, *path, to=junk) if path else junk
        if json.dumps(sent) == wanted:
            continue
        if path[-1:] == ("row",) and junk in (-1, "junk"):
            continue  # a row under ALL may have any name; whose it is, is not the guard's business
        with pytest.raises(ValueError, match=r"\.$"):
            check_body(sent, app.callback_map)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
SCRAPS = st.sampled_from(["go", {"row": 7}, ["MATCH"], "plain.children", "{", "{}.x", ".", "go.n_clicks"])
PIECES = (JSON | SCRAPS).map(copy.deepcopy)


@st.composite
def mutated(draw: st.DrawFn) -> object:
    """A page's body with up to three things in it replaced, taken out, put in or said twice."""
    found: Any = copy.deepcopy(draw(st.sampled_from([*SENT.values()])))
    for _ in range(draw(st.integers(1, 3))):
        inside: Any = found
        while isinstance(inside, dict | list) and inside:
            step = draw(st.sampled_from([*inside] if isinstance(inside, dict) else range(len(inside))))
            if not isinstance(inside[step], dict | list) or draw(st.booleans()):
                break
            inside = inside[step]
        what = draw(st.sampled_from(["replace", "remove", "add", "repeat"]))
        if what == "add" or not inside:
            _add(inside, draw(st.text(max_size=8)), draw(PIECES))
        elif what == "repeat":
            _add(inside, draw(st.text(max_size=8)), inside[step])
        elif what == "remove":
            del inside[step]
        else:
            inside[step] = draw(PIECES)
    return found


def _add(inside: Any, key: str, value: object) -> None:
    if isinstance(inside, dict):
        inside[key] = copy.deepcopy(value)
    else:
        inside.append(copy.deepcopy(value))


often = settings(max_examples=300, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
seldom = settings(often, max_examples=100)


@often
@given(sent=mutated())
def test_no_mutation_is_an_error_of_ours(client: FlaskClient, sent: object) -> None:
    assert send(client, sent).status_code in (200, 204, 400)


@seldom
@given(data=st.data())
def test_no_damage_is_an_error_of_ours(client: FlaskClient, data: st.DataObject) -> None:
    raw = json.dumps(data.draw(st.sampled_from([*SENT.values()])), ensure_ascii=False).encode()
    start = data.draw(st.integers(0, len(raw)))
    stop = start + data.draw(st.integers(0, 12))
    sent = raw[:start] + data.draw(st.binary(max_size=6)) + raw[stop:]
    assert client.post(WIRE, data=sent, content_type="application/json").status_code in (200, 204, 400)


@seldom
@given(value=JSON)
def test_what_passes_is_what_dash_will_read(value: object) -> None:
    raw = json.dumps(value).encode()
    try:
        found = read_json(raw)
    except ValueError:
        return
    assert found == json.loads(raw)


# --- the files of components ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "nope/x.js",
        "os/path",
        "dash/nope.js",
        "dash/../../etc/passwd",
        "dash/%2e%2e/%2e%2e/etc/passwd",
        "dash/..%2f..%2fetc/passwd",
        "dash/%00",
        "dash/%ff",
        "%00/x",
        "dash/x.v1m1",
        "dash/deps/" + "a" * 5000,
        "dash/dash-renderer/build/dash_renderer.min.js.map",
    ],
    ids=lambda path: path[:40],
)
def test_a_component_file_that_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    client.get("/")
    for method in (client.get, client.head):
        assert method(f"{SUITES}/{path}").status_code == 404


def test_component_files_are_served(client: FlaskClient) -> None:
    page = client.get("/").text
    scripts = [part.partition('"')[0] for part in page.split('src="')[1:]]
    assert len(scripts) > 3
    for script in scripts:
        assert client.get(script).status_code == 200
