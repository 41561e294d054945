"""How passwords and tokens are kept, and which passwords are refused."""

import pytest
from argon2 import PasswordHasher

from portal.formats.passwords import LONGEST, SHORTEST, digest, hashed, matches, outdated, weakness

GOOD = "a kettle on the roof"
OWN = ("ann.smithson@police.example", "Ann Smithson")


@pytest.fixture(scope="module")
def kept() -> str:
    return hashed(GOOD)


def test_a_password_matches_itself_and_nothing_near_it(kept: str) -> None:
    assert matches(kept, GOOD)
    for other in ("", GOOD.upper(), f"{GOOD} ", f" {GOOD}", GOOD[:-1], kept):
        assert not matches(kept, other)


def test_a_password_is_kept_as_argon2id_with_a_salt_of_its_own(kept: str) -> None:
    other = hashed(GOOD)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert other != kept
    assert matches(other, GOOD)
    assert GOOD not in kept
    assert len(kept) <= 200  # what Person.password_hash holds


def test_a_password_in_any_alphabet_is_taken() -> None:
    word = "ключ під килимком \N{KEY}"
    assert weakness(word, OWN) is None
    assert matches(hashed(word), word)


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "x",
        GOOD,
        "$2b$12$abcdefghijklmnopqrstuv",
        "$argon2id$v=19$damaged",
        "$argon2id$v=19$m=19456,t=2,p=1$FXtkJBwY5ZqmROGmGn/C+g$mrtIHe+mIO8N57cN7COOFJO",  # cut off
    ],
)
def test_a_hash_that_is_damaged_or_not_ours_matches_nothing(damaged: str) -> None:
    assert not matches(damaged, GOOD)


def test_a_token_is_kept_as_its_sha256() -> None:
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest("abc") != digest("abd")


@pytest.mark.parametrize(
    "password",
    [GOOD, "abcde" * 3, "abcde" * 40, "               abcd", "Ann and the kettle", "kettle-roof-2009!"],
)
def test_length_is_what_counts_and_any_characters_are_taken(password: str) -> None:
    assert SHORTEST <= len(password) <= LONGEST
    assert weakness(password, OWN) is None


@pytest.mark.parametrize("password", ["", "short", "x1!Y" * 3, "fourteen chars"])
def test_a_short_password_is_refused(password: str) -> None:
    assert weakness(password, OWN) == "Choose a password of at least 15 characters: three or four words do."


def test_a_password_that_is_too_long_is_refused() -> None:
    assert weakness("abcdef" * 34, OWN) == "The password has 204 characters; at most 200 are taken."


@pytest.mark.parametrize(
    "password",
    ["passwordpassword", "PasswordPassword", "correcthorsebatterystaple", "qwertyuiopasdfgh", "a" * 20, "abcd" * 5],
)
def test_a_well_known_or_monotonous_password_is_refused(password: str) -> None:
    assert weakness(password, OWN) == (
        "This password is well known or has too few different characters: choose another."
    )


@pytest.mark.parametrize(
    "password",
    [
        "ann.smithson@police.example",
        "ANN.SMITHSON@police.example",
        "ann.smithsonann.smithson",
        "ann.smithson2009",
        "Ann Smithson Ann Smithson",
    ],
)
def test_a_password_made_of_the_accounts_own_address_or_name_is_refused(password: str) -> None:
    assert weakness(password, OWN) == "This password is made of your own name or address: choose another."


@pytest.mark.parametrize("password", ["annsmithsonannsmithson", "smithsonsmithson", "Smithson smithson 1"])
def test_the_words_of_a_name_are_the_accounts_own_without_the_space_too(password: str) -> None:
    assert weakness(password, OWN) == "This password is made of your own name or address: choose another."


def test_a_password_that_only_holds_an_own_word_is_taken() -> None:
    assert weakness("ann.smithson rides a kettle", OWN) is None


@pytest.mark.parametrize(
    "password",
    ["partnershipportal1", "Portal Scorecard 09", "leicesterpolice12", "password-password", "lsp-laa-council-1"],
)
def test_a_password_made_of_words_that_anybody_would_try_here_is_refused(password: str) -> None:
    assert weakness(password, OWN) == ("This password is made of words that anybody would try here: choose another.")


TAKEN = "taken"
RULES = {
    "14 characters": ("kettles on a h", "at least 15"),
    "15 characters": ("kettles on a hi", TAKEN),
    "64 characters": ("kettles on a hill " * 3 + "and a roof", TAKEN),
    "200 characters": ("kettles on a hill and a roof " * 6 + "and one more kettle, there", TAKEN),
    "201 characters": ("kettles on a hill and a roof " * 6 + "and one more kettle, there!", "at most 200"),
    "letters of any alphabet": ("чайник на крыше дома", TAKEN),
    "spaces alone between": ("a b c d e f g h i", TAKEN),
    "one case, no digit, no sign": ("kettlesonahillandaroof", TAKEN),
    "digits alone": ("829164037518264", TAKEN),
    "on the list of common ones": ("1q2w3e4r5t6y7u8i", "well known"),
    "the same in capitals": ("QWERTYUIOPASDFGHJKL", "well known"),
    "words of the portal": ("partnership portal", "anybody would try"),
    "the account's own address": ("ann.smithson@police.example", "your own name"),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_rules_of_passwords_as_a_table(rule: str) -> None:
    """As ASVS 6.2 and NIST SP 800-63B have them: length counts, known ones are refused, and no kind of character is
    asked for. None ever expires: nothing keeps when one was chosen."""
    password, expected = RULES[rule]
    assert expected in (weakness(password, OWN) or TAKEN)


def test_a_password_that_was_kept_with_less_work_is_outdated(kept: str) -> None:
    assert not outdated(kept)
    assert outdated(PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(GOOD))


def test_a_very_short_own_word_does_not_spoil_a_password() -> None:
    assert weakness("everyone enjoys tea", ("e@x.example", "E")) is None
