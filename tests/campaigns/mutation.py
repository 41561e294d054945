"""Would the tests notice? Every rule is changed in one place at a time, and the tests of the rules are run against it.

`make mutation` changes all of models/rules; `make mutation RULES="rating xmr"` these modules; the suite a little of it.
Nothing is written: each change is made in the memory of a process of its own.
"""

import ast
import os
import resource
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import ModuleType
from typing import Any

import hypothesis
import pytest

ROOT = Path(__file__).parents[2]
RULES, TESTS = ROOT / "models" / "rules", ROOT / "tests" / "models" / "rules"
ALLOWED = 0.05
"""From this share of mutants alive on, the campaign fails."""

MEMORY = 2 * 2**30
PYTEST = ("-q", "-x", "-p", "no:cacheprovider", "--noconftest", "-o", "addopts=--import-mode=importlib")

SIGNS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitAnd: (ast.BitOr,),
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "sin": "cos", "cos": "sin"}
METHODS = {"lower": "upper", "upper": "lower", "strip": "lstrip", "partition": "rpartition", "endswith": "startswith"}
NOISE = {"annotation", "returns", "decorator_list", "bases", "ctx"}
"""Fields of the tree that say nothing of what a rule does."""

Enums = dict[str, list[str]]
Holder = dict[str, Any] | list[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Mutant:
    """One change: what stands in `holder` at `key` is `instead`, or is gone (None, in lists only). `around` is the
    smallest expression or statement that has a line of its own."""

    path: Path
    tree: ast.Module
    around: ast.expr | ast.stmt
    holder: Holder
    key: Any
    instead: ast.AST | None

    def make(self) -> None:
        """Change the tree."""
        if isinstance(self.holder, list):
            self.holder[self.key : self.key + 1] = [] if self.instead is None else [self.instead]
        else:
            self.holder[self.key] = self.instead

    def __str__(self) -> str:
        """Where, what stood there, what stands there now: of a statement its first line."""
        kept, before = self.holder.copy(), ast.unparse(self.around)
        whole = self.holder[self.key] is self.around
        self.make()
        after = ("" if self.instead is None else ast.unparse(self.instead)) if whole else ast.unparse(self.around)
        if isinstance(self.holder, list):
            self.holder[:] = kept
        else:
            self.holder.update(kept)
        was, is_now = (text.partition("\n")[0] or "nothing" for text in (before, after))
        return f"{self.path.relative_to(ROOT)}:{self.around.lineno}: {was}  ->  {is_now}"


def enums_of(tree: ast.Module) -> Enums:
    """The members of each vocabulary in a module."""
    return {
        each.name: [name.id for line in each.body if isinstance(line, ast.Assign) for name in line.targets]
        for each in tree.body
        if isinstance(each, ast.ClassDef) and any(ast.unparse(base) == "StrEnum" for base in each.bases)
    }


def mutants_of(path: Path, tree: ast.Module, enums: Enums) -> Iterator[Mutant]:
    """Every change to a module: signs, numbers, words, conditions, arguments left out, statements left out. None to
    docstrings, types, decorators, what an error says, and zip's check on ourselves (strict)."""

    def below(node: ast.AST, around: ast.expr | ast.stmt) -> Iterator[Mutant]:
        for field, value in ast.iter_fields(node):
            if field in NOISE:
                continue
            holder: Holder = value if isinstance(value, list) else vars(node)
            for key, child in list(enumerate(value)) if isinstance(value, list) else [(field, value)]:
                if not isinstance(child, ast.AST) or _is_noise(child):
                    continue
                for instead in _instead(child, node, field, enums):
                    yield Mutant(path, tree, _around(child, around), holder, key, instead)
                if not isinstance(child, ast.Raise):
                    yield from below(child, _around(child, around))

    yield from below(tree, ast.Pass(lineno=0))


def _is_noise(node: ast.AST) -> bool:
    match node:
        case ast.Expr(ast.Constant()) | ast.keyword("strict") | ast.AnnAssign(annotation=ast.Name("TypeAlias")):
            return True
    return False


def _around(node: ast.AST, otherwise: ast.expr | ast.stmt) -> ast.expr | ast.stmt:
    whole = isinstance(node, ast.expr | ast.stmt) and not isinstance(node, ast.Constant | ast.Name | ast.Attribute)
    return node if whole else otherwise


def _instead(node: ast.AST, parent: ast.AST, field: str, enums: Enums) -> Iterator[ast.AST | None]:
    """What may stand where a node stands; None that nothing does."""
    if field == "test" or (field == "ifs" and isinstance(parent, ast.comprehension)):
        yield from (ast.Constant(True), ast.Constant(False))
    if isinstance(parent, ast.Call) and (
        field == "keywords" or (field == "args" and len(parent.args) > 1 and node is parent.args[-1])
    ):
        yield None
    yield from (sign() for sign in SIGNS.get(type(node), ()))
    match node:
        case ast.Constant(bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(int(value) | float(value)):
            yield ast.Constant(value + 1)
        case ast.Constant(str(value)):
            yield ast.Constant(_other(value))
        case ast.UnaryOp(ast.Not() | ast.USub(), operand) | ast.Call(ast.Name("abs"), [operand]):
            yield operand
        case ast.Name(name) if name in NAMES:
            yield ast.Name(NAMES[name], ast.Load())
        case ast.Attribute(ast.Name(name), member) if member in enums.get(name, ()):
            members = enums[name]
            yield ast.Attribute(ast.Name(name, ast.Load()), members[members.index(member) - 1], ast.Load())
        case ast.Attribute(value, name) if name in METHODS:
            yield ast.Attribute(value, METHODS[name], ast.Load())
        case ast.Expr() | ast.AugAssign() | ast.Raise():
            yield ast.Pass()
        case ast.Break():
            yield ast.Continue()


def _other(text: str) -> str:
    """Another number where the text is one, else another word."""
    try:
        return str(Decimal(text) + 1)
    except InvalidOperation:
        return f"{text}X"


def every_mutant(stems: Iterable[str]) -> list[Mutant]:
    """The mutants of the modules of the rules that are named, or of all."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(RULES.glob("*.py"))}
    everywhere = {name: members for tree in trees.values() for name, members in enums_of(tree).items()}
    wanted = set(stems) or {path.stem for path in trees}
    return [
        mutant
        for path, tree in trees.items()
        if path.stem in wanted
        for mutant in mutants_of(path, tree, everywhere | enums_of(tree))
    ]


@dataclass(frozen=True, slots=True)
class Suite:
    """A file of tests, how many seconds of a processor it takes, and the modules that it comes to."""

    path: Path
    seconds: float
    modules: frozenset[Path]


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


def reached(path: Path) -> frozenset[Path]:
    """The modules of this repository that a file imports, and those that they import."""
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        for node in ast.walk(ast.parse(waiting.pop().read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                for name in (node.module, *(f"{node.module}.{each.name}" for each in node.names)):
                    place = ROOT.joinpath(*name.split("."))
                    new = {place.with_suffix(".py"), place / "__init__.py"} - found
                    waiting += filter(Path.is_file, new)
                    found |= new
    return frozenset(found)


def measured(path: Path, modules: frozenset[Path]) -> Suite:
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
    comes_to = {path: reached(path) for path in sorted(TESTS.glob("test_*.py"))}
    changed = {mutant.path for mutant in mutants}
    suites = [measured(path, modules) for path, modules in comes_to.items() if modules & changed]
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
