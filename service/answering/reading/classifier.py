"""The question classifier: a small linear model with one head per property of a question (intent,
answer type, ...).

Logistic regression over word stems, pairs of stems, character n-grams, and the first and last
words; trained by `python -m lab train` on labelled questions, applied with numpy. Names of
the edition (places, units) are replaced by placeholders, so that the model fits every county. The
language of a question is detected by its script, then by the classifier, then by its function
words; German where none of them decides.
"""

from __future__ import annotations

import io
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np
import Stemmer
from numpy.typing import NDArray

from service.answering import lexicon
from vectorstore.language import fold

DEFAULT_LANGUAGE = "de"
UNDERSTOOD = ("de", "en")  # languages of questions on which the reader was trained well enough
CLASSIFIER_FILE = "reader.npz"
_NGRAM_SIZES = range(2, 6)  # characters of an n-gram
# words and marks; numbers, which all become "0"
_TOKEN = re.compile(r"\w+|[?!]")
_DIGITS = re.compile(r"\d+")
_STEMMER = Stemmer.Stemmer("german")
_ARABIC = re.compile(r"[؀-ۿ]")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_UKRAINIAN = re.compile(r"[ґєії]", re.IGNORECASE)  # letters that Russian lacks
_TURKISH = re.compile(r"[ğışĞİŞ]")  # letters that no other language here has
_WORD = re.compile(r"(?<![\w.])[^\W\d_]+(?!\.[IVX])")  # no part of a record number such as "B.IV"
# of a language: accepted from the first, certain from the second
_LEAST_PROBABILITY = 0.7
_SURE = 0.9


@dataclass(frozen=True, slots=True)
class ClassifierHead:
    """One property of a question with its classes; `start` is the row of the first one in the
    model's weights.
    """

    name: str
    classes: tuple[str, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Classifier:
    """A trained model: `feature_indices` are the features' indices, `idf` their inverse document
    frequencies.

    `weights` has shape (classes of all heads, features), in eight bits; `scale` and `intercept` one
    value per class.
    """

    heads: Mapping[str, ClassifierHead]
    feature_indices: dict[str, int]
    idf: list[float]
    weights: NDArray[np.int8]
    scale: NDArray[np.float32]
    intercept: NDArray[np.float32]

    def probabilities(self, text: str) -> dict[str, dict[str, float]]:
        """The probability of each class, by head ("want", "asked", "yes_no" …); those of one head
        sum to 1.

        The weights are stored in eight bits to be small, so that `scale` brings the scores of each
        class back to size.
        """
        features = list(self._tfidf(text))
        indices = np.array([index for index, _ in features], dtype=np.intp)
        values = np.array([value for _, value in features], dtype=np.float32)
        # no matrix product: for rows this short BLAS sets floating-point flags for nothing
        products = self.weights[:, indices] * values
        scores = products.sum(axis=1) * self.scale + self.intercept
        results = {}
        for name, head in self.heads.items():
            head_scores = scores[head.start : head.start + len(head.classes)]
            exponentials = np.exp(head_scores - head_scores.max())
            results[name] = dict(
                zip(head.classes, (exponentials / exponentials.sum()).tolist(), strict=True)
            )
        return results

    def _tfidf(self, text: str) -> Iterator[tuple[int, float]]:
        """Yield the index and the weight of each feature of a text that the model knows.

        The weight is the tf-idf with a logarithmic frequency. The weights of each block (stems,
        n-grams, first and last words) are a vector of length 1, so that the many n-grams do not
        outweigh the few words.
        """
        for block, frequencies in count_features(text).items():
            known = (
                (self.feature_indices.get(f"{block}:{name}"), frequency)
                for name, frequency in frequencies.items()
            )
            weights = [
                (index, (1 + math.log(frequency)) * self.idf[index])
                for index, frequency in known
                if index is not None
            ]
            length = math.sqrt(sum(weight * weight for _, weight in weights))
            yield from ((index, weight / length) for index, weight in weights)


def with_placeholders(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """The text with spans of values (start, end, kind; not overlapping) replaced by "zz" and their
    kind: "zzplace" is a word that no text has. The last span is replaced first, so that the offsets
    of the others stay right.
    """
    for start, end, kind in sorted(spans, reverse=True):
        text = f"{text[:start]} zz{kind} {text[end:]}"
    return text


def count_features(text: str) -> dict[str, Counter[str]]:
    """How often each feature of a text occurs, by block: stems and pairs of stems ("s"), character
    n-grams ("c"), and its form ("f").

    The form is the first and last words, the length in steps of three words, and whether there is a
    question mark. All numbers become "0", since their values say nothing of the intent.
    """
    normalized = _DIGITS.sub("0", fold(text))
    words = _TOKEN.findall(normalized)
    stems = [_STEMMER.stemWord(word) for word in words]
    shape = [f"first={' '.join(words[:size])}" for size in (1, 2, 3)]
    shape += [f"last={' '.join(words[-size:])}" for size in (1, 2)]
    shape += [f"length={min(len(words) // 3, 8)}", f"asks={'?' in words}"]
    stems_and_pairs = [*stems, *map(" ".join, pairwise(stems))]
    return {"s": Counter(stems_and_pairs), "c": Counter(_ngrams(normalized)), "f": Counter(shape)}


def _ngrams(text: str) -> Iterator[str]:
    """Yield the character n-grams of each word, with a space added at both ends of the word. A word
    that is shorter than an n-gram is taken whole.
    """
    for word in text.split():
        padded = f" {word} "
        for size in _NGRAM_SIZES:
            if size >= len(padded):
                yield padded
                break
            yield from (padded[start : start + size] for start in range(len(padded) - size + 1))


def deserialize_classifier(content: bytes) -> Classifier:
    """The classifier in the bytes of a model file, as `lab/train/question_reader.py` writes it; the
    file calls the inverse document frequencies "rarity".
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        heads = json.loads(arrays["heads"].tobytes())
        names = arrays["names"].tobytes().decode().split("\n")
        return Classifier(
            heads={
                name: ClassifierHead(name, tuple(classes), start) for name, classes, start in heads
            },
            feature_indices={item: index for index, item in enumerate(names)},
            idf=arrays["rarity"].tolist(),
            weights=arrays["weights"],
            scale=arrays["scale"],
            intercept=arrays["intercept"],
        )


@cache
def load_classifier() -> Classifier:
    """The classifier that is shipped with the service."""
    return deserialize_classifier(lexicon.trained(CLASSIFIER_FILE))


@cache
def function_words(code: str) -> frozenset[str]:
    """The function words of a language, folded; none for one without a list."""
    return frozenset(map(fold, lexicon.table("languages").get(code, ())))


@lru_cache(maxsize=512)
def detect_language(text: str) -> str:
    """The language code of a text ("de", "nl").

    Arabic and Cyrillic letters decide at once. Else it is what the classifier is rather sure of.
    Function words decide if it is not, or if they show a language that it was not trained on.
    """
    if _ARABIC.search(text):
        return "ar"
    if _CYRILLIC.search(text):
        if _UKRAINIAN.search(text) or _language_by_function_words(text) == "uk":
            return "uk"
        return "ru"
    by_words = _language_by_function_words(text)
    probabilities = load_classifier().probabilities(text)["language"]
    likeliest = max(probabilities, key=lambda code: probabilities[code])
    if by_words in probabilities and probabilities[likeliest] >= _LEAST_PROBABILITY:
        return likeliest
    return by_words


def is_third_language(text: str, code: str) -> bool:
    """True if the classifier is certain that a text is in one particular language that is neither
    `code` nor German.
    """
    probabilities = load_classifier().probabilities(text)["language"]
    expected = (code, DEFAULT_LANGUAGE)
    others = [value for item, value in probabilities.items() if item not in expected]
    return max(others) >= _SURE


def _language_by_function_words(text: str) -> str:
    """The language with the most function words in a text, else German.

    A word that several languages have ("in", "de") counts less for each. Letters that only Turkish
    has decide alone.
    """
    if _TURKISH.search(text):
        return "tr"
    languages = lexicon.table("languages")
    scores = dict.fromkeys(languages, 0.0)
    for word in map(str.lower, _WORD.findall(text)):
        codes = [code for code, listed in languages.items() if word in listed]
        for code in codes:
            scores[code] += len(codes) ** -0.5
    best = max(scores, key=lambda code: scores[code])
    if scores[best] > scores[DEFAULT_LANGUAGE]:
        return best
    return DEFAULT_LANGUAGE
