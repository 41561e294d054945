"""A served portal gives the memory of a large answer back to the system."""

import subprocess
import sys

import pytest

from portal.cli.memory import give_back

KEPT = """
import os, sys, threading
from argon2 import PasswordHasher
from portal.cli.memory import give_back
if sys.argv[1] == "yes" and not give_back():
    sys.exit("no such settings")
def size():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
def sign_in():
    for _ in range(2):
        PasswordHasher(time_cost=1, memory_cost=19 * 1024, parallelism=1).hash("x")
before = size()
threads = [threading.Thread(target=sign_in) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(size() - before)
"""


def grown(settings: str) -> float:
    """MB that a process keeps of what the passwords of sixteen sign-ins by eight threads needed."""
    done = subprocess.run([sys.executable, "-c", KEPT, settings], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return float(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_large_answers_needed_is_not_kept() -> None:
    kept = grown("no")
    assert kept > 30, "nothing is kept without the settings: the test shows nothing"
    assert grown("yes") < min(15, kept / 3)


def test_they_are_taken_here() -> None:
    assert give_back() is True
