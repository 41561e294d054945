"""The self-assessment as a tagged PDF (PDF/UA-1), set by Typst from portal/templates/annual_review.typ."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from portal.errors import Unavailable
from portal.formats.edition_pdf import NO_TYPST
from portal.formats.review_parts import Heading, Paragraph, parts_of, title_of
from portal.viewmodels.self_assessment import Document, StageLine

_TEMPLATE = Path(__file__).parents[1] / "templates" / "annual_review.typ"


def self_assessment_pdf(document: Document, stages: Sequence[StageLine]) -> bytes:
    """The file, the same to the byte for the same document and stages. Unavailable on a machine without Typst. What it
    says is given to the template as data, so that no text in it is ever read as markup."""
    try:
        import typst  # there is no wheel of it for some machines
    except ImportError:
        raise Unavailable(NO_TYPST) from None
    kinds = {Heading: "heading", Paragraph: "paragraph"}
    said = {
        "title": title_of(document),
        "author": f"{document.area} Partnership",
        "footer": f"{document.area} Partnership · annual review {document.year}"
        + (f" · version {document.version}" if document.version else " · draft"),
        "signed": [int(part) for part in document.signed_on.split("-")] if document.signed_on else [],
        "parts": [{"kind": kinds.get(type(part), "table"), **asdict(part)} for part in parts_of(document, stages)],
    }
    made: bytes = typst.compile(
        str(_TEMPLATE),
        format="pdf",
        pdf_standards="ua-1",
        sys_inputs={"review": json.dumps(said)},
        ignore_system_fonts=True,  # else it would look otherwise on each machine
        timestamp=0,  # what is not signed yet has no date of its own
    )
    return made
