"""The simulated people of the soak: what each of them does, one visit after the other, and what they saw of it."""

import random
import threading
import time
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from models.rules.terms import Role
from portal.policy import Action
from tests.support.renderer import Tab

CONFLICTS = {409, 412}
REOPENED = (404, "challenge")
"""What the executive is told of a return that was given back meanwhile: it reads verified ones alone."""
LISTS = {Role.TEAM: "/review", Role.EXECUTIVE: "/themes"}
"""Where somebody goes who was told that another was faster; everybody else to the own returns."""
FILES = (".csv", ".docx", ".pdf", ".xlsx", ".json", ".atom", ".txt", ".csv-metadata.json")
NOT_FOLLOWED = ("/sign-out", "/sign-in", "/start", "/password", "/sessions", "/second-step", "/people/invite", "/api/")
PUBLIC = ("/", "/", "/", "/editions", "/editions/1", "/history", "/how-we-rate", "/memorandum", "/editions/1.csv")
BESIDE = ("/editions", "/agreements", "/memorandum", "/accessibility", "/cookies", "/returns/workbook")
"""How the addresses begin of what is no page of the frame."""
PUBLIC_API = ("/api/v1/scorecard", "/api/v1/editions", "/api/v1/editions/1", "/api/v1/scorecard.csv")
SAYS = ("Patrols in the west.", "Two surveys came late.", "As the quarter before.", "Fewer calls in the evenings.")


@dataclass
class Tally:
    """What all of them saw together."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    unexpected: Counter[str] = field(default_factory=Counter)
    conflicts: Counter[str] = field(default_factory=Counter)
    gone: int = 0
    acknowledged: Counter[str] = field(default_factory=Counter)

    def seen(self, kind: str, status: int, seconds: float) -> None:
        """One request."""
        with self.lock:
            self.statuses[status] += 1
            insort(self.seconds[kind], seconds)
            if status in CONFLICTS or (status, kind) == REOPENED:
                self.conflicts[f"{status} {kind}"] += 1
            elif status == 0 or status >= 400:
                self._note(f"{status or 'no answer'} {kind}")

    def wrong(self, said: str) -> None:
        """Something that no person should have seen."""
        with self.lock:
            self._note(said)

    def _note(self, said: str) -> None:
        if said not in self.unexpected:
            print(f"WRONG: {said}", flush=True)
        self.unexpected[said] += 1

    def done(self, action: str) -> None:
        """A change that the portal has said is made."""
        with self.lock:
            self.acknowledged[action] += 1

    def stale(self, kind: str) -> None:
        """An edit that another one was before, as the page said."""
        with self.lock:
            self.conflicts[f"stale {kind}"] += 1

    def missed(self) -> None:
        """A return that was withdrawn or reopened between the list and the click."""
        with self.lock:
            self.gone += 1


@dataclass(frozen=True)
class Who:
    """One simulated person: no e-mail address is the public's, a token makes it a program."""

    name: str
    email: str = ""
    password: str = ""
    role: Role | None = None
    organisation: str = ""
    token: str = ""


class Simulated:
    """One person with a browser, who goes on until told to stop."""

    def __init__(self, who: Who, base: str, tally: Tally, stop: threading.Event, pace: float) -> None:
        self.who, self.base, self.tally, self.stop, self.pace = who, base, tally, stop, pace
        self.chance = random.Random(who.name)
        self.tab = Tab(base, tally.seen)

    def live(self, ramp: float) -> None:
        """Arrive within `ramp` seconds, and visit the portal until it is time to stop."""
        self.stop.wait(self.chance.uniform(0, ramp))
        while not self.stop.is_set():
            try:
                self.visit()
            except Exception as error:  # a page that is not as a page is: said, and the next visit begins
                self.tally.wrong(
                    f"{type(error).__name__} in the visit of {self.who.role or 'the public'}: {error}"[:200]
                )
                self.think()
        self.tab.close()

    def think(self) -> bool:
        """Read, and let go of the connections meanwhile; whether there is time for more."""
        self.tab.close()
        seconds = min(self.chance.expovariate(1 / self.pace), 4 * self.pace)
        return not self.stop.wait(seconds)

    def visit(self) -> None:
        """One visit: what people of this kind come for."""
        if self.who.token:
            return self.program()
        if self.who.role is None:
            return self.read_in_public()
        self.tab = Tab(self.base, self.tally.seen)
        if not self.tab.sign_in(self.who.email, self.who.password):
            return self.tally.wrong(f"sign-in of {self.who.role} refused")
        self.tally.done("session:start")
        start = self.tab.get("first load", "/start")
        self.tab.load(start.url.removeprefix(self.base) if start is not None else "/help")
        for _ in range(self.chance.randint(3, 12)):
            if not self.think():
                break
            self.work()
        if self.tab.sign_out():
            self.tally.done("session:end")
        self.think()
        return None

    def work(self) -> None:
        """The next thing on the page: of what it offers to be done one thing, else a link is followed."""
        offers: dict[str, Callable[[Any], None]] = {
            "save": self.return_figures,
            "verify": self.judge,
            "send": self.answer,
            "reopen": self.reopen,
            "challenge": self.challenge,
            "withdraw": self.withdraw,
        }
        likely = {"reopen": 0.3, "challenge": 0.15, "withdraw": 0.1}
        for part, act in offers.items():
            found = [one for one in self.tab.parts(part) if "return" in one]
            if found and self.chance.random() < likely.get(part, 0.9):
                return act(self.chance.choice(found))
        return self.wander()

    def wander(self) -> None:
        """Follow a link: to a return rather than elsewhere, to a file now and then."""
        links = [one for one in self.tab.links() if not one.startswith(NOT_FOLLOWED)]
        tasks = [one for one in links if one.startswith("/returns/") and one.removeprefix("/returns/").isdigit()]
        files = [one for one in links if one.partition("?")[0].endswith(FILES)]
        pages = [one for one in links if one not in files]
        if tasks and self.chance.random() < 0.6:
            pages = tasks
        elif files and self.chance.random() < 0.1:
            self.tab.get("file", self.chance.choice(files))
            return
        elif self.who.role in (Role.TEAM, Role.LEAD, Role.CONTRIBUTOR) and self.chance.random() < 0.4:
            pages = ["/review" if self.who.role is Role.TEAM else "/returns"]
        if pages:
            self.follow(self.chance.choice(pages))

    def follow(self, address: str) -> None:
        """Open what a link leads to: in the frame what is the frame's, else by loading it."""
        address = address.partition("#")[0] or "/"
        found = self.tab.get("public page", address) if self.is_public(address) else None
        if found is None and not self.is_public(address) and not self.tab.go(address):
            if address.startswith("/returns/"):
                return self.tally.missed()
            self.tally.wrong(f"{self.tab.title or 'no answer'}: {self.who.role} at {address}")
        return None

    def is_public(self, address: str) -> bool:
        """Whether an address is no page of the frame."""
        path = address.partition("?")[0]
        return path in PUBLIC or path.startswith(BESIDE) or path.endswith("/sign-in")

    def return_figures(self, save: dict[str, Any]) -> None:
        """Type, pause, save the draft; type again, check it, and submit it as often as not."""
        number, tab = save["return"], self.tab
        form = f"{self.chance.getrandbits(60):x}"
        for turn in range(1, self.chance.randint(2, 4)):
            self.type_into(number, form, turn)
            if self.stop.wait(self.pace / 10):
                break
        saved = tab.click("save", save)
        if not self.took("return:edit", "save", tab.says(saved, "Draft saved"), saved):
            return
        if not tab.parts("check") or self.chance.random() < 0.3 or not self.think():
            return
        self.type_into(number, form, 9)
        checked = tab.click("check", {"part": "check", "return": number})
        if not self.took("return:edit", "check", tab.says(checked, "/check?again="), checked):
            return
        if not self.think() or not tab.parts("submit"):
            return
        if (why := tab.find({"part": "explanation", "return": number})) is not None:
            why["value"] = "Counted twice, by two people."
        sent = tab.click("submit", {"part": "submit", "return": number})
        self.took("return:submit", "submit", self.led_on(sent), sent)

    def type_into(self, number: int, form: str, turn: int) -> None:
        """A state of the form, as it is kept while somebody types, and the rating that is shown meanwhile."""
        tab = self.tab

        def put(part: str, prop: str, value: object) -> None:
            if (props := tab.find({"part": part, "return": number})) is not None:
                props[prop] = value

        counted = tab.find({"part": "numerator", "return": number}) is not None
        put("figure", "value", "" if counted else str(self.chance.randint(5, 95)))
        put("numerator", "value", str(self.chance.randint(10, 90)))
        put("denominator", "value", "100")
        put("forecast-rating", "value", self.chance.choice(("better", "within", "worse", "-")))
        put("commentary", "value", f"{self.chance.choice(SAYS)} {self.who.name}, {self.chance.getrandbits(40):x}.")
        put("turn", "data", {"form": form, "number": turn})
        put("typing", "data", {"form": form, "number": turn})
        put("judging", "data", turn)
        tab.trigger("keep typed", {"part": "typing", "return": number}, "data")
        tab.trigger("preview", {"part": "judging", "return": number}, "data")

    def judge(self, verify: dict[str, Any]) -> None:
        """Verify what was submitted, or send it back with a question."""
        number, tab = verify["return"], self.tab
        if self.chance.random() < 0.25:
            return self.say("query", "question", number, Action.RETURN_QUERY, "Is this the whole quarter?")
        for part, value in (("judgement", "accept"), ("weighed", "Their survey is of another month.")):
            if (props := tab.find({"part": part, "return": number})) is not None:
                props["value"] = value
        answer = tab.click("verify", verify)
        self.took(Action.RETURN_VERIFY, "verify", self.led_on(answer), answer)
        return None

    def reopen(self, button: dict[str, Any]) -> None:
        """Give a verified return back."""
        self.say("reopen", "reopen-text", button["return"], Action.RETURN_REOPEN, "It left out some data.")

    def challenge(self, button: dict[str, Any]) -> None:
        """Ask the lead a question."""
        self.say("challenge", "challenge-text", button["return"], Action.RETURN_CHALLENGE, "Why is it rising?")

    def withdraw(self, button: dict[str, Any]) -> None:
        """Take back what was submitted."""
        answer = self.tab.click("withdraw", button)
        self.took(Action.RETURN_WITHDRAW, "withdraw", self.led_on(answer), answer)

    def say(self, part: str, box: str, number: int, action: str, words: str) -> None:
        """Write into a box and press its button."""
        self.tab.of({"part": box, "return": number})["value"] = words
        answer = self.tab.click(part, {"part": part, "return": number})
        self.took(action, part, self.led_on(answer), answer)

    def answer(self, send: dict[str, Any]) -> None:
        """Answer a question on one's own return."""
        self.tab.of(send | {"part": "answer"})["value"] = "Because of the weather."
        answer = self.tab.click("answer", send)
        self.took(Action.RETURN_ANSWER, "answer", bool(answer), answer)

    def led_on(self, answer: dict[str, Any] | None) -> bool:
        """Whether a form's answer leads to another address: what it does is done then."""
        return any("href" in part for part in (answer or {}).values())

    def took(self, action: str, kind: str, done: bool, answer: dict[str, Any] | None) -> bool:
        """Note what became of a change: done, or another was before it; anything else is wrong."""
        if done:
            self.tally.done(action)
        elif self.tab.says(answer, "Nothing of yours was saved"):
            self.tally.stale(kind)
        elif answer is not None:
            self.tally.wrong(f"{kind} was answered without being done")
        if not done:  # as a person does after a conflict: the list again
            self.follow(LISTS.get(self.who.role, "/returns"))
        return done

    def read_in_public(self) -> None:
        """The scorecard, editions, an indicator, the charts, and the open data."""
        self.tab = Tab(self.base, self.tally.seen)
        self.tab.get("public page", "/")
        for _ in range(self.chance.randint(2, 8)):
            if not self.think():
                return
            what = self.chance.random()
            if what < 0.1:
                self.tab.get("public API", self.chance.choice(PUBLIC_API))
            elif what < 0.2:
                self.tab.load("/explore")
            elif what < 0.4:
                code = self.chance.choice(("ni-16", "ni-59", "ni-154", "ni-20", "ni-39"))
                self.tab.get("public page", f"/editions/1/indicators/{code}")
            else:
                self.tab.get("public page", self.chance.choice(PUBLIC))

    def program(self) -> None:
        """A program of a partner: lists its returns, saves one on condition, and submits it now and then."""
        head = {"Authorization": f"Bearer {self.who.token}"}
        period = self.chance.choice(("2008-09-q3", "2008-09-q4"))
        listed = self.tab.request("API read", "GET", f"/api/v1/returns?period={period}", headers=head)
        if listed is None or listed.status_code != 200:
            self.think()
            return
        mine = [
            one
            for one in listed.json()["returns"]
            if one["lead"] == self.who.organisation and one["state"] in ("not_started", "draft", "queried")
        ]
        if mine and self.think():
            code = self.chance.choice(mine)["measure"].lower().replace(" ", "-")
            self.put_one(f"/api/v1/returns/{period}/{code}", head)
        self.think()

    def put_one(self, address: str, head: dict[str, str]) -> None:
        """Save one return as it was last read, and submit it in one case of three."""
        read = self.tab.request("API read", "GET", address, headers=head)
        if read is None or read.status_code != 200:
            return
        draft = {"value": str(self.chance.randint(5, 95)), "commentary": f"{SAYS[0]} {self.chance.getrandbits(40):x}."}
        matched = head | {"If-Match": read.headers["ETag"]}
        saved = self.tab.request("API write", "PUT", address, json=draft, headers=matched)
        if saved is None or saved.status_code != 200:
            return
        self.tally.done(Action.RETURN_EDIT)
        if self.chance.random() < 0.3:
            once = head | {"If-Match": saved.headers["ETag"], "Idempotency-Key": f"{self.chance.getrandbits(90):x}"}
            sent = self.tab.request("API write", "POST", f"{address}/submit", json={}, headers=once)
            if sent is not None and sent.status_code == 200:
                self.tally.done(Action.RETURN_SUBMIT)


@contextmanager
def people_at(base: str, who: list[Who], tally: Tally, pace: float, ramp: float) -> Iterator[None]:
    """Let them all live while the block runs; at its end each finishes what is under way."""
    stop = threading.Event()
    threads = [threading.Thread(target=Simulated(one, base, tally, stop, pace).live, args=(ramp,)) for one in who]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        until = time.monotonic() + 120
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        if any(thread.is_alive() for thread in threads):
            tally.wrong("somebody does not come to an end")
