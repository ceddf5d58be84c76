"""The query is a closed form: it round-trips through JSON, knows its free words, and nothing behind it reads more."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evals.cases import load_cases
from evals.runs.asking import shipped_cases
from service.answering.corpus import Corpus
from service.answering.pipeline import check, compose, find, judge_scope, run, understand_question, verify
from service.answering.query_schema import from_json, query_schema, to_json
from service.answering.service import AnswerService
from service.answering.understanding import language
from service.answering.understanding.conversation import understood
from service.models import ChatRequest, Turn
from tests.answering.conftest import Understand
from tests.imports import modules

ROOT = Path(__file__).resolve().parents[2]
ANSWERING = ROOT / "service/answering"
GUARD = Path("service/answering/scope.py")  # what is put to nobody is told by the question's words
ORDERS = Path("service/answering/orders.py")  # reads papers, no question
WORDED = [
    "Wie viele Projekte sind nicht umgesetzt und wer ist dafür zuständig?",
    "Welche drei Kommunen bekommen bis 2027 mehr als 1,5 Mio. Euro?",
    "Was fordert Punkt II, und wie weit ist 5.1.2.1?",
    "Vergleiche, was der Leitbild-Entwurf und die Strategischen Ziele zur Pflege sagen.",
    "Welches Thema hat die meisten Wohnprojekte, und wie hoch ist ihr Anteil in Prozent?",
    "Wann wurde das Leitbild beschlossen und von wem ist der Antrag?",
    "",
    "?!",
]
# the words of a question that the form holds: names, numbers and single words as they are said, and what is searched
FREE = {
    *("Query.searched", "Query.language", "Query.spoken", "Query.documents", "Query.counties", "Query.foreign_place"),
    *("Query.term", "Query.figures", "Query.named_things", "Aspects.labels", "Claim.number", "Claim.thing"),
    *("Measure.thing", "Measure.of", "Measure.beside", "RecordNoun.word", "RecordNoun.head", "RecordNoun.written"),
    *("RecordNumber.number", "RecordNumber.noun", "Word.text", "Word.terms", "Word.others"),
    *(f"Filters.{one}" for one in ("themes", "refs", "parents", "units", "unknown_units", "municipalities")),
}
SEARCHED_BY = {"rank", "resolve", "activate", "terms"}  # finding, the resolver, the vocabulary and the index


def _questions() -> list[str]:
    return [one.question for path in shipped_cases() for one in load_cases(path)]


def _objects(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "Query", schema
    yield from ((name, one) for name, one in schema["$defs"].items() if one["type"] == "object")


def _is_free(field: dict[str, Any], schema: dict[str, Any]) -> bool:
    """True where a field may hold any text."""
    if "$ref" in field:
        return False
    if field.get("type") == "string":
        return "pattern" not in field and "enum" not in field
    parts = [*field.get("anyOf", ()), *field.get("prefixItems", ())]
    parts += [field["items"]] if isinstance(field.get("items"), dict) else []
    return any(_is_free(one, schema) for one in parts)


def test_a_query_survives_json(read: Understand) -> None:
    for question in (*_questions(), *WORDED):
        query = read(question)
        assert from_json(to_json(query)) == query, question


def test_a_follow_up_survives_json(corpus: Corpus) -> None:
    history = [
        Turn(role="user", content="Welche Mobilitätsprojekte sind geplant?"),
        Turn(role="assistant", content="Eines: 5.1.3.1 Reaktivierung der Bahnstrecke nach Mühlenranft [1]."),
    ]
    query = understood("Und welche in Bildung?", history, corpus, "de", None).query
    assert from_json(to_json(query)) == query


@pytest.mark.parametrize(
    "change", [{"text": "Was?"}, {"intent": "poem"}, {"topic": [{"text": "Bus"}]}, {"refs": ["1"]}]
)
def test_what_is_not_in_the_form_is_refused(change: dict[str, object]) -> None:
    form: dict[str, object] = {"searched": "Bus", "language": "de", "spoken": "de", "intent": "fact"}
    assert from_json(json.dumps(form)).searched == "Bus"
    with pytest.raises(ValueError, match="validation error"):
        from_json(json.dumps({**form, **change}))


def test_the_form_is_closed() -> None:
    schema = query_schema()
    assert all(one["additionalProperties"] is False for _, one in _objects(schema))
    assert all(one.get("description") for _, one in _objects(schema))


def test_the_form_has_no_room_for_the_question() -> None:
    schema = query_schema()
    free = {
        f"{name}.{field}"
        for name, one in _objects(schema)
        for field, told in one["properties"].items()
        if _is_free(told, schema)
    }
    assert free == FREE


def test_names_of_documents_and_counties_are_not_searched(read: Understand) -> None:
    query = read("Was sagt der Nachhaltigkeitsbericht des Kreises Lauterfeld zum Radverkehr?")
    assert "Lauterfeld" not in query.searched and "Nachhaltigkeitsbericht" not in query.searched
    assert language.detect(query.searched) == "de" and "Radverkehr" in query.searched


def _behind() -> Iterator[tuple[Path, ast.Module]]:
    """The modules of answering that come behind understanding."""
    for path in (one.relative_to(ROOT) for one in sorted(ANSWERING.rglob("*.py"))):
        if not path.is_relative_to("service/answering/understanding"):
            yield path, ast.parse((ROOT / path).read_text(encoding="utf-8"))


def test_only_the_entry_of_answering_knows_requests() -> None:
    inside = _inside()
    knows = {path.name for path, names in modules(ROOT) if "service.models.ChatRequest" in names and path in inside}
    assert knows == {"pipeline.py", "service.py", "superseded.py"}


def _inside() -> set[Path]:
    return {path for path, _ in _behind()} | {one.relative_to(ROOT) for one in ANSWERING.rglob("understanding/*.py")}


def test_cues_are_matched_in_understanding_alone() -> None:
    matching = {
        path
        for path, tree in _behind()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("matches", "patterns") and _named(node.value) == "lexicon"
    }
    assert matching == {GUARD, ORDERS}


def test_what_is_searched_is_given_to_finding_and_read_by_nobody_else() -> None:
    for path, tree in _behind():
        given = {
            id(argument)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SEARCHED_BY
            for argument in node.args
        }
        read = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "searched"]
        assert all(id(node) in given for node in read), path


def _named(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize("question", [*_questions()[::4], *WORDED[:6]])
def test_the_answer_is_made_from_the_form_alone(service: AnswerService, question: str) -> None:
    told, blind = service.work(ChatRequest(question=question)), service.work(ChatRequest(question=question))
    for step in (check, understand_question):
        step(blind)
    if blind.query is not None:
        blind.query = from_json(to_json(blind.query))
    blind.request = ChatRequest(question="?")
    for step in (find, judge_scope, compose):
        if blind.draft is None:
            step(blind)
    verify(blind)
    assert blind.draft == run(told)
