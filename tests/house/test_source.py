"""What the code does not do, read out of its own source: nothing is run that somebody typed, no statement is put together of
it, no weak digest or guessable number guards anything, and nothing but what is listed reaches out."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[2]
FOLDERS = ("portal", "models", "layouts", "callbacks", "assets")
MODULES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
TEXTS = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in MODULES}
Nodes = list[ast.AST]
Said = TypeVar("Said")
OWN_SCRIPTS = [path for path in sorted((ROOT / "assets").glob("*.js")) if not path.name.startswith("plotly")]
TEMPLATES = sorted((ROOT / "portal/templates").glob("*"))

LISTED = {"portal/cli/memory.py": {"ctypes"}}
"""Which module has one all the same: it tells the system's library how much freed memory to keep."""
DRAWS = {"portal/public/drawing.py", "portal/public/second_step.py"}
"""Which modules hand templates markup of ours: drawings, and the picture of a code."""
RUNS = {"eval", "exec", "compile", "__import__"}
"""What runs text as a program."""
UNSAFE_MODULES = {
    *("pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "yaml", "jsonpickle", "code", "codeop"),
    *("telnetlib", "ftplib", "xmlrpc", "ldap", "ldap3", "memcache", "pymemcache", "pty", "ctypes"),
}
"""What reads objects, or programs, out of bytes; what has no place here and needs a guard of its own."""
WEAK = {"md5", "sha1", "md4", "ripemd160", "DES", "ARC4", "Blowfish", "ECB", "PKCS1v15"}
"""Digests and ciphers that guard nothing any more."""
REACHING = {
    *("socket", "ssl", "smtplib", "imaplib", "poplib", "http.client", "urllib.request", "requests", "httpx", "aiohttp"),
    *("urllib3", "asyncio", "paramiko", "authlib.integrations.requests_client"),
}
"""What a program reaches another machine with."""
REACHES: dict[str, set[str]] = {
    "portal/cli/server.py": {"socket"},  # whether the port is free
    "portal/delivery.py": {"smtplib", "ssl"},
    "portal/issuers.py": {"requests", "authlib.integrations.requests_client"},
    "portal/services/sign_on.py": {"authlib.integrations.requests_client"},  # what it raises
    "portal/web/metrics.py": {"socket"},  # its own port
}
"""Which modules may, and with what. What is added here is added to 'Who talks to whom' in docs/security.md."""
STARTS = {
    "portal/backups/postgres.py": "pg_dump and pg_restore, for the operator",
    "portal/formats/typesetting.py": "this Python, with a text of ours; what is set is data on its standard input",
}
"""Which modules start another program, and why."""
WRITTEN_STATEMENTS = {
    "portal/database.py": "one of two words of ours",
    "portal/damage.py": "one of two words of ours",
    "portal/services/engines.py": "a word of ours",
    "portal/grants.py": "names of roles and tables, each quoted by the database's own rule",
    "portal/migrate.py": "names of our own tables",
    "models/migrations/": "statements of ours, which run once and read nothing that anybody typed",
}
"""Where a statement is put together of texts, and of what."""
EXECUTES = {"text", "exec_driver_sql", "execute", "scalar", "scalars", "executemany", "DDL", "literal_column"}


@cache
def syntax() -> dict[str, Nodes]:
    """All of each module's syntax, walked once, and not by a process that only looks which tests there are."""
    return {name: list(ast.walk(ast.parse(text))) for name, text in TEXTS.items()}


def there(listed: dict[str, Said]) -> dict[str, Said]:
    """What is listed of modules that there are."""
    return {name: said for name, said in listed.items() if name in TEXTS}


def imported(nodes: Nodes) -> set[str]:
    """Every module that a module imports, by its whole name."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def called(nodes: Nodes) -> Iterator[tuple[str, ast.Call]]:
    """Every call, by the last part of what is called."""
    for node in nodes:
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            yield name, node


def named(nodes: Nodes) -> set[str]:
    """Every name and attribute."""
    return {node.id for node in nodes if isinstance(node, ast.Name)} | {
        node.attr for node in nodes if isinstance(node, ast.Attribute)
    }


def runs_text(nodes: Nodes) -> list[str]:
    """Calls that run what they are given as a program: `re.compile` is another thing."""
    return [name for name, node in called(nodes) if name in RUNS and isinstance(node.func, ast.Name)]


def put_together(nodes: Nodes) -> list[int]:
    """The lines on which a statement for the database is put together of texts."""

    def made(node: ast.expr) -> bool:
        if isinstance(node, ast.JoinedStr):
            return any(isinstance(part, ast.FormattedValue) for part in node.values)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
            return any(
                isinstance(part, ast.Constant) and isinstance(part.value, str) for part in (node.left, node.right)
            )
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"

    return sorted(
        {node.lineno for name, node in called(nodes) if name in EXECUTES and node.args and made(node.args[0])}
    )


def starts_programs(nodes: Nodes) -> bool:
    """Whether another program is started in any way."""
    system = {"system", "popen", "spawnl", "spawnv", "execv", "execve", "fork", "startfile"}
    by_os = [node for name, node in called(nodes) if name in system and ast.unparse(node.func).startswith("os.")]
    return bool(by_os) or bool(imported(nodes) & {"subprocess", "multiprocessing", "pexpect", "sh"})


def guesses(nodes: Nodes) -> bool:
    """Whether numbers are drawn that can be guessed: what guards something is made by `secrets`."""
    return bool(imported(nodes) & {"random", "numpy.random"} or "uuid1" in named(nodes))


BAD = """
import random, pickle, subprocess
from hashlib import md5
import requests
eval("1"); exec("x = 1")
session.execute(text(f"SELECT * FROM returns WHERE id = {number}"))
connection.exec_driver_sql("SELECT %s" % name)
session.execute("SELECT 1 FROM x WHERE y = {}".format(y))
subprocess.run("ls " + name, shell=True)
"""


def test_a_bad_module_is_seen() -> None:
    """Or finding nothing in ours would prove nothing."""
    nodes = list(ast.walk(ast.parse(BAD)))
    assert sorted(runs_text(nodes)) == ["eval", "exec"]
    assert put_together(nodes) == [6, 7, 8]
    assert starts_programs(nodes)
    assert guesses(nodes)
    assert {"pickle"} <= imported(nodes) & UNSAFE_MODULES
    assert {"requests"} <= imported(nodes) & REACHING
    assert imported(nodes) & {f"hashlib.{name}" for name in WEAK}


def test_nothing_that_was_typed_is_run() -> None:
    assert {name: found for name, nodes in syntax().items() if (found := runs_text(nodes))} == {}
    assert {name: found for name, nodes in syntax().items() if (found := imported(nodes) & UNSAFE_MODULES)} == there(
        LISTED
    )


def test_only_what_is_listed_starts_another_program_and_none_through_a_shell() -> None:
    assert {name for name, nodes in syntax().items() if starts_programs(nodes)} == set(there(STARTS))
    shells = [
        name
        for name, nodes in syntax().items()
        for _, node in called(nodes)
        for word in node.keywords
        if word.arg == "shell" and not (isinstance(word.value, ast.Constant) and word.value.value is False)
    ]
    assert shells == []


def test_no_statement_is_put_together_of_texts_but_of_our_own_names() -> None:
    found = {name: lines for name, nodes in syntax().items() if (lines := put_together(nodes))}
    assert {name: lines for name, lines in found.items() if not name.startswith(tuple(WRITTEN_STATEMENTS))} == {}


def test_no_weak_digest_and_no_number_that_can_be_guessed() -> None:
    assert {name: found for name, nodes in syntax().items() if (found := named(nodes) & WEAK)} == {}
    strings = {
        name: node.value
        for name, nodes in syntax().items()
        for node in nodes
        if isinstance(node, ast.Constant) and node.value in ("md5", "sha1")
    }
    assert strings == {}
    assert [name for name, nodes in syntax().items() if guesses(nodes)] == []


def test_only_what_is_listed_reaches_another_machine() -> None:
    assert {name: found for name, nodes in syntax().items() if (found := imported(nodes) & REACHING)} == there(REACHES)


def test_no_certificate_is_taken_unseen() -> None:
    """Nobody turns off what a library checks of the other side by itself."""
    lax = re.compile(r"verify\s*=\s*False|CERT_NONE|check_hostname\s*=\s*False|_create_unverified_context")
    assert [name for name in TEXTS if lax.search(TEXTS[name])] == []


def test_our_own_scripts_run_no_text_draw_no_markup_and_keep_nothing() -> None:
    """One of them puts a page of ours in the place of another, as the browser would: what is in it was escaped where it
    was drawn. What a tab tells the others is the hour at which the session ends."""
    runs = re.compile(
        r"\beval\(|new Function\(|document\.write|insertAdjacentHTML|outerHTML|set(Timeout|Interval)\(\s*['\"]"
    )
    assert [path.name for path in OWN_SCRIPTS if runs.search(path.read_text("utf-8"))] == []
    draws = {path.name: path.read_text("utf-8").count("innerHTML") for path in OWN_SCRIPTS}
    assert {name: count for name, count in draws.items() if count} == {"sending.js": 2}
    listens = re.compile(
        r"postMessage|[\"']message[\"']|importScripts|serviceWorker|indexedDB|sessionStorage|openDatabase"
    )
    assert [path.name for path in OWN_SCRIPTS if listens.search(path.read_text("utf-8"))] == []
    kept = {path.name: re.findall(r"localStorage\.setItem\(([^,]+)", path.read_text("utf-8")) for path in OWN_SCRIPTS}
    assert {name: keys for name, keys in kept.items() if keys} == {"portal.js": ["SHARED"]}


def test_no_part_of_a_page_is_kept_by_the_browser() -> None:
    """Dash would keep a Store's data, or what was typed, in the browser when it is asked to."""
    keeps = {"storage_type", "persistence", "persisted_props", "persistence_type"}
    found = {
        name: word.arg
        for name, nodes in syntax().items()
        for _, node in called(nodes)
        for word in node.keywords
        if word.arg in keeps and not (isinstance(word.value, ast.Constant) and word.value.value in ("memory", False))
    }
    assert found == {}


def test_no_link_opens_a_window_that_may_steer_ours() -> None:
    texts = TEXTS | {path.name: path.read_text("utf-8") for path in TEMPLATES if path.is_file()}
    blank = {name for name, text in texts.items() if re.search("[\"']_blank", text)}
    assert {name for name in blank if "noopener" not in texts[name]} == set()


def test_what_is_drawn_is_escaped_by_the_template_itself() -> None:
    """Jinja escapes in .html; nothing turns that off, and no template is made of what somebody typed."""
    off = re.compile(r"autoescape\s*(=\s*)?[Ff]alse|\|\s*safe\b|Markup\(|render_template_string|from_string\(")
    found = [path.name for path in TEMPLATES if path.suffix == ".html" and off.search(path.read_text("utf-8"))]
    modules = [name for name in TEXTS if off.search(TEXTS[name])]
    assert (found, {*modules}) == ([], {*DRAWS} & TEXTS.keys())


def test_fields_for_secrets_hide_them_and_take_what_a_manager_pastes() -> None:
    """And no form asks for a hint, or for what others may know."""
    fields = [
        (path.name, field)
        for path in TEMPLATES
        for field in re.findall(r"<input\b[^>]*>", path.read_text("utf-8"))
        if 'type="password"' in field or re.search(r'name="(password|old|new|again)"', field)
    ]
    assert len(fields) > 1
    assert [one for one in fields if 'type="password"' not in one[1] or "autocomplete=" not in one[1]] == []
    assert [one for one in fields if 'autocomplete="off"' in one[1] or "maxlength" in one[1]] == []
    stops = re.compile(r"onpaste|[\"']paste[\"']|secret question|password hint|mother.s maiden", re.IGNORECASE)
    texts = [*TEMPLATES, *OWN_SCRIPTS, *(ROOT / "portal/words").glob("*.py")]
    assert [path.name for path in texts if path.is_file() and stops.search(path.read_text("utf-8"))] == []
