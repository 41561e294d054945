"""Two areas' agreements beside each other: which one is shown, loading, and that nothing crosses from one to the other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import func, select, update

from models.agreement import Agreement
from models.audit import AuditEvent
from models.people import Person, SignIn
from models.scorecard import Edition
from models.shares import HalfYearShares
from portal import audit
from portal.actor import OPERATOR, Actor, public
from portal.clock import Clock
from portal.database import Database
from portal.errors import Forbidden, NotFound, PortalError
from portal.formats.agreement_csv.rows import AgreementFile
from portal.records.loading import NotLoaded
from portal.services import agreements, calendar, conversation, imports, periods, returns, review, scorecard, sessions
from portal.services.annual_review import newest_review
from portal.services.audit import trail
from portal.services.desk import desk
from portal.services.forecasts import ledger
from portal.services.memorandum import memorandum
from portal.services.queue import queue
from portal.services.themes import theme, themes
from portal.settings import package_data
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Typed
from tests.conftest import person
from tests.support.areas import DERBY, EARLIER, LEICESTER, TITLE, at, derby, load_derby, read
from tests.support.publishing import publish

Q3 = "2008-09-q3"
AFTER_BOTH = date(2012, 5, 1)


def shown(database: Database, actor: Actor) -> str:
    there = agreements.choice(database, actor)
    assert there is not None
    return there.shown.key


@pytest.fixture
def both(database: Database, brought: Callable[..., None]) -> Database:
    """Leicester's agreement as in the demonstration, and Derby's beside it, its third quarter open."""
    brought(database, derby_beside)
    return database


def derby_beside(database: Database) -> None:
    with TemporaryDirectory() as folder:
        load_derby(database, Path(folder))
    periods.open_for_returns(database, at(OPERATOR, DERBY), Q3)


@pytest.fixture
def leicester() -> AgreementFile:
    return read(package_data("leicester"))


def return_in(database: Database, actor: Actor, key: str, code: str) -> int:
    return returns.find_return(database, at(actor, key), Q3, code)


def submitted(database: Database, actor: Actor, key: str, code: str, value: str) -> int:
    number = return_in(database, actor, key, code)
    returns.save(database, at(actor, key), number, None, Typed(value=value, commentary=f"words of {key}"))
    returns.submit(database, at(actor, key), number, None)
    return number


def published(database: Database, key: str, code: str, value: str, who: str) -> None:
    team = at(person(database, "team"), key)
    number = submitted(database, person(database, who), key, code, value)
    review.verify(database, team, number, None)
    publish(database, team, Q3)


# --- loading ----------------------------------------------------------------------------------------------


def shares(database: Database) -> dict[date, tuple[Decimal | None, ...]]:
    with database.read(OPERATOR) as session:
        rows = session.execute(
            select(HalfYearShares)
            .join(Agreement, Agreement.id == HalfYearShares.agreement_id)
            .where(Agreement.key == EARLIER)
        ).scalars()
        return {row.period_end: (row.above, row.near, row.below, row.missing) for row in rows}


def counted(database: Database, table: type) -> int:
    with database.read(OPERATOR) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_half_yearly_shares_are_an_agreement_without_a_version(database: Database) -> None:
    assert shares(database) == {
        date(2006, 9, 30): (14, 33, 19, 34),
        date(2007, 3, 31): (15, 30, 25, 31),
        date(2007, 9, 30): (22, 34, 26, 17),
        date(2008, 3, 31): (25, 40, 24, 12),
    }
    with database.read(OPERATOR) as session:
        row = session.scalars(select(Agreement).where(Agreement.key == EARLIER)).one()
    assert (row.title, row.area, row.first_year, row.last_year) == (
        "Leicester LAA 2006-09",
        "Leicester",
        "2006/07",
        "2008/09",
    )


def test_loading_the_shares_again_changes_nothing(database: Database, leicester: AgreementFile) -> None:
    assert imports.load_agreement(database, OPERATOR, leicester).added == {}


def test_another_number_for_the_same_day_is_a_problem(database: Database, leicester: AgreementFile) -> None:
    (earlier,) = leicester.earlier
    other = replace(earlier.shares[1], above=Decimal(16))
    changed = replace(leicester, earlier=(replace(earlier, shares=(earlier.shares[0], other)),))
    with pytest.raises(NotLoaded) as caught:
        imports.load_agreement(database, OPERATOR, changed)
    assert str(caught.value) == (
        "performance_history_2006_09.csv line 3, column above_target_pct: Leicester LAA 2006-09, 2007-03-31: says 16, "
        "but 15 is loaded already; a load changes nothing"
    )


def test_a_newer_file_adds_a_half_year(database: Database, leicester: AgreementFile) -> None:
    (earlier,) = leicester.earlier
    newer = replace(earlier.shares[0], period_end=date(2008, 9, 30))
    imports.load_agreement(
        database, OPERATOR, replace(leicester, earlier=(replace(earlier, shares=(*earlier.shares, newer)),))
    )
    assert len(shares(database)) == 5


def test_a_copy_under_another_folders_name_is_the_same_agreement(both: Database, tmp_path: Path) -> None:
    before = counted(both, Agreement)
    copy = read(derby(tmp_path / "files of may"))
    assert imports.load_agreement(both, OPERATOR, copy).added == {}
    assert counted(both, Agreement) == before


def test_without_a_key_an_agreement_is_known_by_its_title(both: Database, tmp_path: Path) -> None:
    copy = replace(read(derby(tmp_path / "copy")), key="")
    assert imports.load_agreement(both, OPERATOR, copy).added == {}
    another = imports.load_agreement(both, OPERATOR, replace(copy, title="Another Agreement"))
    assert (another.added["agreement"], another.key) == (1, "another-agreement")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"key": "derby"}, "says derby, but Derby Local Area Agreement 2008-11 is loaded as derby-laa-2008-11 already"),
        ({"title": "Derbyshire"}, f"column title: says Derbyshire, but {TITLE} is loaded already"),
        ({"area": "Derbyshire"}, "column area: says Derbyshire, but Derby is loaded already"),
    ],
)
def test_another_name_for_what_is_loaded_is_a_problem(
    both: Database, tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    with pytest.raises(NotLoaded) as caught:
        imports.load_agreement(both, OPERATOR, replace(read(derby(tmp_path / "copy")), **changed))
    assert said in str(caught.value)


# --- which one is shown -----------------------------------------------------------------------------------


def test_another_areas_agreement_does_not_take_the_firsts_pages_away(both: Database) -> None:
    for actor in (public(), OPERATOR, person(both, "team"), person(both, "executive"), person(both, "police")):
        assert shown(both, actor) == LEICESTER
    assert scorecard.latest_scorecard(both, public()).agreement == "Leicester Local Area Agreement 2008-11"


def test_a_partner_in_one_alone_is_shown_that_one(both: Database) -> None:
    assert shown(both, person(both, "dcc")) == DERBY
    assert shown(both, person(both, "dcc.contributor")) == DERBY
    assert shown(both, person(both, "nhs")) == LEICESTER


def test_what_was_chosen_comes_first(both: Database) -> None:
    assert shown(both, at(person(both, "dcc"), LEICESTER)) == LEICESTER
    assert shown(both, at(public(), DERBY)) == DERBY


@pytest.mark.parametrize("key", ["nowhere", "", " ", "x\x00y", "\ud800", LEICESTER.upper()])
def test_a_choice_of_none_is_told(both: Database, key: str) -> None:
    if not key:
        assert shown(both, at(public(), key)) == LEICESTER
        return
    with pytest.raises(NotFound, match="There is no agreement"):
        agreements.choice(both, at(public(), key))


def test_of_an_agreement_without_a_version_it_is_said_that_there_are_only_shares(both: Database) -> None:
    there = agreements.choice(both, public())
    assert there is not None
    assert (there.shown.key, [line.key for line in there.others], there.many) == (LEICESTER, [DERBY], False)
    assert [line.key for line in agreements.listed(both, public())] == [LEICESTER, DERBY]
    for read_it in (scorecard.latest_scorecard, memorandum):
        with pytest.raises(NotFound, match="Of the Leicester LAA 2006-09 nothing but its half-yearly shares is known"):
            read_it(both, at(public(), EARLIER))


def test_the_one_that_runs_today_is_the_usual_one_else_the_newest(both: Database, tmp_path: Path) -> None:
    with both.write(OPERATOR) as session:
        derbys = update(Agreement).where(Agreement.key == DERBY)
        session.execute(derbys.values(first_year="2011/12", last_year="2013/14"))
    assert shown(both, public()) == LEICESTER
    both.clock = Clock(AFTER_BOTH)
    assert shown(both, public()) == DERBY
    both.clock = Clock(date(2020, 1, 1))
    assert shown(both, public()) == DERBY
    with both.write(OPERATOR) as session:
        session.execute(derbys.values(first_year="2008/09", last_year="2010/11"))
    assert shown(both, public()) == LEICESTER


def test_a_look_at_the_past_does_not_change_what_is_shown(both: Database) -> None:
    with both.write(OPERATOR) as session:
        session.execute(
            update(Agreement).where(Agreement.key == LEICESTER).values(first_year="2005/06", last_year="2007/08")
        )
    with pytest.raises(NotFound):
        themes(both, person(both, "executive"), None, AsAt(date(2007, 5, 1)))  # Derby's, of which nothing was known
    assert shown(both, person(both, "executive")) == DERBY


def test_before_anything_is_loaded_there_is_nothing_to_choose(bare_database: Database) -> None:
    assert agreements.choice(bare_database, public()) is None
    assert scorecard.latest_scorecard(bare_database, public()) is None
    with pytest.raises(NotFound, match="No agreement has been loaded yet"):
        memorandum(bare_database, public())


# --- choosing ---------------------------------------------------------------------------------------------


def test_a_choice_lives_with_its_session_alone(both: Database) -> None:
    police = person(both, "police")
    one, other = sessions.begin(both, police), sessions.begin(both, police)
    agreements.choose(both, police, one, DERBY)
    assert sessions.who_is(both, one, "").actor.agreement == DERBY
    assert sessions.who_is(both, other, "").actor.agreement == ""
    assert shown(both, sessions.who_is(both, one, "").actor) == DERBY
    agreements.choose(both, sessions.who_is(both, one, "").actor, one, LEICESTER)
    assert shown(both, sessions.who_is(both, one, "").actor) == LEICESTER


@pytest.mark.parametrize("key", ["nowhere", EARLIER, "", "\x00"])
def test_what_cannot_be_shown_cannot_be_chosen(both: Database, key: str) -> None:
    police = person(both, "police")
    token = sessions.begin(both, police)
    with pytest.raises(NotFound):
        agreements.choose(both, police, token, key)
    with both.read(OPERATOR) as session:
        assert session.scalars(select(SignIn.agreement_id)).all() == [None]


def test_the_public_chooses_by_address_alone(both: Database) -> None:
    with pytest.raises(PortalError):
        agreements.choose(both, public(), "", DERBY)


# --- through a quarter in each ----------------------------------------------------------------------------


def test_each_agreement_lives_its_own_quarter(both: Database) -> None:
    team = person(both, "team")
    published(both, DERBY, "NI 16", "1.11", "police")
    published(both, LEICESTER, "NI 16", "2.22", "police")
    published(both, DERBY, "NI 154", "333", "dcc")
    cards = {key: scorecard.latest_scorecard(both, at(public(), key)) for key in (LEICESTER, DERBY)}
    assert {key: (card.edition, card.area) for key, card in cards.items()} == {
        LEICESTER: (2, "Leicester"),
        DERBY: (2, "Derby"),
    }
    assert figures(cards[LEICESTER], "NI 16") == Decimal("2.22")
    assert figures(cards[DERBY], "NI 16") == Decimal("1.11")
    assert figures(cards[DERBY], "NI 154") == 333
    assert sum(len(t.indicators) for t in cards[DERBY].themes) == 3
    assert queue(both, at(team, DERBY)).next_edition == 3
    assert memorandum(both, at(public(), DERBY)).agreement == TITLE


def figures(card: object, code: str) -> Decimal | None:
    return next(m.value for t in card.themes for i in t.indicators for m in i.measures if m.code == code)


def test_opening_a_period_in_one_opens_none_in_the_other(both: Database) -> None:
    team = person(both, "team")
    assert periods.open_for_returns(both, at(team, DERBY), "2008-09-q4") == 3
    lines = {
        key: {line.slug: line.opened for line in calendar.calendar(both, at(team, key)).periods}
        for key in (DERBY, LEICESTER)
    }
    assert (lines[DERBY]["2008-09-q4"], lines[LEICESTER]["2008-09-q4"]) == (True, False)
    periods.close_for_returns(both, at(team, DERBY), Q3)
    assert calendar.one_period(both, at(team, DERBY), Q3).line.closed
    assert not calendar.one_period(both, at(team, LEICESTER), Q3).line.closed


def test_a_desk_asks_for_the_returns_of_the_shown_agreement_alone(both: Database) -> None:
    police = person(both, "police")
    desks = {key: {task.measure for task in desk(both, at(police, key)).tasks} for key in (LEICESTER, DERBY)}
    assert desks == {LEICESTER: {"NI 16", "NI 20", "NI 32"}, DERBY: {"NI 16", "NI 20"}}
    numbers = {key: {task.id for task in desk(both, at(police, key)).tasks} for key in desks}
    assert numbers[LEICESTER].isdisjoint(numbers[DERBY])
    assert {task.measure for task in desk(both, person(both, "dcc")).tasks} == {"NI 154"}
    assert desk(both, at(person(both, "dcc"), LEICESTER)).tasks == ()


def test_what_waits_for_a_partners_word_stays_in_its_agreement(both: Database) -> None:
    police = person(both, "police")
    lcc = person(both, "lcc")
    submitted(both, lcc, LEICESTER, "NI 5", "60")  # the police signed up to it
    assert [task.measure for task in desk(both, at(police, LEICESTER)).signed_up] == ["NI 5"]
    assert desk(both, at(police, DERBY)).signed_up == ()


def test_the_queue_and_questions_stay_in_their_agreement(both: Database) -> None:
    team, police = person(both, "team"), person(both, "police")
    number = submitted(both, police, DERBY, "NI 16", "1.11")
    assert [line.task.id for line in queue(both, at(team, DERBY)).waiting] == [number]
    assert queue(both, at(team, LEICESTER)).waiting == ()
    assert {o.organisation for o in queue(both, at(team, DERBY)).outstanding} == {
        "Derby City Council",
        "Leicestershire Constabulary",
    }
    review.query(both, at(team, DERBY), number, None, "Is this the whole quarter?")
    for actor in (team, police):
        assert len(conversation.open_questions(both, at(actor, DERBY))) == 1
        assert conversation.open_questions(both, at(actor, LEICESTER)) == ()


def test_themes_review_and_forecasts_are_of_the_shown_agreement(both: Database) -> None:
    team = person(both, "team")
    published(both, DERBY, "NI 16", "1.11", "police")
    found = themes(both, at(team, DERBY))
    assert (found.agreement, found.counts.total) == (TITLE, 3)
    codes = [i.code for i in theme(both, at(team, DERBY), "safer").theme.indicators]
    assert sorted(codes) == ["NI 16", "NI 20"]
    assert themes(both, at(team, LEICESTER)).counts.total == 58
    assert (newest_review(both, at(team, DERBY)).agreement, len(newest_review(both, at(team, DERBY)).indicators)) == (
        TITLE,
        3,
    )
    mine = {line.return_id for line in ledger(both, at(team, DERBY)).lines}
    assert mine.isdisjoint({line.return_id for line in ledger(both, at(team, LEICESTER)).lines})


def test_the_trail_says_in_which_agreement_a_thing_was_done(both: Database) -> None:
    team, police = person(both, "team"), person(both, "police")
    before = {e.number for e in trail(both, at(team, DERBY)).events}
    published(both, DERBY, "NI 16", "1.11", "police")
    new = [e for e in trail(both, at(team, DERBY)).events if e.number not in before]
    assert [e.action for e in new] == ["edition:publish", "return:verify", "return:submit", "return:edit"]
    assert {e.number for e in new}.isdisjoint({e.number for e in trail(both, at(team, LEICESTER)).events})
    assert "return:submit" not in {e.action for e in trail(both, at(police, LEICESTER)).events}
    accounts = trail(both, at(team, DERBY), "account dcc").events
    assert accounts  # an account belongs to no agreement: everybody who may read the trail sees it in each
    assert [e.number for e in accounts] == [e.number for e in trail(both, at(team, LEICESTER), "account dcc").events]
    with both.read(OPERATOR) as session:
        assert audit.first_break(session) is None
        named = set(session.scalars(select(AuditEvent.agreement)))
    assert named == {LEICESTER, DERBY, None}


def test_a_return_is_changed_in_its_own_agreement_whichever_is_shown(both: Database) -> None:
    police = person(both, "police")
    number = return_in(both, police, DERBY, "NI 16")
    returns.save(both, at(police, LEICESTER), number, None, Typed(value="1"))
    assert [e.subject for e in trail(both, at(police, DERBY)).events][:1] == ["return NI 16 2008/09 Q3"]
    with both.read(OPERATOR) as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).one()
    assert last.agreement == DERBY
    assert returns.read_return(both, at(police, LEICESTER), number).other_agreement == TITLE
    assert returns.read_return(both, at(police, DERBY), number).other_agreement == ""


# --- nothing leaks ----------------------------------------------------------------------------------------


def test_nobody_of_one_area_sees_the_drafts_of_the_other(both: Database) -> None:
    """Whatever agreement they choose: rows are guarded by scope, the choice only says where to look."""
    dcc, lcc, nhs = (person(both, key) for key in ("dcc", "lcc", "nhs"))
    draft = return_in(both, dcc, DERBY, "NI 154")
    returns.save(both, dcc, draft, None, Typed(value="321", commentary="Derby's own words"))
    for stranger in (lcc, nhs, person(both, "executive"), person(both, "team")):
        for key in (LEICESTER, DERBY):
            with pytest.raises(NotFound):
                returns.read_return(both, at(stranger, key), draft)
            with pytest.raises(PortalError):
                returns.save(both, at(stranger, key), draft, None, Typed(value="1"))
            assert "Derby's own words" not in repr(returns.list_returns(both, at(stranger, key), Q3))
    theirs = return_in(both, lcc, LEICESTER, "NI 154")
    for key in (LEICESTER, DERBY):
        with pytest.raises(NotFound):
            returns.read_return(both, at(dcc, key), theirs)
        with pytest.raises((NotFound, Forbidden)):
            returns.submit(both, at(dcc, key), theirs, None)


def test_the_shared_partners_figures_stay_apart(both: Database) -> None:
    police = person(both, "police")
    here, there = (return_in(both, police, key, "NI 16") for key in (LEICESTER, DERBY))
    assert here != there
    returns.save(both, police, there, None, Typed(value="1.11"))
    assert returns.read_return(both, police, here).answers.value is None
    assert [v.answers.value for v in returns.list_returns(both, at(police, DERBY), Q3)] == [Decimal("1.11"), None]


def test_the_demonstrations_own_numbers_did_not_move(both: Database) -> None:
    with both.read(OPERATOR) as session:
        editions = session.execute(
            select(Agreement.key, Edition.number).join(Agreement, Agreement.id == Edition.agreement_id)
        ).all()
        assert session.scalar(select(func.count()).select_from(Person)) == 28
    assert [tuple(row) for row in editions] == [(LEICESTER, 1)]
