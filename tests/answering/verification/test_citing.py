"""Citations: numbered in order, on the right page, with the standing of their document."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.answering import Corpus, Fragment, make_answer, make_sentence
from service.answering.draft import Proof
from service.answering.verification.citations import Citer, offset_of, page_of
from service.answering.verification.quotes import cut_text, name_proof, row_proof, status_proof
from service.records import AnswerData, AnswerMode, DataKind
from tests.answering.conftest import Ask
from tests.answering.truth import GOALS, PROGRAMME, REPORT, project, projects, truth
from tests.answering.verification.saying import item_of
from vectorstore.records import ItemStatus


def test_every_project_and_goal_is_on_its_page(corpus: Corpus) -> None:
    for value in [*map(project, projects()), *truth()["report"]["goals"]]:
        item = item_of(corpus, value["ref"])
        page = page_of(name_proof(item, corpus), corpus.document(item))
        assert page is not None and (page.number, page.label) == (
            value["page"],
            value["page_label"],
        )


def test_covers_tables_and_the_archive_are_cited_on_their_pages(corpus: Corpus) -> None:
    citer, front = Citer(corpus), corpus.title_page(REPORT)
    assert front is not None
    rows = [
        row_proof(item) for item in corpus.catalogue.items if item.status is ItemStatus.ARCHIVED
    ]
    proofs = [name_proof(front, corpus), row_proof(item_of(corpus, "5.1.2.1")), *rows]
    for proof in proofs:
        assert proof is not None
        citer.number_proof(proof)
    cover, row, *archive = citer.citations
    assert (cover.page, cover.page_label) == (1, "Titel")
    assert row.ref == "5.1.2.1" and row.page is not None and row.page >= 29, (
        "the lists stand at the end"
    )
    assert row.page_label == str(row.page - 1)
    assert {(value.page, value.page_label) for value in archive} == {(33, "32")}


def test_a_text_that_goes_on_is_cited_on_the_page_where_the_quote_begins(corpus: Corpus) -> None:
    item = item_of(corpus, "4.2.3.1")
    document = corpus.document(item)
    assert item.state is not None
    begin, end = (
        page_of(Proof(item, item.heading), document),
        page_of(Proof(item, item.state), document),
    )
    assert begin is not None and end is not None
    assert end.number == begin.number + 1


@pytest.mark.parametrize("ref", ["1.1.2.1", "5.1.2.1", "6.2.2.1"])
def test_a_quote_is_found_in_spite_of_line_breaks(corpus: Corpus, ref: str) -> None:
    item = item_of(corpus, ref)
    document = corpus.document(item)
    plain = " ".join(item.body.split())
    start = offset_of(plain, item, document)
    assert item.start < start < item.end
    assert document.text[start:].split()[:8] == plain.split()[:8]


def test_an_item_s_own_passage_is_preferred(corpus: Corpus) -> None:
    item = item_of(corpus, "5.1.2.1")
    document = corpus.document(item)
    assert item.start <= offset_of("Rufbus Lauvi", item, document) < item.end


def test_a_quote_whose_head_is_printed_twice_is_found_by_its_whole(corpus: Corpus) -> None:
    item = item_of(corpus, "5.1.2.1")
    head = "Der Kreis hat im Jahr einen Plan für Busse"
    document = replace(corpus.document(item), text=f"{head} und Bahnen.\n\n{head} und Räder.")
    whole = replace(item, start=0, end=len(document.text))
    assert offset_of(f"{head} und Räder.", whole, document) == len(f"{head} und Bahnen.\n\n")


@pytest.mark.parametrize(
    "quote", ["", "   ", "Das steht nirgends in diesem Dokument.", "(.*) [a-z]+ \\d"]
)
def test_what_is_not_found_is_placed_at_its_item(corpus: Corpus, quote: str) -> None:
    item = item_of(corpus, "5.1.2.1")
    assert offset_of(quote, item, corpus.document(item)) == item.start


def test_the_same_passage_keeps_its_number(corpus: Corpus) -> None:
    bus, bench = item_of(corpus, "5.1.2.1"), item_of(corpus, "5.2.1.1")
    first, second = name_proof(bus, corpus), name_proof(bench, corpus)
    citer = Citer(corpus)
    text = citer.mark_text(
        make_answer(
            make_sentence(Fragment("A", (first,)), Fragment(" und B", (second,)), "."),
            make_sentence(Fragment("Wieder A", (first,)), "."),
            mode=AnswerMode.COMPUTED,
        )
    )
    assert text == "A [1] und B [2]. Wieder A [1]."
    assert [citation.marker for citation in citer.citations] == [1, 2]


def test_rows_get_numbers_after_the_text(corpus: Corpus) -> None:
    bus, bench = item_of(corpus, "5.1.2.1"), item_of(corpus, "5.2.1.1")
    proofs = (name_proof(bus, corpus), name_proof(bench, corpus))
    data = AnswerData(
        kind=DataKind.LIST, columns=["ref"], rows=[{"ref": "a"}, {"ref": "b"}], total=2
    )
    draft = make_answer(
        make_sentence(Fragment("B", (proofs[1],))),
        mode=AnswerMode.COMPUTED,
        data=data,
        row_proofs=((proofs[0],), (proofs[1], proofs[0])),
    )
    citer = Citer(corpus)
    citer.mark_text(draft)
    made = citer.data(draft)
    assert made is not None
    assert [row["citations"] for row in made.rows] == [[2], [1, 2]]
    assert data.rows == [{"ref": "a"}, {"ref": "b"}], "the draft stays as it was"


def test_a_citation_tells_its_document(ask: Ask) -> None:
    answer = ask("Was sagt das Leitbild zur künstlichen Intelligenz?")
    citation = answer.citations[0]
    assert citation.document_title == "Leitbild für den Kreis Lauterfeld (Entwurf)"
    assert citation.publisher == "Kreis Lauterfeld"
    assert citation.document_status == "draft" and str(citation.as_of) == "2025-06-10"
    assert citation.url == f"/documents/{citation.document_id}/{citation.key}"
    assert all(item.page is None and item.page_label is None for item in answer.citations), (
        "a source without pages"
    )
    undated = ask(
        "Wie viel Prozent des Geldes für „Lauterfeld verbindet“ kommen vom Bund?"
    ).citations[0]
    assert undated.document_id == PROGRAMME and undated.as_of is None


def test_status_and_rows_are_proven_by_what_is_printed(corpus: Corpus) -> None:
    planned = item_of(corpus, "3.1.3.1")
    assert status_proof(planned, corpus).quote == planned.status_heading
    row = row_proof(planned)
    assert row is not None and row.quote == planned.table_row
    assert row_proof(item_of(corpus, "B.V", GOALS)) is None


@pytest.mark.parametrize("length", [0, 9, 300, 301, 2000])
def test_first_words_end_where_a_sentence_or_word_ends(length: int) -> None:
    text = "Das ist ein Satz. " * (length // 18 + 1)
    cut = cut_text(text[:length])
    assert len(cut) <= 300
    assert text.startswith(cut)
