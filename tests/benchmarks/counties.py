"""Many counties out of the papers of one: the same records under other names, words, units and numbers.

A county of its own, not a copy: its places and units are called otherwise, a good third of its telling nouns are others
or compounds of others, its amounts have other digits. What is common ("Kinder", "Projekte") stays: that is so in truth.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from itertools import accumulate, count
from zlib import crc32

from vectorstore.analysis import fold
from vectorstore.language import frequencies
from vectorstore.records import Chunk, Document, Item, ParsedDocument, RefTitle, Value, ValueKind

_TOKEN = re.compile(r"[^\W\d_]+|\d[\d.,]*\d|\d")
_WORD = re.compile(r"[^\W\d_]+")
_UNIT = re.compile(r"\d\d\.\d\d")
_LARGE = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{3}|(?!19|20)\d{4,}")
_KEPT = re.compile(r"(?i).*(?:kreis|kommun|gemeinde|projekt|ziel|maßnahme|fachdienst|bericht|januar|februar|august)")
_COMMON = 4.6  # Zipf frequency from which a noun is everyday language, and stays
_SHORTEST = 5
_OTHER, _COMPOUND = 30, 12  # percent of the telling nouns
_SYLLABLES = ("Au", "Bir", "Dorn", "El", "Fin", "Gra", "Hol", "Il", "Kar", "Lin", "Mar", "Nor", "Os", "Ru", "Sel")
_MIDDLES = ("ben", "der", "gen", "ken", "len", "men", "nen", "ren", "sen", "ten")
_ENDS = ("au", "bach", "berg", "dorf", "feld", "hude", "moor", "ried", "stedt", "tal", "wald", "werda")


@dataclass(frozen=True)
class Base:
    """The papers that the others are made of."""

    papers: tuple[ParsedDocument, ...]

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The words of the names of county and municipalities, longest first."""
        named = {name for one in self.papers for item in one.items for name in item.municipalities}
        publishers = {one.document.publisher for one in self.papers}
        named |= {one.removeprefix("Kreis ") for one in publishers if one.startswith("Kreis ")}
        words = {word for name in named for word in _WORD.findall(name) if len(word) >= _SHORTEST}
        return tuple(sorted(words, key=lambda word: (-len(word), word)))

    @cached_property
    def nouns(self) -> tuple[str, ...]:
        """The nouns that tell something: printed with a capital only, and rare in everyday language."""
        words = {word for one in self.papers for word in _WORD.findall(one.document.text)}
        words -= {word for one in self.papers for word in _WORD.findall(one.document.title)}
        small = {word.lower() for word in words if word[0].islower()}
        return tuple(sorted(word for word in words if _tells(word) and word.lower() not in small))

    @cached_property
    def known(self) -> frozenset[str]:
        """The same nouns, for looking up."""
        return frozenset(self.nouns)


def _tells(word: str) -> bool:
    rare = frequencies("de").get(fold(word), 0.0) < _COMMON
    return word.istitle() and len(word) >= _SHORTEST and rare and _KEPT.match(word) is None


class County:
    """One of the counties: says any text of the papers in its own names, words and numbers."""

    def __init__(self, base: Base, number: int) -> None:
        self._base = base
        self._number = number
        self._said: dict[str, str] = {}

    @property
    def name(self) -> str:
        """What the county is called: "Kreis ..."."""
        return self.says(next(one.document.publisher for one in self._base.papers))

    def says(self, text: str) -> str:
        """The text as this county prints it."""
        return _TOKEN.sub(lambda match: self._word(match[0]), text)

    def paper(self, one: ParsedDocument) -> ParsedDocument:
        """A paper as this county prints it, with the same records at their new places."""
        places = _Places(one.document.text, self)
        return ParsedDocument(
            document=self._document(one.document, places),
            items=tuple(self._item(item, places) for item in one.items),
            chunks=tuple(self._chunk(chunk, places) for chunk in one.chunks),
        )

    def _word(self, word: str) -> str:
        if word not in self._said:
            self._said[word] = self._digits(word) if word[0].isdigit() else self._noun(word)
        return self._said[word]

    def _noun(self, word: str) -> str:
        place = next((one for one in self._base.places if word.casefold().startswith(one.casefold())), None)
        if place is not None:
            called = self._place(place) + word[len(place) :].lower()
            return called if word[0].isupper() else called.lower()
        chance = self._drawn(word)
        if word not in self._base.known or chance % 100 >= _OTHER + _COMPOUND:
            return word
        other = self._base.nouns[chance // 100 % len(self._base.nouns)]
        return other if chance % 100 < _OTHER else other + word.lower()

    def _place(self, place: str) -> str:
        drawn = self._drawn(place)
        parts = (_SYLLABLES, _MIDDLES, _MIDDLES, _ENDS)
        chosen = []
        for part in parts:
            drawn, index = divmod(drawn, len(part))
            chosen.append(part[index])
        return "".join(chosen)

    def _digits(self, number: str) -> str:
        if _UNIT.fullmatch(number):
            return f"{(int(number[:2]) + 7 * self._number) % 90 + 10}{number[2:]}"
        if not _LARGE.fullmatch(number):
            return number
        return self._counted(number)

    def _counted(self, number: str) -> str:
        return "".join(str(int(one) * (3, 7)[self._number % 2] % 10) if one.isdigit() else one for one in number)

    def _drawn(self, word: str) -> int:
        return crc32(f"{self._number}/{word}".encode())

    def _id(self, document_id: str) -> str:
        return f"kreis-{self._number:04}-{document_id}"

    def _document(self, one: Document, places: _Places) -> Document:
        return replace(
            one,
            id=self._id(one.id),
            title=self.says(one.title),
            publisher=self.says(one.publisher),
            digest=sha256(places.text.encode()).hexdigest(),
            text=places.text,
            pages=tuple(replace(page, start=places.of(page.start)) for page in one.pages),
            front=tuple(replace(fact, quote=self.says(fact.quote)) for fact in one.front),
        )

    def _item(self, one: Item, places: _Places) -> Item:
        says = self._maybe
        return replace(
            one,
            document_id=self._id(one.document_id),
            title=self.says(one.title),
            heading=self.says(one.heading),
            body=self.says(one.body),
            start=places.of(one.start),
            end=places.of(one.end),
            path=tuple(map(self.says, one.path)),
            theme=self._target(one.theme),
            goal=self._target(one.goal),
            fields=tuple(
                replace(field, text=self.says(field.text), start=places.of(field.start)) for field in one.fields
            ),
            description=says(one.description),
            state=says(one.state),
            table_title=says(one.table_title),
            table_row=says(one.table_row),
            table_start=None if one.table_start is None else places.of(one.table_start),
            responsible=tuple(map(self.says, one.responsible)),
            cooperation=says(one.cooperation),
            municipalities=tuple(map(self.says, one.municipalities)),
            amounts=tuple(map(self.says, one.amounts)),
            cost=says(one.cost),
            values=tuple(self._value(value, places) for value in one.values),
        )

    def _value(self, one: Value, places: _Places) -> Value:
        text, numbers = self.says(one.text), (ValueKind.AMOUNT, ValueKind.QUANTITY)
        counted = one.kind in numbers and re.findall(r"\d", text) != re.findall(r"\d", one.text)
        value = self._counted(one.value) if counted else one.value if one.kind in numbers else self.says(one.value)
        start, end = places.of(one.start), places.of(one.end)
        return replace(one, start=start, end=end, text=text, value=value, thing=self._maybe(one.thing))

    def _chunk(self, one: Chunk, places: _Places) -> Chunk:
        return replace(
            one,
            id=self._id(one.id),
            document_id=self._id(one.document_id),
            text=self.says(one.text),
            context=self.says(one.context),
            start=places.of(one.start),
            end=places.of(one.end),
        )

    def _target(self, one: RefTitle | None) -> RefTitle | None:
        return one and RefTitle(one.ref, self.says(one.title))

    def _maybe(self, text: str | None) -> str | None:
        return None if text is None else self.says(text)


class _Places:
    """Where the places of a text are in the text as a county prints it."""

    def __init__(self, text: str, county: County) -> None:
        self.text = county.says(text)
        spans = [(match.end(), len(county.says(match[0])) - len(match[0])) for match in _TOKEN.finditer(text)]
        changed = [(end, longer) for end, longer in spans if longer]
        self._ends = [end for end, _ in changed]
        self._longer = list(accumulate((longer for _, longer in changed), initial=0))

    def of(self, offset: int) -> int:
        """The place of an offset at the edge of a word; -1, which is none, stays."""
        return offset if offset < 0 else offset + self._longer[bisect_right(self._ends, offset)]


def grown(base: Base, chunks: int) -> Iterator[ParsedDocument]:
    """Papers of one county after the other until there are at least so many chunks."""
    total = 0
    for number in count(1):
        county = County(base, number)
        for one in base.papers:
            if total >= chunks:
                return
            yield county.paper(one)
            total += len(one.chunks)


def large(papers: Sequence[ParsedDocument], least: int = 50) -> Base:
    """The base of the papers with at least so many chunks: reports and strategies."""
    return Base(tuple(one for one in papers if len(one.chunks) >= least))
