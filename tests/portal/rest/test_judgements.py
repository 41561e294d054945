"""Judging otherwise through the API: added to the contract, and nothing of it needed by who does not use it."""

from typing import Any

import pytest
from flask import Flask

from tests.portal.rest.test_returns import SCHOOLS, Api, fields, problem, submitted

WHY = "Two schools were left out."
PROPOSED = {"value": "55", "proposed_rating": "within", "proposed_reason": WHY}


@pytest.fixture
def call(app: Flask) -> Api:
    return Api(app)


def test_the_lead_proposes_and_the_team_accepts(call: Api) -> None:
    said = submitted(call, "lcc", SCHOOLS, **PROPOSED).json
    assert (said["rating"], said["rating_by_rule"], said["override_reason"]) == ("worse", "worse", None)
    assert (said["proposed_rating"], said["proposed_reason"], said["judgement_accepted"]) == ("within", WHY, None)
    said = call("team", "POST", f"{SCHOOLS}/verify", json={"accept_judgement": True}).json
    assert (said["state"], said["rating"], said["rating_by_rule"]) == ("verified", "within", "worse")
    assert (said["override_reason"], said["judgement_accepted"]) == (WHY, True)
    assert call("executive", "GET", SCHOOLS).json["override_reason"] == WHY


def test_the_team_does_not_accept(call: Api) -> None:
    submitted(call, "lcc", SCHOOLS, **PROPOSED)
    said = call("team", "POST", f"{SCHOOLS}/verify", json={"accept_judgement": False}).json
    assert (said["state"], said["rating"], said["override_reason"]) == ("verified", "worse", None)
    assert (said["proposed_rating"], said["judgement_accepted"]) == ("within", False)


@pytest.mark.parametrize("sent", [{}, {"data": b""}, {"json": {}}, {"json": {"accept_judgement": None}}])
def test_without_a_word_on_it_nothing_is_verified_and_the_answer_says_what_to_send(
    call: Api, sent: dict[str, Any]
) -> None:
    submitted(call, "lcc", SCHOOLS, **PROPOSED)
    answer = call("team", "POST", f"{SCHOOLS}/verify", **sent)
    assert problem(answer) == 409
    assert '{"accept_judgement": true}' in answer.json["detail"]
    assert '{"accept_judgement": false}' in answer.json["detail"]
    assert call("team", "GET", SCHOOLS).json["state"] == "submitted"


@pytest.mark.parametrize("word", ["yes", "true", 1, 0, [], {}])
def test_the_word_is_true_or_false_and_nothing_like_it(call: Api, word: object) -> None:
    submitted(call, "lcc", SCHOOLS, **PROPOSED)
    assert fields(call("team", "POST", f"{SCHOOLS}/verify", json={"accept_judgement": word})) == {"accept_judgement"}


@pytest.mark.parametrize("sent", [{}, {"json": {}}, {"json": {"note": "x"}}, {"json": {"accept_judgement": True}}])
def test_a_return_without_a_proposal_is_verified_as_ever(call: Api, sent: dict[str, Any]) -> None:
    submitted(call, "lcc", SCHOOLS, value="55")
    said = call("team", "POST", f"{SCHOOLS}/verify", **sent).json
    assert (said["state"], said["rating"], said["judgement_accepted"]) == ("verified", "worse", None)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"value": "55", "proposed_rating": "within"}, "proposed_reason"),
        ({"value": "55", "proposed_reason": WHY}, "proposed_rating"),
        ({"value": "55", "proposed_rating": "good", "proposed_reason": WHY}, "proposed_rating"),
        ({"no_value_reason": "suppressed", "proposed_rating": "within", "proposed_reason": WHY}, "proposed_rating"),
        ({"value": "55", "proposed_rating": 1}, "proposed_rating"),
    ],
)
def test_half_a_proposal_is_refused_by_its_field(call: Api, sent: dict[str, Any], field: str) -> None:
    assert fields(call("lcc", "PUT", SCHOOLS, json=sent)) == {field}


def test_a_put_that_leaves_it_out_proposes_nothing(call: Api) -> None:
    """As with every other member: a PUT says all that there is."""
    assert call("lcc", "PUT", SCHOOLS, json=PROPOSED).json["proposed_rating"] == "within"
    said = call("lcc", "PUT", SCHOOLS, json={"value": "55"}).json
    assert (said["proposed_rating"], said["proposed_reason"]) == (None, None)


def test_a_proposal_that_says_what_the_rule_says_needs_no_word(call: Api) -> None:
    submitted(call, "lcc", SCHOOLS, **{**PROPOSED, "proposed_rating": "worse"})
    said = call("team", "POST", f"{SCHOOLS}/verify").json
    assert (said["state"], said["rating"], said["override_reason"]) == ("verified", "worse", None)


def test_a_draft_says_its_proposal_to_nobody_else(call: Api) -> None:
    assert call("lcc", "PUT", SCHOOLS, json=PROPOSED).status_code == 200
    for who in ("team", "police", "executive"):
        assert call(who, "GET", SCHOOLS).status_code == 404
