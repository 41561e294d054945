"""What a PDF says of itself to a screen reader."""

from typing import Any

from pypdf import PdfReader


def elements(reader: PdfReader) -> list[Any]:
    """Every element of the PDF's tree of tags."""
    todo, found = [reader.trailer["/Root"]["/StructTreeRoot"]], []
    while todo:
        node = todo.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            todo += node
        elif isinstance(node, dict):
            found.append(node)
            todo += [node["/K"]] if "/K" in node else []
    return found
