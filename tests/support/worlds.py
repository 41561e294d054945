"""The demonstration with the police's returns in each state, apps over copies of it, and what their pages would send."""

import hashlib
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from models.base import Base
from models.rules.circulation import Stage
from models.rules.packs import Asked, PackForm, PackKind
from portal.actor import OPERATOR, Actor
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.issuers import Issuers
from portal.services import (
    actions,
    concurrence,
    conversation,
    events,
    jobs,
    money,
    outbox,
    packs,
    people,
    proposals,
    reminders,
    returns,
    review,
    review_circulation,
    risks,
    self_assessment,
    sign_on_providers,
    workbooks,
)
from portal.services.gate import gate
from portal.services.sign_on_ways import Ways
from portal.viewmodels import actions as action
from portal.viewmodels.money import MoneyTyped
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Typed
from portal.viewmodels.risks import RiskTyped
from tests.conftest import TODAY, person, replace_file, settings
from tests.support import wire
from tests.support.agreeing import consent_to_all
from tests.support.areas import LEICESTER
from tests.support.post import BASE, KEY, Kept, deliver, refuse
from tests.support.publishing import prepare_anew

ROWS = {"draft": "NI 32", "ready": "NI 16", "submitted": "NI 20", "verified": "NI 16"}
"""The police's returns: one that is being written, one that may be submitted, one submitted, one verified (in Q2)."""
WRITTEN = {
    "draft": ("31", "From the first case conferences."),
    "ready": ("2.31", "Fewer burglaries since the patrols in October began."),
    "submitted": ("0.87", "Fewer assaults in the city centre."),
}
"""What stands in those that are written."""
JUDGED = "NI 59"
"""The council's, submitted with another rating than the rule's."""
SIGNED_UP = "NI 5"
"""The council's, submitted, which the police alone signed up to and dissent from."""
LED = "ni-16"
"""The police lead it, and have recorded an event on it, and added an action, money and a risk."""
LATE = "2008-09-q1"
"""A quarter that is long over: once it is opened, everybody is late for it."""
REVIEW, NEXT_REVIEW = "2008-09", "2009-10"
"""The self-assessment of one year is signed off and with Government Office, that of the next is being written."""
REAL = Clock(TODAY)
DISABLED = "fmo@portal.example"
OTHERWISE = {"sign_in", "sign_in_attempt", "api_token", "audit_event", "audit_head"}
"""What changes by signing in alone."""
BUTTONS = (
    "save",
    "check",
    "submit",
    "verify",
    "query",
    "withdraw",
    "reopen",
    "challenge",
    "send",
    "countersign",
    "contribute",
    "dissent",
    "take-back",
    "verify-chosen",
    "open",
    "close",
    "release",
    "chase",
    "milestones",
    "trail-search",
    "people-search",
    *(f"gate-{part}" for part in ("prepare", "release", "hold", "leave", "store")),
    *(f"refresh-{part}" for part in ("start", "propose", "consent", "agree", "leave")),
    "record-event",
    "withdraw-event",
    "add-action",
    "action-change",
    "plan-write",
    "answer-write",
    *(f"review-{part}" for part in ("commit", "sign", "reopen", "decide")),
    "outcome-say",
    *("money-add", "money-withdraw", "risk-add", "risk-change"),
    "assess-save",
    "target-save",
    "agreement-choose",
    *("pack-ask", "pack-watch"),
    "change",
    "rename-go",
    "sign-on-turn",
    *("reminders-choose", "remind", "again"),
)


@dataclass(frozen=True)
class World:
    """One app over its own copy of the prepared data."""

    app: Flask
    database: Database
    numbers: dict[str, int]


def prepare(demo: Path, path: Path, clock: Clock = REAL) -> dict[str, int]:
    """Make, from the demonstration's file, one with a return in each state; answers their numbers."""
    shutil.copy(demo, path)
    database = Database(f"sqlite:///{path}", clock)
    police = person(database, "police")
    quarter = {"draft": "2008-09-q3", "ready": "2008-09-q3", "submitted": "2008-09-q3", "verified": "2008-09-q2"}
    numbers = {row: returns.find_return(database, police, quarter[row], code) for row, code in ROWS.items()}
    for row, (figure, words) in WRITTEN.items():
        returns.save(database, police, numbers[row], None, Typed(value=figure, commentary=words))
    returns.submit(database, police, numbers["submitted"], None)
    lcc = person(database, "lcc")  # something that is verified, so that publishing has something to publish
    homes = returns.find_return(database, lcc, "2008-09-q3", "NI 154")
    returns.save(database, lcc, homes, None, Typed(value="700"))
    returns.submit(database, lcc, homes, None)
    review.verify(database, person(database, "team2"), homes, None)
    numbers["signed up"] = returns.find_return(database, lcc, "2008-09-q3", SIGNED_UP)
    returns.save(database, lcc, numbers["signed up"], None, Typed(value="60"))
    returns.submit(database, lcc, numbers["signed up"], None)
    numbers["judged"] = returns.find_return(database, lcc, "2008-09-q3", JUDGED)
    typed = Typed(value="55", proposed_rating="within", proposed_reason="Two schools were left out.")
    returns.save(database, lcc, numbers["judged"], None, typed)
    returns.submit(database, lcc, numbers["judged"], None)
    conversation.challenge(database, person(database, "executive"), numbers["verified"], "Why so high?")
    concurrence.dissent(database, police, numbers["signed up"], None, "Our survey says otherwise.")
    prepare_anew(database)
    numbers["event"] = events.record_event(database, police, LED, date(2008, 12, 1), "Patrols in Westcotes began.")
    numbers["action"] = actions.add_action(database, police, LED, action.Typed("Mark bicycles.", owner="police"))
    numbers["money"] = money.add_commitment(database, police, LED, MoneyTyped("A fund", "Bicycle racks", "1200.50"))
    numbers["risk"] = risks.add_risk(database, police, LED, RiskTyped("Gates rust.", "3", "4", review_on=TODAY))
    listed = proposals.proposals(database, OPERATOR).proposals
    numbers["target"] = next(one.id for line in listed for one in line.targets if not one.now.defined)
    numbers["workbook"] = workbooks.take(database, police, "q3.xlsx", workbooks.download(database, police)[1])
    consent_to_all(database, person(database, "team"))
    numbers["commitment"] = circulate(database, person(database, "team"))
    people.set_disabled(database, OPERATOR, DISABLED, disabled=True)
    keep_pack(database, police)
    issuer, domains = "https://login.police.example", ("police.example",)
    ways = Ways(BASE, KEY, Issuers())
    give = ("police", issuer, "portal", "a client secret", domains)
    sign_on_providers.add_provider(database, OPERATOR, ways, *give, passwords=True)
    reminders.remind(database, OPERATOR, "")
    deliver(database, Kept(refuse))
    numbers["letter"] = outbox.outbox(database, OPERATOR, "failed").lines[0].id
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return numbers


def keep_pack(database: Database, actor: Actor) -> int:
    """Keep a pack on the police, asked for by this person; answers its number."""
    packs.ask(database, actor, Asked(PackKind.PARTNER, "police", "2008-09-q2", tuple(PackForm)))
    job = jobs.claim(database)
    assert job is not None
    files = {PackForm.PDF: b"%PDF, as if", PackForm.DOCX: b"as if Word"}
    return packs.keep(database, actor, job, "2008/09 Q2", AsAt(TODAY, database.clock.now()), "0" * 64, files)


def circulate(database: Database, team: Actor) -> int:
    """Sign the self-assessment of 2008/09 off and bring it to Government Office; answers the number of one of its
    commitments."""
    found = self_assessment.self_assessment(database, team, REVIEW)
    number = review_circulation.sign_off(database, team, REVIEW, found.digest, "")
    for stage in (Stage.DELIVERY_GROUPS, Stage.EXECUTIVE):
        review_circulation.decide(database, team, REVIEW, number, stage, "agreed", TODAY, "")
    assert found.document is not None
    return found.document.commitments[0].id


def opened(prepared: Path, copy: Path, numbers: dict[str, int], clock: Clock = REAL) -> World:
    """An app over a copy of the prepared file."""
    replace_file(prepared, copy)
    database = Database(f"sqlite:///{copy}", clock)
    return World(create_app(settings(), database), database, dict(numbers))


def put_back(world: World, prepared: Path) -> None:
    """Let the world's app go on over another copy of the prepared file."""
    path = Path(world.database.engine.url.database or "")
    world.database.dispose()
    replace_file(prepared, path)
    world.database.commits += 1  # or what the app keeps of the old file would still be shown


def state_of(database: Database) -> str:
    """A fingerprint of everything that a person could have changed."""
    digest = hashlib.sha256()
    with database.read(OPERATOR) as session:
        for name in sorted(Base.metadata.tables.keys() - OTHERWISE):
            # As text: making dates and figures of it takes ten times as long.
            digest.update(repr((name, session.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2")).all())).encode())
    return digest.hexdigest()


def honest_body(world: World, name: str, number: int = 0, message: int = 1) -> dict[str, Any]:
    """What the page would send for a callback, about the return with this number: its present version, and answers
    that may be saved. A callback that needs other values gets them here."""
    if name.endswith("_account"):
        target = DISABLED if name == "enable_account" else "nhs@portal.example"
        return wire.body(world.app, name, {"disable": 1, "enable": 1}, {"person": target})
    with world.database.read(OPERATOR) as session:
        version = session.execute(text("SELECT version FROM returns WHERE id = :id"), {"id": number}).scalar()
        code = "SELECT code FROM measure JOIN returns ON measure_id = measure.id WHERE returns.id = :id"
        measure = session.execute(text(code), {"id": number}).scalar()
        refresh = session.execute(text("SELECT version FROM refresh WHERE state = 'open'")).scalar()
        prepared = session.execute(text("SELECT id, version FROM publication WHERE state = 'prepared'")).one_or_none()
    review = REVIEW if name in ("reopen_review", "decide_stage") else NEXT_REVIEW
    team = person(world.database, "team")
    draft = (
        self_assessment.self_assessment(world.database, team, NEXT_REVIEW).digest if name == "sign_off_review" else ""
    )
    digest = gate(world.database, team).digest if name == "prepare_publication" else ""
    values = {
        "address.pathname": "/",
        "address.search": "",
        "version": version,
        "figure": "1.9",
        "commentary": "other words",
        "judgement": "accept",
        "weighed": "Their survey is of another month.",
        "question": "Is this right?",
        "reopen-text": "It left out some data.",
        "challenge-text": "Why is it rising?",
        "answer": "Because of the weather.",
        "explanation": "It is unusual because of the weather.",
        "concurrence-text": "Our own words.",
        "chosen": {number: [f"{number}:{version}"]},
        "partner": "police",
        "until": "2009-02-20",
        "reason": "A new analyst.",
        "measure": "NI 16",
        "released": "2009-02-20",
        "name": "Ann Other",
        "role": "lead",
        "organisation": "nhs",
        "rename-key": "police",
        "rename-name": "The Police",
        "rename-since": "2009-01-01",
        "rename-why": "A new name.",
        "sign-on-key": "police",
        "sign-on-state": "off",
        "sign-on-why": "Its certificate has run out.",
        "chased": measure or "NI 16",
        "note": "Rang: by Friday.",
        "milestone": {"ni-16": "2.05"},
        "milestones-why": "Agreed in December.",
        "refresh-version": refresh,
        "refresh-title": "Another refresh",
        "refresh-why": "To see.",
        "refresh-from": "2009-04-01",
        "refresh-measure": "NI 16",
        "refresh-term": "target 2009/10",
        "refresh-proposed": "25",
        "refresh-because": "To see.",
        "refresh-who": "lcc",
        "refresh-about": "all",
        "refresh-given": "yes",
        "refresh-said-by": "By letter",
        "refresh-leave-why": "No more.",
        "take-back-change": {1: 1},
        "gate-period": "2008-09-q3",
        "gate-digest": digest,
        "gate-number": prepared.id if prepared else None,
        "gate-version": prepared.version if prepared else None,
        "gate-note": "A late count.",
        "gate-at": "",
        "gate-why": "An election was called.",
        "gate-measure": "NI 154",
        "gate-below": "5",
        "gate-total": "none",
        "event-day": "2009-01-05",
        "event-text": "Two clubs closed.",
        "event-chosen": str(world.numbers["event"]),
        "event-reason": "Another street.",
        "action-text": "Visit the schools.",
        "action-owner": "police",
        "action-due": "2009-03-31",
        "action-state": "done",
        "action-word": "All that came.",
        "action-version": 1,
        "money-source": "Another fund",
        "money-proposal": "More racks",
        "money-amount": "£2,000",
        "money-chosen": str(world.numbers["money"]),
        "money-reason": "Not paid.",
        "risk-about": LED,
        "risk-text": "The grant ends.",
        "risk-likelihood": "2",
        "risk-impact": "4",
        "risk-owner": "police",
        "risk-review": "2009-03-31",
        "risk-state": "open",
        "risk-word": "Looked at.",
        "risk-version": 1,
        "plan-version": 0,
        "answer-version": 0,
        "answer-text": "At risk: {count at risk}.",
        "answer-contributors": "The team",
        "review-commitment": "Ask more people.",
        "review-indicator": "NI 16",
        "review-owner": "police",
        "outcome-outcome": "It was done.",
        "review-digest": draft,
        "review-weighed": "It is early.",
        "review-version": 1,
        "review-reason": "A figure was wrong.",
        "review-stage": "government_office",
        "review-decision": "agreed_with_changes",
        "review-decided": TODAY.isoformat(),
        "review-word": "Say more on homes.",
        "plan-aim": "Fewer burglaries.",
        "assess-version": 1,
        "assess-score": "3",
        "assess-word": "The inspectors say so.",
        "target-version": 1,
        "target-text": "Three of four callers are answered at once.",
        "pack-about": "partner:police",
        "pack-period": "2008-09-q2",
        "pack-forms": ["pdf"],
        "reminders-wanted": [],
        "agreement-shown": LEICESTER,
        "agreement-choice": LEICESTER,
        **dict.fromkeys(BUTTONS, 1),
    }
    period = {"open_period": "2008-09-q4", "remind_late": LATE}.get(name, "2008-09-q3")
    row = {
        "return": number,
        "message": message,
        "period": period,
        "indicator": LED,
        "action": world.numbers["action"],
        "risk": 0 if name == "add_risk" else world.numbers["risk"],
        "account": 1,
        "review": review,
        "question": "1.1",
        "commitment": world.numbers["commitment"],
        "theme": 1,
        "target": world.numbers["target"],
        "letter": world.numbers["letter"],
    }
    return wire.body(world.app, name, values, row)
