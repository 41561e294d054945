"""What an executive reads on one theme: figure, direction, evidence, forecast range against target, last words."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from layouts import theme as draw
from models.rules.terms import Rating
from portal.database import Database
from portal.services import themes
from portal.viewmodels.themes import ThemePage
from tests.conftest import person
from tests.layouts.test_layouts import text_of
from tests.support.series import with_series

WHY = "Handler arrests fell behind in the spring."


@pytest.fixture
def rated(sqlite_database: Database) -> Callable[[Rating], ThemePage]:
    """The theme in a quarter with eight figures, as it would be with this rating of NI 16."""
    series = with_series(sqlite_database)
    view = themes.theme(series, person(series, "executive"), "safer", "2010-11-q1")

    def make(rating: Rating) -> ThemePage:
        (crime,) = (one for one in view.theme.indicators if one.code == "NI 16")
        measure = replace(crime.measures[0], rating=rating, commentary=WHY)
        alone = (replace(crime, rating=rating, measures=(measure,)),)
        return replace(view, theme=replace(view.theme, indicators=alone))

    return make


def said(view: ThemePage) -> tuple[str, str]:
    """What stands under what is worse, and in the table of all that was reported."""
    _, page = draw.theme(view)
    above, _, below = text_of(page).partition("Reported indicators, worst first")
    return above.partition("Worse than anticipated, or forecast to be")[2], below


def test_what_is_worse_says_direction_evidence_forecast_and_the_leads_words(
    rated: Callable[[Rating], ThemePage],
) -> None:
    above, below = said(rated(Rating.WORSE))
    assert "No change: the figures vary around 2.425 as they always do. Fair evidence: 8 figures, verified." in above
    assert "The portal expects 2.43 offences per 1,000 population, monthly rate at the end of 2010/11" in above
    assert "in 80 of 100 cases between 2.38 offences" in above
    assert WHY in above
    assert "By the portal 2.38 to 2.47." in below


def test_the_leads_words_on_what_is_not_worse_stand_in_the_table(rated: Callable[[Rating], ThemePage]) -> None:
    above, below = said(rated(Rating.BETTER))
    assert above == ""
    assert f"What the lead says {WHY}" in below


def test_only_the_theme_that_is_shown_gets_forecasts(sqlite_database: Database) -> None:
    series = with_series(sqlite_database)
    view = themes.themes(series, person(series, "executive"), "2010-11-q1")
    assert all(m.outlook is None for t in view.themes for i in t.indicators for m in i.measures)
