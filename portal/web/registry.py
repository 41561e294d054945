"""The one door through which callbacks come into the app: each says which action it is, and is refused without it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

from dash import MATCH, ClientsideFunction, Dash, Input, _callback, ctx, no_update
from dash.exceptions import PreventUpdate
from flask import g, has_request_context
from werkzeug.exceptions import BadRequest

from portal.actor import Actor
from portal.errors import Invalid
from portal.policy import Action, require

# The rest of Dash's options run the function where there is no request, and so no actor, or open a second way in.
ALLOWED = frozenset({"prevent_initial_call", "running"})


class UnguardedCallback(RuntimeError):
    """A callback came into the app by another way than this registry, or with an option that goes round it."""


@dataclass(frozen=True, slots=True)
class Door:
    """One callback: what Dash calls it, the function's name, and the action that it needs (None: runs in the browser)."""

    output: str
    name: str
    access: Action | None
    function: Any = None


def _require_trigger(of_rows: bool) -> None:
    """A callback on rows must say which row set it off. A button that only appeared set nothing off, nor a field in which
    nobody pressed Enter: Dash calls its callback all the same when another callback drew it."""
    if of_rows and not isinstance(ctx.triggered_id, dict):
        raise BadRequest("The request does not say which row it is about. Nothing was saved.")
    if any(each["prop_id"].endswith((".n_clicks", ".n_submit")) and not each["value"] for each in ctx.triggered):
        raise PreventUpdate


def again(address: str) -> str:
    """The address as one that was never shown before: a page is drawn only when its address changes, so that the same
    address twice would leave on the page what is no longer so."""
    found = urlsplit(address)
    query = "&".join(filter(None, (found.query, f"again={token_hex(4)}")))
    return found._replace(query=query).geturl()


class Callbacks:
    """The callbacks of one app; `forms` are the names of those that came through `form`."""

    def __init__(self, app: Dash, current_actor: Callable[[], Actor]) -> None:
        self._app = app
        self._current_actor = current_actor
        self.doors: dict[str, Door] = {}
        self.forms: set[str] = set()

    def on(
        self, *dependencies: Any, access: Action, **options: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register a callback that needs an action. The function gets the actor first, then its inputs and states;
        who the actor is comes from the session alone, never from what the browser sent."""
        access = Action(access)
        if refused := options.keys() - ALLOWED:
            raise UnguardedCallback(f"{', '.join(sorted(refused))}: not for callbacks of the portal")

        of_rows = any(isinstance(d, Input) and isinstance(d.component_id, dict) for d in dependencies)

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(function)
            def guarded(*values: Any) -> Any:
                actor = self._current_actor()
                if has_request_context():
                    g.door = function.__name__
                require(actor, access)
                if has_request_context():
                    _require_trigger(of_rows)
                return function(actor, *values)

            self._app.callback(*dependencies, **options)(guarded)
            self._enter(function.__name__, access)
            return function

        return register

    def form(
        self, *dependencies: Any, access: Action, errors: Callable[..., Any]
    ) -> Callable[[Callable[..., str]], Callable[..., str]]:
        """Register what a form's button does: the function calls one service and answers the address to go on to,
        which is drawn even when it is the page's own. Its outputs are the place for what is wrong and the address.

        The function gets the actor, then the row that its button is on, if it has one, then its states. What it raises
        as Invalid is drawn by `errors`, which gets the fields' sentences and the row."""
        (button,) = (d.component_id for d in dependencies if isinstance(d, Input))
        keys = [key for key, value in button.items() if value is MATCH] if isinstance(button, dict) else []

        def register(function: Callable[..., str]) -> Callable[..., str]:
            @wraps(function)
            def sent(actor: Actor, _clicks: Any, *typed: Any) -> tuple[Any, Any]:
                row = [ctx.triggered_id[key] for key in keys]
                try:
                    return [], again(function(actor, *row, *typed))
                except Invalid as error:
                    return errors(error.fields, *row), no_update

            self.on(*dependencies, access=access, prevent_initial_call=True)(sent)
            self.forms.add(function.__name__)
            return function

        return register

    def in_browser(self, namespace: str, name: str, *dependencies: Any, **options: Any) -> None:
        """Register a function of our own assets that runs in the browser: it can do no more than the page's reader."""
        self._app.clientside_callback(ClientsideFunction(namespace, name), *dependencies, **options)
        self._enter(name, None)

    def _enter(self, name: str, access: Action | None) -> None:
        (output,) = self._app.callback_map.keys() - self.doors.keys()
        self.doors[output] = Door(output, name, access, self._app.callback_map[output].get("callback"))

    def seal(self) -> None:
        """Refuse to start when Dash holds a callback that did not come through here."""
        held = self._app.callback_map
        strangers = set(held.keys() ^ self.doors.keys())
        # Another callback with the same output silently takes a door's place.
        strangers |= {o for o, door in self.doors.items() if o in held and held[o].get("callback") is not door.function}
        # Module-level ones wait here for whichever app comes first.
        strangers |= {str(waiting["output"]) for waiting in _callback.GLOBAL_CALLBACK_LIST}
        if strangers:
            raise UnguardedCallback(f"not registered through the portal's registry: {', '.join(sorted(strangers))}")
