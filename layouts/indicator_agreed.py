"""Drawing what is agreed on an indicator: its definition and source, its targets by year and version."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts import parts
from portal import words
from portal.viewmodels.indicator_page import IndicatorPage, MeasurePage, Version


def section(view: IndicatorPage) -> Component:
    """What the agreement says, then what every version of it set as targets."""
    return html.Section(
        [
            html.H2("What is agreed"),
            parts.facts(_agreed(view)),
            *(part for one in view.measures for part in _measure(one, view)),
        ]
    )


def _agreed(view: IndicatorPage) -> list[tuple[Any, Any]]:
    """What holds for the whole indicator."""
    standing, version = view.indicator, view.in_force
    rows: list[tuple[Any, Any]] = [
        ("Title", standing.title),
        ("Part of the agreement", words.GROUP[standing.group]),
        ("Version", f"{version.title}, in force from {words.day(version.in_force_from)}"),
        ("Baseline, as printed", view.baseline_printed or "–"),
    ]
    if version.placeholder:
        rows.append(("Placeholder", "Agreed, but without a target yet"))
    if view.reward_weighted:
        rows.append(("Reward", "Weighted: it counts for the reward grant"))
    if view.note:
        rows.append(("Note in the document", view.note))
    return rows


def _measure(one: MeasurePage, view: IndicatorPage) -> list[Component]:
    found = one.definition
    name = f"Definition ({one.standing.part.lower()})" if one.standing.part else "Definition and source"
    rows = [
        ("Unit", words.units(found)),
        ("Which way is good", words.way(found)),
        ("Acceptable range", words.tolerance(found.tolerance)),
        ("Baseline, as a number", words.baseline(found)),
        ("Returned", words.returned(found)),
        ("Source", found.source or "The lead partner's own figures"),
        ("Rests on", words.EVIDENCE[found.evidence]),
    ]
    if found.seasonal:
        rows.append(("Seasons", "It follows them, and is compared with the same period a year before"))
    if found.rolling:
        rows.append(("Average", "It is an average over years; the year's own figure is returned beside it"))
    return [html.H3(name), parts.facts(rows), _targets(one, view)]


def _targets(one: MeasurePage, view: IndicatorPage) -> Component:
    """A row for each year, a column for each version."""
    head = ["Year", *(_column(version) for version in view.versions)]
    rows = [
        (year, *(words.agreed_target(by_version.get(version.number)) for version in view.versions))
        for year, by_version in one.targets.items()
    ]
    part = f", {one.standing.part.lower()}" if one.standing.part else ""
    return parts.table(f"Targets at the year's end{part}, by version of the agreement", head, rows)


def _column(version: Version) -> str:
    return f"{version.title}, from {words.day(version.in_force_from)}"
