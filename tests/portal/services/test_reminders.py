"""Who is reminded of what on which day, on Leicester's data: every occasion, by moving the clock; and what never is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from models.agreement import AgreementVersion, Indicator, IndicatorTerms, Measure, Period
from models.audit import AuditEvent
from models.people import Person
from models.reminders import OutboxFact, OutboxMessage
from models.returns import Return
from models.rules.circulation import Stage
from models.rules.reminders import Occasion
from models.rules.terms import Role, State
from portal.actor import OPERATOR
from portal.clock import Clock
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid
from portal.services import (
    actions,
    conversation,
    people,
    periods,
    reminder_choices,
    reminders,
    returns,
    review,
    review_circulation,
    self_assessment,
)
from portal.services.calendar import one_period
from portal.services.outbox import outbox
from portal.viewmodels import actions as action
from portal.viewmodels.returns import Typed
from tests.conftest import PASSWORD, owned, person
from tests.support.areas import DERBY, LEICESTER, at, load_derby
from tests.support.post import BASE, Kept, deliver
from tests.support.publishing import publish

Q3 = "2008-09-q3"


def on(database: Database, month: int, day: int, year: int = 2009) -> dict[str, str]:
    """What is written on a day: subjects by receiver, without the domain."""
    database.clock = Clock(date(year, month, day))
    return {
        draft.email.partition("@")[0]: draft.title.partition(" – ")[0]
        for draft in reminders.remind(database, at(OPERATOR, LEICESTER), BASE).drafts
    }


def said_to(database: Database, who: str) -> list[tuple[date, str, str]]:
    """What somebody was told: the day, the subject, the text."""
    with database.read(OPERATOR) as session:
        query = select(OutboxMessage.day, OutboxMessage.title, OutboxMessage.body).join(
            Person, Person.id == OutboxMessage.person_id
        )
        rows = session.execute(query.where(Person.email == f"{who}@portal.example").order_by(OutboxMessage.id))
        return [(row.day, row.title, row.body) for row in rows]


def send_in(database: Database, who: str, code: str, value: str) -> int:
    lead = person(database, who)
    number = returns.find_return(database, lead, Q3, code)
    returns.save(database, lead, number, None, Typed(value=value))
    returns.submit(database, lead, number, None)
    return number


def test_a_period_opens_then_a_week_and_a_day_before_then_overdue_and_each_week(database: Database) -> None:
    assert on(database, 1, 20)["police"] == "Open for you: 3 returns; Published: edition 1"
    assert on(database, 1, 21) == {}
    assert on(database, 1, 23)["police"] == "Due within a week: 2 returns"  # NI 32 is a placeholder
    for day in (24, 28):
        assert on(database, 1, day) == {}
    assert on(database, 1, 29)["police"] == "Due tomorrow: 2 returns"
    assert on(database, 1, 30) == {}
    assert on(database, 1, 31)["police"] == "Overdue: 2 returns"
    for day in (1, 6):
        assert on(database, 2, day) == {}
    assert on(database, 2, 7)["police"] == "Overdue: 2 returns"
    assert on(database, 3, 10) == {}, "the period is closed: nobody can send any more"


def test_each_person_gets_one_message_with_all_indicators_by_code_title_state_day_and_link(database: Database) -> None:
    found = on(database, 1, 23)
    assert found["lcc"] == "Due within a week: 16 returns; Published: edition 1"
    assert found["police"] == found["police.contributor"]
    ((_, _, text),) = said_to(database, "lcc")
    assert sum(line.startswith("- ") and "(not started)" in line for line in text.splitlines()) == 16
    assert "Quarter 3 of 2008/09. Due 30 January 2009, in 7 days:" in text
    number = returns.find_return(database, person(database, "lcc"), Q3, "NI 154")
    assert f"- NI 154 Net additional homes provided (not started)\n  {BASE}/returns/{number}\n" in text
    ((_, _, others),) = said_to(database, "police")
    assert "NI 154" not in others
    assert "Net additional homes" not in others


def test_however_often_it_runs_it_is_written_once(database: Database) -> None:
    first = on(database, 1, 31)
    assert len(first) == 11
    assert [on(database, 1, 31) for _ in range(3)] == [{}] * 3
    with database.read(OPERATOR) as session:
        assert session.scalar(select(func.count(OutboxMessage.id))) == 11


def test_a_run_that_was_missed_says_how_things_are_and_not_how_they_were(database: Database) -> None:
    on(database, 1, 30)
    ((_, title, text),) = said_to(database, "police")
    assert title.startswith("Due today: 2 returns")
    assert "Open for you" not in text
    assert "within a week" not in text


def test_what_has_come_in_is_not_asked_for_and_who_is_late_is(database: Database) -> None:
    send_in(database, "police", "NI 16", "2.1")
    assert on(database, 1, 29)["police"].startswith("Due tomorrow: 1 return")
    send_in(database, "police", "NI 20", "0.9")
    found = on(database, 1, 31)
    assert "police" not in found
    assert found["team"] == "Overdue: 1 return; Late: 28 returns of 7 partners"
    text = said_to(database, "team")[-1][2]
    assert "NHS Leicester City\n- NI 56 " in text
    assert "Constabulary" not in text
    assert text.count("NHS Leicester City\n") == 1, "each partner once"


def test_a_query_goes_to_the_partners_people_without_its_text_and_the_answer_to_the_team(database: Database) -> None:
    on(database, 1, 23)
    number = send_in(database, "police", "NI 16", "2.1")
    review.query(database, person(database, "team"), number, None, "Is Westcotes in it?")
    found = on(database, 1, 24)
    assert found == dict.fromkeys(("police", "police.contributor"), "Waiting for your answer: 1 return")
    text = said_to(database, "police")[-1][2]
    assert "- NI 16 Serious acquisitive crime rate (the partnership team asks)" in text
    assert "Westcotes" not in text
    question = returns.read_return(database, person(database, "police"), number).messages[-1].id
    conversation.answer(database, person(database, "police"), number, question, "It is.")
    assert on(database, 1, 25) == dict.fromkeys(("team", "team2"), "Answered: 1 question")
    assert "It is." not in said_to(database, "team")[-1][2]
    # It came in in time and was sent back: nobody calls it overdue.
    assert on(database, 1, 31)["police"] == "Overdue: 1 return"
    assert "NI 16" not in said_to(database, "police")[-1][2]


def test_verified_published_and_opened_again(database: Database) -> None:
    on(database, 1, 23)
    number = send_in(database, "police", "NI 16", "2.1")
    review.verify(database, person(database, "team"), number, None)
    assert on(database, 1, 24) == dict.fromkeys(("police", "police.contributor"), "Verified: 1 return")
    assert "2.1" not in said_to(database, "police")[-1][2]
    assert publish(database, person(database, "team")) == 2
    found = on(database, 1, 25)
    everybody = ("police", "police.contributor", "team", "team2", "executive", "reviewer")
    assert found == dict.fromkeys(everybody, "Published: edition 2")
    assert (
        f"- NI 16 Serious acquisitive crime rate\n  {BASE}/editions/2/indicators/ni-16"
        in said_to(database, "police")[-1][2]
    )
    review.reopen(database, person(database, "team"), number, None, "A figure was left out.")
    assert on(database, 1, 26) == dict.fromkeys(("police", "police.contributor"), "Waiting for your answer: 1 return")
    text = said_to(database, "police")[-1][2]
    assert "(opened again)" in text
    assert "left out" not in text


def test_news_that_is_old_is_not_told(database: Database) -> None:
    number = send_in(database, "police", "NI 16", "2.1")
    review.verify(database, person(database, "team"), number, None)
    assert "Verified" not in on(database, 1, 27)["police"]


def test_an_overdue_action_goes_to_who_carries_it_and_to_the_team_without_its_text(database: Database) -> None:
    on(database, 1, 23)
    police = person(database, "police")
    for owner in ("nhs", ""):
        typed = action.Typed(f"Mark bicycles{owner}.", owner=owner, due_on=date(2009, 1, 23))
        actions.add_action(database, police, "ni-16", typed)
    found = on(database, 1, 24)
    assert found == {
        "nhs": "Overdue: 1 action",
        **dict.fromkeys(("team", "team2"), "Overdue: 1 action; Late: 1 action of 1 partner"),
    }
    text = said_to(database, "nhs")[-1][2]
    assert "- NI 16 Serious acquisitive crime rate (due 23 January 2009)" in text
    assert "bicycles" not in text
    assert on(database, 1, 25) == {}


def test_the_review_is_told_to_whom_it_waits_for(database: Database) -> None:
    on(database, 1, 20)
    team = person(database, "team")
    found = self_assessment.self_assessment(database, team, "2008-09")
    number = review_circulation.sign_off(database, team, "2008-09", found.digest, "As it is.")
    said = "The annual review waits for a decision"
    assert on(database, 1, 21) == dict.fromkeys(("team", "team2"), said)
    day = date(2009, 1, 21)
    for stage, who in ((Stage.DELIVERY_GROUPS, "executive"), (Stage.EXECUTIVE, "reviewer")):
        review_circulation.decide(database, team, "2008-09", number, stage, "agreed", day, "")
        assert on(database, 1, 21) == {who: said}
    assert f"{BASE}/annual-review/2008-09" in said_to(database, "reviewer")[-1][2]


def test_who_is_disabled_or_declined_gets_nothing_and_the_team_sees_who_chose_so(database: Database) -> None:
    people.set_disabled(database, OPERATOR, "nhs@portal.example", True)
    police = person(database, "police")
    reminder_choices.choose(database, police, [Occasion.QUERIED])
    found = on(database, 1, 31)
    assert "nhs" not in found
    assert "police" not in found
    assert found["police.contributor"].startswith("Overdue")
    (silent,) = outbox(database, person(database, "team")).silent
    assert (silent.email, Occasion.OVERDUE in silent.declined) == ("police@portal.example", True)
    asked = one_period(database, person(database, "team"), Q3).returns
    told = {one.email: one.reminded for line in asked for one in line.people}
    assert (told["police@portal.example"], told["police.contributor@portal.example"]) == (False, True)
    reminder_choices.choose(database, police, [Occasion.OVERDUE])
    assert on(database, 2, 1)["police"] == "Overdue: 2 returns"


def test_a_choice_is_a_step_with_its_event_and_none_where_nothing_changes(database: Database) -> None:
    police = person(database, "police")
    every = [occasion for occasion, _ in reminder_choices.choices(database, police).wanted]
    reminder_choices.choose(database, police, every)
    with database.read(OPERATOR) as session:
        before = session.scalar(select(func.count(AuditEvent.number)))
    reminder_choices.choose(database, police, every[1:])
    reminder_choices.choose(database, police, every[1:])
    assert [yes for _, yes in reminder_choices.choices(database, police).wanted] == [False, *[True] * (len(every) - 1)]
    with database.read(OPERATOR) as session:
        assert session.scalar(select(func.count(AuditEvent.number))) == before + 1
    with pytest.raises(Invalid):
        reminder_choices.choose(database, police, ["late"])
    with pytest.raises(Conflict):
        reminder_choices.choose(database, person(database, "admin"), [])


def test_the_team_asks_who_is_late_at_once_and_once_a_day(database: Database) -> None:
    team = person(database, "team")
    with pytest.raises(Conflict):  # nobody is late yet
        reminders.remind_late(database, team, Q3, BASE)
    on(database, 1, 31)
    database.clock = Clock(date(2009, 2, 2))
    reminder_choices.choose(database, person(database, "jcp"), [])
    assert reminders.remind_late(database, team, Q3, BASE) == 8
    with pytest.raises(Conflict):
        reminders.remind_late(database, team, Q3, BASE)
    assert said_to(database, "police")[-1][:2] == (
        date(2009, 2, 2),
        "Overdue: 2 returns – Leicester Local Area Agreement 2008-11",
    )
    assert "police" not in on(database, 2, 7), "the week counts from then"
    assert "police" in on(database, 2, 9)
    with pytest.raises(Forbidden):
        reminders.remind_late(database, person(database, "police"), Q3, BASE)


def test_198_indicators_are_one_message(database: Database) -> None:
    police = person(database, "police").organisation_id
    with owned(database) as owner, owner.write(OPERATOR) as session:
        like = session.scalars(select(Indicator).where(Indicator.code == "NI 16")).one()
        period_id = session.scalars(select(Period.id).where(Period.key == "2008/09 Q3")).one()
        version_id = session.scalars(select(AgreementVersion.id).order_by(AgreementVersion.number)).first()
        same = {name: getattr(like, name) for name in ("agreement_id", "theme_id", "group", "reward_weighted")}
        for number in range(301, 301 + 198 - 2):
            row = Indicator(**same, code=f"NI {number}", title="Another", baseline_printed="", note="", position=number)
            session.add(row)
            session.flush()
            session.add(IndicatorTerms(version_id=version_id, indicator_id=row.id, lead_id=police, placeholder=False))
            measure = Measure(indicator_id=row.id, code=row.code, part="", decimals=1, position=number)
            session.add(measure)
            session.flush()
            session.add(
                Return(
                    period_id=period_id,
                    measure_id=measure.id,
                    organisation_id=police,
                    state=State.NOT_STARTED,
                    commentary="",
                )
            )
    on(database, 1, 31)
    ((_, title, text),) = said_to(database, "police")
    assert title.startswith("Overdue: 198 returns – ")
    assert sum(line.startswith("- NI ") and "(not started)" in line for line in text.splitlines()) == 198
    assert sum(f"{BASE}/returns/" in line for line in text.splitlines()) == 198


def test_each_agreement_has_its_own_messages_and_a_bound_account_those_of_its_own(database: Database, tmp_path) -> None:
    load_derby(database, tmp_path)
    periods.open_for_returns(database, at(OPERATOR, DERBY), Q3)
    email = "derby@portal.example"
    people.add_person(database, OPERATOR, email, "", Role.LEAD, "police", PASSWORD, agreement=DERBY, demo=True)
    assert "derby" not in on(database, 1, 23)
    found = {draft.email: draft for draft in reminders.remind(database, at(OPERATOR, DERBY), BASE).drafts}
    assert email in found
    assert "Leicester Local Area" not in found[email].body
    (received,) = reminder_choices.choices(database, person(database, "derby")).received
    assert received.email == email


def test_old_bodies_are_forgotten_and_that_they_were_sent_is_not(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(database, 1, 23)
    deliver(database, Kept())
    now = Clock().now() + timedelta(days=91)
    monkeypatch.setattr(Clock, "now", lambda _clock: now)
    on(database, 1, 31)
    with database.read(OPERATOR) as session:
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
        assert {bool(row.body) for row in rows if row.day == date(2009, 1, 23)} == {False}
        assert {bool(row.body) for row in rows if row.day == date(2009, 1, 31)} == {True}
        assert session.scalar(select(func.count()).select_from(OutboxFact)) > len(rows)


def test_a_dry_run_writes_nothing_and_says_the_same(database: Database) -> None:
    database.clock = Clock(date(2009, 1, 23))
    planned = reminders.plan(database, OPERATOR, BASE)
    with database.read(OPERATOR) as session:
        assert session.scalar(select(func.count(OutboxMessage.id))) == 0
    assert reminders.remind(database, OPERATOR, BASE) == planned


@pytest.mark.parametrize("call", [reminders.plan, reminders.remind])
def test_nobody_but_the_team_and_the_command_line_may(sqlite_database: Database, call: Callable[..., object]) -> None:
    for who in ("police", "executive", "reviewer", "admin"):
        with pytest.raises(Forbidden):
            call(sqlite_database, replace(person(sqlite_database, who)), BASE)
