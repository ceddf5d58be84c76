"""Broad questions: one resolver says what a topic means; overviews count all of it and tell a few with proof."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.answering.corpus import Corpus
from service.answering.finding.topics import MatchKind, TopicResolver
from service.answering.service import AnswerService
from service.models import Answer, AnswerStatus, DataKind
from tests.answering.conftest import Ask, Understand

BROAD = [
    "Was tut der Kreis für Mobilität?",
    "Was unternimmt der Kreis beim Klimaschutz?",
    "Was wird für Familien getan?",
    "Was macht der Kreis bei der Digitalisierung?",
]


def overview(answer: Answer) -> Answer:
    assert answer.status is AnswerStatus.ANSWERED
    assert answer.data is not None and answer.data.kind is DataKind.OVERVIEW
    return answer


@pytest.mark.parametrize("question", BROAD)
def test_a_broad_question_gets_an_overview(ask: Ask, question: str) -> None:
    answer = overview(ask(question))
    data = answer.data
    assert data is not None and data.total == len(data.rows) >= 3
    told = {(one.document_id, one.key) for one in answer.citations}
    assert 2 <= len(told) <= 6
    rows = {(row["document_id"], row["ref"]) for row in data.rows}
    assert {(one.document_id, one.ref) for one in answer.citations} <= rows
    assert answer.answer.startswith("Dazu stehen")


@pytest.mark.parametrize("question", BROAD)
def test_the_groups_add_up(ask: Ask, question: str) -> None:
    data = overview(ask(question)).data
    assert data is not None and data.groups is not None
    assert sum(one.count for one in data.groups.document) == len(data.rows)
    assert sum(one.count for one in data.groups.status) == sum(row["status"] is not None for row in data.rows)


def test_what_is_called_so_comes_before_what_only_says_it(service: AnswerService, read: Understand) -> None:
    query = read("Was tut der Kreis für Mobilität?")
    matches = service.topics.resolve(query.topic, query.documents)
    assert matches[0].kind is MatchKind.CALLED
    kinds = [one.kind for one in matches]
    assert kinds.index(MatchKind.CALLED) < min(
        (kinds.index(one) for one in (MatchKind.SAYS,) if one in kinds), default=99
    )


def test_archived_records_are_in_no_overview(ask: Ask) -> None:
    for question in BROAD:
        answer = ask(question)
        assert answer.data and all(row["status"] != "archived" for row in answer.data.rows)


def test_a_part_of_a_compound_by_chance_is_no_match(service: AnswerService, read: Understand) -> None:
    query = read("Was gibt es zum Thema Sofa?")
    assert service.topics.resolve(query.topic, query.documents) == []


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_a_theme_is_what_its_own_title_means(corpus: Corpus, read: Understand, data: st.DataObject) -> None:
    resolver = TopicResolver(corpus)
    theme = data.draw(st.sampled_from([item for item, _ in corpus.themes()]))
    query = read(f"Was tut der Kreis für {theme.title}?")
    matches = resolver.resolve(query.topic, [theme.document_id], query.any_of)
    assert any(one.item.key == theme.key for one in matches[:3])
    assert all(0 < one.weight <= 1 for one in matches)
    assert [one.weight for one in matches] == sorted((one.weight for one in matches), reverse=True)
