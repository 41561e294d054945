"""The house keeps its own rules: contracts between modules, sizes, first sentences, and what may not be used."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from portal.words.help import PICTURE

ROOT = Path(__file__).parents[2]
FOLDERS = ("portal", "models", "layouts", "callbacks", "assets")
MODULES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
BIN = Path(sys.executable).parent
EXPLAINED = ("portal/services/", "portal/records/", "models/rules/", "portal/formats/", "portal/web/")
TEXTS = (".py", ".md", ".toml", ".html", ".css", ".js", ".sh", ".csv", ".lock", ".mako", "Makefile", "run")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def modules_without(*allowed: str) -> list[Path]:
    return [path for path in MODULES if name_of(path) not in allowed]


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("lint-imports",), ("mypy",)],
    ids=["style", "format", "import contracts", "types"],
)
def test_checkers_find_nothing(command: tuple[str, ...]) -> None:
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_first_what_is_in_it_and_is_not_too_long(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    sentence = ast.get_docstring(ast.parse(source))
    assert sentence, "no docstring"
    if "migrations/versions" not in name_of(path):
        assert source.count("\n") <= 300, "longer than 300 lines: a sign that it does two things"


def test_public_functions_of_services_and_rules_are_explained() -> None:
    bare = []
    for path in MODULES:
        if not name_of(path).startswith(EXPLAINED):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                bare.append(f"{name_of(path)}: {node.name}")
    assert bare == []


def test_a_use_case_takes_the_database_and_what_it_is_made_of_an_open_session() -> None:
    """One function of a service is one permission and one transaction; records open none, so that it stays one."""
    services, records = [], []
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if name_of(path).startswith("portal/services/"):
            for node in tree.body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    first = [argument.arg for argument in node.args.args][:1]
                    services += [f"{name_of(path)}: {node.name}"] if first != ["database"] else []
        if name_of(path).startswith("portal/records/"):
            imported = [n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
            records += [name_of(path)] if "portal.database" in imported else []
    assert (services, records) == ([], [])


def test_no_callback_goes_round_the_registry() -> None:
    """Module-level callbacks, Dash Pages and hooks would be wired outside of portal/web/registry.py."""
    pattern = re.compile(r"@(dash\.)?callback\b|\bapp\.callback\b|register_page|dash\.hooks|clientside_callback\(")
    found = [
        name_of(p)
        for p in modules_without("portal/web/registry.py", "portal/cli/main.py")
        if pattern.search(p.read_text("utf-8"))
    ]
    assert found == []


def test_one_place_alone_draws_with_plotly_and_nothing_draws_raw_markup() -> None:
    """It weighs as much as all the rest of a page, and offers to upload what it draws unless it is told not to."""
    graphs = [name_of(p) for p in MODULES if "Graph(" in p.read_text("utf-8")]
    risky = re.compile(r"srcDoc|dangerously|dcc\.Markdown|render_template_string|\|\s*safe\b")
    raw = [name_of(p) for p in MODULES if risky.search(p.read_text("utf-8"))]
    templates = [name_of(p) for p in (ROOT / "portal/templates").glob("*") if risky.search(p.read_text("utf-8"))]
    assert (graphs, raw, templates) == (["layouts/figures.py"], [], [])


def test_component_ids_are_made_in_one_place() -> None:
    pattern = re.compile(r'(Input|Output|State)\(\s*["{]')
    assert [name_of(p) for p in MODULES if pattern.search(p.read_text("utf-8"))] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = re.compile(r"helper|manager|utils?\b|misc|common", re.IGNORECASE)
    assert [name_of(p) for p in MODULES if vague.search(p.stem)] == []


def committed() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        return [path for folder in (*FOLDERS, "tests", "requirements") for path in (ROOT / folder).rglob("*")]
    return [ROOT / line for line in listed.stdout.splitlines()]


def test_no_committed_file_names_a_registrys_host_or_a_machines_path() -> None:
    hosts = "|".join(("py" + r"pi\.org", "python" + r"hosted\.", r"registry\.npm" + "js", "deb" + r"\.debian\."))
    pattern = re.compile(rf"{hosts}|(?<![\w.:/])/(home|root|Users|work)/\w")
    found = []
    for path in committed():
        if path.is_file() and path.name.endswith(TEXTS) and path != Path(__file__):
            found += [name_of(path) for line in path.read_text("utf-8").splitlines() if pattern.search(line)]
    assert found == []


def test_every_requirement_is_pinned_with_a_hash() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        pins = [line for line in lock.read_text("utf-8").splitlines() if re.match(r"^[a-z0-9]", line)]
        assert pins
        assert all(re.match(r"^[a-z0-9_.\[\]-]+==\S+.*\\$", line) for line in pins), lock.name


def test_assets_hold_nothing_private() -> None:
    """They are served to anybody."""
    names = {path.name for path in (ROOT / "assets").iterdir() if path.name != "__pycache__"}
    assert names == {
        "__init__.py",
        "bootstrap.min.css",
        "drawing.js",
        "fields.js",
        "help",
        "icon.svg",
        "plotly-basic.min.js",
        "portal.css",
        "portal.js",
        "sending.js",
        "typing.js",
    }
    pictures = {path.name for path in (ROOT / "assets/help").iterdir()}
    assert pictures == {"pictures.json", *(f"{key}.webp" for key in PICTURE)}
