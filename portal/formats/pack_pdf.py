"""A briefing pack as a tagged PDF (PDF/UA-1), set by Typst from portal/templates/pack.typ; its drawings stay vectors."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from portal.formats.pack_parts import Facts, Heading, Paragraph, Part, Picture, Table
from portal.formats.typesetting import typeset
from portal.viewmodels.packs import Briefing
from portal.words import packs as words_of

_KINDS = {Heading: "heading", Paragraph: "paragraph", Facts: "facts", Table: "table", Picture: "picture"}


def pack_pdf(view: Briefing, parts: Sequence[Part], fingerprint: str) -> bytes:
    """The file, the same to the byte for the same briefing. Unavailable on a machine without Typst."""
    day = view.as_at.day
    said = {
        "title": words_of.title(view),
        "agreement": view.subject.agreement,
        "author": f"{view.subject.area} Partnership",
        "stamp": words_of.stamp(view, fingerprint),
        "day": [day.year, day.month, day.day],
        "parts": [{"kind": _KINDS[type(part)], **asdict(part)} for part in parts],
    }
    (made,) = typeset("pack.typ", [{"said": json.dumps(said)}], format="pdf", pdf_standards="ua-1")
    return made


def pictures_png(svgs: Sequence[str]) -> list[bytes]:
    """Drawings as pixels, for readers of Word files that know no SVG. Unavailable on a machine without Typst."""
    return typeset("picture.typ", [{"said": svg} for svg in svgs], format="png", ppi=144.0) if svgs else []
