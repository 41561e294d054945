"""The gate: what would change, two people, an hour, holding back, small numbers, and corrections with their note."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from models.audit import AuditEvent
from models.returns import Return
from models.rules.broken import IllegalMove, NothingToPublish, NotReady, SamePerson
from models.rules.gate import Missing, PublicationState, Publishing
from models.rules.suppression import Hidden
from models.rules.terms import NoRating, State
from models.scorecard import Edition, Publication
from portal.actor import OPERATOR, Actor, public
from portal.clock import Clock
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from portal.services import periods, publication, returns, review, scorecard, suppression
from portal.services.edition_indicator import edition_indicator
from portal.services.gate import gate
from portal.viewmodels.gate import Gate, Prepared
from portal.viewmodels.returns import Typed
from tests.conftest import person

Q3 = "2008-09-q3"
WHY = "The first count left out two stations."


def verified(database: Database, who: str, code: str, value: str, period: str = Q3) -> int:
    """A return, submitted by its lead and verified by the team."""
    number = returns.find_return(database, person(database, who), period, code)
    returns.save(database, person(database, who), number, None, Typed(value=value, commentary="What happened."))
    returns.submit(database, person(database, who), number, None)
    review.verify(database, person(database, "team"), number, None)
    return number


def corrected(database: Database, number: int, who: str, value: str) -> None:
    review.reopen(database, person(database, "team"), number, None, WHY)
    returns.save(database, person(database, who), number, None, Typed(value=value, commentary="Counted anew."))
    returns.submit(database, person(database, who), number, None)
    review.verify(database, person(database, "team"), number, None)


def prepared(database: Database, who: str = "team", note: str = "") -> Prepared:
    seen = gate(database, person(database, who))
    publication.prepare(database, person(database, who), seen.period, seen.digest, note)
    one = gate(database, person(database, who)).prepared
    assert one is not None
    return one


def published(database: Database, note: str = "") -> int | None:
    one = prepared(database, "team", note)
    return publication.release(database, person(database, "team2"), one.id, one.version)


def kinds(seen: Gate) -> dict[Publishing, list[str]]:
    return {kind: [line.measure for line in seen.lines if line.kind is kind] for kind in Publishing}


def latest(database: Database) -> scorecard.Scorecard:
    found = scorecard.latest_scorecard(database, public())
    assert found is not None
    return found


def test_the_gate_says_what_is_new_and_what_is_missing_and_why(database: Database) -> None:
    verified(database, "police", "NI 20", "0.87")
    seen = gate(database, person(database, "team"))
    assert (seen.period, seen.edition, seen.corrects, seen.says_something) == ("2008/09 Q3", 2, None, True)
    found = kinds(seen)
    assert found[Publishing.NEW] == ["NI 20"]
    assert found[Publishing.REVISED] == found[Publishing.WITHDRAWN] == found[Publishing.SUPPRESSED] == []
    assert len(found[Publishing.MISSING]) == 58  # of 59 measures
    reasons = {line.measure: line.missing for line in seen.lines}
    assert reasons["NI 16"] is NoRating.NOT_REPORTED or reasons["NI 16"] is NoRating.NOT_DUE


@pytest.mark.parametrize("period", ["2008-09-q3", "2008-09-q4"])
def test_what_is_empty_or_not_over_is_refused_and_the_gate_says_so_first(database: Database, period: str) -> None:
    if period == "2008-09-q4":  # has begun, and is not over: a figure of it may even be verified
        periods.open_for_returns(database, person(database, "team"), period)
        verified(database, "police", "NI 20", "0.87", period)
    seen = gate(database, person(database, "team"), period)
    assert ("not over" if period == "2008-09-q4" else "Nothing is verified") in seen.refused
    with pytest.raises(NotReady, match=r"not over|Nothing is verified"):
        publication.prepare(database, person(database, "team"), period, seen.digest, "")
    assert gate(database, person(database, "team")).prepared is None


def test_without_a_period_the_newest_that_is_over_and_has_verified_figures_is_published(database: Database) -> None:
    periods.open_for_returns(database, person(database, "team"), "2008-09-q4")
    with pytest.raises(NotFound, match="No open period is over"):
        publication.publish(database, OPERATOR)
    verified(database, "police", "NI 20", "0.87")
    verified(database, "police", "NI 16", "2.2", "2008-09-q4")
    publication.publish(database, OPERATOR)
    assert latest(database).period == "2008/09 Q3"


def test_the_gate_shows_what_is_in_front_now_and_what_would_lose_its_rating(database: Database) -> None:
    verified(database, "police", "NI 20", "0.87")
    number = returns.find_return(database, person(database, "police"), Q3, "NI 16")
    returns.save(database, person(database, "police"), number, None, Typed(value="2.6"))
    returns.submit(database, person(database, "police"), number, None)
    seen = gate(database, person(database, "team"))
    assert seen.front is not None
    assert (seen.front.edition, seen.front.period, seen.front.counts.rated) == (1, "2008/09 Q2", 24)
    assert seen.front.replaced
    rated = {i.code for theme in latest(database).themes for i in theme.indicators if i.rating}
    assert len(seen.unrated) == 24 - seen.counts.rated
    lost = {one.code: one for one in seen.unrated}
    assert lost.keys() <= rated
    crime = lost["NI 16"]
    assert (crime.rating, [str(m.value) for m in crime.measures], crime.state) == ("worse", ["2.42"], State.SUBMITTED)
    (line,) = [line for line in seen.lines if line.measure == "NI 16"]
    assert (line.kind, line.waits, line.state) == (Publishing.MISSING, Missing.TEAM, State.SUBMITTED)
    assert {line.waits for line in seen.lines if line.kind is Publishing.MISSING} >= {Missing.NOT_DUE, Missing.TEAM}


def test_one_person_prepares_and_another_releases(database: Database) -> None:
    number = verified(database, "police", "NI 20", "0.87")
    one = prepared(database)
    assert (one.state, one.may_release, one.changed) == (PublicationState.PREPARED, False, False)
    with pytest.raises(SamePerson):
        publication.release(database, person(database, "team"), one.id, one.version)
    assert latest(database).edition == 1
    assert publication.release(database, person(database, "team2"), one.id, one.version) == 2
    assert latest(database).edition == 2
    with database.read(OPERATOR) as session:
        assert session.get_one(Return, number).state is State.PUBLISHED
        row = session.scalars(select(Edition).where(Edition.number == 2)).one()
        people = {person(database, "team").person_id, person(database, "team2").person_id}
        assert {row.prepared_by_id, row.published_by_id} == people
    with pytest.raises(IllegalMove):
        publication.release(database, person(database, "team2"), one.id, one.version)


@pytest.mark.parametrize("who", ["police", "police.contributor", "executive", "reviewer", "admin"])
def test_nobody_but_the_team_comes_near_it(database: Database, who: str) -> None:
    actor = person(database, who)
    for attempt in (
        lambda: gate(database, actor),
        lambda: publication.prepare(database, actor, Q3, "", ""),
        lambda: publication.release(database, actor, 1, 1),
        lambda: publication.hold(database, actor, 1, 1, "x"),
        lambda: publication.leave(database, actor, 1, 1, "x"),
        lambda: suppression.set_rule(database, actor, "NI 20", "5", ""),
        lambda: publication.publish(database, actor),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_the_team_itself_publishes_nothing_alone(database: Database) -> None:
    verified(database, "police", "NI 20", "0.87")
    with pytest.raises(Forbidden, match="another releases it"):
        publication.publish(database, person(database, "team"))


def test_what_was_verified_after_the_look_is_not_prepared_and_not_released(database: Database) -> None:
    verified(database, "police", "NI 20", "0.87")
    seen = gate(database, person(database, "team"))
    verified(database, "police", "NI 16", "2.60")
    with pytest.raises(Stale):
        publication.prepare(database, person(database, "team"), seen.period, seen.digest, "")
    one = prepared(database)
    verified(database, "nhs", "NI 126", "80")
    again = gate(database, person(database, "team2")).prepared
    assert again is not None
    assert again.changed
    with pytest.raises(Stale):
        publication.release(database, person(database, "team2"), one.id, one.version)
    assert latest(database).edition == 1


def test_only_one_publication_is_worked_on_and_it_can_be_left(database: Database) -> None:
    verified(database, "police", "NI 20", "0.87")
    one = prepared(database)
    seen = gate(database, person(database, "team2"))
    with pytest.raises(Conflict):
        publication.prepare(database, person(database, "team2"), seen.period, seen.digest, "")
    with pytest.raises(Invalid):
        publication.leave(database, person(database, "team2"), one.id, one.version, " ")
    publication.leave(database, person(database, "team2"), one.id, one.version, "A figure is doubtful.")
    assert gate(database, person(database, "team")).prepared is None
    assert published(database) == 2


def test_nothing_new_is_nothing_to_publish(database: Database) -> None:
    seen = gate(database, person(database, "team"), "2008-09-q2")
    assert not seen.says_something
    with pytest.raises(NothingToPublish):
        publication.prepare(database, person(database, "team"), seen.period, seen.digest, "")


def test_a_correction_needs_a_note_and_both_editions_say_so(database: Database) -> None:
    number = verified(database, "police", "NI 20", "0.87")
    assert published(database) == 2
    corrected(database, number, "police", "0.93")
    seen = gate(database, person(database, "team"))
    (line,) = [line for line in seen.lines if line.kind is Publishing.REVISED]
    assert (line.measure, str(line.old), str(line.new), line.reason) == ("NI 20", "0.87", "0.93", WHY)
    assert seen.corrects == 2
    with pytest.raises(Invalid) as refused:
        publication.prepare(database, person(database, "team"), seen.period, seen.digest, "")
    assert "note" in refused.value.fields
    assert published(database, "NI 20 was too low.") == 3
    new, old = latest(database), scorecard.edition_card(database, public(), 2)
    assert (new.edition, new.corrects, new.note) == (3, 2, "NI 20 was too low.")
    assert (old.corrected_by, old.note) == (3, "")
    assert [(one.number, one.corrects, one.corrected_by) for one in scorecard.editions(database, public())] == [
        (3, 2, None),
        (2, None, 3),
        (1, None, None),
    ]


def test_a_figure_that_is_reopened_is_withdrawn(database: Database) -> None:
    number = verified(database, "police", "NI 20", "0.87")
    verified(database, "police", "NI 16", "2.60")
    assert published(database) == 2
    review.reopen(database, person(database, "team"), number, None, WHY)
    found = gate(database, person(database, "team"), Q3)
    # What was published counts until a correction of it is verified.
    assert kinds(found)[Publishing.WITHDRAWN] == []


def test_an_older_quarter_that_is_put_right_does_not_take_the_newest_ones_place(database: Database) -> None:
    verified(database, "police", "NI 20", "0.87")
    assert published(database) == 2
    with database.read(OPERATOR) as session:
        row = session.scalars(select(Return).join(Return.measure).where(Return.state == State.PUBLISHED)).first()
        assert row is not None
    number = returns.find_return(database, person(database, "police"), "2008-09-q2", "NI 16")
    corrected(database, number, "police", "2.44")
    seen = gate(database, person(database, "team"), "2008-09-q2")
    assert (seen.corrects, kinds(seen)[Publishing.REVISED]) == (1, ["NI 16"])
    publication.prepare(database, person(database, "team"), seen.period, seen.digest, "A late count.")
    one = gate(database, person(database, "team2")).prepared
    assert one is not None
    assert publication.release(database, person(database, "team2"), one.id, one.version) == 3
    assert (latest(database).edition, latest(database).period) == (2, "2008/09 Q3")
    assert scorecard.edition_card(database, public(), 3).corrects == 1


def test_at_its_hour_to_the_second_it_is_public(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    number = verified(database, "police", "NI 20", "0.87")
    one = prepared(database)
    hour = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    with pytest.raises(Invalid):
        publication.release(database, person(database, "team2"), one.id, one.version, hour - timedelta(hours=3))
    assert publication.release(database, person(database, "team2"), one.id, one.version, hour) is None
    verified(database, "nhs", "NI 126", "80")  # verified meanwhile: it is not in what was released

    def at(instant: datetime) -> int:
        monkeypatch.setattr(Clock, "now", lambda _clock: instant)
        return latest(database).edition

    assert at(hour - timedelta(seconds=1)) == 1
    assert at(hour) == 2
    assert at(hour + timedelta(days=1)) == 2
    assert latest(database).published_at == hour
    shown = {m.code for theme in latest(database).themes for i in theme.indicators for m in i.measures if m.value}
    assert "NI 20" in shown
    assert "NI 126" not in shown
    with database.read(OPERATOR) as session:
        assert session.get_one(Return, number).state is State.PUBLISHED


@pytest.mark.parametrize("zone", ["UTC", "Europe/London"])
@pytest.mark.parametrize(
    "hour", ["2037-03-29T01:00:00+00:00", "2037-10-25T00:30:00+00:00", "2037-10-25T01:30:00+00:00"]
)
def test_to_the_second_on_the_days_on_which_the_clocks_change_too(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, hour: str, zone: str
) -> None:
    """An hour that comes twice on the wall comes once: what waits is an instant."""
    verified(sqlite_database, "police", "NI 20", "0.87")
    one, instant = prepared(sqlite_database), datetime.fromisoformat(hour)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    publication.release(sqlite_database, person(sqlite_database, "team2"), one.id, one.version, instant)
    seen = []
    for seconds in (-3600, -1, 0):
        now = instant + timedelta(seconds=seconds)
        monkeypatch.setattr(Clock, "now", lambda _clock, now=now: now)
        seen.append(latest(sqlite_database).edition)
    monkeypatch.undo()
    time.tzset()
    assert seen == [1, 1, 2]


def test_what_is_held_back_is_not_published_at_its_hour(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    verified(database, "police", "NI 20", "0.87")
    one = prepared(database)
    hour = datetime.now(UTC) + timedelta(hours=2)
    publication.release(database, person(database, "team2"), one.id, one.version, hour)
    waiting = gate(database, person(database, "team")).prepared
    assert waiting is not None
    with pytest.raises(Stale):
        publication.hold(database, person(database, "team"), one.id, one.version, "An election was called.")
    publication.hold(database, person(database, "team"), one.id, waiting.version, "An election was called.")
    with monkeypatch.context() as later:
        later.setattr(Clock, "now", lambda _clock: hour + timedelta(days=1))
        assert publication.publish_due(database) == []
        assert latest(database).edition == 1
    held = gate(database, person(database, "team2")).prepared
    assert held is not None
    assert (held.state, held.reason) == (PublicationState.HELD, "An election was called.")
    assert publication.release(database, person(database, "team2"), held.id, held.version) == 2


def scheduled(database: Database) -> tuple[Prepared, datetime]:
    """What is verified, released for an hour to come."""
    one, hour = prepared(database), datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    publication.release(database, person(database, "team2"), one.id, one.version, hour)
    return waiting(database), hour


def waiting(database: Database) -> Prepared:
    one = gate(database, person(database, "team")).prepared
    assert one is not None
    return one


def events(database: Database, one: Prepared) -> list[tuple[str, str]]:
    with database.read(OPERATOR) as session:
        about = select(AuditEvent).where(AuditEvent.subject.like(f"publication {one.id} %"))
        rows = session.scalars(about.order_by(AuditEvent.number))
        return [(row.subject.split()[-1], row.reason) for row in rows]


def test_what_is_reopened_while_it_waits_for_its_hour_does_not_go_out(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = verified(database, "police", "NI 20", "0.87")
    one, hour = scheduled(database)
    told = returns.read_return(database, person(database, "team"), number)
    assert (told.public_at, told.held) == (hour, "")
    assert returns.read_return(database, person(database, "police"), number).public_at is None
    review.reopen(database, person(database, "team"), number, None, WHY)
    why = f"NI 20 2008/09 Q3 was reopened after the release: {WHY}"
    assert returns.read_return(database, person(database, "team"), number).held == why
    held = waiting(database)
    assert (held.state, held.reason, held.publish_at, held.changed) == (PublicationState.HELD, why, None, True)
    assert events(database, one)[-1] == ("held", why)
    with pytest.raises(Stale):
        publication.release(database, person(database, "team2"), held.id, held.version)
    monkeypatch.setattr(Clock, "now", lambda _clock: hour)
    assert publication.publish_due(database) == []
    assert latest(database).edition == 1


def test_a_figure_beside_the_newest_one_holds_it_back_too(database: Database) -> None:
    verified(database, "police", "NI 16", "2.60")
    scheduled(database)
    earlier = returns.find_return(database, person(database, "police"), "2008-09-q2", "NI 16")
    review.reopen(database, person(database, "team"), earlier, None, WHY)
    assert waiting(database).state is PublicationState.HELD


def test_what_is_not_in_it_is_reopened_and_it_goes_out_at_its_hour(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified(database, "police", "NI 20", "0.87")
    one, hour = scheduled(database)
    late = verified(database, "nhs", "NI 126", "80")  # verified after the release
    review.reopen(database, person(database, "team"), late, None, WHY)
    told = returns.read_return(database, person(database, "team"), late)
    assert (told.public_at, told.held) == (None, "")
    assert waiting(database).state is PublicationState.SCHEDULED
    monkeypatch.setattr(Clock, "now", lambda _clock: hour)
    assert latest(database).edition == 2
    assert [what for what, _ in events(database, one)] == ["prepared", "scheduled"]


def test_a_rule_for_small_numbers_holds_back_what_was_made_without_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified(database, "lcc", "NI 154", "3")
    one, hour = scheduled(database)
    suppression.set_rule(database, person(database, "team"), "NI 154", "5", "")
    held = waiting(database)
    why = "The rule for small numbers of NI 154 was set after the release"
    assert (held.state, held.reason, events(database, one)[-1]) == (PublicationState.HELD, why, ("held", why))
    with monkeypatch.context() as later:
        later.setattr(Clock, "now", lambda _clock: hour)
        assert latest(database).edition == 1
    publication.leave(database, person(database, "team"), held.id, held.version, "It is made anew.")
    scheduled(database)
    suppression.set_rule(database, person(database, "team"), "NI 154", "5", "")  # it is the rule already
    assert waiting(database).state is PublicationState.SCHEDULED
    suppression.set_rule(database, person(database, "team"), "NI 154", "", "")
    assert waiting(database).state is PublicationState.HELD


def test_a_publication_of_another_number_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        publication.release(database, person(database, "team2"), 999, 1)


def test_a_small_number_is_hidden_with_all_that_would_tell_of_it(database: Database) -> None:
    verified(database, "lcc", "NI 154", "3")
    suppression.set_rule(database, person(database, "team"), "NI 154", "5", "")
    seen = gate(database, person(database, "team"))
    (line,) = [line for line in seen.lines if line.kind is Publishing.SUPPRESSED]
    assert (line.measure, line.period, line.new, line.hidden) == ("NI 154", "2008/09 Q3", None, Hidden.SMALL)
    assert published(database) == 2
    (homes,) = [i for theme in latest(database).themes for i in theme.indicators if i.code == "NI 154"]
    (measure,) = homes.measures
    assert (homes.rating, homes.no_rating_reason, homes.forecast) == (None, NoRating.SUPPRESSED, None)
    assert (measure.value, measure.lead, measure.interval, measure.suppressed) == (None, None, None, ("2008/09 Q3",))
    assert [point.period for point in measure.history] == ["2008/09 Q2"]
    with database.read(OPERATOR) as session:
        content = session.scalars(select(Edition.content).where(Edition.number == 2)).one()
    assert '"value":"3"' not in content


def test_a_rule_that_hides_what_was_public_puts_the_edition_right(database: Database) -> None:
    verified(database, "lcc", "NI 154", "3")
    assert published(database) == 2
    suppression.set_rule(database, person(database, "team"), "NI 154", "5", "")
    seen = gate(database, person(database, "team"), Q3)
    assert (seen.corrects, kinds(seen)[Publishing.SUPPRESSED]) == (2, ["NI 154"])
    suppression.set_rule(database, person(database, "team"), "NI 154", "", "")
    assert not gate(database, person(database, "team"), Q3).says_something


def test_what_is_hidden_by_now_is_not_said_again_beside_the_new_edition(database: Database) -> None:
    verified(database, "lcc", "NI 154", "3")
    assert published(database) == 2
    suppression.set_rule(database, person(database, "team"), "NI 154", "5", "")
    seen = gate(database, person(database, "team"), Q3)
    publication.prepare(database, person(database, "team"), Q3, seen.digest, "Too few to be shown.")
    one = gate(database, person(database, "team2")).prepared
    assert one is not None
    assert publication.release(database, person(database, "team2"), one.id, one.version) == 3
    view = edition_indicator(database, public(), 3, "NI 154")
    hidden, before = view.earlier
    assert (hidden.number, hidden.rating, hidden.no_rating_reason, hidden.measures) == (
        2,
        None,
        NoRating.SUPPRESSED,
        (),
    )
    assert [measure.value for measure in before.measures] == [300]  # the quarter before
    assert [point.value for point in view.charts[0].points] == [300]


@pytest.mark.parametrize(
    ("measure", "below", "total", "field"),
    [
        ("NI 999", "5", "", "measure"),
        ("NI 154", "1", "", "below"),
        ("NI 154", "five", "", "below"),
        ("NI 154", "101", "", "below"),
        ("NI 154", "5", "NI 999", "total"),
        ("NI 154", "5", "NI 154", "total"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(
    sqlite_database: Database, measure: str, below: str, total: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        suppression.set_rule(sqlite_database, person(sqlite_database, "team"), measure, below, total)
    assert set(refused.value.fields) == {field}


def test_a_measure_is_no_part_of_its_own_part(sqlite_database: Database) -> None:
    team = person(sqlite_database, "team")
    suppression.set_rule(sqlite_database, team, "NI 16", "5", "NI 20")
    with pytest.raises(Invalid) as refused:
        suppression.set_rule(sqlite_database, team, "NI 20", "5", "NI 16")
    assert set(refused.value.fields) == {"total"}


def test_an_edition_cannot_be_changed_in_the_database(database: Database) -> None:
    for statement in ("UPDATE edition SET note = 'Nothing was wrong.'", "DELETE FROM edition"):
        with pytest.raises(DBAPIError, match=r"never changed|permission denied"), database.engine.begin() as connection:
            connection.exec_driver_sql(statement)


def test_another_agreements_publication_is_none_of_this_ones(sqlite_database: Database) -> None:
    verified(sqlite_database, "police", "NI 20", "0.87")
    one = prepared(sqlite_database)
    with sqlite_database.read(OPERATOR) as session:
        assert session.get_one(Publication, one.id).agreement_id == 1
    stranger: Actor = replace(person(sqlite_database, "team2"), agreement="nowhere")
    with pytest.raises(NotFound):
        publication.release(sqlite_database, stranger, one.id, one.version)


def test_a_small_step_since_the_quarter_before_is_hidden_where_a_year_is_counted_through(database: Database) -> None:
    verified(database, "lcc", "NI 154", "302")  # 300 by the second quarter, which is public
    suppression.set_rule(database, person(database, "team"), "NI 154", "5", "")
    (line,) = [line for line in gate(database, person(database, "team")).lines if line.kind is Publishing.SUPPRESSED]
    assert (line.measure, line.period, line.hidden) == ("NI 154", "2008/09 Q3", Hidden.STEP)
    assert published(database) == 2
    (measure,) = [m for t in latest(database).themes for i in t.indicators for m in i.measures if m.code == "NI 154"]
    assert ([point.period for point in measure.history], measure.value) == (["2008/09 Q2"], None)


def test_an_earlier_quarter_is_hidden_where_a_later_one_is_public(database: Database) -> None:
    number = returns.find_return(database, person(database, "lcc"), "2008-09-q2", "NI 154")
    verified(database, "lcc", "NI 154", "310")
    suppression.set_rule(database, person(database, "team"), "NI 154", "5", "")
    assert published(database) == 2
    corrected(database, number, "lcc", "308")
    seen = gate(database, person(database, "team"), "2008-09-q2")
    assert kinds(seen)[Publishing.SUPPRESSED] == ["NI 154"]
