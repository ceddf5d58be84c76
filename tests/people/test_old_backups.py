"""A backup made before what was learned were texts: put back, it is a text, and lost is nothing."""

from __future__ import annotations

from pathlib import Path

from service.backup.installation import texts_and_files


def test_what_was_learned_is_found_among_the_files(tmp_path: Path) -> None:
    learned = ["learned/current", "learned/2/examples.jsonl", "learned/candidate-a/labels.json", "cases/eigene.jsonl"]
    others = ["runs/trial.json", "questions.jsonl", "runs/learned/current", "cases/more/deep.jsonl"]
    for name in (*(f"files/{one}" for one in (*learned, *others)), "texts/cases/eigene.jsonl"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"{}")
    texts, files = texts_and_files(tmp_path)
    assert (sorted(texts), sorted(files)) == (sorted(learned), sorted(others))
    assert texts["learned/current"] == tmp_path / "files" / "learned" / "current"
    assert texts["cases/eigene.jsonl"] == tmp_path / "texts" / "cases" / "eigene.jsonl"
