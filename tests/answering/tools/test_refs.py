"""Numbers of records in questions, told from dates and amounts."""

from __future__ import annotations

from datetime import date
from typing import Any

from service.answering.reading.refs import find_numbered_items
from tests.answering.tools.conftest import Over
from tests.ingest.cases import cases
from tests.service.county import document, parsed
from vectorstore.records import DocumentKind, DocumentStatus, ItemKind

PAPER = "auenland-klima"


@cases("question", "refs")
def test_a_number_is_that_of_a_record_where_there_is_one(
    over: Over, question: str, refs: tuple[str, ...]
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
        for ref, title in (
            ("3.1", "Sanierung"),
            ("3.12", "Ladesäulen"),
            ("Mob 6", "Rad"),
            ("A1.2", "Rat"),
        )
    ]
    found = find_numbered_items(question, over([parsed(paper, specs)]).corpus, (PAPER,))
    assert {item.ref for item in found.items} == set(refs)
    assert found.unknown == ()
