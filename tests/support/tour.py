"""Every page of the live app, by its own page map, with each account that may open it: for looking at all of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask import Flask

from models.rules.terms import Role
from portal.actor import Actor
from portal.errors import PortalError
from portal.policy import Action, may
from portal.web.doors import access_of
from portal.web.pages import Pages
from tests.conftest import person
from tests.house.test_access_matrix import VALUES
from tests.support.accounts import ACCOUNTS
from tests.support.worlds import ROWS

RETURN = "<int:return_id>"
NO_PAGE = (".csv", ".json", ".xlsx", ".docx", ".pdf", ".txt", ".atom", "/healthz", "/readyz", "/api", "/_", "/start")
NO_PAGE += ("/session", "/back", "/left", "/sign-in/code", "/welcome/<token>")
"""How addresses begin or end behind which there is nothing to look at."""
MORE = (
    ("", "/no/such/page"),
    ("police", "/password"),
    ("police", "/sign-out"),
    ("police", "/sessions"),
    ("police.contributor", "/reminders"),
    ("police", "/second-step"),
    ("admin", "/people/invite"),
    ("admin", "/people/1/sign-in"),
    ("police", "/returns/workbook"),
    ("police", "/returns/workbook/1"),
    ("lcc", "/returns/29"),
    ("lcc", "/returns/7"),
    ("team", "/periods/2008-09-q4"),
    ("executive", "/themes/talking-up"),
    ("executive", "/themes/health?period=2008-09-q3"),
    ("executive", "/themes?group=designated&rating=worse"),
    ("executive", "/themes/safer?at=2009-01-20"),
    ("executive", "/exceptions?month=2008-09"),
    ("executive", "/money?at=2009-01-19"),
    ("executive", "/proposals?outcome=33"),
    ("team", "/proposals?proposal=3"),
    ("team", "/reminders/sent?show=failed"),
)
"""What the page map does not name: pages that look otherwise than with the values of the tests, and no page at all."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One page that is looked at: by whom ('' is the public), at which address."""

    rule: str
    who: str
    address: str


def public_stops(app: Flask) -> list[Stop]:
    """The pages that everybody may read."""
    found = {}  # Dash has a rule of its own for '/', behind ours
    signed_in = {f"page:{rule}" for rule in app.extensions["portal"]["pages"].pages}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        no_page = rule.rule.startswith(NO_PAGE) or rule.rule.endswith(NO_PAGE)
        if rule.endpoint in signed_in or no_page or "GET" not in (rule.methods or ()) or "<path:" in rule.rule:
            continue
        if access_of(app, rule) in (Action.SITE_OPEN, Action.EDITION_READ, Action.AGREEMENT_READ):
            found[rule.rule] = Stop(rule.rule, "", _addresses(rule.rule.replace("<int:number>", "1"), {})[0])
    return list(found.values())


def signed_in_stops(
    app: Flask, numbers: Mapping[str, int], roles: Iterable[Role] = ACCOUNTS, *, once: bool = False
) -> Iterator[Stop]:
    """The signed-in pages with everybody who may open them, or only with the first who may. A page of one return is
    looked at with a return in each state: `numbers` by state."""
    portal = app.extensions["portal"]
    people = {role: person(portal["database"], ACCOUNTS[role]) for role in roles}
    for rule, page in portal["pages"].pages.items():
        for address in _addresses(rule, numbers):
            for role, actor in people.items():
                if may(actor, page.access) and (RETURN not in rule or _opens(portal["pages"], actor, address)):
                    yield Stop(rule, ACCOUNTS[role], address)
                    if once:
                        break


def _opens(pages: Pages, actor: Actor, address: str) -> bool:
    """Whether a return is this person's to read: the page's door alone does not say so."""
    try:
        pages.open(actor, address)
    except PortalError:
        return False
    return True


def more_stops() -> Iterator[Stop]:
    """The other addresses that are worth a look."""
    for who, address in MORE:
        yield Stop("", who, address)


def _addresses(rule: str, numbers: Mapping[str, int]) -> list[str]:
    """A page's addresses, its parameters filled with the values that the tests of all doors have for them."""
    address = rule
    for name, value in VALUES.items():
        address = address.replace(name, value)
    found = [address]
    if RETURN in address:
        shown = {numbers[state]: None for state in (*ROWS, "signed up", "judged")}
        found = [address.replace(RETURN, str(number)) for number in shown]
    assert "<" not in found[0], f"{rule}: give its parameter a value in VALUES of tests/house/test_access_matrix.py"
    return found
