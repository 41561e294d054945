"""What the pages of a return say to whoever returns it, and to whoever judges it."""

from flask import Flask

from layouts import returns as draw
from portal.database import Database
from portal.services import returns
from portal.viewmodels.returns import Typed
from tests.conftest import person
from tests.layouts.test_layouts import check_manners, components, text_of

SLIP = Typed(value="27.5")  # the year's rate, where a month's is asked for
Q3 = "2008-09-q3"


def number_of(database: Database, code: str) -> int:
    return returns.find_return(database, person(database, "police"), Q3, code)


def page(app: Flask, who: str, address: str, search: str = "") -> tuple[str, str]:
    portal = app.extensions["portal"]
    title, body = portal["pages"].open(person(portal["database"], who), address, search)
    check_manners(body)
    return title, text_of(body)


def test_whoever_verifies_is_asked_what_the_queue_asks(app: Flask, sqlite_database: Database) -> None:
    number, police = number_of(sqlite_database, "NI 16"), person(sqlite_database, "police")
    returns.save(sqlite_database, police, number, None, SLIP)
    returns.submit(sqlite_database, police, number, None)
    said = page(app, "team", f"/returns/{number}")[1]
    unusual = "It is ten times the last figure or more: is the decimal point right?"
    assert said.index("This figure is unusual") < said.index(unusual) < said.index("Verify this figure")
    for told in ("+25.08 (+1,036%)", "Leicestershire Constabulary gave no explanation."):
        assert told in said
    body = app.extensions["portal"]["pages"].open(person(sqlite_database, "team"), f"/returns/{number}")[1]
    (before,) = (one for one in components(body) if text_of(one).startswith("Before this") and hasattr(one, "open"))
    assert before.open
    assert unusual in page(app, "team", "/review")[1]
    assert "27.50, sent " in page(app, "police", "/returns")[1]


def test_the_partners_word_on_the_figure_is_that_of_this_revision(app: Flask, sqlite_database: Database) -> None:
    number, police = number_of(sqlite_database, "NI 16"), person(sqlite_database, "police")
    returns.save(sqlite_database, police, number, None, SLIP)
    returns.submit(sqlite_database, police, number, None, "A new way of counting.")
    assert "The partner's word on it A new way of counting." in page(app, "team", f"/returns/{number}")[1]
    returns.withdraw(sqlite_database, police, number, None)
    returns.save(sqlite_database, police, number, None, Typed(value="28.5"))
    returns.submit(sqlite_database, police, number, None)
    assert "The partner's word on it Leicestershire" in page(app, "team", f"/returns/{number}")[1]


def test_a_form_does_not_contradict_itself(app: Flask, sqlite_database: Database) -> None:
    said = page(app, "police", f"/returns/{number_of(sqlite_database, 'NI 16')}")[1]
    assert "so it will not be rated" in said
    assert "Type the figure to see how it would be rated" not in said
    assert "27.3 offences per 1,000 population In another unit than the figure that is returned" in said
    assert said.count("In offences per 1,000 population, monthly rate.") == 2  # the forecast's too
    placeholder = page(app, "police", f"/returns/{number_of(sqlite_database, 'NI 32')}")[1]
    assert "Nothing is due: it is a placeholder" in placeholder
    assert "Due 30 January" not in placeholder
    assert "How do you expect the year to end?" in placeholder
    assert "At most 8,000 characters." in placeholder


def test_a_lead_sees_who_saved_the_draft(app: Flask, sqlite_database: Database) -> None:
    number, bea = number_of(sqlite_database, "NI 16"), person(sqlite_database, "police.contributor")
    returns.save(sqlite_database, bea, number, None, Typed(value="2.3"))
    for address in (f"/returns/{number}", f"/returns/{number}/check"):
        assert f"Saved last by {bea.name}, " in page(app, "police", address)[1]
        assert "Saved last by" not in page(app, "police.contributor", address)[1]


def test_what_was_done_is_said_in_the_title_and_on_the_page(app: Flask, sqlite_database: Database) -> None:
    number, police = number_of(sqlite_database, "NI 20"), person(sqlite_database, "police")
    address = f"/returns/{number}"
    returns.save(sqlite_database, police, number, None, Typed(value="0.9"))
    returns.submit(sqlite_database, police, number, None)
    title, said = page(app, "police", address)
    assert title == "Submitted: NI 20, 2008/09 Q3"
    for told in ("NI 16 Serious acquisitive crime rate", "Yes, withdraw it", "The public sees it once it is verified"):
        assert told in said
    title, said = page(app, "police", f"{address}/check")
    assert title == "Submitted: NI 20, 2008/09 Q3"
    assert "This return has been submitted" in said
    assert "Change" not in said
    returns.withdraw(sqlite_database, police, number, None)
    title, said = page(app, "police", address, "?withdrawn=1")
    assert title == "Withdrawn: NI 20, 2008/09 Q3"
    for told in ("Return withdrawn", "What was submitted before", "Revision 1"):
        assert told in said
    assert "Return withdrawn" not in page(app, "police", address)[1]


def test_its_own_side_is_told_how_a_verified_figure_is_put_right(database: Database) -> None:
    """Only the team opens it again: whoever finds the mistake must not look for a button that is not there."""
    police, lcc, team = (person(database, key) for key in ("police", "lcc", "team"))
    number = returns.find_return(database, police, "2008-09-q2", "NI 16")
    asked = "Is something wrong with it?"
    assert asked in text_of(draw.one_return(returns.read_return(database, police, number))[1])
    for other in (lcc, team):
        assert asked not in text_of(draw.one_return(returns.read_return(database, other, number))[1])
