"""The self-assessment as a tagged PDF (PDF/UA-1), set by Typst from portal/templates/annual_review.typ."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from portal.formats.review_parts import Heading, Paragraph, parts_of, title_of
from portal.formats.typesetting import typeset
from portal.viewmodels.self_assessment import Document, StageLine


def self_assessment_pdf(document: Document, stages: Sequence[StageLine]) -> bytes:
    """The file, the same to the byte for the same document and stages. Unavailable on a machine without Typst."""
    kinds = {Heading: "heading", Paragraph: "paragraph"}
    said = {
        "title": title_of(document),
        "author": f"{document.area} Partnership",
        "footer": f"{document.area} Partnership · annual review {document.year}"
        + (f" · version {document.version}" if document.version else " · draft"),
        "signed": [int(part) for part in document.signed_on.split("-")] if document.signed_on else [],
        "parts": [{"kind": kinds.get(type(part), "table"), **asdict(part)} for part in parts_of(document, stages)],
    }
    # What is not signed yet has no date of its own.
    how = {"format": "pdf", "pdf_standards": "ua-1", "timestamp": 0}
    (made,) = typeset("annual_review.typ", [{"review": json.dumps(said)}], **how)
    return made
