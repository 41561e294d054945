"""Would the tests notice? Every rule is changed in one place at a time, and the tests of the rules are run against it.

`make mutation` changes all of models/rules; `make mutation RULES="rating xmr"` these modules; the suite a little of it.
Nothing is written: each change is made in the memory of a process of its own. No library does it: mutmut changes no
constants, tables, vocabularies and properties, which are most of what the rules say, and cosmic-ray no words.
"""

import ast
import os
import resource
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import hypothesis
import pytest

from tests.campaigns.mutants import ROOT, RULES, Mutant, every_mutant

TESTS = ROOT / "tests" / "models" / "rules"
ALLOWED = 0.05
"""From this share of mutants alive on, the campaign fails."""

MEMORY = 2 * 2**30
PYTEST = ("-q", "-x", "-p", "no:cacheprovider", "--noconftest", "-o", "addopts=--import-mode=importlib")


@dataclass(frozen=True, slots=True)
class Suite:
    """A file of tests, how many seconds of a processor it takes, and the modules that it tests."""

    path: Path
    seconds: float
    modules: set[Path]


def prepare() -> None:
    """In a process of its own: the tests are quiet, the same every time, and cannot take all of the memory."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    hypothesis.settings.register_profile(
        "mutation",
        derandomize=True,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("mutation")


def used_by(path: Path) -> set[Path]:
    """The modules of the rules that a file of tests names: it is their test."""
    told = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
    names = {f"{node.module}.{each.name}" for node in told for each in node.names}
    return {
        place
        for place in RULES.glob("*.py")
        if any(f"{name}.".startswith(f"models.rules.{place.stem}.") for name in names)
    }


def measured(path: Path, modules: set[Path]) -> Suite:
    """A file of tests, once it has been run against the rules as they are."""
    _, status, used = os.wait4(_apart(lambda: int(pytest.main([*PYTEST, str(path)]))), 0)
    if status:
        sys.exit(f"{path.relative_to(ROOT)} fails without any change.")
    return Suite(path, used.ru_utime + used.ru_stime, modules)


def attempt(mutant: Mutant, suites: Iterable[Suite]) -> int:
    """Change the rule and run its tests: 0 when none of them fails. A mutant for which they take three times as long
    as otherwise, and five seconds, hangs, and is ended: by processor time, so that no other work makes it late."""
    mutant.make()
    module = ModuleType(f"models.rules.{mutant.path.stem}")
    module.__file__ = str(mutant.path)
    sys.modules[module.__name__] = module
    exec(compile(ast.fix_missing_locations(mutant.tree), mutant.path, "exec"), vars(module))
    for suite in suites:
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime + 3 * suite.seconds + 5)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
        if code := pytest.main([*PYTEST, str(suite.path)]):
            return int(code)
    return 0


def verdicts(mutants: Iterable[Mutant], suites: list[Suite]) -> Iterator[tuple[Mutant, int]]:
    """Each mutant as its process ends, with the status that it ended with: 0 when it stayed alive. A module's own
    tests come first, then the quicker ones. As many at once as there are cores."""
    waiting, running = deque(mutants), dict[int, Mutant]()
    while waiting or running:
        if waiting and len(running) < len(os.sched_getaffinity(0)):
            mutant = waiting.popleft()
            own = f"test_{mutant.path.stem}"
            users = [suite for suite in suites if mutant.path in suite.modules]
            users.sort(key=lambda suite: (suite.path.stem != own, suite.seconds))
            running[_apart(lambda: attempt(mutant, users))] = mutant  # noqa: B023 - it runs at once
        else:
            pid, status = os.wait()
            yield running.pop(pid), status


def _apart(work: Callable[[], int]) -> int:
    """Do the work in a process of its own, whose id this is."""
    pid = os.fork()
    if not pid:
        code = 1
        try:
            prepare()
            code = work()
        finally:
            os._exit(code)
    return pid


def main() -> None:
    """Change the modules that are named, or all; print what came of it; fail when too much stays alive."""
    mutants = every_mutant(sys.argv[1:])
    tested = {path: used_by(path) for path in sorted(TESTS.glob("test_*.py"))}
    changed = {mutant.path for mutant in mutants}
    suites = [measured(path, modules) for path, modules in tested.items() if modules & changed]
    alive: list[Mutant] = []
    ended = 0
    for number, (mutant, status) in enumerate(verdicts(mutants, suites), 1):
        alive += [mutant] * (status == 0)
        ended += os.WIFSIGNALED(status)
        if sys.stderr.isatty():
            print(f"{number} of {len(mutants)}, {len(alive)} alive", end="\r", file=sys.stderr, flush=True)
    print(*sorted(alive, key=mutants.index), told(len(mutants), len(alive), ended), sep="\n")
    sys.exit(too_many(len(alive), len(mutants)))


def told(mutants: int, alive: int, ended: int) -> str:
    """The campaign's last line."""
    killed = f"{mutants - alive} killed ({ended} of them for taking too long)"
    return f"{mutants} mutants, {killed}, {alive} alive: {alive / mutants:.1%}, which must be under {ALLOWED:.0%}."


def too_many(alive: int, mutants: int) -> bool:
    """Whether the campaign fails."""
    return alive >= ALLOWED * mutants


if __name__ == "__main__":
    main()
