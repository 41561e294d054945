"""The exception report as a Word document, for those who may read it."""

from flask import Blueprint, Response, request

from portal.database import Database
from portal.formats import exceptions_docx
from portal.formats.word import KIND
from portal.policy import Action
from portal.services.exceptions import exception_report
from portal.web import session
from portal.web.doors import needs


def blueprint(database: Database) -> Blueprint:
    """The route /exceptions.docx: what /exceptions shows for the same month."""
    pages = Blueprint("exception_files", __name__)

    @pages.get("/exceptions.docx")
    @needs(Action.EXCEPTION_READ)
    def exceptions_word() -> Response:
        report = exception_report(database, session.current_actor(), request.args.get("month"))
        response = Response(exceptions_docx.document(report), content_type=KIND)
        response.headers["Content-Disposition"] = f'attachment; filename="exceptions-{report.month:%Y-%m}.docx"'
        return response

    return pages
