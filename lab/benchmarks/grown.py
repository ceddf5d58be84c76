"""Editions of many invented counties out of the sample's large papers, and the questions that are
asked of all of them.

A county of its own, not a copy: its places and a good third of its telling nouns are called
otherwise, its amounts have other digits. Each word keeps its length, so every place of a text
stays. What is common ("Kinder") stays: that is so.

usage: python -m lab.benchmarks.grown DATA_FOLDER CHUNKS   (prints the edition as JSON)
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any
from zlib import crc32

from evals.case_files import Case
from ingest.register import load_register
from lab.benchmarks.measured import SAMPLE, ended, say
from tests.ingest.papers import read_document
from tests.processes import environment
from vectorstore import EditionStore
from vectorstore.language import fold, frequencies
from vectorstore.records import ParsedDocument, dump_parsed, load_parsed

GROUPS: Mapping[str, tuple[str, ...]] = {
    "facts": ("single_fact", "responsibility", "status"),
    "topics": ("topic_lookup", "topic_lookup_colloquial"),
    "lists": ("list", "count"),
}
LEAST = 50  # chunks of a paper that others are made of: reports and strategies
_WORD, _TOKEN = re.compile(r"[^\W\d_]+"), re.compile(r"[^\W\d_]+|\d[\d.,]*\d|\d")
_LARGE = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{3}|(?!19|20)\d{4,}")
_KEPT = re.compile(
    r"(?i).*(?:kreis|kommun|gemeinde|projekt|ziel|maßnahme|fachdienst|bericht|januar|februar|august)"
)
_COMMON, _SHORTEST, _OTHER = (
    4.6,
    5,
    40,
)  # Zipf frequency from which a noun stays; letters; percent of the nouns
_PRINTED = frozenset(
    ("title", "publisher", "text", "heading", "body", "context", "description", "state", "table_title", "table_row",
     "cooperation", "quote", "cost", "path", "responsible", "municipalities", "amounts")
)  # fmt: skip
_COUNTIES, _LONGEST, _MADE = (1, 2, 3, 4), 500, "made.json"


@dataclass(frozen=True, slots=True)
class Made:
    """An edition: how many papers and chunks it holds, the seconds that publishing took."""

    papers: int
    chunks: int
    seconds: float


class Base:
    """The papers that the others are made of: their places, and their nouns that tell something, by
    length.
    """

    def __init__(self) -> None:
        read = (read_document(entry) for entry in load_register(SAMPLE).entries)
        self.papers = [value for value in read if len(value.chunks) >= LEAST]
        named = {
            name
            for document in self.papers
            for item in document.items
            for name in item.municipalities
        }
        named |= {document.document.publisher.removeprefix("Kreis ") for document in self.papers}
        self.places = frozenset(
            word for name in named for word in _WORD.findall(name) if len(word) >= _SHORTEST
        )
        words = {word for document in self.papers for word in _WORD.findall(document.document.text)}
        small = {word.lower() for word in words if word[0].islower()}
        self.nouns: dict[int, list[str]] = {}
        for word in sorted(word for word in words if _tells(word) and word.lower() not in small):
            self.nouns.setdefault(len(word), []).append(word)


def _tells(word: str) -> bool:
    rare = frequencies("de").get(fold(word), 0.0) < _COMMON
    return word.istitle() and len(word) >= _SHORTEST and rare and _KEPT.match(word) is None


class County:
    """One of the counties: says any text of the papers in its own names, words and numbers."""

    def __init__(self, base: Base, number: int) -> None:
        self._base, self._number = base, number
        self.name = self.says(base.papers[0].document.publisher)

    def says(self, text: str) -> str:
        """The text as this county prints it, each word as long as it was."""
        return _TOKEN.sub(lambda match: self._word(match[0]), text)

    def paper(self, document: ParsedDocument) -> ParsedDocument:
        """A paper as this county prints it, with the same records at the same places."""
        return load_parsed(json.dumps(self._said(json.loads(dump_parsed(document)), "")).encode())

    def _said(self, value: Any, name: str) -> Any:
        if isinstance(value, dict):
            return {key: self._said(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [self._said(item, name) for item in value]
        if not isinstance(value, str):
            return value
        if name in ("id", "document_id"):
            return f"kreis-{self._number:04}-{value}"
        return self.says(value) if name in _PRINTED else value

    def _word(self, word: str) -> str:
        drawn = crc32(f"{self._number}/{word}".encode())
        if word[0].isdigit():
            factor = (3, 7)[self._number % 2]
            turned = (str(int(item) * factor % 10) if item.isdigit() else item for item in word)
            return "".join(turned) if _LARGE.fullmatch(word) else word
        if word in self._base.places:
            letters = random.Random(drawn)
            pairs = (letters.choice("bdfghklmnrst") + letters.choice("aeiou") for _ in word)
            return "".join(pairs)[: len(word)].capitalize()
        remaining = self._base.nouns.get(len(word), [])
        return (
            remaining[drawn // 100 % len(remaining)]
            if word in remaining and drawn % 100 < _OTHER
            else word
        )


def grown(base: Base, chunks: int) -> Iterator[ParsedDocument]:
    """Papers of one county after the other until there are at least so many chunks."""
    total = 0
    for number in count(1):
        county = County(base, number)
        for document in base.papers:
            if total >= chunks:
                return
            yield county.paper(document)
            total += len(document.chunks)


def published(size: int, data: Path) -> Made:
    """An edition of a size, published by a process of its own; as it was, if it was kept."""
    kept = data / _MADE
    if not kept.is_file():
        say(f"scale: publishing {size:,} chunks")
        text = ended([sys.executable, "-m", "lab.benchmarks.grown", data, str(size)], environment())
        kept.write_text(text.splitlines()[-1], encoding="utf-8")
    return Made(**json.loads(kept.read_text(encoding="utf-8")))


def grown_questions(cases: Sequence[Case], most: int) -> list[tuple[str, str]]:
    """Different questions about some of the counties, each with its group; every second one names
    its county.
    """
    base = Base()
    counties = [County(base, number) for number in _COUNTIES]
    found = []
    for group, types in GROUPS.items():
        own = [case.question for case in cases if case.type in types and not case.history]
        asked = [
            _named(county, question, place)
            for county in counties
            for place, question in enumerate(own)
        ]
        asked = [question for question in dict.fromkeys(asked) if len(question) <= _LONGEST]
        random.Random(1).shuffle(asked)
        found += [(group, question) for question in asked[:most]]
    return found


def _named(county: County, question: str, place: int) -> str:
    statement = county.says(question)
    return (
        f"{county.name}: {statement}" if place % 2 and county.name not in statement else statement
    )


def main(data: Path, chunks: int) -> None:
    """Publish an edition of at least so many chunks, and print what it is."""
    documents = list(grown(Base(), chunks))
    began = time.perf_counter()
    EditionStore(data).publish(documents)
    made = Made(
        len(documents),
        sum(len(document.chunks) for document in documents),
        time.perf_counter() - began,
    )
    sys.stdout.write(json.dumps(asdict(made)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
