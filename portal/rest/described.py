"""What each route of the API says of itself: the one declaration that its description and its behaviour are made of."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response, jsonify, request
from pydantic import BaseModel

from models.rules.terms import TokenScope
from portal.policy import EVERYONE, WITHIN, Action
from portal.rest import preconditions
from portal.rest.bodies import Body
from portal.web.doors import MARK, needs

OPERATION = "portal_operation"
CSV = "text/csv"
ALWAYS = (401, 404, 429, 500, 503)
"""With these anything may be refused: an unknown token, an unknown agreement, too many requests, mistakes, a busy
database."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One route: what it does in a sentence, the shape or the media type that it answers, the body that it takes, the
    query values that it knows, and the statuses with which it refuses beyond those that follow from all this."""

    action: Action
    summary: str
    gives: type[BaseModel] | str
    takes: type[Body] | None = None
    asks: tuple[str, ...] = ()
    refuses: tuple[int, ...] = ()

    @property
    def private(self) -> bool:
        """Whether it needs a token."""
        return self.action not in EVERYONE

    @property
    def scope(self) -> TokenScope:
        """The scope that a token must have at least."""
        return next(scope for scope in TokenScope if self.action in WITHIN[scope])

    def statuses(self, method: str) -> list[int]:
        """Every status that it answers with, in order."""
        more = {400, 412, *self.refuses}
        if method == "GET":
            more.add(HTTPStatus.NOT_MODIFIED)
        else:
            more |= {409, 413, 415, 422}
        if self.private:
            more.add(403)
        return sorted({200, *ALWAYS, *more})


def operation(action: Action, summary: str, gives: type[BaseModel] | str, **more: Any) -> Callable[..., Any]:
    """Declare a route's function: marks it with the action that it needs and with its description, and makes its answer
    out of what it returns, a shape or a response. What is read has an ETag, and If-None-Match and If-Match are held
    against it."""

    def declare(view: Callable[..., Response | BaseModel]) -> Callable[..., Response]:
        @functools.wraps(view)
        def answer(**values: Any) -> Response:
            found = view(**values)
            response = found if isinstance(found, Response) else said(found)
            return conditional(response) if request.method in ("GET", "HEAD") else response

        setattr(answer, OPERATION, Operation(action, summary, gives, **more))
        return needs(action)(answer)

    return declare


def operation_of(view: Callable[..., Any]) -> Operation:
    """How a route's function describes itself; LookupError for one that does not: no route is without description."""
    found: Operation | None = getattr(view, OPERATION, None)
    if found is None or getattr(view, MARK) is not found.action:
        raise LookupError(f"{view.__module__}.{view.__name__} is not described: declare it with @operation")
    return found


def said(shape: BaseModel) -> Response:
    """A shape as JSON; members that were not set at all, such as `next` where no page was asked for, are left out."""
    return jsonify(shape.model_dump(mode="json", exclude_unset=True))


def conditional(response: Response) -> Response:
    """The answer to a reading request, or that it has not changed. The tag is of its very bytes, unless it has one."""
    response.add_etag()
    tag, _ = response.get_etag()
    preconditions.require(tag or "")
    request.environ.pop("HTTP_IF_MATCH", None)  # it is answered: what comes after this knows no *, and no compression
    response.make_conditional(request)
    return response
