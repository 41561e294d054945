"""The public page that lists every agreement of the installation: where there are many, other pages only lead to it."""

from collections.abc import Iterable
from itertools import groupby

from flask import Blueprint, render_template

from portal.database import Database
from portal.policy import Action
from portal.public.choosing import of_agreements
from portal.services.agreements import listed
from portal.viewmodels.agreements import AgreementLine
from portal.web.doors import needs
from portal.web.kept import KeptPages
from portal.web.session import visitor

LONG = 30
"""A longer list is divided by the first letters of its areas."""


def blueprint(database: Database, kept: KeptPages) -> Blueprint:
    """The route /agreements."""
    pages = Blueprint("agreements", __name__)

    @pages.get("/agreements")
    @needs(Action.AGREEMENT_READ)
    @kept.page
    def every_agreement() -> str:
        there = of_agreements(database, "/")
        there |= {"others": (), "many": False}  # the page itself lists them all
        return render_template("agreements.html", groups=divided(listed(database, visitor())), **there)

    return pages


def divided(lines: Iterable[AgreementLine]) -> list[tuple[str, list[AgreementLine]]]:
    """Agreements by their areas in the order of the alphabet, each letter with its own; a short list in one, without a
    letter."""
    ordered = sorted(lines, key=lambda one: (one.area.casefold(), one.title.casefold()))
    if len(ordered) <= LONG:
        return [("", ordered)] if ordered else []
    return [(letter, list(own)) for letter, own in groupby(ordered, lambda one: one.area[:1].upper())]
