"""Whether the portal works: for machines that watch it."""

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from portal.actor import public
from portal.database import Database


def blueprint(database: Database) -> Blueprint:
    """The route /healthz: 200 when the database answers; the error table makes it 503 when it does not."""
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    def healthz() -> Response:
        with database.read(public()) as session:
            session.execute(text("SELECT 1"))
        return jsonify(status="ok")

    return pages
