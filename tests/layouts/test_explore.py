"""The public page of charts: what can be chosen, what each chart says, and that none sends anything away."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import plotly.offline
import pytest
from flask import Flask
from sqlalchemy import update

from models.agreement import Indicator, Theme
from portal.actor import OPERATOR, Actor, public
from portal.database import Database
from portal.errors import NotFound
from portal.services import periods, returns, review
from portal.services.explore import explore
from portal.viewmodels.returns import Typed
from portal.web.files import PLOTLY
from tests.conftest import person
from tests.house.test_house import ROOT
from tests.layouts.test_layouts import check_manners, components, text_of
from tests.support import wire
from tests.support.publishing import publish

SEARCHES = (
    "",
    "?theme=children",
    "?lead=leicestershire-constabulary",
    "?indicator=ni-16",
    "?indicator=ni-120",
    "?indicator=ni-65",
    "?indicator=ni-50",
    "?theme=children&indicator=ni-16",
    "?lead=none",
    "?theme=%00&lead=<b>",
)


def body_of(app: Flask, search: str, actor: Actor | None = None) -> Any:
    return app.extensions["portal"]["pages"].open(actor or public(), "/explore", search)[1]


def graphs(body: Any) -> Iterator[Any]:
    return (one for one in components(body) if type(one).__name__ == "Graph")


def submit(database: Database, code: str, value: str) -> None:
    lcc = person(database, "lcc")
    number = returns.find_return(database, lcc, "2008-09-q3", code)
    returns.save(database, lcc, number, None, Typed(value=value))
    returns.submit(database, lcc, number, None)
    review.verify(database, person(database, "team"), number, None)


@pytest.mark.parametrize("search", SEARCHES)
def test_it_has_manners_whatever_is_chosen(app: Flask, search: str) -> None:
    check_manners(body_of(app, search))


@pytest.mark.parametrize("search", SEARCHES)
def test_every_chart_has_title_source_table_and_text_and_sends_nothing(app: Flask, search: str) -> None:
    body = body_of(app, search)
    figures = [one for one in components(body) if type(one).__name__ == "Figure"]
    assert len(list(graphs(body))) <= len(figures)
    for figure in figures:
        drawn = list(graphs(figure))
        assert "Unit:" in text_of(figure)
        assert "Source: edition 1 of the scorecard" in text_of(figure)
        kinds = [type(one).__name__ for one in components(figure)]
        nothing = ("No figure has been published yet", "No figure can be held against its milestone yet")
        assert kinds.count("Table") == (not text_of(figure).startswith(nothing))
        assert len(drawn) <= kinds.count("Table")
        assert ("Strong" in kinds) is True
    for graph in graphs(body):
        assert graph.config == {
            "displayModeBar": False,
            "displaylogo": False,
            "showSendToCloud": False,
            "plotlyServerURL": "",
        }
    framed = [one for one in components(body) if getattr(one, "className", "") == "plotted"]
    assert len(framed) == len(list(graphs(body)))
    assert all(one.role == "img" and len(getattr(one, "aria-label")) > 20 for one in framed)


def test_the_numbers_are_those_of_the_edition(app: Flask) -> None:
    view = explore(app.extensions["portal"]["database"], public(), {})
    assert view is not None
    assert (view.counts.worse, view.counts.within, view.counts.better, view.counts.total) == (7, 11, 6, 58)
    assert sum(counts.total for _, counts in view.groups) == 58
    assert (len(view.spine.rows), len(view.spine.unplaced)) == (25, 0)
    assert (view.spine.rows[0][0].code, view.measures) == ("NI 112", ())
    bars = next(graphs(body_of(app, ""))).figure["data"]
    assert [sum(bar["x"]) for bar in bars] == [7, 11, 6, 34]


def test_what_is_chosen_narrows_what_is_shown(app: Flask) -> None:
    database = app.extensions["portal"]["database"]
    view = explore(database, public(), {"theme": "children"})
    assert view is not None
    assert (view.counts.total, view.by_lead) == (25, True)
    assert "Connexions Leicester Shire" in dict(view.groups)
    assert len(view.filters.options["indicator"]) == 25
    one = explore(database, public(), {"indicator": "ni-120"})
    assert one is not None
    assert [chart.code for chart in one.measures] == ["NI 120(i)", "NI 120(ii)"]
    assert "No indicator is all of that." in text_of(body_of(app, "?theme=children&indicator=ni-16"))


def test_earlier_figures_are_drawn_and_not_rated(app: Flask) -> None:
    database = app.extensions["portal"]["database"]
    submit(database, "NI 59", "55")
    publish(database, OPERATOR, "2008-09-q3")
    view = explore(database, public(), {"indicator": "ni-59"})
    assert view is not None
    (chart,) = view.measures
    assert [(str(point.value.normalize()), point.rating is None) for point in chart.points] == [
        ("72", True),
        ("55", False),
    ]


def test_only_what_is_published_is_drawn(app: Flask) -> None:
    before = json.dumps(body_of(app, "").to_plotly_json(), default=str)
    submit(app.extensions["portal"]["database"], "NI 59", "55")
    assert json.dumps(body_of(app, "").to_plotly_json(), default=str) == before


def test_words_are_no_tags_for_plotly(app: Flask) -> None:
    database = app.extensions["portal"]["database"]
    with database.write(OPERATOR) as session:
        session.execute(update(Theme).values(title='<a href="x">theme</a>'))
        session.execute(update(Indicator).values(title="<b>title</b>"))
    periods.close_for_returns(database, OPERATOR, "2008-09-q3")
    publish(database, OPERATOR, "2008-09-q2")
    drawn = "".join(json.dumps(graph.figure, default=str) for graph in graphs(body_of(app, "")))
    assert "&lt;a href" in drawn
    assert "<b>" not in drawn
    assert "<a" not in drawn


def test_an_agreement_that_is_not_there_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        body_of(app, "?agreement=no-such")
    assert app.test_client().get("/explore?agreement=no-such").status_code == 404


def test_a_visitor_is_drawn_the_page_and_is_not_offered_an_account(
    app: Flask, client_of: Callable[[str | None], Any]
) -> None:
    sent = wire.body(app, "open_page", {"address.pathname": "/explore", "address.search": "?theme=children"})
    answer = wire.post(app, client_of(None), sent)
    drawn = json.dumps(answer.json["response"])
    assert "Explore the figures" in drawn
    assert "/sign-out" not in drawn
    assert "/sign-out" in json.dumps(wire.post(app, client_of("police"), sent).json["response"])


def test_plotly_is_the_light_part_of_the_same_version(app: Flask) -> None:
    head = (ROOT / "assets" / PLOTLY).read_text("utf-8")[:300]
    assert f"plotly.js (basic - minified) v{plotly.offline.get_plotlyjs_version()}" in head
    client = app.test_client()
    answer = client.get("/_dash-component-suites/plotly/package_data/plotly.min.js")
    assert answer.status_code == 302
    served = client.get(answer.headers["Location"])
    assert (served.status_code, served.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    assert PLOTLY not in client.get("/explore").text
