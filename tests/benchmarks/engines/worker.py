"""Finds passages with one engine: orders as lines of JSON in, one line of JSON out for each.

usage: python -m tests.benchmarks.engines.worker ENGINE

{"do": "build", "folder": F}   index the passages of the folder                       -> {"seconds": S}
{"do": "open", "folder": F}    open what was built, in another process as a rule     -> {"seconds": S}
{"do": "find", "question": Q, "vector": [...], "limit": N}                           -> {"found": [[D, K]], "ms": M}

The folder holds what `passages.write` wrote. An order that fails is answered with {"error": TEXT}.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from tests.benchmarks.engines.passages import Passage, read, read_vectors


class Engine(Protocol):
    """One way of finding; what it keeps lies below the folder that it is given."""

    def build(self, folder: Path, passages: Sequence[Passage], vectors: np.ndarray) -> None:
        """Index the passages with their vectors, shape (passages, d)."""

    def open(self, folder: Path, passages: Sequence[Passage]) -> None:
        """Open what `build` left behind."""

    def find(self, question: str, vector: Sequence[float], limit: int) -> list[tuple[str, str]]:
        """The items of at most `limit` passages as (document id, key), best first; an item can come twice."""


def main() -> None:
    """Carry out orders until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is no answer
    engine = importlib.import_module(f"tests.benchmarks.engines.{sys.argv[1]}").make()
    for line in sys.stdin:
        try:
            told = _done(engine, json.loads(line))
        except Exception as error:  # an engine of others may raise anything
            told = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(told) + "\n")
        answers.flush()


def _done(engine: Engine, order: dict[str, Any]) -> dict[str, Any]:
    if order["do"] == "find":
        began = time.perf_counter()
        found = engine.find(order["question"], order["vector"], order["limit"])
        return {"ms": 1000 * (time.perf_counter() - began), "found": found}
    folder = Path(order["folder"])
    passages = read(folder)
    if order["do"] == "build":
        vectors = read_vectors(folder)
        began = time.perf_counter()
        engine.build(folder, passages, vectors)
    else:
        began = time.perf_counter()
        engine.open(folder, passages)
    return {"seconds": time.perf_counter() - began}


if __name__ == "__main__":
    main()
