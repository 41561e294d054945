"""A world with a canary in everything that is not published, and how to find one again in whatever is answered."""

import io
import re
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from urllib.parse import unquote

from pypdf import PdfReader
from sqlalchemy import select, update

from models.agreement import Measure, MeasureTerms
from models.people import Person
from models.rules.terms import Evidence
from portal.actor import OPERATOR
from portal.database import Database
from portal.services import (
    concurrence,
    conversation,
    events,
    people,
    periods,
    publication,
    refresh,
    returns,
    review,
    suppression,
)
from portal.services.gate import gate
from portal.viewmodels.returns import Typed
from tests.conftest import person

Q2, Q3 = "2008-09-q2", "2008-09-q3"
EMBARGOED = timedelta(days=20_000)
FIGURES = {
    "the figure of a draft": "314159265",
    "the figure that is typed over a draft": "141421356",
    "a submitted figure": "173205080",
    "a queried figure": "161803398",
    "an embargoed figure": "271828182",
    "a suppressed figure": "577215664",
    "a forecast figure": "123456543",
    "a numerator": "223606797",
    "a denominator": "264575131",
    "a reopened figure": "331662479",
}
"""Nine digits each: no hash holds them by chance, and no rounding takes them away."""


def word(name: str) -> str:
    """The canary that stands for a text."""
    return f"canary-{name}-zq"


def told(name: str) -> str:
    """A text with its canary in it."""
    return f"Said in private: {word(name)}."


TEXTS = (
    *("draft-commentary", "typed-commentary", "submitted-commentary", "queried-commentary", "embargoed-commentary"),
    *("suppressed-commentary", "published-commentary", "query", "challenge", "answer", "dissent", "contribution"),
    *(
        "judgement",
        "explanation",
        "event",
        "withdrawn-event",
        "withdrawal",
        "embargoed-note",
        "held",
        "left",
        "reopening",
    ),
    *(
        "late-reason",
        "refresh-title",
        "refresh-reason",
        "refresh-change",
        "refresh-left",
        "person-name",
        "reopened-commentary",
    ),
)
EVERY = {**FIGURES, **{name: word(name) for name in TEXTS}, "an e-mail address": "@portal.example"}


def fill(database: Database) -> None:
    """Put them everywhere: in returns at each step of their life, in what people say of them, in publications."""
    police, nhs = person(database, "police"), person(database, "nhs")
    team, executive = person(database, "team"), person(database, "executive")

    def returned(who: str, code: str, figure: str, commentary: str, quarter: str = Q3, **more: str) -> int:
        number = returns.find_return(database, person(database, who), quarter, code)
        typed = Typed(value=figure, commentary=told(commentary), **more)
        returns.save(database, person(database, who), number, None, typed)
        return number

    def submitted(who: str, code: str, figure: str, commentary: str, **more: str) -> int:
        number = returned(who, code, figure, commentary, **more)
        returns.submit(database, person(database, who), number, None, told("explanation"))
        return number

    def verified(who: str, code: str, figure: str, commentary: str, **more: str) -> int:
        number = submitted(who, code, figure, commentary, **more)
        review.verify(database, team, number, None)
        return number

    # Published: one figure with its commentary, which no edition prints, and two that are suppressed.
    verified("lcc", "NI 59", "71", "published-commentary")
    verified("lcc", "NI 154", "3", "suppressed-commentary")
    verified("police", "NI 20", FIGURES["a suppressed figure"], "suppressed-commentary")
    suppression.set_rule(database, team, "NI 154", "5", "NI 20")
    publication.publish(database, OPERATOR, Q3, "Shown to everybody: the first figures of the quarter.")

    # Reopened before anything waits for its hour: what waits and shows it would be held back.
    fresh = returns.find_return(database, nhs, Q2, "NI 39")
    review.reopen(database, team, fresh, None, told("reopening"))
    returned("nhs", "NI 39", FIGURES["a reopened figure"], "reopened-commentary", Q2)

    # A publication that was held and left, and one that waits for its hour.
    verified("nhs", "NI 126", "81", "embargoed-commentary")
    one = _prepared(database, "left")
    publication.leave(database, team, one, _version(database), told("left"))
    verified("police", "NI 16", FIGURES["an embargoed figure"], "embargoed-commentary")
    one = _prepared(database, "embargoed-note")
    publication.hold(database, team, one, _version(database), told("held"))
    at = database.clock.now() + EMBARGOED
    publication.release(database, person(database, "team2"), one, _version(database), at)

    # Returns at the other steps, one of them with the counts under its figure, and what is said of them.
    draft = returned(
        "police",
        "NI 32",
        FIGURES["the figure of a draft"],
        "draft-commentary",
        forecast_value=FIGURES["a forecast figure"],
    )
    with database.write(OPERATOR) as session:
        counted = select(Measure.id).where(Measure.code == "NI 65").scalar_subquery()
        of_counts = {"evidence": Evidence.PROPORTION, "per": Decimal(100)}
        session.execute(update(MeasureTerms).where(MeasureTerms.measure_id == counted).values(**of_counts))
    counts = {"numerator": FIGURES["a numerator"], "denominator": FIGURES["a denominator"]}
    returned("lcc", "NI 65", "", "draft-commentary", **counts)
    version = returns.read_return(database, police, draft).version
    typed = Typed(value=FIGURES["the figure that is typed over a draft"], commentary=told("typed-commentary"))
    returns.keep_typed(database, police, draft, version, typed)
    queried = submitted("lcc", "NI 167", FIGURES["a queried figure"], "queried-commentary")
    review.query(database, team, queried, None, told("query"))
    judged = {"proposed_rating": "within", "proposed_reason": told("judgement")}
    submitted("lcc", "LI 155", FIGURES["a submitted figure"], "submitted-commentary")
    asked = submitted("lcc", "NI 5", "60", "submitted-commentary", **judged)
    concurrence.contribute(database, police, asked, None, told("contribution"))
    concurrence.dissent(database, police, asked, None, told("dissent"))
    old = returns.find_return(database, police, Q2, "NI 16")
    conversation.challenge(database, executive, old, told("challenge"))
    (question,) = conversation.open_questions(database, executive)
    conversation.answer(database, police, old, question.said.id, told("answer"))

    # What is on record beside returns.
    events.record_event(database, police, "ni-16", date(2008, 12, 1), told("event"))
    gone = events.record_event(database, police, "ni-16", date(2008, 12, 2), told("withdrawn-event"))
    events.withdraw_event(database, police, "ni-16", gone, told("withdrawal"))
    periods.close_for_returns(database, team, Q3)
    periods.reopen_for_partner(database, team, Q3, "police", date(2009, 2, 20), told("late-reason"))
    _refresh(database)
    people.add_person(
        database, OPERATOR, "canary@portal.example", told("person-name"), "team", None, "a long password 1"
    )


def _prepared(database: Database, note: str) -> int:
    team = person(database, "team")
    seen = gate(database, team, Q3)
    publication.prepare(database, team, seen.period, seen.digest, told(note))
    found = gate(database, team, Q3).prepared
    assert found is not None
    return found.id


def _version(database: Database) -> int:
    found = gate(database, person(database, "team"), Q3).prepared
    assert found is not None
    return found.version


def _refresh(database: Database) -> None:
    team = person(database, "team")
    refresh.leave(database, team, None, told("refresh-left"))
    refresh.start_refresh(database, team, told("refresh-title"), told("refresh-reason"), date(2009, 4, 1))
    refresh.propose_change(database, team, None, "NI 16", "target 2009/10", "25", told("refresh-change"))


def text_of(content_type: str, body: bytes) -> str:
    """Everything that an answer says, whatever it is packed in."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    if body.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(body))
        pages = [page.extract_text() for page in reader.pages]
        return "\n".join(
            [*pages, str(reader.metadata), str(reader.xmp_metadata and reader.xmp_metadata.stream.get_data())]
        )
    return body.decode("utf-8", "replace")


def found_in(text: str) -> list[str]:
    """The canaries in a text, however figures are set and words are written."""
    plain = unquote(unescape(text)).lower()
    digits = re.sub(r"[\s,.  ]|\\u202f|\\u00a0", "", plain)
    return [name for name, canary in EVERY.items() if canary in plain or canary in digits]


def in_database(database: Database) -> list[str]:
    """The canaries that really are somewhere in the database."""
    with database.read(OPERATOR) as session:
        connection = session.connection()
        tables = Person.metadata.sorted_tables
        rows = "\n".join(str(row) for table in tables for row in connection.execute(select(table)))
    return found_in(rows)
