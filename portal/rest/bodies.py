"""What the API takes: the shapes of bodies, and reading them with every wrong field named."""

import json
from typing import Any, ClassVar, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import UnsupportedMediaType

from models.rules.terms import RETURNABLE_REASONS, Rating
from portal.errors import Invalid
from portal.web.guard import each_once

WRONG_BODY = {
    "model_type": "Send a JSON object.",
    "string_type": "Write this as text, in quotation marks.",
    "bool_type": "Write true or false.",
    "missing": "This is missing.",
}
TAKEN = ("application/json", "application/x-www-form-urlencoded", "")
"""What a body may say that it is: JSON; what curl says of any; or nothing. It is read as JSON."""


class Body(BaseModel):
    """A body has the members that are named here and no others, each of the very type."""

    model_config = ConfigDict(extra="forbid", strict=True)
    may_be_missing: ClassVar[bool] = False


class Draft(Body):
    """What PUT takes: all of a return's draft. Figures are text, so that no digit is lost on the way; whatever is left
    out or null is emptied."""

    value: str | None = Field(None, examples=["2.42"])
    no_value_reason: str | None = Field(None, description=f"One of: {', '.join(RETURNABLE_REASONS)}.")
    forecast_value: str | None = None
    forecast_rating: str | None = Field(None, description=f"One of: {', '.join(Rating)}.")
    commentary: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    interval_low: str | None = None
    interval_high: str | None = None
    year_value: str | None = None
    proposed_rating: str | None = Field(
        None, description=f"Another rating than the rule's, one of: {', '.join(Rating)}; with `proposed_reason`."
    )
    proposed_reason: str | None = None


class Submission(Body):
    """What submit takes: the partner's word on an unusual figure, where there is one to say. Members that it does not
    know are left alone: submit took any body before this."""

    model_config = ConfigDict(extra="ignore", strict=True)
    may_be_missing = True

    explanation: str = ""


class Verification(Body):
    """What verify takes, needed only where another rating than the rule's is proposed, or where a partner's dissent is
    open: then how it was weighed. Members that it does not know are left alone: verify took any body before this."""

    model_config = ConfigDict(extra="ignore", strict=True)
    may_be_missing = True

    accept_judgement: bool | None = None
    weighed: str = ""


class Reason(Body):
    """What query and reopen take."""

    reason: str = Field(examples=["Is this the whole quarter?"])


Kind = TypeVar("Kind", bound=Body)


def read(kind: type[Kind]) -> Kind:
    """The request's JSON as a body of this kind. UnsupportedMediaType for what says that it is something else,
    Invalid names every field that is wrong, or says that the body is no JSON."""
    named = request.mimetype
    if (
        not (named in TAKEN or named.endswith("+json"))
        or request.headers.get("Content-Encoding", "identity") != "identity"
    ):
        raise UnsupportedMediaType
    raw = request.get_data()
    if not raw and not kind.may_be_missing and not any(one.is_required() for one in kind.model_fields.values()):
        # Every field may be left out, but nothing at all is no answer.
        raise Invalid({"body": f"Send a JSON object with {', '.join(kind.model_fields)}."})
    raw = raw or b"{}"
    try:  # one parser takes the first of two, another one the last: which was meant nobody knows
        json.loads(raw, object_pairs_hook=each_once, parse_int=str, parse_float=str)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        pass  # what is no JSON at all is told below
    except ValueError as error:
        raise Invalid({"body": str(error)}) from None
    try:
        return kind.model_validate_json(raw)
    except ValidationError as error:
        fields: dict[str, Any] = {".".join(map(str, e["loc"])) or "body": _said(kind, e) for e in error.errors()}
        raise Invalid(fields) from None


def _said(kind: type[Body], error: ErrorDetails) -> str:
    """What is wrong with one member of a body, in a sentence of ours."""
    if error["type"] == "json_invalid":
        return f"This is not JSON: it cannot be read at {error['msg'].rpartition(' at ')[2]}."
    if error["type"] == "extra_forbidden":
        return f"There is no such member; there is: {', '.join(kind.model_fields)}."
    return WRONG_BODY[error["type"]]
