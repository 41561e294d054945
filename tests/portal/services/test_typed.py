"""What is typed and not saved yet: kept in the order in which it was typed, however late it comes."""

from portal.database import Database
from portal.services import returns
from portal.viewmodels.returns import Turn, Typed
from portal.web.values import turn
from tests.conftest import person

Q3 = "2008-09-q3"


def opened(database: Database, who: str = "police") -> int:
    return returns.find_return(database, person(database, who), Q3, "NI 16")


def keep(database: Database, number: int, words: str, form: str, place: int, version: int = 1) -> None:
    typed = Typed(commentary=words)
    returns.keep_typed(database, person(database, "police"), number, version, typed, Turn(form, place))


def found(database: Database, number: int) -> tuple[str, int, bool]:
    view = returns.read_return(database, person(database, "police"), number)
    return view.typed.commentary, view.kept_version, view.kept_at is not None


def test_an_older_state_never_replaces_a_newer_one(database: Database) -> None:
    number = opened(database)
    keep(database, number, "Patrols run in full.", "a", 3)
    keep(database, number, "Patrols ru", "a", 2)
    keep(database, number, "Patrols run in full.", "a", 3)
    assert found(database, number) == ("Patrols run in full.", 1, True)
    keep(database, number, "Patrols run", "a", 4)  # newer, though shorter
    assert found(database, number)[0] == "Patrols run"


def test_what_comes_after_its_forms_save_is_not_kept(database: Database) -> None:
    number, police = opened(database), person(database, "police")
    keep(database, number, "Patrols ru", "a", 1)
    saved = returns.save(database, police, number, 1, Typed(value="2", commentary="Patrols run."), Turn("a", 3))
    keep(database, number, "Patrols run", "a", 2)
    assert found(database, number) == ("Patrols run.", saved.version, False)
    again = Typed(value="2", commentary="Patrols run daily.")
    assert returns.save(database, police, number, saved.version, again, Turn("a", 4)).answers.commentary == (
        "Patrols run daily."
    )


def test_what_was_typed_while_the_save_was_under_way_stands_on_what_it_saved(database: Database) -> None:
    number, police = opened(database), person(database, "police")
    saved = returns.save(database, police, number, 1, Typed(commentary="One"), Turn("a", 1))
    keep(database, number, "One two", "a", 2, version=1)
    assert found(database, number) == ("One two", saved.version, True)


def test_another_window_is_another_order(database: Database) -> None:
    number = opened(database)
    keep(database, number, "From the office", "a", 40)
    keep(database, number, "From the train", "b", 1)
    assert found(database, number)[0] == "From the train"


def test_a_save_without_a_form_leaves_nothing_kept(database: Database) -> None:
    number, police = opened(database), person(database, "police")
    keep(database, number, "Half", "a", 1)
    returns.save(database, police, number, None, Typed(commentary="Whole"))
    assert found(database, number)[2] is False


def test_who_saved_last_is_known_to_its_own_side_alone(database: Database) -> None:
    number, police = opened(database), person(database, "police")
    assert returns.read_return(database, police, number).changed is None
    bea = person(database, "police.contributor")
    returns.save(database, bea, number, None, Typed(value="2.1"))
    changed = returns.read_return(database, police, number).changed
    assert changed is not None
    assert (changed.who, changed.yours) == (bea.name, False)
    returns.submit(database, police, number, None)
    own = returns.read_return(database, police, number)
    assert own.changed is not None
    assert own.changed.yours
    assert own.following is not None
    assert own.following[1].startswith("NI 20 ")
    team = returns.read_return(database, person(database, "team"), number)
    assert (team.changed, team.following) == (None, None)


def test_a_turn_from_a_browser_is_one_or_none() -> None:
    assert turn({"form": "a", "number": 1}) == Turn("a", 1)
    for junk in (None, 1, [], "a", {}, {"form": "a"}, {"form": 1, "number": 1}, {"form": "a", "number": "1"}):
        assert turn(junk) is None
    for form, number in (("", 1), ("a" * 41, 1), ("a", 0), ("a", 2**31), ("a", True), ("a", 1.0)):
        assert turn({"form": form, "number": number}) is None
