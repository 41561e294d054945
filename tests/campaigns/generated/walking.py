"""Every page, file and API answer of the first generated area, by the live app's own maps, as whoever may open it first."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any
from unittest import mock

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from models.agreement import Measure, Period
from models.people import Person
from models.returns import Return
from models.rules.codes import period_slug, slug
from models.rules.terms import Role, State
from portal.actor import OPERATOR, Actor
from portal.app import create_app
from portal.database import Database
from portal.policy import Action, may
from portal.records.people import actor_of
from portal.services import returns, review, sessions
from portal.services.gate import gate
from portal.services.publication import prepare, release
from portal.settings import Settings
from portal.viewmodels.returns import Typed
from portal.web.doors import access_of
from portal.web.drawn import DrawnPages
from portal.web.kept import KeptPages
from tests.support import wire

WHO = {
    Role.TEAM: "team",
    Role.LEAD: "police",
    Role.EXECUTIVE: "executive",
    Role.REVIEWER: "reviewer",
    Role.ADMIN: "admin",
    Role.CONTRIBUTOR: "police.contributor",
}
"""Who opens a page: the first of these who may."""
OF_SIDES = (Action.RETURN_READ, Action.RETURN_EDIT)
"""What a partner is shown otherwise than the team."""
NOT_WALKED = {
    "/packs/<int:number>.pdf": "no pack is generated",
    "/packs/<int:number>.docx": "no pack is generated",
    "/annual-review/<year>/self-assessment.docx": "no review is generated",
    "/annual-review/<year>/self-assessment.pdf": "no review is generated",
    "/returns/workbook/<int:number>": "no workbook is generated",
    "/returns/workbook/<int:number>.xlsx": "no workbook is generated",
    "/start": "it only leads on",
    "/sign-in/code": "nobody has half signed in",
    "/welcome/<token>": "no link is generated",
    "/sign-on/<key>/back": "no provider is generated",
    "/sign-on/<key>/left": "it only leads on",
    "/api": "it is no page",
}
API, RETURN, LISTED = "/api/", "<int:return_id>", "/api/v1/returns"


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing that is asked for: by whom ('' is the public), at which address, and how; of one return, in which state
    that is."""

    rule: str
    who: str
    address: str
    page: bool = False
    state: str = ""


class Walk:
    """An app over generated data, and what one area's people can ask for. It keeps no public pages: each is made anew."""

    def __init__(self, database: Database, area: int = 1) -> None:
        self.database, self.area = database, area
        self.key = f"area-{area:04}-laa"
        limits = {"api_token_limit": 10**6, "api_public_limit": 10**6}
        said = {
            "secret_key": "k" * 40,
            "today": database.clock.today(),
            "background": False,
            "second_factor": "offered",
            **limits,
        }
        self.app: Flask = create_app(Settings(**said), database)
        self._clients: dict[str, FlaskClient] = {}
        self._tokens: dict[str, str] = {}
        self._headers: dict[str, dict[str, str]] = {}
        self._look()
        nothing = {"_taken": lambda *_: None, "_share": lambda *_: None}
        self.looked = mock.patch.multiple(KeptPages, _present=lambda _self: ({}, ""), **nothing)

    def person(self, who: str) -> Actor:
        """The actor of one of the area's accounts."""
        with self.database.read(OPERATOR) as session:
            email = f"{who}@area-{self.area:04}.example"
            return actor_of(session.scalars(select(Person).where(Person.email == email)).one(), "127.0.0.1")

    def client(self, who: str) -> FlaskClient:
        """A client that is signed in as somebody, or as nobody."""
        if who not in self._clients:
            client, headers = self.signed_in(who) if who else (self.app.test_client(), {})
            self._clients[who], self._headers[who] = client, headers
        return self._clients[who]

    def signed_in(self, who: str) -> tuple[FlaskClient, dict[str, str]]:
        """Another browser of somebody's, and what it sends with every callback."""
        client = self.app.test_client()
        token = sessions.begin(self.database, self.person(who))
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
        return client, {"X-CSRFToken": wire.token(self.app, client)}

    def token(self, who: str) -> str:
        """An API token of somebody's."""
        if who not in self._tokens:
            self._tokens[who] = sessions.issue_token(self.database, OPERATOR, self.person(who).email)
        return self._tokens[who]

    def open(self, stop: Stop, *, anew: bool = True) -> TestResponse:
        """Ask for it as a browser, or a program, would; a page of the frame is drawn anew unless that is not wanted."""
        drawn = mock.patch.object(DrawnPages, "open", lambda pages, *asked: pages._pages.open(*asked))
        with self.looked, drawn if anew else nullcontext():
            return self._open(stop)

    def _open(self, stop: Stop) -> TestResponse:
        if stop.page:
            path, _, search = stop.address.partition("?")
            values = {"address.pathname": path, "address.search": search and f"?{search}", "agreement-shown": self.key}
            sent = wire.body(self.app, "open_page", values)
            client = self.client(stop.who)
            return client.post(wire.ADDRESS, json=sent, headers=self._headers[stop.who])
        if stop.rule.startswith(API) and stop.who:
            headers = {"Authorization": f"Bearer {self.token(stop.who)}"}
            return self.client("").get(stop.address, headers=headers)
        return self.client(stop.who).get(stop.address)

    def stops(self) -> Iterator[Stop]:
        """All of them, once each; a page of one return with a return in each state."""
        people = {role: self.person(who) for role, who in WHO.items()}
        for rule, page in self.app.extensions["portal"]["pages"].pages.items():
            for who in self._who(people, page.access):
                for address, state in self._addresses(rule):
                    yield Stop(rule, who, address, True, state)
        pages = {f"page:{rule}" for rule in self.app.extensions["portal"]["pages"].pages}
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda one: one.rule):
            dash = (
                rule.rule.startswith("/_") or "<path:" in rule.rule or rule.endpoint in pages or rule.rule in NOT_WALKED
            )
            if dash or "GET" not in (rule.methods or ()):
                continue
            access = access_of(self.app, rule)
            public = access in (Action.SITE_OPEN, Action.EDITION_READ, Action.AGREEMENT_READ)
            for who in [""] if public else self._who(people, access):
                for address, state in self._addresses(rule.rule):
                    more = f"&period={self.values['<period>']}" if rule.rule == LISTED else ""
                    yield Stop(rule.rule, who, f"{address}?agreement={self.key}{more}", False, state)

    def _who(self, people: dict[Role, Actor], access: Action) -> list[str]:
        found = [WHO[role] for role, actor in people.items() if may(actor, access)] or [""]
        return found[:2] if access in OF_SIDES else found[:1]

    def _addresses(self, rule: str) -> list[tuple[str, str]]:
        address = rule.replace("<int:number>", str(self.admin) if rule.startswith("/people") else "1")
        for name, value in self.values.items():
            address = address.replace(name, value)
        if RETURN in address:
            return [(address.replace(RETURN, str(number)), state) for state, number in self.returns.items()]
        assert "<" not in address, f"{rule}: say in Walk what its parameter is to be"
        return [(address, "")]

    def _look(self) -> None:
        """Find what addresses name: people, a period, a measure, and a return in each state."""
        with self.database.read(OPERATOR) as session:
            admin = session.scalars(select(Person).where(Person.email == f"admin@area-{self.area:04}.example")).one()
            of = select(Period).where(Period.agreement_id == admin.agreement_id)
            opened = session.scalars(of.where(Period.opened_at.is_not(None)).order_by(Period.ends_on.desc())).first()
            assert opened is not None
            led = select(Return.id).join(Person, Person.organisation_id == Return.organisation_id)
            led = led.where(Person.email == f"{WHO[Role.LEAD]}@area-{self.area:04}.example").order_by(Return.id.desc())
            found = {state.value: session.scalar(led.where(Return.state == state).limit(1)) for state in State}
            code = session.scalars(
                select(Measure.code).join(Return).where(Return.period_id == opened.id, Return.state == State.VERIFIED)
            ).first()
        self.admin = admin.id
        self.returns = {state: number for state, number in found.items() if number is not None}
        self.values = {
            "<key>": "safer",
            "<year>": "2008-09",
            "<period>": period_slug(opened.key),
            "<code>": slug(code or "NI 2"),
            "<measure>": slug(code or "NI 2"),
            "<role>": "lead",
        }


def life(walk: Walk) -> Iterator[tuple[str, Callable[[], object]]]:
    """A return from its draft into an edition: each step with its name, to be done before the next is asked for."""
    database, team, other = walk.database, walk.person("team"), walk.person("team2")
    number = walk.returns.get("draft") or walk.returns["not_started"]
    lead, typed = walk.person("police"), Typed(value="5", commentary="More.")
    yield "save a draft", lambda: returns.save(database, lead, number, None, typed)
    yield "submit it", lambda: returns.submit(database, lead, number, None)
    yield "verify it", lambda: review.verify(database, team, number, None)
    found = gate(database, team)
    yield "prepare an edition", lambda: prepare(database, team, walk.values["<period>"], found.digest, "")
    made = gate(database, other).prepared
    assert made is not None
    yield "release it", lambda: release(database, other, made.id, made.version)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What the database has been asked meanwhile, statement by statement, once it is over."""
    seen: list[str] = []
    with asked(database) as found:
        yield seen
    seen += [statement for statement, _ in found]


@contextmanager
def asked(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """What the database is asked meanwhile, each statement with its values."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "(SELECT")):
            seen.append((statement, values))

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)
