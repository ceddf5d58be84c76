"""Traffic lights in cells of tables: a colour, or the text of a picture, is the cell's text.

A coloured cell may as well be a bar of a time plan. So colours count only in columns that have two
of them, and no empty cell.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from colorsys import rgb_to_hsv
from itertools import chain

from lxml import etree

from ingest.layout.marked_up_tables import GridCell, find_columns
from ingest.limits import ReadingLimits
from ingest.stream import Line, Style

RED = "🔴"
YELLOW = "🟡"
GREEN = "🟢"
_NAMES = {  # parts of class names, and colours of CSS
    RED: {"rot", "red", "danger", "darkred", "crimson", "firebrick"},
    YELLOW: {"gelb", "yellow", "amber", "orange", "warning", "gold"},
    GREEN: {"grün", "gruen", "green", "success", "darkgreen", "lime", "limegreen"},
}
_HUES = ((RED, 0, 20), (YELLOW, 30, 65), (GREEN, 80, 170), (RED, 340, 361))  # degrees
_LEAST_COLOUR = 0.45  # saturation and brightness of a light: no pale fill, no dark letters
_DOT = re.compile(r"[●⬤•■◼⚫\s]*")
_NAME = re.compile(r"[^\W\d_]+")
_PAINT = re.compile(r"(?:background|color|fill)[\w-]*\s*:([^;]*)", re.IGNORECASE)
_HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})")
_LABELS = ("alt", "title", "aria-label")
# of a label that is a cell's text: "rot", "Ampel rot"; longer ones describe a picture
_MOST_WORDS = 3


def mark_cell(cell: GridCell, element: etree._Element, page: int) -> None:
    """Set what a cell without text shows, or a cell with a mere dot.

    A short label of its picture ("Ampel rot") becomes its text. Without a label its colour is
    stored as its `light`: it becomes text only if the whole column shows lights. A longer label
    describes a picture, and changes nothing.
    """
    if not _DOT.fullmatch("".join(line.text for line in cell.lines)):
        return
    label = next(filter(None, map(_label_of, element.iter())), "")
    if label and len(label.split()) <= _MOST_WORDS:
        cell.lines[:] = [Line(label, page, Style())]
    elif not label:
        cell.light = next(_find_lights(element), "")


def _label_of(element: etree._Element) -> str:
    labels = (element.get(name, "").strip() for name in _LABELS)
    return next(filter(None, labels), "")


def show_lights(rows: Sequence[Sequence[GridCell]], page: int, limits: ReadingLimits) -> None:
    """Write the colours of cells as their text in the columns that consist of lights.

    Such a column shows at least two colours, and has no empty cell: in other columns the colours
    may be bars of a time plan. The first row is the head, and does not count. A merged cell is in
    each of its columns. Raises Rejected for too many cells.
    """
    if not any(cell.light for cell in chain.from_iterable(rows)):
        return
    columns: dict[int, list[GridCell]] = defaultdict(list)
    for cells, (reached, _) in zip(rows[1:], find_columns(rows, limits)[1:], strict=True):
        for cell, numbers in zip(cells, reached, strict=True):
            for number in numbers:
                columns[number].append(cell)
    for column in columns.values():
        lights = {cell.light for cell in column if cell.light}
        if len(lights) < 2 or not all(cell.light or cell.lines for cell in column):
            continue
        for cell in column:
            if cell.light:
                cell.lines[:] = [Line(cell.light, page, Style())]


def _find_lights(element: etree._Element) -> Iterator[str]:
    """Yield the colours of an element and of those in it, each as a light (`RED`, `YELLOW`,
    `GREEN`). They are read from names in classes and styles ("danger", "rot"), and from the values
    of paints ("#00b050").
    """
    for part in element.iter(etree.Element):
        paints = [part.get(name, "") for name in ("fill", "bgcolor", "color")]
        paints += _PAINT.findall(part.get("style", ""))
        names = " ".join((part.get("class", ""), *paints)).casefold()
        words = set(_NAME.findall(names))
        yield from (light for light, known in _NAMES.items() if not known.isdisjoint(words))
        yield from filter(None, map(light_of_paint, paints))


def light_of_paint(paint: str) -> str:
    """Return the light that a colour in CSS ("#00b050") stands for; "" for grey, dark and other
    colours.
    """
    parts = _parse_paint(paint)
    if parts is None:
        return ""
    hue, saturation, brightness = rgb_to_hsv(*(part / 255 for part in parts))
    if min(saturation, brightness) < _LEAST_COLOUR:
        return ""
    return next((light for light, low, high in _HUES if low <= 360 * hue < high), "")


def _parse_paint(paint: str) -> list[int] | None:
    """Return red, green and blue, 0 to 255, of a colour in CSS; None without one."""
    match = _HEX.search(paint)
    if match:
        digits = match[1]
        if len(digits) == 3:
            digits = "".join(digit * 2 for digit in digits)
        return list(bytes.fromhex(digits))
    match = _RGB.search(paint)
    if match:
        return list(map(int, match.groups()))
    return None
