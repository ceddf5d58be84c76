"""Proposals are right by the check, spread over kinds and documents, and the same for the same seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.cases import Case, load_cases, write_cases
from evals.cases import proposal_words as words
from evals.cases.checks import Proven, check_cases
from evals.cases.proposals import MAKERS, propose
from evals.metrics.statements import flat
from tests.answering.truth import DOCUMENTS, projects
from vectorstore.catalogue import Catalogue
from vectorstore.editions import EditionStore

KINDS = {
    "status", "responsibility", "count", "list", "single_fact", "comparison", "unanswerable", "false_premise",
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue(data_dir: Path) -> Iterator[Catalogue]:
    edition = EditionStore(data_dir).open()
    yield edition.catalogue
    edition.close()


@pytest.fixture(scope="module")
def all_of(catalogue: Catalogue) -> list[Case]:
    return propose(catalogue, 10_000, seed=1)


@pytest.mark.parametrize("seed", [1, 2])
def test_all_proposals_pass_the_check(catalogue: Catalogue, seed: int) -> None:
    found = check_cases(propose(catalogue, 10_000, seed), catalogue)
    assert len(found) > 200
    assert [(one.case.question, one.problems, one.notes) for one in found if one.problems or one.notes] == []
    assert all(one.proven is Proven.COUNT for one in found if one.case.type in ("count", "list"))
    assert all(one.proven is Proven.FACT for one in found if one.case.type in ("status", "responsibility"))


def test_the_first_proposals_are_of_every_kind_and_document(catalogue: Catalogue) -> None:
    found = propose(catalogue, 40, seed=1)
    assert len(found) == 40
    assert len(MAKERS) == len(KINDS)
    assert {one.type for one in found} == KINDS
    assert max(Counter(one.type for one in found).values()) <= 6
    assert {document for one in found for document, _ in one.wanted} == set(DOCUMENTS)


def test_the_seed_decides(catalogue: Catalogue) -> None:
    assert propose(catalogue, 40, seed=7) == propose(catalogue, 40, seed=7)
    assert propose(catalogue, 40, seed=7) != propose(catalogue, 40, seed=8)


def test_questions_are_put_in_several_ways(all_of: list[Case]) -> None:
    starts = Counter(one.question.split("„")[0] for one in all_of if one.type == "status")
    assert len(starts) == len(words.STATUS)


def test_no_question_comes_twice_nor_again(catalogue: Catalogue, all_of: list[Case]) -> None:
    assert len({flat(one.question) for one in all_of}) == len({one.id for one in all_of}) == len(all_of)
    known = [one.model_copy(update={"id": f"x-{n}", "question": one.question.upper()}) for n, one in enumerate(all_of)]
    assert propose(catalogue, 10_000, seed=1, existing=known) == []
    assert propose(catalogue, 5, seed=1, existing=known[:5])[0] not in all_of[:5]


def test_proposals_are_cases_in_form(all_of: list[Case], tmp_path: Path) -> None:
    write_cases(all_of, tmp_path / "v.jsonl")
    assert load_cases(tmp_path / "v.jsonl") == all_of
    assert all(one.id.startswith("vorschlag-") and one.note for one in all_of)


def test_what_is_missing_is_near_and_true(all_of: list[Case]) -> None:
    missing = {one.question: one for one in all_of if not one.answerable}
    assert {one.distance for one in missing.values()} == {"near"}
    asked = [one for one in missing.values() if "Nachtkonzerte im Kreishaus" in one.question]
    assert [one.note for one in asked] == ["4.2.4.1: das Feld der Verantwortlichen ist leer"]
    numbers = [one.note for one in missing.values() if one.type == "false_premise"]
    assert numbers and not any(f"Nummer {ref} " in note for note in numbers for ref in projects())


def test_a_conflict_of_statuses_is_not_asked_for(all_of: list[Case]) -> None:
    asked = {ref for one in all_of if one.type == "status" for _, ref in one.wanted}
    assert "5.1.3.1" in asked
    assert "3.1.3.1" not in asked, "text and table disagree"


def test_words_of_proposals() -> None:
    assert words.quoted("Antrag „Ruhe“") == "„Antrag ‚Ruhe‘“"
    assert words.days("2026-03-01") == ("01.03.2026", "1.3.2026", "1. März 2026")
    assert words.days("2026-12-31") == ("31.12.2026", "31. Dezember 2026")
    assert words.nouns("Mobilität und Wohnen im Kreis, Mobilität") == ["Mobilität", "Wohnen"]
