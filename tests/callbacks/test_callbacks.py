"""The callbacks through Dash's own protocol: what the browser sends and gets."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.database import Database
from portal.services import returns, scorecard
from portal.services.gate import gate
from portal.services.queue import queue
from portal.viewmodels.returns import Typed
from portal.words.dates import moment
from tests.conftest import person
from tests.portal.services.test_publication import scheduled, verified
from tests.support import wire
from tests.support.areas import LEICESTER

Clients = Callable[[str | None], FlaskClient]
NUMBER = 29  # the council's NI 59 in quarter 3


def answers(**typed: Any) -> dict[str, Any]:
    """A form as the browser has it: lists of choices hold '-' for nothing."""
    return {"reason-for-none": "-", "forecast-rating": "-", "version": 1, "save": 1, "check": 1, "submit": 1, **typed}


def answer_of(
    app: Flask, client: FlaskClient, name: str, values: dict[str, Any], row: int | str | None = NUMBER
) -> Any:
    values = {"agreement-shown": LEICESTER, **values}
    sent = wire.body(app, name, values, {"period" if isinstance(row, str) else "return": row} if row else None)
    got = wire.post(app, client, sent)
    assert got.status_code == 200, got.get_data(as_text=True)
    return got.get_json()["response"]


def led_to(answer: Any) -> str:
    """The address that an answer leads to, without what makes it new."""
    (address,) = [part["href"] for part in answer.values() if "href" in part]
    return re.sub(r"[?&]again=[0-9a-f]{8}$", "", address)


def value_of(answer: Any, part: str) -> Any:
    """What an answer gives a part of the page as its data."""
    return next(found["data"] for name, found in answer.items() if f'"part":"{part}"' in name)


def test_opening_a_page_draws_it_with_title_and_navigation(app: Flask, client_of: Clients) -> None:
    values = {"address.pathname": "/returns", "address.search": ""}
    got = answer_of(app, client_of("police"), "open_page", values, None)
    assert got["title"]["children"] == "Your returns, 2008/09 Q3"
    assert "Serious acquisitive crime rate" in str(got["page"])
    assert "NHS" not in str(got["page"])
    assert "/returns" in str(got["navigation"])
    assert "/review" not in str(got["navigation"])


@pytest.mark.parametrize("path", ["/returns/59", "/returns/999999", "/nowhere", "/review", "//evil", "/returns/x"])
def test_opening_what_is_not_ones_own_says_so(app: Flask, client_of: Clients, path: str) -> None:
    got = answer_of(app, client_of("police"), "open_page", {"address.pathname": path, "address.search": ""}, None)
    assert got["title"]["children"] in ("Page not found", "You cannot do this")


def test_saving_a_draft_answers_with_its_new_version(app: Flask, client_of: Clients, sqlite_database: Database) -> None:
    got = answer_of(app, client_of("lcc"), "save_draft", answers(figure="55", commentary="words"))
    assert got['{"part":"version","return":29}']["data"] == 2
    assert got['{"part":"saved","return":29}']["children"].startswith("Draft saved")
    kept = returns.read_return(sqlite_database, person(sqlite_database, "lcc"), NUMBER).answers
    assert (str(kept.value), kept.commentary, kept.no_value_reason, kept.forecast_rating) == ("55", "words", None, None)


def test_a_wrong_figure_is_answered_with_an_error_summary(app: Flask, client_of: Clients) -> None:
    got = answer_of(app, client_of("lcc"), "save_and_check", answers(figure="fifty"))
    assert "There is a problem" in str(got['{"part":"errors","return":29}'])
    assert '{"part":"go","return":29}' not in got


def test_checking_leads_to_the_check_page_and_submitting_back(app: Flask, client_of: Clients) -> None:
    client = client_of("lcc")
    got = answer_of(app, client, "save_and_check", answers(figure="55"))
    assert led_to(got) == "/returns/29/check"
    got = answer_of(app, client, "submit_return", {"submit": 1, "version": 2})
    assert led_to(got) == "/returns/29"


def test_checking_without_a_figure_keeps_the_draft_and_asks_for_one(
    app: Flask, client_of: Clients, sqlite_database: Database
) -> None:
    got = answer_of(app, client_of("lcc"), "save_and_check", answers(commentary="words"))
    assert "Enter a figure, or say why there is none." in str(got)
    assert returns.read_return(sqlite_database, person(sqlite_database, "lcc"), NUMBER).answers.commentary == "words"


def test_the_live_rating_follows_the_figure(app: Flask, client_of: Clients) -> None:
    for figure, words in (("55", "Worse than anticipated"), ("63", "Within acceptable range"), ("abc", "figure")):
        got = answer_of(app, client_of("lcc"), "preview_rating", {"figure": figure, "reason-for-none": "-"})
        assert words in str(got)


def test_a_stale_edit_is_refused_with_both_texts_and_nothing_is_overwritten(
    app: Flask, client_of: Clients, sqlite_database: Database
) -> None:
    lcc = person(sqlite_database, "lcc")
    returns.save(sqlite_database, lcc, NUMBER, None, Typed(value="60", commentary="theirs"))
    got = answer_of(app, client_of("lcc"), "save_draft", answers(figure="55", commentary="mine"))
    shown = str(got['{"part":"errors","return":29}'])
    for said in ("You changed this return in another window after you opened it here", "60", "theirs", "55", "mine"):
        assert said in shown
    kept = returns.read_return(sqlite_database, lcc, NUMBER)
    assert (str(kept.answers.value), kept.answers.commentary) == ("60", "theirs")
    version = got['{"part":"version","return":29}']["data"]
    answer_of(app, client_of("lcc"), "save_draft", answers(figure="55", commentary="mine", version=version))
    assert returns.read_return(sqlite_database, lcc, NUMBER).answers.commentary == "mine"


def test_submitting_twice_is_one_submit(app: Flask, client_of: Clients, sqlite_database: Database) -> None:
    lcc, client = person(sqlite_database, "lcc"), client_of("lcc")
    returns.save(sqlite_database, lcc, NUMBER, None, Typed(value="60"))
    for _ in range(2):
        got = answer_of(app, client, "submit_return", {"submit": 1, "version": 2})
        assert led_to(got) == "/returns/29"
    assert returns.read_return(sqlite_database, lcc, NUMBER).revision == 1


def test_what_is_typed_is_kept_for_its_typist_alone(app: Flask, client_of: Clients, sqlite_database: Database) -> None:
    got = answer_of(app, client_of("police"), "keep_typed", answers(figure="two and", commentary="half a sen"), 43)
    assert "What you typed is kept" in str(got)
    own = returns.read_return(sqlite_database, person(sqlite_database, "police"), 43)
    assert (own.typed.value, own.typed.commentary, own.state, own.version) == (
        "two and",
        "half a sen",
        "not_started",
        1,
    )
    assert own.answers.value is None
    colleague = returns.read_return(sqlite_database, person(sqlite_database, "police.contributor"), 43)
    assert (colleague.typed.value, colleague.kept_at) == ("", None)
    answer_of(app, client_of("police"), "save_draft", answers(figure="2.5"), 43)
    assert returns.read_return(sqlite_database, person(sqlite_database, "police"), 43).kept_at is None


@pytest.mark.parametrize("junk", [[1], {"a": 1}, 7, True, 1.5])
def test_values_of_another_type_than_a_field_gives_are_no_mistake_of_ours(
    app: Flask, client_of: Clients, junk: Any
) -> None:
    client = client_of("lcc")
    for name in ("save_draft", "save_and_check", "preview_rating", "keep_typed"):
        values = answers(**{"figure": junk, "commentary": junk, "reason-for-none": junk, "version": junk})
        sent = wire.body(app, name, values, {"return": NUMBER})
        assert wire.post(app, client, sent).status_code < 500
    for row in (2**63, 10**17, 0, -1, "29", "x"):
        sent = wire.body(app, "save_draft", answers(), {"return": row})
        assert wire.post(app, client, sent).status_code in (400, 404)
    sent = wire.body(app, "open_page", {"address.pathname": junk, "address.search": junk}, None)
    assert wire.post(app, client, sent).status_code == 200


def test_the_team_verifies_queries_and_publishes(app: Flask, client_of: Clients, sqlite_database: Database) -> None:
    lcc, team = person(sqlite_database, "lcc"), client_of("team")
    for number in (NUMBER, returns.find_return(sqlite_database, lcc, "2008-09-q3", "NI 154")):
        returns.save(sqlite_database, lcc, number, None, Typed(value="55"))
        version = returns.submit(sqlite_database, lcc, number, None).version
        if number == NUMBER:
            got = answer_of(app, team, "query_return", {"query": 1, "version": version, "question": ""})
            assert "Say what you want to know" in str(got)
            values = {"query": 1, "version": version, "question": "Sure?"}
            assert led_to(answer_of(app, team, "query_return", values)) == "/review"
        else:
            got = answer_of(app, team, "verify_return", {"verify": 1, "version": version}, number)
            assert led_to(got) == "/review"
    seen = gate(sqlite_database, person(sqlite_database, "team"))
    values = {"gate-prepare": 1, "gate-period": "2008-09-q3", "gate-digest": seen.digest, "gate-note": ""}
    assert "/publish?prepared" in str(answer_of(app, team, "prepare_publication", values))
    one = gate(sqlite_database, person(sqlite_database, "team")).prepared
    assert one is not None
    values = {"gate-release": 1, "gate-number": one.id, "gate-version": one.version, "gate-at": ""}
    refused = wire.post(app, team, wire.body(app, "release_publication", values))
    assert refused.status_code == 409
    assert "somebody else of the team releases it" in refused.text
    got = answer_of(app, client_of("team2"), "release_publication", values | {"gate-at": "2009-02-30T25:00"})
    assert "Write the hour like 2009-03-31 09:30." in str(got)
    got = answer_of(app, client_of("team2"), "release_publication", values)
    assert "/publish?edition=2" in str(got)
    card = scorecard.latest_scorecard(sqlite_database, person(sqlite_database, "team"))
    assert card is not None
    assert card.counts.rated == 1
    assert queue(sqlite_database, person(sqlite_database, "team")).publishable == ()


def test_a_proposed_rating_is_decided_on_its_own_page(
    app: Flask, client_of: Clients, sqlite_database: Database
) -> None:
    lcc, team = client_of("lcc"), client_of("team")
    got = str(answer_of(app, lcc, "save_draft", answers(figure="55", **{"proposed-rating": "within"})))
    assert "Say why it should be rated otherwise" in got
    assert "proposed-reason" in got  # the sentence leads to its field
    typed = {"proposed-rating": "within", "proposed-reason": "Two schools were left out."}
    saved = answer_of(app, lcc, "save_and_check", answers(figure="55", **typed))
    version = value_of(saved, "version")
    page = str(answer_of(app, lcc, "open_page", {"address.pathname": f"/returns/{NUMBER}/check"}, None)["page"])
    assert "Two schools were left out." in page
    answer_of(app, lcc, "submit_return", {"submit": 1, "version": version})
    queued = str(answer_of(app, team, "open_page", {"address.pathname": "/review"}, None)["page"])
    assert "Open to decide" in queued
    assert "Two schools were left out." in queued
    for nothing in (None, "", "-", "perhaps", True, 1, ["accept"]):
        values = {"verify": 1, "version": version + 1, "judgement": nothing}
        got = answer_of(app, team, "verify_return", values)
        assert "do you accept the proposed rating, or does" in str(got)
        assert not any('"part":"go"' in part for part in got)
    values = {"verify-chosen": 1, "chosen": {NUMBER: [f"{NUMBER}:{version + 1}"]}}
    refused = wire.post(app, team, wire.body(app, "verify_chosen", values))
    assert refused.status_code == 409
    assert "Open the return and say whether you accept it" in refused.text
    values = {"verify": 1, "version": version + 1, "judgement": "accept"}
    assert "/review" in str(answer_of(app, team, "verify_return", values))
    view = returns.read_return(sqlite_database, person(sqlite_database, "executive"), NUMBER)
    assert (view.standing.rating, view.standing.rating_by_rule) == ("within", "worse")


def test_the_live_rating_says_what_a_proposal_means(app: Flask, client_of: Clients) -> None:
    said = {
        "within": "You propose “within acceptable range” instead.",
        "worse": "which is what the rule says: that is no other judgement",
    }
    for chosen, words in said.items():
        values = {"figure": "55", "reason-for-none": "-", "proposed-rating": chosen}
        assert words in str(answer_of(app, client_of("lcc"), "preview_rating", values))
    values = {"figure": "", "reason-for-none": "suppressed", "proposed-rating": "within"}
    assert "nothing to judge otherwise" in str(answer_of(app, client_of("lcc"), "preview_rating", values))
    values = {"figure": "55", "reason-for-none": "-", "proposed-rating": "great"}
    assert "You propose" not in str(answer_of(app, client_of("lcc"), "preview_rating", values))


def test_a_callback_without_the_sessions_token_is_refused(app: Flask, client_of: Clients) -> None:
    sent = wire.body(app, "save_draft", answers(figure="55"), {"return": NUMBER})
    got = client_of("lcc").post(wire.ADDRESS, json=sent)
    assert got.status_code == 400


def test_a_partner_that_signed_up_speaks_on_the_leads_return(app: Flask, client_of: Clients) -> None:
    lcc, nhs, team = client_of("lcc"), client_of("nhs"), client_of("team")
    number = 50  # the council's NI 140 in quarter 3, a placeholder
    saved = answer_of(app, lcc, "save_and_check", {"check": 1, "version": 1, "figure": "59"}, number)
    version = value_of(saved, "version")
    answer_of(app, lcc, "submit_return", {"submit": 1, "version": version}, number)
    page = answer_of(app, nhs, "open_page", {"address.pathname": f"/returns/{number}"}, None)
    assert "Your organisation signed up to this indicator" in str(page["page"])
    values = {"dissent": 1, "version": version + 1, "concurrence-text": " "}
    assert "what you disagree with" in str(answer_of(app, nhs, "dissent_from_return", values, number))
    values["concurrence-text"] = "Our survey gives 52%."
    assert f"/returns/{number}?said=dissent" in str(answer_of(app, nhs, "dissent_from_return", values, number))
    values = {"contribute": 1, "version": version + 1, "concurrence-text": "Forty visits."}
    assert "?said=contribute" in str(answer_of(app, nhs, "contribute_to_return", values, number))
    queue_page = answer_of(app, team, "open_page", {"address.pathname": "/review"}, None)
    assert "Dissent: NHS Leicester City" in str(queue_page["page"])
    assert "Our survey gives 52%." in str(queue_page["page"])
    values = {"verify-chosen": 1, "chosen": {number: [f"{number}:{version + 1}"]}}
    assert wire.post(app, team, wire.body(app, "verify_chosen", values)).status_code == 409
    values = {"verify": 1, "version": version + 1, "weighed": " "}
    refused = str(answer_of(app, team, "verify_return", values, number))
    assert "say how that was weighed" in refused
    assert "weighed" in refused  # the sentence leads to its field
    assert "?taken-back" in str(answer_of(app, nhs, "take_dissent_back", {"take-back": 1}, number))
    values = {"countersign": 1, "version": version + 1}
    assert "?countersigned" in str(answer_of(app, nhs, "countersign_return", values, number))
    values = {"verify-chosen": 1, "chosen": {number: [f"{number}:{version + 1}"]}}
    assert "1 return verified." in str(answer_of(app, team, "verify_chosen", values, None))
    assert "Choose the returns" in str(answer_of(app, team, "verify_chosen", {"verify-chosen": 1, "chosen": {}}, None))


def test_a_box_says_which_return_and_which_version_or_nothing_is_verified(app: Flask, client_of: Clients) -> None:
    for said in ("50", "50:", ":1", "50:x", "fifty:1", "50:-1", "50:1:1"):
        values = {"verify-chosen": 1, "chosen": {50: [said]}}
        assert "does not say which returns" in str(answer_of(app, client_of("team"), "verify_chosen", values, None))


def test_the_team_keeps_the_calendar_on_its_page(app: Flask, client_of: Clients) -> None:
    team = client_of("team")
    assert "?closed" in str(answer_of(app, team, "close_period", {"close": 1}, "2008-09-q3"))
    wrong = {"reopen": 1, "partner": "police", "until": "next week", "reason": "New analyst."}
    assert "Write the day like" in str(answer_of(app, team, "reopen_period", wrong, "2008-09-q3"))
    assert "?reopened" in str(answer_of(app, team, "reopen_period", wrong | {"until": "2009-02-01"}, "2008-09-q3"))
    noted = {"release": 1, "measure": "NI 16", "released": "2009-02-14"}
    assert "?released" in str(answer_of(app, team, "note_release", noted, "2008-09-q3"))
    page = str(answer_of(app, team, "open_page", {"address.pathname": "/periods/2008-09-q3"}, None)["page"])
    assert "New analyst." in page
    assert "14 February 2009" in page
    assert "Closed" in page
    assert "?opened" in str(answer_of(app, team, "open_period", {"open": 1}, "2008-09-q3"))
    assert "Quarter 3" in str(answer_of(app, team, "open_page", {"address.pathname": "/periods"}, None)["page"])


@pytest.mark.parametrize("version", ["0", "-1", "9999", "one", "", "٣"])
def test_a_version_of_the_agreement_that_is_none_is_not_found(client_of: Clients, version: str) -> None:
    team = client_of("team")
    assert team.get(f"/agreement?version={version}").status_code == (404 if version else 200)
    assert team.get("/agreement?version=1").status_code == 200


@pytest.mark.parametrize("version", [None, "1", 1.0, True, [1]])
def test_a_page_that_does_not_say_what_it_showed_changes_nothing(
    app: Flask, client_of: Clients, version: object
) -> None:
    values = answers(figure="55") | {"version": version}
    got = str(answer_of(app, client_of("lcc"), "save_draft", values))
    assert "Somebody changed this return" in got
    assert "Draft saved" not in got
    sent = wire.body(app, "submit_return", {"submit": 1, "version": version}, {"return": NUMBER})
    assert wire.post(app, client_of("lcc"), sent).status_code == 409


def of_indicator(app: Flask, client: FlaskClient, name: str, values: dict[str, Any], slug: str = "ni-16") -> str:
    """What a callback on an indicator's page answers, as text."""
    got = wire.post(app, client, wire.body(app, name, values, {"indicator": slug}))
    assert got.status_code == 200, got.get_data(as_text=True)
    return str(got.get_json()["response"])


def test_the_lead_records_and_withdraws_an_event_on_its_indicators_page(app: Flask, client_of: Clients) -> None:
    police, nhs = client_of("police"), client_of("nhs")
    recorded = {"record-event": 1, "event-day": "2008-12-01", "event-text": "Patrols in Westcotes began."}
    wrong = of_indicator(app, police, "record_event", recorded | {"event-day": "December"})
    assert "Write the day like 2009-03-31." in wrong
    assert '"part":"event-day"' in wrong.replace("\\", "")
    assert "Write what happened." in of_indicator(app, police, "record_event", recorded | {"event-text": " "})
    assert "/indicators/ni-16?recorded&again=" in of_indicator(app, police, "record_event", recorded)
    page = {"address.pathname": "/indicators/NI%2016", "address.search": "?show=events"}
    drawn = str(answer_of(app, police, "open_page", page, None)["page"])
    assert "Patrols in Westcotes began." in drawn
    assert "Withdraw this event" in drawn
    assert "Withdraw this event" not in str(answer_of(app, nhs, "open_page", page, None)["page"])
    withdrawn = {"withdraw-event": 1, "event-chosen": "1", "event-reason": ""}
    assert "Say why it is withdrawn" in of_indicator(app, police, "withdraw_event", withdrawn)
    withdrawn["event-reason"] = "Another street."
    assert "/indicators/ni-16?withdrawn&again=" in of_indicator(app, police, "withdraw_event", withdrawn)
    assert "Patrols in Westcotes" not in str(answer_of(app, nhs, "open_page", page, None)["page"])


def of_action(app: Flask, client: FlaskClient, number: int, **said: object) -> str:
    """What the form on one action answers, as text."""
    values = {f"action-{part}": value for part, value in said.items()}
    got = wire.post(app, client, wire.body(app, "change_action", values | {"action-change": 1}, {"action": number}))
    assert got.status_code == 200, got.get_data(as_text=True)
    return str(got.get_json()["response"])


def test_the_lead_adds_an_action_moves_it_and_says_that_it_is_done(app: Flask, client_of: Clients) -> None:
    police, nhs = client_of("police"), client_of("nhs")
    added = {"add-action": 1, "action-text": "Mark bicycles.", "action-owner": "police", "action-due": "2009-01-08"}
    wrong = of_indicator(app, police, "add_action", added | {"action-due": "soon"})
    assert "Write the day like 2009-03-31." in wrong
    assert '"part":"action-due"' in wrong.replace("\\", "")
    assert "Write what will be done." in of_indicator(app, police, "add_action", added | {"action-text": " "})
    asked = {"address.search": "?period=2008-09-q3"}
    assert "/indicators/ni-16?period=2008-09-q3&added&again=" in of_indicator(app, police, "add_action", added | asked)
    page = {"address.pathname": "/indicators/ni-16", "address.search": ""}
    drawn = str(answer_of(app, nhs, "open_page", page, None)["page"])
    assert "Overdue by 12 days, due 8 January 2009" in drawn
    assert "Save this action" not in drawn
    assert "Save this action" in str(answer_of(app, police, "open_page", page, None)["page"])
    form = {"text": "Mark bicycles.", "owner": "police", "due": "2009-02-08", "state": "open", "version": 1}
    unexplained = of_action(app, police, 13, **form)
    assert "Say in a word why" in unexplained
    assert '"part":"action-word"' in unexplained.replace("\\", "")
    moved = of_action(app, police, 13, **form, word="The locks came late.")
    assert "/indicators/ni-16?changed&again=" in moved
    done = form | {"state": "done", "evidence": "Thefts fell.", "version": 2}
    assert "/indicators/ni-16?changed&again=" in of_action(app, police, 13, **done, word="All are marked.")
    drawn = str(answer_of(app, nhs, "open_page", page, None)["page"])
    for said in ("Done on 20 January 2009", "Thefts fell.", "The locks came late.", "1 action done or dropped"):
        assert said in drawn


def test_the_lead_writes_the_delivery_plan_and_its_versions_stay_readable(app: Flask, client_of: Clients) -> None:
    police, nhs = client_of("police"), client_of("nhs")
    plan = {"plan-write": 1, "plan-version": 0, "plan-aim": "Fewer burglaries."}
    wrong = of_indicator(app, police, "write_plan", plan | {"plan-address": "javascript:alert(1)"})
    assert "Write the address as it stands in a browser" in wrong
    assert '"part":"plan-address"' in wrong.replace("\\", "")
    assert "/indicators/ni-16/plan?written&again=" in of_indicator(app, police, "write_plan", plan)
    again = plan | {"plan-version": 1, "plan-existing": "Safety Plan", "plan-address": "https://example.org/"}
    assert "plan?written&again=" in of_indicator(app, police, "write_plan", again)
    page = {"address.pathname": "/indicators/NI%2016/plan", "address.search": ""}
    drawn = str(answer_of(app, nhs, "open_page", page, None)["page"])
    assert "'href': 'https://example.org/'" in drawn
    assert "Save this plan" not in drawn
    assert "Save this plan" in str(answer_of(app, police, "open_page", page, None)["page"])
    older = str(answer_of(app, nhs, "open_page", page | {"address.search": "?version=1"}, None)["page"])
    assert "This is version 1, as it was." in older
    assert "Safety Plan" not in older
    for odd in ("0", "3", "one", "-1"):
        assert nhs.get(f"/indicators/ni-16/plan?version={odd}").status_code == 404


@pytest.mark.parametrize(("number", "version", "status"), [(13, 1, 404), (1, 9, 409), (1, None, 409), (1, "1", 409)])
def test_an_action_that_is_none_or_has_changed_is_left_alone(
    app: Flask, client_of: Clients, number: int, version: object, status: int
) -> None:
    values = {"action-change": 1, "action-version": version, "action-text": "Other.", "action-state": "open"}
    sent = wire.body(app, "change_action", values, {"action": number})
    assert wire.post(app, client_of("team"), sent).status_code == status


@pytest.mark.parametrize("chosen", [None, "", "one", "-1", "9" * 30, "٣", 1.5, [1]])
def test_an_event_that_is_none_is_not_found(app: Flask, client_of: Clients, chosen: object) -> None:
    values = {"withdraw-event": 1, "event-chosen": chosen, "event-reason": "No."}
    sent = wire.body(app, "withdraw_event", values, {"indicator": "ni-16"})
    assert wire.post(app, client_of("police"), sent).status_code == 404


@pytest.mark.parametrize("who", ["nhs", "executive", "police.contributor"])
def test_the_page_of_an_indicator_tells_nobody_what_is_not_verified(
    app: Flask, client_of: Clients, sqlite_database: Database, who: str
) -> None:
    police = person(sqlite_database, "police")
    number = returns.find_return(sqlite_database, police, "2008-09-q3", "NI 16")
    returns.save(sqlite_database, police, number, None, Typed(value="31.4159", commentary="canary-of-the-police"))
    returns.submit(sqlite_database, police, number, None)
    client = client_of(who)
    first = client.get("/indicators/ni-16?period=2008-09-q3")
    page = {"address.pathname": "/indicators/ni-16", "address.search": "?period=2008-09-q3"}
    drawn = wire.post(app, client, wire.body(app, "open_page", page))
    assert (first.status_code, drawn.status_code) == (200, 200)
    for told in (first.text, drawn.text):
        assert "31.41" not in told
        assert "canary" not in told


def test_the_pages_say_that_reopening_holds_a_publication_back(
    app: Flask, client_of: Clients, sqlite_database: Database
) -> None:
    verified(sqlite_database, "police", "NI 20", "0.87")
    _, hour = scheduled(sqlite_database)
    team = client_of("team")
    number = returns.find_return(sqlite_database, person(sqlite_database, "team"), "2008-09-q3", "NI 20")

    def shown(path: str) -> str:
        values = {"address.pathname": path, "address.search": ""}
        return str(answer_of(app, team, "open_page", values, None)["page"])

    told = f"released for {moment(hour)}. Reopening holds the publication back."
    assert told in shown(f"/returns/{number}")
    assert "Storing a rule holds back the publication that waits for its hour." in shown("/publish")
    view = returns.read_return(sqlite_database, person(sqlite_database, "team"), number)
    values = {"reopen": 1, "version": view.version, "reopen-text": "Two stations."}
    answer_of(app, team, "reopen_return", values, number)
    why = "NI 20 2008/09 Q3 was reopened after the release: Two stations."
    assert f"A publication that shows this figure is held back: {why}" in shown(f"/returns/{number}")
    assert f"is held back: {why}" in shown("/publish")


def test_a_query_that_was_answered_waits_no_more_on_the_page(app: Flask, client_of: Clients) -> None:
    lcc, team = client_of("lcc"), client_of("team")
    version = value_of(answer_of(app, lcc, "save_and_check", answers(figure="55")), "version")
    answer_of(app, lcc, "submit_return", {"submit": 1, "version": version})
    values = {"query": 1, "version": version + 1, "question": "Is this the whole city?"}
    answer_of(app, team, "query_return", values)
    page = str(answer_of(app, lcc, "open_page", {"address.pathname": f"/returns/{NUMBER}"}, None)["page"])
    assert "waits for an answer" in page
    message = message_of(app, NUMBER)
    sent = wire.body(app, "answer_question", {"send": 1, "answer": "Yes."}, {"return": NUMBER, "message": message})
    got = wire.post(app, lcc, sent).text
    assert "You answered:" in got
    assert "submit it again, changed or not" in got
    page = str(answer_of(app, lcc, "open_page", {"address.pathname": f"/returns/{NUMBER}"}, None)["page"])
    assert "waits for an answer" not in page
    assert "Now submit the return again" in page
    queued = str(answer_of(app, team, "open_page", {"address.pathname": "/review"}, None)["page"])
    assert "Queries answered: 1" in queued
    assert "it can be verified once it is submitted again" in queued


def message_of(app: Flask, number: int) -> int:
    """The last thing said about a return."""
    database = app.extensions["portal"]["database"]
    return returns.read_return(database, person(database, "team"), number).messages[-1].id
