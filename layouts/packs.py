"""Drawing the page of briefing packs: asking for one, how far it has come, and those that are kept."""

from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids, parts
from models.rules.packs import KEPT, PackForm
from portal import words
from portal.viewmodels.packs import JobLine, PackLine, PacksPage
from portal.words import packs as words_of

PATH = "/packs"
EVERY = 2000
"""Milliseconds between two looks at how far a pack has come."""
MOST = 300
"""So often a page looks: one that is left open does not keep its session alive all day."""
FIELDS = ("about", "period", "forms", "day")
ABOUT = (
    "For a meeting, or to read on the way: what is worse, why and what is being done first, then everything in numbers "
    "and one by one. The same figures as the pages, all of one instant. It is made in the background; you need not wait."
)


def packs(view: PacksPage) -> tuple[str, Component]:
    """The page."""
    title = "Briefing packs"
    return parts.page(
        title,
        parts.heading(title, view.agreement),
        html.P(ABOUT),
        *(_asking(view) if view.about else [parts.empty("There is nothing that you may ask for a pack on.")]),
        dcc.Interval(id=ids.of_pack("watch"), interval=EVERY, max_intervals=MOST, disabled=not view.making),
        html.P(said(view), id=ids.of_pack("said"), className="unseen", role="status", **parts.aria(live="polite")),
        html.Div(made(view), id=ids.of_pack("list")),
    )


def way(about: str, period: str | None, text: str, offered: bool) -> list[Component]:
    """The way to the page from one that it is about, where it is offered to the reader."""
    return [html.P(parts.link(text, parts.address(PATH, period, None, {"about": about})))] if offered else []


def _asking(view: PacksPage) -> list[Component]:
    options = [
        {"label": words_of.choice(kind, name), "value": f"{kind}:{key}" if key else kind.value}
        for kind, key, name in view.about
    ]
    chosen = view.chosen if any(one["value"] == view.chosen for one in options) else options[0]["value"]
    periods = [{"label": words.capital(words.period(one.key)), "value": one.slug} for one in view.periods]
    forms = [{"label": words_of.FORM[form], "value": form.value} for form in PackForm]
    at = ids.of_pack
    return [
        dcc.Location(id=at("go"), refresh="callback-nav"),
        html.Div(id=at("errors")),
        html.Div(
            [
                parts.field("About", dbc.Select(id=at("about"), options=options, value=chosen)),
                parts.field("Period", dbc.Select(id=at("period"), options=periods, value=parts.current(view.periods))),
                html.Fieldset(
                    [
                        html.Legend("As"),
                        dbc.Checklist(
                            id=at("forms"), options=forms, value=[one.value for one in PackForm], inline=True
                        ),
                    ],
                    className="switches",
                ),
                parts.field(
                    "As known at the end of",
                    dbc.Input(id=at("day"), type="date", class_name="figure"),
                    "Only for a past day; of now where it is left empty.",
                ),
                html.Div(dbc.Button("Make the pack", id=at("ask")), className="buttons"),
            ],
            className="judging",
        ),
    ]


def said(view: PacksPage) -> str:
    """What is announced: that packs are being made, and what became of the last one."""
    return words_of.announced(view.jobs)


def made(view: PacksPage) -> list[Component]:
    """The packs that are being made for the reader, and those that are kept."""
    drawn: list[Component] = []
    if view.jobs:
        drawn += [html.H2("Asked for by you"), html.Ul([_job(job) for job in view.jobs], className="tasks")]
    drawn.append(html.H2("Packs that are kept"))
    if not view.packs:
        return [*drawn, parts.empty("No pack is kept yet.", "Ask for one above: it is here as soon as it is made.")]
    head = ("Pack", "As at", "Made for", "Files", "Kept until")
    rows = [_row(pack) for pack in view.packs]
    note = (
        f"Files are kept for {KEPT.days} days. A pack may be opened by everybody who may read all that is in it, whoever "
        "asked for it."
    )
    return [*drawn, parts.table("Briefing packs, the latest first", head, rows), html.P(note, className="soft")]


def _job(job: JobLine) -> Component:
    state: list[Any] = [html.Span(words_of.job_state(job), className="problem" if job.error and not job.to_do else "")]
    if job.to_do and job.steps:
        state.append(
            html.Progress(value=str(job.done), max=str(job.steps), **parts.aria(label=words_of.job_about(job)))
        )
    for form in job.asked.forms if job.pack else ():
        link: Any = [words_of.FORM[form], html.Span(f": {words_of.job_about(job)}", className="unseen")]
        state += [" ", html.A(link, href=f"{PATH}/{job.pack}.{form}")]
    name = html.Span([words_of.job_about(job), html.Span(f" {words.moment(job.asked_at)}", className="soft")])
    return html.Li([name, html.Span(state, className="side")])


def _row(pack: PackLine) -> tuple[Any, ...]:
    name = words_of.pack_name(pack)
    hashes = parts.folded(
        "SHA-256", *(html.P([words_of.FORM[one.form], ": ", html.Code(one.sha256)]) for one in pack.files)
    )
    files = [
        html.Div(
            html.A(
                [words_of.file_name(one), html.Span(f": {name}", className="unseen")],
                href=f"{PATH}/{pack.id}.{one.form}",
            )
        )
        for one in pack.files
    ]
    return (
        html.Div([name, hashes]),
        words_of.as_at(pack.as_at).removeprefix("As at "),
        pack.who,
        html.Div(files),
        words.day(min(one.until for one in pack.files)),
    )


def errors(fields: Mapping[str, str]) -> list[Component]:
    """What is wrong with the form, each sentence with a link to its field."""
    return parts.error_summary((said, ids.of_pack(name) if name in FIELDS else None) for name, said in fields.items())
