"""The files of a briefing pack, for those who may read all that is in it."""

from flask import Blueprint, Response

from models.rules.packs import PackForm
from portal.database import Database
from portal.formats.word import KIND
from portal.policy import Action
from portal.services.packs import pack_file
from portal.web import session
from portal.web.doors import needs

KINDS = {PackForm.PDF: "application/pdf", PackForm.DOCX: KIND}


def blueprint(database: Database) -> Blueprint:
    """The routes /packs/N.pdf and .docx."""
    pages = Blueprint("pack_files", __name__)

    def answer(number: int, form: PackForm) -> Response:
        found = pack_file(database, session.current_actor(), number, form)
        response = Response(found.content, content_type=KINDS[form])
        response.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
        return response

    @pages.get("/packs/<int:number>.pdf")
    @needs(Action.PACK_READ)
    def pack_as_pdf(number: int) -> Response:
        return answer(number, PackForm.PDF)

    @pages.get("/packs/<int:number>.docx")
    @needs(Action.PACK_READ)
    def pack_as_word(number: int) -> Response:
        return answer(number, PackForm.DOCX)

    return pages
