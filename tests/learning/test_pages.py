"""What staff does on the pages of learning, from the first question to the answer that follows it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from starlette.testclient import TestClient

from evals.cases import load_cases
from service.learning.trial import Figure, Lost, Measured, read_trial, write_trial
from tests.learning.conftest import ClientFor, ask, learning_of, rate
from vectorstore.kept_texts import FolderTexts

PATH = "/staff/learning"
OWN_WORDS = "Kann ich ein Kistenvelo ausborgen?"
REPORT, ITEM = "auenland-report", "2.1.4.1"


def kept_id(client: TestClient, question: str = OWN_WORDS) -> str:
    ask(client, question)
    return next(one.id for one in learning_of(client).kept.open() if one.question == question)


def decide(client: TestClient, kept: str, kind: str, **fields: str) -> str:
    """Decide on a group by its form; return where that leads."""
    form = {"kind": kind, "wording": OWN_WORDS, "member": kept, **fields}
    response = client.post(f"{PATH}/questions/{kept}/decide", data=form, follow_redirects=False)
    assert response.status_code == 303, response.text
    return response.headers["location"]


def tried(client: TestClient) -> str:
    assert client.post(f"{PATH}/trial").status_code == 200
    assert learning_of(client).runner.wait(60)
    return client.get(f"{PATH}/trial").text


def test_a_question_is_learned_and_taken_back(client: TestClient, data: Path) -> None:
    assert ask(client, OWN_WORDS)["status"] != "answered"
    kept = kept_id(client)
    page = client.get(PATH).text
    assert OWN_WORDS in page and "2 ohne Antwort" in page
    also = "Leiht mir wer ein Bringvelo?"
    where = decide(client, kept, "item_question", item=f"{REPORT}/{ITEM}", as_case="true", also=also)
    assert where == f"{PATH}/decisions#entscheidung-1"
    ask(client, also)
    assert "noch nicht übernommen" in client.get(where).text

    assert "2 Fragen kommen" in client.get(f"{PATH}/trial").text
    result = tried(client)
    assert "Eigene Fälle: 2 Fälle, 2 besser, 0 schlechter" in result
    assert "1 offene Frage wäre damit auch beantwortet" in result and also in result
    assert "Nichts ist schlechter geworden." in result
    assert ask(client, OWN_WORDS)["status"] != "answered", "a trial changes nothing"

    done = client.post(f"{PATH}/publish")
    assert done.status_code == 200 and "Wirksam" in done.text
    for question in (OWN_WORDS, also):
        found = ask(client, question)
        assert found["status"] == "answered"
        assert [one["key"] for one in found["citations"]][:1] == [ITEM]  # type: ignore[attr-defined]
    assert "wirksam seit Ausgabe" in client.get(f"{PATH}/decisions").text

    taken_back(client)
    notes = client.app.state.audit.latest()  # type: ignore[attr-defined]
    assert [one.action for one in reversed(notes) if one.action.startswith("learning.")] == [
        "learning.decide",
        "learning.try",
        "learning.publish",
        "learning.undo",
        "learning.try",
        "learning.publish-worse",
    ]
    assert OWN_WORDS not in str(notes)
    assert not list((data / "learned").glob("trial-*"))


def taken_back(client: TestClient) -> None:
    """Take the decision back and publish that too, though no case proves it."""
    assert client.post(f"{PATH}/decisions/1/undo").status_code == 200
    assert "2 Fragen fallen weg" in client.get(f"{PATH}/trial").text
    tried(client)
    refused = client.post(f"{PATH}/publish")
    assert refused.status_code == 409 and "keinen Fall" in refused.text
    assert client.post(f"{PATH}/publish", data={"even_if_worse": "true"}).status_code == 200
    assert ask(client, OWN_WORDS)["status"] != "answered"
    assert OWN_WORDS in client.get(PATH).text


def test_what_got_worse_is_not_published(client: TestClient, data: Path) -> None:
    decide(client, kept_id(client), "item_question", item=f"{REPORT}/{ITEM}", as_case="true")
    tried(client)
    found = read_trial(FolderTexts(data))
    assert found is not None
    lost = Lost(id="eigen-1", question="Was ist der Rad<b>schnellweg?", before="Er wird gebaut.", after="Nichts.")
    worse = Measured(
        name="Eigene Fälle", cases=1, figures=(Figure(label="ganz richtig", before=1, after=0, cases=1),), lost=(lost,)
    )
    write_trial(FolderTexts(data), found.model_copy(update={"measured": (worse,)}))
    page = client.get(f"{PATH}/trial").text
    assert "Schlechter geworden" in page and "Rad&lt;b&gt;schnellweg" in page
    refused = client.post(f"{PATH}/publish")
    assert refused.status_code == 409
    assert "Ein Fall wurde schlechter beantwortet als vorher" in refused.text
    assert learning_of(client).decisions.all()[0].live is None


def test_what_is_to_blame_is_named_and_taken_back(client: TestClient, data: Path) -> None:
    """A decision leads a question elsewhere that was answered rightly."""
    question = "Gibt es Räder zum Ausleihen?"
    rate(client, ask(client, question), helpful=False)
    also = "Leiht mir wer ein Bringvelo?"
    decide(client, kept_id(client), "item_question", item=f"{REPORT}/{ITEM}", as_case="true", also=also)
    wrong = next(one.id for one in learning_of(client).kept.open() if one.question == question)
    decide(client, wrong, "item_question", item=f"{REPORT}/2.1.3.1", wording=question)
    client.post(f"{PATH}/decisions/1/case", data={"as_case": "false"})
    cases = [own_case("eigen-1", question, ITEM), own_case("eigen-3", OWN_WORDS)]
    (data / "cases" / "eigene.jsonl").write_text("".join(cases), encoding="utf-8")
    page = tried(client)
    assert "1 besser, 1 schlechter" in page
    assert "Es liegt an Entscheidung 2: Ohne sie wäre der Fall wie vorher." in page
    assert client.post(f"{PATH}/publish").status_code == 409

    assert client.post(f"{PATH}/trial/without").status_code == 200
    assert learning_of(client).runner.wait(60)
    (stands,) = (one for one in learning_of(client).decisions.all() if one.stands)
    assert (stands.id, stands.also) == (1, (also,))
    page = client.get(f"{PATH}/trial").text
    assert "Nichts ist schlechter geworden." in page and "Es liegt an" not in page
    assert client.post(f"{PATH}/publish").status_code == 200
    assert ask(client, OWN_WORDS)["status"] == "answered"
    assert ask(client, question)["citations"][0]["key"] == ITEM  # type: ignore[index]
    assert client.post(f"{PATH}/trial/without").status_code == 409


def own_case(name: str, question: str, key: str = ITEM) -> str:
    expected = {"behavior": "answer", "citations_any": [[REPORT, key]]}
    return json.dumps({"id": name, "type": "topic_lookup", "question": question, "expect": expected}) + "\n"


def test_a_trial_of_other_decisions_is_out_of_date(client: TestClient) -> None:
    decide(client, kept_id(client), "item_question", item=f"{REPORT}/{ITEM}", as_case="true")
    tried(client)
    client.post(f"{PATH}/decisions/1/case", data={"as_case": "false"})
    assert "überholt" in client.get(f"{PATH}/trial").text
    refused = client.post(f"{PATH}/publish")
    assert refused.status_code == 409 and "zuerst ausprobieren" in refused.text


def test_every_decision_that_can_be_a_case_is_one_that_eval_reads(client: TestClient, data: Path) -> None:
    kinds: list[dict[str, str]] = [
        {"kind": "finding", "item": "other", "other_document": REPORT, "other_number": ITEM},
        {"kind": "gap", "note": "Fehlt im Bericht."},
        {"kind": "out_of_scope"},
        {"kind": "curated"},
    ]
    for number, fields in enumerate(kinds):
        question = f"Gibt es ein Kistenvelo {'abcdefg'[number] * 4}?"
        where = decide(client, kept_id(client, question), **{"wording": question, "as_case": "true", **fields})
        assert where.startswith("/staff/curated/new?question=Gibt+es") is (fields["kind"] == "curated")
    cases = load_cases(data / "cases" / "learned.jsonl")
    assert [one.expect.behavior for one in cases] == ["answer", "abstain", "abstain"]
    assert client.get(f"{PATH}/cases.jsonl").text == (data / "cases" / "learned.jsonl").read_text(encoding="utf-8")
    client.post(f"{PATH}/decisions/2/undo")
    assert [one.id for one in load_cases(data / "cases" / "learned.jsonl")] == ["learned-1", "learned-3"]


def test_one_question_is_deleted_for_good(client: TestClient, data: Path) -> None:
    kept = kept_id(client)
    assert client.post(f"{PATH}/questions/{kept}/delete").status_code == 200
    assert not any(b"Kistenvelo" in one.read_bytes() for one in data.rglob("*") if one.is_file())
    assert client.post(f"{PATH}/questions/{kept}/delete").status_code == 404
    assert client.get(f"{PATH}/questions/{kept}").status_code == 404


def test_who_may_only_read_sees_no_questions(client_for: ClientFor) -> None:
    client = client_for(staff_access="public")
    for path in ("", "/decisions", "/trial", "/questions.jsonl", "/entry"):
        assert client.get(PATH + path).status_code == 403, path
    for path in ("/trial", "/publish", "/decisions/1/undo", "/decisions/1/wordings"):
        assert client.post(PATH + path).status_code == 403, path


def test_foreign_sites_change_nothing(client: TestClient) -> None:
    kept = kept_id(client)
    headers = {"Origin": "https://boese.example"}
    for path in (
        f"/questions/{kept}/delete",
        f"/questions/{kept}/decide",
        "/trial",
        "/trial/without",
        "/publish",
        "/decisions/1/undo",
        "/decisions/1/wordings",
        "/decisions/1/wordings/1/remove",
        f"/questions/{kept}/join",
    ):
        assert client.post(PATH + path, headers=headers).status_code == 403
    assert learning_of(client).kept.open() != []


def test_switched_off_the_page_says_so(client_for: ClientFor) -> None:
    assert "STRATEGIELOTSE_KEEP_QUESTIONS=true" in client_for(keep_questions=False).get(PATH).text


def test_the_service_says_what_it_keeps(client_for: ClientFor) -> None:
    on, off = client_for(keep_questions_days=30), client_for(keep_questions=False)
    assert on.get("/api/v1/config").json()["questions_kept_days"] == 30
    assert off.get("/api/v1/config").json()["questions_kept_days"] is None
    asked = {"question": "Werden meine Fragen gespeichert?"}
    kept, not_kept = (one.post("/api/v1/chat", json=asked).json()["answer"] for one in (on, off))
    assert "bis zu 30 Tage aufbewahrt" in kept
    assert not_kept.startswith("Ihre Fragen werden hier nicht gespeichert")
    for client, told in ((on, "30 Tage"), (off, "weder gespeichert noch")):
        assert told in " ".join(re.sub(r"<[^>]+>", "", client.get("/ask").text).split())


def test_a_question_that_was_taken_for_none_to_the_documents_leads_to_its_item(client: TestClient) -> None:
    question = "Darf ich mein Velo in die Tram mitnehmen?"
    assert ask(client, question)["status"] == "out_of_scope"
    where = {"item": f"{REPORT}/{ITEM}", "wording": question, "as_case": "true"}
    decide(client, kept_id(client, question), "item_question", **where)
    assert "1 besser" in tried(client)
    client.post(f"{PATH}/publish")
    found = ask(client, question)
    assert [one["key"] for one in found["citations"]][:1] == [ITEM]  # type: ignore[attr-defined]
