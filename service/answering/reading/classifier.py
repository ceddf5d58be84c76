"""The trained reader of questions: a small linear model with a head for each thing that is to be known of a question.

Logistic regression over stems with their neighbours, runs of letters, and how a question begins and ends; trained by
`strategielotse eval train` on labelled questions, applied with numpy. A file holds the names of the features, their
rarity, and per class eight-bit weights with a scale. Values of the edition (places, units, numbers) are put in as
placeholders, so that what is learned means the same in every county. The language of a question is told by its script,
by the reader, by its function words; else it is German.
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
from vectorstore.analysis import fold

DEFAULT = "de"
NAME = "reader.npz"
_RUNS = range(2, 6)  # letters of a run
_TOKEN, _DIGITS = re.compile(r"\w+|[?!]"), re.compile(r"\d+")
_STEMMER = Stemmer.Stemmer("german")
_ARABIC, _CYRILLIC = re.compile(r"[؀-ۿ]"), re.compile(r"[Ѐ-ӿ]")
_RUSSIAN = re.compile(r"^[^ҐґЄєІіЇї]*[ЁёЫыЭэЪъ][^ҐґЄєІіЇї]*$", re.DOTALL)
_TURKISH = re.compile(r"[ğışĞİŞ]")  # letters that no other language here has
_WORD = re.compile(r"(?<![\w.])[^\W\d_]+(?!\.[IVX])")
_ACCEPTED, _SURELY = 0.7, 0.9  # probabilities from which the trained reader is believed on a language, and is sure


@dataclass(frozen=True, slots=True)
class Head:
    """One thing to be known: its classes, where their weights begin, and the probability from which each is believed.

    `least` lacks the classes that need no more than to be the likeliest.
    """

    name: str
    classes: tuple[str, ...]
    start: int
    least: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Classifier:
    """A trained reader: `weights` is classes by features in eight bits, times `scale` per class."""

    heads: Mapping[str, Head]
    names: dict[str, int]
    rarity: list[float]
    weights: NDArray[np.int8]
    scale: NDArray[np.float32]
    intercept: NDArray[np.float32]

    def probabilities(self, text: str) -> dict[str, dict[str, float]]:
        """Per head the probability of each of its classes, which sum to 1."""
        seen = list(self._weighted(text))
        places = np.array([place for place, _ in seen], dtype=np.intp)
        values = np.array([value for _, value in seen], dtype=np.float32)
        scores = (self.weights[:, places] @ values) * self.scale + self.intercept
        results = {}
        for name, head in self.heads.items():
            own = scores[head.start : head.start + len(head.classes)]
            powers = np.exp(own - own.max())
            results[name] = dict(zip(head.classes, (powers / powers.sum()).tolist(), strict=True))
        return results

    def _weighted(self, text: str) -> Iterator[tuple[int, float]]:
        """Places and weights of the known features of a text: tf-idf with damped counts, each block of length 1."""
        for block, result in counts(text).items():
            known = ((self.names.get(f"{block}:{name}"), n) for name, n in result.items())
            rows = [(place, (1 + math.log(n)) * self.rarity[place]) for place, n in known if place is not None]
            length = math.sqrt(sum(weight * weight for _, weight in rows))
            yield from ((place, weight / length) for place, weight in rows)


def choose_class(head: Head, probabilities: Mapping[str, float]) -> str:
    """The likeliest class whose probability is at least what it needs to be believed."""
    accepted = [class_ for class_ in head.classes if probabilities[class_] >= head.least.get(class_, 0.0)] or list(
        head.classes
    )
    return max(accepted, key=lambda item: probabilities[item])


def with_placeholders(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """The text with its values (start, end, kind; not overlapping) replaced by what kind of value they are."""
    for start, end, kind in sorted(spans, reverse=True):
        text = f"{text[:start]} zz{kind} {text[end:]}"
    return text


def counts(text: str) -> dict[str, Counter[str]]:
    """How often each feature occurs, by block: stems, runs of letters, the form of the question."""
    normal = _DIGITS.sub("0", fold(text))
    words = _TOKEN.findall(normal)
    stems = [_STEMMER.stemWord(word) for word in words]
    form = [
        *(f"first={' '.join(words[:size])}" for size in (1, 2, 3)),
        *(f"last={' '.join(words[-size:])}" for size in (1, 2)),
    ]
    form += [f"length={min(len(words) // 3, 8)}", f"asks={'?' in words}"]
    return {
        "s": Counter([*stems, *(f"{item} {two}" for item, two in pairwise(stems))]),
        "c": Counter(_runs(normal)),
        "f": Counter(form),
    }


def _runs(text: str) -> Iterator[str]:
    """The runs of letters within words, their edges marked by spaces."""
    for word in text.split():
        padded = f" {word} "
        for length in _RUNS:
            if length >= len(padded):
                yield padded
                break
            yield from (padded[start : start + length] for start in range(len(padded) - length + 1))


def packed(classifier: Classifier) -> bytes:
    """The classifier as a file, the same bytes for the same classifier."""
    names = sorted(classifier.names, key=lambda name: classifier.names[name])
    heads = [[head.name, list(head.classes), head.start, dict(head.least)] for head in classifier.heads.values()]
    made = io.BytesIO()
    np.savez_compressed(
        made,
        heads=np.frombuffer(json.dumps(heads).encode(), dtype=np.uint8),
        names=np.frombuffer("\n".join(names).encode(), dtype=np.uint8),
        rarity=np.array(classifier.rarity, dtype=np.float16),
        weights=classifier.weights,
        scale=classifier.scale,
        intercept=classifier.intercept,
    )
    return made.getvalue()


def unpacked(content: bytes) -> Classifier:
    """The classifier in a file."""
    with np.load(io.BytesIO(content), allow_pickle=False) as read:
        heads = json.loads(read["heads"].tobytes())
        names = read["names"].tobytes().decode().split("\n")
        return Classifier(
            heads={name: Head(name, tuple(classes), start, least) for name, classes, start, least in heads},
            names={item: place for place, item in enumerate(names)},
            rarity=[float(item) for item in read["rarity"]],
            weights=read["weights"],
            scale=read["scale"],
            intercept=read["intercept"],
        )


@cache
def classifier() -> Classifier:
    """The classifier that comes with the service."""
    return unpacked(lexicon.trained(NAME))


@cache
def function_words(code: str) -> frozenset[str]:
    """The function words of a language, folded; none for one without a list."""
    return frozenset(map(fold, lexicon.table("languages").get(code, ())))


@lru_cache(maxsize=512)
def detect(text: str) -> str:
    """The language code of the text ("de", "en", "nl", ...)."""
    if _ARABIC.search(text):
        return "ar"
    if _CYRILLIC.search(text):
        return "ru" if _RUSSIAN.search(text) else "uk"
    by_words, probabilities = _by_words(text), classifier().probabilities(text)["language"]
    likeliest = max(probabilities, key=lambda code: probabilities[code])
    return likeliest if by_words in probabilities and probabilities[likeliest] >= _ACCEPTED else by_words


def is_surely_other(text: str, code: str) -> bool:
    """Whether the trained reader is sure of a third language, neither this one nor German."""
    probabilities = classifier().probabilities(text)["language"]
    return max(value for item, value in probabilities.items() if item not in (code, DEFAULT)) >= _SURELY


def _by_words(text: str) -> str:
    """The language with most function words, of which those count less that several languages have ("in", "de")."""
    if _TURKISH.search(text):
        return "tr"
    words, known = [word.lower() for word in _WORD.findall(text)], lexicon.table("languages")
    often = {word: sum(word in item for item in known.values()) for word in words}
    scores = {code: sum(often[word] ** -0.5 for word in words if word in own) for code, own in known.items()}
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] > scores[DEFAULT] else DEFAULT
