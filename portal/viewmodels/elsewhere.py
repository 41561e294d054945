"""Figures from elsewhere, beside a measure's own: what its source published, and what other areas have."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.rules.comparison import Place
from models.rules.reconciliation import UsualRevision
from models.rules.terms import AreaKind, Rating


@dataclass(frozen=True, slots=True)
class Published:
    """One figure of the national source. `difference` is it less the own figure, None without one; `rating` what the
    rule would say of it."""

    value: Decimal
    source: str
    on: date
    difference: Decimal | None
    rating: Rating | None


@dataclass(frozen=True, slots=True)
class Area:
    """One line of the areas: `kind` None is the own area. Those that contain others have no rank."""

    name: str
    kind: AreaKind | None
    value: Decimal
    rank: int | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What is known from elsewhere of one measure in one period. `pairs` counts the periods before with a figure of
    both, `usual` is what follows from them. `provisional`: the source is still to come, and the usual revision could
    change the rating. `place` is the own area's among its neighbours; `area_sources` is where their figures are from."""

    published: tuple[Published, ...] = ()
    pairs: int = 0
    usual: UsualRevision | None = None
    provisional: bool = False
    areas: tuple[Area, ...] = ()
    place: Place | None = None
    area_sources: tuple[str, ...] = ()
