"""Word files: what styles set for a paragraph, and its automatic number, which is not in the file's
text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ingest.layout.list_numbers import format_ordinal, parse_number
from ingest.layout.tree import clean_text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BULLET_STYLE = re.compile(r"(?:list bullet|aufzählungszeichen)\s*\d?", re.IGNORECASE)
_HEADING_STYLE = re.compile(
    r"(?:heading|überschrift|ueberschrift|berschrift)\s*([1-9])", re.IGNORECASE
)
# Word counts levels from 0; 9 stands for body text
_LEVEL_DIGITS = tuple("012345678")
_LEVEL_REFERENCE = re.compile(r"%([1-9])")  # "%1" in "%1.%2"
_LEVEL_COUNT = 9
_LONGEST_CHAIN = 50  # of styles based on each other; Word files have ten at most


def get_value(element: etree._Element | None) -> str:
    """Return an element's `w:val`, "" without one."""
    if element is None:
        return ""
    return str(element.get(f"{W}val", ""))


def is_on(element: etree._Element) -> bool:
    """True if a switch element is on; without a value it is."""
    return element.get(f"{W}val", "1").lower() not in ("0", "false", "off", "none")


def _find_all(root: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """Yield the elements of a name within a root, none without one."""
    if root is not None:
        yield from root.iter(f"{W}{name}")


class Styles:
    """The styles of one document, each with the chain of styles that it is based on."""

    def __init__(self, root: etree._Element | None) -> None:
        """Collect the styles of a file, each with its chain: the style itself, then the style that
        it is based on, and so on, by their ids. A chain ends before a style that it has already,
        and after `_LONGEST_CHAIN` styles. The default is the style of paragraphs without one; of
        several the last counts.
        """
        styles = {style.get(f"{W}styleId", ""): style for style in _find_all(root, "style")}
        keys = [key for key, style in styles.items() if style.get(f"{W}type") == "paragraph"]
        self._default = next(
            (key for key in keys[::-1] if styles[key].get(f"{W}default") in ("1", "true", "on")), ""
        )
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
        """Return the level of a heading, from 1, or 0 for other paragraphs. The nearest outline
        level decides, also if it says that the paragraph is body text. Without one the name of the
        style does ("Überschrift 2").
        """
        for _, element in self._find_settings(paragraph, "outlineLvl"):
            number = get_value(element)
            if number in _LEVEL_DIGITS:
                return int(number) + 1
            return 0  # what is further away is not asked
        matches = map(_HEADING_STYLE.fullmatch, self._find_names(paragraph))
        return next((int(match[1]) for match in matches if match), 0)

    def is_named(self, paragraph: etree._Element, name: re.Pattern[str]) -> bool:
        """True if the name of a paragraph's style, or of one that it is based on, matches."""
        return any(map(name.fullmatch, self._find_names(paragraph)))

    def find_numbering(self, paragraph: etree._Element) -> tuple[str, int | None, str]:
        """Return the list that a paragraph belongs to: its id, the level in it, and the style that
        sets it.

        The id is "" for a paragraph without a list. The id "0", which no list has, takes a
        paragraph out of the list of its style. The level counts from 0, and is None where it is not
        set. The style is "" if the paragraph sets the list by itself.
        """
        level = None
        for style, element in self._find_settings(paragraph, "numPr"):
            number = get_value(element.find(f"{W}ilvl"))
            if level is None and number in _LEVEL_DIGITS:
                level = int(number)
            key = get_value(element.find(f"{W}numId"))
            if key:
                return key, level, style
        return "", None, ""

    def is_set(self, name: str, run: etree._Element, paragraph_style: str) -> bool:
        """True if a run has a property such as `vanish` or `b`. The first that sets it decides, on
        or off: the run itself, then its own style, then the style of its paragraph
        (`paragraph_style`), each style before those that it is based on.
        """
        run_style = get_value(run.find(f"{W}rPr/{W}rStyle"))
        styles = [
            *self._chains.get(run_style, {}).values(),
            *self._chains.get(paragraph_style, {}).values(),
        ]
        for element in (run, *styles):
            switch = element.find(f"{W}rPr/{W}{name}")
            if switch is not None:
                return is_on(switch)
        return False

    def _find_settings(
        self, paragraph: etree._Element, name: str
    ) -> Iterator[tuple[str, etree._Element]]:
        """Yield where a property of a paragraph is set, as pairs of style and element. The
        paragraph itself comes first, with the style "", then its style and the styles that this is
        based on.
        """
        owners = {"": paragraph, **self._chains.get(self.get_style(paragraph), {})}
        for key, owner in owners.items():
            element = owner.find(f"{W}pPr/{W}{name}")
            if element is not None:
                yield key, element

    def _find_names(self, paragraph: etree._Element) -> list[str]:
        """Return the names of a paragraph's style and of the styles that this is based on. A style
        without a name is called by its id.
        """
        chain = self._chains.get(self.get_style(paragraph), {})
        return [get_value(style.find(f"{W}name")) or key for key, style in chain.items()]


class Numbers:
    """The automatic numbers of one document; `next_mark` must be called once for each paragraph, in
    order.
    """

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        # by definition, for each level; None before its first number
        self._counters: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()  # lists and levels that have a number already
        # several lists may share the counter of one definition
        self._definition_by_list: dict[str, str] = {}
        self._levels: dict[str, dict[int, etree._Element]] = {}  # by definition
        self._starts: dict[tuple[str, int], int] = {}  # by list and level, where a list restarts
        definition_by_style: dict[str, str] = {}  # by the style of lists that it defines
        style_by_definition: dict[str, str] = {}  # of definitions that only name such a style
        for definition in _find_all(root, "abstractNum"):
            levels = {_get_level(level): level for level in definition.iter(f"{W}lvl")}
            key = definition.get(f"{W}abstractNumId", "")
            self._levels[key] = levels
            definition_by_style[get_value(definition.find(f"{W}styleLink"))] = key
            style_by_definition[key] = get_value(definition.find(f"{W}numStyleLink"))
        definition_by_style.pop("", None)  # of definitions without a style
        for number in _find_all(root, "num"):
            key = number.get(f"{W}numId", "")
            definition_key = get_value(number.find(f"{W}abstractNumId"))
            style = style_by_definition.get(definition_key, "")
            self._definition_by_list[key] = definition_by_style.get(style, definition_key)
            for override in number.iter(f"{W}lvlOverride"):
                start = get_value(override.find(f"{W}startOverride"))
                if start.isdecimal():
                    self._starts[key, _get_level(override)] = int(start)

    def next_mark(self, paragraph: etree._Element) -> str | None:
        """Count a paragraph, and return the mark printed before it: its number, "" for a bullet,
        None for no mark.

        A paragraph without a list is a bullet if its style is named so. If a style sets the list,
        the level that names this style wins over the level that is set.
        """
        key, depth, style = self._styles.find_numbering(paragraph)
        if key not in self._definition_by_list:
            if key or not self._styles.is_named(paragraph, _BULLET_STYLE):
                return None
            return ""
        levels = self._levels.get(self._definition_by_list[key], {})
        levels_of_style = (
            level
            for level in levels
            if style and get_value(levels[level].find(f"{W}pStyle")) == style
        )
        depth = next(levels_of_style, depth or 0)
        if depth not in levels:
            return None
        counter = self._counters.setdefault(self._definition_by_list[key], [None] * _LEVEL_COUNT)
        self._advance(counter, levels, key, depth)
        if _get_form(levels[depth]) == "bullet":
            return ""
        return _format_mark(counter, levels, depth) or None

    def _advance(
        self, counter: list[int | None], levels: dict[int, etree._Element], key: str, depth: int
    ) -> None:
        """Set the counter of a list (`key`) to its next number at the level `depth`. Lower levels
        restart. Upper levels that have no number yet get their first one, because a mark such as
        "1.1" shows it too.

        Lists of one definition count on together. A list with a start of its own restarts the count
        when it has its first number.
        """
        restarts = (key, depth) in self._starts and (key, depth) not in self._started
        self._started.add((key, depth))
        number = counter[depth]
        if number is None or restarts:
            counter[depth] = self._starts.get((key, depth), _get_start(levels[depth]))
        else:
            counter[depth] = number + 1
        for upper in range(depth):
            if counter[upper] is None and upper in levels:
                counter[upper] = _get_start(levels[upper])
        counter[depth + 1 :] = [None] * (_LEVEL_COUNT - depth - 1)


def _format_mark(counter: list[int | None], levels: dict[int, etree._Element], depth: int) -> str:
    """Return the printed mark by the pattern of a level: "%1.%2" is "2.3". In the pattern levels
    count from 1, elsewhere from 0. A level without a number is left out.
    """
    digits_only = levels[depth].find(f"{W}isLgl")  # upper levels too are printed in digits

    def format_number(match: re.Match[str]) -> str:
        place = int(match[1]) - 1
        number, level = counter[place], levels.get(place)
        if number is None:
            return ""
        if level is None or (digits_only is not None and is_on(digits_only)):
            return format_ordinal(number, "decimal")
        return format_ordinal(number, _get_form(level))

    return clean_text(
        _LEVEL_REFERENCE.sub(format_number, get_value(levels[depth].find(f"{W}lvlText")))
    )


def _get_form(level: etree._Element) -> str:
    return get_value(level.find(f"{W}numFmt")) or "decimal"


def _get_start(level: etree._Element) -> int:
    return parse_number(get_value(level.find(f"{W}start")), 0)


def _get_level(element: etree._Element) -> int:
    number = element.get(f"{W}ilvl", "")
    if number in _LEVEL_DIGITS:
        return int(number)
    return 0
