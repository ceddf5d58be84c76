"""What questions written for items cost: the same cases asked of one edition with and without them, by turns.

usage: python -m tests.benchmarks.item_questions DATA_FOLDER CASES.jsonl...

Every question is asked once a round with and once without, in an order that changes; of the rounds the best counts.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from evals.cases import load_cases
from evals.runs.targets import request_of
from service.answering.finding.finder import Finder
from service.answering.finding.ranking import Weights
from service.answering.service import AnswerService
from service.composition import make_store
from service.models import ChatRequest
from service.settings import load_settings
from vectorstore.questions import Questions

ROUNDS = 3


def main() -> None:
    """Measure and print the median of both, in ms, and their ratio."""
    folder, *files = map(Path, sys.argv[1:])
    settings = load_settings(data_dir=folder)
    edition = make_store(settings).open()
    began = time.perf_counter()
    Questions.load(edition.folder)
    loaded = 1000 * (time.perf_counter() - began)
    service = AnswerService(edition, settings)
    finders = [Finder(service.corpus, Weights(questions=0.0)), Finder(service.corpus)]
    requests = [request_of(case) for case in load_cases(*files)]
    best = [_best(service, finders, request) for request in requests]
    print(f"{len(edition.questions.all)} questions, loaded in {loaded:.1f} ms; {len(requests)} cases")  # noqa: T201
    for step, place in (("find", 0), ("whole answer", 1)):
        without, with_them = (statistics.median(one[way][place] for one in best) for way in (0, 1))
        ratio = f"{with_them / without:.2f} times"
        print(f"{step}: median {without:.2f} ms without, {with_them:.2f} ms with: {ratio}")  # noqa: T201
    edition.close()


def _best(service: AnswerService, finders: list[Finder], request: ChatRequest) -> list[tuple[float, float]]:
    """Milliseconds of finding and of the whole answer, without and with questions."""
    times: tuple[list[tuple[float, float]], ...] = ([], [])
    for turn in range(2 * ROUNDS):
        way = (turn + turn // 2) % 2
        service.finder = finders[way]
        told = service.answer(request).timings_ms
        times[way].append((told.get("find", 0.0), told["total"]))
    return [(min(find for find, _ in one), min(total for _, total in one)) for one in times]


if __name__ == "__main__":
    main()
