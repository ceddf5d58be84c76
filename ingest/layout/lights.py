"""Traffic lights: the label of a picture in a cell of a table, and the colour of a dot."""

from __future__ import annotations

import re
from colorsys import rgb_to_hsv

from lxml import etree

from ingest.layout.marked_up_tables import GridCell
from ingest.stream import Line, Style

RED = "🔴"
YELLOW = "🟡"
GREEN = "🟢"
_HUES = ((RED, 0, 20), (YELLOW, 30, 65), (GREEN, 80, 170), (RED, 340, 361))  # degrees
_LEAST_COLOUR = 0.45  # saturation and brightness of a light: no pale fill, no dark letters
_DOT = re.compile(r"[●⬤•■◼⚫\s]*")
_LABELS = ("alt", "title", "aria-label")
# of a label that is a cell's text: "rot", "Ampel rot"; longer ones describe a picture
_MOST_WORDS = 3


def mark_cell(cell: GridCell, element: etree._Element, page: int) -> None:
    """Give a cell without text, or with a mere dot, the short label of its picture ("Ampel rot") as
    its text. A longer label describes a picture, and changes nothing.
    """
    if not _DOT.fullmatch("".join(line.text for line in cell.lines)):
        return
    label = next(filter(None, map(_label_of, element.iter())), "")
    if label and len(label.split()) <= _MOST_WORDS:
        cell.lines[:] = [Line(label, page, Style())]


def _label_of(element: etree._Element) -> str:
    labels = (element.get(name, "").strip() for name in _LABELS)
    return next(filter(None, labels), "")


def light_of_colour(colour: int) -> str:
    """Return the light that a colour (0xRRGGBB) stands for; "" for grey, dark and other colours."""
    hue, saturation, brightness = rgb_to_hsv(*(part / 255 for part in colour.to_bytes(3)))
    if min(saturation, brightness) < _LEAST_COLOUR:
        return ""
    return next((light for light, low, high in _HUES if low <= 360 * hue < high), "")
