"""The memorandum for everybody: a page and a file for each version of the agreement."""

from flask import Blueprint, Response, make_response, render_template

from models.rules.terms import Group
from portal import words
from portal.database import Database
from portal.formats.memorandum_csv import memorandum_csv
from portal.policy import Action
from portal.public.choosing import of_agreements
from portal.services.memorandum import memorandum
from portal.viewmodels.memorandum import Memorandum
from portal.web.doors import needs
from portal.web.kept import for_everybody
from portal.web.session import visitor


def blueprint(database: Database) -> Blueprint:
    """The routes /memorandum, /memorandum/N, and both as .csv."""
    pages = Blueprint("memorandum", __name__)

    @pages.get("/memorandum")
    @pages.get("/memorandum/<int:number>")
    @needs(Action.AGREEMENT_READ)
    def page(number: int | None = None) -> Response:
        view = memorandum(database, visitor(), number)
        there = of_agreements(database, "/memorandum")
        response = make_response(
            render_template("memorandum.html", view=view, groups=groups(view), words=words, **there)
        )
        response.add_etag()
        return for_everybody(response)

    @pages.get("/memorandum.csv")
    @pages.get("/memorandum/<int:number>.csv")
    @needs(Action.AGREEMENT_READ)
    def file(number: int | None = None) -> Response:
        view = memorandum(database, visitor(), number)
        response = Response(memorandum_csv(view), content_type="text/csv; charset=utf-8")
        name = f"memorandum-{view.key}-{view.version.number}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.add_etag()
        return for_everybody(response)

    return pages


def groups(view: Memorandum) -> list[tuple[Group, list[object]]]:
    """The indicators by group, the designated first; no group that is empty."""
    found = [(group, [one for one in view.indicators if one.group is group]) for group in Group]
    return [(group, list(own)) for group, own in found if own]
