"""The words of the API's description, of its problems, and of the list of tokens."""

from typing import NamedTuple

from portal.viewmodels.people import TokenLine
from portal.words.dates import day, moment


class Problem(NamedTuple):
    """A kind of problem: `key` is its anchor on the API's page, `means` what it says, and `then` what to do."""

    key: str
    means: str
    then: str


PAGE = "/api/v1/reference"
PROBLEMS = {
    400: Problem(
        "unreadable", "The body is no JSON, or a header is not written as it must be.", "Mend the request and send it."
    ),
    401: Problem(
        "token-needed",
        "There is no token, or it is unknown, expired or revoked.",
        "Send a token that works: the administrator makes one.",
    ),
    403: Problem(
        "not-allowed",
        "The token's account may not do this, or the scope of the token does not reach so far.",
        "Ask with another token, or let the account's role be looked at.",
    ),
    404: Problem(
        "not-found",
        "There is nothing at this address, or nothing that this account may know of.",
        "Check the address; what is another partner's is told nobody.",
    ),
    405: Problem("other-method", "The address is there, but not for this method.", "`Allow` says which it takes."),
    409: Problem(
        "conflict",
        "How things stand forbids it: the return is in another state, its period is closed, or the same request is "
        "being worked on.",
        "Read the return; after `Retry-After`, where it is sent, try again.",
    ),
    412: Problem(
        "changed-since",
        "`If-Match` names another version than the present one, or `If-None-Match` the present one.",
        "Read it again, look at what changed, and send yours with the new `ETag`.",
    ),
    413: Problem("too-large", "The body is larger than 256 KiB.", "Send less."),
    415: Problem(
        "other-content",
        "The body says that it is something else than JSON, or is compressed.",
        "Send it as it is, with `Content-Type: application/json`.",
    ),
    422: Problem(
        "not-taken",
        "It was read, but what it says cannot be taken: `errors` has a sentence for each field.",
        "Put the fields right that `errors` names.",
    ),
    429: Problem(
        "too-many", "More requests came than the limit allows.", "Wait as many seconds as `Retry-After` says."
    ),
    500: Problem(
        "mistake", "A mistake of the portal's. Nothing was saved.", "Tell the team the reference in `detail`."
    ),
    503: Problem("busy", "The database cannot be reached, or is busy. Nothing was saved.", "Send the same again."),
}
"""Each status with which the API refuses, and the kind of problem that it stands for."""
SCOPES = {
    "read": "reads what the account may read",
    "draft": "reads, and saves drafts of the account's own returns, which a person then submits",
    "write": "does whatever the account may do through the API",
}


def kind_of(status: int) -> str:
    """The `type` of a problem: an anchor on the API's page."""
    found = PROBLEMS.get(status)
    return f"{PAGE}#{found.key}" if found else "about:blank"


def token_line(token: TokenLine) -> str:
    """One token in the command line's list: 'our ledger: read, made 20 January 2009, ends ..., last used ...'."""
    used = f"last used {moment(token.last_used_at)}" if token.last_used_at else "never used"
    ends = "expired" if token.expired else "ends"
    made, until = day(token.made_at.date()), day(token.expires_at.date())
    return f"{token.name or 'without a name'}: {token.scope}, made {made}, {ends} {until}, {used}"
