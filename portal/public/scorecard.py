"""The public scorecard: the latest edition, and nothing that is not in it."""

from flask import Blueprint, Response, make_response, render_template

from portal.database import Database
from portal.policy import Action
from portal.public.choosing import of_agreements
from portal.public.drawing import FILTERS, summary
from portal.public.edition_files import files
from portal.services import scorecard
from portal.web.doors import needs
from portal.web.kept import KeptPages
from portal.web.session import visitor


def blueprint(database: Database, kept: KeptPages) -> Blueprint:
    """The route /."""
    pages = Blueprint("scorecard", __name__)

    @pages.get("/")
    @needs(Action.EDITION_READ)
    @kept.page
    def latest() -> str | Response:
        edition = scorecard.latest_scorecard(database, visitor())
        there = of_agreements(database, "/")
        if edition is None:
            return make_response(render_template("nothing_published.html", **there))
        content = scorecard.edition_content(database, visitor(), edition.edition)
        there["files"] = files(edition.edition, content, there["kept"])
        unrated = scorecard.no_longer_rated(database, visitor(), edition.edition)
        return render_template("scorecard.html", card=edition, summary=summary(edition, unrated), **there)

    for name, function in FILTERS.items():
        pages.add_app_template_filter(function, name)
    return pages
