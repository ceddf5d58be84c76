"""One way to a topic: chat, lookup, the filter `topic` and the overview give the same records for the same words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.answering.corpus import Corpus
from service.answering.service import AnswerService
from service.models import AnswerStatus, ChatRequest, DataKind
from tests.answering.conftest import Understand
from vectorstore.records import ItemKind, ItemStatus

LISTED = "Welche Projekte gibt es zu {}?"
Rows = set[tuple[str, str, str]]


@pytest.fixture(scope="module")
def topics(corpus: Corpus, read: Understand) -> list[str]:
    """The first noun of every concept of the vocabulary, but for words that are no topic ("Maßnahmen", "Gemeinde")."""
    nouns = (re.search(r"\b[A-ZÄÖÜ][a-zäöüß]{3,}\b", one.label) for one in corpus.edition.vocabulary.concepts)
    words = sorted({match[0] for match in nouns if match})
    return [word for word in words if read(LISTED.format(word)).topic]


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_list_has_the_records_of_the_lookup(service: AnswerService, topics: list[str], data: st.DataObject) -> None:
    topic = data.draw(st.sampled_from(topics))
    looked_up = {(one.document_id, one.ref, one.title) for one in service.lookup(topic).items if _is_project(one.kind)}
    answer = service.answer(ChatRequest(question=LISTED.format(topic)))
    listed: Rows = set()
    if answer.data is not None and answer.data.kind is DataKind.LIST:
        listed = {(str(row["document_id"]), str(row["ref"]), str(row["title"])) for row in answer.data.rows}
    assert listed == looked_up
    assert looked_up or answer.status is not AnswerStatus.ANSWERED


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_the_filter_has_the_records_of_the_lookup(
    service: AnswerService, topics: list[str], data: st.DataObject
) -> None:
    topic = data.draw(st.sampled_from(topics))
    looked_up = {(one.document_id, one.key) for one in service.lookup(topic).items}
    on_topic = service.on_topic(topic)
    kept = {
        (item.document_id, item.key)
        for item in service.corpus.catalogue.items
        if (item.document_id, item.key) in on_topic
        and item.kind is not ItemKind.THEME
        and item.status is not ItemStatus.ARCHIVED
    }
    assert kept == looked_up


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_an_overview_has_the_records_of_the_lookup(
    service: AnswerService, topics: list[str], data: st.DataObject
) -> None:
    topic = data.draw(st.sampled_from(topics))
    answer = service.answer(ChatRequest(question=f"Was tut der Kreis für {topic}?"))
    if answer.data is None or answer.data.kind is not DataKind.OVERVIEW:
        return
    rows = {(str(row["document_id"]), str(row["ref"])) for row in answer.data.rows if row["kind"] != "theme"}
    assert rows == {(one.document_id, one.ref) for one in service.lookup(topic).items}


def _is_project(kind: ItemKind) -> bool:
    return kind is ItemKind.PROJECT
