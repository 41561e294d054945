"""The registry of callbacks: nothing comes into the app without an action, and nothing comes in by another way."""

import re
from collections.abc import Iterator
from typing import Any

import dash
import pytest
from dash import Dash, Input, Output, State, _callback, html, no_update

from models.rules.terms import Role
from portal.actor import Actor, public
from portal.app import create_app
from portal.database import Database
from portal.errors import Forbidden, Invalid, SignInRequired
from portal.policy import Action
from portal.web.registry import Callbacks, UnguardedCallback, again
from tests.conftest import settings

LEAD = Actor(name="a lead", role=Role.LEAD, organisation_id=1)
OUT, IN = Output("out", "children"), Input("in", "n_clicks")


@pytest.fixture
def app() -> Dash:
    app = Dash("registered", suppress_callback_exceptions=True, enable_mcp=False)
    app.layout = html.Div([html.Div(id="out"), html.Button(id="in")])
    return app


def registry(app: Dash, actor: Actor = LEAD) -> Callbacks:
    return Callbacks(app, lambda: actor)


def guarded(app: Dash, output: str = "out.children") -> Any:
    """The function as Dash holds it, without Dash's own wrapping."""
    return app.callback_map[output]["callback"].__wrapped__


@pytest.fixture
def nothing_global() -> Iterator[None]:
    """Takes back what a test registers for every app of the process."""
    before = dict(_callback.GLOBAL_CALLBACK_MAP), list(_callback.GLOBAL_CALLBACK_LIST)
    yield
    _callback.GLOBAL_CALLBACK_MAP.clear()
    _callback.GLOBAL_CALLBACK_MAP.update(before[0])
    _callback.GLOBAL_CALLBACK_LIST[:] = before[1]


def test_a_callback_without_an_action_fails_when_it_is_registered(app: Dash) -> None:
    with pytest.raises(TypeError, match="access"):
        registry(app).on(OUT, IN)  # type: ignore[call-arg]
    assert app.callback_map == {}


@pytest.mark.parametrize("action", ["return:frobnicate", "", None, True])
def test_a_callback_with_an_unknown_action_fails_when_it_is_registered(app: Dash, action: Any) -> None:
    with pytest.raises(ValueError, match="is not a valid Action"):
        registry(app).on(OUT, IN, access=action)
    assert app.callback_map == {}


@pytest.mark.parametrize(
    "option",
    [
        {"background": True},
        {"background": False},
        {"manager": object()},
        {"interval": 500},
        {"cancel": [IN]},
        {"progress": OUT},
        {"cache_args_to_ignore": [0]},
        {"websocket": True},
        {"api_endpoint": "/back-door"},
        {"mcp_enabled": True},
        {"on_error": print},
        {"optional": True},
        {"hidden": True},
        {"no_such_option": 1},
    ],
    ids=lambda option: next(iter(option)),
)
def test_an_option_that_goes_round_the_guard_is_refused(app: Dash, option: dict[str, Any]) -> None:
    with pytest.raises(UnguardedCallback, match=next(iter(option))):
        registry(app).on(OUT, IN, access=Action.RETURN_EDIT, **option)
    assert app.callback_map == {}


def test_the_function_gets_the_actor_and_then_its_inputs(app: Dash) -> None:
    told: list[Any] = []
    registry(app).on(OUT, IN, access=Action.RETURN_EDIT)(lambda actor, clicks: told.append((actor, clicks)) or "done")
    assert guarded(app)(3) == "done"
    assert told == [(LEAD, 3)]


def test_the_function_is_not_called_for_who_lacks_the_action(app: Dash) -> None:
    called: list[Any] = []
    registry(app).on(OUT, IN, access=Action.RETURN_VERIFY)(lambda *values: called.append(values))
    with pytest.raises(Forbidden):
        guarded(app)(1)
    assert called == []


def test_nor_for_who_is_not_signed_in(app: Dash) -> None:
    called: list[Any] = []
    registry(app, public()).on(OUT, IN, access=Action.RETURN_EDIT)(lambda *values: called.append(values))
    with pytest.raises(SignInRequired):
        guarded(app)(1)
    assert called == []


def test_who_is_asking_is_asked_anew_for_every_request(app: Dash) -> None:
    actors = iter([LEAD, public()])
    Callbacks(app, lambda: next(actors)).on(OUT, IN, access=Action.RETURN_EDIT)(lambda actor, clicks: actor.name)
    assert guarded(app)(1) == "a lead"
    with pytest.raises(SignInRequired):
        guarded(app)(1)


def test_the_function_itself_stays_as_it_was(app: Dash) -> None:
    def save_draft(actor: Actor, clicks: int) -> int:
        return clicks

    assert registry(app).on(OUT, IN, access=Action.RETURN_EDIT)(save_draft) is save_draft


@pytest.mark.parametrize(
    "address", ["/review", "/returns/3?asked", "?renamed", "/indicators/ni-16?period=2008-09#actions"]
)
def test_an_address_is_new_each_time_and_leads_where_it_did(address: str) -> None:
    made = {again(address) for _ in range(20)}
    assert len(made) == 20
    assert {re.sub(r"[?&]again=\w+", "", each) for each in made} == {address}
    assert all(each.partition("#")[2] == address.partition("#")[2] and each.count("?") == 1 for each in made)


def test_a_form_answers_an_address_or_what_is_wrong_with_it(app: Dash) -> None:
    callbacks = registry(app)
    go = Output("go", "href")

    @callbacks.form(OUT, go, IN, State("word", "value"), access=Action.RETURN_EDIT, errors=dict)
    def send(actor: Actor, word: str) -> str:
        if not word:
            raise Invalid({"word": "Write a word."})
        return "/returns?sent"

    form = guarded(app, "..out.children...go.href..")
    problems, address = form(1, "yes")
    assert (problems, address[: len("/returns?sent&again=")]) == ([], "/returns?sent&again=")
    assert form(1, "") == ({"word": "Write a word."}, no_update)
    assert callbacks.forms == {"send"}
    callbacks.seal()


def test_a_form_is_not_sent_for_who_lacks_the_action(app: Dash) -> None:
    called: list[Any] = []
    form = registry(app).form(OUT, Output("go", "href"), IN, access=Action.RETURN_VERIFY, errors=dict)
    form(lambda *values: called.append(values) or "/")
    with pytest.raises(Forbidden):
        guarded(app, "..out.children...go.href..")(1)
    assert called == []


def test_each_door_is_listed_with_its_name_and_its_action(app: Dash) -> None:
    callbacks = registry(app)

    @callbacks.on(OUT, IN, access=Action.RETURN_EDIT, prevent_initial_call=True)
    def save_draft(actor: Actor, clicks: int) -> int:
        return clicks

    callbacks.in_browser("portal", "arrive", Output("out", "title"), IN)
    assert {(door.name, door.access) for door in callbacks.doors.values()} == {
        ("save_draft", Action.RETURN_EDIT),
        ("arrive", None),
    }
    assert set(callbacks.doors) == set(app.callback_map)
    callbacks.seal()


def test_a_stranger_on_the_same_app_is_found(app: Dash) -> None:
    callbacks = registry(app)
    callbacks.on(OUT, IN, access=Action.RETURN_EDIT)(lambda actor, clicks: clicks)
    app.callback(Output("out", "title"), IN)(lambda clicks: clicks)
    with pytest.raises(UnguardedCallback, match=r"out\.title"):
        callbacks.seal()


def test_a_stranger_in_the_browser_is_found(app: Dash) -> None:
    callbacks = registry(app)
    app.clientside_callback("function (n) { return n; }", OUT, IN)
    with pytest.raises(UnguardedCallback, match=r"out\.children"):
        callbacks.seal()


def test_a_stranger_that_takes_the_place_of_a_door_is_found(app: Dash) -> None:
    callbacks = registry(app)
    callbacks.on(OUT, IN, access=Action.RETURN_EDIT)(lambda actor, clicks: clicks)
    app.callback(OUT, IN)(lambda clicks: "unguarded")
    with pytest.raises(UnguardedCallback):
        callbacks.seal()


@pytest.mark.usefixtures("nothing_global")
def test_a_module_level_callback_keeps_the_portal_from_starting(sqlite_database: Database) -> None:
    """Dash keeps these for the process and adds them to whichever app is asked first."""
    dash.callback(Output("stranger", "children"), Input("in", "n_clicks"))(lambda clicks: clicks)
    with pytest.raises(UnguardedCallback, match="stranger"):
        create_app(settings(), sqlite_database)


@pytest.mark.usefixtures("nothing_global")
def test_so_does_a_module_level_one_in_the_browser(sqlite_database: Database) -> None:
    dash.clientside_callback("function (n) { return n; }", Output("stranger", "children"), Input("in", "n_clicks"))
    with pytest.raises(UnguardedCallback, match="stranger"):
        create_app(settings(), sqlite_database)
