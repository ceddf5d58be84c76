"""Text analysis: from text to index terms, for German documents and German or English questions.

Words are split at hyphens, folded (lower case, ae for ä, ss for ß) and stemmed (Snowball);
compounds are indexed whole and in parts. Numbers, refs and abbreviations stay exact; stop words are
dropped. Texts and questions are treated alike.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

import Stemmer

from vectorstore.language.text_forms import fold
from vectorstore.language.word_lists import word_list

# letters
SHORTEST_PART = 3
SHORTEST_STEMMED_PART = 4
TOKEN = re.compile(
    r"""[A-ZÄÖÜ]\.(?:[IVXLC]+|\d+)(?:\.\d+)*(?!\w)  # a reference with part letter: B.XIV, A.II.3
    |   \d+[A-Za-zÄÖÜäöü]+(?:-[^\W_]+)*                      # 5G, 5G-Ausbau
    |   \d+(?:[.,]\d+)*                                      # 5.5.2.1, 80.02, 1,2
    |   [^\W\d_][^\W_]*(?:[-‐‑–][^\W_]+)*                    # words, with hyphens
        (?:(?:[:*_]|/-?)in(?:nen)?(?!\w))?  # Bürger:innen, Bürger*innen, Bürger/-innen""",
    re.VERBOSE,
)
# Bürger:innen, Bürger/-in, BürgerInnen
GENDER = re.compile(r"(?:(?:[:*_]|/-?)in(?:nen)?|(?<=[a-zß-ÿ])In(?:nen)?)$")
# Radwege-Netz, and within StadtRad, but not in ÖPNV
JOINT = re.compile(r"[-‐‑–]|(?<=[a-zß-ÿ])(?=[A-ZÄÖÜ][a-zß-ÿ])")
# letters
LONGEST_WORD = 60
LONGEST_ABBREVIATION = 6
CACHE_SIZE = 100_000


class CompoundSplitter:
    """Splits folded compounds into parts that are among `words`; thread-safe.

    After Koehn and Knight, "Empirical Methods for Compound Splitting" (2003), without their
    frequencies. Linking letters ("Verkehr-s-plan") need no list: the stemmer removes them as
    endings.
    """

    def __init__(self, words: Iterable[str], stem: Callable[[str], str]) -> None:
        """`words` are the words that compounds may consist of, folded; `stem` gives the stem of a
        folded word.

        Too short words, stop words, and endings and beginnings that look like words ("ung", "ver")
        are left out.
        """
        not_parts = word_list("not_parts") | word_list("stopwords")
        self.words = frozenset(
            word for word in words if len(word) >= SHORTEST_PART and word not in not_parts
        )
        self._not_parts = not_parts
        self._stem = stem
        self._stems = frozenset(map(stem, self.words)) - not_parts

    def split(self, word: str) -> tuple[str, ...]:
        """The parts of a compound, first to last; () for a word that is no compound.

        Every cut in two is tried: the end must be a known part, the beginning a known part or a
        compound itself. If several splits are possible, one with the fewest parts is taken. Its
        last part is then split too, so that "radverkehrsplan" gives "plan" even if "verkehrsplan"
        is a known word.
        """
        best: tuple[str, ...] = ()
        for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
            first, last = word[:cut], word[cut:]
            if self._is_part(last):
                first_parts = self.split(first)
                if not first_parts and self._is_part(first):
                    first_parts = (first,)
                if first_parts and (not best or len(first_parts) + 1 < len(best)):
                    best = (*first_parts, last)
        if not best:
            return ()
        last = best[-1]
        last_parts = self.split(last) or (last,)  # it may be a compound itself
        return best[:-1] + last_parts

    def _is_part(self, word: str) -> bool:
        """True if a word can be a part of a compound.

        It is one of `words`, or has the stem of one of them, as "verkehrs" has that of "verkehr".
        For its stem to count, it must not be an excluded word (an ending such as "ung", a stop
        word), and word and stem must not be too short.
        """
        if word in self.words:
            return True
        if len(word) < SHORTEST_STEMMED_PART or word in self._not_parts:
            return False
        stem = self._stem(word)
        return len(stem) >= SHORTEST_PART and stem in self._stems


@dataclass(frozen=True, slots=True)
class Word:
    """The index terms of a printed word: of the `whole`, and of its `parts` where it is a compound
    or has hyphens.
    """

    whole: str
    parts: tuple[str, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """All index terms, the whole first."""
        return (self.whole, *self.parts)


class Analyzer:
    """Text analysis with the words of one edition, which decide what is a compound and what is an
    abbreviation.

    All words are folded: `abbreviations` occur in capitals, `ordinary` words otherwise, compounds
    consist of `parts`. Thread-safe.
    """

    def __init__(
        self,
        ordinary: Iterable[str] = (),
        abbreviations: Iterable[str] = (),
        parts: Iterable[str] = (),
    ) -> None:
        """See the class for the words.

        A word that also occurs without capitals is no abbreviation. The analysis of each token is
        cached, as texts repeat their words.
        """
        self._stemmer = Stemmer.Stemmer("german", 0)
        self._stop = word_list("stopwords")
        self._ordinary = frozenset(ordinary)
        self._abbreviations = frozenset(abbreviations) - self._ordinary
        self._splitter = CompoundSplitter(parts, self._stem)
        self._words_of = lru_cache(maxsize=CACHE_SIZE)(self._analyse)
        self._terms_of = lru_cache(maxsize=CACHE_SIZE)(self._terms)

    @classmethod
    def for_texts(cls, texts: Iterable[str], more_words: Iterable[str] = ()) -> Analyzer:
        """An analyzer for these texts.

        Parts of compounds are the nouns of the texts (words with a capital), `more_words`, and a
        list for all editions. A noun that occurs only once is left out: most of these are fragments
        of words hyphenated in narrow columns. What is an abbreviation by its capitals (ÖPNV) does
        not count, but a heading "RAD" takes nothing from the noun "Rad".
        """
        counts, tokens = Counter[str](), Counter[str]()
        for text in texts:
            tokens.update(tokens_of(text))
        for token, number in tokens.items():
            for word in printed_words(token):
                counts[word] += number
        ordinary = {fold(word) for word in counts if not _has_capitals(word)}
        abbreviations = {fold(word) for word in counts if _has_capitals(word)}
        nouns = {
            fold(word)
            for word, count in counts.items()
            if word[0].isupper() and count > 1 and not _has_capitals(word)
        }
        more = {fold(word) for word in more_words if not _has_capitals(word)}
        return cls(ordinary, abbreviations, nouns | more | word_list("parts"))

    def terms(self, text: str) -> list[str]:
        """The index terms in text order, of each word the whole first and then its parts."""
        return list(chain.from_iterable(map(self._terms_of, tokens_of(text))))

    def words(self, text: str) -> list[Word]:
        """The words of a text in its order, without stop words."""
        return list(chain.from_iterable(map(self._words_of, tokens_of(text))))

    def is_noun(self, word: str) -> bool:
        """True if a word may be a part of a compound: a noun of the texts, one of the `more_words`,
        or one of the list for all editions (see `for_texts`).
        """
        return fold(word) in self._splitter.words

    def save(self, path: Path) -> None:
        """Write this analyzer's word lists as JSON."""
        state = [sorted(self._ordinary), sorted(self._abbreviations), sorted(self._splitter.words)]
        path.write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Analyzer:
        """The analyzer that `save` wrote: it gives the same terms.

        The last two analyzers loaded are cached by their word lists, so that a new edition with the
        same words has a warm token cache.
        """
        return _load_cached(path.read_bytes())

    def _analyse(self, token: str) -> tuple[Word, ...]:
        """The word of a match of `TOKEN`, as a tuple of one, so that a stop word can give ().

        Numbers and refs ("B.XIV") are words too, and are not stemmed. A token is cut to
        `LONGEST_WORD` letters.
        """
        token = token[:LONGEST_WORD]
        if not any(map(str.isalpha, token)):
            return (Word(token),)  # a number
        if token[1:2] == ".":
            return (Word(token.casefold()),)  # a ref with part letter
        pieces = _pieces(token)
        if not pieces:
            return ()
        if len(pieces) > 1:
            return self._analyse_hyphenated(pieces)
        single = self._analyse_piece(pieces[0])
        return (single,) if single else ()

    def _terms(self, token: str) -> tuple[str, ...]:
        """The index terms of a match of `TOKEN`."""
        return tuple(chain.from_iterable(word.terms for word in self._words_of(token)))

    def _analyse_hyphenated(self, pieces: tuple[str, ...]) -> tuple[Word, ...]:
        """One word of the pieces of a hyphenated token.

        Its whole is the pieces joined, so that "On-Demand" and "Ondemand" have the same term. Its
        parts are the terms of each piece, each once.
        """
        parts: list[str] = []
        for piece in pieces:
            word = self._analyse_piece(piece)
            if word is not None:
                parts += word.terms
        whole = self._stem(fold("".join(pieces)))
        return (Word(whole, tuple(dict.fromkeys(parts))),)

    def _analyse_piece(self, printed: str) -> Word | None:
        """The word of a piece without hyphens; None for a stop word or a single letter.

        An abbreviation gives its letters, neither stemmed nor split. Any other word gives its stem,
        and as parts the stems of the words that it is a compound of.
        """
        if self._is_abbreviation(printed):
            return Word(_exact(printed))
        folded = fold(printed)
        if folded in self._stop or len(folded) < 2:
            return None
        if folded in self._abbreviations:  # typed in lower case: "öpnv"
            return Word(_exact(folded))
        parts = (self._stem(part) for part in self._splitter.split(folded))
        return Word(self._stem(folded), tuple(dict.fromkeys(parts)))

    def _is_abbreviation(self, printed: str) -> bool:
        """True for ÖPNV, GmbH and the numerals V and X; false for SCHULE if Schule is a word of the
        edition.
        """
        if printed in ("V", "X"):
            return True
        return _has_capitals(printed) and fold(printed) not in self._ordinary

    def _stem(self, folded: str) -> str:
        """The Snowball stem, with s for a final ss, so that Bus and Busse have the same."""
        stem: str = self._stemmer.stemWord(folded)
        if stem.endswith("ss"):
            return stem[:-1]
        return stem


@lru_cache(maxsize=2)  # the edition's and the vocabulary's
def _load_cached(state: bytes) -> Analyzer:
    return Analyzer(*json.loads(state))


def tokens_of(text: str) -> list[str]:
    """The matches of `TOKEN` in a text, in order: words with hyphens, numbers, refs."""
    return TOKEN.findall(_normalize(text))


def printed_words(text: str) -> Iterator[str]:
    """The words of a text as printed, in order, split at hyphens and at capitals within a word.

    Left out are refs ("B.XIV"), what begins with a digit, and words of one, two or more than
    `LONGEST_WORD` letters.
    """
    for token in tokens_of(text):
        if token[0].isalpha() and token[1:2] != ".":
            for piece in _pieces(token):
                if 2 < len(piece) <= LONGEST_WORD:
                    yield piece


@lru_cache(maxsize=CACHE_SIZE)
def _pieces(token: str) -> tuple[str, ...]:
    """A token without gendered ending (":innen"), split at hyphens and as "StadtRad" is."""
    return tuple(piece for piece in JOINT.split(GENDER.sub("", token)) if piece)


def _normalize(text: str) -> str:
    """A text in Unicode's NFKC form, without soft hyphens."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text.replace("\xad", ""))


def _has_capitals(printed: str) -> bool:
    """True if a word looks like an abbreviation by its capitals: ÖPNV, GmbH, 5G, CO2.

    It has two capitals or more, or a single capital and a digit. A long word that is all in
    capitals ("INHALTSVERZEICHNIS") is no abbreviation.
    """
    capitals = sum(map(str.isupper, printed))
    if capitals == len(printed) > LONGEST_ABBREVIATION:
        return False
    return capitals > 1 or (capitals == 1 and any(map(str.isdigit, printed)))


def _exact(printed: str) -> str:
    """The index term of an abbreviation, which is not stemmed.

    A plural s is removed ("LKWs"). Umlauts become a, o, u, as the stemmer would write them.
    """
    if printed.endswith("s") and printed[:-1].isupper():
        printed = printed[:-1]
    return fold(printed).replace("ae", "a").replace("oe", "o").replace("ue", "u")
