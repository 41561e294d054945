"""Forecasts of a year's end: one beside a return, and the ledger of all that were frozen."""

from dataclasses import dataclass
from decimal import Decimal

from models.rules.chance import Prospect
from models.rules.expected import YearTarget
from models.rules.forecast import NoForecast, Place
from models.rules.scoring import Score


@dataclass(frozen=True, slots=True)
class YearEnd:
    """The portal's forecast for the end of a year, in the measure's unit, with an 80% range; or why there is none.
    `target` is the year's, where it is in that unit, `prospect` the chance of reaching it, `place` where the
    partner's own lies; `by_profile` says that the stored profile of its years was used."""

    year: str
    central: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    method: str = ""
    points: int = 0
    prospect: Prospect | None = None
    place: Place | None = None
    none: NoForecast | None = None
    by_profile: bool = False
    target: YearTarget | None = None


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """What was forecast with one verified return, by its partner and by the portal, and what came."""

    return_id: int
    measure: str
    title: str
    organisation: str
    year: str
    period: str
    unit: str
    decimals: int
    partner: Decimal | None
    central: Decimal | None
    low: Decimal | None
    high: Decimal | None
    chance: Decimal | None
    outturn: Decimal | None


@dataclass(frozen=True, slots=True)
class Scored:
    """How good one organisation's forecasts were, and the portal's for the same measures, in per cent of the outturn."""

    organisation: str
    partner: Score
    portal: Score


@dataclass(frozen=True, slots=True)
class Ledger:
    """All frozen forecasts that the reader may see, the newest first."""

    lines: tuple[LedgerLine, ...]
    scores: tuple[Scored, ...]
