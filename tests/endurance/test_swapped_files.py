"""A file that is replaced at random moments of its ingestion: never is text of one state under the name of another."""

from __future__ import annotations

import hashlib
import random
import shutil
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from ingest.job import IngestRequest, run_ingest
from tests.ingest.test_sources import printed, swap
from vectorstore.editions import EditionStore

pytestmark = pytest.mark.long
SWAPS = 100
SEED = 2026
WORDS = ("Moore", "Wälder")


def test_swaps_at_random_moments_mix_nothing(tmp_path: Path) -> None:
    store, path = EditionStore(tmp_path / "data"), tmp_path / "bericht.pdf"
    papers = {word: printed(word) for word in WORDS}
    digests = {hashlib.sha256(made).hexdigest(): word for word, made in papers.items()}
    path.write_bytes(papers[WORDS[0]])
    request, chance = IngestRequest(paths=(path,)), random.Random(SEED)
    begun = time.monotonic()
    run_ingest(request, store)
    longest = time.monotonic() - begun
    seen = []
    for number in range(SWAPS):
        if number % 2:
            shutil.rmtree(store.root / "cache" / "read", ignore_errors=True)  # have it read anew
        timer = threading.Timer(chance.uniform(0, longest), swap, (path, papers[WORDS[(number + 1) % 2]]))
        timer.start()
        begun = time.monotonic()
        report = run_ingest(request, store)
        longest = max(0.2, (longest + time.monotonic() - begun) / 2)
        timer.join()
        with closing(store.open()) as edition:
            (document,) = edition.catalogue.documents.values()
            original = edition.originals[document.id].read_bytes()
        word = digests[document.digest]
        assert hashlib.sha256(original).hexdigest() == document.digest, f"swap {number}"
        assert [one for one in WORDS if one in document.text] == [word], f"swap {number}"
        seen.append((word, report.files[0].cached))
    print(
        f"\n{SWAPS} swaps: {sum(word == WORDS[0] for word, _ in seen)} editions of one state, the others of the other"
    )
    assert {word for word, _ in seen} == set(WORDS)
