"""The trained choice of sentences: examples from real records, training that repeats, weights that are shipped."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from evals.cases import Case, load_cases
from evals.present.examples import DRAWN_WEIGHT, Example, drawn, examples
from evals.present.sentences import told_by, trained, unseen
from evals.present.writing import write_teller
from evals.targets import InProcess
from evals.train import NothingToLearn
from service.answering.corpus import Corpus
from service.answering.evidence.sentences import candidates
from service.answering.service import AnswerService
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
    return [one for one in learned if one.is_case]


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
    made = [one for one in learned if not one.is_case]
    assert made
    for one in made:
        right = [sentence for sentence, facts in zip(one.sentences, one.facts, strict=True) if facts]
        assert len({sentence.field.label for sentence in right if sentence.field}) == 1


def test_training_repeats_byte_for_byte_and_wins_over_no_training(learned: list[Example], tmp_path: Path) -> None:
    after = write_teller(learned, tmp_path / "new")
    assert write_teller(list(learned), tmp_path / "again") == after == unseen(learned)
    assert (tmp_path / "again" / NAME).read_bytes() == (tmp_path / "new" / NAME).read_bytes()
    before = told_by(Teller((0.0,) * len(FEATURES)), learned)
    assert after.cases == before.cases == len(of_cases(learned))
    assert after.first > before.first + 0.1


def test_weights_are_those_that_order_the_sentences_of_its_examples(learned: list[Example]) -> None:
    weights = trained(learned)
    right = sum(
        bool(one.facts[max(range(len(one.sentences)), key=lambda place: weights.score(one.sentences[place].features))])
        for one in of_cases(learned)
    )
    assert right >= 0.6 * len(of_cases(learned))


def test_nothing_is_learned_from_nothing_and_nothing_is_judged_over_one_document(
    learned: list[Example], tmp_path: Path
) -> None:
    with pytest.raises(NothingToLearn):
        trained([])
    document = of_cases(learned)[0].document
    with pytest.raises(NothingToLearn, match="zwei Dokumenten"):
        write_teller([one for one in learned if one.document == document or not one.is_case], tmp_path)
    assert list(tmp_path.iterdir()) == []


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


def train(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["eval", "train", *map(str, arguments)])


def test_the_command_learns_from_cases_over_the_data_folder(data_dir: Path, tmp_path: Path) -> None:
    made = train("--cases", CASES, "--only", "sentences", "--to", tmp_path / "own", "--data-dir", data_dir)
    assert made.exit_code == 0, made.output
    assert "mitgeliefert" in made.output
    content = (tmp_path / "own" / NAME).read_text(encoding="utf-8")
    assert unpacked(content).weights == teller(tmp_path / "own").weights != teller().weights
    assert [path.name for path in (tmp_path / "own").iterdir()] == [NAME]


@pytest.mark.parametrize(("cases", "told"), [((), "zwei Dokumenten"), (("--cases", CASES), "ingest")])
def test_why_no_weights_can_be_learned_is_one_sentence(cases: tuple[object, ...], told: str, tmp_path: Path) -> None:
    made = train(*cases, "--only", "sentences", "--to", tmp_path / "own", "--data-dir", tmp_path / "nothing")
    assert made.exit_code == 2
    (line,) = made.stderr.splitlines()
    assert told in line and not (tmp_path / "own").exists()


def test_held_cases_are_never_learned_from(tmp_path: Path) -> None:
    held = tmp_path / "own-held.jsonl"
    held.write_text("", encoding="utf-8")
    made = train("--cases", held, "--to", tmp_path / "own")
    assert made.exit_code == 2
    assert "zurückgehaltenen" in made.output
    assert not (tmp_path / "own").exists()


def test_drawn_examples_count_less_than_cases() -> None:
    assert 0.0 < DRAWN_WEIGHT < 1.0
