"""Take pictures of every page, for whoever may open it, and those of the help: `make pictures`.

The first are for looking at, in var/pictures/index.html: desktop and telephone, light and dark. Those of the help go to
assets/help/ with a digest of what they say; tests/journeys/test_help.py fails when the pages say something else.
"""

import base64
import json
import shutil
import sys
from collections import defaultdict
from html import escape
from pathlib import Path
from typing import Any

from playwright.sync_api import FloatRect, Page

from tests.campaigns.demonstration import Demonstration, demonstration
from tests.journeys.conftest import settled
from tests.support.help_pictures import SHOTS, Shot, digest
from tests.support.manners import ALL, show
from tests.support.tour import Stop, more_stops, public_stops, signed_in_stops

ROOT = Path(__file__).parents[2]
SHEET, HELP = ROOT / "var" / "pictures", ROOT / "assets" / "help"
SHARPER, QUALITY, MARGIN = 1.5, 60, 12
STYLE = """
body { font-family: sans-serif }
img { width: 20rem; height: 24rem; object-fit: cover; object-position: top; border: 1px solid; margin: .25rem }
img.narrow { width: 8rem }
"""


def main() -> None:
    """All of them; only the help's with the argument 'help'."""
    with demonstration() as shown:
        take_help(shown)
        if sys.argv[1:] != ["help"]:
            take_all(shown)


def take_help(shown: Demonstration) -> None:
    """Write the help's pictures and their list."""
    HELP.mkdir(exist_ok=True)
    taken: dict[str, dict[str, Any]] = {}
    by_person = defaultdict(list)
    for key, shot in SHOTS.items():
        by_person[shot.who].append((key, shot))
    for who, shots in by_person.items():
        with shown.page(who, sharper=SHARPER) as page:
            for key, shot in shots:
                page.set_viewport_size({"width": shot.width, "height": 900})
                settled(page, shot.path(shown.world.numbers))
                clip = _part(page, shot)
                (HELP / f"{key}.webp").write_bytes(_webp(page, clip))
                size = {"width": round(clip["width"]), "height": round(clip["height"])}
                taken[key] = {"says": digest(page, shot), **size}
    (HELP / "pictures.json").write_text(json.dumps(taken, indent=1, sort_keys=True) + "\n", "utf-8")
    weight = sum(path.stat().st_size for path in HELP.glob("*.webp"))
    print(f"{len(taken)} pictures of the help, {weight / 1000:.0f} kB: {HELP}")


def _part(page: Page, shot: Shot) -> FloatRect:
    """What is cut out of the page: all that the shot names and a little around it."""
    boxes = [box for each in page.locator(shot.selector).all() if (box := each.bounding_box())]
    left, top = min(box["x"] for box in boxes), min(box["y"] for box in boxes)
    right, bottom = max(box["x"] + box["width"] for box in boxes), max(box["y"] + box["height"] for box in boxes)
    left, right = max(0, left - MARGIN), min(shot.width, right + MARGIN)
    return {"x": left, "y": top - MARGIN, "width": right - left, "height": bottom - top + 2 * MARGIN}


def _webp(page: Page, clip: FloatRect) -> bytes:
    """A picture as WebP, which Chromium makes and playwright does not offer."""
    asked = {"format": "webp", "quality": QUALITY, "clip": {**clip, "scale": 1}, "captureBeyondViewport": True}
    return base64.b64decode(page.context.new_cdp_session(page).send("Page.captureScreenshot", asked)["data"])


def take_all(shown: Demonstration) -> None:
    """Write a picture of every page, for whoever may open it, in every width and scheme, and a sheet of them all."""
    shutil.rmtree(SHEET, ignore_errors=True)
    SHEET.mkdir(parents=True)
    app, numbers = shown.world.app, shown.world.numbers
    stops = [*public_stops(app), *signed_in_stops(app, numbers), *more_stops()]
    files: dict[Stop, list[str]] = {}
    for who in dict.fromkeys(stop.who for stop in stops):
        with shown.page(who) as page:
            for stop in (stop for stop in stops if stop.who == who):
                settled(page, stop.address)
                files[stop] = [_picture(page, len(files), name, *how) for name, how in ALL.items()]
        print(f"{who or 'the public'}: done", flush=True)
    (SHEET / "index.html").write_text(_sheet({stop: files[stop] for stop in stops}), "utf-8")
    print(f"{sum(map(len, files.values()))} pictures: {SHEET / 'index.html'}")


def _picture(page: Page, number: int, name: str, scheme: str, width: int) -> str:
    show(page, scheme, width)
    file = f"{number:03}-{scheme}-{width}.png"
    page.screenshot(path=SHEET / file, full_page=True)
    return file


def _kind(name: str) -> str:
    return "narrow" if "-390" in name else "wide"


def _sheet(files: dict[Stop, list[str]]) -> str:
    rows = []
    for stop, names in files.items():
        pictures = "".join(
            f'<a href="{n}"><img loading="lazy" src="{n}" alt="{n}" class="{_kind(n)}"></a>' for n in names
        )
        rows.append(f"<h2>{escape(stop.address)} <small>{stop.who or 'the public'}</small></h2><p>{pictures}</p>")
    head = f'<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Every page</title><style>{STYLE}</style>'
    return f"{head}<h1>Every page, for whoever may open it: {', '.join(ALL)}</h1>{''.join(rows)}</html>"


if __name__ == "__main__":
    main()
