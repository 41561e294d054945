"""The feed of what changed through the API."""

from collections.abc import Callable

from flask import Blueprint, Response

from models.rules.codes import period_slug, slug
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action
from portal.rest import paging, shapes
from portal.rest.answers import moment
from portal.rest.described import operation, said
from portal.services.feed import changes
from portal.viewmodels.feed import ChangeLine

USUAL = 100


def add_routes(api: Blueprint, database: Database, actor: Callable[[], Actor], prefix: str) -> None:
    """GET /changes; `since` is the cursor that the answer before gave."""

    @api.get("/changes")
    @operation(
        Action.CHANGE_READ,
        "What changed in what you may read",
        shapes.Changes,
        asks=("since", "limit"),
        refuses=(422,),
    )
    def read_changes() -> Response:
        page = paging.asked("since", USUAL)
        assert page is not None
        since = paging.number(page, "since")
        feed = changes(database, actor(), since, page.limit)
        goes_on = paging.closed(str(feed.changes[-1].number if feed.changes else since))
        told = [_told(one, prefix) for one in feed.changes]
        response = said(shapes.Changes(changes=told, next=goes_on, more=feed.more))
        if feed.more:
            paging.link_to_next(response, {"since": goes_on})
        return response


def _told(line: ChangeLine, prefix: str) -> shapes.Change:
    return shapes.Change(
        at=moment(line.at),
        kind=line.kind,
        state=line.state,
        period=line.period,
        measure=line.measure,
        revision=line.revision,
        edition=line.edition,
        version=line.version,
        href=_href(line, prefix),
    )


def _href(line: ChangeLine, prefix: str) -> str | None:
    if line.measure and line.period:
        return f"{prefix}/returns/{period_slug(line.period)}/{slug(line.measure)}"
    if line.kind == "edition":
        return f"{prefix}/editions/{line.edition}"
    if line.version is not None:
        return f"/memorandum/{line.version}"
    return f"{prefix}/returns?period={period_slug(line.period)}" if line.period else None
