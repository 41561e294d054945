"""The self-assessment of 2008/09 as a document: whole from the data, checked, signed, circulated and read by role."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text

from models.audit import AuditEvent
from models.rules.broken import OutOfTurn, SignedOff, Unweighed
from models.rules.circulation import Decision, Stage
from models.rules.consistency import Kind
from models.rules.terms import ReviewCategory
from models.self_assessment import ReviewAnswer, ReviewDocument
from portal.actor import OPERATOR
from portal.database import Database
from portal.errors import Forbidden, Invalid, NotFound, PortalError, Stale
from portal.formats.canonical import canonical
from portal.formats.edition import content_hash
from portal.services import annual_review, returns, review, review_circulation, self_assessment
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Typed
from portal.viewmodels.self_assessment import Answer, SelfAssessment
from portal.words.self_assessment import KEYS, QUESTIONS
from tests.conftest import TODAY, person

YEAR = "2008-09"


def page(database: Database, who: str = "team", number: int | None = None, as_at: AsAt | None = None) -> SelfAssessment:
    return self_assessment.self_assessment(database, person(database, who), YEAR, number, as_at)


def sign(database: Database, weighed: str = "") -> int:
    return review_circulation.sign_off(database, person(database, "team"), YEAR, page(database).digest, weighed)


def write(database: Database, key: str, said: str, contributors: str = "") -> int:
    seen = page(database).written[key].number
    return self_assessment.write_answer(database, person(database, "team"), YEAR, key, seen, said, contributors)


def decide(
    database: Database,
    who: str,
    stage: Stage,
    decision: str = "agreed",
    on: date = TODAY,
    word: str = "",
    number: int = 1,
) -> None:
    review_circulation.decide(database, person(database, who), YEAR, number, stage, decision, on, word)


def said(answer: Answer) -> str:
    return "\n".join("".join(piece.text for piece in block.pieces) for block in answer.blocks)


def test_the_document_of_2008_09_is_whole_and_consistent(database: Database) -> None:
    found = page(database)
    document = found.document
    assert document is not None
    assert (found.answered, len(QUESTIONS), found.findings) == (19, 19, ())
    assert {category.value: len(document.of(category)) for category in ReviewCategory} == {
        "on_track": 16, "off_trajectory": 3, "at_risk": 5, "no_data": 11,
    }  # fmt: skip
    at_risk = document.of(ReviewCategory.AT_RISK)
    assert {one.code: len(one.actions) for one in at_risk} == {
        "NI 112": 2, "NI 154": 2, "NI 186": 2, "NI 16": 4, "NI 131": 2,
    }  # fmt: skip
    assert all(one.analysis for one in at_risk)
    assert (len(document.annex), document.indicators, document.measures) == (36, 58, 59)
    assert len(document.commitments) == 6
    assert "16 of the designated indicators were on track, 3 had left" in said(document.answer("summary"))
    assert "300 homes were completed" in said(document.answer("climate"))


def test_every_count_in_it_is_computed_and_follows_the_returns(database: Database) -> None:
    team = person(database, "team")
    number = returns.find_return(database, team, "2008-09-q2", "NI 16")
    review.reopen(database, team, number, None, "A patrol was counted twice.")
    police = person(database, "police")
    typed = Typed(value="2.10", forecast_rating="within", commentary="Counted anew.")
    returns.save(database, police, number, None, typed)
    returns.submit(database, police, number, None)
    review.verify(database, team, number, None)
    document = page(database).document
    assert document is not None
    assert len(document.of(ReviewCategory.AT_RISK)) == 4
    assert "17 of the designated indicators were on track" in said(document.answer("summary"))
    counts = annual_review.annual_review(database, team, YEAR).counts
    assert [len(document.of(one)) for one in ReviewCategory] == [counts[one] for one in ReviewCategory]


def test_the_check_finds_what_is_seeded_and_nothing_else(database: Database) -> None:
    seeded = {
        "1.1": "Work on reducing our carbon footprint has been a great success.",
        "1.2": "Six of the 35 designated indicators are at risk. The other two at risk last year recovered.",
        "3.5": "NI 154 is on track.",
    }
    for key, statement in seeded.items():
        write(database, key, statement)
    summary = page(database).written["summary"].text.replace("NI 131", "no code")
    write(database, "summary", summary)
    write(database, "1.5", "An improvement plan has three strands.")
    write(database, "3.2", "Delayed discharges are gone through case by case.")
    found = page(database).findings
    assert [(one.kind, one.where, one.about, one.right) for one in found] == [
        (Kind.PRAISED, "1.1", "carbon", "1 of 2"),
        (Kind.COUNT, "1.2", "at_risk", "5"),
        (Kind.STATUS, "3.5", "NI 154", "at_risk, worse"),
        (Kind.UNMENTIONED, "", "NI 131", ""),
    ]


def test_commitments_without_an_outcome_are_found_the_year_after(database: Database) -> None:
    team = person(database, "team")

    def open_ones() -> list[str]:
        found = self_assessment.self_assessment(database, team, "2009-10").findings
        return [one.said for one in found if one.kind is Kind.NO_OUTCOME]

    document = page(database).document
    assert document is not None
    assert open_ones() == [one.text for one in document.commitments]
    first = document.commitments[0]
    assert self_assessment.say_outcome(database, team, first.id, "Agreed in March.") == 1
    assert self_assessment.say_outcome(database, team, first.id, "Agreed in March: 940 homes.") == 2
    assert first.text not in open_ones()
    assert page(database).document.commitments[0].outcome == "Agreed in March: 940 homes."  # type: ignore[union-attr]
    self_assessment.add_commitment(database, team, YEAR, "Ask more people.", "ni5", "")
    added = page(database).document.commitments[-1]  # type: ignore[union-attr]
    assert (added.text, added.indicator, added.owner) == ("Ask more people.", "NI 5", "Partnership team")
    for text_, code, owner, field in (
        ("", "", "", "commitment"),
        ("x", "NI 999", "", "indicator"),
        ("x", "house", "", "indicator"),
        ("x", "", "nobody", "owner"),
    ):
        with pytest.raises(Invalid) as wrong:
            self_assessment.add_commitment(database, team, YEAR, text_, code, owner)
        assert list(wrong.value.fields) == [field]
    for number in (0, 999_999, 10**12):
        with pytest.raises(NotFound):
            self_assessment.say_outcome(database, team, number, "Done.")


def test_a_text_is_kept_in_versions_and_read_as_it_was(database: Database) -> None:
    team = person(database, "team")
    assert write(database, "1.1", "The Executive leads.", "Chair") == 2
    now = page(database).written["1.1"]
    assert (now.number, now.text, now.contributors, now.who) == (2, "The Executive leads.", "Chair", "Partnership team")
    before = page(database, as_at=AsAt(TODAY - timedelta(1)))
    assert before.document is not None
    assert "The Partnership Executive leads" in said(before.document.answer("1.1"))
    assert (before.may_write, before.may_say) == (False, False)
    with pytest.raises(Stale):
        self_assessment.write_answer(database, team, YEAR, "1.1", 1, "Later.", "")
    with pytest.raises(NotFound):
        self_assessment.write_answer(database, team, YEAR, "5.1", 0, "Later.", "")
    for typed, wrong_token in (
        ("{NI 999 figure}", "NI 999"),
        ("{NI 16 hue}", "{NI 16 hue}"),
        ("{safest worse}", "safest"),
    ):
        with pytest.raises(Invalid) as wrong:
            self_assessment.write_answer(database, team, YEAR, "1.1", 2, f"It is {typed}.", "")
        assert wrong_token in wrong.value.fields["text"]


def test_a_signature_freezes_the_text_with_its_figures(database: Database) -> None:
    before = page(database)
    assert sign(database) == 1
    with database.read(OPERATOR) as session:
        row = session.scalars(select(ReviewDocument)).one()
    assert row.hash == content_hash(row.content)
    assert row.content == canonical(json.loads(row.content))
    assert "{" not in said(page(database).document.answer("summary"))  # type: ignore[union-attr]
    number = returns.find_return(database, person(database, "team"), "2008-09-q2", "NI 154")
    review.reopen(database, person(database, "team"), number, None, "Three sites were left out.")
    after = page(database)
    assert after.document is not None
    assert before.document is not None
    assert after.document.hash == row.hash
    signed = {"version": 1, "signed_on": "2009-01-20", "signed_by": "Partnership team", "hash": row.hash}
    assert after.document == replace(before.document, **signed)  # type: ignore[arg-type]
    team = person(database, "team")
    with pytest.raises(SignedOff):
        self_assessment.write_answer(database, team, YEAR, "1.1", 1, "Later.", "")
    with pytest.raises(SignedOff):
        self_assessment.add_commitment(database, team, YEAR, "Later.", "", "")
    with pytest.raises(SignedOff):
        review_circulation.sign_off(database, team, YEAR, before.digest, "")


def test_what_is_open_needs_a_word_and_what_changed_is_looked_at_again(database: Database) -> None:
    looked_at = page(database).digest
    write(database, "1.2", "Six indicators are at risk.")
    with pytest.raises(Stale):
        review_circulation.sign_off(database, person(database, "team"), YEAR, looked_at, "")
    with pytest.raises(Unweighed):
        sign(database)
    sign(database, "Six counts NI 32 in.")
    shown = page(database).shown
    assert shown is not None
    assert (shown.weighed, shown.reopened) == ("Six counts NI 32 in.", "")


def test_opened_again_a_new_version_is_written_and_both_stay_readable(database: Database) -> None:
    sign(database)
    team = person(database, "team")
    with pytest.raises(Invalid):
        review_circulation.reopen(database, team, YEAR, 1, " ")
    with pytest.raises(NotFound):
        review_circulation.reopen(database, team, YEAR, 2, "No such version.")
    review_circulation.reopen(database, team, YEAR, 1, "The Executive asked for more on homes.")
    with pytest.raises(OutOfTurn):
        review_circulation.reopen(database, team, YEAR, 1, "Again.")
    assert page(database).shown is None
    write(database, "3.5", "More on homes.")
    assert sign(database) == 2
    first, second = page(database, number=1), page(database)
    assert first.document is not None
    assert second.document is not None
    assert "More on homes." not in said(first.document.answer("3.5"))
    assert said(second.document.answer("3.5")) == "More on homes."
    assert [(one.number, bool(one.reopened)) for one in second.versions] == [(2, False), (1, True)]


def test_it_circulates_in_order_and_each_reads_it_once_it_reached_them(database: Database) -> None:
    def readers() -> list[str]:
        return [who for who in ("team", "executive", "reviewer") if page(database, who).document is not None]

    assert readers() == ["team"]
    sign(database)
    assert readers() == ["team"]
    for who, stage, refusal in (
        ("executive", Stage.EXECUTIVE, NotFound),
        ("reviewer", Stage.GOVERNMENT_OFFICE, NotFound),
        ("team", Stage.EXECUTIVE, OutOfTurn),
    ):
        with pytest.raises(refusal):
            decide(database, who, stage)
    decide(database, "team", Stage.DELIVERY_GROUPS, "agreed_with_changes", word="Name the leads.")
    assert readers() == ["team", "executive"]
    with pytest.raises(Forbidden):
        decide(database, "executive", Stage.GOVERNMENT_OFFICE)
    with pytest.raises(NotFound):
        page(database, "reviewer", number=1)
    decide(database, "executive", Stage.EXECUTIVE)
    assert readers() == ["team", "executive", "reviewer"]
    decide(database, "reviewer", Stage.GOVERNMENT_OFFICE, "sent_back", word="Say more on carbon.")
    assert [
        (one.stage, one.decision, one.decided_on, one.word, one.who) for one in page(database, "reviewer").stages
    ] == [
        (Stage.DELIVERY_GROUPS, Decision.AGREED_WITH_CHANGES, TODAY, "Name the leads.", "Partnership team"),
        (Stage.EXECUTIVE, Decision.AGREED, TODAY, "", "Partnership executive"),
        (Stage.GOVERNMENT_OFFICE, Decision.SENT_BACK, TODAY, "Say more on carbon.", "Government Office"),
    ]
    team = person(database, "team")
    review_circulation.reopen(database, team, YEAR, 1, "Government Office sent it back.")
    write(database, "3.5", "More on carbon (NI 186).")
    sign(database)
    assert [page(database, who).document.version for who in ("team", "executive", "reviewer")] == [2, 1, 1]  # type: ignore[union-attr]


def test_a_decision_has_a_day_that_can_be_and_its_word(database: Database) -> None:
    sign(database)
    for decision, on, word, field in (
        ("agreed", TODAY - timedelta(1), "", "decided"),
        ("agreed", TODAY + timedelta(1), "", "decided"),
        ("sent_back", TODAY, " ", "word"),
        ("praised", TODAY, "", "decision"),
    ):
        with pytest.raises(Invalid) as wrong:
            decide(database, "team", Stage.DELIVERY_GROUPS, decision, on, word)
        assert list(wrong.value.fields) == [field]
    with pytest.raises(NotFound):
        decide(database, "team", Stage.DELIVERY_GROUPS, number=7)


@pytest.mark.parametrize("who", ["police", "police.contributor", "admin", "executive", "reviewer"])
def test_nobody_else_writes_or_signs_and_nothing_is_left_behind(database: Database, who: str) -> None:
    actor = person(database, who)
    tried = (
        lambda: self_assessment.write_answer(database, actor, YEAR, "1.1", 1, "Ours.", ""),
        lambda: self_assessment.add_commitment(database, actor, YEAR, "Ours.", "", ""),
        lambda: self_assessment.say_outcome(database, actor, 1, "Ours."),
        lambda: review_circulation.sign_off(database, actor, YEAR, page(database).digest, ""),
        lambda: review_circulation.reopen(database, actor, YEAR, 1, "Ours."),
        lambda: review_circulation.decide(database, actor, YEAR, 1, Stage.EXECUTIVE, "agreed", TODAY, ""),
    )
    with database.read(OPERATOR) as session:
        before = session.scalar(select(func.count()).select_from(AuditEvent))
    for attempt in tried:
        with pytest.raises(PortalError) as refused:
            attempt()
        assert refused.value.status in (403, 404)
    with database.read(OPERATOR) as session:
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == before
        assert session.scalar(select(func.count()).select_from(ReviewAnswer)) == len(KEYS)


def test_whoever_is_bound_to_another_agreement_reads_none_of_it(database: Database) -> None:
    sign(database)
    elsewhere = replace(person(database, "team"), bound_to=999)
    with pytest.raises(NotFound):
        self_assessment.self_assessment(database, elsewhere, YEAR)


def test_all_of_it_is_in_the_trail(database: Database) -> None:
    with database.read(OPERATOR) as session:
        before = session.scalar(select(func.max(AuditEvent.number)))
    write(database, "1.1", "The Executive leads.")
    sign(database)
    decide(database, "team", Stage.DELIVERY_GROUPS, "sent_back", word="Too short.")
    review_circulation.reopen(database, person(database, "team"), YEAR, 1, "Sent back.")
    with database.read(OPERATOR) as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.number > before).order_by(AuditEvent.number)).all()
        assert [(one.action, one.reason) for one in events] == [
            ("review:write", ""),
            ("review:sign", ""),
            ("review:decide", "Too short."),
            ("review:sign", "Sent back."),
        ]
        assert {one.subject for one in events} == {"annual review 2008/09"}
        assert session.execute(text("SELECT count(*) FROM review_document")).scalar() == 1
