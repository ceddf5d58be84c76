"""The page on which people decide: one click decides, a second undoes, a trial comes before publishing."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.audit import AuditLog
from service.people.decisions import Outcome
from service.people.open_questions import Reason
from service.people.trial import read_trial
from tests.people.conftest import REPORT, ClientFor, ask, people_of, rate
from tests.processes import until

PAGE = "/staff/decisions"
ITEM = f"/staff/items/{REPORT}/5.1.2.1"
QUESTION = "Leiht mir wer ein Rad?"
UNTIL = (date.today() + timedelta(days=90)).isoformat()
TEXT = {
    "outcome": "text",
    "wordings": "Bis wann fährt der Nachtbus?\n\nWie lange fährt nachts noch ein Bus?",
    "value": "Die drei Nachtlinien fahren freitags und samstags bis 3:30 Uhr.",
    "items": f"/staff/items/{REPORT}/5.1.1.1",
    "owner": "Stabsstelle <Beteiligung>",
    "valid_until": UNTIL,
}
RIGHT = {"part": "status", "value": "umgesetzt", "instead_of": "in Bearbeitung", "reason": "Eröffnet <b>im</b> Mai"}


def post(client: TestClient, path: str, status: int = 303, **fields: Any) -> str:
    answer = client.post(path, data=fields, follow_redirects=False)
    assert answer.status_code == status, answer.text[:2000]
    return answer.text


def published(client: TestClient) -> None:
    """Try what was decided and publish it."""
    post(client, f"{PAGE}/trial")
    until(lambda: not people_of(client).runner.progress.running, 120)
    assert people_of(client).runner.progress.told == ""
    assert "Veröffentlichen</button>" in client.get(PAGE).text
    post(client, f"{PAGE}/publish", even_if_worse="true")
    until(lambda: "ist veröffentlicht" in people_of(client).runner.progress.told, 60)


def test_one_click_decides_and_a_second_undoes(client: TestClient) -> None:
    ask(client, QUESTION)
    page = client.get(PAGE).text
    assert QUESTION in page and "1 offene Frage" in page
    (kept,) = people_of(client).kept.open()
    post(client, f"{PAGE}/questions/{kept.id}", outcome="gap")
    (made,) = people_of(client).decisions.standing()
    assert (made.outcome, made.wordings, made.day) == (Outcome.GAP, (QUESTION,), date.today())
    page = client.get(PAGE).text
    assert "0 offene Fragen" in page and "Lücke in den Dokumenten" in page and made.person in page
    assert ask(client, QUESTION)["status"] == "not_in_documents"
    post(client, f"{PAGE}/{made.id}/undo")
    assert people_of(client).decisions.standing() == [] and "1 offene Frage" in client.get(PAGE).text
    assert "zurückgenommen von" in client.get(PAGE).text
    assert client.post(f"{PAGE}/{made.id}/undo").status_code == 404
    log: AuditLog = client.app.state.audit  # type: ignore[attr-defined]
    assert {"decide", "undo"} <= {note.action for note in log.latest()}


def test_an_entry_is_tried_published_and_then_found_by_the_question(client: TestClient) -> None:
    found = ask(client, "Wer leiht mir ein Lastenfahrrad fürs Wochenende?")
    rate(client, found, helpful=False)
    (kept,) = people_of(client).kept.open()
    assert 'aria-label="Dieser Eintrag: 5.3.4.1 Lastenräder zum Ausleihen"' in client.get(PAGE).text  # no markup in it
    cases = client.get(f"{PAGE}/cases.jsonl").text
    assert json.loads(cases)["expect"] == {"behavior": "open"}  # "nicht hilfreich" is a case before anybody decides
    post(client, f"{PAGE}/questions/{kept.id}", outcome="entry", item=f"{REPORT};5.1.4.1")
    assert "1 Entscheidung ist noch nicht veröffentlicht" in client.get(PAGE).text
    assert "Veröffentlichen</button>" not in client.get(PAGE).text
    published(client)
    until(lambda: _first(ask(client, kept.question)) == "5.1.4.1")
    assert "Alles ist veröffentlicht" in client.get(PAGE).text
    (made,) = people_of(client).decisions.standing()
    assert made.live
    case = json.loads(client.get(f"{PAGE}/cases.jsonl").text)
    assert case["expect"]["citations_any"] == [[REPORT, "5.1.4.1"]]
    post(client, f"{PAGE}/{made.id}/undo")
    assert "noch wirksam" in client.get(PAGE).text
    published(client)
    until(lambda: _first(ask(client, kept.question)) != "5.1.4.1")


def _first(answer: dict[str, Any]) -> str | None:
    return next((one["key"] for one in answer["citations"]), None)


def test_what_was_not_tried_or_got_worse_is_not_published(client: TestClient, data: Path) -> None:
    people = people_of(client)
    case = {"id": "eigen", "type": "topic_lookup", "question": "Was kostet eine Fahrt mit dem Rufbus?",
            "expect": {"behavior": "answer", "citations_any": [[REPORT, "5.1.2.1"]], "facts": [["1,50"]]}}  # fmt: skip
    people.texts.put("cases/eigene.jsonl", f"{json.dumps(case, ensure_ascii=False)}\n".encode())
    fix = {"part": "text", "instead_of": "1,50 Euro", "value": "1,60 Euro", "reason": "Druckfehler"}
    post(client, f"{ITEM}/correction", **fix, confirmed="true")
    post(client, f"{PAGE}/publish")
    until(lambda: "zuerst ausprobieren" in people.runner.progress.told, 60)
    post(client, f"{PAGE}/trial")
    until(lambda: not people.runner.progress.running, 120)
    trial = read_trial(people.texts)
    assert trial is not None and "eigen" in [one.id for one in trial.worse]
    page = client.get(PAGE).text
    assert "Schlechter geworden" in page and "das wird vermerkt" in page
    post(client, f"{PAGE}/publish")
    until(lambda: "schlechter beantwortet" in people.runner.progress.told, 60)
    assert not any(one.live for one in people.decisions.all())


def test_a_text_is_checked_kept_told_changed_and_taken_back(client: TestClient) -> None:
    form = client.get(f"{PAGE}/new", params={"question": "Bis wann fährt der Nachtbus?", "cite": f"{REPORT};5.1.1.1"})
    assert "Bis wann fährt der Nachtbus?</textarea>" in form.text and f"{REPORT};5.1.1.1</textarea>" in form.text
    wrong = post(client, f"{PAGE}/new", 422, **{**TEXT, "valid_until": "", "items": f"{REPORT};9.9"})
    assert "letzte Tag" in wrong and "keinen Eintrag" in wrong
    post(client, f"{PAGE}/new", **TEXT)
    assert ask(client, "Bis wann fährt denn der Nachtbus am Samstag?")["mode"] == "curated"
    (made,) = people_of(client).decisions.standing()
    page = client.get(PAGE).text
    assert "Stabsstelle &lt;Beteiligung&gt;" in page
    again = post(client, f"{PAGE}/new", 422, **{**TEXT, "outcome": "gap"})
    assert f"Darüber ist schon entschieden (Nr. {made.id})" in again
    assert "3:30 Uhr." in client.get(f"{PAGE}/new?instead_of={made.id}").text
    post(client, f"{PAGE}/new", **{**TEXT, "value": "Die Nachtlinien fahren bis 4:30 Uhr."}, instead_of=made.id)
    assert ask(client, "Bis wann fährt der Nachtbus?")["mode"] != "curated"
    page = client.get(PAGE).text
    assert "wird nicht gegeben" in page and "4:30" in page and len(people_of(client).decisions.all()) == 2


def test_a_question_is_deleted_for_good(client: TestClient) -> None:
    people_of(client).kept.keep("Wer wohnt hier?", Reason.UNANSWERED)
    (kept,) = people_of(client).kept.open()
    post(client, f"{PAGE}/questions/{kept.id}/delete")
    assert people_of(client).kept.open() == []
    assert client.post(f"{PAGE}/questions/{kept.id}/delete").status_code == 404


def test_a_field_is_previewed_decided_published_and_told_as_corrected(client: TestClient) -> None:
    assert "Dieser Eintrag ist falsch" in client.get(ITEM).text
    tried = client.post(f"{ITEM}/correction", data=RIGHT)
    assert tried.status_code == 200 and "So wird es" in tried.text and people_of(client).decisions.all() == []
    assert "Eröffnet &lt;b&gt;im&lt;/b&gt; Mai" in tried.text
    post(client, f"{ITEM}/correction", **RIGHT, confirmed="true")
    fix = {"part": "text", "instead_of": "1,50 Euro", "value": "1,60 Euro", "reason": "Druckfehler"}
    post(client, f"{ITEM}/correction", **fix, confirmed="true")
    assert "2 Entscheidungen sind noch nicht veröffentlicht" in client.get(PAGE).text
    published(client)
    public = f"/documents/{REPORT}/5.1.2.1"
    until(lambda: "Korrigiert:" in client.get(public).text)
    assert "gelesen war „in Bearbeitung“" in client.get(public).text
    record = client.get(f"/api/v1/items/{REPORT}/5.1.2.1").json()
    assert record["status"] == "implemented" and "person" not in record["corrected"][0]
    assert "Status „umgesetzt“, gelesen war „in Bearbeitung“" in client.get("/staff/catalogue.csv").text
    answer = ask(client, "Was kostet eine Fahrt mit dem Rufbus?")
    cited = [one for one in answer["citations"] if "1,60 Euro" in one["quote"]]  # type: ignore[attr-defined]
    assert cited and cited[0]["verbatim"] is False
    undone = next(one for one in people_of(client).decisions.fields() if one.part == "status")
    post(client, f"{PAGE}/{undone.id}/undo")
    published(client)
    until(lambda: client.get(f"/api/v1/items/{REPORT}/5.1.2.1").json()["status"] == "in_progress")


def test_what_does_not_fit_says_why_and_is_not_kept(client: TestClient) -> None:
    for change, told in (
        ({"instead_of": "in Planung", "value": "Idee"}, "Gelesen ist etwas anderes"),
        ({"value": "bald"}, "kein Status"),
        ({"reason": " "}, "Begründung"),
        ({"part": "text", "instead_of": "e", "value": "x"}, "mehrmals"),
    ):
        assert told in post(client, f"{ITEM}/correction", 422, **{**RIGHT, **change}, confirmed="true")
    assert people_of(client).decisions.all() == []
    assert client.post(f"/staff/items/{REPORT}/9.9/correction", data=RIGHT).status_code == 404


def test_a_mark_of_a_citizen_reaches_staff_and_changes_nothing(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    public, address = f"/documents/{REPORT}/5.1.2.1", f"/api/v1/items/{REPORT}/5.1.2.1"
    before = client.get(address).json()
    sent = client.post(f"{public}/hint", data={"part": "date", "text": "Seit Mai <i>fertig</i>"})
    assert sent.status_code == 200 and "Danke." in sent.text
    assert "Bitte schreiben Sie" in client.post(f"{public}/hint", data={"text": "  "}).text
    assert "Seit Mai &lt;i&gt;fertig&lt;/i&gt;" in client.get(PAGE).text
    assert client.get(address).json() == before
    marks = people_of(client).marks
    (mark,) = marks.all()
    post(client, "/staff/hints/done", numbers=mark.id)
    assert marks.all() == []
    monkeypatch.setattr("service.people.marks.MOST_PER_HOUR", 1)
    marks.keep(REPORT, "2", "other", "x")
    assert "sehr viele Hinweise" in client.post(f"{public}/hint", data={"text": "noch einer"}).text
    foreign = client.post(f"{public}/hint", data={"text": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403


def test_readers_see_what_was_decided_and_nothing_that_people_asked(client_for: ClientFor) -> None:
    reader = client_for(staff_access="public")
    people_of(reader).kept.keep("Wer wohnt hier?", Reason.UNANSWERED)
    page = reader.get(PAGE).text
    assert "Wer wohnt hier?" not in page and "Hinweise (" not in page and "Entschieden (0)" in page
    assert "Dieser Eintrag ist falsch" not in reader.get(ITEM).text
    for path in (f"{ITEM}/correction", f"{PAGE}/publish", f"{PAGE}/trial", f"{PAGE}/new", "/staff/hints/done",
                 f"{PAGE}/questions/1/delete", f"{PAGE}/1/undo"):  # fmt: skip
        assert reader.post(path, data=RIGHT).status_code == 403, path
    for path in ("questions.jsonl", "cases.jsonl", "new", "trial.json"):
        assert reader.get(f"{PAGE}/{path}").status_code == 403, path
