"""Whether the portal works, and whether this process may take traffic: for machines that watch it."""

from dataclasses import dataclass

from flask import Blueprint, Response, jsonify
from sqlalchemy import select, text

from models.audit import AuditHead
from portal.actor import public
from portal.database import Database
from portal.errors import Unavailable
from portal.migrate import older
from portal.policy import Action
from portal.web.doors import needs


@dataclass(slots=True)
class Readiness:
    """Where this process stands in its own life: it is warm once it has answered itself, and may be stopping."""

    warm: bool = False
    stopping: bool = False


def blueprint(database: Database, readiness: Readiness) -> Blueprint:
    """The routes /healthz, 200 when the database answers (the error table makes it 503 when it does not), and /readyz,
    200 when this process may take traffic, else 503 with the reason's name and no more."""
    pages = Blueprint("health", __name__)
    behind = older()

    def reason() -> str:
        if readiness.stopping:
            return "stopping"
        if not readiness.warm:
            return "starting"
        try:
            with database.read(public()) as session:
                at = session.scalar(text("SELECT version_num FROM alembic_version"))
        except Unavailable:
            return "database"
        return "migration" if at is None or at in behind else ""

    @pages.get("/healthz")
    @needs(Action.SITE_OPEN)
    def healthz() -> Response:
        with database.read(public()) as session:
            session.execute(select(AuditHead.number)).one()
        return jsonify(status="ok")

    @pages.get("/readyz")
    @needs(Action.SITE_OPEN)
    def readyz() -> tuple[Response, int]:
        found = reason()
        return (jsonify(status="not ready", reason=found), 503) if found else (jsonify(status="ready"), 200)

    return pages
