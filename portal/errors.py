"""The ways in which the portal refuses. One table (portal/web/errors.py) turns them into notices, pages and problems."""

from collections.abc import Mapping


class PortalError(Exception):
    """A refusal with an HTTP status, a title, and a sentence that says what and where."""

    status = 500
    title = "Something went wrong"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class SignInRequired(PortalError):
    """Nobody is signed in, or the session has ended."""

    status = 401
    title = "Sign in to continue"

    def __init__(self, sentence: str = "You are not signed in, or your session has ended. Nothing was saved.") -> None:
        super().__init__(sentence)


class Forbidden(PortalError):
    """It may be seen, or its existence is no secret, but this actor may not do this to it."""

    status = 403
    title = "You cannot do this"


class OutOfScope(Forbidden):
    """The account may do this, the token that acts as it may not."""


class NotFound(PortalError):
    """It does not exist, or this actor may not know that it does: `foreign`, which nobody is told."""

    status = 404
    title = "Page not found"

    def __init__(self, sentence: str, *, foreign: bool = False) -> None:
        super().__init__(sentence)
        self.foreign = foreign


class Conflict(PortalError):
    """How things stand forbids it: somebody was faster, or the rules of the partnership say no."""

    status = 409
    title = "This could not be done"


class Stale(Conflict):
    """An edit of a version that is not the newest any more."""


class Lost(Conflict):
    """A job that a worker had claimed is another worker's by now: nothing more is to be done on it."""

    def __init__(self, sentence: str = "Another worker has taken this job over.") -> None:
        super().__init__(sentence)


class InProgress(Conflict):
    """The same request is being worked on; `retry_after` is in seconds."""

    title = "This is being done"
    retry_after = 5

    def __init__(self, sentence: str = "This request is being worked on. Send it again a little later.") -> None:
        super().__init__(sentence)


class Invalid(PortalError):
    """What was typed cannot be taken: `fields` has a sentence for each field that is wrong."""

    status = 422
    title = "There is a problem"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class TooLarge(PortalError):
    """More was sent than is taken there."""

    status = 413
    title = "Too large"


class TooMany(PortalError):
    """Too many attempts; `retry_after` is in seconds."""

    status = 429
    title = "Too many attempts"

    def __init__(self, sentence: str, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Unavailable(PortalError):
    """The database cannot be reached or is busy; trying again may work."""

    status = 503
    title = "The portal is busy"

    def __init__(
        self, sentence: str = "The portal could not reach its database. Nothing was saved. Try again."
    ) -> None:
        super().__init__(sentence)


class Damaged(Unavailable):
    """The database itself is broken: trying again does not help."""

    title = "The portal's database is damaged"

    def __init__(
        self, sentence: str = "The portal's database is damaged. Nothing was saved. Tell whoever runs the portal."
    ) -> None:
        super().__init__(sentence)
