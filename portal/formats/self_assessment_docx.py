"""The self-assessment as a Word file."""

from collections.abc import Sequence
from datetime import date

from portal.formats.review_parts import Heading, Paragraph, Table, parts_of, title_of
from portal.formats.word import Word
from portal.viewmodels.self_assessment import Document, StageLine

_WIDTHS = {6: (6.0, 1.9, 2.3, 2.9, 3.0, 2.4), 4: (8.0, 2.0, 4.0, 4.5), 3: (9.0, 4.5, 5.0)}


def self_assessment_docx(document: Document, stages: Sequence[StageLine]) -> bytes:
    """The file, the same to the byte for the same document and stages."""
    author, about = f"{document.area} Partnership", f"annual review {document.year}"
    standing = f"version {document.version}" if document.version else "draft"
    word = Word(
        title_of(document),
        subject=about.capitalize(),
        author=author,
        day=date.fromisoformat(document.signed_on) if document.signed_on else date(int(document.year[:4]), 4, 1),
        footer=f"{author} · {about} · {standing}",
    )
    for part in parts_of(document, stages):
        match part:
            case Heading():
                word.heading(part.text, part.level)
            case Paragraph():
                word.paragraph(part.text, item=part.item, soft=part.soft)
            case Table():
                word.table(part.caption, part.head, part.rows, _WIDTHS[len(part.head)], part.numeric)
    return word.written()
