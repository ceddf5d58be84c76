"""The topic vocabulary at work: which concepts a question is about, though it names none of them.

Soft activation: BM25 over the concepts' own words, the question's everyday filler weighted down; a few concepts, each
with a weight, instead of exact phrases. On everyday questions over other cities' papers that finds twice as much.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import Stemmer

from vectorstore.analysis import Analyzer, fold, printed_words
from vectorstore.concepts import Concept, read_concepts, shipped_sources, sources_digest
from vectorstore.language import word_list
from vectorstore.lexical import LexicalIndex, LexicalSettings
from vectorstore.private_modes import close_to_others, private_folder

ENGLISH = "en:"
INDEX_VERSION = 1


@dataclass(frozen=True, slots=True)
class ActivationSettings:
    """How concepts are chosen.

    At most `limit`, each with at least `relative` of the best one's score; a best score of `certain` has weight 1. A
    filler word counts `filler`, a part of a compound `part` of a word. Measured over the answering's development cases,
    the right item was among the first three in 0.830 with a `limit` of 5, 0.844 with 8, 0.844 with 12.
    """

    limit: int = 8
    relative: float = 0.4
    certain: float = 9.0
    filler: float = 0.25
    part: float = 0.5


class Vocabulary:
    """Concepts, found by the words of a question in German or English; may be shared between threads."""

    def __init__(self, concepts: Sequence[Concept], digest: str = "", cache: Path | None = None) -> None:
        self.concepts = tuple(concepts)
        self.digest = digest
        self._cache = cache and cache / f"vocabulary-{INDEX_VERSION}-{digest}"
        self._english = Stemmer.Stemmer("english", 0)

    @classmethod
    def of(cls, sources: Sequence[str], cache: Path | None = None) -> Vocabulary:
        """The vocabulary of these TOML texts; its index is kept in the folder `cache` where one is given.

        Raises ValueError for a text that is not in form or an id used twice.
        """
        concepts = [concept for source in sources for concept in read_concepts(source)]
        ids = [concept.id for concept in concepts]
        if len(set(ids)) < len(ids):
            twice = sorted({one for one in ids if ids.count(one) > 1})
            raise ValueError(f"concept ids used twice: {twice}")
        return cls(concepts, sources_digest(sources), cache)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The German words of all concepts, as printed: possible parts of compounds."""
        entries = (entry for one in self.concepts for entry in (*one.administrative, *one.everyday))
        return tuple(sorted(set(printed_words("\n".join(entries)))))

    def warm(self) -> None:
        """Load or build the index now (about 0.4 s for 1,300 concepts) and not with the first question."""
        self.activate("Wärme")

    def activate(self, question: str, settings: ActivationSettings | None = None) -> list[tuple[Concept, float]]:
        """The concepts that a question is about, best first, with weights in 0..1; may be none."""
        settings = settings or ActivationSettings()
        scores = self._index.scores(self._question_terms(question, settings))
        order = np.argsort(-scores, kind="stable")[: settings.limit]
        best = float(scores[order[0]]) if len(order) else 0.0
        if best <= 0:
            return []
        strength = min(1.0, best / settings.certain)
        kept = [int(row) for row in order if scores[row] >= settings.relative * best]
        return [(self.concepts[row], strength * float(scores[row]) / best) for row in kept]

    def knows(self, term: str) -> bool:
        """Whether an index term stands in any concept or among the filler words: then it is no typing error."""
        return term in self._index or term in self._filler

    def _question_terms(self, question: str, settings: ActivationSettings) -> dict[str, float]:
        filler = word_list("filler")
        terms: dict[str, float] = {}
        for word in self._analyzer.words(question):
            whole = settings.filler if word.whole in self._filler else 1.0
            terms[word.whole] = max(terms.get(word.whole, 0.0), whole)
            for part in word.parts:
                terms.setdefault(part, settings.part * (settings.filler if part in self._filler else 1.0))
        for printed in printed_words(question):
            weight = settings.filler if fold(printed) in filler else 1.0
            if fold(printed) not in word_list("stopwords"):
                terms.setdefault(ENGLISH + self._english.stemWord(fold(printed)), weight)
        return terms

    @cached_property
    def _filler(self) -> frozenset[str]:
        return frozenset(term for word in word_list("filler") for term in self._analyzer.terms(word))

    @cached_property
    def _analyzer(self) -> Analyzer:
        return self._loaded[0]

    @cached_property
    def _index(self) -> LexicalIndex:
        return self._loaded[1]

    @cached_property
    def _loaded(self) -> tuple[Analyzer, LexicalIndex]:
        """From the cache; else built and, where the folder can be written, put there as a whole."""
        if self._cache is None:
            return self._built()
        try:
            return Analyzer.load(self._cache / "analyzer.json"), LexicalIndex.load(self._cache)
        except (OSError, ValueError):
            built = self._built()
        with suppress(OSError):
            _keep(built, self._cache)
        return built

    def _built(self) -> tuple[Analyzer, LexicalIndex]:
        analyzer = Analyzer.for_texts((), self.words)
        texts = [analyzer.terms(_german(one)) + self._english_terms(one) for one in self.concepts]
        return analyzer, LexicalIndex.build(texts, LexicalSettings(k1=0.9, b=0.3))

    def _english_terms(self, concept: Concept) -> list[str]:
        words = printed_words("\n".join(concept.english))
        return [ENGLISH + self._english.stemWord(fold(word)) for word in words]


def _keep(built: tuple[Analyzer, LexicalIndex], place: Path) -> None:
    """Put a built index in its place as a whole, closed to others; nothing is left where that fails."""
    private_folder(place.parent)
    folder = Path(mkdtemp(dir=place.parent, suffix=".tmp"))
    try:
        built[0].save(folder / "analyzer.json")
        built[1].save(folder)
        close_to_others(folder)
        folder.replace(place)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@cache
def shipped_vocabulary(cache: Path | None = None) -> Vocabulary:
    """The vocabulary that comes with the program, read once; its index is loaded or built with the first question."""
    shipped = _shipped()
    return Vocabulary(shipped.concepts, shipped.digest, cache)


@cache
def _shipped() -> Vocabulary:
    return Vocabulary.of(shipped_sources())


def _german(concept: Concept) -> str:
    return "\n".join((*concept.administrative, *concept.everyday))
