"""Actions of a review's exceptions: loaded as open ones of that day, once, and left alone from then on."""

from dataclasses import replace
from datetime import date

import pytest

from models.rules.actions import ActionState
from portal.actor import OPERATOR
from portal.database import Database
from portal.formats.agreement_csv import ActionSaid, read_agreement
from portal.formats.agreement_csv.rows import AgreementFile
from portal.records.actions import standing_actions
from portal.services import actions, imports
from portal.settings import package_data
from portal.viewmodels.actions import ActionLine, Typed
from tests.conftest import person


@pytest.fixture(scope="module")
def leicester() -> AgreementFile:
    agreement = read_agreement(package_data("leicester")).agreement
    assert agreement is not None
    return agreement


def held(database: Database) -> list[ActionLine]:
    with database.read(OPERATOR) as session:
        return sorted(standing_actions(session), key=lambda line: line.id)


def test_leicesters_are_open_have_their_lead_and_are_of_the_day_of_the_review(database: Database) -> None:
    found = held(database)
    assert [line.indicator for line in found] == [
        *["NI 112"] * 2,
        *["NI 154"] * 2,
        *["NI 186"] * 2,
        *["NI 16"] * 4,
        *["NI 131"] * 2,
    ]
    assert {(line.now.state, line.now.due_on, line.now.who, len(line.steps)) for line in found} == {
        (ActionState.OPEN, None, "", 1)
    }
    assert {line.now.day for line in found} == {date(2008, 10, 30)}
    owners = {line.indicator: line.now.owner_key for line in found}
    assert (owners["NI 16"], owners["NI 154"]) == ("police", "lcc")


def test_an_action_with_a_life_of_its_own_is_left_alone_by_the_next_load(
    database: Database, leicester: AgreementFile
) -> None:
    first = next(line for line in held(database) if line.indicator == "NI 16")
    typed = Typed("Fewer patrols.", "lcc", "", None, "done")
    actions.change_action(database, person(database, "police"), first.id, 1, typed, "They worked.")
    before = held(database)
    assert imports.load_agreement(database, OPERATOR, leicester).added == {}
    assert held(database) == before


def test_a_newer_folder_adds_actions_and_another_owner_is_told(database: Database, leicester: AgreementFile) -> None:
    said = leicester.actions[0]
    new = ActionSaid("NI 20", said.period, "Close two clubs.", "lcc")
    newer = replace(leicester, actions=(replace(said, owner="police"), *leicester.actions[1:], new))
    loaded = imports.load_agreement(database, OPERATOR, newer)
    assert loaded.added == {"indicator_action": 1}
    (told,) = loaded.noticed
    assert told.startswith(f"NI 112: '{said.text}' has the owner police in exceptions_2008_09_q2.csv, and came in with")
    (added,) = (line for line in held(database) if line.indicator == "NI 20")
    assert (added.now.owner_key, added.now.text) == ("lcc", "Close two clubs.")


def test_nothing_is_loaded_before_its_day(bare_database: Database, leicester: AgreementFile) -> None:
    """What is said of a period that is not due yet is known from today."""
    last = replace(leicester.actions[0], period="2010/11 Q4")
    imports.load_agreement(bare_database, OPERATOR, replace(leicester, actions=(last,)))
    assert [line.now.day for line in held(bare_database)] == [bare_database.clock.today()]
