"""Reading milestones as people type them: a figure, or both edges of a range, in the measure's reported unit."""

import re
from decimal import Decimal

from models.rules.entry import impossible
from models.rules.expected import Expected
from models.rules.terms import Polarity
from portal.formats.numbers import parse_figure

_RANGE = re.compile(r"(\S.*?)\s+to\s+(\S.*)", re.IGNORECASE)


def parse_milestone(text: str, unit: str, polarity: Polarity) -> Expected:
    """What was typed, as figures. ValueError with a sentence for what cannot be a milestone of such a measure.

    >>> parse_milestone("10 to 15", "%", Polarity.RANGE)
    Expected(value=None, low=Decimal('10'), high=Decimal('15'), basis=<Basis.MILESTONE: 'milestone'>)
    """
    if polarity is not Polarity.RANGE:
        return Expected(_possible(text, unit))
    edges = _RANGE.fullmatch(text.strip())
    if edges is None:
        raise ValueError("This measure has to lie in a range: type both of its edges, such as 10 to 15.")
    low, high = (_possible(edge, unit) for edge in edges.groups())
    if low > high:
        raise ValueError(f"The range begins at {low:,f} and ends below that, at {high:,f}.")
    return Expected(None, low, high)


def _possible(text: str, unit: str) -> Decimal:
    figure = parse_figure(text)
    if sentence := impossible(figure, unit):
        raise ValueError(sentence)
    return figure
