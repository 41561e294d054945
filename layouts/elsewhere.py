"""Drawing figures from elsewhere beside a return: what its source published, and what other areas have."""

from collections.abc import Callable
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts import parts
from portal import words
from portal.viewmodels.elsewhere import Elsewhere, Published
from portal.viewmodels.indicators import MeasureStanding


def sections(known: Elsewhere, standing: MeasureStanding, *, level: int = 2) -> list[Component]:
    """What is known from elsewhere; nothing where nothing was loaded. `level` is that of its headings."""
    heading = {2: html.H2, 3: html.H3}[level]
    return [*_published(known, standing, heading), *_areas(known, standing, heading)]


def _published(known: Elsewhere, standing: MeasureStanding, heading: Callable[[str], Component]) -> list[Component]:
    if not known.published and not known.pairs:
        return []
    own = "–" if standing.value is None else words.typed_amount(standing.value, standing.decimals, standing.unit)
    rows: list[tuple[Any, Any]] = [("Our own figure", own)]
    rows += [(f"{one.source}, {words.day(one.on)}", _one(one, standing)) for one in known.published]
    if not known.published:
        rows.append(("The source's figure", "Not loaded yet for this period."))
    rows.append(("Usual revision", words.usual_revision(known, standing)))
    note = [html.P(words.provisional(known, standing), className="soft")] if known.provisional else []
    return [html.Section([heading("What the source published"), *note, parts.facts(rows)])]


def _one(published: Published, standing: MeasureStanding) -> str:
    figure = words.typed_amount(published.value, standing.decimals, standing.unit)
    said = (figure + ".", words.difference(published, standing), words.rated_otherwise(published, standing))
    return " ".join(filter(None, said))


def _areas(known: Elsewhere, standing: MeasureStanding, heading: Callable[[str], Component]) -> list[Component]:
    if not known.areas:
        return []
    rows = [
        (
            area.rank or "–",
            html.Strong(area.name) if area.kind is None else area.name,
            words.AREA_KIND[area.kind],
            words.figure_or_dash(area.value, standing.decimals, standing.unit),
        )
        for area in known.areas
    ]
    said = words.area_place(known, standing)
    head = ("Rank", "Area", "Kind", "Figure")
    return [
        html.Section(
            [
                heading("Other areas"),
                *([html.P(said)] if said else []),
                parts.table("The same figure of other areas", head, rows, (3,)),
                html.P(f"Source: {'; '.join(known.area_sources)}", className="soft"),
            ]
        )
    ]
