"""The manners of a page in a browser: what axe finds, one heading, a title, and no scrolling sideways."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"target-size": {"enabled": True}},  # of WCAG 2.2, but axe leaves it out unless asked
    "resultTypes": ["violations"],
}
"""Everything of WCAG 2.0 to 2.2, A and AA, that a machine can find, and what is good practice beside it."""
SEEN = {
    "runOnly": ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"],
    "resultTypes": ["violations"],
}
"""What of it may be otherwise when only colours and width change."""
NARROW = 320
ALL = {f"{scheme}, {width} px": (scheme, width) for scheme in ("light", "dark") for width in (1280, 390)}
SOME = {"light, 1280 px": ("light", 1280), "dark, 320 px": ("dark", NARROW)}
"""In which colours and widths a page is looked at."""
ONE_OF_EACH_LOOK = """async rules => {
    const looks = ["color", "backgroundColor", "backgroundImage", "opacity", "filter", "mixBlendMode", "fontSize",
                   "fontWeight", "textShadow", "float"];
    const known = new Map([[null, ""]]), alike = new Map(), wrong = [];
    let places = 0;
    function look(element) {
        if (!known.has(element)) {
            const style = getComputedStyle(element);
            const own = style.position === "static" ? looks.map(name => style[name]).join() : `place ${places++}`;
            known.set(element, `${look(element.parentElement)} / ${own}`);
        }
        return known.get(element);
    }
    async function decided(asked, rules) {
        for (const element of document.querySelectorAll("[data-look]")) element.removeAttribute("data-look");
        for (const element of asked) element.setAttribute("data-look", "");
        const found = await axe.run(document, {...rules, resultTypes: undefined, elementRef: true, selectors: false});
        wrong.push(...found.violations);
        const said = [...found.passes, ...found.violations].filter(rule => rule.id === "color-contrast");
        return new Set(said.flatMap(rule => rule.nodes.map(node => node.element)));
    }
    axe.configure({rules: [{id: "color-contrast", selector: "[data-look]"}]});
    for (const element of document.body.querySelectorAll("*")) {
        if ([...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()))
            alike.set(look(element), [...(alike.get(look(element)) ?? []), element]);
    }
    const groups = [...alike.values()], fields = document.querySelectorAll("input, select, textarea");
    const done = await decided([...groups.map(group => group[0]), ...fields], rules);
    const others = groups.filter(group => !done.has(group[0])).flatMap(group => group.slice(1));
    if (others.length) await decided(others, {runOnly: ["color-contrast"]});
    return {violations: wrong.map(({id, nodes}) => ({id, nodes: nodes.map(({html}) => ({html}))}))};
}"""
"""Has axe look for all that the rules say, but for the contrast of one text of each look: its own colours, size and
weight, and those of all that it stands in. Of a table's 58 rows that is one or two; to ask for all was half of what axe
did. Where axe cannot tell of that one (it is hidden, or covered, or a single letter) it is asked for all the others.
What is out of the flow may lie over anything: it has a look of its own, and so has all that is in it."""


def show(page: Page, scheme: str, width: int) -> None:
    """Show the open page in another colour scheme and width, without loading it again."""
    # Without motion nothing is caught half way from one colour to the other.
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def by_axe(page: Page, rules: dict[str, Any] = RULES, *, every: bool = False) -> list[str]:
    """What axe finds on the page as it is shown now; with `every` the contrast of every text, else of one of each
    look."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: Any = page.evaluate("rules => axe.run(document, rules)" if every else ONE_OF_EACH_LOOK, rules)
    return [f"{one['id']}: {[node['html'][:200] for node in one['nodes']]}" for one in found["violations"]]


def sideways(page: Page) -> list[str]:
    """Whether the page is wider than its window, and what sticks out."""
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"scrolls sideways by {wider} px"] if wider > 0 else []


def by_structure(page: Page) -> list[str]:
    """One first heading, and a title that says something."""
    headings = page.locator("h1").count()
    found = [] if headings == 1 else [f"{headings} first headings"]
    return found if page.title().strip() not in ("", "Dash") else [*found, "no title"]


def complaints(page: Page, shown: dict[str, tuple[str, int]], *, every: bool = False) -> list[str]:
    """Everything that is wrong with the open page: by axe in each of these schemes and widths, and sideways in them
    and at 320 px. With `every` axe looks for everything in each of them and at every text; else in all but the first
    only for what may be otherwise there."""
    found = by_structure(page)
    for place, (name, (scheme, width)) in enumerate(shown.items()):
        show(page, scheme, width)
        rules = RULES if every or not place else SEEN
        found += [f"{name}: {one}" for one in (*by_axe(page, rules, every=every), *sideways(page))]
    if NARROW not in {width for _, width in shown.values()}:
        show(page, "light", NARROW)
        found += [f"{NARROW} px: {one}" for one in sideways(page)]
    return found
