"""Front matter that a model proposes: a part counts where a passage of the paper says it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ingest.claims import ClaimedFront, FrontName
from ingest.front_matter import asked_parts, dump_front, proposed_parts, proven_value
from ingest.register import RegisterEntry
from tests.ingest.papers import read_document
from vectorstore.records import DocumentKind, DocumentStatus

TEXT = (
    "Stadt Moorau gibt heraus\nWege für morgen\nKlimakonzept, Lesefassung zur Beratung\nStand der Angaben: Mai 2026\n"
    "Der Rat hat am 3. Mai 2025 ein anderes Papier beschlossen. Es ist noch zu beschließen, nichts davon."
)


@pytest.mark.parametrize(
    ("field", "value", "quote", "read"),
    [
        ("title", "Wege für morgen", "Wege für morgen", "Wege für morgen"),
        ("title", "Wege für  morgen", "Wege\nfür morgen", "Wege für  morgen"),
        ("title", "Wege für übermorgen", "Wege für morgen", None),
        ("publisher", "Stadt Moorau", "Stadt Moorau gibt heraus", "Stadt Moorau"),
        ("publisher", "Kreis Moorau", "Stadt Moorau gibt heraus", None),
        ("publisher", "Stadt Moorau", "Die Stadt Moorau ist schön", None),
        ("kind", "concept", "Klimakonzept", DocumentKind.CONCEPT),
        ("kind", "strategy", "Klimakonzept", None),
        ("kind", "Roman", "Klimakonzept", None),
        ("status", "draft", "Lesefassung zur Beratung", DocumentStatus.DRAFT),
        ("status", "adopted", "Lesefassung zur Beratung", None),
        ("status", "adopted", "Es ist noch zu beschließen", None),
        ("as_of", "2026-05-01", "Stand der Angaben: Mai 2026", date(2026, 5, 1)),
        ("as_of", "2026-05-02", "Stand der Angaben: Mai 2026", None),
        ("as_of", "Mai", "Stand der Angaben: Mai 2026", None),
    ],
)
def test_a_part_counts_where_its_passage_says_it(field: FrontName, value: str, quote: str, read: object) -> None:
    assert proven_value(ClaimedFront(field=field, value=value, quote=quote), TEXT) == read


@pytest.mark.parametrize(
    "kept",
    ["", "Stadt Moorau", '{"publisher": "Stadt Moorau"}', '{"publisher": {', '[{"field": "language", "value": "de"}]'],
)
def test_a_file_in_another_form_says_nothing(kept: str) -> None:
    assert proposed_parts(kept) == ()


def test_only_what_is_left_to_the_paper_and_unsure_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "wege.txt"
    path.write_text(TEXT, encoding="utf-8")
    document = read_document(RegisterEntry("wege", path, publisher="Moorau", unconfirmed=("publisher",))).document
    assert "publisher" in document.unconfirmed and "publisher" not in asked_parts(document)
    sure = replace(document, front=tuple(replace(one, sure=True) for one in document.front))
    assert asked_parts(sure) == ()


def test_a_proposal_that_the_file_does_not_bear_out_any_more_is_left(tmp_path: Path) -> None:
    path = tmp_path / "wege.txt"
    path.write_text(TEXT, encoding="utf-8")
    parts = [ClaimedFront(field="publisher", value="Stadt Moorau", quote="Stadt Moorau gibt heraus")]
    entry = RegisterEntry("wege", path, front_proposed=dump_front(parts).decode())
    assert read_document(entry).document.publisher == "Stadt Moorau"
    path.write_text(TEXT.replace("gibt heraus", "schreibt"), encoding="utf-8")
    assert "model" not in {one.by for one in read_document(entry).document.front}
