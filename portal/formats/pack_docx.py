"""A briefing pack as a Word file; its drawings as vectors, with pixels for readers that know none."""

from collections.abc import Sequence

from portal.formats.pack_parts import Facts, Heading, Paragraph, Part, Picture, Table
from portal.formats.pack_pdf import pictures_png
from portal.formats.word import WIDE, Word
from portal.viewmodels.packs import Briefing
from portal.words import packs as words_of


def pack_docx(view: Briefing, parts: Sequence[Part], fingerprint: str) -> bytes:
    """The file, the same to the byte for the same briefing. Unavailable on a machine without Typst, where there is a
    drawing in it."""
    title, agreement = words_of.title(view), view.subject.agreement
    author = f"{view.subject.area} Partnership"
    word = Word(title, subject=title, author=author, day=view.as_at.day, footer=f"{agreement} · {title}")
    pixels = iter(pictures_png([part.drawn.svg for part in parts if isinstance(part, Picture)]))
    word.paragraph(agreement, soft=True)
    word.paragraph(words_of.stamp(view, fingerprint), soft=True)
    for part in parts:
        match part:
            case Heading():
                word.heading(part.text, part.level)
            case Paragraph():
                word.paragraph(part.text, bold=part.strong, item=part.item, soft=part.soft)
            case Facts():
                for term, said in part.pairs:
                    word.paragraph(f"{term}: {said}")
            case Table():
                word.caption(part.caption)
                widths = [WIDE * each / sum(part.widths) for each in part.widths]
                word.table(part.caption, part.head, part.rows, widths, part.numeric)
            case Picture():
                word.caption(part.title, part.about)
                word.picture(part.drawn.svg, next(pixels), part.said)
                if part.drawn.key:
                    word.paragraph(part.drawn.key, soft=True)
    return word.written()
