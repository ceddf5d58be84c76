"""Similar records of other documents: what the threshold was judged by, and what is shown over the sample."""

from __future__ import annotations

import csv
from importlib import resources

import pytest

from service.answering.service import AnswerService
from service.answering.similar import KINDS, LEAST, weighed

Shown = list[tuple[bool, bool]]


def pairs(half: str) -> Shown:
    """Whether each pair of a half is similar, and whether it is shown."""
    text = resources.files("evals.present").joinpath("similar.csv").read_text(encoding="utf-8")
    found = []
    for row in csv.DictReader(text.splitlines()):
        near, title, said, concepts = (float(row[name]) for name in ("near", "title", "text", "concepts"))
        if row["half"] == half:
            found.append((row["similar"] == "1", weighed((near, title, said, concepts)) >= LEAST))
    return found


@pytest.mark.parametrize("half", ["chosen", "judged"])
def test_what_is_shown_is_nearly_always_similar(half: str) -> None:
    judged = pairs(half)
    right = sum(similar and shown for similar, shown in judged)
    assert len(judged) == 44
    assert right / sum(shown for _, shown in judged) >= 0.85
    assert right / sum(similar for similar, _ in judged) >= 0.6


def test_similar_records_stand_in_other_documents(service: AnswerService) -> None:
    catalogue = service.corpus.catalogue
    shown = 0
    for item in catalogue.items[::3]:
        for one in service.similar(item.document_id, item.key):
            assert one.item.document_id != item.document_id and one.item.kind in KINDS and one.score >= LEAST
            shown += 1
    assert shown


def test_the_same_goal_is_found_in_the_other_paper(service: AnswerService) -> None:
    found = service.similar("lauterfeld-nachhaltigkeitsbericht-2026", "3.3")
    assert found[0].item.document_id == "lauterfeld-strategische-ziele-2025"
    assert found[0].item.title.startswith("Bis 2031 entstehen 900 Wohnungen")


def test_sections_and_what_is_not_there_have_none(service: AnswerService) -> None:
    section = next(item for item in service.corpus.catalogue.items if item.kind not in KINDS)
    assert service.similar(section.document_id, section.key) == []
    assert service.similar("weg", "1") == []
