"""A partner reports each half-year from a day on: a refresh says so, and what was returned before stays as it was."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from models.agreement import Profile
from models.rules.expected import Basis
from models.rules.terms import Frequency, NoRating, Rating
from portal.actor import OPERATOR
from portal.clock import Clock
from portal.database import Database
from portal.formats.agreement_csv import AgreementFile, Milestone, read_agreement
from portal.formats.memorandum_csv import memorandum_csv
from portal.services import imports, people, periods, refresh, returns, review, themes
from portal.services.calendar import calendar
from portal.services.desk import desk
from portal.services.indicator_page import indicator_page
from portal.services.memorandum import memorandum
from portal.settings import package_data
from portal.viewmodels.indicators import MeasureStanding
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Typed
from tests.conftest import PASSWORD, person
from tests.portal.records.test_profiles import HOMES, with_them
from tests.support.agreeing import agree_all

SIGNED, AGREED, FROM = date(2008, 9, 18), date(2008, 9, 20), date(2008, 10, 1)
JCP = ("NI 152", "NI 153")
Q2, Q3, Q4, H2 = "2008-09-q2", "2008-09-q3", "2008-09-q4", "2008-09-h2"


def the_file() -> AgreementFile:
    file = read_agreement(package_data("leicester")).agreement
    assert file is not None
    return file


def on(database: Database, *day: int) -> None:
    database.clock = Clock(date(*day))


def half_yearly(database: Database, *codes: str, starts: date = FROM) -> None:
    """Agree a refresh by which these measures are returned each half-year."""
    team = person(database, "team")
    if refresh.refresh_desk(database, team).refresh is not None:
        refresh.leave(database, team, None, "Half-years first.")
    refresh.start_refresh(database, team, "Half-years", "Fewer returns.", starts)
    for code in codes:
        refresh.propose_change(database, team, None, code, "frequency", "Half-yearly", "So agreed.")
    agree_all(database, team)


def sign(database: Database) -> None:
    database.clock = Clock(SIGNED)
    imports.load_agreement(database, OPERATOR, the_file())
    for key, role, organisation in (
        *((key, "lead", key) for key in ("jcp", "police")),
        *((key, key, None) for key in ("team", "executive")),
    ):
        people.add_person(database, OPERATOR, f"{key}@portal.example", key, role, organisation, PASSWORD, demo=True)


@pytest.fixture
def signed(bare_database: Database, brought: Callable[..., None]) -> Database:
    """The agreement as it was before the first quarter that is returned half-yearly, without a period open."""
    brought(bare_database, sign)
    on(bare_database, 2008, 9, 20)
    return bare_database


def standing(database: Database, code: str, period: str, as_at: AsAt | None = None) -> MeasureStanding:
    return indicator_page(database, person(database, "executive"), code, period, as_at).measures[0].standing


def test_what_was_returned_before_reads_to_the_letter_as_it_did(signed: Database) -> None:
    executive, team = person(signed, "executive"), person(signed, "team")
    number = returns.find_return(signed, team, Q2, "NI 152")

    def told() -> list[object]:
        pages = [indicator_page(signed, executive, code, Q2) for code in JCP]
        seen = [
            (page.indicator, page.revisions, page.measures[0].standing, page.measures[0].definition) for page in pages
        ]
        return [*seen, returns.read_return(signed, team, number), themes.theme(signed, executive, "skills", Q2)]

    before = told()
    half_yearly(signed, *JCP)
    assert told() == before
    kept = standing(signed, "NI 152", Q2)
    assert kept.expected is not None
    assert (kept.expected.basis, kept.expected.value, kept.lead) == (
        Basis.MILESTONE, Decimal("16.60"), Decimal("0.27")
    )  # fmt: skip


def test_what_is_asked_for_next_follows_the_version_in_force_at_the_periods_end(signed: Database) -> None:
    half_yearly(signed, *JCP)
    team, jcp, police = (person(signed, key) for key in ("team", "jcp", "police"))
    on(signed, 2009, 1, 20)
    assert periods.open_for_returns(signed, team, Q3) == 40
    assert desk(signed, jcp).tasks == ()
    assert dict(desk(signed, jcp).not_due) == dict.fromkeys(JCP, "2008/09 H2")
    assert [task.measure for task in desk(signed, police).tasks] == ["NI 16", "NI 20", "NI 32"]
    assert standing(signed, "NI 152", Q3).no_rating_reason is NoRating.NOT_DUE
    assert standing(signed, "NI 20", Q3).no_rating_reason is NoRating.NOT_DUE  # until it is due
    asked = {line.key: line.asks for line in calendar(signed, team, "2008/09").periods}
    assert (asked["2008/09 Q2"], asked["2008/09 Q3"], asked["2008/09 Q4"], asked["2008/09 H2"]) == (
        *(asked["2008/09 Q3"] + 2, asked["2008/09 Q3"], asked["2008/09 Q3"], 2),
    )
    assert "2008/09 H1" not in asked
    on(signed, 2009, 4, 20)
    assert (periods.open_for_returns(signed, team, H2), periods.open_for_returns(signed, team, Q4)) == (2, 40)
    number = returns.find_return(signed, jcp, H2, "NI 152")
    returns.save(signed, jcp, number, None, Typed(value="14"))
    returns.submit(signed, jcp, number, None)
    review.verify(signed, team, number, None)
    now = standing(signed, "NI 152", H2)
    assert (now.rating, [point.period for point in now.history]) == (Rating.BETTER, ["2008/09 Q2", "2008/09 H2"])
    assert standing(signed, "NI 152", Q4).value == Decimal(14)


def test_memorandum_and_any_past_day_show_both(signed: Database) -> None:
    half_yearly(signed, *JCP)
    found = {
        number: {
            measure.code: measure.frequency
            for one in memorandum(signed, OPERATOR, number).indicators
            for measure in one.measures
        }
        for number in (1, 2)
    }
    changed = {code: (found[1][code], said) for code, said in found[2].items() if found[1][code] is not said}
    assert changed == dict.fromkeys(JCP, (Frequency.QUARTERLY, Frequency.HALF_YEARLY))
    written = memorandum_csv(memorandum(signed, OPERATOR, 2)).splitlines()
    assert written[0].endswith(",frequency")
    assert sum(line.endswith(",half-yearly") for line in written) == 6  # three years of each
    executive = person(signed, "executive")
    for as_at, frequency in ((AsAt(SIGNED), Frequency.QUARTERLY), (None, Frequency.HALF_YEARLY)):
        page = indicator_page(signed, executive, "NI 152", Q3, as_at)
        assert page.measures[0].definition.frequency is frequency
        aims = {aim.period for aim in page.measures[0].chart.aims if aim.day > FROM}
        assert ("2008/09 H2" in aims, "2008/09 Q3" in aims) == (as_at is None, as_at is not None)


def test_what_was_asked_for_before_is_held_against_its_own_period(signed: Database) -> None:
    """Quarter 4 was opened early, and the version that ends it is in force from before its end."""
    file = the_file()
    milestone = Milestone("NI 152", "2008/09 Q4", Decimal("15.5"), None, None)
    imports.load_agreement(signed, OPERATOR, replace(file, milestones=(*file.milestones, milestone)))
    team, jcp = person(signed, "team"), person(signed, "jcp")
    on(signed, 2009, 4, 1)
    periods.open_for_returns(signed, team, Q4)
    number = returns.find_return(signed, jcp, Q4, "NI 152")
    on(signed, 2009, 3, 1)
    half_yearly(signed, *JCP, starts=date(2009, 3, 1))
    on(signed, 2009, 4, 20)
    returns.save(signed, jcp, number, None, Typed(value="14"))
    held = returns.submit(signed, jcp, number, None).standing.expected
    assert held is not None
    assert (held.basis, held.value) == (Basis.MILESTONE, Decimal("15.5"))


def test_a_newer_folder_that_says_otherwise_proposes_it(signed: Database) -> None:
    team, file = person(signed, "team"), the_file()
    refresh.leave(signed, team, None, "Half-years first.")
    measures = tuple(replace(one, frequency=Frequency.HALF_YEARLY) if one.code in JCP else one for one in file.measures)
    newer = replace(file, measures=measures, versions=file.versions[:1])
    loaded = imports.load_agreement(signed, OPERATOR, newer)
    assert loaded.added == {"refresh": 1, "refresh_change": 2}
    page = refresh.refresh_desk(signed, team).refresh
    assert page is not None
    changes = [change for one in page.proposed for change in one.changes]
    assert [(c.measure, c.term, c.old.word, c.new.word) for c in changes] == [
        (code, "frequency", "quarterly", "half-yearly") for code in JCP
    ]


def test_a_profile_goes_on_with_the_shares_at_the_ends_of_the_new_periods(database: Database) -> None:
    imports.load_agreement(database, OPERATOR, with_them())
    on(database, 2009, 1, 20)
    half_yearly(database, HOMES, starts=date(2009, 4, 1))
    with database.read(OPERATOR) as session:
        shares = session.execute(
            select(Profile.version_id, Profile.number, Profile.share).order_by(Profile.version_id, Profile.number)
        ).all()
    found = [(number, str(share)) for version_id, number, share in shares if version_id == shares[-1][0]]
    assert found == [(1, "0.20"), (2, "1")]
