"""The soak lets people work on a served portal, and says what is wrong when something is."""

import time
from collections import Counter
from types import SimpleNamespace

import pytest

from tests.campaigns import soak
from tests.campaigns.soaking import Tally


def test_a_few_people_work_for_some_seconds_and_nothing_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert soak.soaked("sqlite", 10, 8 / 60, pace=0.3, ramp=0.5) == []
    said = capsys.readouterr().out
    for kind in ("sign in", "page", "public page"):
        assert kind in said


def looks_of(*seen: tuple[float, float]) -> soak.Looks:
    """Two workers, of which one was seen like this, the other always the same."""
    looks = soak.Looks(1)
    looks.of = {1: [(at, size, 20) for at, size in seen], 2: [(at, 100.0, 20) for at, _ in seen]}
    return looks


def test_a_worker_that_grows_is_told_from_one_that_is_warm() -> None:
    warm = looks_of(*((at, 150.0 + min(at, 300) / 10) for at in range(0, 1800, 5)))
    assert soak._of_workers(warm, 300.0) == []
    leaking = looks_of(*((at, 120.0 + at / 60) for at in range(0, 1800, 5)))
    assert leaking.slope(1, 300.0) == pytest.approx(60.0)
    assert ["grows by 60 MB/h" in said for said in soak._of_workers(leaking, 300.0)] == [True]
    large = looks_of(*((at, 260.0) for at in range(0, 60, 5)))
    assert ["more than 250" in said for said in soak._of_workers(large, 20.0)] == [True]


def test_a_worker_that_was_begun_anew_is_noticed() -> None:
    looks = looks_of((0.0, 100.0))
    looks.of[3] = [(5.0, 90.0, 20)]
    assert any("begun anew" in said for said in soak._of_workers(looks, 20.0))


def test_an_event_that_nobody_was_told_of_and_a_change_without_one_are_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tally = Tally()
    tally.done("return:edit")
    tally.done("return:submit")
    monkeypatch.setattr(soak, "trailed", lambda _: Counter({"return:edit": 3, "return:verify": 1}))
    whole = SimpleNamespace(verify=lambda *_: SimpleNamespace(broken=None, wrong=()))
    monkeypatch.setattr(soak, "audit", whole)
    assert soak._told(None, Counter({"return:edit": 1}), tally) == [
        "return:edit: 1 acknowledged, 2 in the trail",
        "return:submit: 1 acknowledged, 0 in the trail",
        "return:verify: 0 acknowledged, 1 in the trail",
    ]


def test_every_status_that_no_person_should_see_is_an_error_and_conflicts_are_counted_apart() -> None:
    tally = Tally()
    for status in (200, 304, 409, 412, 404, 500, 0):
        tally.seen("page", status, time.monotonic())
    assert tally.conflicts == {"409 page": 1, "412 page": 1}
    assert tally.unexpected == {"404 page": 1, "500 page": 1, "no answer page": 1}
