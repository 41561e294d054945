"""Keys of requests, on both databases: who gets one, who is told the answer, who has to wait, and for how long."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from sqlalchemy import select

from models.requests import KeyedRequest
from portal.actor import OPERATOR, Actor, public
from portal.database import Database
from portal.errors import InProgress, Invalid, PortalError, SignInRequired
from portal.services import requests
from portal.services.requests import Answer, Reservation
from tests.conftest import person

ASKED, OTHER = "a" * 64, "b" * 64
DONE = Answer(200, '"43-2"', '{"value": "2.40", "commentary": "é"}\n')
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLIENTS = 8


def reserved(database: Database, actor: Actor, key: str = "key", fingerprint: str = ASKED) -> Reservation:
    got = requests.reserve(database, actor, key, fingerprint)
    assert isinstance(got, Reservation)
    return got


def held(database: Database) -> set[tuple[int, str]]:
    with database.read(OPERATOR) as session:
        return {(row.person_id, row.key) for row in session.scalars(select(KeyedRequest))}


def after(seconds: float) -> time_machine.travel:
    return time_machine.travel(NOON + timedelta(seconds=seconds), tick=False)


def all_at_once(database: Database, actor: Actor) -> list[Reservation | Answer | type[PortalError]]:
    barrier = Barrier(CLIENTS)

    def attempt(_: int) -> Reservation | Answer | type[PortalError]:
        barrier.wait()
        try:
            return requests.reserve(database, actor, "key", ASKED)
        except PortalError as error:
            return type(error)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(attempt, range(CLIENTS)))


def test_the_same_request_gets_the_answer_that_was_kept_word_for_word(database: Database) -> None:
    lcc = person(database, "lcc")
    requests.store(database, lcc, reserved(database, lcc), DONE)
    assert requests.reserve(database, lcc, "key", ASKED) == DONE
    assert requests.reserve(database, lcc, "key", ASKED) == DONE


def test_another_request_cannot_have_the_key_before_or_after_the_answer(database: Database) -> None:
    lcc = person(database, "lcc")
    reservation = reserved(database, lcc)
    with pytest.raises(Invalid, match="another request"):
        requests.reserve(database, lcc, "key", OTHER)
    requests.store(database, lcc, reservation, DONE)
    with pytest.raises(Invalid, match="another request"):
        requests.reserve(database, lcc, "key", OTHER)
    assert requests.reserve(database, lcc, "key", ASKED) == DONE


def test_the_keys_of_two_persons_never_meet_and_case_counts(database: Database) -> None:
    lcc, police = person(database, "lcc"), person(database, "police")
    requests.store(database, lcc, reserved(database, lcc), DONE)
    reserved(database, police, fingerprint=OTHER)
    reserved(database, lcc, key="KEY", fingerprint=OTHER)
    assert held(database) == {(lcc.person_id, "key"), (lcc.person_id, "KEY"), (police.person_id, "key")}


def test_a_request_that_was_refused_is_tried_anew_and_may_be_another(database: Database) -> None:
    lcc = person(database, "lcc")
    requests.release(database, lcc, reserved(database, lcc))
    assert held(database) == set()
    reserved(database, lcc, fingerprint=OTHER)


def test_whoever_has_no_account_reserves_nothing(database: Database) -> None:
    for actor in (public(), OPERATOR):
        with pytest.raises(SignInRequired):
            requests.reserve(database, actor, "key", ASKED)
    assert held(database) == set()


def test_the_longest_key_fits(database: Database) -> None:
    lcc, key = person(database, "lcc"), "~" * 255
    requests.store(database, lcc, reserved(database, lcc, key), DONE)
    assert requests.reserve(database, lcc, key, ASKED) == DONE


# --- whoever died over it ---------------------------------------------------------------------------------


def test_a_request_that_is_worked_on_is_left_alone_for_a_minute_and_then_taken_over(database: Database) -> None:
    lcc = person(database, "lcc")
    with after(0):
        reserved(database, lcc)
    with after(59.9), pytest.raises(InProgress):
        requests.reserve(database, lcc, "key", ASKED)
    with after(60):
        taken = reserved(database, lcc)
        with pytest.raises(InProgress):
            requests.reserve(database, lcc, "key", ASKED)
    with after(119):
        with pytest.raises(InProgress):
            requests.reserve(database, lcc, "key", ASKED)
        requests.store(database, lcc, taken, DONE)
        assert requests.reserve(database, lcc, "key", ASKED) == DONE


def test_another_request_does_not_take_over_the_key(database: Database) -> None:
    lcc = person(database, "lcc")
    with after(0):
        reserved(database, lcc)
    with after(61), pytest.raises(Invalid):
        requests.reserve(database, lcc, "key", OTHER)


def test_whoever_was_only_slow_changes_nothing_after_the_takeover(database: Database) -> None:
    lcc = person(database, "lcc")
    with after(0):
        slow = reserved(database, lcc)
    with after(61):
        taken = reserved(database, lcc)
        requests.store(database, lcc, slow, Answer(200, None, "late"))
        requests.release(database, lcc, slow)
        with pytest.raises(InProgress):
            requests.reserve(database, lcc, "key", ASKED)
        requests.store(database, lcc, taken, DONE)
        requests.store(database, lcc, slow, Answer(200, None, "late"))
        requests.release(database, lcc, taken)  # what is answered stays answered
        assert requests.reserve(database, lcc, "key", ASKED) == DONE


# --- a day later ------------------------------------------------------------------------------------------


def test_an_answer_is_kept_for_a_day_and_then_the_key_may_be_used_anew(database: Database) -> None:
    lcc, day = person(database, "lcc"), timedelta(hours=24).total_seconds()
    with after(0):
        requests.store(database, lcc, reserved(database, lcc), DONE)
    with after(day):
        assert requests.reserve(database, lcc, "key", ASKED) == DONE
    with after(day + 1):
        reserved(database, lcc, fingerprint=OTHER)


def test_a_new_key_clears_away_everybodys_old_ones(database: Database) -> None:
    lcc, police = person(database, "lcc"), person(database, "police")
    with after(0):
        requests.store(database, lcc, reserved(database, lcc, "answered"), DONE)
        reserved(database, police, "died")
    with after(60 * 60):
        reserved(database, lcc, "younger")
    with after(24 * 60 * 60 + 1):
        reserved(database, police, "new")
    assert held(database) == {(lcc.person_id, "younger"), (police.person_id, "new")}


# --- at once ----------------------------------------------------------------------------------------------


def test_of_many_first_tries_at_once_exactly_one_does_the_work(database: Database) -> None:
    got = all_at_once(database, person(database, "lcc"))
    assert sum(isinstance(one, Reservation) for one in got) == 1
    assert got.count(InProgress) == CLIENTS - 1


def test_of_many_takeovers_at_once_exactly_one_does_the_work(database: Database) -> None:
    lcc = person(database, "lcc")
    with after(-3600):
        reserved(database, lcc)
    with after(0):
        got = all_at_once(database, lcc)
    assert sum(isinstance(one, Reservation) for one in got) == 1
    assert got.count(InProgress) == CLIENTS - 1


def test_of_many_who_use_an_old_key_anew_at_once_exactly_one_does_the_work(database: Database) -> None:
    lcc = person(database, "lcc")
    with after(-25 * 3600):
        requests.store(database, lcc, reserved(database, lcc), DONE)
    with after(0):
        got = all_at_once(database, lcc)
    assert sum(isinstance(one, Reservation) for one in got) == 1
    assert got.count(InProgress) == CLIENTS - 1
