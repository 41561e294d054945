"""The shapes of what the API answers. Figures are text, missing ones null, instants RFC 3339 in UTC. Answers are made
in these shapes (portal/rest/answers.py), and the description of the API is made of them: neither can say otherwise."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.rules.direction import Basis, Direction
from models.rules.evidence import Strength
from models.rules.terms import NoRating, Rating, ReviewCategory, State

Figure = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["2.42"])]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256 of the edition's content.")]


class Answer(BaseModel):
    """An answer has the members that are named here and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Return(Answer):
    """One partner's report on one measure for one period, as whoever asks may see it."""

    measure: str = Field(examples=["NI 16"])
    indicator: str = Field(examples=["NI 16"])
    period: str = Field(examples=["2008/09 Q3"])
    state: State
    revision: int = Field(ge=0, description="How often it was submitted; 0 before the first time.")
    version: int = Field(ge=1, description="Grows with every change.")
    value: Figure | None
    no_value_reason: NoRating | None
    milestone: Figure | None = Field(description="What the figure is held against.")
    unit: str
    rating: Rating | None = Field(description="What counts.")
    rating_by_rule: Rating | None = Field(description="What the rule says, whatever was judged otherwise.")
    override_reason: str | None
    no_rating_reason: NoRating | None
    forecast_value: Figure | None
    forecast_rating: Rating | None
    commentary: str
    lead: str | None = Field(description="The organisation's key; null where the partnership team returns it.")
    numerator: Figure | None
    denominator: Figure | None
    interval: list[Figure] | None = Field(
        description="The two ends between which the true figure lies with 95% confidence."
    )
    year_value: Figure | None
    evidence_strength: Strength | None
    direction: Direction | None
    direction_basis: Basis | None
    proposed_rating: Rating | None
    proposed_reason: str | None
    judgement_accepted: bool | None


class Returns(Answer):
    """The returns of a period that whoever asks may read, in the agreement's order."""

    period: str
    returns: list[Return]
    next: str | None = Field(None, description="Where the next page begins; only in pages, null in the last.")


class Measure(Answer):
    """One measure in an edition or a theme."""

    measure: str
    value: Figure | None
    milestone: Figure | None
    unit: str


class Indicator(Answer):
    """One indicator: the worst of its measures, or why it has no rating."""

    code: str
    title: str
    rating: Rating | None
    forecast: Rating | None
    no_rating_reason: NoRating | None
    measures: list[Measure]


class Rated(Answer):
    """How many indicators have each rating, and how many none."""

    better: int
    within: int
    worse: int
    no_rating: int


class Theme(Answer):
    """One theme with its indicators."""

    key: str
    title: str
    counts: Rated
    indicators: list[Indicator]


class ThemeNow(Theme):
    """One theme in a period."""

    period: str


class EditionInList(Answer):
    """One edition of the scorecard, without its figures."""

    edition: int
    period: str
    published_at: Moment
    hash: Hash
    note: str = Field(description="What was wrong in the edition that this one corrects, or why it is revised.")
    corrects: int | None
    corrected_by: int | None


class Edition(EditionInList):
    """One edition of the scorecard, as it was published."""

    agreement: str
    licence: str
    themes: list[Theme]


class Editions(Answer):
    """The editions, the newest first."""

    editions: list[EditionInList]
    next: str | None = Field(None, description="Where the next page begins; only in pages, null in the last.")


class ReviewedIndicator(Answer):
    """One designated indicator in the annual review."""

    code: str
    category: ReviewCategory
    rating: Rating | None
    forecast: Rating | None
    overridden: bool


class Review(Answer):
    """The annual review of one year."""

    year: str
    counts: dict[ReviewCategory, int]
    indicators: list[ReviewedIndicator]


class Change(Answer):
    """One thing that changed. Which members are there follows from its kind; the others are null."""

    at: Moment
    kind: Literal["return", "edition", "period", "agreement"]
    state: str = Field(
        description="What it came to: a return's state; a period: open, closed; an edition: published; an agreement: "
        "loaded, refreshed.",
    )
    period: str | None = Field(description="The period's key, for returns and periods.")
    measure: str | None = Field(description="The measure's code, for returns.")
    revision: int | None = Field(description="The return's revision; null for a draft.")
    edition: int | None
    version: int | None = Field(description="The number of the version that a refresh of the agreement made.")
    href: str | None = Field(description="Where it is read, on this host.")


class Changes(Answer):
    """What changed after a cursor, in order."""

    changes: list[Change]
    next: str = Field(description="The cursor for the next question, there is more or not.")
    more: bool = Field(description="Whether there is more by now.")


class FieldProblem(Answer):
    """What is wrong with one field."""

    field: str
    detail: str


class Problem(Answer):
    """Why something was refused (RFC 9457)."""

    type: str = Field(description="The kind of problem: an anchor on the page that describes this API.")
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = Field(None, description="What is wrong, field by field, where fields are.")
