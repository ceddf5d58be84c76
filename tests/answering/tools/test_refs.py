"""Numbers of records in questions, told from dates and amounts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.answering.reading.refs import find_numbered_items
from tests.answering.tools.conftest import Over
from tests.service.county import document, parsed
from vectorstore.records import DocumentKind, DocumentStatus, ItemKind

PAPER = "auenland-klima"


@pytest.mark.parametrize(
    ("question", "refs"),
    [
        ("Was ist Maßnahme 3.12?", {"3.12"}),
        ("Was steht in 3.12", {"3.12"}),
        ("Was ist 3.1?", {"3.1"}),
        ("Wer macht 3.1 und 3.12?", {"3.1", "3.12"}),
        ("Was geschieht am 3.12. in Auental?", set()),
        ("Was geschieht am 3.12.2026?", set()),
        ("Gibt es 3.120 Ladesäulen?", set()),
        ("Kostet es 3.12 Euro?", set()),
        ("Was geschieht am 24.10 in Auental?", set()),
    ],
)
def test_a_number_is_that_of_a_record_where_there_is_one(
    over: Over, question: str, refs: set[str]
) -> None:
    paper = document(
        PAPER,
        "Klimaprogramm Auenland",
        DocumentKind.PROGRAMME,
        DocumentStatus.PUBLISHED,
        as_of=date(2026, 3, 1),
    )
    specs: list[dict[str, Any]] = [
        {"kind": ItemKind.MEASURE, "ref": ref, "title": title}
        for ref, title in (("3.1", "Sanierung"), ("3.12", "Ladesäulen"))
    ]
    found = find_numbered_items(question, over([parsed(paper, specs)]).corpus, (PAPER,))
    assert {item.ref for item in found.items} == refs
    assert found.unknown == ()
