"""Draw the house into var/map.svg: `make map`. A row is a storey, as the import contract in pyproject.toml has them from
the top down; a box a folder, with its modules and how many imports it has of each folder below."""

import tomllib
from collections import Counter
from html import escape
from math import log
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
PACKAGES = ("portal", "callbacks", "layouts", "models")
RULES = "models.rules"
WIDE, HIGH, GAP, LINE = 380, 46, 44, 18
STYLE = (
    "text{font:14px sans-serif;fill:#111}.name{font-weight:bold}rect{fill:#fff;stroke:#111}"
    "path{fill:none;stroke:#888;stroke-opacity:.4}"
)
Storeys = list[list[str]]
Imports = Counter[tuple[str, str]]


def storeys() -> Storeys:
    """The folders of each storey, the highest first; the rules lie below the tables."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [*([name.strip() for name in layer.split("|")] for layer in layers), [RULES]]


def imports(folders: list[str]) -> tuple[Counter[str], Imports]:
    """How many modules each folder has, and how many imports between each two."""
    graph = grimp.build_graph(*PACKAGES)
    place = {module: _folder(module, folders) for module in graph.modules}
    modules = Counter(folder for folder in place.values() if folder)
    between: Imports = Counter()
    for module, folder in place.items():
        for other in graph.find_modules_directly_imported_by(module):
            if folder and place[other] and place[other] != folder:
                between[folder, place[other]] += 1
    return modules, between


def _folder(module: str, folders: list[str]) -> str:
    """The folder that a module lies in; '' for none, as a package that only holds folders."""
    return max((one for one in folders if f"{module}.".startswith(f"{one}.")), key=len, default="")


def drawing(rows: Storeys, modules: Counter[str], between: Imports) -> str:
    """The house as SVG: lines first, so that the boxes lie on them."""
    lines, boxes, top, places = [], [], GAP, {}
    for row in rows:
        used = {name: sorted((n, b) for (a, b), n in between.items() if a == name)[::-1] for name in row}
        tall = HIGH + LINE * max(len(found) for found in used.values())
        for number, name in enumerate(row):
            left = GAP + number * (WIDE + GAP)
            places[name] = left, top, tall
            title = f"{name.replace('.', '/')}: {modules[name]} module{'s' * (modules[name] != 1)}"
            texts = [f"{n} imports of {other.replace('.', '/')}" for n, other in used[name]]
            boxes.append(f'<rect x="{left}" y="{top}" width="{WIDE}" height="{tall}"/>')
            for at, text in enumerate([title, *texts]):
                kind = ' class="name"' if at == 0 else ""
                boxes.append(f'<text x="{left + 12}" y="{top + 28 + LINE * at}"{kind}>{escape(text)}</text>')
        top += tall + GAP
    for (above, below), number in between.items():
        (left, y, tall), (right, under, _) = places[above], places[below]
        a, b, y, bend = left + WIDE - 40, right + WIDE - 40, y + tall, GAP * 2
        thick = 1 + log(number)
        lines.append(f'<path stroke-width="{thick:.1f}" d="M{a},{y} C{a},{y + bend} {b},{under - bend} {b},{under}"/>')
    wide = GAP + max(map(len, rows)) * (WIDE + GAP)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {top}" width="{wide}" height="{top}">'
    title = "<title>The house, storey by storey, with the imports of each folder</title>"
    return "\n".join([head, title, f"<style>{STYLE}</style>", *lines, *boxes, "</svg>"])


def main() -> None:
    """The drawing, and where it is."""
    rows = storeys()
    target = ROOT / "var" / "map.svg"
    target.parent.mkdir(exist_ok=True)
    target.write_text(drawing(rows, *imports([name for row in rows for name in row])), encoding="utf-8")
    print(f"Drawn: {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
