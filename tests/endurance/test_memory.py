"""Memory over many papers: a run holds what was read until it is published, and grows by nothing
else.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

from tests.endurance.watched import Job, ingested
from tests.papers import papers

pytestmark = pytest.mark.long
PAPERS = 200
SEED = 7
WARM = 40  # files after which everything that is loaded once is loaded
# times the size of what was read, as the catalogue holds it, is what it takes in memory at most
HELD = 3.0
# of the memory, at most, from the end of one ingestion to the end of the next in the same process
GROWN = 0.10


def test_memory_is_flat_over_two_hundred_papers(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, short = tmp_path / "papiere", tmp_path_factory.mktemp("t")
    folder.mkdir()
    made = [document for seed in (SEED, SEED + 1, SEED + 2) for document in papers(seed)][:PAPERS]
    assert len(made) == PAPERS
    for number, item in enumerate(made):
        (folder / f"{number:03}-{item.name}.{item.format}").write_bytes(item.content)
    seen = ingested(
        Job(str(folder), [str(tmp_path / "data"), str(tmp_path / "again")]),
        short / "t",
        timeout=900,
    )
    first, second = seen.rounds
    begun, ended = median(first.memory[WARM : WARM + 20]), median(first.memory[-20:])
    catalogues = (tmp_path / "data" / "editions").rglob("documents.jsonl")
    read = sum(path.stat().st_size for path in catalogues) / 1_048_576
    print(
        f"\n{PAPERS} files, {read:.0f} MB read: {begun:.0f} MB at file {WARM}, {ended:.0f} MB at the last; after the"
        f" run {first.afterwards:.0f} MB, after another {second.afterwards:.0f} MB; largest worker {seen.worker:.0f} MB"
    )
    assert all(file["state"].startswith("indexed") for file in first.report["files"])
    assert ended - begun < HELD * read * (PAPERS - WARM) / PAPERS
    assert second.afterwards < first.afterwards * (1 + GROWN)
    assert not seen.processes
    assert not seen.temporary
