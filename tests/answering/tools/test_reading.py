"""Reading whole entries and pages, what there is, and what changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from service.answering.query import Conditions, ToolError, UnknownValue
from service.answering.tools import Tools
from service.answering.tools.forms import (
    TEXT_AT_ONCE,
    ChangesArguments,
    ReadArguments,
    RecordsArguments,
)
from service.answering.tools.read import text_of
from tests.answering.series import NEW, OLD
from tests.answering.tools.conftest import Over
from tests.service.county import report
from vectorstore.changes import ChangeKind
from vectorstore.records import ItemKind, ItemStatus

REPORT = "auenland-report"


def test_an_entry_is_read_with_all_that_it_says_and_what_is_around_it(county: Tools) -> None:
    (one,) = county.read(ReadArguments(document=REPORT, keys=("2.1.2.3",))).entries
    assert "Der Bau beginnt am 1. Mai 2026." in one.text and one.text.endswith("66.01 Straßenbau")
    assert one.length == len(one.text) and one.next_offset is None
    assert one.path == ("2 Mobilität", "2.1 Mehr Wege werden mit dem Rad zurückgelegt.")
    assert one.parent and one.parent.key == "2.1" and one.previous and one.previous.key == "2.1" and one.next
    assert one.responsible == ("66.01 Straßenbau",) and one.municipalities == ("Auental", "Bergheim")
    assert one.conflicts == ("status: in_progress / planned",) and one.dates == ("2026-05-01",)
    (goal,) = county.read(ReadArguments(document=REPORT, keys=("2.1",))).entries
    assert [child.key for child in goal.children] == ["2.1.2.3", "2.1.3.1", "2.1.4.1", "2.1.4.2", "2.1.4.3"]


def test_several_entries_are_read_at_once_by_key_or_number(county: Tools) -> None:
    reply = county.read(ReadArguments(document=REPORT, keys=("2.1.4.1", "2.1.1.1", "Archiv~1")))
    assert [(one.key, one.archived) for one in reply.entries] == [("2.1.4.1", False), ("Archiv~1", True)]
    assert reply.entries[1].former_ref == "2.1.1.1" and reply.entries[1].status is ItemStatus.ARCHIVED


@pytest.fixture(scope="module")
def long(over: Over) -> Tools:
    """A report with two entries that are longer than one reply."""
    one = report()
    items = [replace(item, body=f"{item.key} " + "Wort für Wort. " * 2_000) for item in one.items[2:4]]
    return over([replace(one, items=(*one.items[:2], *items, *one.items[4:]))])


def test_a_long_text_is_never_cut_silently(long: Tools) -> None:
    item = long.corpus.catalogue.item(REPORT, "2.1.2.3")
    assert item is not None
    read, offset = "", 0
    while True:
        (one,) = long.read(ReadArguments(document=REPORT, keys=("2.1.2.3",), offset=offset)).entries
        assert len(one.text) <= TEXT_AT_ONCE and one.length > 2 * TEXT_AT_ONCE
        read += one.text
        if one.next_offset is None:
            break
        offset = one.next_offset
    assert read == text_of(long.corpus.catalogue, item)
    reply = long.read(ReadArguments(document=REPORT, keys=("2.1.4.1", "2.1.2.3", "2.1.4.3", "2.1.3.1")))
    assert [one.key for one in reply.entries] == ["2.1.4.1", "2.1.4.3"]
    assert reply.unread == ("2.1.2.3", "2.1.3.1")


def test_pages_hold_the_whole_paper(tools: Tools) -> None:
    for paper in tools.documents().papers:
        document = tools.corpus.catalogue.documents[paper.id]
        pages = [
            tools.read(ReadArguments(document=paper.id, page=one)).page for one in range(1, (paper.pages or 0) + 1)
        ]
        text = "".join("".join(one.text.split()) for one in pages if one)
        assert not paper.pages or text == "".join(document.text.split())
        assert all(one and one.next_offset is None for one in pages)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"document": "nirgends", "keys": ("1",)}, "auenland-report"),
        ({"document": REPORT, "keys": ("9.9",)}, "2.1.4.1"),
        ({"document": REPORT, "page": 77}, "1, 2"),
        ({"document": "auenland-antrag", "page": 1}, "–"),
        ({"document": REPORT}, "keys oder page"),
        ({"document": REPORT, "keys": ("2.1",), "page": 1}, "keys oder page"),
    ],
)
def test_what_cannot_be_read_says_what_can(county: Tools, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ToolError, match=said):
        county.read(ReadArguments(**asked))


def test_every_value_that_documents_names_filters_as_many_records_as_it_says(tools: Tools) -> None:
    told = tools.documents()
    assert told.status and told.units and told.places and told.themes and told.goals
    every = tuple(ItemStatus)
    for values, name in ((told.units, "unit"), (told.places, "place"), (told.themes, "theme"), (told.goals, "goal")):
        for one in values:
            value = f"{one.id} {one.title}" if name in ("theme", "goal") else one.id
            found: Any = Conditions(**{name: value})
            both = len(tools.select(found).items) + len(tools.select(replace(found, statuses=every[-1:])).items)
            assert both >= one.count, (name, value)
    for one in told.status:
        assert tools.records(RecordsArguments(status=(ItemStatus(one.id),), kinds=tuple(ItemKind))).found == one.count


def test_papers_are_told_with_standing_date_counts_and_families(tools: Tools, following: Tools) -> None:
    papers = {one.id: one for one in tools.documents().papers}
    one = papers["lauterfeld-nachhaltigkeitsbericht-2026"]
    assert (one.counts["project"], one.archived, one.pages) == (61, 8, 33) and str(one.as_of) == "2026-03-01"
    assert [family.complete for family in one.families] == [True, True, True]
    assert papers["lauterfeld-smart-steckbrief"].as_of is None
    assert {one.id: one.superseded for one in following.documents().papers} == {OLD: True, NEW: False}


@pytest.mark.parametrize("asked", [{"series": "klimareport"}, {"documents": (OLD, NEW)}])
def test_what_became_of_each_record(following: Tools, asked: dict[str, Any]) -> None:
    reply = following.changes(ChangesArguments(**asked))
    assert (reply.before.id, reply.after.id) == (OLD, NEW)
    kinds = {(one.after or one.before).title: one.kind for one in reply.changes if one.after or one.before}  # type: ignore[union-attr]
    assert kinds["Radschnellweg Nord"] is ChangeKind.STATUS and kinds["Bürgerbus Tannhausen"] is ChangeKind.DROPPED
    assert kinds["Fahrradwerkstatt Bergheim"] is ChangeKind.NEW
    assert sum(reply.counts.values()) == len(reply.changes)
    (gone,) = [one for one in reply.changes if one.before and one.before.title == "Alter Fuhrpark"]
    assert gone.after and gone.after.status is ItemStatus.ARCHIVED


@pytest.mark.parametrize(
    "asked", [{"series": "unbekannt"}, {"documents": (OLD, "nirgends")}, {"documents": (OLD,)}, {}]
)
def test_no_two_papers_no_changes(following: Tools, asked: dict[str, Any]) -> None:
    with pytest.raises(ToolError) as told:
        following.changes(ChangesArguments(**asked))
    if isinstance(told.value, UnknownValue):
        assert told.value.known in (("klimareport",), (OLD, NEW))
