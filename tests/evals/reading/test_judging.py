"""Reading judged with exact hand-made values: right, missed, false, and counts that are told too surely."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.commands_reading import found, share
from evals.reading.catalogue import CatalogueError, Known, load_catalogue
from evals.reading.judging import ReadingFigures, judge, plain_ref
from ingest.reading import read_document
from ingest.register import RegisterEntry
from tests.papers import paper


def catalogue(path: Path, *records: dict[str, object]) -> Path:
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return path


def test_a_paper_read_right_has_nothing_missed_and_nothing_false(tmp_path: Path) -> None:
    made = paper("labels on their own line", "K-07", "md", measures=6)
    parsed = read_document(RegisterEntry("papier", made.write(tmp_path)))
    known = [dict(ref=r.ref, title=r.title, kind=r.kind) for r in made.truth.records if r.kind == "measure"]
    judged = judge(parsed, load_catalogue(catalogue(tmp_path / "papier.jsonl", *known)))
    one = judged.figures
    assert (one.known, one.right, one.told, one.false, one.counted, one.miscounted) == (6, 6, 6, 0, 1, 0)
    fewer = judge(parsed, load_catalogue(catalogue(tmp_path / "fewer.jsonl", *known[:-1])))
    assert (fewer.figures.right, fewer.figures.false, fewer.figures.miscounted) == (5, 1, 1)
    other = [known[0] | {"title": "Etwas anderes"}, *known[1:]]
    wrong = judge(parsed, load_catalogue(catalogue(tmp_path / "wrong.jsonl", *other)))
    assert [one.titles for one in wrong.missed] == [("Etwas anderes",)]
    assert (wrong.figures.numbered, wrong.figures.titled, wrong.figures.false) == (6, 5, 1)


def test_uncertain_records_are_neither_missed_nor_false(tmp_path: Path) -> None:
    made = paper("labels on their own line", "K-07", "md", measures=6)
    parsed = read_document(RegisterEntry("papier", made.write(tmp_path)))
    known = [
        dict(ref=r.ref, title=r.title, kind=r.kind, uncertain=True) for r in made.truth.records if r.kind == "measure"
    ]
    one = judge(parsed, load_catalogue(catalogue(tmp_path / "papier.jsonl", *known))).figures
    assert (one.known, one.right, one.false, one.miscounted) == (0, 0, 0, 0)


def test_figures_add_up_and_are_shown_as_shares() -> None:
    assert ReadingFigures(1, 4, 3) + ReadingFigures(1, 6, 5) == ReadingFigures(2, 10, 8)
    assert (share(3, 4), share(1, 1), share(0, 0)) == ("3 (.75)", "1 (1.00)", "–")


def test_numbers_are_compared_without_label_word_and_zeros() -> None:
    assert plain_ref("Maßnahme 07") == plain_ref("7") and plain_ref("M 12") == plain_ref("m12")


def test_papers_are_found_with_what_is_known_of_them(tmp_path: Path) -> None:
    (tmp_path / "catalogues").mkdir()
    for name in ("a.md", "b.md", "c.md"):
        (tmp_path / name).write_text("x")
    (tmp_path / "a.md.truth.json").write_text("{}")
    (tmp_path / "catalogues" / "b.jsonl").write_text("")
    assert [(p.name, k.name) for p, k in found(tmp_path)] == [("a.md", "a.md.truth.json"), ("b.md", "b.jsonl")]


def test_a_catalogue_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"ref": 1}')
    with pytest.raises(CatalogueError, match=r"a\.jsonl"):
        load_catalogue(tmp_path / "a.jsonl")
    assert Known(("1",), ("T",), "measure").pages == ()
