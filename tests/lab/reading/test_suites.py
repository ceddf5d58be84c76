"""Made papers of every layout and format are read as well as the gate says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import lab.reading
from evals.gate import load_gate, shortfalls
from evals.metrics.statements import normalize_text
from ingest import Look, RecordExample, entries_for_files, load_source, read_source
from ingest.choices import Choices
from lab.reading.catalogue import load_catalogue
from lab.reading.command import documents_in, groups_table, score_documents
from lab.reading.files import read_files
from lab.reading.measurements import BETTER, ReadingFigures, add_up, find_shares
from tests.papers import few
from tests.papers.__main__ import write_known
from vectorstore.records import ParsedDocument

GATE = Path(lab.reading.__file__).parent / "gate.toml"
MUST = {
    "min": {"read", "right", "responsible", "counts", "body"},
    "max": {"false", "lost", "hidden", "doubted", "decoys"},
}


def read_answered(paths: Sequence[Path]) -> Iterator[tuple[Path, ParsedDocument | str]]:
    """Read papers by the workers; where one asks whether titles are records, answer as somebody who
    knows them would, and read it again.
    """
    for path, parsed in read_files(paths):
        if isinstance(parsed, str):
            yield path, parsed
            continue
        known = load_catalogue(path.with_name(f"{path.name}.truth.json")).scorable_records
        titles = {normalize_text(record.title) for record in known}
        looks = []
        for family in parsed.document.proposed:
            names = [f"{record.ref} {record.title}" for record in family.records]
            right = [normalize_text(record.title) in titles for record in family.records]
            examples = tuple(RecordExample(name=name) for name in (names[0], names[-1]))
            looks.append(Look(kind="measure" if all(right) else "none", examples=examples))
        (entry,) = entries_for_files([path])
        answered = replace(entry, choices=Choices(looks=tuple(looks)))
        yield path, read_source(answered, load_source(path)) if looks else parsed


@pytest.fixture
def figures(tmp_path: Path) -> ReadingFigures:
    """The sum of some made papers, of every layout in every format, written into a folder and read
    by the workers, with their question answered.
    """
    suite = [write_known(item, tmp_path) for item in few(1)]
    scored = score_documents(documents_in(tmp_path), read_answered)
    assert len(scored) == len(suite)
    return add_up(item.scores.figures for item in scored)


def test_made_papers_are_read_as_well_as_the_gate_says(
    figures: ReadingFigures, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print(f"\n{groups_table({'development': figures})}")  # noqa: T201  # the totals are what CI is read for
    gate = load_gate(GATE, BETTER)
    assert list(map(str, shortfalls(gate, find_shares({"development": figures})))) == []


def test_the_gate_asks_for_what_must_never_slip() -> None:
    limits = load_gate(GATE, BETTER)
    assert limits.keys() == {"development"}
    for limit in limits.values():
        assert limit.min.keys() >= MUST["min"] and limit.max.keys() >= MUST["max"]
        assert limit.max["lost"] == limit.max["hidden"] == 0.0
