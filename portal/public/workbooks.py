"""The page of return workbooks: plain forms, which work without a script; one shows how far a file has come."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from models.rules.broken import RuleBroken
from portal import words
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Invalid
from portal.formats.return_workbook_xlsx import KIND
from portal.formats.safe_xlsx import LARGEST
from portal.policy import Action, require
from portal.services import workbooks
from portal.viewmodels.workbooks import STOPS, Outcome
from portal.web import session
from portal.web.doors import needs, scripted, takes
from portal.web.values import within
from portal.words import workbooks as words_of

SCRIPT = "sending.js"
"""It is on this page alone."""
AROUND = 64 * 1024
"""What a form weighs around its file."""
SAID = {"words": words, "of_workbooks": words_of}


def blueprint(database: Database) -> Blueprint:
    """The routes /returns/workbook, /returns/workbook/NUMBER, and their files."""
    pages = Blueprint("workbooks", __name__)

    def shown() -> Actor:
        """The actor in the agreement that the page showed; an address need not say one."""
        actor, said = session.current_actor(), request.values.get("agreement")
        return actor if said is None and request.method == "GET" else within(actor, said)

    def page(actor: Actor, problem: str = "") -> str:
        view = workbooks.workbooks(database, actor)
        shown = {"problem": problem, "largest": LARGEST, "script": SCRIPT, **SAID}
        return render_template("return_workbook.html", view=view, **shown)

    @pages.get("/returns/workbook")
    @needs(Action.RETURN_EDIT)
    @scripted
    def workbook_page() -> str:
        return page(session.current_actor())

    @pages.post("/returns/workbook")
    @needs(Action.RETURN_EDIT)
    @scripted
    @takes(LARGEST + AROUND)
    def send_workbook() -> tuple[str, int] | AnyResponse:
        require(session.current_actor(), Action.RETURN_EDIT)
        actor, file = shown(), request.files.get("file")
        try:
            if file is None or not file.filename:
                raise Invalid({"file": "Choose the workbook that you filled in."})
            number = workbooks.take(database, actor, file.filename, file.read(LARGEST + 1))
        except Invalid as error:
            return page(actor, error.sentence), error.status
        return redirect(f"/returns/workbook/{number}", 303)

    @pages.get("/returns/workbook.xlsx")
    @needs(Action.RETURN_EDIT)
    def workbook_file() -> Response:
        name, content = workbooks.download(database, shown(), request.args.get("period", ""))
        return _attached(name, content)

    @pages.get("/returns/workbook/<int:number>")
    @needs(Action.RETURN_EDIT)
    def workbook_results(number: int) -> str:
        return results(number)

    def results(number: int, problem: str = "") -> str:
        view = workbooks.results(database, session.current_actor(), number)
        shown: Mapping[str, Any] = {"stops": STOPS, "outcomes": Outcome, "problem": problem, **SAID}
        return render_template("return_workbook_results.html", view=view, **shown)

    @pages.post("/returns/workbook/<int:number>")
    @needs(Action.RETURN_EDIT)
    def write_workbook(number: int) -> tuple[str, int] | AnyResponse:
        submit = request.form.get("submit") == "1"
        try:
            workbooks.write(database, session.current_actor(), number, submit=submit)
        except (Conflict, RuleBroken, Invalid) as error:
            status = error.status if isinstance(error, Conflict | Invalid) else Conflict.status
            return results(number, str(error)), status
        return redirect(f"/returns/workbook/{number}", 303)

    @pages.get("/returns/workbook/<int:number>.xlsx")
    @needs(Action.RETURN_EDIT)
    def kept_workbook(number: int) -> Response:
        return _attached(*workbooks.kept_file(database, session.current_actor(), number))

    return pages


def _attached(name: str, content: bytes) -> Response:
    response = Response(content, content_type=KIND)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
