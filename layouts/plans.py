"""Drawing the delivery plan of an indicator: what it says on the common template, its versions, and the form."""

from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids, parts, past
from portal import words
from portal.viewmodels.plans import Plan, PlanPage, Written
from portal.words import plans as words_of


def plan(view: PlanPage) -> tuple[str, Component]:
    """The page: the version that is looked at, the others, and for who may write, the form on the newest."""
    path = f"/indicators/{view.slug}/plan"
    title = f"Delivery plan of {view.code}"
    body: list[Any] = [_said(view.shown)] if view.shown else [_nothing(view)]
    if view.may_write:
        summary = "Change this plan" if view.newest else "Write this plan"
        body.append(parts.folded(summary, *_form(view), opened=not view.newest))
    return parts.page(
        title,
        parts.heading(title),
        html.P(parts.link(f"{view.code} {view.title}", parts.indicator_address(view.code))),
        *past.banner(view.as_at, path),
        *_older(view, path),
        *body,
        *_versions(view, path),
        past.chooser(view.as_at, path),
    )


def _nothing(view: PlanPage) -> Component:
    more = "Write it on the template below, or name the plan that stands in." if view.may_write else ""
    return parts.empty(*filter(None, ("No delivery plan has been written yet.", more)))


def _older(view: PlanPage, path: str) -> list[Component]:
    if view.shown is None or view.shown.number == view.newest:
        return []
    said = f"This is version {view.shown.number}, as it was. "
    return [html.P([html.Strong(said), parts.link("Show what counts now", path)], className="past")]


def _said(shown: Written) -> Component:
    found = shown.plan
    pairs: list[tuple[Any, Any]] = []
    if found.existing:
        there = html.A(found.existing, href=found.address, rel="noreferrer") if found.address else found.existing
        pairs.append((words_of.STANDS_IN["existing"][0], there))
    for name, (label, _) in words_of.PLAN.items():
        text = getattr(found, name)
        missing = "In the existing plan" if found.existing else "Not written yet"
        pairs.append((label, parts.paragraphs(text) if text else html.Span(missing, className="soft")))
    return html.Section(
        [html.P(f"Version {shown.number}, {_by(shown)}.", className="soft"), parts.facts(pairs)], className="plan"
    )


def _by(one: Written) -> str:
    return f"written on {words.day(one.day)}{f' by {one.who}' if one.who else ''}"


def _versions(view: PlanPage, path: str) -> list[Component]:
    if len(view.versions) < 2:
        return []
    items = [
        html.Li(
            [
                parts.link(
                    f"Version {one.number}", parts.address(path, None, view.as_at, {"version": str(one.number)})
                ),
                f", {_by(one)}",
            ]
        )
        for one in view.versions
    ]
    return [html.Section([html.H2("Versions"), html.Ul(items)])]


def _form(view: PlanPage) -> list[Component]:
    now = view.versions[0].plan if view.versions else Plan()
    fields = [
        parts.field(label, dbc.Textarea(id=_at(view.slug, name), rows=3, value=getattr(now, name)), hint)
        for name, (label, hint) in words_of.PLAN.items()
    ]
    fields += [
        parts.field(label, dbc.Input(id=_at(view.slug, name), type="text", value=getattr(now, name)), hint)
        for name, (label, hint) in words_of.STANDS_IN.items()
    ]
    return [
        dcc.Location(id=_at(view.slug, "go"), refresh="callback-nav"),
        dcc.Store(id=_at(view.slug, "version"), data=view.newest),
        html.Div(id=_at(view.slug, "errors")),
        *fields,
        html.Div(dbc.Button("Save this plan", id=_at(view.slug, "write")), className="buttons"),
    ]


def _at(slug: str, part: str) -> dict[str, Any]:
    return ids.of_indicator(f"plan-{part}", slug)


def errors(fields: Mapping[str, str], slug: str) -> list[Component]:
    """What is wrong with the form, each sentence with a link to its field."""
    return parts.error_summary((said, ids.written(_at(slug, name))) for name, said in fields.items())
