"""The tool `search`, and looking a topic up."""

from __future__ import annotations

import pytest

from service.answering import SearchArguments, UnknownValue, look_up_topic, search_records
from service.answering.retrieval.topic import find_on_topic
from service.answering.tools.toolbox import Tools
from tests.ingest.cases import cases
from vectorstore.language import squash
from vectorstore.records import ItemKind, ItemStatus

REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"
FEW = ("ÖPNV", "Digitalisierung")


@cases("text")
def test_entries_come_best_first_with_a_verbatim_passage(tools: Tools, text: str) -> None:
    reply = tools.search(SearchArguments(text=text))
    assert reply.found and reply.entries
    scores = [item.score or 0.0 for item in reply.entries]
    assert scores == sorted(scores, reverse=True) and scores[0] == 1.0
    for item in reply.entries:
        document = tools.corpus.catalogue.documents[item.document_id]
        assert item.passage and squash(item.passage) in squash(document.text)
        assert item.document_title == document.title and item.as_of == document.as_of


def test_the_passage_is_what_matched_and_not_the_beginning(tools: Tools) -> None:
    """Of entries that have more than their passage some begin elsewhere, and the passage holds the
    word.
    """
    reply = tools.search(SearchArguments(text="Hochwasser", kinds=(ItemKind.PROJECT,)))
    assert "wasser" in reply.entries[0].passage.casefold()
    bodies = [tools.corpus.catalogue.item(value.document_id, value.key) for value in reply.entries]
    text = [
        (squash(value.passage), squash(item.body))
        for value, item in zip(reply.entries, bodies, strict=True)
        if item
    ]
    assert any(
        statement and statement in body and not body.startswith(statement)
        for statement, body in text
    )


@cases("text")
def test_a_general_word_or_a_place_alone_finds_something(tools: Tools, text: str) -> None:
    assert tools.search(SearchArguments(text=text)).entries


def test_what_no_paper_says_is_told_apart(tools: Tools) -> None:
    assert not tools.search(SearchArguments(text="xqzt bwvk")).found
    assert tools.search(SearchArguments(text="Radwege")).found


def test_search_keeps_to_documents_kinds_and_limit(tools: Tools) -> None:
    asked = SearchArguments(text="Mobilität", documents=(REPORT,), kinds=(ItemKind.GOAL,), limit=2)
    reply = tools.search(asked)
    assert len(reply.entries) == 2
    assert {(item.document_id, item.kind) for item in reply.entries} == {(REPORT, ItemKind.GOAL)}
    assert [item.key for item in search_records(tools, asked).items] == [
        item.key for item in reply.entries
    ]
    with pytest.raises(UnknownValue, match=REPORT):
        tools.search(SearchArguments(text="Mobilität", documents=("nirgends",)))


def test_rows_of_an_archive_are_told_apart(tools: Tools) -> None:
    archived = next(
        item for item in tools.corpus.catalogue.items if item.status is ItemStatus.ARCHIVED
    )
    (found,) = [
        item
        for item in tools.search(SearchArguments(text=archived.title)).entries
        if item.key == archived.key
    ]
    assert found.archived and found.kind is ItemKind.PROJECT


@cases("topic")
def test_what_covers_a_topic_says_why(tools: Tools, topic: str) -> None:
    found = look_up_topic(tools, topic)
    assert found.covered and not found.nearest
    assert all(
        item.why and item.passage and item.status is not ItemStatus.ARCHIVED for item in found.items
    )
    scores = [item.score for item in found.items]
    assert scores == sorted(scores, reverse=True)


@cases("topic")
def test_what_only_stands_near_covers_nothing(tools: Tools, topic: str) -> None:
    found = look_up_topic(tools, topic)
    assert not found.covered and found.items == [] and len(found.nearest) <= 6


@cases("topic", "refs")
def test_a_topic_has_what_is_called_so_akin_and_under_it(
    tools: Tools, topic: str, refs: tuple[str, ...]
) -> None:
    """But for two topics, whose word no document of the sample says more than once."""
    found = {item.ref for item in look_up_topic(tools, topic).items}
    assert found.issuperset(refs) is (topic not in FEW)


def test_a_part_of_a_word_by_chance_is_no_topic(tools: Tools) -> None:
    assert "A.IV" not in {item.ref for item in look_up_topic(tools, "Arbeit").items}, (
        "Zusammenarbeit"
    )
    assert "1.2" not in {item.ref for item in look_up_topic(tools, "Rad").items}, "Windrad"
    assert {item.key for item in look_up_topic(tools, "Sofa").items} == {"6~2"}, "vom Sofa aus"


@cases("topic")
def test_the_common_word_of_a_topic_alone_makes_no_list(tools: Tools, topic: str) -> None:
    assert find_on_topic(tools.retriever, topic) == []
    assert any(find_on_topic(tools.retriever, word) for word in topic.split())


def test_what_lacks_a_word_of_a_topic_is_not_on_it(tools: Tools) -> None:
    assert find_on_topic(tools.retriever, "Ausbau für Imker") == []
    refs = {match.item.ref for match in find_on_topic(tools.retriever, "Ausbau der Radwege")}
    assert "5.2.2.2" in refs and not refs & {"2.2.2.1", "6.2.2.1"}


def test_what_is_below_a_heading_on_several_things_is_not_all_on_one(tools: Tools) -> None:
    refs = {match.item.ref for match in find_on_topic(tools.retriever, "Hitze")}
    below = {item.ref for item in tools.corpus.catalogue.items if item.ref.startswith("1.3.")}
    assert "1.3" in refs and "1.3.2.1" in refs and below - refs


def test_a_theme_is_first_of_what_its_own_title_means(tools: Tools) -> None:
    for theme in (item for item in tools.corpus.catalogue.items if item.kind is ItemKind.THEME):
        matches = find_on_topic(tools.retriever, theme.title, [theme.document_id])
        assert any(match.item.key == theme.key for match in matches[:3]) and all(
            0 < match.weight <= 1 for match in matches
        )
        assert [match.weight for match in matches] == sorted(
            (match.weight for match in matches), reverse=True
        )
