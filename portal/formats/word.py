"""Word documents in the plain shape that readers' tools understand: real headings, tables with a header row that is
repeated on each page, a language and a title."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from io import BytesIO

from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

LANGUAGE = "en-GB"
FONT = "Arial"


class Word:
    """A document that is written from top to bottom, on A4 paper."""

    def __init__(self, title: str, subject: str, author: str, day: date) -> None:
        self._document: DocumentObject = Document()
        said = self._document.core_properties
        said.title, said.subject, said.author, said.language = title, subject, author, LANGUAGE
        said.comments = ""
        # Else the file would differ each time that it is made.
        said.created = said.modified = datetime(day.year, day.month, day.day, tzinfo=UTC)
        self._plain_style()
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
        self.heading(title, 1)

    def heading(self, text: str, level: int) -> None:
        """A heading; the title alone has level 1."""
        self._document.add_heading(text, level)

    def paragraph(self, text: str, *, bold: bool = False) -> None:
        """A paragraph; its line breaks are kept."""
        self._document.add_paragraph().add_run(text).bold = bold

    def points(self, lines: Iterable[str]) -> None:
        """A list."""
        for line in lines:
            self._document.add_paragraph(line, "List Bullet")

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A table whose first row is its header, on each page that it is on; no row is broken over two pages."""
        table = self._document.add_table(rows=1, cols=len(head), style="Table Grid")
        for cell, text in zip(table.rows[0].cells, head, strict=True):
            cell.paragraphs[0].add_run(text).bold = True
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        for made in table.rows:
            made._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))
        self._document.add_paragraph()

    def written(self) -> bytes:
        """The file."""
        file = BytesIO()
        self._document.save(file)
        return file.getvalue()

    def _plain_style(self) -> None:
        """One font for all, and the language in which it is read aloud and checked."""
        for style in self._document.styles.element.iter(qn("w:lang")):
            style.set(qn("w:val"), LANGUAGE)
        for name in ("Normal", "Heading 1", "Heading 2", "Heading 3"):
            font = self._document.styles[name].font
            font.name = FONT
            fonts = font.element.rPr.rFonts
            for which in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
                fonts.attrib.pop(qn(which), None)
        self._document.styles["Normal"].font.size = Pt(11)
