"""Returns through the API: reading, saving a draft, and moving it on."""

from collections.abc import Callable
from hashlib import sha256

from flask import Blueprint, Response, request

from models.rules.broken import Undecided, Unweighed
from models.rules.codes import period_key
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Invalid
from portal.policy import Action
from portal.rest import answers, bodies, paging, preconditions, shapes
from portal.rest.described import operation, said
from portal.services import returns, review
from portal.viewmodels.returns import ReturnView, Typed

ONE = "/returns/<period>/<measure>"
UNDECIDED = (
    'Another rating than the rule\'s is proposed here, with a reason: read the return, then send {"accept_judgement": '
    'true} to accept it, or {"accept_judgement": false} to let the rule\'s answer stand. Nothing was verified.'
)
UNWEIGHED = (
    'A partner dissents from this return: read why, then send {"weighed": "how the dissent was weighed"}, which is kept '
    "beside it. Nothing was verified."
)


def add_routes(api: Blueprint, database: Database, actor: Callable[[], Actor]) -> None:
    """GET /returns, GET and PUT /returns/PERIOD/MEASURE, POST .../submit, verify, query, reopen."""

    @api.get("/returns")
    @operation(
        Action.RETURN_READ,
        "The returns of a period that you may read",
        shapes.Returns,
        asks=("period", "limit", "after"),
        refuses=(422,),
    )
    def list_returns() -> Response:
        period, page = request.args.get("period", ""), paging.asked()
        if not period:
            raise Invalid({"period": "Name the period, for example ?period=2008-09-q3"})
        if page is None:
            whole = returns.list_returns(database, actor(), period)
            return said(shapes.Returns(period=_key(whole, period), returns=[answers.a_return(one) for one in whole]))
        found = returns.list_returns(database, actor(), period, page.after, page.limit + 1)
        shown = found[: page.limit]
        goes_on = paging.closed(shown[-1].standing.code) if len(found) > page.limit else None
        listed = [answers.a_return(one) for one in shown]
        response = said(shapes.Returns(period=_key(found, period), returns=listed, next=goes_on))
        if goes_on:
            paging.link_to_next(response, {"after": goes_on})
        return response

    @api.get(ONE)
    @operation(Action.RETURN_READ, "One return", shapes.Return)
    def read_return(period: str, measure: str) -> Response:
        return _tagged(returns.read_return(database, actor(), _id(period, measure)))

    @api.put(ONE)
    @operation(Action.RETURN_EDIT, "Save a draft, all of it", shapes.Return, takes=bodies.Draft)
    def save_return(period: str, measure: str) -> Response:
        return_id, body = _id(period, measure), bodies.read(bodies.Draft)
        typed = Typed(**{name: given or "" for name, given in body.model_dump().items()})
        saved = returns.save(database, actor(), return_id, _expected_version(return_id), typed)
        return _tagged(returns.read_saved(database, actor(), return_id, saved))

    @api.post(f"{ONE}/submit")
    @operation(Action.RETURN_SUBMIT, "Submit the draft to the team", shapes.Return, takes=bodies.Submission)
    def submit_return(period: str, measure: str) -> Response:
        return_id, body = _id(period, measure), bodies.read(bodies.Submission)
        version = _expected_version(return_id)
        return _tagged(returns.submit(database, actor(), return_id, version, body.explanation))

    @api.post(f"{ONE}/verify")
    @operation(Action.RETURN_VERIFY, "Verify what was submitted", shapes.Return, takes=bodies.Verification)
    def verify_return(period: str, measure: str) -> Response:
        return_id, body = _id(period, measure), bodies.read(bodies.Verification)
        try:
            version = _expected_version(return_id)
            view = review.verify(database, actor(), return_id, version, body.accept_judgement, body.weighed)
        except Undecided:
            raise Conflict(UNDECIDED) from None
        except Unweighed:
            raise Conflict(UNWEIGHED) from None
        return _tagged(view)

    @api.post(f"{ONE}/query")
    @operation(Action.RETURN_QUERY, "Send it back with a question", shapes.Return, takes=bodies.Reason)
    def query_return(period: str, measure: str) -> Response:
        return_id, body = _id(period, measure), bodies.read(bodies.Reason)
        return _tagged(review.query(database, actor(), return_id, _expected_version(return_id), body.reason))

    @api.post(f"{ONE}/reopen")
    @operation(Action.RETURN_REOPEN, "Give it back to be corrected", shapes.Return, takes=bodies.Reason)
    def reopen_return(period: str, measure: str) -> Response:
        return_id, body = _id(period, measure), bodies.read(bodies.Reason)
        return _tagged(review.reopen(database, actor(), return_id, _expected_version(return_id), body.reason))

    def _id(period: str, measure: str) -> int:
        return returns.find_return(database, actor(), period, measure)

    def _expected_version(return_id: int) -> int | None:
        """The version that the request's conditions were held against, or None without one. What does not hold is
        refused here, and once more by the service, in case the return changes in between."""
        if "If-Match" not in request.headers and "If-None-Match" not in request.headers:
            return None
        view = returns.read_return(database, actor(), return_id)
        preconditions.require(_tag(view, said(answers.a_return(view))))
        return view.version


def _key(found: tuple[ReturnView, ...], asked: str) -> str:
    return found[0].period if found else period_key(asked)


def _tag(view: ReturnView, response: Response) -> str:
    """A return's tag: beside its version it has what it says, which changes with what is agreed and with the days."""
    return f"{view.id}-{view.version}-{sha256(response.get_data()).hexdigest()[:16]}"


def _tagged(view: ReturnView) -> Response:
    response = said(answers.a_return(view))
    response.set_etag(_tag(view, response))
    return response
