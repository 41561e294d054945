"""What is read of money, risks and exceptions: totals, flags, the matrix with its table, what next, and nothing by colour."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from layouts import exceptions as draw_exceptions
from layouts import indicators as draw_indicator
from layouts import money as draw_money
from layouts import risks as draw_risks
from layouts import theme as draw_theme
from layouts.desk import desk as draw_desk
from layouts.drawing import Drawing
from layouts.marks import text_of as svg_of
from portal.clock import Clock
from portal.database import Database
from portal.services import actions, exceptions, money, risks, themes
from portal.services.desk import desk
from portal.services.indicator_page import indicator_page
from portal.viewmodels.actions import Typed
from portal.viewmodels.money import MoneyTyped
from portal.viewmodels.risks import RiskTyped
from portal.words import risks as words_of_risks
from tests.conftest import person
from tests.layouts.test_layouts import check_manners, components, text_of

GATES = RiskTyped("The grant ends.", "3", "4", "Ask for a month more.", "police", "", date(2009, 2, 3))


@pytest.fixture
def busy(sqlite_database: Database) -> Database:
    """The demonstration with risks of several weights, one overdue, an overdue action on NI 20, and money withdrawn."""
    police, team = person(sqlite_database, "police"), person(sqlite_database, "team")
    risks.add_risk(sqlite_database, police, "ni-16", GATES)
    risks.add_risk(sqlite_database, team, "theme:safer", RiskTyped("No analyst.", "1", "2", review_on=date(2009, 9, 1)))
    actions.add_action(sqlite_database, police, "ni-20", Typed("Meet the licensees.", "police", "", date(2009, 1, 25)))
    made = money.add_commitment(sqlite_database, police, "ni-16", MoneyTyped("A fund", "Racks", "1200.50"))
    money.withdraw_commitment(sqlite_database, team, "ni-16", made, "Not granted.")
    sqlite_database.clock = Clock(date(2009, 2, 10))
    return sqlite_database


def drawn(page: tuple[str, Any]) -> tuple[Any, str]:
    """A page that keeps its manners, and its text."""
    check_manners(page[1])
    return page[1], " ".join(text_of(page[1]).split())


def test_the_page_of_money_flags_the_printed_total_and_names_what_is_worse_without_any(busy: Database) -> None:
    page, said = drawn(draw_money.money(money.money_page(busy, person(busy, "nhs"))))
    assert "£208,158 to 1 of 58 indicators." in said
    assert (
        "The printed total is £26,000, but the lines printed with it come to £36,000: £10,000 more. "
        "Neither was put right; the lines are what counts here."
    ) in said
    attention = next(one for one in components(page) if getattr(one, "className", "") == "attention")
    assert {word for word in text_of(attention).split() if word.isdigit()} >= {
        "112",
        "117",
        "125",
        "131",
        "135",
        "154",
        "186",
    }
    assert "NI 16" not in text_of(attention)
    assert "£132,158, agrees" in said
    assert "£26,000, does not agree" in said
    cells = [one for one in components(page) if getattr(one, "className", "") == "num"]
    assert {"£36,000", "£40,000"} <= {text_of(cell) for cell in cells}


def test_the_matrix_says_in_words_and_in_its_table_what_it_draws(busy: Database) -> None:
    view = risks.risks_page(busy, person(busy, "executive"))
    page, said = drawn(draw_risks.risks(view))
    (picture,) = (one for one in components(page) if isinstance(one, Drawing))
    svg = svg_of(picture.tree)
    assert "2 open risks by likelihood and impact: 1 likely and severe, 1 very unlikely and moderate." in svg
    assert svg.count("<rect") == 16
    assert svg.count(">very high<") == 3
    assert "1 of 2 open risks is high or very high" in said
    assert "Low 1 to 3, medium 4 to 6, high 8 to 9, very high 12 to 16." in said
    assert said.index("Review overdue by 7 days, due 3 February 2009") < said.index("No analyst.", 900)
    assert "Very high, 12: likely (3), severe (4)" in said


def test_overdue_actions_and_reviews_stand_on_desk_theme_and_indicator(busy: Database) -> None:
    overdue = ("Overdue by 16 days, due 25 January 2009", "Review overdue by 7 days, due 3 February 2009")
    _, at_desk = drawn(draw_desk(desk(busy, person(busy, "police"))))
    _, on_theme = drawn(draw_theme.theme(themes.theme(busy, person(busy, "executive"), "safer")))
    for said in (at_desk, on_theme):
        assert all(sentence in said for sentence in overdue)
    assert "Actions overdue on other indicators" in on_theme
    assert "None of 12 indicators has one" in on_theme
    assert "£208,158 to 1 of 12 indicators" in on_theme
    assert "2 open, 1 of them high or very high, 1 review overdue" in on_theme
    page = draw_indicator.indicator(indicator_page(busy, person(busy, "executive"), "ni-16"), ())
    _, on_indicator = drawn(page)
    assert overdue[1] in on_indicator
    assert "£1,200.50, Racks: withdrawn on 20 January 2009 by Partnership team. Not granted." in on_indicator


@pytest.mark.parametrize("who", ["police", "team"])
def test_who_may_write_has_the_forms_and_their_errors_lead_to_the_fields(busy: Database, who: str) -> None:
    page, said = drawn(draw_indicator.indicator(indicator_page(busy, person(busy, who), "ni-16"), ()))
    for button in ("Add this money", "Withdraw this money", "Add this risk", "Save this risk"):
        assert button in said
    given = {str(getattr(one, "id", "")) for one in components(page)}
    assert str({"part": "risk-likelihood", "risk": 0}) in given
    (summary,) = draw_risks.errors({"likelihood": "Choose."}, 0)
    (link,) = (one for one in components(summary) if type(one).__name__ == "A")
    assert link.href == '#{"part":"risk-likelihood","risk":0}'
    _, executive = drawn(draw_indicator.indicator(indicator_page(busy, person(busy, "executive"), "ni-16"), ()))
    assert "Add this money" not in executive
    assert "Add this risk" not in executive


def test_the_report_says_what_why_what_next_and_that_no_action_is_written(busy: Database) -> None:
    view = exceptions.exception_report(busy, person(busy, "executive"))
    page, said = drawn(draw_exceptions.report(view))
    assert "Exception report, February 2009" in said
    assert "No action is written." in said
    assert "Dwelling burglary" in said
    assert "£208,158 in 14 lines from 3 sources." in said
    addresses = {getattr(one, "href", "") for one in components(page)}
    assert "/exceptions.docx?month=2009-02" in addresses
    assert "/exceptions?month=2009-01" in addresses
    past = exceptions.exception_report(busy, person(busy, "executive"), "2009-01")
    links: Callable[[Any], set[str]] = lambda tree: {str(getattr(one, "href", "")) for one in components(tree)}  # noqa: E731
    assert "/indicators/ni-16?period=2008-09-q2&at=2009-01-31" in links(draw_exceptions.report(past)[1])


def test_each_step_of_a_risk_is_told_in_a_sentence(busy: Database) -> None:
    police = person(busy, "police")
    line = next(one for one in risks.risks_page(busy, police).risks.lines if one.indicator == "NI 16")
    milder = RiskTyped("The grant ends.", "2", "2", "", "", "Treasurer", date(2009, 3, 5), "closed")
    risks.change_risk(busy, police, line.id, 1, milder, "It was prolonged.")
    found = next(one for one in risks.risks_page(busy, police).risks.lines if one.id == line.id)
    assert words_of_risks.step(None, found.steps[0]) == "Written: Very high, 12: likely (3), severe (4)."
    assert words_of_risks.step(*found.steps) == (
        "Closed; Medium, 4: unlikely (2), moderate (2) instead of Very high, 12: likely (3), severe (4); to be looked at "
        "again on 5 March 2009 instead of 3 February 2009; for Partnership team (Treasurer) instead of Leicestershire "
        "Constabulary; mitigation taken away."
    )
    assert words_of_risks.review(found) == "Closed on 10 February 2009"
