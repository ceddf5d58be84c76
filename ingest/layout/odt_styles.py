"""OpenDocument texts: what styles set, and the automatic numbers of lists and headings."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from ingest.layout.html_regions import MIN_POINTS
from ingest.layout.list_numbers import LIST_FORMS, format_ordinal, parse_number
from ingest.layout.office_tree import RunTag

_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:"
TEXT = f"{_NAMES}text:1.0}}"
STYLE = f"{_NAMES}style:1.0}}"
TABLE = f"{_NAMES}table:1.0}}"
DRAW = f"{_NAMES}drawing:1.0}}"
OFFICE = f"{_NAMES}office:1.0}}"
FO = f"{_NAMES}xsl-fo-compatible:1.0}}"
PARAGRAPHS = (f"{TEXT}p", f"{TEXT}h")
_BOLD = ("bold", "600", "700", "800", "900")
_WHITE = "#ffffff"
_LONGEST_CHAIN = 50  # of styles based on each other; files have ten at most

Look = Mapping[str, str]  # what the styles of a text set, by the names of their attributes


class OdtStyles:
    """The styles of one document, of all its parts."""

    def __init__(self, *roots: etree._Element) -> None:
        self._styles: dict[tuple[str, str], etree._Element] = {}  # by family and name
        self.lists: dict[str, dict[int, etree._Element]] = {}  # their levels, from 1
        for root in roots:
            for style in root.iter(f"{STYLE}style"):
                key = style.get(f"{STYLE}family", ""), style.get(f"{STYLE}name", "")
                self._styles[key] = style
            for levels in root.iter(f"{TEXT}list-style", f"{TEXT}outline-style"):
                # headings are a list without a name
                name = ""
                if levels.tag == f"{TEXT}list-style":
                    name = levels.get(f"{STYLE}name", "")
                self.lists[name] = {
                    parse_number(level.get(f"{TEXT}level"), 1): level for level in levels
                }

    def look_of(self, element: etree._Element, outer: Look, family: str = "text") -> Look:
        """Return the look of a text, which is that of the text around it where its own style sets
        nothing.
        """
        name = element.get(f"{TEXT}style-name") or element.get(f"{TABLE}style-name", "")
        look = dict(outer)
        for style in self.find_chain(family, name)[::-1]:  # what is based on others wins
            for properties in self._styles[family, style]:
                look |= {etree.QName(key).localname: value for key, value in properties.items()}
        return look

    def find_chain(self, family: str, name: str) -> list[str]:
        """Return the name of a style, of the style that it is based on, and so on."""
        chain = list[str]()
        while (family, name) in self._styles and name not in chain[:_LONGEST_CHAIN]:
            chain.append(name)
            name = self._styles[family, name].get(f"{STYLE}parent-style-name", "")
        return chain


def find_tag(look: Look, *, on_white: bool, is_bold: bool) -> RunTag:
    """Return the tag for a text: "s" for hidden, "del" for struck out, "b" for bold, "i" for plain.
    White letters are hidden on white paper (`on_white`).
    """
    background = look.get("background-color", "transparent")
    is_white = on_white and background == "transparent" and look.get("color", "").lower() == _WHITE
    size = look.get("font-size", "").removesuffix("pt")
    is_tiny = size.replace(".", "", 1).isdecimal() and float(size) < MIN_POINTS
    if look.get("display") == "none" or is_white or is_tiny:
        return "s"
    names = ("text-line-through-style", "text-line-through-type")
    if any(look.get(name, "none") != "none" for name in names):
        return "del"
    if is_bold or look.get("font-weight") in _BOLD:
        return "b"
    return "i"


def is_raised(look: Look) -> bool:
    """True for text above its line: "super 58%", "33% 58%"."""
    position = look.get("text-position", "").partition(" ")[0].removesuffix("%")
    return position == "super" or (position.isdecimal() and position != "0")


class OdtNumbers:
    """The automatic numbers of one document; `next_mark` is called once for each list point and
    heading, in order.
    """

    def __init__(self, styles: OdtStyles) -> None:
        self._styles = styles
        self._counters: dict[str, dict[int, int]] = {}  # by list style, for each level

    def restart(self, name: str, depth: int) -> None:
        """Let the points of a list count anew from a level (from 1) on."""
        counter = self._counters.get(name, {})
        self._counters[name] = {level: count for level, count in counter.items() if level < depth}

    def next_mark(self, name: str, depth: int, own: str | None) -> str | None:
        """Return what is printed before a point of a list at a level: its number, "" for a bullet,
        None for nothing. A point may have a number of its `own`, from which its list goes on.
        """
        levels = self._styles.lists.get(name, {})
        style = levels.get(depth)
        if style is None or not style.tag.endswith(("-number", "outline-level-style")):
            # headings, whose list has no name, have no bullets
            return "" if name else None
        if not style.get(f"{STYLE}num-format"):
            return None
        self.restart(name, depth + 1)
        counter = self._counters[name]
        following = counter.get(depth, _first_number(style) - 1) + 1
        counter[depth] = parse_number(own, following)
        shown = parse_number(style.get(f"{TEXT}display-levels"), 1)
        parts = list[str]()
        for level in range(max(depth - shown + 1, 1), depth + 1):
            level_style = levels.get(level, style)
            form = LIST_FORMS.get(level_style.get(f"{STYLE}num-format", ""), "decimal")
            number = counter.setdefault(level, _first_number(level_style))
            parts.append(format_ordinal(number, form))
        prefix, suffix = (style.get(f"{STYLE}num-{side}", "") for side in ("prefix", "suffix"))
        return f"{prefix}{'.'.join(parts)}{suffix}".strip()


def _first_number(level: etree._Element) -> int:
    return parse_number(level.get(f"{TEXT}start-value"), 1)
