"""The executive's first view: what is worse first, with why and what is being done; and what changed, by name."""

from dataclasses import replace

from dash.development.base_component import Component

from layouts import shell
from layouts import themes as draw
from models.rules.change import Change
from models.rules.terms import Rating
from portal.database import Database
from portal.records.themes import most_pressing
from portal.services import returns, review, themes
from portal.viewmodels.indicators import Earlier, IndicatorStanding
from portal.viewmodels.returns import Typed
from portal.viewmodels.themes import Themes
from tests.conftest import person
from tests.layouts.test_layouts import components, text_of
from tests.portal.services.test_views import statements


def kinds(tree: Component, name: str) -> list[Component]:
    return [one for one in components(tree) if type(one).__name__ == name]


def test_what_is_worse_stands_first_with_figure_reason_and_action(database: Database) -> None:
    title, page = draw.themes(themes.themes(database, person(database, "executive")))
    assert title == "Themes, 2008/09 Q2"
    first = kinds(page, "Table")[0]
    rows = [text_of(row) for row in kinds(first, "Tr")[1:]]
    assert len(rows) == 7
    crime = next(row for row in rows if "NI 16" in row)
    assert "Creating safer and stronger communities" in crime
    assert "2.42 offences per 1,000 population, monthly rate, against the milestone of 2.14" in crime
    assert "Dwelling burglary and theft from motor vehicles have risen; Westcotes" in crime
    assert "Extra police patrols in Westcotes" in crime
    assert "Leicestershire Constabulary" in crime
    assert "No due date" in crime
    assert "3 more actions" in crime
    assert "The lead has not said why." in next(row for row in rows if "NI 117" in row)
    assert text_of(page).index("7 of 24 rated indicators are worse") < text_of(page).index(
        "24 of 58 indicators are rated"
    )


def test_every_count_leads_to_what_it_counts(database: Database) -> None:
    view = themes.themes(database, person(database, "executive"))
    _, page = draw.themes(view)
    leads = [one.href for one in kinds(page, "Link") if "#every-indicator" in one.href]
    assert leads[:4] == [
        f"/themes?period=2008-09-q2&rating={rating}#every-indicator" for rating in ("worse", "within", "better", "none")
    ]
    assert "/themes?period=2008-09-q2&theme=safer&rating=worse#every-indicator" in leads
    assert [one for one in components(page) if getattr(one, "id", "") == "every-indicator"]
    asked = themes.themes(database, person(database, "executive"), wanted={"theme": "safer", "rating": "worse"})
    assert [row.indicator.code for row in asked.heat] == ["NI 16"]


def changed(view: Themes, code: str, change: Change, before: Rating) -> Themes:
    """The view with what became of one indicator's rating."""

    def made(one: IndicatorStanding) -> IndicatorStanding:
        return replace(one, change=change, before=Earlier("2008/09 Q1", before)) if one.code == code else one

    return replace(
        view,
        pressing=tuple(map(made, view.pressing)),
        themes=tuple(replace(theme, indicators=tuple(map(made, theme.indicators))) for theme in view.themes),
    )


def test_what_got_worse_and_what_is_not_rated_any_more_is_named(database: Database) -> None:
    view = themes.themes(database, person(database, "executive"))
    view = changed(view, "NI 16", Change.WORSE, Rating.WITHIN)
    view = changed(view, "NI 110", Change.LOST, Rating.BETTER)
    said = text_of(draw.themes(view)[1])
    _, _, after = said.partition("What changed since the last rating")
    assert "Rated worse than the last time: 1 indicator NI 16" in after
    assert "Rated the last time, and not now: 1 indicator NI 110" in after
    assert "was ★ better than anticipated, quarter 1 of 2008/09" in after
    assert "Was ● within acceptable range, quarter 1 of 2008/09" in said.partition("24 of 58 indicators are rated")[0]


def test_what_got_worse_stands_before_what_was_so_already(database: Database) -> None:
    view = themes.themes(database, person(database, "executive"))
    worse = [one for one in view.pressing if one.rating is Rating.WORSE]
    last = worse[-1].code
    (now,) = (one for one in worse if one.code == last)
    others = [one for one in worse if one.code != last]
    assert most_pressing([*others, replace(now, change=Change.WORSE)])[0].code == last


def test_it_takes_as_many_statements_whatever_is_worse(database: Database) -> None:
    executive = person(database, "executive")
    counted = set()
    for period in ("2008-09-q2", "2008-09-q3"):
        with statements(database) as seen:
            themes.themes(database, executive, period)
        counted.add(len(seen))
    assert len(counted) == 1


def test_pages_without_a_link_of_their_own_are_found_under_themes() -> None:
    for here in ("/themes", "/themes/safer", "/indicators/ni-16", "/performance"):
        drawn = shell.navigation("Somebody", [("Returns", "/returns"), ("Themes", "/themes")], here, None)
        current = [text_of(one) for tree in drawn for one in components(tree) if getattr(one, "aria-current", "")]
        assert current == ["Themes"]


def test_the_public_frame_has_the_areas_brand_and_keeps_the_agreement() -> None:
    brand, pages = shell.public_navigation("/explore", "Leicester", "?agreement=laa")
    assert text_of(brand) == "Leicester Partnership"
    assert {one.href.partition("?")[2] for one in [*kinds(brand, "A"), *kinds(pages, "A")]} == {"agreement=laa"}
    foot = next(one for one in components(shell.shell(None, "")) if type(one).__name__ == "Footer")
    assert [one.href for one in kinds(foot, "A")] == ["/editions", "/how-we-rate", "/accessibility", "/cookies"]


def test_what_is_expected_to_end_the_year_worse_stands_after_what_is_worse_now(database: Database) -> None:
    """NI 131 is within range at the half-year, and its lead expects it to end the year worse."""
    view = themes.themes(database, person(database, "executive"))
    codes = [one.code for one in view.pressing if one.rating is not Rating.WORSE]
    assert codes == ["NI 131"] == [one.code for one in view.pressing][-1:]
    said = text_of(draw.themes(view)[1])
    first, _, turning = said.partition("1 more is expected to end the year worse than anticipated")
    assert "NI 131" not in first
    assert "Now: ● Within acceptable range" in " ".join(turning.partition("24 of 58")[0].split())


def test_what_is_verified_of_a_later_quarter_is_told_at_the_top(database: Database) -> None:
    """The page opens on what was published last; what has come in since must not hide behind a tab."""
    executive, lead, team = (person(database, key) for key in ("executive", "nhs", "team"))
    assert themes.themes(database, executive).newer == ()
    for code, value in (("NI 56", "85"), ("NI 131", "12")):
        number = returns.find_return(database, lead, "2008-09-q3", code)
        returns.save(database, lead, number, None, Typed(value=value, commentary="As counted."))
        submitted = returns.submit(database, lead, number, None, "As it is.")
        if code == "NI 56":
            review.verify(database, team, submitted.id, None)
    (newer,) = themes.themes(database, executive).newer
    assert (newer.key, newer.figures) == ("2008/09 Q3", 1)
    said = text_of(draw.themes(themes.themes(database, executive))[1])
    assert "Quarter 3 of 2008/09: 1 figure verified so far, 1 of them worse than anticipated." in " ".join(said.split())
    assert themes.themes(database, executive, "2008-09-q3").newer == ()
