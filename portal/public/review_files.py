"""The self-assessment of a year as files, for those who may read it."""

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, request

from portal.database import Database
from portal.errors import NotFound
from portal.formats.moments import past
from portal.formats.self_assessment_docx import self_assessment_docx
from portal.formats.self_assessment_pdf import self_assessment_pdf
from portal.formats.word import KIND
from portal.policy import Action
from portal.services.self_assessment import self_assessment
from portal.viewmodels.self_assessment import Document, StageLine
from portal.web import session
from portal.web.doors import needs
from portal.web.values import number

Maker = Callable[[Document, Sequence[StageLine]], bytes]


def blueprint(database: Database) -> Blueprint:
    """The routes /annual-review/YEAR/self-assessment.docx and .pdf: the version that its page shows; `version` is
    another one, `at` a past day."""
    pages = Blueprint("review_files", __name__)

    def answer(year: str, ending: str, make: Maker, kind: str) -> Response:
        version = request.args.get("version")
        chosen = None if version is None else number(version)
        as_at = past(request.args.get("at"), database.clock)
        page = self_assessment(database, session.current_actor(), year, chosen, as_at)
        if page.document is None:
            raise NotFound("This self-assessment has not reached you yet.")
        response = Response(make(page.document, page.stages), content_type=kind)
        standing = f"version-{page.document.version}" if page.document.version else "draft"
        name = f"annual-review-{page.slug}-{standing}.{ending}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    @pages.get("/annual-review/<year>/self-assessment.docx")
    @needs(Action.REVIEW_OPEN)
    def review_docx(year: str) -> Response:
        return answer(year, "docx", self_assessment_docx, KIND)

    @pages.get("/annual-review/<year>/self-assessment.pdf")
    @needs(Action.REVIEW_OPEN)
    def review_pdf(year: str) -> Response:
        return answer(year, "pdf", self_assessment_pdf, "application/pdf")

    return pages
