"""What the styles of a Word file set for a paragraph, and the automatic numbers that no text of the file has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ingest.layout.tree import clean_text, format_ordinal

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BULLETS = re.compile(r"(?:list bullet|aufzählungszeichen)\s*\d?", re.IGNORECASE)
_HEADING = re.compile(r"(?:heading|überschrift|ueberschrift|berschrift)\s*([1-9])", re.IGNORECASE)
_DIGITS = tuple("012345678")
_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9
_LONGEST_CHAIN = 50  # styles that are based on each other; Word files have ten at most


def get_value(element: etree._Element | None) -> str:
    """Return an element's `w:val`, "" without one."""
    return "" if element is None else element.get(f"{W}val", "")


def is_on(element: etree._Element) -> bool:
    """True if a switch is on: it is where it is written without a value."""
    return element.get(f"{W}val", "1").lower() not in ("0", "false", "off", "none")


class Styles:
    """The styles of one document, each with those that it is based on."""

    def __init__(self, root: etree._Element | None) -> None:
        results = list(root.iter(f"{W}style")) if root is not None else []
        styles = {style.get(f"{W}styleId", ""): style for style in results}
        texts = [key for key, style in styles.items() if style.get(f"{W}type") == "paragraph"]
        self._default = next((key for key in texts[::-1] if styles[key].get(f"{W}default") in ("1", "true", "on")), "")
        self._chains: dict[str, dict[str, etree._Element]] = {}
        for key in styles:
            chain: dict[str, etree._Element] = {}
            base = key
            while base in styles and base not in chain and len(chain) < _LONGEST_CHAIN:
                chain[base] = styles[base]
                base = get_value(styles[base].find(f"{W}basedOn"))
            self._chains[key] = chain

    def get_style(self, paragraph: etree._Element) -> str:
        """Return the id of a paragraph's style."""
        return get_value(paragraph.find(f"{W}pPr/{W}pStyle")) or self._default

    def find_level(self, paragraph: etree._Element) -> int:
        """Return the level of a heading from 1, 0 for other paragraphs."""
        for _, element in self._find_settings(paragraph, "outlineLvl"):
            number = get_value(element)
            return int(number) + 1 if number in _DIGITS else 0
        matches = map(_HEADING.fullmatch, self._find_names(paragraph))
        return next((int(match[1]) for match in matches if match), 0)

    def is_named(self, paragraph: etree._Element, name: re.Pattern[str]) -> bool:
        """True if a paragraph's style, or one that it is based on, has such a name."""
        return any(map(name.fullmatch, self._find_names(paragraph)))

    def find_numbering(self, paragraph: etree._Element) -> tuple[str, int | None, str]:
        """Return id of the numbering, level from 0 where it is set, and the style that sets it; "" without one."""
        level = None
        for style, element in self._find_settings(paragraph, "numPr"):
            number = get_value(element.find(f"{W}ilvl"))
            level = int(number) if level is None and number in _DIGITS else level
            if key := get_value(element.find(f"{W}numId")):
                return ("" if key == "0" else key), level, style
        return "", None, ""

    def is_set(self, name: str, run: etree._Element, paragraph_style: str) -> bool:
        """True if a run has a property such as `vanish` or `b`: by itself, its style or its paragraph's style."""
        run_style = get_value(run.find(f"{W}rPr/{W}rStyle"))
        for element in (run, *self._chain(run_style).values(), *self._chain(paragraph_style).values()):
            if (switch := element.find(f"{W}rPr/{W}{name}")) is not None:
                return is_on(switch)
        return False

    def _find_settings(self, paragraph: etree._Element, name: str) -> Iterator[tuple[str, etree._Element]]:
        """Yield a property of a paragraph: its own (""), then those of its style and of what that is based on."""
        for key, owner in {"": paragraph, **self._chain(self.get_style(paragraph))}.items():
            if (element := owner.find(f"{W}pPr/{W}{name}")) is not None:
                yield key, element

    def _find_names(self, paragraph: etree._Element) -> list[str]:
        chain = self._chain(self.get_style(paragraph))
        return [get_value(style.find(f"{W}name")) or key for key, style in chain.items()]

    def _chain(self, key: str) -> dict[str, etree._Element]:
        return self._chains.get(key, {})


class Numbers:
    """Counts through one document; to be asked once for each paragraph, in their order."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._counters: dict[str, list[int | None]] = {}  # by definition; None where a level has no number yet
        self._begun: set[tuple[str, int]] = set()
        self._definitions: dict[str, str] = {}  # by list: several may count on with one definition
        self._levels: dict[str, dict[int, etree._Element]] = {}  # by definition
        self._starts: dict[tuple[str, int], int] = {}  # by list and level, where it begins anew
        for definition in root.iter(f"{W}abstractNum") if root is not None else ():
            levels = {_get_place(level): level for level in definition.iter(f"{W}lvl")}
            self._levels[definition.get(f"{W}abstractNumId", "")] = levels
        for number in root.iter(f"{W}num") if root is not None else ():
            key = number.get(f"{W}numId", "")
            self._definitions[key] = get_value(number.find(f"{W}abstractNumId"))
            for change in number.iter(f"{W}lvlOverride"):
                if (start := get_value(change.find(f"{W}startOverride"))).isdecimal():
                    self._starts[key, _get_place(change)] = int(start)

    def next_mark(self, paragraph: etree._Element) -> str | None:
        """Return what is printed before a paragraph: "" for a bullet, None for nothing."""
        key, place, style = self._styles.find_numbering(paragraph)
        if key not in self._definitions:
            return None if key or not self._styles.is_named(paragraph, _BULLETS) else ""
        levels = self._levels.get(self._definitions[key], {})
        named = (level for level in levels if style and get_value(levels[level].find(f"{W}pStyle")) == style)
        place = next(named, place or 0)
        if place not in levels:
            return None
        counter = self._counters.setdefault(self._definitions[key], [None] * _LEVELS)
        self._count(counter, levels, key, place)
        return "" if _get_form(levels[place]) == "bullet" else _format_mark(counter, levels, place) or None

    def _count(self, counter: list[int | None], levels: dict[int, etree._Element], key: str, place: int) -> None:
        """Go on to the next number of a level; those below begin anew."""
        number = counter[place] if (key, place) in self._begun or (key, place) not in self._starts else None
        self._begun.add((key, place))
        counter[place] = self._starts.get((key, place), _get_start(levels[place])) if number is None else number + 1
        for above in range(place):
            if counter[above] is None and above in levels:
                counter[above] = _get_start(levels[above])
        counter[place + 1 :] = [None] * (_LEVELS - place - 1)


def _format_mark(counter: list[int | None], levels: dict[int, etree._Element], place: int) -> str:
    legal = levels[place].find(f"{W}isLgl")  # levels above are printed in digits

    def format_number(match: re.Match[str]) -> str:
        number, level = counter[int(match[1]) - 1], levels.get(int(match[1]) - 1)
        form = "decimal" if level is None or (legal is not None and is_on(legal)) else _get_form(level)
        return "" if number is None else format_ordinal(number, form)

    return clean_text(_PLACE.sub(format_number, get_value(levels[place].find(f"{W}lvlText"))))


def _get_form(level: etree._Element) -> str:
    return get_value(level.find(f"{W}numFmt")) or "decimal"


def _get_start(level: etree._Element) -> int:
    return int(start) if (start := get_value(level.find(f"{W}start"))).isdecimal() else 0


def _get_place(element: etree._Element) -> int:
    return int(number) if (number := element.get(f"{W}ilvl", "")) in _DIGITS else 0
