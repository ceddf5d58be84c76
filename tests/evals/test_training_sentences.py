"""The trained choice of sentences: examples from real records, training that repeats, weights that are shipped."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.cases import Case, load_cases
from evals.targets import InProcess
from evals.training import sentences
from evals.training.sentences import Example, Figures, as_file, drawn, examples, trained, unseen
from service.answering.corpus import Corpus
from service.answering.service import AnswerService
from service.answering.telling import candidates
from service.answering.trained.sentences import FEATURES, NAME, Teller, packed, teller, unpacked
from service.answering.understanding.question import understand
from service.cli import app
from vectorstore.records import Item

CASES = Path(str(files("evals"))) / "cases" / "sample-dev.jsonl"


@pytest.fixture(scope="module")
def learned(measured: AnswerService) -> list[Example]:
    cases = [one for one in load_cases(CASES) if one.language == "de"]
    target = InProcess(measured)
    return [*examples(cases, target), *drawn(target)]


def of_cases(learned: list[Example]) -> list[Example]:
    return [one for one in learned if one.weight == 1.0]


def test_examples_are_sentences_of_right_items_with_the_facts_they_hold(
    learned: list[Example], measured: AnswerService
) -> None:
    cases: dict[str, Case] = {one.id: one for one in load_cases(CASES)}
    texts = {one.id: "".join(one.text.split()) for one in measured.corpus.catalogue.documents.values()}
    assert len(of_cases(learned)) >= 15
    for one in of_cases(learned):
        assert one.sayable and not all(one.facts)
        assert one.document in {document for document, _ in cases[one.case].wanted}
        for sentence in one.sentences:
            assert "".join(sentence.text.split()) in texts[one.document], "verbatim"
            assert all(0.0 <= value <= 1.0 for value in sentence.features), sentence.text


def test_questions_are_drawn_from_labelled_fields(learned: list[Example]) -> None:
    made = [one for one in learned if one.weight < 1.0]
    assert made
    for one in made:
        right = [sentence for sentence, facts in zip(one.sentences, one.facts, strict=True) if facts]
        assert len({sentence.field.label for sentence in right if sentence.field}) == 1


def test_training_repeats_and_wins_over_no_training(learned: list[Example]) -> None:
    assert as_file(learned) == as_file(list(learned))
    nothing = Teller((0.0,) * len(FEATURES))
    before = Figures.of([(one, nothing) for one in of_cases(learned)])
    after = unseen(learned)
    assert after.cases == before.cases == len(of_cases(learned))
    assert after.first > before.first + 0.1


def test_weights_are_those_that_order_the_sentences_of_its_examples(learned: list[Example]) -> None:
    weights = trained(learned)
    right = sum(
        bool(one.facts[max(range(len(one.sentences)), key=lambda place: weights.score(one.sentences[place].features))])
        for one in of_cases(learned)
    )
    assert right >= 0.6 * len(of_cases(learned))


def test_nothing_is_learned_from_nothing() -> None:
    with pytest.raises(ValueError, match="no example"):
        trained([])


def test_what_is_shipped_is_what_training_writes() -> None:
    content = files("service.answering.trained").joinpath(NAME).read_text(encoding="utf-8")
    assert unpacked(content) == teller()
    assert unpacked(packed(teller(), {"cases": 1})) == teller()
    with pytest.raises(ValueError, match="these are needed"):
        unpacked('{"weights": {"words": 1.0}}')


def test_the_field_whose_label_the_question_says_is_mostly_the_best(measured: AnswerService) -> None:
    """Far more often than the half that chance gives with two fields."""
    corpus = measured.corpus
    right = []
    for item, label, text in labelled(corpus):
        query = understand(f"{label} {item.title}", corpus, "de", None)
        best = max(candidates(item, corpus, query, {}), key=lambda one: teller().score(one.features))
        right.append(best.field is not None and best.field.text == text)
    assert len(right) > 20
    assert sum(right) >= 0.8 * len(right)


def labelled(corpus: Corpus) -> Iterator[tuple[Item, str, str]]:
    """Fields of the records that have several, whose label no other word of the record says."""
    for item in corpus.catalogue.items:
        for field in item.fields if len({one.label for one in item.fields}) > 1 else ():
            if corpus.own_text(item).count(field.label) == 1:
                yield item, field.label, field.text


def test_held_cases_are_never_learned_from(tmp_path: Path) -> None:
    held = tmp_path / "own-held.jsonl"
    held.write_text("", encoding="utf-8")
    made = CliRunner().invoke(app, ["eval", "sentences", "--cases", str(held), "--into", str(tmp_path / "w")])
    assert made.exit_code == 2
    assert "zurückgehaltenen" in made.output
    assert not (tmp_path / "w").exists()


def test_drawn_examples_count_less_than_cases() -> None:
    assert 0.0 < sentences.DRAWN_WEIGHT < 1.0
