"""What a version of the agreement says of a term, as people type it into a proposal."""

from decimal import Decimal

from models.rules.refresh import Term, Value
from models.rules.terms import Frequency, Polarity, TargetState, ToleranceKind
from portal.formats.numbers import parse_figure

_WITHOUT = {str(state): state for state in TargetState if state is not TargetState.SET}
_NAMES = {Term.POLARITY: sorted(map(str, Polarity)), Term.FREQUENCY: sorted(map(str, Frequency))}


def parse_term(term: Term, text: str) -> Value:
    """What was typed, as a value of its term. ValueError with a sentence that says how to write it.

    A target is a figure, a range ('10 to 15') or why there is none ('dropped'); a baseline a figure and, after a
    semicolon, its period; a tolerance a figure in the measure's unit, or with a per cent sign in per cent of the
    milestone; a lead the key of an organisation, nothing for the partnership team; partners keys with semicolons.

    >>> parse_term(Term.TARGET, "10 to 15").high
    Decimal('15')
    """
    text = " ".join(text.split())
    if term is Term.TARGET:
        return _target(text)
    if term is Term.BASELINE:
        figure, _, when = text.partition(";")
        return Value(parse_figure(figure), word=when.strip()[:100])
    if term is Term.TOLERANCE:
        tolerance = parse_figure(text)
        if tolerance < 0:
            raise ValueError("A tolerance cannot be less than nothing.")
        return Value(tolerance, word=ToleranceKind.PERCENT if text.endswith("%") else ToleranceKind.UNIT)
    word = text.lower()
    if term in _NAMES and word not in _NAMES[term]:
        raise ValueError(f"Write one of {', '.join(_NAMES[term])}.")
    if term is Term.PARTNERS:
        word = "; ".join(sorted({key.strip() for key in word.split(";") if key.strip()}))
    return Value(word=word)


def _target(text: str) -> Value:
    state = _WITHOUT.get(text.lower())
    if state is not None:
        return Value(state=state)
    low, to, high = text.partition(" to ")
    try:
        ends: tuple[Decimal, Decimal] = (parse_figure(low), parse_figure(high if to else low))
    except ValueError as error:
        known = ", ".join(_WITHOUT)
        raise ValueError(f"{error} A target is a figure, a range like 10 to 15, or one of: {known}.") from None
    if ends[0] > ends[1]:
        raise ValueError("A range begins with its lower end: 10 to 15.")
    return Value(*ends, state=TargetState.SET)
