"""Editions of many counties, and the questions that are asked of all of them.

usage: python -m tests.benchmarks.grown_editions REGISTER DATA_FOLDER CHUNKS   (prints the edition as JSON)
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.cases import Case
from ingest.register import load_register
from tests.benchmarks.counties import Base, County, grown, large
from tests.benchmarks.measured import SAMPLE, ended, say
from tests.ingest.papers import read_document
from tests.processes import environment
from vectorstore.editions import EditionStore

GROUPS: Mapping[str, tuple[str, ...]] = {
    "facts": ("single_fact", "responsibility", "status"),
    "topics": ("topic_lookup", "topic_lookup_colloquial"),
    "lists": ("list", "count"),
}
_COUNTIES = (1, 2, 3, 4)  # in editions of every size
_LONGEST = 500
_KEPT = "made.json"


@dataclass(frozen=True, slots=True)
class Made:
    """An edition: how many papers and chunks it holds, the seconds and the most MB that publishing took."""

    papers: int
    chunks: int
    seconds: float
    peak: float = 0.0


def build(register: Path, data: Path, chunks: int) -> Made:
    """Publish an edition of at least so many chunks."""
    papers = list(grown(_base(register), chunks))
    began = time.perf_counter()
    EditionStore(data).publish(papers)
    return Made(len(papers), sum(len(one.chunks) for one in papers), time.perf_counter() - began)


def published(size: int, data: Path) -> Made:
    """An edition of a size, published by a process of its own; as it was, if it was kept."""
    kept = data / _KEPT
    if not kept.is_file():
        say(f"scale: publishing {size:,} chunks")
        command: list[str | Path] = [sys.executable, "-m", "tests.benchmarks.grown_editions", SAMPLE, data, str(size)]
        told, peak = ended(command, environment())
        kept.write_text(json.dumps({**json.loads(told.splitlines()[-1]), "peak": peak}), encoding="utf-8")
    return Made(**json.loads(kept.read_text(encoding="utf-8")))


def grown_questions(register: Path, cases: Sequence[Case], most: int) -> list[tuple[str, str]]:
    """Different questions about some of the counties, each with its group; every second one names its county."""
    counties = [County(_base(register), number) for number in _COUNTIES]
    found = []
    for group, types in GROUPS.items():
        own = [case.question for case in cases if case.type in types and not case.history]
        asked = [_named(county, question, place) for county in counties for place, question in enumerate(own)]
        asked = [question for question in dict.fromkeys(asked) if len(question) <= _LONGEST]
        random.Random(1).shuffle(asked)
        found += [(group, question) for question in asked[:most]]
    return found


def _named(county: County, question: str, place: int) -> str:
    said = county.says(question)
    return f"{county.name}: {said}" if place % 2 and county.name not in said else said


def _base(register: Path) -> Base:
    return large([read_document(entry) for entry in load_register(register).entries])


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(build(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))))
