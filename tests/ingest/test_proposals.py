"""Proposals: how far their titles go, and which are none."""

from __future__ import annotations

from ingest.readers.labels import Label
from ingest.readers.lines import DocumentLines
from ingest.readers.record_heads import RecordHead, TitleReader
from ingest.stream import Line, Style

LARGE, SMALL = Style(size=20, bold=True), Style(size=10)


def test_a_title_goes_on_to_the_label_below_it_but_not_over_smaller_text() -> None:
    lines, heads, labels = [], [], []
    for name in ("Weg", "Steg", "Furt", "Bus", "Ring"):
        heads.append(RecordHead(len(lines)))
        lines.append(Line(name, style=LARGE))
        if name == "Furt":
            lines.append(Line("weniger Lärm", style=SMALL))
        if name == "Bus":
            lines.append(Line("nach Tal", style=LARGE))
        labels.append(Label((len(lines),), 4, is_whole=True, text="Amt", key="amt"))
        lines += [Line("Amt:", style=SMALL), Line("Bauamt Quonau", style=SMALL)]
    reader = TitleReader(DocumentLines(lines, frozenset()), labels)
    titles = [title.text for title in reader.titles_of(heads)]
    assert titles == ["Weg", "Steg", "Furt", "Bus nach Tal", "Ring"]
