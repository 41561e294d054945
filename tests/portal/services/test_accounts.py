"""Changing who somebody is, and what an organisation is called."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from layouts.people import changed
from models.agreement import Agreement
from models.audit import AuditEvent
from models.people import Organisation, Person
from models.rules.terms import Role
from portal import audit
from portal.actor import OPERATOR
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound, SignInRequired
from portal.formats.agreement_csv import read_agreement
from portal.formats.agreement_csv.rows import AgreementFile
from portal.records.loading import NotLoaded
from portal.services import imports, organisations, people, returns, scorecard, sessions
from portal.services.desk import desk
from portal.settings import package_data
from portal.viewmodels.returns import Typed
from tests.conftest import TODAY, person
from tests.support.areas import LEICESTER


def number_of(database: Database, key: str) -> int:
    found = person(database, key).person_id
    assert found is not None
    return found


def change(database: Database, key: str = "police", **said: str) -> None:
    told = {"name": "Ann Other", "role": "lead", "organisation": "nhs", "reason": "She moved.", **said}
    people.change_person(database, person(database, "admin"), number_of(database, key), **told)


def test_moving_the_last_who_may_submit_for_an_organisation_warns(database: Database) -> None:
    def moved(key: str, organisation: str) -> str:
        said = ("Ann Other", "lead", organisation, "She moved.")
        admin = person(database, "admin")
        return str(changed(people.change_person(database, admin, number_of(database, key), *said)))

    warned = (
        "No account is left that may submit for Leicester City Council, which is asked for 22 returns: give it one."
    )
    assert warned in moved("lcc", "nhs")
    assert "No account is left" not in moved("nhs", "lcc")  # who moved there before may submit for it


def last_event(database: Database) -> AuditEvent:
    with database.read(OPERATOR) as session:
        return session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).one()


def test_who_moves_works_for_the_new_organisation_and_signs_in_anew(database: Database) -> None:
    police = person(database, "police")
    token, programs = sessions.begin(database, police), sessions.issue_token(database, OPERATOR, police.email)
    assert sessions.who_is(database, token, "") is not None
    number = returns.find_return(database, police, "2008-09-q3", "NI 16")
    returns.save(database, police, number, None, Typed(value="2"))
    change(database)
    assert sessions.who_is(database, token, "") is None
    with pytest.raises(SignInRequired):
        sessions.who_holds(database, programs, "")
    moved = person(database, "police")
    assert (moved.name, moved.role, moved.organisation_name) == ("Ann Other", Role.LEAD, "NHS Leicester City")
    assert "NI 16" not in [task.measure for task in desk(database, moved).tasks]
    event = last_event(database)
    assert (event.subject, event.reason) == ("account police@portal.example", "She moved.")
    assert event.before == '{"name":"Lead of Leicestershire Constabulary","organisation":"police","role":"lead"}'
    assert event.after == '{"name":"Ann Other","organisation":"nhs","role":"lead"}'
    with database.read(OPERATOR) as session:
        saved = session.scalars(select(AuditEvent).where(AuditEvent.action == "return:edit")).one()
        assert saved.organisation_id == police.organisation_id  # what was done for the police stays theirs
        assert audit.first_break(session) is None


def test_another_name_alone_ends_no_session(database: Database) -> None:
    police = person(database, "police")
    token = sessions.begin(database, police)
    change(database, organisation="police")
    assert person(database, "police").name == "Ann Other"
    assert sessions.who_is(database, token, "") is not None


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"role": "king"}, "role"),
        ({"organisation": "nobody"}, "organisation"),
        ({"organisation": "po\x00lice"}, "organisation"),
        ({"organisation": ""}, "organisation"),
        ({"reason": ""}, "reason"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(database: Database, said: dict[str, str], wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        change(database, **said)
    assert set(refused.value.fields) == {wrong}
    assert person(database, "police").organisation_name == "Leicestershire Constabulary"


def test_nobody_changes_their_own_role(database: Database) -> None:
    with pytest.raises(Conflict, match="another administrator"):
        change(database, "admin", role="team", organisation="")
    change(database, "admin", role="admin", organisation="")
    assert person(database, "admin").name == "Ann Other"
    with pytest.raises(Invalid, match="says already"):
        change(database, "admin", role="admin", organisation="")


def test_only_the_administrator_changes_people_and_organisations(database: Database) -> None:
    for who in ("team", "police", "police.contributor", "executive", "reviewer"):
        actor = person(database, who)
        for act in (
            lambda actor=actor: people.change_person(database, actor, 1, "A", "team", "", "x"),
            lambda actor=actor: organisations.rename_organisation(database, actor, "police", "P", TODAY, "x"),
            lambda actor=actor: people.account_page(database, actor, 1),
            lambda actor=actor: organisations.members(database, actor),
        ):
            with pytest.raises(Forbidden):
                act()
    for number in (0, -1, 10**6, 2**40, True):
        with pytest.raises(NotFound):
            people.account_page(database, person(database, "admin"), number)


def rename(database: Database, **said: object) -> None:
    told = {"key": "nhs", "name": "Leicester Primary Care", "since": date(2009, 1, 5), "reason": "A merger.", **said}
    organisations.rename_organisation(database, person(database, "admin"), **told)  # type: ignore[arg-type]


def test_an_organisation_is_renamed_from_a_day_on(database: Database) -> None:
    rename(database)
    member = next(one for one in organisations.members(database, person(database, "admin")).lines if one.key == "nhs")
    assert (member.name, member.former) == ("Leicester Primary Care", (("NHS Leicester City", date(2009, 1, 4)),))
    assert person(database, "nhs").organisation_name == "Leicester Primary Care"
    event = last_event(database)
    assert (event.before, event.after) == (
        '{"name":"NHS Leicester City"}',
        '{"name":"Leicester Primary Care","since":"2009-01-05"}',
    )
    card = scorecard.latest_scorecard(database, person(database, "team"))
    assert card is not None
    assert "Leicester Primary Care" not in repr(card)  # an edition is never changed


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"key": "nobody"}, "renamed"),
        ({"name": ""}, "new_name"),
        ({"name": "x" * 201}, "new_name"),
        ({"name": "leicester city council"}, "new_name"),
        ({"since": date(2009, 1, 21)}, "since"),
        ({"reason": " "}, "why"),
    ],
)
def test_a_rename_that_cannot_be_is_refused_by_its_field(
    database: Database, said: dict[str, object], wrong: str
) -> None:
    with pytest.raises(Invalid) as refused:
        rename(database, **said)
    assert set(refused.value.fields) == {wrong}
    with database.read(OPERATOR) as session:
        assert session.scalars(select(Organisation.name).where(Organisation.key == "nhs")).one() == "NHS Leicester City"


@pytest.fixture(scope="module")
def leicester() -> AgreementFile:
    found = read_agreement(package_data("leicester")).agreement
    assert found is not None
    return found


def test_files_may_say_either_name_of_one_that_was_renamed(database: Database, leicester: AgreementFile) -> None:
    others = [row for row in leicester.organisations if row.key != "nhs"]
    own = next(row for row in leicester.organisations if row.key == "nhs")
    newer = replace(leicester, organisations=(*others, replace(own, name="Leicester Primary Care")))
    with pytest.raises(NotLoaded, match="an administrator gives it its new name on /people first"):
        imports.load_agreement(database, OPERATOR, newer)
    rename(database)
    assert imports.load_agreement(database, OPERATOR, newer).added == {}
    assert imports.load_agreement(database, OPERATOR, leicester).added == {}
    with database.read(OPERATOR) as session:
        assert session.scalars(select(Person.organisation_id).where(Person.email == "nhs@portal.example")).one()


def test_whose_account_is_for_one_agreement_changes_nothing_beyond_it(database: Database) -> None:
    admin = person(database, "admin")
    with database.read(OPERATOR) as session:
        agreement_id = session.scalars(select(Agreement.id).where(Agreement.key == LEICESTER)).one()
    bound = replace(admin, bound_to=agreement_id)
    with pytest.raises(NotFound):
        people.account_page(database, bound, number_of(database, "police"))  # its account is for all
    with pytest.raises(NotFound):
        people.change_person(database, bound, number_of(database, "police"), "A", "team", "", "x")
    with pytest.raises(Forbidden, match="other agreements"):
        organisations.rename_organisation(database, bound, "nhs", "NHS Leicester", TODAY, "It merged.")
