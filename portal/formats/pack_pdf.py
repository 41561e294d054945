"""A briefing pack as a tagged PDF (PDF/UA-1), set by Typst from portal/templates/pack.typ; its drawings stay vectors."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from portal.errors import Unavailable
from portal.formats.edition_pdf import NO_TYPST
from portal.formats.pack_parts import Facts, Heading, Paragraph, Part, Picture, Table
from portal.viewmodels.packs import Briefing
from portal.words import packs as words_of

_TEMPLATES = Path(__file__).parents[1] / "templates"
_KINDS = {Heading: "heading", Paragraph: "paragraph", Facts: "facts", Table: "table", Picture: "picture"}


def pack_pdf(view: Briefing, parts: Sequence[Part], fingerprint: str) -> bytes:
    """The file, the same to the byte for the same briefing. Unavailable on a machine without Typst. What it says is
    given to the template as data, so that no text in it is ever read as markup."""
    day = view.as_at.day
    said = {
        "title": words_of.title(view),
        "agreement": view.subject.agreement,
        "author": f"{view.subject.area} Partnership",
        "stamp": words_of.stamp(view, fingerprint),
        "day": [day.year, day.month, day.day],
        "parts": [{"kind": _KINDS[type(part)], **asdict(part)} for part in parts],
    }
    pdf: bytes = _typst().compile(
        str(_TEMPLATES / "pack.typ"),
        format="pdf",
        pdf_standards="ua-1",
        sys_inputs={"said": json.dumps(said)},
        ignore_system_fonts=True,  # else it would look otherwise on each machine
    )
    return pdf


def picture_png(svg: str) -> bytes:
    """A drawing as pixels, for readers of Word files that know no SVG. Unavailable on a machine without Typst."""
    png: bytes = _typst().compile(
        str(_TEMPLATES / "picture.typ"), format="png", ppi=144.0, sys_inputs={"said": svg}, ignore_system_fonts=True
    )
    return png


def _typst() -> Any:
    try:
        import typst  # there is no wheel of it for some machines
    except ImportError:
        raise Unavailable(NO_TYPST) from None
    return typst
