"""Nothing that is not published leaks: every address that a visitor may open, found in the app's own map and by every
link from there, by every method, with its headers and its errors, holds no canary of tests/support/canaries.py."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from models.rules.packs import Asked, PackForm, about_of
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.policy import EVERYONE
from portal.web.doors import access_of
from portal.work.briefing import written
from tests.conftest import TODAY, person, settings, sign_in
from tests.support import canaries, wire
from tests.support.areas import LEICESTER

NUMBERS = ("1", "2", "3", "4")
NAMES = ("ni-16", "ni-126", "ni-20", "safer", "2008-09-q3", "2008-09-q2", "2008-09", "no-such")
"""What stands for any part of an address, whatever it is called, so that a new one is tried without being told of."""
ASKS = (
    f"agreement={LEICESTER}",
    "agreement=no-such",
    "at=2009-01-20&period=2008-09-q3&edition=3&theme=safer&indicator=ni-16&lead=leicestershire-constabulary",
)
METHODS = ("HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
NOWHERE = {"/api", "/api/<path:path>", "/<path:path>"}
NOWHERE |= {"/welcome/<token>", "/sign-on/<key>/back"}  # which only who has a link, or comes from a provider, gets to
LINK = re.compile(r"""(?:href|src|"url"|"href")\s*[=:]\s*["']([^"'<>\s]+)|<(/[^<>\s]*)>;\s*rel""")
LINKING = ("text/html", "application/atom+xml", "application/xml", "application/json", "application/csvm+json")
MOST = 3_000


class Crawl:
    """A visitor who tries everything, and notes which routes were opened and what was found where."""

    def __init__(self, app: Flask) -> None:
        self.app, self.client = app, app.test_client()
        self.seen: set[str] = set()
        self.opened: set[str] = set()
        self.leaks: list[tuple[str, str, list[str]]] = []
        self.answers = 0

    def follow(self, start: list[str]) -> None:
        """Every address once, and what it links to."""
        waiting = list(start)
        while waiting:
            address = waiting.pop()
            if address in self.seen:
                continue
            self.seen.add(address)
            assert len(self.seen) < MOST, "the crawl does not end"
            waiting += self.visit(address)

    def visit(self, address: str) -> list[str]:
        answer = self.look("GET", address, self.client.get(address))
        if answer.status_code < 400:
            self.opened.add(self.rule(address))
        for method in METHODS if "?" not in address else ():
            self.look(method, address, self.client.open(address, method=method))
        return [*self.links(address, answer), *self.asked(address, answer)]

    def look(self, method: str, address: str, answer: TestResponse) -> TestResponse:
        self.answers += 1
        said = f"{answer.headers}\n{canaries.text_of(answer.content_type or '', answer.data)}"
        if found := canaries.found_in(said):
            self.leaks.append((method, address, found))
        assert answer.status_code < 500, f"{method} {address}"
        return answer

    def links(self, address: str, answer: TestResponse) -> list[str]:
        text = str(answer.headers)
        if answer.mimetype in LINKING:
            text += answer.get_data(as_text=True)
        where = [urljoin(address, one or two) for one, two in LINK.findall(text.replace("&amp;", "&"))]
        if "Location" in answer.headers:
            where.append(urljoin(address, answer.headers["Location"]))
        split = [urlsplit(one) for one in where]
        return [one._replace(fragment="").geturl() for one in split if not one.scheme and not one.netloc and one.path]

    def asked(self, address: str, answer: TestResponse) -> list[str]:
        """The same address with what addresses may ask for, where there is something at all."""
        plain = "?" not in address and not address.startswith(("/assets/", "/_dash-component-suites/"))
        return [f"{address}?{asks}" for asks in ASKS] if plain and answer.status_code == 200 else []

    def rule(self, address: str) -> str:
        rule, _ = self.app.url_map.bind("localhost").match(urlsplit(address).path, return_rule=True)
        return str(rule.rule)


def everybodys(app: Flask) -> list[Rule]:
    """The routes that can be read and need no more than everybody may."""
    pages = app.extensions["portal"]["pages"].pages
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and (pages[rule.rule].access if rule.rule in pages else access_of(app, rule)) in EVERYONE
    ]


def addresses(rule: Rule) -> Iterator[str]:
    """A rule with its parts filled in every way."""
    parts = re.split(r"<(?:([^:<>]+):)?[^<>]+>", rule.rule)
    literal, kinds = parts[::2], parts[1::2]
    for values in product(*(NUMBERS if (kind or "").startswith("int") else NAMES for kind in kinds)):
        yield "".join(f"{text}{value}" for text, value in zip(literal, (*values, ""), strict=True))


@pytest.fixture(scope="module")
def app(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    path = tmp_path_factory.mktemp("leaks") / "portal.sqlite"
    shutil.copy(sqlite_demo, path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    canaries.fill(database)
    yield create_app(settings(), database)
    database.dispose()


@pytest.fixture(scope="module")
def crawl(app: Flask) -> Crawl:
    """What a visitor finds from every route of the app on, the closed ones too: their refusals are answers as well."""
    crawl = Crawl(app)
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    crawl.follow([address for rule in rules for address in addresses(rule)])
    return crawl


def test_every_canary_is_in_the_database(app: Flask) -> None:
    found = canaries.in_database(app.extensions["portal"]["database"])
    assert set(canaries.EVERY) - set(found) == set()


def test_a_canary_would_be_seen_by_who_may_read_it(app: Flask) -> None:
    """The same way of looking finds them on the pages of those who may."""
    client, seen = sign_in(app, "team"), set()
    for path in ("/review", "/publish", "/returns/14", "/agreement/refresh", "/audit", "/indicators/ni-16"):
        sent = wire.body(app, "open_page", {"address.pathname": path, "address.search": ""})
        seen |= set(canaries.found_in(wire.post(app, client, sent).get_data(as_text=True)))
    assert len(seen) > 8


def test_no_address_that_a_visitor_can_reach_holds_a_canary(crawl: Crawl) -> None:
    assert crawl.answers > 1_000
    assert crawl.leaks == []


def test_every_route_for_everybody_was_opened(app: Flask, crawl: Crawl) -> None:
    """So a new one is looked at as soon as it is there."""
    missed = [rule.rule for rule in everybodys(app) if rule.rule not in crawl.opened | NOWHERE]
    assert missed == []


def test_the_crawl_saw_what_is_published(app: Flask, crawl: Crawl) -> None:
    """Edition 2 is there in every form, with what is suppressed in it as that and no more."""
    for path in ("/editions/2.csv", "/editions/2.json", "/editions/2.xlsx", "/editions/2.pdf", "/api/v1/editions/2"):
        assert path in crawl.seen
    rows = [line for line in app.test_client().get("/editions/2.csv").text.splitlines() if ",NI 20," in line]
    assert [("[c]" in line, "2008/09 Q3" in line) for line in rows] == [(False, False), (True, True)]
    assert app.test_client().get("/editions/3.csv").status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/explore", "/returns", "/returns/14", "/indicators/ni-16", "/themes/safer", "/no"]
)
def test_no_callback_that_everybody_may_call_tells_a_canary(app: Flask, path: str) -> None:
    doors = app.extensions["portal"]["callbacks"].doors.values()
    client, open_to_all = app.test_client(), [door.name for door in doors if door.access in EVERYONE]
    assert open_to_all == ["open_page"]
    for name, search in product(open_to_all, ("", *(f"?{asks}" for asks in ASKS))):
        sent = wire.body(app, name, {"address.pathname": path, "address.search": search})
        answer = wire.post(app, client, sent)
        assert answer.status_code in (200, 401)
        assert canaries.found_in(f"{answer.headers}{answer.get_data(as_text=True)}") == []


IN_PACKS = {
    *("an embargoed figure", "a suppressed figure", "embargoed-commentary", "suppressed-commentary"),
    *("published-commentary", "event"),
}
"""What is verified, or on record for everybody of the partnership: it may stand in a pack of who leads it, of the
executive and of a theme."""
PACKS = {
    "executive": ("executive", "an embargoed figure"),
    "theme:safer": ("executive", "an embargoed figure"),
    "partner:police": ("team", "an embargoed figure"),
    "partner:nhs": ("nhs", ""),
    "partner:lcc": ("lcc", "suppressed-commentary"),
}


@pytest.mark.parametrize("about", PACKS)
def test_no_pack_holds_what_its_readers_may_not_read(app: Flask, about: str) -> None:
    """Drafts, what is typed, submitted, asked and answered is in none of them, whoever's it is; and of other partners a
    partner's pack has nothing."""
    database: Database = app.extensions["portal"]["database"]
    who, sees = PACKS[about]
    found = about_of(about)
    assert found is not None
    files = written(database, person(database, who), Asked(*found, "2008-09-q3", tuple(PackForm)))
    for form, content in files.items():
        text = canaries.text_of("", content)
        seen = set(canaries.found_in(text))
        assert seen <= IN_PACKS, form
        if sees:
            assert sees in seen, form
        else:  # all that it leads is as it should be, and so nobody's words are in it
            assert (seen, "NI 126" in text) == (set(), True)


def test_what_waits_for_its_hour_is_there_when_the_hour_comes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The canary was not only hidden well: it is the very thing that will be published. The last test of this file."""
    now = datetime.now(UTC) + canaries.EMBARGOED + timedelta(days=1)
    monkeypatch.setattr(Clock, "now", lambda _clock: now)
    answer = app.test_client().get("/editions/3.json")
    assert "an embargoed figure" in canaries.found_in(answer.text)
