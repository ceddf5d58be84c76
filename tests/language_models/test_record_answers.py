"""A model answers over real sockets which titles are records: one request a paper, kept as its
look, which a person's answer replaces.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from ingest import Look, RecordExample, add_look, load_choices, remove_look
from prompts import say
from service.cli.ingestion.model_answers import request_of
from service.office.staff import list_record_questions
from tests.ingest.papers import read_text
from tests.language_models.endpoints import Calls, Endpoint, Reply, endpoint
from tests.processes import run
from tests.staff.signing_in import signed_in
from tests.staff.test_record_questions import (
    EXAMPLES,
    LABEL,
    QUESTION,
    TEXTS,
    TITLES,
    measures,
    write_concept,
)
from tests.staff.test_uploads import UPLOADS, client_of, noted, said, sent
from vectorstore import EditionStore, Texts
from vectorstore.records import ItemKind, ProposedFamily, ProposedRecord
from vectorstore.storage import Database


def answering(*answers: object) -> Calls:
    return Calls((("FamilyAnswers", {"answers": list(answers)}),))


YES = answering({"question": 1, "kind": "measure"})
NO_ANSWERS: tuple[Reply, ...] = (
    "Ich weiß es nicht.",
    answering(),
    answering({"question": 2, "kind": "measure"}, {"question": 1, "kind": "Brücke"}, 7),
    Calls((("FamilyAnswers", {"answers": "measure"}),)),
    500,
)


def ingest(folder: Path, model: Endpoint, *options: str) -> dict[str, Any]:
    """Run `ingest` with a model; return what it reports of the paper."""
    paper = str(write_concept(folder / "konzept.pdf"))
    setting = {"STRATEGIELOTSE_INGEST_MODEL": model.setting}
    done = run("ingest", paper, "--json", *options, data=folder / "data", **setting)
    assert done.returncode == 0, done.stderr
    (file,) = json.loads(done.stdout)["files"]
    return dict(file)


def looks(folder: Path) -> tuple[Look, ...]:
    return load_choices(EditionStore(folder / "data").texts, "konzept").looks


def test_ingestion_asks_the_model_once_and_says_so(tmp_path: Path) -> None:
    with endpoint(lambda _: YES) as model:
        file = ingest(tmp_path, model)
        assert measures(tmp_path / "data") == list(TITLES)
        (messages,) = model.asked
        asked = messages[-1]["content"]
        for number, title in enumerate(TITLES[:6], 1):
            assert f"| {number} {title} (Seite {number + 1})" in asked
        assert "=== Seite 2 ===" in asked and "=== Seite 3 ===" not in asked
        assert f"| {LABEL} {TEXTS[0]}" in asked
        named = say("reading.looks_by_model", names="„1 Radweg am Fluss bauen“")
        assert named in file["warnings"]
        ingest(tmp_path, model, "--replace")
        assert len(model.asked) == 1
    (look,) = looks(tmp_path)
    assert (look.kind, look.source, look.is_by_model) == ("measure", "scripted", True)


@pytest.mark.parametrize("reply", NO_ANSWERS)
def test_what_is_no_answer_is_noted_and_nothing_else(tmp_path: Path, reply: Reply) -> None:
    with endpoint(lambda _: reply) as model:
        file = ingest(tmp_path, model)
        assert len(model.asked) == 1
    assert looks(tmp_path) == () and measures(tmp_path / "data") == []
    noted = say("model_answers.unanswered", name="scripted")
    assert (noted in file["warnings"]) is (reply != 500) and file["warnings"]


def test_of_a_long_page_the_model_sees_what_is_at_the_title() -> None:
    sheets = (f"## {title}\n\n{TEXTS[0]} {TEXTS[1] * 200}" for title in TITLES)
    read = read_text("# Klima\n\n" + "\n\n".join(sheets), name="konzept.md")
    records = tuple(ProposedRecord("", title, 1) for title in TITLES[2:4])
    proposed = (ProposedFamily(ItemKind.MEASURE, 2, records),) * 4
    document = replace(read.document, proposed=proposed)
    questions = list(list_record_questions(document, ()))
    asked = request_of(document, questions)
    assert asked.count(f"| {TITLES[2]}\n| {TEXTS[0]}") == 4 and len(asked) < 15_000


def test_nobody_asks_a_model_on_what_a_person_decided_or_took_back(tmp_path: Path) -> None:
    texts = EditionStore(tmp_path / "data").texts
    add_look(texts, "konzept", Look(kind="none", examples=(RecordExample(name="AW1 Wege"),)))
    remove_look(texts, "konzept", ["AW1 Wege"])
    with endpoint(lambda _: YES) as model:
        ingest(tmp_path, model)
        assert model.asked == [] and measures(tmp_path / "data") == []


def test_what_a_person_says_replaces_what_a_model_said_and_never_the_other_way(
    tmp_path: Path,
) -> None:
    texts = Texts(Database(tmp_path))
    example = (RecordExample(name="AW1 Wege"),)
    by_model = Look(kind="measure", examples=example, source="scripted")
    by_staff = Look(kind="none", examples=example)
    add_look(texts, "plan", by_model)
    with pytest.raises(ValueError):
        add_look(texts, "plan", by_model)
    add_look(texts, "plan", by_staff)
    assert load_choices(texts, "plan").looks == (by_staff,)
    with pytest.raises(ValueError):
        add_look(texts, "plan", by_model)


@pytest.fixture
def replies() -> list[Reply]:
    """What the model replies, the last one for ever."""
    return [NO_ANSWERS[0]]


@pytest.fixture
def client(tmp_path: Path, replies: list[Reply]) -> Iterator[tuple[TestClient, Endpoint]]:
    with (
        endpoint(lambda _: replies[-1]) as model,
        client_of(tmp_path / "data", ingest_model=model.setting) as client,
    ):
        yield signed_in(client), model


def test_in_a_draft_the_model_is_asked_by_a_click_and_taken_back_by_one(
    client: tuple[TestClient, Endpoint], tmp_path: Path, replies: list[Reply]
) -> None:
    page, model = client
    content = write_concept(tmp_path / "neu.pdf").read_bytes()
    draft = sent(page, UPLOADS, [("files", ("neu.pdf", content))]).partition("?")[0]
    text = said(page, draft)
    assert say("model_answers.unanswered", name="scripted") in text and QUESTION in text
    assert "je eine Seite: eine Anfrage, etwa" in text and len(model.asked) == 1
    replies.append(YES)
    draft = sent(page, f"{draft}/ask", document="neu").partition("?")[0]
    text = said(page, draft)
    assert say("model_answers.answered") in text and QUESTION not in text
    assert "8 Maßnahmen gefunden" in text and say("review.by_model", name="scripted") in text
    assert noted(page)[0] == "records asked" and "Sprachmodell fragen" not in text
    assert page.post(f"{draft}/ask", data={"document": "neu"}).status_code == 404
    form: Any = {**EXAMPLES, "document": "neu"}
    draft = sent(page, f"{draft}/look", kind="open", **form).partition("?")[0]
    assert QUESTION in said(page, draft) and len(model.asked) == 2


def test_what_is_handed_in_is_asked_at_once(
    client: tuple[TestClient, Endpoint], tmp_path: Path, replies: list[Reply]
) -> None:
    page, model = client
    replies.append(YES)
    content = write_concept(tmp_path / "neu.pdf").read_bytes()
    draft = sent(page, UPLOADS, [("files", ("neu.pdf", content))]).partition("?")[0]
    text = said(page, draft)
    assert "8 Maßnahmen gefunden" in text and say("model_answers.answered") in text
    assert len(model.asked) == 1
