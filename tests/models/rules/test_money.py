"""Money: exact sums, what can be committed, and printed totals that do not agree with their lines."""

from decimal import Decimal

import pytest

from models.rules.money import beyond, total, why_no_amount


def test_sums_are_exact() -> None:
    assert total([Decimal("0.10")] * 3) == Decimal("0.30")
    assert total([]) == 0


def test_the_printed_total_that_leicesters_lines_do_not_come_to() -> None:
    lines = [Decimal(n) for n in (3000, 3000, 4000, 22500, 3000, 500)]
    assert total(lines) == 36000
    assert beyond(Decimal(26000), lines) == 10000
    assert beyond(Decimal(36000), lines) == 0
    assert beyond(Decimal(40000), lines) == -4000


@pytest.mark.parametrize(
    ("amount", "wrong"),
    [
        ("0.01", ""),
        ("9999999999.99", ""),
        ("0", "nothing"),
        ("-5", "nothing"),
        ("1.005", "pence"),
        ("1e10", "too much"),
    ],
)
def test_an_amount_is_pounds_and_pence(amount: str, wrong: str) -> None:
    said = why_no_amount(Decimal(amount))
    assert wrong in said
    assert bool(said) == bool(wrong)
