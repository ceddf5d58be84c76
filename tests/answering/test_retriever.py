"""The finder behind LangChain's interface gives the same items, best first."""

from __future__ import annotations

from service.answering.finding.retriever import StrategyRetriever
from service.answering.service import AnswerService


def test_the_best_item_comes_first_with_where_it_stands(service: AnswerService) -> None:
    found = StrategyRetriever(corpus=service.corpus, limit=3).invoke("Rufbus Lauvi")
    assert found[0].metadata["ref"] == "5.1.2.1"
    assert found[0].metadata["page"] is not None
    assert "Rufbus" in found[0].page_content
    assert len(found) <= 3


def test_scores_fall(service: AnswerService) -> None:
    scores = [
        one.metadata["score"] for one in StrategyRetriever(corpus=service.corpus).invoke("Radverkehr und Radwege")
    ]
    assert scores == sorted(scores, reverse=True) and scores


def test_nothing_is_found_for_no_words(service: AnswerService) -> None:
    assert StrategyRetriever(corpus=service.corpus).invoke("Und?") == []
