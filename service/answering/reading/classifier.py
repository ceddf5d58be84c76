"""The trained readers of questions: small linear models with a head for each thing that is to be known of a question.

Logistic regression over words and letters, trained by `strategielotse eval train` on labelled questions; applied with
numpy. A file holds the names of the features, their rarity, and per class eight-bit weights with a scale.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.answering.reading.features import weighted

NAME = "reader.npz"
_PARTS = ("names", "rarity", "weights", "scale", "intercept")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError, TypeError, ValueError)
_WHEN = (1980, 1, 1, 0, 0, 0)  # the same training gives the same file


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
        seen = list(weighted(text, self.names, self.rarity))
        places = np.array([place for place, _ in seen], dtype=np.intp)
        values = np.array([value for _, value in seen], dtype=np.float32)
        scores = (self.weights[:, places] @ values) * self.scale + self.intercept
        return {
            name: _soft(head, scores[head.start : head.start + len(head.classes)]) for name, head in self.heads.items()
        }

    def chosen(self, probabilities: Mapping[str, Mapping[str, float]]) -> dict[str, str]:
        """Per head its class: the likeliest one that is believed."""
        return {name: chosen(self.heads[name], found) for name, found in probabilities.items()}


def chosen(head: Head, probabilities: Mapping[str, float]) -> str:
    """The likeliest class whose probability is at least what it needs to be believed."""
    believed = [one for one in head.classes if probabilities[one] >= head.least.get(one, 0.0)] or list(head.classes)
    return max(believed, key=lambda one: probabilities[one])


def _soft(head: Head, scores: NDArray[np.float32]) -> dict[str, float]:
    powers = np.exp(scores - scores.max())
    return dict(zip(head.classes, (powers / powers.sum()).tolist(), strict=True))


def packed(classifier: Classifier) -> bytes:
    """The classifier as a file, the same bytes for the same classifier."""
    names = sorted(classifier.names, key=lambda one: classifier.names[one])
    parts: dict[str, NDArray[Any]] = {
        "names": np.frombuffer("\n".join(names).encode(), dtype=np.uint8),
        "rarity": np.array(classifier.rarity, dtype=np.float16),
        "weights": classifier.weights,
        "scale": classifier.scale,
        "intercept": classifier.intercept,
    }
    heads = [[one.name, list(one.classes), one.start, dict(one.least)] for one in classifier.heads.values()]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(zipfile.ZipInfo("heads.json", _WHEN), json.dumps(heads), zipfile.ZIP_DEFLATED, 9)
        for name, part in parts.items():
            written = io.BytesIO()
            np.lib.format.write_array(written, part, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _WHEN), written.getvalue(), zipfile.ZIP_DEFLATED, 9)
    return made.getvalue()


def unpacked(content: bytes) -> Classifier:
    """The classifier in a file; raises ValueError where it holds none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            heads = json.loads(archive.read("heads.json"))
            read = {
                one: np.lib.format.read_array(io.BytesIO(archive.read(f"{one}.npy")), allow_pickle=False)
                for one in _PARTS
            }
        made = Classifier(
            heads={name: Head(name, tuple(classes), start, least) for name, classes, start, least in heads},
            names={one: place for place, one in enumerate(read["names"].tobytes().decode().split("\n"))},
            rarity=[float(one) for one in read["rarity"]],
            weights=read["weights"],
            scale=read["scale"],
            intercept=read["intercept"],
        )
    except _BROKEN as error:
        raise ValueError(f"no trained reader of questions ({error})") from None
    rows, columns = sum(len(one.classes) for one in made.heads.values()), len(made.names)
    shapes = [part.shape for part in (made.weights, made.scale, made.intercept)]
    if shapes != [(rows, columns), (rows,), (rows,)] or len(made.rarity) != columns:
        raise ValueError("no trained reader of questions (its parts do not fit)")
    return made


@cache
def classifier() -> Classifier:
    """The classifier that comes with the service."""
    return unpacked(files("service.answering.trained").joinpath(NAME).read_bytes())
