"""The description of the API: as an OpenAPI document for programs, and as a page for people."""

import json
import re
from functools import cache

from flask import Blueprint, Response, current_app, render_template

from portal.policy import Action
from portal.rest.described import operation
from portal.rest.limits import Limits
from portal.rest.openapi import document, rules_of
from portal.words import api as words_of


def add_routes(api: Blueprint, prefix: str, limits: Limits) -> None:
    """GET /openapi.json and /reference, for everybody, with a token or without."""

    @cache  # what it is made of never changes while the portal runs
    def described() -> str:
        return json.dumps(document(current_app, prefix, limits), ensure_ascii=False)

    @api.get("/openapi.json")
    @operation(Action.SITE_OPEN, "This description", "application/json")
    def read_description() -> Response:
        return _kept(Response(described(), content_type="application/json"))

    @api.get("/reference")
    @operation(Action.SITE_OPEN, "This description as a page", "text/html")
    def read_reference() -> Response:
        listed = [(_shown(rule.rule.removeprefix(prefix)), *rest) for rule, *rest in rules_of(current_app)]
        return _kept(
            Response(
                render_template("api_reference.html", operations=listed, words=words_of, limits=limits, prefix=prefix),
                content_type="text/html; charset=utf-8",
            )
        )


def _shown(rule: str) -> str:
    """An address as people write it: '/returns/PERIOD/MEASURE'."""
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", lambda part: part[1].upper(), rule)


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
