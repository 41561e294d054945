"""The tables of the documents that are made of the code and the locks: which components there are, and who may do what."""

import re
from pathlib import Path

import dash

from portal.policy import GRANTS, WITHIN, Action
from portal.words import ROLE

ROOT = Path(__file__).parents[2]
BEGIN, END = "<!-- made by `make tables` -->", "<!-- the end of what is made -->"
PIN = re.compile(r"^([a-z0-9_.-]+)==([^\s;\\]+)", re.MULTILINE)


def pins(lock: str = "run") -> dict[str, str]:
    """The libraries of a lock with their versions."""
    return dict(PIN.findall((ROOT / f"requirements/{lock}.lock").read_text("utf-8")))


def browser_parts() -> dict[str, str]:
    """What runs or draws in a browser and is not ours, with its version, read out of the files that are served."""
    deps = Path(dash.__file__).parent / "deps"
    newest = max(deps.glob("react@*.min.js"), key=lambda path: version(path.name.split("@")[1]))
    plotly = (ROOT / "assets/plotly-basic.min.js").read_text("utf-8")[:300]
    bootstrap = (ROOT / "assets/bootstrap.min.css").read_text("utf-8")[:300]
    return {
        "plotly.js": found(r"\bv([\d.]+\d)", plotly),
        "Bootstrap's style sheet": found(r"Bootstrap\s+v([\d.]+\d)", bootstrap),
        "React": newest.name.split("@")[1].removesuffix(".min.js"),
    }


def found(pattern: str, text: str) -> str:
    """What a pattern finds; AssertionError when it finds nothing."""
    match = re.search(pattern, text)
    assert match, pattern
    return match[1]


def version(text: str) -> tuple[int, ...]:
    """A version as numbers that can be compared: '3.1.10' comes after '3.1.9'."""
    return tuple(int(part) for part in re.findall(r"\d+", text.partition("+")[0]))


def components() -> str:
    """Every part that the portal is run with and that is not its own."""
    rows = [f"| {name} | {number} | `requirements/run.lock` |" for name, number in pins().items()]
    rows += [
        f"| {name} | {number} | served to browsers, from the portal itself |"
        for name, number in browser_parts().items()
    ]
    return "\n".join(("| part | version | where it comes from |", "| --- | --- | --- |", *rows))


def policy() -> str:
    """Every action, and which roles hold it."""
    roles = [ROLE[role] if role else "public" for role in GRANTS]
    scopes = [scope for scope in WITHIN if scope]
    head = ["action", *roles, *(f"token: {scope}" for scope in scopes)]
    rows = [["---"] * len(head)]
    for action in Action:
        held = ["yes" if action in granted else "" for granted in GRANTS.values()]
        left = ["yes" if action in WITHIN[scope] else "" for scope in scopes]
        rows.append([f"`{action}`", *held, *left])
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, *rows))


MADE = {"docs/components.md": components, "docs/who-may-do-what.md": policy}
"""The documents that hold a table that is made, and what makes it."""


def made_part(text: str) -> str:
    """What stands between the marks in a document."""
    return text.partition(BEGIN)[2].partition(END)[0].strip("\n")


def with_table(text: str, table: str) -> str:
    """A document with the table between its marks."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}"
