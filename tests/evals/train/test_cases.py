"""Training from cases: which sentence to quote, whether an entry answers; papers left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from service.answering.finding.finder import Found
from service.answering.finding.sentences import FEATURES as OF_SENTENCES
from typer.testing import CliRunner

from evals.cases import Case
from evals.commands import make_app
from evals.corpora import Ingestion
from evals.train import fitting, judge, quoting
from evals.train.cases import Entry, Example, Sentences, teaches
from service.answering.context import FEATURES
from service.answering.query import Want
from service.cli.ingestion.reading import papers_in
from tests.vectorstore.samples import parsed_document


def _example(number: int, *, good: bool) -> Example:
    """A question over one of four papers: right entries are far ahead, their second sentence holds the fact."""
    features = dict.fromkeys(FEATURES, 0.0) | {"ahead": 0.9 if good else 0.1, "sentence": 0.1 * (number % 7)}
    row = dict.fromkeys(OF_SENTENCES, 0.0)
    said = Sentences((row, row | {"fact": 1.0}, row | {"first": 1.0}), ((False, True, False),), (True,))
    first = Found(ITEM, 2.0, 0.9, 0.5, similarity=0.88) if good else Found(ITEM, 1.0, 0.4, similarity=0.83)
    entries = (
        Entry(first, features, good, good),
        Entry(Found(ITEM, 0.5, similarity=0.8), dict.fromkeys(FEATURES, 0.0), False, False),
    )
    return Example(f"c{number}", f"p{number % 4}", Want.SEARCH, "de", True, False, entries, said if good else None)


def _untreated(number: int) -> Example:
    """A question that none of four papers treats: what is found is far from it."""
    entries = (Entry(Found(ITEM, 1.0, 0.1, similarity=0.79), dict.fromkeys(FEATURES, 0.0), False, False),)
    return Example(f"u{number}", f"p{number % 4}", Want.SEARCH, "de", False, True, entries, None)


ITEM = next(iter(parsed_document().items))


EXAMPLES = [_example(number, good=number % 3 != 0) for number in range(60)]


def test_a_sentence_with_a_fact_weighs_most_on_papers_left_out() -> None:
    found = quoting.train(EXAMPLES)
    assert (found.cases, found.some, found.all) == (40, 1.0, 1.0)
    assert found.weights["fact"] > 1 and found.weights["first"] < found.weights["fact"]
    assert found.weights["label"] == quoting.START["label"]
    assert json.loads(found.content)["weights"] == found.weights


def test_the_judge_tells_right_entries_on_papers_left_out() -> None:
    found = judge.train(EXAMPLES)
    assert found.area == 1.0 and found.weights["ahead"] > 1
    told = {one.threshold: one for one in found.curve}
    assert told[0.0] == judge.Point(0.0, 40 / 60, 20 / 60)
    assert told[1.0].direct == told[1.0].misled == 0
    assert told[found.answers].misled <= judge.MISLED and found.answers >= judge.CLAIMED
    before = told[round(found.answers - 0.01, 2)]
    assert before.misled > judge.MISLED or found.answers == judge.CLAIMED
    assert set(json.loads(found.content)) == {"weights", "intercept", "answers"}


def test_what_fits_is_told_from_what_no_document_treats() -> None:
    found = fitting.train([*EXAMPLES, *(_untreated(number) for number in range(20))])
    assert set(found.fits) == {"vectors", "words"} == set(json.loads(found.content))
    assert all(one["area"] == 1.0 and one["refused"] == 1.0 and one["cases"] == 60 for one in found.told)
    assert found.fits["vectors"].weights["similarity"] > 0 and found.fits["words"].weights["words"] > 0
    assert all(0 < one.least < 1 and one.share == 0.0 for one in found.fits.values())


@pytest.mark.parametrize(
    ("kind", "expect", "learned"),
    [
        ("single_fact", {"behavior": "answer", "citations_any": [["a", "1"]]}, True),
        ("unanswerable", {"behavior": "abstain"}, True),
        ("list", {"behavior": "answer", "citations_any": [["a", "1"]]}, False),
        ("single_fact", {"behavior": "answer", "citations_any": [["a", "1"]], "count": 3}, False),
        ("single_fact", {"behavior": "answer", "citations_all": [["a", "1"]]}, False),
        ("service", {"behavior": "about_service"}, False),
    ],
)
def test_what_one_entry_answers_or_none_is_learned_from(kind: str, expect: dict[str, object], learned: bool) -> None:
    case = Case.model_validate({"id": "x", "type": kind, "question": "Wann?", "expect": expect})
    assert teaches(case) is learned


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--only", "ranking"), "Das wird nicht gelernt: ranking"),
        (("--only", "judge"), "--cases DATEI"),
        (("--cases", "papers-held.jsonl"), "Aus zurückgehaltenen Fällen wird nicht gelernt: papers-held.jsonl"),
        (("--only", "judge", "--cases", "one.jsonl"), "mindestens zwei Ausgaben"),
    ],
)
def test_what_cannot_be_learned_is_said(
    arguments: tuple[str, ...], said: str, sample_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    line = {"id": "a", "type": "unanswerable", "question": "Wie wird das Wetter?", "expect": {"behavior": "abstain"}}
    Path("one.jsonl").write_text(json.dumps(line), encoding="utf-8")
    app = make_app(Ingestion(papers_in, lambda *_: None, lambda _: None), lambda paths: iter(()))
    result = CliRunner().invoke(app, ["train", "--to", "out", "--data-dir", str(sample_data), *arguments])
    assert result.exit_code == 2 and said in result.output
