"""What the live figures of a review's texts stand for, and the facts that the texts are held against: from the same
standings as every page."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from models.rules.codes import slug
from models.rules.consistency import Facts, IndicatorFact, ThemeFact
from models.rules.expected import YearTarget
from models.rules.rollup import Counts
from models.rules.terms import Rating, ReviewCategory
from models.rules.tokens import CATEGORIES, COUNT, Token, parse
from portal import words
from portal.viewmodels.annual_review import Reviewed
from portal.viewmodels.indicators import MeasureStanding, ThemeStanding
from portal.viewmodels.self_assessment import Block, Piece

_CATEGORY = dict(
    zip(
        CATEGORIES,
        (ReviewCategory.ON_TRACK, ReviewCategory.OFF_TRAJECTORY, ReviewCategory.AT_RISK, ReviewCategory.NO_DATA),
        strict=True,
    )
)
_NONE = "no figure yet"


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that a review's texts can speak of. `reviewed` are all indicators with their categories, `designated`
    those that the review counts; `targets` are of the review's year, by the measure's code; `titles` are all titles of
    a theme by its key; `explained` are the codes of indicators with an analysis and an action."""

    reviewed: tuple[Reviewed, ...]
    designated: tuple[Reviewed, ...]
    themes: tuple[ThemeStanding, ...]
    targets: Mapping[str, YearTarget | None]
    titles: Mapping[str, tuple[str, ...]]
    explained: frozenset[str]

    @property
    def codes(self) -> frozenset[str]:
        """The codes that a live figure can name."""
        return frozenset(
            chain.from_iterable(
                (one.indicator.code, *(m.code for m in one.indicator.measures)) for one in self.reviewed
            )
        )

    def blocks(self, text: str) -> tuple[Block, ...]:
        """A text as typed, with its live figures resolved: its lines as paragraphs, those that begin with '- ' as
        items. WrongToken where a token is none."""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return tuple(self._block(line) for line in lines)

    def check(self, text: str) -> None:
        """WrongToken where a token of a text is none."""
        parse(text, self.codes, self.titles)

    def _block(self, line: str) -> Block:
        item = line.startswith("- ")
        pieces = parse(line.removeprefix("- ") if item else line, self.codes, self.titles)
        return Block(tuple(Piece(one) if isinstance(one, str) else self.resolved(one) for one in pieces), item)

    def resolved(self, token: Token) -> Piece:
        """What a live figure says now, and the place on the page that says why."""
        if token.subject == COUNT:
            return Piece(str(self._count(token.field)), f"count-{token.field.replace(' ', '-')}")
        if token.subject in self.titles:
            counts = next((one.counts for one in self.themes if one.key == token.subject), Counts())
            return Piece(str(_of_theme(counts, token.field)), f"theme-{token.subject}")
        found = next(
            one
            for one in self.reviewed
            if token.subject in (one.indicator.code, *(measure.code for measure in one.indicator.measures))
        )
        whole = found.indicator.code == token.subject
        place = f"figure-{slug(found.indicator.measures[0].code if whole else token.subject)}"
        if found not in self.designated:  # the annex has only those that the review counts
            place = f"/indicators/{slug(found.indicator.code)}"
        if whole and token.field == "category":
            return Piece(words.CATEGORY[found.category].lower(), place)
        if whole and token.field in ("rating", "forecast"):
            rating = found.indicator.rating if token.field == "rating" else found.indicator.forecast
            return Piece(_rated(rating, token.field), place)
        measures = [one for one in found.indicator.measures if whole or one.code == token.subject]
        return Piece(" and ".join(self._of(one, token.field, named=len(measures) > 1) for one in measures), place)

    def _of(self, measure: MeasureStanding, field: str, *, named: bool) -> str:
        part = f" ({measure.part.lower()})" if named and measure.part else ""
        match field:
            case "figure":
                said = _NONE if measure.value is None else _short(measure)
            case "milestone":
                said = words.expected(measure.expected, measure.decimals, measure.unit)
                if measure.unit.startswith("£") and measure.expected and measure.expected.value is not None:
                    said = words.amount(measure.expected.value, measure.decimals, measure.unit)
                said = "no milestone" if measure.expected is None else said
            case "target":
                said = words.year_target(self.targets.get(measure.code))
            case "baseline":
                base = measure.baseline
                known = base is not None and base.value is not None
                said = words.typed_amount(base.value, measure.decimals, base.unit) if known else "no baseline"  # type: ignore[union-attr,arg-type]
            case "rating":
                said = _rated(measure.rating, field)
            case "forecast":
                said = _rated(measure.forecast, field)
            case _:
                indicator = next(one for one in self.reviewed if measure in one.indicator.measures)
                said = words.CATEGORY[indicator.category].lower()
        return f"{said}{part}"

    def _count(self, field: str) -> int:
        if field in _CATEGORY:
            return sum(one.category is _CATEGORY[field] for one in self.designated)
        if field == "designated":
            return len(self.designated)
        return sum(1 if field == "indicators" else len(one.indicator.measures) for one in self.reviewed)

    def facts(self) -> Facts:
        """The facts for the consistency check. A count may be of the designated indicators or of all."""
        counted = [_states(self.designated), _states(self.reviewed)]
        phrases = [*(one.value for one in ReviewCategory), *(one.value for one in Rating)]
        codes_at_risk = {one.indicator.code for one in self.designated if one.category is ReviewCategory.AT_RISK}
        return Facts(
            indicators=tuple(
                IndicatorFact(
                    one.indicator.code,
                    one.indicator.title,
                    frozenset(_said_of(one)),
                    one.indicator.code in codes_at_risk,
                    one.indicator.code in self.explained,
                )
                for one in self.reviewed
            ),
            themes=tuple(self._theme(one) for one in self.themes),
            counts={phrase: frozenset(states[phrase] for states in counted) for phrase in phrases},
            total=frozenset((len(self.designated), len(self.reviewed))),
        )

    def _theme(self, theme: ThemeStanding) -> ThemeFact:
        own = [
            _states(one for one in which if one.indicator.theme == theme.key)
            for which in (self.designated, self.reviewed)
        ]
        phrases = {phrase: frozenset(states[phrase] for states in own) for phrase in own[0] | own[1]}
        every = [*(one.value for one in ReviewCategory), *(one.value for one in Rating)]
        return ThemeFact(
            theme.key,
            self.titles[theme.key],
            theme.counts.rated,
            theme.counts.worse,
            {phrase: phrases.get(phrase, frozenset({0})) for phrase in every},
        )


def _states(indicators: Iterable[Reviewed]) -> Counter[str]:
    return Counter(chain.from_iterable(_said_of(one) for one in indicators))


def _said_of(one: Reviewed) -> tuple[str, ...]:
    """What is true of an indicator: its category, and its rating where it has one."""
    return (one.category.value, *([one.indicator.rating.value] if one.indicator.rating else []))


def _of_theme(counts: Counts, field: str) -> int:
    found = {"better": counts.better, "within": counts.within, "worse": counts.worse, "indicators": counts.total}
    return found.get(field, counts.no_rating)


def _short(measure: MeasureStanding) -> str:
    assert measure.value is not None
    if measure.unit.startswith("£"):
        return words.amount(measure.value, measure.decimals, measure.unit)
    return words.short_amount(measure.value, measure)


def _rated(rating: Rating | None, field: str) -> str:
    if rating is None:
        return "not rated" if field == "rating" else "not forecast"
    return words.RATING[rating].lower()
