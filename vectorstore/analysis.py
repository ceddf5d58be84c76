"""From text to index terms, for German documents and German or English questions.

Folding (case, ae for ä, ss for ß) and Snowball stems; compounds as a whole and in parts; hyphens as joints; numbers,
references and abbreviations exact; stop words dropped. A text and a question pass through the same steps.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import Stemmer

from vectorstore.language import word_list

SHORTEST_COMPOUND = 6
SHORTEST_PART = 3
SHORTEST_STEMMED_PART = 4
TOKEN = re.compile(
    r"""[A-ZÄÖÜ]\.(?:[IVXLC]+|\d+)(?:\.\d+)*(?!\w)           # a reference with part letter: B.XIV, A.II.3
    |   \d+[A-Za-zÄÖÜäöü]+(?:-[^\W_]+)*                      # 5G, 5G-Ausbau
    |   \d+(?:[.,]\d+)*                                      # 5.5.2.1, 80.02, 1,2
    |   [^\W\d_][^\W_]*(?:[-‐‑–][^\W_]+)*                    # words, with joints
        (?:(?:[:*_]|/-?)in(?:nen)?(?!\w))?                   # Bürger:innen, Bürger*innen, Bürger/-innen""",
    re.VERBOSE,
)
GENDER = re.compile(r"(?:(?:[:*_]|/-?)in(?:nen)?|(?<=[a-zß-ÿ])In(?:nen)?)$")
JOINT = re.compile(r"[-‐‑–]|(?<=[a-zß-ÿ])(?=[A-ZÄÖÜ][a-zß-ÿ])")
FOLDING = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
LONGEST_WORD = 60
LONGEST_ABBREVIATION = 6
CACHE_SIZE = 100_000


class CompoundSplitter:
    """Splits folded words (lower case, ae for ä) into the parts that `words` holds; not thread-bound.

    After Koehn and Knight, "Empirical Methods for Compound Splitting" (2003), without their frequencies. Linking
    letters need no list: the stemmer takes them off as endings.
    """

    def __init__(self, words: Iterable[str], stem: Callable[[str], str]) -> None:
        not_parts = word_list("not_parts") | word_list("stopwords")
        self.words = frozenset(word for word in words if len(word) >= SHORTEST_PART and word not in not_parts)
        self._not_parts = not_parts
        self._stem = stem
        self._stems = frozenset(map(stem, self.words)) - not_parts

    def split(self, word: str) -> tuple[str, ...]:
        """The parts of a compound, first to last, or () for a word that is none; few long parts before many short."""
        parts = self._split(word) if len(word) >= SHORTEST_COMPOUND else None
        return parts if parts is not None and len(parts) > 1 else ()

    def _split(self, word: str) -> tuple[str, ...] | None:
        best: tuple[str, ...] | None = None
        for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
            if not self._is_part(word[cut:]):
                continue
            before = self._parts(word[:cut])
            if before is not None and (best is None or len(before) + 1 < len(best)):
                best = (*before, word[cut:])
        return best and (*best[:-1], *self._finer(best[-1]))

    def _finer(self, part: str) -> tuple[str, ...]:
        return (self._split(part) if len(part) >= SHORTEST_COMPOUND else None) or (part,)

    def _parts(self, word: str) -> tuple[str, ...] | None:
        if self._is_part(word):
            return self._finer(word)
        return self._split(word) if len(word) >= SHORTEST_COMPOUND else None

    def _is_part(self, word: str) -> bool:
        if word in self.words:
            return True
        if len(word) < SHORTEST_STEMMED_PART or word in self._not_parts:
            return False
        stem = self._stem(word)
        return len(stem) >= SHORTEST_PART and stem in self._stems


@dataclass(frozen=True, slots=True)
class Word:
    """What one printed word is indexed as: the `whole`, and its `parts` where it is a compound or has joints."""

    whole: str
    parts: tuple[str, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """All index terms, the whole first."""
        return (self.whole, *self.parts)


def fold(word: str) -> str:
    """Lower case without umlauts, accents and ß: "Öffentliche" gives "oeffentliche", "Café" gives "cafe"."""
    folded = word.casefold().translate(FOLDING)
    if folded.isascii():
        return folded
    return "".join(char for char in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(char))


class Analyzer:
    """Analysis with the words of one edition: they decide what is a part of a compound and what an abbreviation.

    `ordinary` and `abbreviations` are folded words seen in the edition, `parts` those a compound may consist of.
    An analyzer may be shared between threads.
    """

    def __init__(
        self, ordinary: Iterable[str] = (), abbreviations: Iterable[str] = (), parts: Iterable[str] = ()
    ) -> None:
        self._stemmer = Stemmer.Stemmer("german", 0)
        self._stop = word_list("stopwords")
        self._ordinary = frozenset(ordinary)
        self._abbreviations = frozenset(abbreviations) - self._ordinary
        self._splitter = CompoundSplitter(parts, self._stem)
        self._cache: dict[str, tuple[Word, ...]] = {}

    @classmethod
    def for_texts(cls, texts: Iterable[str], more_words: Iterable[str] = ()) -> Analyzer:
        """An analyzer for these texts; `more_words` (the topic vocabulary's) may be parts of compounds too.

        A noun of the texts is a part from its second occurrence on; what a narrow column tore is mostly no noun.
        """
        counts = Counter(word for text in texts for word in printed_words(text))
        ordinary = Counter[str]()
        for word, count in counts.items():
            if not _has_capitals(word):
                ordinary[fold(word)] += count
        abbreviations = {fold(word) for word in counts if _has_capitals(word)}
        nouns = {fold(word) for word, count in counts.items() if word[0].isupper() and count > 1}
        more = {fold(word) for word in more_words if not _has_capitals(word)}
        return cls(ordinary, abbreviations, (nouns - abbreviations) | more | word_list("parts"))

    def terms(self, text: str) -> list[str]:
        """The index terms in the order of the text: "Radwege-Netz 5.5" gives whole, parts and number."""
        return [term for word in self.words(text) for term in word.terms]

    def words(self, text: str) -> list[Word]:
        """The words of a text that carry meaning, in its order."""
        results: list[Word] = []
        for token in TOKEN.findall(_normal(text)):
            known = self._cache.get(token)
            results.extend(self._remember(token) if known is None else known)
        return results

    def is_noun(self, word: str) -> bool:
        """Whether the texts or the topic vocabulary have a word as a noun that compounds may consist of."""
        return fold(word) in self._splitter.words

    def save(self, path: Path) -> None:
        """Write the words that this analyzer knows as JSON."""
        state = [sorted(self._ordinary), sorted(self._abbreviations), sorted(self._splitter.words)]
        path.write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Analyzer:
        """The analyzer that `save` wrote: it gives the same terms.

        An edition with the words of the one loaded before gets the same analyzer, with all that it remembers; the
        vocabulary has one of its own, so two are kept.
        """
        return _loaded(path.read_bytes())

    def _remember(self, token: str) -> tuple[Word, ...]:
        words = self._analyse(token[:LONGEST_WORD])
        if len(self._cache) < CACHE_SIZE:
            self._cache[token] = words
        return words

    def _analyse(self, token: str) -> tuple[Word, ...]:
        if not token[0].isalpha() and not any(map(str.isalpha, token)):
            return (Word(token),)
        if token[1:2] == ".":
            return (Word(token.casefold()),)
        pieces = _pieces(token)
        if len(pieces) > 1:
            return self._analyse_compound(pieces)
        single = self._single(pieces[0]) if pieces else None
        return (single,) if single else ()

    def _analyse_compound(self, pieces: tuple[str, ...]) -> tuple[Word, ...]:
        """On-Demand, on-demand and ondemand meet in the whole; Radwege-Netz and Radnetz in the parts."""
        parts = [term for piece in pieces if (word := self._single(piece)) for term in word.terms]
        whole = self._stem(fold("".join(pieces)))
        return (Word(whole, tuple(dict.fromkeys(parts))),)

    def _single(self, printed: str) -> Word | None:
        if self._is_abbreviation(printed):
            return Word(_exact(printed))
        folded = fold(printed)
        if folded in self._stop or len(folded) < 2:
            return None
        if folded in self._abbreviations:
            return Word(_exact(folded))
        parts = (self._stem(part) for part in self._splitter.split(folded))
        return Word(self._stem(folded), tuple(dict.fromkeys(parts)))

    def _is_abbreviation(self, printed: str) -> bool:
        """ÖPNV and GmbH are, SCHULE is not where Schule is a word of the edition, V and X are as numerals."""
        return printed in ("V", "X") or (_has_capitals(printed) and fold(printed) not in self._ordinary)

    def _stem(self, folded: str) -> str:
        """The Snowball stem; at its end ss is s, so that Bus and Busse are one."""
        stem: str = self._stemmer.stemWord(folded)
        return stem[:-1] if stem.endswith("ss") else stem


@lru_cache(maxsize=2)
def _loaded(state: bytes) -> Analyzer:
    return Analyzer(*json.loads(state))


def printed_words(text: str) -> Iterator[str]:
    """The words of a text as printed, in its order, taken apart at their joints, without numbers and references."""
    for token in TOKEN.findall(_normal(text)):
        if token[0].isalpha() and token[1:2] != ".":
            for piece in _pieces(token):
                if 2 < len(piece) <= LONGEST_WORD:
                    yield piece


@lru_cache(maxsize=CACHE_SIZE)
def _pieces(token: str) -> tuple[str, ...]:
    return tuple(piece for piece in JOINT.split(GENDER.sub("", token)) if piece)


def _normal(text: str) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text.replace("\xad", ""))


def _has_capitals(printed: str) -> bool:
    """Two capitals, or a digit among letters: ÖPNV, GmbH, 5G, CO2; but a long word in capitals is a heading's."""
    capitals = sum(map(str.isupper, printed))
    if capitals == len(printed) > LONGEST_ABBREVIATION:
        return False
    return capitals > 1 or (capitals == 1 and any(map(str.isdigit, printed)))


def _exact(printed: str) -> str:
    """An abbreviation as a term: never stemmed, umlauts as the stemmer leaves them, a plural s after capitals gone."""
    if printed.endswith("s") and printed[:-1].isupper():
        printed = printed[:-1]
    return fold(printed).replace("ae", "a").replace("oe", "o").replace("ue", "u")
