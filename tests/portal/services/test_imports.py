"""Loading Leicester's agreement into a database, on both engines."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from models.agreement import Agreement, Indicator, Measure, Milestone, Period, SignedUp, Target, Theme
from models.audit import AuditEvent
from models.people import Organisation
from models.returns import Return
from portal import migrate
from portal.actor import OPERATOR
from portal.database import Database
from portal.errors import Forbidden
from portal.formats.agreement_csv import read_agreement
from portal.formats.agreement_csv.rows import AgreementFile
from portal.services import imports, returns
from portal.settings import package_data
from portal.viewmodels.returns import Typed
from tests.conftest import person


@pytest.fixture(scope="module")
def leicester() -> AgreementFile:
    agreement = read_agreement(package_data("leicester")).agreement
    assert agreement is not None
    return agreement


def rows(database: Database, table: type) -> int:
    with database.read(OPERATOR) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_whole_agreement_is_there_after_a_load(empty_database: Database, leicester: AgreementFile) -> None:
    migrate.upgrade(empty_database)
    imports.load_agreement(empty_database, OPERATOR, leicester)
    found = {table.__name__: rows(empty_database, table) for table in (Theme, Organisation, Indicator, Measure, Target)}
    assert found == {"Theme": 8, "Organisation": 20, "Indicator": 58, "Measure": 59, "Target": 177}
    assert (rows(empty_database, Period), rows(empty_database, Milestone)) == (57, 25)
    assert (rows(empty_database, Return), rows(empty_database, SignedUp)) == (25, 34)


def test_loading_twice_changes_nothing(empty_database: Database, leicester: AgreementFile) -> None:
    migrate.upgrade(empty_database)
    imports.load_agreement(empty_database, OPERATOR, leicester)
    events = rows(empty_database, AuditEvent)
    assert imports.load_agreement(empty_database, OPERATOR, leicester) == {}
    assert rows(empty_database, AuditEvent) == events == 1


def test_a_target_is_never_overwritten_by_a_load(database: Database, leicester: AgreementFile) -> None:
    changed = replace(leicester.targets[4], high=leicester.targets[4].high + 1)
    file = replace(leicester, targets=(*leicester.targets[:4], changed, *leicester.targets[5:]))
    with pytest.raises(imports.NotLoaded) as caught:
        imports.load_agreement(database, OPERATOR, file)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.column) == ("targets.csv", changed.line, "high")


def test_a_contradiction_writes_nothing_at_all(database: Database, leicester: AgreementFile) -> None:
    before = rows(database, Organisation)
    newcomer = replace(leicester.organisations[0], key="newcomer", name="A new partner")
    other = replace(leicester.themes[0], title="Another title")
    file = replace(leicester, organisations=(*leicester.organisations, newcomer), themes=(other, *leicester.themes[1:]))
    with pytest.raises(imports.NotLoaded):
        imports.load_agreement(database, OPERATOR, file)
    assert rows(database, Organisation) == before


def test_a_return_that_lives_already_is_left_alone(database: Database, leicester: AgreementFile) -> None:
    lcc = person(database, "lcc")
    number = returns.find_return(database, lcc, "2008-09-q3", "NI 59")
    returns.save(database, lcc, number, None, Typed(value="55"))
    imports.load_agreement(database, OPERATOR, leicester)
    assert str(returns.read_return(database, lcc, number).answers.value) == "55"


def test_a_judgement_without_a_reason_is_refused(empty_database: Database, leicester: AgreementFile) -> None:
    migrate.upgrade(empty_database)
    bare = tuple(replace(row, note="") if row.measure == "NI 65" else row for row in leicester.returns)
    with pytest.raises(imports.NotLoaded, match="needs its reason"):
        imports.load_agreement(empty_database, OPERATOR, replace(leicester, returns=bare))
    assert rows(empty_database, Agreement) == 0


@pytest.mark.parametrize("who", ["police", "executive", "reviewer", "admin"])
def test_nobody_but_the_team_loads(database: Database, leicester: AgreementFile, who: str) -> None:
    with pytest.raises(Forbidden):
        imports.load_agreement(database, person(database, who), leicester)
