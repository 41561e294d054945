"""Whether the portal works: for machines that watch it."""

from flask import Blueprint, Response, jsonify
from sqlalchemy import select

from models.audit import AuditHead
from portal.actor import public
from portal.database import Database
from portal.policy import Action
from portal.web.doors import needs


def blueprint(database: Database) -> Blueprint:
    """The route /healthz: 200 when the database answers; the error table makes it 503 when it does not."""
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    @needs(Action.SITE_OPEN)
    def healthz() -> Response:
        with database.read(public()) as session:
            session.execute(select(AuditHead.number)).one()
        return jsonify(status="ok")

    return pages
