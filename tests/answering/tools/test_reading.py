"""Reading whole entries and pages, what there is, and what changed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from service.answering import Conditions, ToolError, UnknownValue
from service.answering.agent.calls import CallReader
from service.answering.agent.tokens import TokenTable
from service.answering.tools.read import full_text
from service.answering.tools.schemas import (
    MOST_TEXT,
    Arguments,
    ChangesArguments,
    DocumentsArguments,
    ReadArguments,
    RecordsArguments,
)
from service.answering.tools.toolbox import Tools
from tests.answering.series import NEW, OLD
from tests.answering.tools.conftest import Over
from tests.ingest.cases import cases
from tests.service.county import report
from vectorstore.records import ChangeKind, ItemKind, ItemStatus

REPORT = "auenland-report"


def test_an_entry_is_read_with_all_that_it_says_and_what_is_around_it(county: Tools) -> None:
    (item,) = county.read(ReadArguments(document=REPORT, keys=("2.1.2.3",))).entries
    assert "Der Bau beginnt am 1. Mai 2026." in item.text and item.text.endswith("66.01 Straßenbau")
    assert item.length == len(item.text) and item.next_offset is None
    assert item.path == ("2 Mobilität", "2.1 Mehr Wege werden mit dem Rad zurückgelegt.")
    assert (
        item.parent
        and item.parent.key == "2.1"
        and item.previous
        and item.previous.key == "2.1"
        and item.next
    )
    assert item.responsible == ("66.01 Straßenbau",) and item.municipalities == (
        "Auental",
        "Bergheim",
    )
    assert item.conflicts == ("status: in_progress / planned",) and item.dates == ("2026-05-01",)
    (goal,) = county.read(ReadArguments(document=REPORT, keys=("2.1",))).entries
    assert [child.key for child in goal.children] == [
        "2.1.2.3",
        "2.1.3.1",
        "2.1.4.1",
        "2.1.4.2",
        "2.1.4.3",
    ]


def test_several_entries_are_read_at_once_by_key_or_number(county: Tools) -> None:
    reply = county.read(ReadArguments(document=REPORT, keys=("2.1.4.1", "2.1.1.1", "Archiv~1")))
    assert [(item.key, item.archived) for item in reply.entries] == [
        ("2.1.4.1", False),
        ("Archiv~1", True),
    ]
    assert (
        reply.entries[1].former_ref == "2.1.1.1" and reply.entries[1].status is ItemStatus.ARCHIVED
    )


@pytest.fixture(scope="module")
def long(over: Over) -> Tools:
    """A report with two entries that are longer than one reply."""
    value = report()
    items = [
        replace(item, body=f"{item.key} " + "Wort für Wort. " * 2_000) for item in value.items[2:4]
    ]
    return over([replace(value, items=(*value.items[:2], *items, *value.items[4:]))])


def test_a_long_text_is_never_cut_silently(long: Tools) -> None:
    item = long.corpus.catalogue.item(REPORT, "2.1.2.3")
    assert item is not None
    read, offset = "", 0
    while True:
        (value,) = long.read(
            ReadArguments(document=REPORT, keys=("2.1.2.3",), offset=offset)
        ).entries
        assert len(value.text) <= MOST_TEXT and value.length > 2 * MOST_TEXT
        read += value.text
        if value.next_offset is None:
            break
        offset = value.next_offset
    assert read == full_text(item)
    reply = long.read(
        ReadArguments(document=REPORT, keys=("2.1.4.1", "2.1.2.3", "2.1.4.3", "2.1.3.1"))
    )
    assert [value.key for value in reply.entries] == ["2.1.4.1", "2.1.4.3"]
    assert reply.unread == ("2.1.2.3", "2.1.3.1")


def test_pages_hold_the_whole_paper(tools: Tools) -> None:
    for document_file in tools.documents().documents:
        document = tools.corpus.catalogue.documents[document_file.id]
        pages = [
            tools.read(ReadArguments(document=document_file.id, page=item)).page
            for item in range(1, (document_file.pages or 0) + 1)
        ]
        text = "".join("".join(page.text.split()) for page in pages if page)
        assert not document_file.pages or text == "".join(document.text.split())
        assert all(page and page.next_offset is None for page in pages)


@cases("asked", "said")
def test_what_cannot_be_read_says_what_can(county: Tools, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ToolError, match=said):
        county.read(ReadArguments(**asked))


def test_every_value_that_documents_names_filters_as_many_records_as_it_says(tools: Tools) -> None:
    text = tools.documents()
    assert text.status and text.units and text.places and text.themes and text.goals
    every = tuple(ItemStatus)
    for values, name in (
        (text.units, "unit"),
        (text.places, "place"),
        (text.themes, "theme"),
        (text.goals, "goal"),
    ):
        for item in values:
            value = f"{item.id} {item.title}" if name in ("theme", "goal") else item.id
            found: Any = Conditions(**{name: value})
            both = len(tools.select(found).items) + len(
                tools.select(replace(found, statuses=every[-1:])).items
            )
            assert both >= item.count, (name, value)
    for item in text.status:
        assert (
            tools.records(
                RecordsArguments(status=(ItemStatus(item.id),), kinds=tuple(ItemKind))
            ).found
            == item.count
        )


def test_documents_tells_the_values_of_chosen_papers_alone(tools: Tools) -> None:
    chosen = "lauterfeld-nachhaltigkeitsbericht-2026"
    reply = tools.documents(DocumentsArguments(documents=(chosen,)))
    assert [document.id for document in reply.documents] == [chosen]
    units = Counter(
        unit
        for item in tools.corpus.catalogue.items_of(chosen)
        for unit in dict.fromkeys(item.responsible)
    )
    assert {unit.id: unit.count for unit in reply.units} == units
    counts = [unit.count for unit in reply.units]
    assert counts == sorted(counts, reverse=True)
    plain = tools.documents(DocumentsArguments(documents=("lauterfeld-leitbild-entwurf",)))
    assert plain.documents and not plain.units and not plain.places
    with pytest.raises(ToolError, match=chosen):
        tools.documents(DocumentsArguments(documents=("nirgends",)))


def test_papers_are_told_with_standing_date_counts_and_families(
    tools: Tools, following: Tools
) -> None:
    documents = {document.id: document for document in tools.documents().documents}
    item = documents["lauterfeld-nachhaltigkeitsbericht-2026"]
    assert (item.counts["project"], item.archived, item.pages) == (61, 8, 33) and str(
        item.as_of
    ) == "2026-03-01"
    assert [family.complete for family in item.families] == [True, True, True]
    assert documents["lauterfeld-smart-steckbrief"].as_of is None
    assert {document.id: document.superseded for document in following.documents().documents} == {
        OLD: True,
        NEW: False,
    }


@pytest.mark.parametrize("asked", [{"series": "klimareport"}, {"documents": (OLD, NEW)}])
def test_what_became_of_each_record(following: Tools, asked: dict[str, Any]) -> None:
    reply = following.changes(ChangesArguments(**asked))
    assert (reply.before.id, reply.after.id) == (OLD, NEW)
    kinds = {
        (change.after or change.before).title: change.kind
        for change in reply.changes
        if change.after or change.before
    }  # type: ignore[union-attr]
    assert (
        kinds["Radschnellweg Nord"] is ChangeKind.STATUS
        and kinds["Bürgerbus Tannhausen"] is ChangeKind.DROPPED
    )
    assert kinds["Fahrradwerkstatt Bergheim"] is ChangeKind.NEW
    assert sum(reply.counts.values()) == len(reply.changes)
    (gone,) = [
        change
        for change in reply.changes
        if change.before and change.before.title == "Alter Fuhrpark"
    ]
    assert gone.after and gone.after.status is ItemStatus.ARCHIVED


@pytest.mark.parametrize(
    "asked", [{"series": "unbekannt"}, {"documents": (OLD, "nirgends")}, {"documents": (OLD,)}, {}]
)
def test_no_two_papers_no_changes(following: Tools, asked: dict[str, Any]) -> None:
    with pytest.raises(ToolError) as text:
        following.changes(ChangesArguments(**asked))
    if isinstance(text.value, UnknownValue):
        assert text.value.known_text in ("klimareport", f"{OLD}, {NEW}")


def test_changes_are_those_of_the_papers_that_a_request_allows(following: Tools) -> None:
    def read(documents: tuple[str, ...], **arguments: str) -> Arguments:
        reader = CallReader(following.corpus, TokenTable("salz"), documents)
        (call,) = reader.read("changes", arguments)
        return call

    both = ChangesArguments(documents=(OLD, NEW))
    assert read((OLD, NEW)) == read((OLD, NEW), series="klimareport") == both
    assert following.changes(both).changes
    for documents, series in (((NEW,), "klimareport"), ((OLD, NEW), "andere"), ((NEW,), "")):
        with pytest.raises(ToolError) as refused:
            read(documents, series=series)
        assert str(refused.value).startswith("documents: ")  # and none that it does not allow
        assert "klimareport" not in str(refused.value)
