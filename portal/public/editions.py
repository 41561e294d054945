"""Every edition for ever: the list, each one, each indicator in it with its card for other sites, and the history."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from models.rules.codes import indicator_code, slug
from models.rules.rollup import WORST_FIRST
from models.rules.terms import Rating
from portal import words
from portal.database import Database
from portal.errors import NotFound
from portal.policy import Action
from portal.public.choosing import of_agreements
from portal.public.drawing import drawn_shares, key_of, summary
from portal.public.edition_files import files
from portal.services import scorecard
from portal.services.edition_indicator import edition_indicator
from portal.services.shares import published_shares
from portal.web.doors import framed, needs
from portal.web.kept import KeptPages
from portal.web.session import visitor


def blueprint(database: Database, kept: KeptPages) -> Blueprint:
    """The routes under /editions, and /history."""
    pages = Blueprint("editions", __name__)

    @pages.get("/editions")
    @needs(Action.EDITION_READ)
    @kept.page
    def every() -> str:
        there = of_agreements(database, "/editions")
        return render_template("editions.html", editions=scorecard.editions(database, visitor()), **there)

    @pages.get("/editions/<int:number>")
    @needs(Action.EDITION_READ)
    @kept.page
    def one(number: int) -> str:
        card = scorecard.edition_card(database, visitor(), number)
        there = of_agreements(database, "/")
        there["files"] = files(number, scorecard.edition_content(database, visitor(), number), there["kept"])
        unrated = scorecard.no_longer_rated(database, visitor(), number)
        return render_template("scorecard.html", card=card, summary=summary(card, unrated), **there)

    @pages.get("/editions/<int:number>/indicators/<code>")
    @needs(Action.EDITION_READ)
    @kept.page
    def indicator(number: int, code: str) -> str | Response:
        return drawn("edition_indicator.html", number, code)

    @pages.get("/editions/<int:number>/indicators/<code>/card")
    @needs(Action.EDITION_READ)
    @framed
    @kept.page
    def card(number: int, code: str) -> str | Response:
        return drawn("indicator_card.html", number, code)

    @pages.get("/editions/latest/indicators/<code>/card")
    @needs(Action.EDITION_READ)
    @framed
    @kept.page
    def latest_card(code: str) -> str | Response:
        latest = scorecard.latest_scorecard(database, visitor())
        if latest is None:
            raise NotFound("Nothing has been published yet.")
        return drawn("indicator_card.html", latest.edition, code)

    def drawn(template: str, number: int, code: str) -> str | Response:
        try:
            spelt = slug(indicator_code(code))
        except ValueError as error:
            raise NotFound(str(error)) from error
        if code != spelt:  # before anything is read: such answers are not kept, and every edition before counts
            return _again(spelt)
        view = edition_indicator(database, visitor(), number, code)
        return render_template(template, view=view, card=view.card, **of_agreements(database, "/"))

    @pages.get("/history")
    @needs(Action.EDITION_READ)
    @kept.page
    def history() -> str:
        chart = published_shares(database, visitor())
        there = of_agreements(database, "/history")
        names = {
            True: key_of(words.PRINTED),
            False: key_of({rating: words.RATING[rating] for rating in Rating}),
        }
        return render_template(
            "history.html",
            chart=chart,
            drawn=drawn_shares(chart),
            names=names,
            ratings=WORST_FIRST,
            words=words,
            **there,
        )

    return pages


def _again(code: str) -> Response:
    """The one address of a page that was asked for with another spelling of its indicator's code."""
    values = (request.view_args or {}) | {"code": code}
    if visitor().agreement:
        values["agreement"] = visitor().agreement
    return redirect(url_for(request.endpoint or "", **values), 301)
