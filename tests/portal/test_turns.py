"""Writers of one SQLite file take turns: first come, first served, over threads and processes; nobody waits for ever."""

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import pytest

from portal.errors import Unavailable
from portal.turns import ENDING, Line, Turns

ROOT = Path(__file__).parents[2]
TAKES = """
import sys, time
from pathlib import Path
from portal.turns import Turns
turns, name, told = Turns(Path(sys.argv[1])), sys.argv[2], open(sys.argv[3], "a")
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(sys.argv[4])):
    with turns.turn(20):
        told.write(name)
        told.flush()
        time.sleep(float(sys.argv[5]))
"""


def test_threads_come_in_the_order_in_which_they_stood_in_line(tmp_path: Path) -> None:
    turns, came = Turns(tmp_path / "portal.sqlite"), []

    def come(number: int) -> None:
        with turns.turn(10):
            came.append(number)

    with ThreadPoolExecutor(8) as people, turns.turn(10):
        for number in range(8):
            people.submit(come, number)
            until(lambda number=number: len(turns._line._waiting) == number + 1)
    assert came == list(range(8))


def until(what) -> None:
    """Wait for what is sure to come."""
    ends = time.monotonic() + 10
    while not what():
        assert time.monotonic() < ends
        time.sleep(0.001)


@contextlib.contextmanager
def process(file: Path, name: str, told: Path, times: int, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """Another process that takes turns once it is told to begin."""
    command = [sys.executable, "-c", TAKES, str(file), name, str(told), str(times), str(seconds)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        yield other
        with contextlib.suppress(ProcessLookupError):
            other.kill()


def begin(other: subprocess.Popen[str]) -> None:
    assert other.stdin is not None
    other.stdin.write("\n")
    other.stdin.flush()


def test_processes_take_turns_and_whoever_has_written_stands_behind_those_who_wait(tmp_path: Path) -> None:
    file, told = tmp_path / "portal.sqlite", tmp_path / "told"
    with process(file, "a", told, 40, 0.004) as one, process(file, "b", told, 40, 0.004) as two:
        begin(one)
        begin(two)
        assert (one.wait(20), two.wait(20)) == (0, 0)
    came = told.read_text()
    both = came[came.index(max("ab", key=came.index)) : min(came.rindex("a"), came.rindex("b")) + 1]
    assert len(came) == 80
    # Without the gate one of them writes ten and twenty times in a row, while the other sleeps.
    assert max(len(list(group)) for _, group in itertools.groupby(both)) <= 6
    assert both.count("ab") >= 12


def test_the_turn_of_a_process_that_dies_is_the_next_ones(tmp_path: Path) -> None:
    file, told = tmp_path / "portal.sqlite", tmp_path / "told"
    turns = Turns(file)
    with process(file, "a", told, 1, 60) as other:
        begin(other)
        until(lambda: told.exists() and told.read_text() == "a")
        with pytest.raises(Unavailable), turns.turn(0.1):
            pytest.fail("it is another process's turn")
        os.kill(other.pid, signal.SIGKILL)
        with turns.turn(10) as left:
            assert 0 < left <= 10


def test_who_waited_too_long_is_told_so_and_nobody_waits_for_them(tmp_path: Path) -> None:
    turns, holding, done = Turns(tmp_path / "portal.sqlite"), Event(), Event()

    def hold() -> None:
        with turns.turn(10):
            holding.set()
            done.wait(10)

    other = Thread(target=hold)
    other.start()
    holding.wait(10)
    began = time.monotonic()
    with pytest.raises(Unavailable), turns.turn(0.05):
        pytest.fail("it is another thread's turn")
    assert 0.05 <= time.monotonic() - began < 2
    done.set()
    other.join()
    with turns.turn(0):
        pass  # the line is empty again


def test_who_is_called_just_as_their_time_is_over_has_their_turn() -> None:
    line = Line()
    assert line.wait(0)
    assert not line.wait(0)
    line.leave()
    assert line.wait(0)


def test_a_turn_ends_when_anything_is_raised_in_it(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "portal.sqlite")
    for _ in range(2):
        with pytest.raises(KeyError), turns.turn(0):
            raise KeyError
    assert (tmp_path / f"portal.sqlite{ENDING}").stat().st_mode & 0o777 == 0o600


def test_where_no_lock_file_can_be_the_threads_take_turns_all_the_same(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "no such folder" / "portal.sqlite")
    with turns.turn(1), pytest.raises(Unavailable), turns.turn(0):
        pytest.fail("two at once")
    with Turns(None).turn(0):
        pass
