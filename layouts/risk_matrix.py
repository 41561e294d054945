"""The drawing of the risk matrix: likelihood upwards, impact to the right, in each field how many open risks are there.

Across, everything is in per cent and, down, in pixels: so the drawing takes any width, and its writing keeps its size.
"""

from layouts.marks import Element, at, element
from models.rules.risks import SCALE, Band, band
from portal.viewmodels.risks import Risks
from portal.words import risks as words_of

FIELD = 62
"""A field's height in pixels."""
LEFT = 16
"""What the words of the likelihoods have of the width, in per cent."""
TONE = {Band.LOW: "low", Band.MEDIUM: "medium", Band.HIGH: "high", Band.VERY_HIGH: "very-high"}


def matrix(risks: Risks) -> Element:
    """The picture; a field without an open risk has no number."""
    wide = (100 - LEFT) / len(SCALE)
    drawn: list[Element] = []
    for likelihood in SCALE:
        top = (len(SCALE) - likelihood) * FIELD
        drawn += [
            element("text", str(likelihood), x=0, y=top + 26, class_="axis"),
            *_lines(words_of.LIKELIHOOD[likelihood], 0, top + 42),
        ]
        for impact in SCALE:
            drawn.append(_field(risks, likelihood, impact, LEFT + (impact - 1) * wide, top, wide))
    foot = len(SCALE) * FIELD
    for impact in SCALE:
        middle = LEFT + (impact - 0.5) * wide
        drawn.append(element("text", str(impact), x=f"{middle:g}%", y=foot + 18, class_="axis middle"))
        drawn.append(element("text", words_of.IMPACT[impact], x=f"{middle:g}%", y=foot + 34, class_="note middle"))
    drawn.append(element("text", "↑ Likelihood", x=0, y=foot + 56, class_="note"))
    drawn.append(element("text", "Impact →", x="100%", y=foot + 56, class_="note end"))
    said = words_of.matrix_said(risks)
    return element("svg", *drawn, width="100%", height=foot + 62, role="img", aria_label=said, class_="plot matrix")


def _lines(text: str, x: int, y: int) -> list[Element]:
    """A word or two, one under the other: beside the fields there is little room."""
    return [element("text", word, x=x, y=y + 13 * place - 2, class_="note") for place, word in enumerate(text.split())]


def _field(risks: Risks, likelihood: int, impact: int, left: float, top: int, wide: float) -> Element:
    found = band(likelihood, impact)
    own = len(risks.matrix.get((likelihood, impact), ()))
    box = element(
        "rect",
        x=f"{left + 0.3:g}%",
        y=top + 1.5,
        width=f"{wide - 0.6:g}%",
        height=FIELD - 3,
        class_=f"band {TONE[found]}",
    )
    number = element("text", str(own) if own else "", x=0, y=26, class_="middle count")
    name = element("text", words_of.BAND[found], x=0, y=50, class_="note middle")
    return element("g", box, at(round(left + wide / 2, 2), top, number, name))
