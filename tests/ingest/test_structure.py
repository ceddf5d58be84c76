"""Structure by numbers and labels, one difficulty each."""

from __future__ import annotations

from pathlib import Path

from tests.ingest.papers import PROSE, by_ref, read_text
from vectorstore.records import DocumentKind, ItemKind


def test_motion_with_sections(tmp_path: Path) -> None:
    text = (
        f"An den Landrat\n\nAntrag zum Radverkehr\n\nBeschlussvorschlag:\n\n"
        f"1. Der Kreistag beschließt einen Radweg. {PROSE}\n\n"
        f"2. Die Verwaltung berichtet bis 2027.\n\nQuonau,\n\n3. Mai "
        f"2026\n\nBegründung: Der Kreis hat viele Wege. {PROSE}\n\n"
        "Mit freundlichen Grüßen"
    )
    document = read_text(tmp_path, text, DocumentKind.MOTION)
    items = by_ref(document)
    assert [r for r, i in items.items() if i.kind is ItemKind.RESOLUTION] == ["1", "2"]
    assert items["1"].heading == "1." and items["1"].parent == "Beschlussvorschlag"
    assert items["Begründung"].body.startswith("Der Kreis hat") and "Mai" not in items["2"].body
    assert [chunk.text for chunk in document.chunks if "Mai 2026" in chunk.text and chunk.key == "Titel"]


def test_long_sections_are_cut_between_sentences(tmp_path: Path) -> None:
    document = read_text(tmp_path, f"Leitbild\n\nEinleitung\n\n{' '.join([PROSE] * 40)}")
    chunks = [chunk for chunk in document.chunks if chunk.key == "Einleitung"]
    assert len(chunks) >= 4 and all(len(chunk.text) <= 1200 and chunk.text.endswith(".") for chunk in chunks)
    assert len({chunk.id for chunk in chunks}) == len(chunks)
