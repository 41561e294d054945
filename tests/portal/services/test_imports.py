"""Loading Leicester's agreement into a database, on both engines."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from models.agreement import Indicator, Measure, Milestone, Period, SignedUp, Target, Theme
from models.audit import AuditEvent
from models.people import Organisation
from models.refresh import RefreshChange
from models.returns import Return, ReturnRevision, RevisionRating
from models.rules.terms import Rating, ToleranceKind
from portal.actor import OPERATOR
from portal.database import Database
from portal.errors import Conflict, Forbidden
from portal.formats.agreement_csv import read_agreement
from portal.formats.agreement_csv.rows import AgreementFile
from portal.services import imports, refresh, returns
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


def test_the_whole_agreement_is_there_after_a_load(bare_database: Database, leicester: AgreementFile) -> None:
    imports.load_agreement(bare_database, OPERATOR, leicester)
    found = {table.__name__: rows(bare_database, table) for table in (Theme, Organisation, Indicator, Measure, Target)}
    assert found == {"Theme": 8, "Organisation": 20, "Indicator": 58, "Measure": 59, "Target": 177}
    assert (rows(bare_database, Period), rows(bare_database, Milestone)) == (57, 25)
    assert (rows(bare_database, Return), rows(bare_database, SignedUp)) == (25, 34)


def test_loading_twice_changes_nothing(bare_database: Database, leicester: AgreementFile) -> None:
    imports.load_agreement(bare_database, OPERATOR, leicester)
    events = rows(bare_database, AuditEvent)
    assert imports.load_agreement(bare_database, OPERATOR, leicester) == imports.Loaded({})
    assert rows(bare_database, AuditEvent) == events == 1


def newer(file: AgreementFile, index: int, **changed: object) -> AgreementFile:
    """The files with another target in their newest version."""
    last = file.versions[-1]
    target = replace(last.targets[index], **changed)  # type: ignore[arg-type]
    targets = (*last.targets[:index], target, *last.targets[index + 1 :])
    return replace(file, versions=(*file.versions[:-1], replace(last, targets=targets)))


def test_a_target_is_never_overwritten_by_a_load_but_proposed_as_a_refresh(
    database: Database, leicester: AgreementFile
) -> None:
    held = leicester.targets[7]
    assert (held.measure, held.year, held.low) == ("NI 56", "2009/10", Decimal(21))
    before = everything(database)
    refresh.leave(database, OPERATOR, None, "To be proposed anew, from newer files.")
    file = newer(leicester, 7, low=Decimal(20), high=Decimal(20))
    # The 18 targets of placeholders, 12 baselines, NI 154, NI 179a, and this one.
    assert imports.load_agreement(database, OPERATOR, file).added == {"refresh": 1, "refresh_change": 33}
    assert everything(database) == before
    with database.read(OPERATOR) as session:
        query = select(RefreshChange).join(Measure).where(Measure.code == "NI 56")
        assert [(change.year, change.low) for change in session.scalars(query)] == [("2009/10", Decimal(20))]
    assert imports.load_agreement(database, OPERATOR, file) == imports.Loaded({})
    with pytest.raises(Conflict, match=r"open already: .*, on the page /agreement/refresh"):
        imports.load_agreement(database, OPERATOR, newer(leicester, 7, low=Decimal(19), high=Decimal(19)))


def test_an_older_version_is_never_changed_by_a_load(database: Database, leicester: AgreementFile) -> None:
    first, last = leicester.versions
    homes = next(n for n, target in enumerate(first.targets) if (target.measure, target.year) == ("NI 154", "2008/09"))
    changed = replace(first.targets[homes], low=Decimal(1), high=Decimal(1))
    targets = (*first.targets[:homes], changed, *first.targets[homes + 1 :])
    file = replace(leicester, versions=(replace(first, targets=targets), last))
    with pytest.raises(imports.NotLoaded, match="NI 154 target 2008/09 of version 1 was set 1450"):
        imports.load_agreement(database, OPERATOR, file)


def test_a_lead_that_newer_files_name_is_proposed(database: Database, leicester: AgreementFile) -> None:
    refresh.leave(database, OPERATOR, None, "To be proposed anew, from newer files.")
    partners = tuple(
        replace(row, organisation="nhs") if (row.indicator, row.role) == ("NI 50", "lead") else row
        for row in leicester.partners
    )
    assert imports.load_agreement(database, OPERATOR, replace(leicester, partners=partners)).added["refresh"] == 1
    page = refresh.refresh_desk(database, OPERATOR).refresh
    assert page is not None
    said = [change.new.word for one in page.proposed if one.code == "NI 50" for change in one.changes]
    assert "nhs" in said


def test_a_past_figure_that_differs_is_told_and_not_changed(database: Database, leicester: AgreementFile) -> None:
    other = replace(leicester.returns[0], value=Decimal("2.50"))
    loaded = imports.load_agreement(database, OPERATOR, replace(leicester, returns=(other, *leicester.returns[1:])))
    assert loaded.added == {}
    (said,) = loaded.noticed
    assert said.startswith("NI 16 for 2008/09 Q2 is 2.50 in returns_2008_09_q2.csv, and 2.42 was returned first")


def everything(database: Database) -> list[tuple[object, ...]]:
    """All targets of all versions."""
    with database.read(OPERATOR) as session:
        return [tuple(row) for row in session.execute(select(Target.version_id, Target.measure_id, Target.low))]


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


def judged(database: Database) -> dict[str, str]:
    """The reasons of all judgements, by measure."""
    with database.read(OPERATOR) as session:
        query = (
            select(Measure.code, RevisionRating.override_reason)
            .join(ReturnRevision, ReturnRevision.id == RevisionRating.revision_id)
            .join(Return, Return.id == ReturnRevision.return_id)
            .join(Measure, Measure.id == Return.measure_id)
            .where(RevisionRating.override.is_not(None))
        )
        return {code: reason or "" for code, reason in session.execute(query)}


def test_two_of_leicesters_ratings_are_judgements_each_with_its_reason(database: Database) -> None:
    assert set(judged(database)) == {"NI 65", "NI 179a"}
    assert all("judgement" in reason for reason in judged(database).values())


def test_what_is_not_called_a_judgement_is_none_and_is_told(bare_database: Database, leicester: AgreementFile) -> None:
    """Without a reason nobody judged: the rule's answer stands, as it does where the note only remarks on something."""
    other = {"NI 65": "", "NI 16": "Both symbols lost in the source."}
    changed = tuple(
        replace(row, note=other[row.measure], performance=Rating.BETTER) if row.measure in other else row
        for row in leicester.returns
    )
    loaded = imports.load_agreement(bare_database, OPERATOR, replace(leicester, returns=changed))
    assert loaded.noticed == (
        "NI 16 for 2008/09 Q2 is 'better' in returns_2008_09_q2.csv, and 'worse' by the rule, which stands: only what "
        "the note calls a judgement is one.",
        "NI 65 for 2008/09 Q2 is 'better' in returns_2008_09_q2.csv, and 'within range' by the rule, which stands: only "
        "what the note calls a judgement is one.",
    )
    assert set(judged(bare_database)) == {"NI 179a"}


def test_with_another_tolerance_the_same_two_are_judgements_and_the_rest_follows_the_rule(
    bare_database: Database, leicester: AgreementFile
) -> None:
    """NI 56, NI 131 and NI 193 are between 8 and 10% from their milestones; their notes say so, and no more."""
    narrower = tuple(
        replace(row, tolerance=Decimal(5)) if row.tolerance_kind is ToleranceKind.PERCENT else row
        for row in leicester.measures
    )
    loaded = imports.load_agreement(bare_database, OPERATOR, replace(leicester, measures=narrower))
    assert [said.partition(" for ")[0] for said in loaded.noticed] == ["NI 56", "NI 131", "NI 193"]
    assert set(judged(bare_database)) == {"NI 65"}  # 6.9% better is better by the rule now, as NI 179a was printed


@pytest.mark.parametrize("who", ["police", "executive", "reviewer", "admin"])
def test_nobody_but_the_team_loads(database: Database, leicester: AgreementFile, who: str) -> None:
    with pytest.raises(Forbidden):
        imports.load_agreement(database, person(database, who), leicester)
