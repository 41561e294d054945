"""A refresh: proposed, consented to, agreed as a whole; nothing changes for anyone until then."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from models.agreement import AgreementVersion, IndicatorTerms, Measure, Milestone, Profile, Target
from models.audit import AuditEvent
from models.refresh import RefreshConsent
from models.returns import RevisionRating
from models.rules.refresh import Stretch, Term
from models.rules.terms import NoRating, Rating, State, TargetState
from portal.actor import OPERATOR, Actor
from portal.clock import Clock
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from portal.records.versions import says
from portal.services import annual_review, events, periods, refresh, returns, review, themes
from portal.viewmodels.past import AsAt
from portal.viewmodels.refresh import Change, Proposed, RefreshPage
from portal.viewmodels.returns import Typed
from portal.words import refresh as words
from tests.conftest import person
from tests.support.agreeing import agree_all, consent_to_all

MARCH, APRIL = date(2009, 3, 20), date(2009, 4, 20)


def on(database: Database, day: date) -> Database:
    """The same database on another day."""
    database.clock = Clock(day)
    return database


def opened(database: Database) -> RefreshPage:
    page = refresh.refresh_desk(database, person(database, "team")).refresh
    assert page is not None
    return page


def proposed(database: Database, code: str) -> Proposed:
    return next(one for one in opened(database).proposed if one.code == code)


def only(database: Database, code: str) -> Change:
    (change,) = proposed(database, code).changes
    return change


def propose(database: Database, code: str, term: str, typed: str, version: int | None = None) -> None:
    refresh.propose_change(database, person(database, "team"), version, code, term, typed, "Because.")


@pytest.fixture
def empty(database: Database) -> Database:
    """The agreement as signed, with a refresh in which nothing is proposed yet."""
    team = person(database, "team")
    refresh.leave(database, team, None, "Start from nothing.")
    refresh.start_refresh(database, team, "Another", "To try it.", date(2009, 4, 1))
    return database


def test_the_files_newer_version_is_an_open_refresh_until_it_is_agreed(database: Database) -> None:
    page = opened(database)
    assert (page.title, page.in_force_from, page.base.title) == (
        "Refresh of March 2009",
        date(2009, 3, 31),
        "As signed in June 2008",
    )
    assert len(page.summary.resolved) == 11
    assert page.summary.stretches == {Stretch.FIRST: 18, Stretch.STRETCHED: 1, Stretch.RELAXED: 1}
    assert only(database, "NI 154").stretch is Stretch.RELAXED
    assert only(database, "NI 179").stretch is Stretch.STRETCHED
    assert words.summary(page.summary).startswith("11 placeholders resolved, 18 targets are set for the first time")


def test_refreshing_the_version_of_june_2008_into_that_of_2009(database: Database) -> None:
    """11 placeholders resolved, NI 154 relaxed, NI 179 stretched; the review of before reads as it did."""
    march = on(database, MARCH)
    team = person(march, "team")
    assert agree_all(march, team) == 2
    april = on(database, APRIL)
    page = refresh.agreement_page(april, person(april, "police"))
    assert (page.shown.number, page.shown.in_force, page.shown.agreed_on) == (2, True, MARCH)
    assert len(page.summary.resolved) == 11
    changed = {(c.measure, c.year): c for c in page.changes if c.stretch in (Stretch.RELAXED, Stretch.STRETCHED)}
    assert {key: (c.old.low, c.new.low) for key, c in changed.items()} == {
        ("NI 154", "2008/09"): (Decimal(1450), Decimal(940)),
        ("NI 179a", "2008/09"): (Decimal("10.326"), Decimal("10.906")),
    }
    with april.read(OPERATOR) as session:
        placeholders = select(IndicatorTerms.version_id).where(IndicatorTerms.placeholder.is_(True))
        assert set(session.scalars(placeholders)) == {1}
    for as_at in (None, AsAt(date(2009, 1, 26))):
        counts = annual_review.annual_review(april, team, "2008-09", as_at).counts
        assert list(counts.values()) == [16, 3, 5, 11]


def test_nothing_changes_for_anyone_until_it_is_agreed(database: Database) -> None:
    team, executive = person(database, "team"), person(database, "executive")
    before = themes.themes(database, executive)
    with database.read(OPERATOR) as session:
        first = session.get_one(AgreementVersion, 1)
        held = says(session, first)
    propose(database, "NI 16", "target 2009/10", "20")
    consent_to_all(database, team)
    assert themes.themes(database, executive) == before
    with database.read(OPERATOR) as session:
        assert session.scalars(select(AgreementVersion.number)).all() == [1]
        assert says(session, session.get_one(AgreementVersion, 1)) == held


def test_a_consent_is_needed_from_everybody_whom_the_target_relates_to(empty: Database) -> None:
    propose(empty, "NI 16", "target 2009/10", "26")  # designated: Government Office too
    propose(empty, "LI 155", "target 2009/10", "150")  # local: the partners alone
    asked = {one.code: [c.key for c in one.consents] for one in opened(empty).proposed}
    assert asked["NI 16"][-1] == ""
    assert "police" in asked["NI 16"]
    assert "" not in asked["LI 155"]
    assert asked["LI 155"]


def test_it_is_agreed_only_when_every_consent_is_given(empty: Database) -> None:
    team = person(empty, "team")
    with pytest.raises(Conflict, match="Nothing is proposed"):
        refresh.agree(empty, team, None)
    propose(empty, "NI 16", "target 2009/10", "26")
    for consent in proposed(empty, "NI 16").consents:
        with pytest.raises(Conflict, match="Consent is missing"):
            refresh.agree(empty, team, None)
        refresh.record_consent(empty, team, None, consent.key, "Letter", given=True)
    assert refresh.agree(empty, team, None) == 2


def test_a_consent_is_to_what_was_proposed_then(empty: Database) -> None:
    team = person(empty, "team")
    propose(empty, "NI 16", "target 2009/10", "26")
    consent_to_all(empty, team)
    propose(empty, "NI 16", "target 2010/11", "25")
    assert [c.given for c in proposed(empty, "NI 16").consents if c.given] == []
    added = proposed(empty, "NI 16").changes[-1]
    assert added.id is not None
    refresh.take_back(empty, team, None, added.id)
    assert proposed(empty, "NI 16").missing == ()  # what they consented to is what is proposed again
    propose(empty, "NI 16", "target 2009/10", "24")
    assert proposed(empty, "NI 16").changes[0].new.low == Decimal(24)
    assert len(proposed(empty, "NI 16").missing) == len(proposed(empty, "NI 16").consents)


def test_who_consented_may_say_otherwise(empty: Database) -> None:
    team = person(empty, "team")
    propose(empty, "NI 16", "target 2009/10", "26")
    consent_to_all(empty, team)
    refresh.record_consent(empty, team, None, "police", "Chief Superintendent, by telephone", given=False)
    (no,) = proposed(empty, "NI 16").missing
    assert (no.key, no.given, no.said_by) == ("police", False, "Chief Superintendent, by telephone")
    with pytest.raises(Conflict, match=r"Leicestershire Constabulary \(NI 16\)"):
        refresh.agree(empty, team, None)


def test_a_new_lead_is_asked_too(empty: Database) -> None:
    propose(empty, "NI 16", "lead", "lcc")
    assert {"police", "lcc"} <= {c.key for c in proposed(empty, "NI 16").consents}


def test_with_a_new_lead_the_old_one_writes_no_more_and_what_it_returned_stays_its_own(empty: Database) -> None:
    police, lcc, team = (person(empty, key) for key in ("police", "lcc", "team"))
    draft = returns.find_return(empty, police, "2008-09-q3", "NI 16")
    returns.save(empty, police, draft, None, Typed(value="2.3", commentary="Of the police."))
    propose(empty, "NI 16", "lead", "lcc")
    agree_all(empty, team)
    later = on(empty, date(2009, 8, 20))
    periods.open_for_returns(later, team, "2009-10-q1")
    new = returns.find_return(later, lcc, "2009-10-q1", "NI 16")
    with pytest.raises(NotFound):
        returns.find_return(later, police, "2009-10-q1", "NI 16")
    with pytest.raises(NotFound):
        returns.save(later, police, new, None, Typed(value="1"))
    with pytest.raises(Forbidden):
        events.record_event(later, police, "ni-16", date(2009, 8, 1), "Patrols began.")
    assert events.record_event(later, lcc, "ni-16", date(2009, 8, 1), "Patrols began.")
    assert returns.read_return(later, police, draft).answers.commentary == "Of the police."
    with pytest.raises(NotFound):
        returns.read_return(later, lcc, draft)


def test_what_it_would_have_meant_for_past_figures(empty: Database) -> None:
    propose(empty, "NI 117", "target 2008/09", "11")  # 10.8 was returned against 8.4: worse
    change = only(empty, "NI 117")
    assert words.moves(change.moves) == (
        "Of 1 past figure of that year 1 would move from worse than anticipated to within acceptable range."
    )
    propose(empty, "NI 117", "target 2009/10", "8")
    other = proposed(empty, "NI 117").changes[-1]
    assert words.moves(other.moves) == "Of 1 past figure of other years none would be rated otherwise."
    propose(empty, "NI 50", "target 2009/10", "66.4")
    assert words.moves(only(empty, "NI 50").moves) == "No figure has been returned that it could be tried on."


@pytest.mark.parametrize(
    ("code", "term", "typed", "field"),
    [
        ("NI 16", "target 2009/10", "much", "proposed"),
        ("NI 16", "target 2009/10", "15 to 10", "proposed"),
        ("NI 16", "target 2009/10", "26.5", "proposed"),  # agreed already
        ("NI 16", "tolerance", "-1", "proposed"),
        ("NI 16", "polarity", "sideways", "proposed"),
        ("NI 16", "lead", "nobody", "proposed"),
        ("NI 16", "placeholder", "no", "term"),
        ("NI 16", "colour", "red", "term"),
        ("NI 9999", "baseline", "1", "measure"),
        ("x", "baseline", "1", "measure"),
    ],
)
def test_what_cannot_be_proposed_says_why(empty: Database, code: str, term: str, typed: str, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        propose(empty, code, term, typed)
    assert list(caught.value.fields) == [field]
    assert opened(empty).proposed == ()


def test_a_year_outside_the_agreement_is_not_found(empty: Database) -> None:
    with pytest.raises(NotFound):
        propose(empty, "NI 16", "target 2014/15", "3")


def test_everything_that_can_be_proposed_is_in_the_version_that_is_made(empty: Database) -> None:
    team = person(empty, "team")
    with empty.write(OPERATOR) as session:
        homes = session.scalars(select(Measure).where(Measure.code == "NI 154")).one()
        session.add(Profile(version_id=1, measure_id=homes.id, number=2, share=Decimal("0.4")))
    for code, term, typed in (
        ("NI 16", "target 2009/10", "withdrawn"),
        ("NI 20", "baseline", "14.1; 2007/08 revised"),
        ("NI 20", "tolerance", "5%"),
        ("NI 20", "polarity", "range"),
        ("NI 35", "lead", ""),
        ("NI 35", "partners", "nhs; police"),
        ("NI 154", "target 2008/09", "900 to 940"),
    ):
        propose(empty, code, term, typed)
    agree_all(empty, team)
    with empty.read(OPERATOR) as session:
        old, new = (says(session, session.get_one(AgreementVersion, number)) for number in (1, 2))
        changed = {(p.measure or p.indicator, p.term, p.year): new[p] for p in old if old[p] != new[p]}
        assert session.scalars(select(Profile.share).where(Profile.version_id == 2)).all() == [Decimal("0.4")]
        kept = [len(session.scalars(select(Milestone).where(Milestone.version_id == n)).all()) for n in (1, 2)]
    assert changed[("NI 16", Term.TARGET, "2009/10")].state is TargetState.WITHDRAWN
    assert (changed[("NI 20", Term.BASELINE, "")].low, changed[("NI 20", Term.BASELINE, "")].word) == (
        Decimal("14.1"),
        "2007/08 revised",
    )
    assert changed[("NI 20", Term.TOLERANCE, "")].word == "percent"
    assert changed[("NI 20", Term.POLARITY, "")].word == "range"
    assert changed[("NI 35", Term.LEAD, "")].word == ""
    assert changed[("NI 35", Term.PARTNERS, "")].word == "nhs; police"
    assert changed[("NI 154", Term.TARGET, "2008/09")].high == Decimal(940)
    assert len(changed) == 7
    assert kept == [25, 25]  # the milestones of a quarter that ended before stay


def test_an_indicator_withdrawn_from_a_year_still_counts_before(empty: Database) -> None:
    team = person(empty, "team")
    propose(empty, "NI 16", "target 2009/10", "withdrawn")
    agree_all(empty, team)
    later = on(empty, date(2009, 8, 20))
    periods.open_for_returns(later, person(later, "team"), "2009-10-q1")
    executive = person(later, "executive")
    now = next(i for i in themes.theme(later, executive, "safer", "2009-10-q1").theme.indicators if i.code == "NI 16")
    then = next(i for i in themes.theme(later, executive, "safer", "2008-09-q2").theme.indicators if i.code == "NI 16")
    assert (now.rating, now.no_rating_reason) == (None, NoRating.WITHDRAWN)
    assert then.rating is Rating.WORSE


def test_a_rating_keeps_the_version_that_it_was_made_by(database: Database) -> None:
    team, lcc = person(database, "team"), person(database, "lcc")
    number = returns.find_return(database, lcc, "2008-09-q3", "NI 154")
    returns.save(database, lcc, number, None, Typed(value="800"))
    returns.submit(database, lcc, number, None)
    review.verify(database, team, number, None)
    before = returns.read_return(database, lcc, number)
    agree_all(database, team)
    april = on(database, APRIL)
    after = returns.read_return(april, lcc, number)
    assert (after.standing.rating, after.standing.expected) == (before.standing.rating, before.standing.expected)
    with april.read(OPERATOR) as session:
        assert set(session.scalars(select(RevisionRating.version_id))) == {1}
    assert after.state is State.VERIFIED


def test_leaving_it_needs_a_reason_and_changes_nothing(database: Database) -> None:
    team = person(database, "team")
    with pytest.raises(Invalid):
        refresh.leave(database, team, None, " ")
    refresh.leave(database, team, None, "Government Office asks for another year.")
    assert refresh.refresh_desk(database, team).refresh is None
    with database.read(OPERATOR) as session:
        assert session.scalars(select(AgreementVersion.number)).all() == [1]
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).one()
    assert last.reason == "Government Office asks for another year."


def test_one_refresh_at_a_time_and_none_for_a_day_that_is_over(database: Database) -> None:
    team = person(database, "team")
    with pytest.raises(Conflict, match="open already"):
        refresh.start_refresh(database, team, "Second", "Why not.", date(2009, 5, 1))
    refresh.leave(database, team, None, "Enough.")
    with pytest.raises(Invalid) as caught:
        refresh.start_refresh(database, team, "Second", "Why not.", date(2009, 1, 19))
    assert list(caught.value.fields) == ["in_force_from"]
    with pytest.raises(NotFound, match="No refresh is open"):
        propose(database, "NI 16", "target 2009/10", "26")


def test_what_was_looked_at_is_what_is_changed(database: Database) -> None:
    version = opened(database).version
    propose(database, "NI 16", "target 2009/10", "26", version)
    team = person(database, "team")
    for stale in (
        lambda: propose(database, "NI 20", "target 2009/10", "12", version),
        lambda: refresh.agree(database, team, version),
        lambda: refresh.leave(database, team, version, "No."),
        lambda: refresh.record_consent(database, team, version, "police", "Letter", given=True),
    ):
        with pytest.raises(Stale):
            stale()


@pytest.mark.parametrize("who", ["police", "police.contributor", "executive", "reviewer", "admin"])
def test_only_the_team_refreshes(database: Database, who: str) -> None:
    actor: Actor = person(database, who)
    for attempt in (
        lambda: refresh.refresh_desk(database, actor),
        lambda: refresh.start_refresh(database, actor, "Mine", "Mine.", date(2009, 5, 1)),
        lambda: refresh.propose_change(database, actor, None, "NI 16", "target 2009/10", "99", "Mine."),
        lambda: refresh.take_back(database, actor, None, 1),
        lambda: refresh.record_consent(database, actor, None, "police", "Me", given=True),
        lambda: refresh.agree(database, actor, None),
        lambda: refresh.leave(database, actor, None, "Mine."),
    ):
        with pytest.raises(Forbidden):
            attempt()
    with database.read(OPERATOR) as session:
        assert session.scalars(select(RefreshConsent)).all() == []


def test_the_first_targets_are_still_there_after_it(database: Database) -> None:
    agree_all(database, person(database, "team"))
    with database.read(OPERATOR) as session:
        rows = session.execute(
            select(Target.version_id, Target.low)
            .join(Measure)
            .where(Measure.code == "NI 154", Target.year == "2008/09")
            .order_by(Target.version_id)
        )
        assert [tuple(row) for row in rows] == [(1, Decimal(1450)), (2, Decimal(940))]
