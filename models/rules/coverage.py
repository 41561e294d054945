"""What serves what: which things have nothing behind them, and which say the same."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def without_any(keys: Iterable[K], served: Iterable[Collection[K]]) -> tuple[K, ...]:
    """The keys, in their order, that are in none of the collections.

    >>> without_any("ABC", [{"A"}, {"A", "B"}])
    ('C',)
    """
    behind = {key for keys_of_one in served for key in keys_of_one}
    return tuple(key for key in keys if key not in behind)


def same_words(titles: Mapping[K, str]) -> tuple[tuple[K, ...], ...]:
    """The keys whose titles say the same word for word, however they are spaced or capitalised: groups of two or more.

    >>> same_words({1: "A safe city.", 2: "A clean city.", 3: "A  safe city."})
    ((1, 3),)
    """
    groups: dict[str, tuple[K, ...]] = {}
    for key, title in titles.items():
        plain = " ".join(title.casefold().split())
        groups[plain] = (*groups.get(plain, ()), key)
    return tuple(group for group in groups.values() if len(group) > 1)
