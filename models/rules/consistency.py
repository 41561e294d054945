"""Whether a text contradicts the data: sentence by sentence, strict enough to leave alone what it cannot be sure of.

Three kinds of claim are understood: praise or blame of a theme, a count of indicators in a category or with a rating,
and a category or rating of a named indicator. A sentence on the past, the future, a wish or a condition claims nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from models.rules.claims import (
    BLAME,
    NEGATED,
    NUMBER,
    PARTIAL,
    PHRASES,
    PRAISE,
    UNSURE,
    VERB,
    codes_marked,
    number_of,
    sentences,
)


class Kind(StrEnum):
    """What the check can find."""

    PRAISED = auto()
    BLAMED = auto()
    COUNT = auto()
    STATUS = auto()
    UNMENTIONED = auto()
    UNEXPLAINED = auto()
    NO_OUTCOME = auto()


@dataclass(frozen=True, slots=True)
class IndicatorFact:
    """An indicator as the data has it. `status` are the phrases that are true of it: its category and its rating;
    `explained`: an analysis and an action are there."""

    code: str
    title: str
    status: frozenset[str]
    at_risk: bool = False
    explained: bool = True


@dataclass(frozen=True, slots=True)
class ThemeFact:
    """A theme with its titles, how many of its indicators are rated, and how many of those are worse. `counts` are
    the numbers that may be said of it, by phrase."""

    key: str
    titles: tuple[str, ...]
    rated: int
    worse: int
    counts: Mapping[str, frozenset[int]]

    @property
    def mostly_worse(self) -> bool:
        """At least half of what is rated is worse than anticipated."""
        return self.rated > 0 and 2 * self.worse >= self.rated

    @property
    def nothing_worse(self) -> bool:
        """Something is rated, and none of it is worse than anticipated."""
        return self.rated > 0 and self.worse == 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text is held against. `counts` are the numbers that may be said of the whole agreement, by phrase;
    `total` how many indicators there are, of each way of counting."""

    indicators: tuple[IndicatorFact, ...]
    themes: tuple[ThemeFact, ...]
    counts: Mapping[str, frozenset[int]]
    total: frozenset[int]


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that the check has found. `where` is the key of the text, '' for none; `about` the indicator, theme or
    phrase; `said` the sentence; `right` what the data has instead."""

    kind: Kind
    where: str
    about: str
    said: str = ""
    right: str = ""


def contradictions(where: str, text: str, facts: Facts) -> tuple[Found, ...]:
    """What in one text contradicts the data. Tokens stand in it as they were typed: they cannot contradict."""
    found: list[Found] = []
    for sentence in sentences(text):
        marked, codes = codes_marked(sentence, {one.title: one.code for one in facts.indicators})
        for clause in _clauses(marked):
            if UNSURE.search(clause):
                continue
            found += (
                Found(kind, where, about, sentence, right) for kind, about, right in _claims(clause, codes, facts)
            )
    return tuple(dict.fromkeys(found))


def unmentioned(texts: Iterable[str], facts: Facts) -> tuple[Found, ...]:
    """The indicators at risk that no text names, by code, token or title, and those without analysis or action."""
    titles = {one.title: one.code for one in facts.indicators}
    named = {code for text in texts for code in codes_marked(text, titles)[1]}
    silent = [
        Found(Kind.UNMENTIONED, "", one.code) for one in facts.indicators if one.at_risk and one.code not in named
    ]
    return (
        *silent,
        *(Found(Kind.UNEXPLAINED, "", one.code) for one in facts.indicators if one.at_risk and not one.explained),
    )


_BETWEEN = re.compile(
    r";|:|,?\s+\b(?:but|while|whereas|although|though|yet)\b\s+|,\s+(?=§)|,\s+and\s+(?=§)", re.IGNORECASE
)


def _clauses(sentence: str) -> list[str]:
    return [part for part in _BETWEEN.split(sentence) if part and part.strip()]


def _claims(clause: str, codes: Sequence[str], facts: Facts) -> Iterator[tuple[Kind, str, str]]:
    themes = [theme for theme in facts.themes if _names(clause, theme)]
    for theme in themes:
        if theme.mostly_worse and _judged(clause, PRAISE):
            yield Kind.PRAISED, theme.key, f"{theme.worse} of {theme.rated}"
        if theme.nothing_worse and _judged(clause, BLAME):
            yield Kind.BLAMED, theme.key, f"0 of {theme.rated}"
    yield from _counts(clause, themes, facts)
    yield from _status(clause, codes, facts)


def _names(clause: str, theme: ThemeFact) -> bool:
    """Whether a clause speaks of a theme: by a title, by a token on it, or as 'the safer theme': the key alone may be
    an ordinary word."""
    key = re.escape(theme.key).replace(r"\-", "[- ]")
    as_theme = rf"\{{{key} [a-z ]+\}}|\b{key}(?:\W\s?)?\s+(?:theme|priority|block)\b|\b(?:theme|priority|block) {key}\b"
    return any(
        re.search(rf"\b{re.escape(name)}\b", clause, re.IGNORECASE) for name in short_names(theme.titles)
    ) or bool(re.search(as_theme, clause, re.IGNORECASE))


def short_names(titles: Iterable[str]) -> tuple[str, ...]:
    """Titles, and what people call them for short: without the verb in front, where three words or more are left.

    >>> short_names(["Creating safer and stronger communities"])
    ('Creating safer and stronger communities', 'safer and stronger communities')
    """
    names: list[str] = []
    for title in filter(None, titles):
        rest = title.split()[1:]
        while rest and rest[0].lower() in ("in", "for", "our"):
            rest = rest[1:]
        names += [title, *([" ".join(rest)] if len(rest) >= 3 else [])]
    return tuple(dict.fromkeys(names))


def _judged(clause: str, judging: re.Pattern[str]) -> bool:
    """Whether a word judges that is not turned round by one of the four words before it."""
    for match in judging.finditer(clause):
        before = re.findall(r"[\w’']+", clause[: match.start()])[-4:]
        if not any(NEGATED.fullmatch(word) for word in before):
            return True
    return False


_PHRASE = "(?:" + "|".join(sorted(map(re.escape, PHRASES), key=len, reverse=True)) + r")\b(?! of\b)"
_COUNT = re.compile(
    rf"(?<![\w.§{{£-])(?P<some>{PARTIAL}\s+)?(?P<more>(?:at least|at most|more than|fewer than|less than|up to)\s+)?"
    rf"(?<![\w.§{{£-])(?P<n>{NUMBER})\b(?![.,]\d|\s?%|\s+per cent)"
    rf"(?P<of>\s+of(?:\s+(?:the|our|all))?(?:\s+(?:{NUMBER})\b)?)?"
    r"(?:\s+(?:designated|national))*(?P<noun>\s+(?:indicators?|targets?))?"
    rf"(?P<verb>\s+(?:that\s+|which\s+)?(?:{VERB}))?(?:\s+(?:judged|rated|now|currently|still|counted|as))*\s+"
    rf"(?P<phrase>{_PHRASE})",
    re.IGNORECASE,
)
"""'Six indicators are at risk', 'five of the 35 are on track', '16 on track'. 'The other two at risk' and 'one of the
indicators at risk' count something else; so does 'one at risk' with nothing to say of what."""


def _counts(clause: str, themes: Sequence[ThemeFact], facts: Facts) -> Iterator[tuple[Kind, str, str]]:
    for match in _COUNT.finditer(_without_names(clause, themes)):
        word, spoken_of = match["n"].lower(), match["noun"] or match["verb"]
        if match["some"] or (match["of"] and not match["verb"]) or (word in ("one", "all", "no") and not spoken_of):
            continue
        if word == "all" and (themes or not match["noun"]):
            continue
        phrase = PHRASES[" ".join(match["phrase"].lower().split())]
        allowed = _of_themes(themes, phrase) if themes else facts.counts.get(phrase, frozenset())
        said = facts.total if word == "all" else {number_of(word)}
        if allowed and not any(_agrees(match["more"], n, true) for n in said if n is not None for true in allowed):
            yield Kind.COUNT, phrase, " or ".join(map(str, sorted(allowed)))


def _without_names(clause: str, themes: Sequence[ThemeFact]) -> str:
    """A clause without 'in' a theme, which may stand between a number and what is counted."""
    names = "|".join(re.escape(name) for theme in themes for name in short_names(theme.titles))
    return re.sub(rf"\s+(?:in|under|of|for)\s+(?:{names})\b", "", clause, flags=re.IGNORECASE) if names else clause


def _of_themes(themes: Sequence[ThemeFact], phrase: str) -> frozenset[int]:
    """What may be said of themes that are named together: each one's count, and their sum is not guessed at."""
    return frozenset() if len(themes) > 1 else themes[0].counts.get(phrase, frozenset())


def _agrees(more: str | None, said: int, true: int) -> bool:
    match " ".join((more or "").lower().split()):
        case "at least":
            return true >= said
        case "at most" | "up to":
            return true <= said
        case "more than":
            return true > said
        case "fewer than" | "less than":
            return true < said
    return true == said


_STATUS = re.compile(
    rf"(?P<codes>§\d+§(?:\s*(?:,|and|or|,\s*and)?\s*§\d+§)*)"
    rf"(?P<between>(?:(?!\b(?:that|which|who|where|than|unlike|others?)\b)[^§;:]){{0,60}}?)\b(?:{VERB})\s+"
    rf"(?:now|also|both|all|currently|still|firmly|rated|judged|\s)*(?P<phrase>{_PHRASE})\b",
    re.IGNORECASE,
)


def _status(clause: str, codes: Sequence[str], facts: Facts) -> Iterator[tuple[Kind, str, str]]:
    by_code = {one.code: one for one in facts.indicators}
    for match in _STATUS.finditer(clause):
        phrase = PHRASES[" ".join(match["phrase"].lower().split())]
        if any(NEGATED.fullmatch(word) for word in re.findall(r"[\w’']+", match["between"])):
            continue
        for number in re.findall(r"§(\d+)§", match["codes"]):
            one = by_code.get(codes[int(number)])
            if one is not None and one.status and phrase not in one.status:
                yield Kind.STATUS, one.code, ", ".join(sorted(one.status))
