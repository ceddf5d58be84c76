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
from tests.ingest.papers import read_document
from vectorstore.editions import EditionStore

GROUPS: Mapping[str, tuple[str, ...]] = {
    "facts": ("single_fact", "responsibility", "status"),
    "topics": ("topic_lookup", "topic_lookup_colloquial"),
    "lists": ("list", "count"),
}
_COUNTIES = (1, 2, 3, 4)  # in editions of every size
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Made:
    """An edition: how many papers and chunks it holds, and the seconds that publishing took."""

    papers: int
    chunks: int
    seconds: float


def build(register: Path, data: Path, chunks: int) -> Made:
    """Publish an edition of at least so many chunks."""
    papers = list(grown(_base(register), chunks))
    began = time.perf_counter()
    EditionStore(data).publish(papers)
    return Made(len(papers), sum(len(one.chunks) for one in papers), time.perf_counter() - began)


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
