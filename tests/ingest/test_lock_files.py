"""Word's mark of an open file is no document."""

from __future__ import annotations

from pathlib import Path

from ingest.sources import find_files


def test_a_lock_file_of_word_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "Plan.md").write_text("# Plan\n\nText.", encoding="utf-8")
    (tmp_path / "~$Plan.docx").write_bytes(b"lock")
    found = find_files((tmp_path,))
    assert [file.name for file in found.files] == ["Plan.md"]
    assert [file.path.name for file in found.left] == ["~$Plan.docx"]
