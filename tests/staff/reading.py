"""Reads pages as people and programs do: their text, their links, the numbers in their tables."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser


class Page(HTMLParser):
    """A page: its text without tags, its links, its tags with attributes in order."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._text: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._text.append(" ")

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self._text).split())

    def links(self, start: str = "") -> list[str]:
        return [
            attrs["href"]
            for tag, attrs in self.tags
            if tag == "a" and attrs.get("href", "").startswith(start)
        ]

    def with_attribute(self, name: str) -> list[str]:
        return [attrs[name] for _, attrs in self.tags if name in attrs]


def options(source: str, facet: str) -> dict[str, int]:
    """The values of a filter with their counts."""
    (inside,) = re.findall(rf'<select id="f-{facet}".*?</select>', source, re.S)
    found = re.findall(r'<option value="([^"]+)"[^>]*>[^<]*\((\d+)\)</option>', inside)
    return {unescape(value): int(count) for value, count in found}


def total(source: str) -> int:
    """The number of records that the catalogue says it found."""
    (number,) = re.findall(r'<h2 id="anzahl">([\d.]+) Eintr', source)
    return int(number.replace(".", ""))
