"""Drawing the agreement: its versions, and what each of them changed."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from layouts import parts
from portal import words
from portal.viewmodels.refresh import AgreementPage, Change, VersionLine
from portal.words import refresh as said


def agreement(view: AgreementPage, *, may_refresh: bool) -> tuple[str, Component]:
    """The versions, which one is in force, and what the shown one changed against the one before."""
    years = f"{view.years[0]} to {view.years[1]}"
    way = [html.P(parts.link("Refresh the agreement", "/agreement/refresh"))] if may_refresh else []
    return parts.page(
        "Agreement",
        parts.heading("Agreement", f"{view.agreement} · {view.area}, {years}"),
        *way,
        _versions(view.versions, view.shown.number),
        html.H2(view.shown.title),
        parts.facts(
            [
                ("In force from", words.day(view.shown.in_force_from)),
                ("Agreed", f"{words.day(view.shown.agreed_on)}, by {view.shown.agreed_by or 'whom is not recorded'}"),
                ("Why", view.shown.reason),
            ]
        ),
        *_changes(view),
    )


def _versions(versions: Sequence[VersionLine], shown: int) -> Component:
    rows = [
        (
            parts.link(line.title, f"/agreement?version={line.number}") if line.number != shown else line.title,
            words.day(line.in_force_from),
            words.day(line.agreed_on),
            "In force" if line.in_force else "–",
        )
        for line in versions
    ]
    return parts.table("Versions of the agreement", ("Version", "In force from", "Agreed", "Now"), rows)


def _changes(view: AgreementPage) -> list[Component]:
    if view.before is None:
        return [html.P(["This is the first version: what it says stands in the ", *_memorandum(view), "."])]
    resolved = f"Resolved: {', '.join(view.summary.resolved)}." if view.summary.resolved else ""
    return [
        html.H2(f"What it changed against '{view.before.title}'"),
        html.P([html.Strong(said.summary(view.summary)), f" {resolved}"]),
        html.P(["All that it says stands in the ", *_memorandum(view), "."], className="soft"),
        changes_table(f"Changes against '{view.before.title}'", view.changes),
    ]


def _memorandum(view: AgreementPage) -> list[Component]:
    # A page of the public's: the browser opens it, not the portal.
    return [html.A("memorandum", href=f"/memorandum/{view.shown.number}")]


def changes_table(caption: str, changes: Sequence[Change]) -> Component:
    """Changes with the old value beside the new one."""
    rows = [
        (
            [parts.code(change.measure or change.indicator), " ", change.title],
            said.term(change),
            said.value(change.old, change.term, change.unit),
            said.value(change.new, change.term, change.unit),
            said.stretched(change.stretch) or "–",
        )
        for change in changes
    ]
    return parts.table(caption, ("Indicator", "What", "Before", "Now", "Target"), rows)
