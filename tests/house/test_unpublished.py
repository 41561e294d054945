"""What is not published is not told by the way either: not by whether it is there, not by a count, a tag or a byte."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.actor import OPERATOR
from portal.services import periods, returns, review, sessions
from portal.viewmodels.returns import Typed
from tests.conftest import person, sign_in
from tests.house.test_access_matrix import VALUES
from tests.house.test_leaks import everybodys
from tests.support import wire
from tests.support.worlds import World, honest_body, opened

NOWHERE = 999_999
OTHERS = ("nhs", "executive", "reviewer", "admin", None)
"""Who may not read the police's draft: another lead, roles that read others, and the public."""
BESIDE = {"Date", "Session-Ends-In", "Set-Cookie", "Content-Length", "X-Request-Id"}
CALLBACKS = ("save_draft", "save_and_check", "submit_return", "withdraw_return", "keep_typed", "preview_rating")
DRAFT = "/api/v1/returns/2008-09-q3/ni-32"


@pytest.fixture(scope="module")
def world(prepared: tuple[Path, dict[str, int]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The demonstration with a return of the police's in each state."""
    path, numbers = prepared
    found = opened(path, tmp_path_factory.mktemp("unpublished") / "portal.sqlite", numbers)
    yield found
    found.database.dispose()


def told(answer: TestResponse, number: int) -> tuple[int, str, dict[str, str]]:
    """All that an answer says, but for the number that was asked for."""
    headers = {name: value for name, value in answer.headers if name not in BESIDE}
    said = f"{headers.pop('Location', '')}{answer.text}".replace("%2F", "/")
    return answer.status_code, re.sub(rf"(?<![\w-]){number}(?!\w)", "N", said), headers


def pages(number: int) -> tuple[str, ...]:
    return f"/returns/{number}", f"/returns/{number}/check", f"/returns/workbook/{number}", f"/packs/{number}.pdf"


@pytest.mark.parametrize("who", OTHERS)
def test_what_is_not_theirs_and_what_is_not_there_are_answered_alike(world: World, who: str | None) -> None:
    client = sign_in(world.app, who)
    foreign = {0: world.numbers["draft"], 1: world.numbers["draft"], 2: world.numbers["workbook"], 3: 1}
    unlike = []
    for place, number in foreign.items():
        if who == "executive" and place == 3:
            continue  # reads packs on partners' verified figures
        asked = [pages(one)[place] for one in (number, NOWHERE)]
        one, other = (client.get(address) for address in asked)
        # A page for everybody has its own small numbers: what differs may be the address alone.
        said = [answer.text.replace("%2F", "/") for answer in (one, other)]
        same = said[0].replace(*asked) == said[1] and one.status_code == other.status_code
        headers = [told(answer, NOWHERE)[2] for answer in (one, other)]
        if not same or headers[0] != headers[1]:
            unlike.append((asked[0], one.status_code, other.status_code))
    assert unlike == []


@pytest.mark.parametrize("who", ["nhs", "executive", None])
def test_callbacks_do_not_tell_them_apart_either(world: World, who: str | None) -> None:
    client = sign_in(world.app, who)
    unlike = []
    for name in CALLBACKS:
        nowhere = json.dumps(honest_body(world, name, NOWHERE))
        answers = []
        for number in (world.numbers["draft"], NOWHERE):
            body: dict[str, Any] = json.loads(nowhere.replace(str(NOWHERE), str(number)))
            answers.append(told(wire.post(world.app, client, body), number))
        if answers[0] != answers[1]:
            unlike.append((name, answers[0][0], answers[1][0]))
    assert unlike == []


def bearing(world: World, who: str) -> Callable[..., TestResponse]:
    """Asks the API as somebody."""
    token = sessions.issue_token(world.database, OPERATOR, f"{who}@portal.example")
    client: FlaskClient = world.app.test_client()
    return lambda path, **said: client.get(path, headers={"Authorization": f"Bearer {token}", **said})


def test_the_tag_of_ones_own_answer_is_nothing_in_anothers_hand(world: World) -> None:
    """Or whoever guesses a draft's tag would be told that it is right."""
    tag = bearing(world, "police")(DRAFT).headers["ETag"]
    assert bearing(world, "police")(DRAFT, **{"If-None-Match": tag}).status_code == 304
    for who in ("nhs", "team", "executive"):
        ask = bearing(world, who)
        known, plain = ask(DRAFT, **{"If-None-Match": tag}), ask(DRAFT)
        assert (known.status_code, known.data) == (plain.status_code, plain.data) == (404, plain.data)
        assert ask(DRAFT, **{"If-Match": tag}).status_code == 404


def public_bytes(world: World) -> dict[str, bytes]:
    """Everything that a visitor can be answered by a route for everybody, once in each."""
    client, found = world.app.test_client(), {}
    for rule in everybodys(world.app):
        address = rule.rule
        for name, value in VALUES.items():
            address = address.replace(name, value)
        if "<" not in address and not address.startswith("/_"):
            answer = client.get(address)
            found[address] = answer.data + str(answer.headers.get("ETag")).encode()
    for path in ("/explore", "/returns", "/themes/safer"):
        sent = wire.body(world.app, "open_page", {"address.pathname": path, "address.search": ""})
        found[f"drawn {path}"] = wire.post(world.app, client, sent).data
    return found


def test_no_public_byte_changes_with_what_is_not_published(world: World) -> None:
    """Not the mean, not a count, not the edge of a chart: a draft, a submission, a query and a verified figure later every
    public answer is the same."""
    first, again = public_bytes(world), public_bytes(world)
    # A form's token and the frame's are new each time; what the frame is filled with is looked at as it is drawn.
    before = {address: said for address, said in first.items() if again[address] == said}
    changing = first.keys() - before.keys()
    assert [one for one in changing if b"csrf_token" not in first[one] and one != "/explore"] == []
    assert len(before) > 30
    base, numbers = world.database, world.numbers
    police, team = person(base, "police"), person(base, "team")
    returns.save(base, police, numbers["draft"], None, Typed(value="98765", commentary="Other words."))
    returns.submit(base, police, numbers["draft"], None, "It is so.")
    review.query(base, team, numbers["draft"], None, "Really?")
    returns.save(base, police, numbers["ready"], None, Typed(value="9.99", commentary="Worse."))
    returns.submit(base, police, numbers["ready"], None, "It is so.")
    review.verify(base, team, numbers["ready"], None)
    periods.open_for_returns(base, OPERATOR, "2008-09-q4")
    after = public_bytes(world)
    assert [address for address, said in before.items() if after[address] != said] == []
