"""What a role may do is decided in one place: roles are named nowhere else, and pages offer what the policy grants."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.returns import Return, ReturnMessage
from models.rules.moves import Move, allows
from models.rules.terms import STAYS_OPEN, Role, State
from portal import policy
from portal.actor import OPERATOR, Actor
from portal.errors import PortalError
from portal.policy import RETURN_ACTIONS, Action, may
from portal.scopes import scope
from tests.conftest import person
from tests.house.test_house import MODULES, name_of
from tests.support.accounts import ACCOUNTS
from tests.support.worlds import World, opened

MAY_NAME_ROLES = (
    "portal/policy.py",
    "portal/scopes.py",
    "portal/words/",
    "models/",
    "portal/cli/user.py",
    "portal/cli/demo.py",
)
WHO = (*ACCOUNTS.values(), "nhs", "lcc", "team2")
"""An account of each role, and others beside them."""
BUTTONS = {
    Action.RETURN_ANSWER: "send",
    Action.RETURN_CHALLENGE: "challenge",
    Action.RETURN_COUNTERSIGN: "countersign",
    Action.RETURN_EDIT: "save",
    Action.RETURN_QUERY: "query",
    Action.RETURN_REOPEN: "reopen",
    Action.RETURN_SUBMIT: "check",
    Action.RETURN_VERIFY: "verify",
    Action.RETURN_WITHDRAW: "withdraw",
}
"""What is done to a return, and the button of its page that does it; submitting goes by the check before it."""
NO_BUTTON = {Action.RETURN_OVERSEE, Action.RETURN_READ}
MOVES = {
    Action.RETURN_EDIT: (Move.SAVE,),
    Action.RETURN_QUERY: (Move.QUERY,),
    Action.RETURN_REOPEN: (Move.REOPEN,),
    Action.RETURN_SUBMIT: (Move.SAVE, Move.SUBMIT),
    Action.RETURN_VERIFY: (Move.VERIFY,),
    Action.RETURN_WITHDRAW: (Move.WITHDRAW,),
}


def test_roles_are_named_in_the_policy_and_in_words_alone() -> None:
    found = []
    for path in MODULES:
        if name_of(path).startswith(MAY_NAME_ROLES):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Role":
                found.append(f"{name_of(path)} line {node.lineno}: Role.{node.attr}")
            # A role is a word too, and equal to it.
            if isinstance(node, ast.Compare) and "role" in ast.unparse(node.left):
                words = {value.value for value in ast.walk(node) if isinstance(value, ast.Constant)}
                found += [f"{name_of(path)} line {node.lineno}: {word}" for word in words & set(Role)]
    assert [line for line in found if not line.startswith(PARTS)] == []


PARTS = ("portal/formats/agreement_csv/", "portal/records/loading_versions.py")
"""There a partner's part in an indicator is called its role, as in the files."""


@pytest.fixture(scope="module")
def world(prepared: tuple[Path, dict[str, int]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The police's returns in each state; nobody changes them here."""
    path, numbers = prepared
    world = opened(path, tmp_path_factory.mktemp("buttons") / "portal.sqlite", numbers)
    yield world
    world.database.dispose()


def offered(world: World, actor: Actor, number: int) -> set[Action]:
    """The actions whose buttons the actor's page of a return has."""
    try:
        _title, body = world.app.extensions["portal"]["pages"].open(actor, f"/returns/{number}")
    except PortalError:
        return set()
    parts = set(_parts(json.loads(json.dumps(body.to_plotly_json(), default=lambda part: part.to_plotly_json()))))
    return {action for action, button in BUTTONS.items() if button in parts}


def _parts(tree: Any) -> Iterator[str]:
    """The parts of the return's ids in a tree of components."""
    if isinstance(tree, dict):
        if isinstance(tree.get("id"), dict):
            yield tree["id"].get("part", "")
        tree = list(tree.values())
    if isinstance(tree, list):
        for each in tree:
            yield from _parts(each)


def granted(world: World, actor: Actor, number: int) -> set[Action]:
    """The actions that the policy allows the actor on a return, and the return's state takes now."""
    if not may(actor, Action.RETURN_READ):
        return set()
    with world.database.read(OPERATOR) as session:
        row = session.get_one(Return, number)
        open_ones = select(ReturnMessage.id).where(ReturnMessage.return_id == number, ReturnMessage.closed_at.is_(None))
        asked = session.scalars(open_ones.where(ReturnMessage.kind.in_(STAYS_OPEN))).all()
        takes = {
            Action.RETURN_ANSWER: bool(asked),
            Action.RETURN_CHALLENGE: True,
            Action.RETURN_COUNTERSIGN: row.state is State.SUBMITTED,
            **{action: any(allows(move, row.state) for move in moves) for action, moves in MOVES.items()},
        }
        may_do = {
            action
            for action in BUTTONS
            if session.scalar(
                select(Return.id).where(Return.id == number, scope(actor, Action.RETURN_READ), scope(actor, action))
            )
        }
    if Action.RETURN_EDIT not in may_do:  # what one submits one sees in its form
        may_do -= {Action.RETURN_SUBMIT}
    return {action for action in may_do if takes[action]}


def assert_agree(world: World) -> set[Action]:
    """Holds every page of a return against the policy; answers what was offered to anybody."""
    seen: set[Action] = set()
    for key in WHO:
        actor = person(world.database, key)
        for state in ("draft", "ready", "submitted", "verified", "judged", "signed up"):
            number = world.numbers[state]
            found = offered(world, actor, number)
            assert found == granted(world, actor, number), f"{key} on the return that is {state}"
            seen |= found
    return seen


def test_every_role_has_somebody_who_tries() -> None:
    """Or a new one would be asked nothing, here and at every door."""
    assert set(ACCOUNTS) == set(Role), "give the role an account in tests/support/accounts.py"


def test_each_of_them_has_the_role_that_they_stand_for(world: World) -> None:
    assert {role: person(world.database, key).role for role, key in ACCOUNTS.items()} == {one: one for one in ACCOUNTS}


def test_whoever_may_do_something_is_offered_its_button_and_nobody_else(world: World) -> None:
    assert BUTTONS.keys() | NO_BUTTON == set(RETURN_ACTIONS)
    assert assert_agree(world) == set(BUTTONS)


@pytest.mark.parametrize("action", RETURN_ACTIONS)
def test_a_new_grant_alone_brings_its_button(world: World, monkeypatch: pytest.MonkeyPatch, action: Action) -> None:
    """As for a role that there is not yet: no page knows by its name what it may do."""
    for role in (Role.EXECUTIVE, Role.CONTRIBUTOR):
        monkeypatch.setitem(policy.GRANTS, role, policy.GRANTS[role] | {action})
    assert_agree(world)


@pytest.mark.parametrize("action", RETURN_ACTIONS)
def test_a_grant_that_is_taken_away_takes_its_button(
    world: World, monkeypatch: pytest.MonkeyPatch, action: Action
) -> None:
    for role, held in list(policy.GRANTS.items()):
        monkeypatch.setitem(policy.GRANTS, role, held - {action})
    assert action not in assert_agree(world)
