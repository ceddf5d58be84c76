"""Names in a sentence, and addresses: whether what is cited says them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import dropwhile

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.verification.verbatim import words
from vectorstore.analysis import fold
from vectorstore.language import frequencies, word_list

_PERSON = re.compile(
    r"(?<!\w)(?:Frau|Herrn?|Dr\.|Prof\.|Mrs?\.?|Ms\.?)\s(?:(?:Dr\.|Prof\.|von|van|de|zu)\s)*"
    r"([A-ZÄÖÜ][\w-]+(?:\s[A-ZÄÖÜ][\w-]+)?)"
)
_ORGANISATION = re.compile(
    r"(?<![\w.&-])((?:[A-ZÄÖÜ][\w.&-]*\s(?:für\s|und\s|of\s)?){1,5})(?:gGmbH|GmbH|mbH|AG|KG|eG|AöR|UG|SE|e\.\s?V\.)(?!\w)"
)
_QUOTED = re.compile(r"[„“«»\"]([^„“”«»\"]{2,})[“”«»\"]")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.\S+|(?<![\w.])[\w-]{2,}(?:\.[\w-]+)*\.[a-z]{2,}(?![\w.])"
)
_ENDINGS = ("", "s", "er")


class Names:
    """The names of an edition: its places, units, documents and records."""

    def __init__(self, corpus: Corpus) -> None:
        self._lasts: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._lengths: dict[str, set[int]] = defaultdict(set)
        catalogue = corpus.catalogue
        for document in catalogue.documents.values():
            self._add(document.title, document.publisher)
        for item in catalogue.items:
            self._add(item.title, item.table_title or "", *item.responsible)
            self._add(*item.municipalities, single=True)
        parts = (part for one in catalogue.documents.values() for part in words(one.publisher)[1:])
        self._add(*(one for one in parts if _is_name(one)), single=True)

    def _add(self, *names: str, single: bool = False) -> None:
        """Add names; one that is a single word only where it can be nothing else."""
        for name in names:
            parts = tuple(dropwhile(str.isdigit, words(name)))
            if parts and parts[0][0].isupper() and (single or len(parts) > 1):
                self._lasts[parts[:-1]].add(parts[-1])
                self._lengths[parts[0]].add(len(parts))

    def find(self, text: str) -> set[str]:
        """The names that a text says, as words with single spaces."""
        return {*self._known(words(text)), *_persons(text), *_organisations(text), *_quoted(text), *_addresses(text)}

    def _known(self, said: list[str]) -> Iterable[str]:
        place = 0
        while place < len(said):
            name = self._longest(said, place)
            if name:
                yield " ".join(name)
            place += len(name) or 1

    def _longest(self, said: list[str], place: int) -> tuple[str, ...]:
        """The longest known name that begins at a word, the last word perhaps in the genitive; () where none does."""
        word = said[place]
        if not word[0].isupper():
            return ()
        for length in sorted({*self._lengths.get(word, ()), 1}, reverse=True):
            *front, last = said[place : place + length]
            if len(front) == length - 1 and (name := self._named(tuple(front), last)):
                return name
        return (word,) if {word.lower(), word.removesuffix("s").lower()} & lexicon.lines("places.txt") else ()

    def _named(self, front: tuple[str, ...], last: str) -> tuple[str, ...]:
        """The name with these words in front whose last word is said, perhaps in the genitive; () where none is."""
        known = self._lasts.get(front, ())
        bare = (last.removesuffix(ending) for ending in _ENDINGS if last.endswith(ending))
        return next(((*front, one) for one in bare if one in known), ())


def _is_name(word: str) -> bool:
    """True for a word of a publisher's name that is a place or no everyday word."""
    return word.lower() in lexicon.lines("places.txt") or fold(word) not in frequencies("de")


def holds(known: str, name: str) -> bool:
    """True where a text of words with single spaces says a name; a longer last word does ("Auental" in "Auentals")."""
    told = f" {known.casefold()}"
    return f" {name.casefold()}" in told or f" {name.casefold()}" in told.replace("-", " ")


def _persons(text: str) -> set[str]:
    return {match[1] for match in _PERSON.finditer(text)}


def _organisations(text: str) -> set[str]:
    """The words of names before "GmbH", "e. V." and the like, each for itself."""
    named = (word for match in _ORGANISATION.finditer(text) for word in words(match[1]))
    return {word for word in named if word[0].isupper() and word.casefold() not in word_list("stopwords")}


def _addresses(text: str) -> set[str]:
    """Addresses of pages and for mail."""
    return {" ".join(words(match[0])) for match in _ADDRESS.finditer(text)}


def _quoted(text: str) -> set[str]:
    """What stands in quotation marks."""
    return {" ".join(words(match[1])) for match in _QUOTED.finditer(text) if words(match[1])}
