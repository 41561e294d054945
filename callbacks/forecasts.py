"""Wiring the ledger of forecasts."""

from typing import Any

from layouts import forecasts as draw
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action
from portal.services.forecasts import ledger
from portal.web.pages import Pages


def register(pages: Pages, database: Database) -> None:
    """Wire the page /forecasts."""

    @pages.on("/forecasts", access=Action.FORECAST_READ, label="Forecasts")
    def open_ledger(actor: Actor) -> tuple[str, Any]:
        return draw.ledger(ledger(database, actor))
