"""Automatic numbers of a DOCX: what Word prints before headings and points of lists, though no text holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from ingest.layout.docx_styles import Styles, W, is_on, value
from ingest.layout.lines import clean_characters
from ingest.layout.ordinals import ordinal

_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level is numbered; `restart` is the level (from 1) whose next number starts it anew, 0 for never."""

    form: str
    text: str
    start: int
    style: str
    restart: int | None
    legal: bool


@dataclass(slots=True)
class _Counter:
    """How far the numbers of one definition are; None where a level has none yet."""

    numbers: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


class Numbers:
    """Counts through one document; to be asked once for each paragraph, in their order."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._levels: dict[str, dict[int, _Level]] = {}
        self._links: dict[str, str] = {}
        self._nums: dict[str, tuple[str, dict[int, _Level], dict[int, int]]] = {}
        self._counters: dict[str, _Counter] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is not None:
            self._load(root)

    def before(self, paragraph: etree._Element) -> str | None:
        """Return what is printed before a paragraph: "" for a mark, None for nothing."""
        key, said, style = self._styles.numbering(paragraph)
        if key not in self._nums:
            return None if key or not self._styles.is_bullet(paragraph) else ""
        abstract, changed, starts = self._nums[key]
        levels = {**self._of(abstract), **changed}
        named = [number for number, level in levels.items() if style and level.style == style]
        place = named[0] if named else said or 0
        level = levels.get(place)
        if level is None:
            return None
        counter = self._counters.setdefault(abstract, _Counter())
        self._count(counter, levels, place, key, starts)
        return "" if level.form == "bullet" else self._printed(counter, levels, place) or None

    def _count(
        self, counter: _Counter, levels: dict[int, _Level], place: int, key: str, starts: dict[int, int]
    ) -> None:
        """Go on to the next number of a level; those below begin anew."""
        number = counter.numbers[place]
        if place in starts and (key, place) not in self._begun:
            number = None
        first = starts.get(place, levels[place].start)
        self._begun.add((key, place))
        counter.numbers[place] = first if number is None else number + 1
        for above in range(place):
            if counter.numbers[above] is None and above in levels:
                counter.numbers[above] = levels[above].start
        for below in range(place + 1, _LEVELS):
            restart = levels[below].restart if below in levels else None
            if restart is None or 0 < restart <= place + 1:
                counter.numbers[below] = None

    def _printed(self, counter: _Counter, levels: dict[int, _Level], place: int) -> str:
        level = levels[place]

        def number(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            count, form = counter.numbers[at], levels[at].form if at in levels else "decimal"
            return "" if count is None else ordinal(count, "decimal" if level.legal else form)

        return " ".join(clean_characters(_PLACE.sub(number, level.text)).split())

    def _load(self, root: etree._Element) -> None:
        for one in root.iter(f"{W}abstractNum"):
            key = one.get(f"{W}abstractNumId", "")
            self._levels[key] = dict(_levels(one))
            if link := value(one.find(f"{W}numStyleLink")):
                self._links[key] = link
        names = {
            value(one.find(f"{W}styleLink")): one.get(f"{W}abstractNumId", "") for one in root.iter(f"{W}abstractNum")
        }
        self._links = {key: names[link] for key, link in self._links.items() if link in names}
        for one in root.iter(f"{W}num"):
            abstract = value(one.find(f"{W}abstractNumId"))
            changed: dict[int, _Level] = {}
            starts: dict[int, int] = {}
            for override in one.iter(f"{W}lvlOverride"):
                changed |= dict(_levels(override))
                start = value(override.find(f"{W}startOverride"))
                if start.isdecimal():
                    starts[_digit(override.get(f"{W}ilvl", ""))] = int(start)
            self._nums[one.get(f"{W}numId", "")] = (self._links.get(abstract, abstract), changed, starts)

    def _of(self, abstract: str) -> dict[int, _Level]:
        return self._levels.get(abstract, {})


def _levels(root: etree._Element) -> list[tuple[int, _Level]]:
    found = []
    for one in root.iter(f"{W}lvl"):
        start, restart = value(one.find(f"{W}start")), value(one.find(f"{W}lvlRestart"))
        legal = one.find(f"{W}isLgl")
        level = _Level(
            form=value(one.find(f"{W}numFmt")) or "decimal",
            text=value(one.find(f"{W}lvlText")),
            start=int(start) if start.isdecimal() else 0,
            style=value(one.find(f"{W}pStyle")),
            restart=int(restart) if restart.isdecimal() else None,
            legal=legal is not None and is_on(legal),
        )
        found.append((_digit(one.get(f"{W}ilvl", "")), level))
    return found


def _digit(text: str) -> int:
    return int(text) if text in tuple("012345678") else 0
