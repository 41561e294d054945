"""The newsletter's paragraph on a half-year, and its table beside the half-years before: plain text, to paste."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from models.rules.rollup import Counts
from models.rules.terms import Rating
from portal.viewmodels.charts import PrintedShares
from portal.viewmodels.scorecard import Scorecard
from portal.words.dates import moment, period, plural
from portal.words.figures import number
from portal.words.performance import AS_PRINTED, month, printed_share
from portal.words.ratings import reasons_for_none

HEAD = ("End of", "Above", "Near", "Below", "Missing")
_ORDER = (Rating.BETTER, Rating.WITHIN, Rating.WORSE, None)


def newsletter(card: Scorecard, earlier: Mapping[str, tuple[PrintedShares, ...]], before: tuple[Scorecard, ...]) -> str:
    """Paragraph, table and what the table is of. The columns are set apart by tabs, as spreadsheets and word
    processors take them."""
    printed = [(month(one.day), *_printed(one)) for shares in earlier.values() for one in shares]
    counted = [(_month(one), *_counted(one.counts)) for one in (*before, card)]
    table = ["\t".join(row) for row in (HEAD, *printed, *counted)]
    parts = [
        _paragraph(card, earlier),
        "Per cent of all measures or indicators",
        "\n".join(table),
        _notes(card, earlier),
    ]
    return "\n\n".join(parts) + "\n"


def _paragraph(card: Scorecard, earlier: Mapping[str, tuple[PrintedShares, ...]]) -> str:
    counts = card.counts
    said = (
        f"At the end of {_month(card)}, {counts.better} of the {plural(counts.total, 'indicator')} of the "
        f"{card.agreement} ({_percent(counts.better, counts)}) {'was' if counts.better == 1 else 'were'} better than "
        f"anticipated, {counts.within} ({_percent(counts.within, counts)}) within the acceptable range and "
        f"{counts.worse} ({_percent(counts.worse, counts)}) worse. {counts.no_rating} "
        f"({_percent(counts.no_rating, counts)}) had no rating"
    )
    reasons = reasons_for_none(counts)
    said += f": {reasons}" if reasons else "."
    known = [(title, shares[-1]) for title, shares in earlier.items() if Rating.BETTER in shares[-1].shares]
    if known:
        title, last = known[-1]
        said += (
            f" Of the measures of the {title}, {printed_share(last.shares[Rating.BETTER])} were above target at the "
            f"end of {month(last.day)}; its measures were others, so that the two cannot be held against each other."
        )
    if card.corrects is not None:
        said += f" These figures put edition {card.corrects} right: {card.note}"
    return said


def _notes(card: Scorecard, earlier: Mapping[str, tuple[PrintedShares, ...]]) -> str:
    lines = [
        f"{title}: {month(shares[0].day)} to {month(shares[-1].day)}, per cent of all its measures. {AS_PRINTED}"
        for title, shares in earlier.items()
    ]
    lines.append(
        f"{card.agreement}: per cent of all its indicators, rounded. Above: better than anticipated. Near: within the "
        "acceptable range. Below: worse than anticipated. Missing: without a rating."
    )
    lines.append(f"Source: scorecard of {period(card.period)}, edition {card.edition}, {moment(card.published_at)}.")
    return "\n".join(lines)


def _month(card: Scorecard) -> str:
    return month(date.fromisoformat(card.ends_on))


def _printed(one: PrintedShares) -> tuple[str, ...]:
    return tuple(printed_share(one.shares.get(rating)) for rating in _ORDER)


def _counted(counts: Counts) -> tuple[str, ...]:
    return tuple(_percent(n, counts) for n in (counts.better, counts.within, counts.worse, counts.no_rating))


def _percent(part: int, counts: Counts) -> str:
    return f"{number(Decimal(100 * part) / counts.total, 0)}%" if counts.total else "–"
