"""The editions as an Atom feed (RFC 4287), so that programs notice a new one."""

import re
from collections.abc import Sequence
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from portal import words
from portal.formats.observations import LICENCE_TITLE
from portal.viewmodels.agreements import AgreementLine
from portal.viewmodels.scorecard import EditionLine

ATOM = "http://www.w3.org/2005/Atom"
FILES = {
    "csv": ("text/csv", "CSV"),
    "json": ("application/json", "JSON"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel"),
    "pdf": ("application/pdf", "PDF"),
}
"""What an edition can be had as beside its page: its media type, and its kind in a word."""
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # not even escaped, and yet people paste it


def editions_atom(agreement: AgreementLine, editions: Sequence[EditionLine], kept: str) -> bytes:
    """The feed, the newest edition first; there must be one. `kept` is what addresses keep: '?agreement=KEY' or ''."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "en-GB"})
    _put(feed, "title", f"{agreement.title}: editions of the scorecard")
    _put(feed, "id", _name(agreement.key))
    _put(feed, "updated", max(one.published_at for one in editions).isoformat())
    _put(feed, "link", rel="self", type="application/atom+xml", href=f"/editions.atom{kept}")
    _put(feed, "link", rel="alternate", type="text/html", href=f"/editions{kept}")
    _put(_put(feed, "author"), "name", f"{agreement.area} Partnership")
    _put(feed, "rights", LICENCE_TITLE)
    for one in editions:
        _entry(feed, one, kept)
    return ET.tostring(feed, encoding="utf-8", xml_declaration=True)


def _entry(feed: ET.Element, one: EditionLine, kept: str) -> None:
    entry = _put(feed, "entry")
    _put(entry, "title", f"Edition {one.number}: {words.period(one.period)}")
    # What was published never changes, and so neither does its name: it is made of the content's hash.
    _put(entry, "id", _name(one.hash))
    for instant in ("published", "updated"):
        _put(entry, instant, one.published_at.isoformat())
    right = f"It puts edition {one.corrects} right. " if one.corrects is not None else ""
    _put(entry, "summary", f"{right}{one.note}".strip() or f"How the indicators stood in {words.period(one.period)}.")
    _put(entry, "link", rel="alternate", type="text/html", href=f"/editions/{one.number}{kept}")
    for ending, (kind, title) in FILES.items():
        href = f"/editions/{one.number}.{ending}{kept}"
        _put(entry, "link", rel="enclosure", type=kind, title=title, href=href)


def _put(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = _NO_XML.sub(" ", text) or None
    return element


def _name(of: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, of)}"
