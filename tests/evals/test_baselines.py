"""Baselines over small documents by hand, and over the sample edition."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import evals
from evals.baselines import answering
from evals.baselines.answering import baseline_answers, baseline_judgements, side_by_side
from evals.baselines.bm25 import PlainBm25
from evals.baselines.passages import (
    LIMIT,
    OVERLAP,
    SIZE,
    Passage,
    as_answer,
    cut_passages,
    item_spans,
    searched,
    spans_in,
)
from evals.baselines.recipe import Recipe
from evals.baselines.sets import CaseSet
from evals.cases import Case, CaseTurn, Expectation, load_cases
from evals.metrics.judging import Asked, judge
from evals.metrics.knowledge import knowledge_of
from service.answering.service import AnswerService
from service.models import Answer, AnswerStatus
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, DocumentKind, DocumentStatus, Item, ItemKind, Page

SAMPLE = Path(evals.__file__).parent / "cases" / "sample-dev.jsonl"
REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"
TEXT = "1 Rad\n\nEin Radweg von A nach B\n\n2 Bus\n\nEin Bus fährt stündlich bis C.\n\n3 Bahn\n\nNichts."


def item(ref: str, start: int, end: int, **more: Any) -> Item:
    heading = TEXT[start:end].split("\n")[0]
    own: dict[str, Any] = {"document_id": "d", "key": ref, "ref": ref, "kind": ItemKind.PROJECT, "order": int(ref)}
    return Item(**own, title=heading, heading=heading, body="", start=start, end=end, **more)


def catalogue(items: Sequence[Item] | None = None, text: str = TEXT) -> Catalogue:
    document = Document(
        id="d",
        title="Papier",
        publisher="Kreis",
        kind=DocumentKind.REPORT,
        status=DocumentStatus.PUBLISHED,
        digest="0",
        file_name="d.txt",
        text=text,
        pages=(Page(0, 1, "i"), Page(TEXT.index("2 Bus"), 2, "ii")),
    )
    second, third = TEXT.index("2 Bus"), TEXT.index("3 Bahn")
    usual = [item("1", 0, second - 2), item("2", second, third - 2), item("3", third, len(TEXT))]
    return Catalogue([document], usual if items is None else items, [])


def passage(start: int, end: int, score: float = 0.0) -> Passage:
    return Passage("d", start, end, TEXT[start:end], score)


def cited(answer: Answer) -> list[str]:
    return [one.ref for one in answer.citations]


def case(*refs: tuple[str, str], history: Sequence[CaseTurn] = (), behavior: str = "answer") -> Case:
    expect = Expectation.model_validate({"behavior": behavior, "citations_any": refs})
    return Case(id="c", type="topic_lookup", question="Fährt ein Bus?", history=tuple(history), expect=expect)


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return load_cases(SAMPLE)[:25]


def test_passages_are_verbatim_and_keep_every_word(measured: AnswerService) -> None:
    texts = {key: one.text for key, one in measured.corpus.catalogue.documents.items()}
    covered = {key: np.zeros(len(text), dtype=bool) for key, text in texts.items()}
    for one in cut_passages(measured.corpus.catalogue):
        assert texts[one.document_id][one.start : one.end] == one.text
        assert len(one.text) <= SIZE
        covered[one.document_id][one.start : one.end] = True
    for key, text in texts.items():
        assert not "".join(char for char, held in zip(text, covered[key], strict=True) if not held).strip()


def test_neighbouring_passages_overlap_by_at_most_what_is_set() -> None:
    words = " ".join(f"Wort{number}" for number in range(400))
    found = cut_passages(catalogue([], words))
    common = [before.end - after.start for before, after in pairwise(found)]
    assert len(found) > 2
    assert all(OVERLAP - 10 < one <= OVERLAP for one in common)


def test_a_passage_is_of_the_item_that_it_holds_most_of_and_of_those_that_it_holds_half_of() -> None:
    spans = item_spans(catalogue())
    second, third = TEXT.index("2 Bus"), TEXT.index("3 Bahn")
    assert [one.ref for one, _, _ in spans_in(passage(0, second), spans)] == ["1"]
    assert [one.ref for one, _, _ in spans_in(passage(0, third), spans)] == ["2", "1"]
    assert [one.ref for one, _, _ in spans_in(passage(25, third), spans)] == ["2"], "six characters of the first"
    assert [one.ref for one, _, _ in spans_in(passage(second + 4, second + 9), spans)] == ["2"], (
        "little is better than none"
    )
    assert spans_in(passage(10, second + 9), spans)[0][1:] == (10, second - 2), "cut to the passage"


def test_of_items_within_each_other_the_inner_one_counts_first() -> None:
    outer, inner = item("1", 0, 60), item("2", 10, 40)
    found = spans_in(passage(12, 38), [(outer, 0, 60), (inner, 10, 40)])
    assert [one.ref for one, _, _ in found] == ["2"]


def test_half_of_an_item_or_three_hundred_characters_are_enough() -> None:
    whole, half = item("1", 0, 60), item("2", 60, 100)
    spans = [(whole, 0, 60), (half, 60, 100)]
    assert [one.ref for one, _, _ in spans_in(Passage("d", 0, 80, "x"), spans)] == ["1", "2"]
    assert [one.ref for one, _, _ in spans_in(Passage("d", 0, 79, "x"), spans)] == ["1"]
    long, short = item("1", 0, 5000), item("2", 5000, 5400)
    spans = [(long, 0, 5000), (short, 5000, 5400)]
    assert [one.ref for one, _, _ in spans_in(Passage("d", 4700, 5400, "x"), spans)] == ["2", "1"]
    assert [one.ref for one, _, _ in spans_in(Passage("d", 4701, 5400, "x"), spans)] == ["2"]


def test_a_row_of_a_table_is_a_place_of_its_item() -> None:
    row = item("1", 0, 5, table_row="3 Bahn", table_start=TEXT.index("3 Bahn"))
    assert cited(as_answer([passage(TEXT.index("3 Bahn"), len(TEXT))], catalogue([row]))) == ["1"]


def test_an_answer_keeps_the_order_of_passages_and_numbers_citations_through() -> None:
    third = TEXT.index("3 Bahn")
    answer = as_answer([passage(third, len(TEXT), 3.0), passage(0, third - 2, 2.0)], catalogue(), "e-1")
    assert cited(answer) == ["3", "2", "1"]
    assert [one.marker for one in answer.citations] == [1, 2, 3]
    assert [one.page for one in answer.citations] == [2, 1, 1]
    assert [one.page_label for one in answer.citations] == ["ii", "i", "i"]
    assert answer.answer == f"{TEXT[third:]} [1]\n\n{TEXT[: third - 2]} [2] [3]"
    assert (answer.status, answer.corpus_edition) == (AnswerStatus.ANSWERED, "e-1")
    assert {one.quote for one in answer.citations} == {TEXT[third:], TEXT[: third - 2]}


def test_only_three_passages_are_told_but_all_are_cited() -> None:
    answer = as_answer(
        [passage(0, 5), passage(7, 20), passage(7, 25), passage(TEXT.index("3 Bahn"), len(TEXT))], catalogue()
    )
    assert cited(answer) == ["1", "1", "1", "3"]
    assert "Nichts" not in answer.answer


def test_a_passage_of_no_item_counts_for_the_one_before_and_no_passage_is_no_answer() -> None:
    items = [item("1", 10, 20), item("2", 60, 70)]
    assert cited(as_answer([passage(25, 35)], catalogue(items))) == ["1"]
    assert cited(as_answer([passage(0, 5)], catalogue(items))) == ["1"], "or the first"
    nothing = as_answer([], catalogue())
    assert (nothing.status, nothing.mode, nothing.citations) == (AnswerStatus.NOT_IN_DOCUMENTS, None, [])


def test_a_follow_up_is_searched_behind_what_the_person_said_last() -> None:
    history = [
        CaseTurn(role="user", content="Erstes?"),
        CaseTurn(role="user", content="Was ist mit Rädern?"),
        CaseTurn(role="assistant", content="Viel."),
    ]
    assert searched(case(("d", "2"), history=history)) == "Was ist mit Rädern? Fährt ein Bus?"
    assert searched(case(("d", "2"))) == "Fährt ein Bus?"


def test_bm25_takes_words_as_they_are_printed() -> None:
    texts = ["ein Bus fährt", "viele Busse fahren", "der Bus und noch ein Bus", "Nichts"]
    model = PlainBm25([Passage("d", 0, len(text), text) for text in texts])
    found = model.rank("BUS?")
    assert [one.text for one in found] == ["der Bus und noch ein Bus", "ein Bus fährt"]
    assert found[0].score > found[1].score > 0
    assert model.rank("Zeppelin") == []
    assert PlainBm25([]).rank("Bus") == []


def test_the_recipe_finds_by_similarity_and_best_first(measured: AnswerService) -> None:
    edition = measured.corpus.edition
    passages = cut_passages(edition.catalogue)
    kept = edition.embedding.vector("Radweg")
    with closing(Recipe(edition, passages)) as recipe:
        found = recipe.rank(passages[7].text)
        assert found[0].text == passages[7].text
        assert found[0].score == pytest.approx(0.0, abs=1e-3)
        assert len(found) == LIMIT
        assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert np.array_equal(kept, edition.embedding.vector("Radweg")), "the edition's embedding learned nothing"
    with closing(Recipe(edition, [])) as empty:
        assert empty.rank("Bus") == []


def test_answers_are_the_same_every_time_and_quote_verbatim(measured: AnswerService, cases: list[Case]) -> None:
    edition = measured.corpus.edition
    shown: list[tuple[str, float]] = []
    first = baseline_answers(edition, cases, lambda step, share: shown.append((step, share)))
    assert first == baseline_answers(edition, cases)
    assert list(first) == [answering.RECIPE, answering.BM25]
    shares = [share for _, share in shown]
    assert shares == sorted(shares) and shares[0] == 0.0 and 0.9 < shares[-1] <= 1.0
    for answers in first.values():
        assert len(answers) == len(cases)
        for one in (citation for answer in answers for citation in answer.citations):
            assert one.quote in edition.catalogue.documents[one.document_id].text


def test_an_obviously_right_and_an_obviously_wrong_answer_are_judged_so() -> None:
    held, knowledge = catalogue(), knowledge_of(catalogue())
    second, third = TEXT.index("2 Bus"), TEXT.index("3 Bahn")
    right, wrong = as_answer([passage(second, third - 2)], held), as_answer([passage(third, len(TEXT))], held)
    judged = judge(Asked(case(("d", "2")), right, knowledge)).parts
    assert {judged[name] for name in ("fully", "right@1", "right@3", "mrr", "ndcg", "verbatim", "pages")} == {
        (1.0, 1.0)
    }
    judged = judge(Asked(case(("d", "2")), wrong, knowledge)).parts
    assert {judged[name] for name in ("fully", "right@1", "right@3", "mrr", "ndcg")} == {(0.0, 1.0)}
    assert judge(Asked(case(behavior="abstain"), right, knowledge)).parts["false answers"] == (1.0, 1.0)


def test_on_a_question_in_the_paper_s_own_words_baselines_find_the_item(measured: AnswerService) -> None:
    project = measured.corpus.catalogue.item(REPORT, "1.1.1.1")
    assert project is not None
    expect = Expectation(behavior="answer", citations_any=((REPORT, "1.1.1.1"),))
    asked = Case(id="own", type="topic_lookup", question=f"{project.heading} {project.body}"[:300], expect=expect)
    found = baseline_judgements(measured.corpus.edition, [asked])
    assert [one.parts["right@3"] for judgements in found.values() for one in judgements] == [(1.0, 1.0)] * 2


def test_side_by_side_measures_the_same_cases_by_the_same_measures(measured: AnswerService, cases: list[Case]) -> None:
    one = CaseSet(measured.corpus.edition, measured.settings, cases)
    found = side_by_side([one, one])
    assert list(found) == [answering.SERVICE, answering.RECIPE, answering.BM25]
    for judgements in found.values():
        assert [judged.case for judged in judgements] == [*cases, *cases]
    for name in ("right@3", "fully", "mrr", "false refusals"):
        assert len({sum(name in judged.parts for judged in judgements) for judgements in found.values()}) == 1
    right = {name: sum(judged.fully for judged in judgements) for name, judgements in found.items()}
    assert right[answering.SERVICE] > max(right[answering.RECIPE], right[answering.BM25])
