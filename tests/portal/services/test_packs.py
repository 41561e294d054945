"""Briefing packs on both databases: who may ask for which, what is kept and handed out to whom, and for how long."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from models.audit import AuditEvent
from models.jobs import Job
from models.packs import Pack, PackFile
from models.people import Organisation, Person
from models.rules.jobs import MOST_WAITING
from models.rules.packs import KEPT, Asked, PackForm, PackKind, about_of, read_asked
from portal.actor import OPERATOR, Actor
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, Lost, NotFound, SignInRequired
from portal.services import jobs, packs
from portal.viewmodels.past import AsAt
from tests.conftest import TODAY, person

POLICE = Asked(PackKind.PARTNER, "police", "2008-09-q2", (PackForm.PDF, PackForm.DOCX))
EXECUTIVE = Asked(PackKind.EXECUTIVE, "", "2008-09-q2", (PackForm.PDF,))
THEME = Asked(PackKind.THEME, "safer", "2008-09-q2", (PackForm.PDF,))
NHS = replace(POLICE, key="nhs")


def kept(database: Database, actor: Actor, asked: Asked, says: str = "0" * 64, content: bytes = b"%PDF one") -> int:
    """Ask for a pack and keep it as a worker would."""
    packs.ask(database, actor, asked)
    job = jobs.claim(database)
    assert job is not None
    files = dict.fromkeys(asked.forms, content)
    return packs.keep(database, actor, job, "2008/09 Q2", AsAt(TODAY, database.clock.now()), says, files)


def may_ask(database: Database, key: str, wanted: Iterable[Asked]) -> list[str]:
    found = []
    for asked in wanted:
        try:
            packs.ask(database, person(database, key), asked)
        except (NotFound, Forbidden):
            continue
        found.append(asked.about)
    return found


def test_everybody_asks_for_what_they_may_read_all_of(database: Database) -> None:
    wanted = (EXECUTIVE, THEME, POLICE, NHS)
    got = {
        key: may_ask(database, key, wanted)
        for key in ("team", "executive", "police", "police.contributor", "nhs", "reviewer", "admin")
    }
    assert got == {
        "team": ["executive", "theme:safer", "partner:police", "partner:nhs"],
        "executive": ["executive", "theme:safer"],
        "police": ["partner:police"],
        "police.contributor": ["partner:police"],
        "nhs": ["partner:nhs"],
        "reviewer": [],
        "admin": [],
    }
    offered = {key: len(packs.packs_page(database, person(database, key)).about) for key in ("police", "executive")}
    assert offered == {"police": 1, "executive": 9}


def test_a_job_keeps_what_was_asked_and_the_same_is_not_asked_twice(database: Database) -> None:
    police = person(database, "police")
    first = packs.ask(database, police, POLICE)
    assert packs.ask(database, police, replace(POLICE, period="2008/09 Q2")) == first
    assert packs.ask(database, police, replace(POLICE, forms=(PackForm.PDF,))) != first
    with database.read(OPERATOR) as session:
        row = session.get_one(Job, first)
        assert (row.state, row.done, row.tries, read_asked(row.asked)) == ("waiting", 0, 0, POLICE)
        said = session.scalars(select(AuditEvent).where(AuditEvent.subject == "pack partner:police")).all()
        assert [(one.action, one.who) for one in said] == [("pack:make", "police@portal.example")] * 2
        assert said[0].organisation_id == police.organisation_id
    (newest, oldest) = packs.packs_page(database, police).jobs
    assert (oldest.id, oldest.name, newest.to_do) == (first, "Leicestershire Constabulary", True)
    assert packs.packs_page(database, person(database, "police.contributor")).jobs == ()


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (replace(POLICE, forms=()), Invalid),
        (replace(POLICE, day=TODAY), Invalid),
        (replace(POLICE, key="no-such"), NotFound),
        (replace(POLICE, key="\x00"), NotFound),
        (replace(POLICE, period="2020-21-q1"), NotFound),
        (replace(EXECUTIVE, key="police"), NotFound),
    ],
    ids=["no form", "today", "nobody", "unstorable", "another period", "no such kind"],
)
def test_what_cannot_be_made_is_refused(database: Database, asked: Asked, error: type[Exception]) -> None:
    with pytest.raises(error):
        packs.ask(database, person(database, "team"), asked)
    with database.read(OPERATOR) as session:
        assert session.scalar(select(func.count(Job.id))) == 0


def test_so_many_wait_and_no_more(database: Database) -> None:
    team = person(database, "team")
    for back in range(MOST_WAITING):
        packs.ask(database, team, replace(EXECUTIVE, day=TODAY - timedelta(days=back + 1)))
    with pytest.raises(Conflict, match="Wait until one of them is done"):
        packs.ask(database, team, EXECUTIVE)
    packs.ask(database, person(database, "team2"), EXECUTIVE)


def test_who_opens_which_files_as_the_policy_has_it_now(database: Database) -> None:
    number = kept(database, person(database, "team"), POLICE)
    executives = kept(database, person(database, "executive"), EXECUTIVE, "1" * 64)

    def opens(key: str, pack: int) -> bool:
        try:
            return packs.pack_file(database, person(database, key), pack, PackForm.PDF).content == b"%PDF one"
        except (NotFound, Forbidden):
            return False

    who = ("team", "team2", "executive", "police", "police.contributor", "nhs", "reviewer", "admin")
    assert [key for key in who if opens(key, number)] == ["team", "team2", "police", "police.contributor"]
    assert [key for key in who if opens(key, executives)] == ["team", "team2", "executive"]
    listed = {
        key: [pack.id for pack in packs.packs_page(database, person(database, key)).packs]
        for key in ("team", "nhs", "police")
    }
    assert listed == {"team": [executives, number], "nhs": [], "police": [number]}
    with pytest.raises(SignInRequired):
        packs.pack_file(database, Actor(name="public"), number, PackForm.PDF)
    with pytest.raises(NotFound):
        packs.pack_file(database, person(database, "team"), 2**70, PackForm.PDF)


def test_whoever_is_moved_to_another_organisation_opens_the_old_ones_packs_no_more(database: Database) -> None:
    police = person(database, "police")
    number = kept(database, police, POLICE)
    with database.write(OPERATOR) as session:
        nhs = session.scalars(select(Organisation.id).where(Organisation.key == "nhs")).one()
        session.execute(update(Person).where(Person.id == police.person_id).values(organisation_id=nhs))
    moved = person(database, "police")
    with pytest.raises(NotFound):
        packs.pack_file(database, moved, number, PackForm.PDF)
    view = packs.packs_page(database, moved)
    assert (view.packs, [job.pack for job in view.jobs]) == ((), [None])
    assert [key for _, key, _ in view.about] == ["nhs"]


def test_a_pack_is_kept_with_its_hashes_and_on_record(database: Database) -> None:
    police = person(database, "police")
    number = kept(database, police, POLICE)
    (line,) = packs.packs_page(database, person(database, "team")).packs
    assert (line.id, line.name, line.period, line.who) == (
        number,
        "Leicestershire Constabulary",
        "2008/09 Q2",
        police.name,
    )
    assert [one.form for one in line.files] == [PackForm.PDF, PackForm.DOCX]
    digest = hashlib.sha256(b"%PDF one").hexdigest()
    assert {one.sha256 for one in line.files} == {digest}
    found = packs.pack_file(database, police, number, PackForm.DOCX)
    assert (found.name, found.sha256) == ("briefing-police-2008-09-q2.docx", digest)
    with database.read(OPERATOR) as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).one()
        assert (last.action, last.subject, digest in last.after) == ("pack:make", "pack partner:police", True)
        assert session.scalars(select(Job.state)).one() == "done"
    (job,) = packs.packs_page(database, police).jobs
    assert (job.pack, job.before, job.to_do) == (number, False, False)


def test_the_same_content_is_the_same_pack_and_a_missing_file_joins_it(database: Database) -> None:
    team = person(database, "team")
    number = kept(database, team, replace(POLICE, forms=(PackForm.PDF,)))
    known = packs.kept(database, team, "0" * 64)
    assert known is not None
    assert known[1] == {PackForm.PDF}
    assert packs.kept(database, person(database, "nhs"), "0" * 64) is None
    packs.ask(database, person(database, "police"), POLICE)
    job = jobs.claim(database)
    assert job is not None
    again = packs.keep(
        database, person(database, "police"), job, "2008/09 Q2", known[0], "0" * 64, {PackForm.DOCX: b"PK"}
    )
    assert again == number
    with database.read(OPERATOR) as session:
        assert session.scalar(select(func.count(Pack.id))) == 1
        assert session.scalar(select(func.count()).select_from(PackFile)) == 2
    assert packs.packs_page(database, person(database, "police")).jobs[0].before


def test_nothing_is_kept_of_a_job_that_is_anothers_by_now(database: Database) -> None:
    team = person(database, "team")
    packs.ask(database, team, EXECUTIVE)
    job = jobs.claim(database)
    assert job is not None
    with pytest.raises(Lost):
        packs.keep(
            database, team, replace(job, claim="f" * 32), "2008/09 Q2", AsAt(TODAY), "0" * 64, {PackForm.PDF: b"%"}
        )
    with database.read(OPERATOR) as session:
        assert session.scalar(select(func.count(Pack.id))) == 0
        assert session.scalars(select(Job.state)).one() == "running"


def test_files_are_dropped_when_their_time_is_over_and_what_was_made_stays_on_record(database: Database) -> None:
    team = person(database, "team")
    old = kept(database, team, EXECUTIVE)
    later = database.clock.now() + KEPT + timedelta(minutes=1)
    with time_machine.travel(later):
        assert packs.packs_page(database, team).packs == ()
        with pytest.raises(NotFound, match="not kept any more"):
            packs.pack_file(database, team, old, PackForm.PDF)
        new = kept(database, team, THEME, "1" * 64)
        assert [one.id for one in packs.packs_page(database, team).packs] == [new]
        with database.read(OPERATOR) as session:
            assert session.scalars(select(PackFile.pack_id)).all() == [new]
            assert session.scalars(select(Pack.id).order_by(Pack.id)).all() == [old, new]
        assert kept(database, team, EXECUTIVE) == old


def test_what_a_pack_is_about_is_written_one_way() -> None:
    for asked in (EXECUTIVE, THEME, POLICE, replace(POLICE, day=date(2009, 1, 2))):
        assert about_of(asked.about) == (asked.kind, asked.key)
        assert read_asked(asked.written()) == asked
    assert [about_of(text) for text in ("", "executive:x", "partner", "theme:", "no:such", "partner:a:b")] == [
        *(None,) * 5,
        (PackKind.PARTNER, "a:b"),
    ]
