"""Returns through the API: reading, saving a draft, and moving it on."""

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from models.rules.broken import Undecided, Unweighed
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Invalid, PortalError
from portal.policy import Action
from portal.rest import answers
from portal.services import returns, review
from portal.viewmodels.returns import ReturnView, Typed
from portal.web.doors import needs
from portal.web.guard import each_once

WRONG_BODY = {
    "model_type": "Send a JSON object.",
    "string_type": "Write this as text, in quotation marks.",
    "bool_type": "Write true or false.",
    "missing": "This is missing.",
}
UNDECIDED = (
    'Another rating than the rule\'s is proposed here, with a reason: read the return, then send {"accept_judgement": '
    'true} to accept it, or {"accept_judgement": false} to let the rule\'s answer stand. Nothing was verified.'
)
UNWEIGHED = (
    'A partner dissents from this return: read why, then send {"weighed": "how the dissent was weighed"}, which is kept '
    "beside it. Nothing was verified."
)


class StaleTag(PortalError):
    """If-Match names another version than the one there is."""

    status = 412
    title = "The return has changed"


class ReturnBody(BaseModel):
    """What PUT takes. Figures are text, so that no digit is lost on the way."""

    model_config = ConfigDict(extra="forbid", strict=True)

    value: str | None = None
    no_value_reason: str | None = None
    forecast_value: str | None = None
    forecast_rating: str | None = None
    commentary: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    interval_low: str | None = None
    interval_high: str | None = None
    year_value: str | None = None
    proposed_rating: str | None = None
    proposed_reason: str | None = None


class SubmitBody(BaseModel):
    """What submit takes: the partner's word on an unusual figure, where there is one to say. Members that it does not
    know are left alone: submit took any body before this."""

    model_config = ConfigDict(extra="ignore", strict=True)

    explanation: str = ""


class VerifyBody(BaseModel):
    """What verify takes, needed only where another rating than the rule's is proposed, or where a partner's dissent is
    open: then how it was weighed. Members that it does not know are left alone: verify took any body before this."""

    model_config = ConfigDict(extra="ignore", strict=True)

    accept_judgement: bool | None = None
    weighed: str = ""


class ReasonBody(BaseModel):
    """What query and reopen take."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: str


def add_routes(api: Blueprint, database: Database, actor: Callable[[], Actor]) -> None:
    """GET /returns, GET and PUT /returns/PERIOD/MEASURE, POST .../submit, verify, query, reopen."""

    @api.get("/returns")
    @needs(Action.RETURN_READ)
    def list_returns() -> Response:
        period = request.args.get("period", "")
        if not period:
            raise Invalid({"period": "Name the period, for example ?period=2008-09-q3"})
        found = returns.list_returns(database, actor(), period)
        return jsonify(
            {"period": found[0].period if found else period, "returns": [answers.a_return(v) for v in found]}
        )

    @api.get("/returns/<period>/<measure>")
    @needs(Action.RETURN_READ)
    def read_return(period: str, measure: str) -> Response:
        return _tagged(returns.read_return(database, actor(), _id(period, measure)))

    @api.put("/returns/<period>/<measure>")
    @needs(Action.RETURN_EDIT)
    def save_return(period: str, measure: str) -> Response:
        return_id = _id(period, measure)
        if not request.get_data():  # every field may be left out, but nothing at all is no answer
            raise Invalid({"body": f"Send a JSON object with {', '.join(ReturnBody.model_fields)}."})
        body = _body(ReturnBody)
        typed = Typed(**{name: said or "" for name, said in body.model_dump().items()})
        return _tagged(returns.save(database, actor(), return_id, _expected_version(return_id), typed))

    @api.post("/returns/<period>/<measure>/submit")
    @needs(Action.RETURN_SUBMIT)
    def submit_return(period: str, measure: str) -> Response:
        return_id, body = _id(period, measure), _body(SubmitBody)
        version = _expected_version(return_id)
        return _tagged(returns.submit(database, actor(), return_id, version, body.explanation))

    @api.post("/returns/<period>/<measure>/verify")
    @needs(Action.RETURN_VERIFY)
    def verify_return(period: str, measure: str) -> Response:
        return_id, body = _id(period, measure), _body(VerifyBody)
        try:
            version = _expected_version(return_id)
            view = review.verify(database, actor(), return_id, version, body.accept_judgement, body.weighed)
        except Undecided:
            raise Conflict(UNDECIDED) from None
        except Unweighed:
            raise Conflict(UNWEIGHED) from None
        return _tagged(view)

    @api.post("/returns/<period>/<measure>/query")
    @needs(Action.RETURN_QUERY)
    def query_return(period: str, measure: str) -> Response:
        return_id, body = _id(period, measure), _body(ReasonBody)
        return _tagged(review.query(database, actor(), return_id, _expected_version(return_id), body.reason))

    @api.post("/returns/<period>/<measure>/reopen")
    @needs(Action.RETURN_REOPEN)
    def reopen_return(period: str, measure: str) -> Response:
        return_id, body = _id(period, measure), _body(ReasonBody)
        return _tagged(review.reopen(database, actor(), return_id, _expected_version(return_id), body.reason))

    def _id(period: str, measure: str) -> int:
        return returns.find_return(database, actor(), period, measure)

    def _expected_version(return_id: int) -> int | None:
        """The version that If-Match names, or None without one. A tag that is not the present one is refused here,
        and once more by the service, in case the return changes in between."""
        if "If-Match" not in request.headers:
            return None
        view = returns.read_return(database, actor(), return_id)
        # A compressed answer's tag came with the name of its compression.
        given = {(tag or "").partition(":")[0] for tag in request.if_match.as_set(include_weak=False)}
        if not request.if_match.star_tag and _tag(view) not in given:
            raise StaleTag("The return changed after you read it. Nothing was saved: read it again.")
        return view.version


def _tag(view: ReturnView) -> str:
    return f"{view.id}-{view.version}"


def _tagged(view: ReturnView) -> Response:
    response = jsonify(answers.a_return(view))
    response.set_etag(_tag(view))
    return response


def _body(kind: type[BaseModel]) -> Any:
    """The request's JSON as a body of this kind; Invalid names every field that is wrong."""
    raw = request.get_data() or b"{}"
    try:  # one parser takes the first of two, another one the last: which was meant nobody knows
        json.loads(raw, object_pairs_hook=each_once, parse_int=str, parse_float=str)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        pass  # what is no JSON at all is told below
    except ValueError as error:
        raise Invalid({"body": str(error)}) from None
    try:
        return kind.model_validate_json(raw)
    except ValidationError as error:
        fields = {".".join(str(part) for part in e["loc"]) or "body": _said(kind, e) for e in error.errors()}
        raise Invalid(fields) from None


def _said(kind: type[BaseModel], error: ErrorDetails) -> str:
    """What is wrong with one member of a body, in a sentence of ours."""
    if error["type"] == "json_invalid":
        return f"This is not JSON: it cannot be read at {error['msg'].rpartition(' at ')[2]}."
    if error["type"] == "extra_forbidden":
        return f"There is no such member; there is: {', '.join(kind.model_fields)}."
    return WRONG_BODY[error["type"]]
