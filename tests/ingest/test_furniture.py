from __future__ import annotations

from ingest.layout.furniture import mark_furniture
from ingest.layout.lines import Line, RawDocument

LEGEND = ["fertig (im letzten Jahr)", "in Arbeit", "Ideen"]


def _paged(pages: int, footer: str = "Seite {}") -> RawDocument:
    lines = []
    for page in range(pages):
        lines += [
            Line("Bericht Kreis Quonau", page, 60, 805, 7),
            Line(footer.format(page + 1), page, 500, 28, 7),
            Line(f"Absatz {chr(97 + page)} mit einigem Text", page, 60, 770, 9.5),
            Line("Sachstand:", page, 60, 750, 9.5),
            Line(f"Unten auf der Seite {chr(97 + page)} steht Text", page, 60, 66, 9.5),
        ]
    return RawDocument(lines, page_count=pages, labels=[""] * pages, height=842)


def _kept(raw: RawDocument) -> list[str]:
    mark_furniture(raw)
    return [line.text for line in raw.lines if not line.noise]


def test_headers_and_varying_page_numbers_go_labels_stay() -> None:
    kept = _kept(_paged(6))
    assert not any(text.startswith(("Bericht", "Seite")) for text in kept)
    assert kept.count("Sachstand:") == 6


def test_on_two_pages_a_header_is_an_aside_and_no_furniture() -> None:
    raw = _paged(2)
    assert len(_kept(raw)) == 10
    assert len([line for line in raw.lines if line.aside]) == 4


def test_printed_pages_are_read_from_the_footer() -> None:
    raw = _paged(4, "- {} -")
    raw.lines = [Line(f"- {line.page + 3} -", *_at(line)) if line.text.startswith("- ") else line for line in raw.lines]
    mark_furniture(raw)
    assert raw.labels == ["3", "4", "5", "6"]


def _at(line: Line) -> tuple[int, float, float, float]:
    return line.page, line.x, line.y, line.size


def test_legends_of_a_text_without_pages_cut_sentences() -> None:
    lines: list[str] = []
    for number in range(4):
        lines += [f"1.{number} Projekt {number}", "Stand:", "derzeit keine Projekte vorhanden"]
        word = "abcd"[number] * 4
        lines += [f"Die Gemeinden haben {word} gemeinsam mit dem Kreis", *LEGEND, f"einen Plan {word} aufgestellt."]
    raw = RawDocument([Line(text) for text in lines])
    kept = _kept(raw)
    assert not set(LEGEND) & set(kept)
    assert kept.count("Stand:") == 4 and kept.count("derzeit keine Projekte vorhanden") == 4


def test_repeated_fields_without_pages_stay() -> None:
    lines = [text for n in range(5) for text in (f"M {n}", "Priorität hoch", "Das Projekt wird im Kreis umgesetzt.")]
    assert len(_kept(RawDocument([Line(text) for text in lines]))) == 15


def test_edges_of_paged_text() -> None:
    words = ["null", "eins", "zwei", "drei", "vier", "fünf"]
    pages = [
        [f"Kreis Quonau – Seite {n}", *(f"Satz {words[n]} {word}." for word in words), str(n)] for n in range(1, 6)
    ]
    lines = [Line(text, page) for page, texts in enumerate(pages) for text in texts]
    kept = _kept(RawDocument(lines, page_count=5, labels=[""] * 5))
    assert not any("Seite" in text for text in kept) and "Satz drei null." in kept


def test_line_numbers_beside_the_text_go() -> None:
    lines = [piece for n in range(1, 31) for piece in _numbered(n)]
    raw = RawDocument(lines, page_count=1, labels=[""], height=842)
    assert all(not text.isdigit() for text in _kept(raw))


def _numbered(number: int) -> list[Line]:
    y = 780 - 20.0 * number
    return [Line(f"Zeile mit Text, der {number}-mal anders ist", 0, 85, y, 11), Line(str(number), 0, 47, y, 11)]
