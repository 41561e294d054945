"""What the portal says about itself: how it rates, how accessible it is, and which cookies it sets."""

from flask import Blueprint, render_template

from models.rules.sessions import AT_MOST, IDLE
from portal import words
from portal.database import Database
from portal.policy import Action
from portal.public.choosing import of_agreements
from portal.public.examples import EXAMPLES, GROUPED, MOVING, SMALL, TOLERANCE
from portal.web.doors import needs
from portal.web.kept import KeptPages


def blueprint(database: Database, kept: KeptPages) -> Blueprint:
    """The routes /how-we-rate, /accessibility and /cookies."""
    pages = Blueprint("about", __name__)

    @pages.get("/how-we-rate")
    @needs(Action.SITE_OPEN)
    @kept.page
    def how_we_rate() -> str:
        return render_template(
            "how_we_rate.html",
            examples=EXAMPLES,
            grouped=GROUPED,
            moving=MOVING,
            small=SMALL,
            tolerance=words.tolerance(TOLERANCE),
            words=words,
            **of_agreements(database, "/how-we-rate"),
        )

    @pages.get("/accessibility")
    @needs(Action.SITE_OPEN)
    @kept.page
    def accessibility() -> str:
        return render_template("accessibility.html", **of_agreements(database, "/accessibility"))

    @pages.get("/cookies")
    @needs(Action.SITE_OPEN)
    @kept.page
    def cookies() -> str:
        idle, most = int(IDLE.total_seconds()) // 60, int(AT_MOST.total_seconds()) // 3600
        return render_template("cookies.html", idle=idle, most=most, **of_agreements(database, "/cookies"))

    return pages
