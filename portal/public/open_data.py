"""Every edition as open data: files under addresses that stay, a text for the newsletter, and a feed of editions."""

from urllib.parse import urlencode

from flask import Blueprint, Response, request

from models.rules.codes import title_key
from portal.database import Database
from portal.errors import NotFound
from portal.formats.edition import content_hash, scorecard_of
from portal.formats.edition_csv import edition_csvw
from portal.formats.editions_atom import FILES, editions_atom
from portal.formats.observations import LICENCE
from portal.policy import Action
from portal.public.edition_files import made
from portal.services.agreements import choice
from portal.services.scorecard import edition_content, editions
from portal.services.shares import half_years
from portal.web.doors import needs
from portal.web.session import visitor
from portal.words.newsletter import newsletter

TYPES = {ending: kind for ending, (kind, _) in FILES.items()} | {"csv": "text/csv; charset=utf-8; header=present"}


def blueprint(database: Database) -> Blueprint:
    """The routes /editions/N.csv, .csv-metadata.json, .json, .xlsx, .pdf, /editions/N/newsletter.txt, /editions.atom."""
    pages = Blueprint("open_data", __name__)

    @pages.get("/editions/<int:number>.csv", defaults={"ending": "csv"})
    @pages.get("/editions/<int:number>.json", defaults={"ending": "json"})
    @pages.get("/editions/<int:number>.xlsx", defaults={"ending": "xlsx"})
    @pages.get("/editions/<int:number>.pdf", defaults={"ending": "pdf"})
    @needs(Action.EDITION_READ)
    def file(number: int, ending: str) -> Response:
        content = edition_content(database, visitor(), number)
        response = _kept(made(ending, content), TYPES[ending])
        area = title_key(scorecard_of(content, "").area)
        way = "attachment" if ending in ("csv", "xlsx") else "inline"
        response.headers["Content-Disposition"] = f'{way}; filename="scorecard-{area}-edition-{number}.{ending}"'
        if ending == "csv":
            described = f'</editions/{number}.csv-metadata.json{_kept_query()}>; rel="describedby"'
            response.headers.add("Link", f'{described}; type="application/csvm+json"')
        return response

    @pages.get("/editions/<int:number>.csv-metadata.json")
    @needs(Action.EDITION_READ)
    def metadata(number: int) -> Response:
        content = edition_content(database, visitor(), number)
        said = edition_csvw(scorecard_of(content, content_hash(content)), f"{number}.csv{_kept_query()}")
        return _kept(said.encode(), "application/csvm+json")

    @pages.get("/editions/<int:number>/newsletter.txt")
    @needs(Action.EDITION_READ)
    def newsletter_text(number: int) -> Response:
        return _kept(newsletter(*half_years(database, visitor(), number)).encode(), "text/plain; charset=utf-8")

    @pages.get("/editions.atom")
    @needs(Action.EDITION_READ)
    def feed() -> Response:
        lines, there = editions(database, visitor()), choice(database, visitor())
        if there is None or not lines:
            raise NotFound("Nothing has been published yet.")
        return _kept(editions_atom(there.shown, lines, _kept_query()), "application/atom+xml; charset=utf-8")

    return pages


def _kept_query() -> str:
    """What links to other files keep of the address: which agreement it is about."""
    chosen = visitor().agreement
    return f"?{urlencode({'agreement': chosen})}" if chosen else ""


def _kept(body: bytes, kind: str) -> Response:
    """An answer under the licence that is the same for everybody: it may be kept, and is not sent twice."""
    response = Response(body, content_type=kind)
    response.headers["Link"] = f'<{LICENCE}>; rel="license"'
    response.headers["Cache-Control"] = "public, max-age=60"
    response.add_etag()
    response.make_conditional(request)
    return response
