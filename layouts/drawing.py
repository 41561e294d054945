"""The component that puts a drawing into a signed-in page, as elements and never as raw markup: assets/drawing.js."""

from typing import Any

from dash.development.base_component import Component

from layouts.marks import Element


class Drawing(Component):
    """A tree of SVG elements. Dash has no components for them, and an image would neither follow the page's colours nor
    say anything when it is pointed at."""

    _children_props: list[str] = []  # noqa: RUF012  (Dash reads it from the class)
    _base_nodes = ["children"]  # noqa: RUF012
    _namespace = "portal_drawing"
    _type = "Drawing"

    def __init__(self, tree: Element) -> None:
        self._prop_names = ["tree"]
        self._valid_wildcard_attributes: list[str] = []
        self.available_properties = ["tree"]
        self.available_wildcard_properties: list[str] = []
        super().__init__(tree=tree)

    tree: Any
