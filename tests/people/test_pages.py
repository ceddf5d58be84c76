"""The page on which people decide: what is open is decided in one form and holds at once, one click
takes it back. A record is corrected in a draft, and holds once it is published.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from starlette.testclient import TestClient

from prompts import say
from service.people import AuditLog, DecisionKind
from service.people.open_questions import OpenReason
from tests.people.conftest import REPORT, ClientFor, ask, people_of, rate
from tests.staff.reading import Page
from tests.staff.test_uploads import draft_of, publish_draft

PAGE = "/staff/decisions"
KEY = "5.1.2.1"
ITEM, PUBLIC, RECORD = (
    f"/staff/items/{REPORT}/{KEY}",
    f"/documents/{REPORT}/{KEY}",
    f"/api/v1/items/{REPORT}/{KEY}",
)
QUESTION = "Leiht mir wer ein Rad?"
UNTIL = (date.today() + timedelta(days=90)).isoformat()
TEXT = {
    "kind": "text",
    "wordings": "Bis wann fährt der Nachtbus?\n\nWie lange fährt nachts noch ein Bus?",
    "value": "Die drei Nachtlinien fahren freitags und samstags bis 3:30 Uhr.",
    "items": f"/staff/items/{REPORT}/5.1.1.1",
    "owner": "Stabsstelle <Beteiligung>",
    "until": UNTIL,
}
RIGHT = {"status": "implemented", "reason": "Eröffnet <b>im</b> Mai"}


def post(client: TestClient, path: str, code: int = 303, /, **fields: Any) -> str:
    answer = client.post(path, data=fields, follow_redirects=False)
    assert answer.status_code == code, answer.text[:2000]
    return answer.text


def correct(client: TestClient, code: int = 303, *, key: str = KEY, **fields: Any) -> str:
    """Correct a record in the draft of its document."""
    draft = draft_of(client, REPORT).partition("?")[0]
    return post(client, f"{draft}/fields", code, document=REPORT, key=key, **fields)


def publish(client: TestClient) -> None:
    """Publish what was changed, and answer from it."""
    publish_draft(client, draft_of(client, REPORT))
    client.app.state.holder.update()  # type: ignore[attr-defined]


def first(answer: dict[str, Any]) -> str | None:
    return next((item["key"] for item in answer["citations"]), None)


def test_an_open_question_is_decided_in_its_form_and_one_click_takes_it_back(
    client: TestClient,
) -> None:
    ask(client, QUESTION)
    page = Page(client.get(PAGE).text)
    (form,) = page.links(f"{PAGE}/new?question=")
    assert (
        QUESTION in page.text
        and say(f"people.open_{people_of(client).questions.all()[0].reason}") in page.text
    )
    assert f"{QUESTION}</textarea>" in client.get(form).text
    post(client, f"{PAGE}/new", wordings=QUESTION, kind="gap")
    (made,) = people_of(client).decisions.standing()
    assert (made.kind, made.wordings, made.day) == (DecisionKind.GAP, (QUESTION,), date.today())
    assert people_of(client).open_questions() == []
    page = Page(client.get(PAGE).text)
    assert (
        say("people.kind_gap") in page.text
        and made.person in page.text
        and not page.links(f"{PAGE}/new?question=")
    )
    assert ask(client, QUESTION)["status"] == "not_in_documents"
    post(client, f"{PAGE}/{made.id}/undo")
    assert (
        people_of(client).decisions.standing() == []
        and len(people_of(client).open_questions()) == 1
    )
    assert f"zurückgenommen von {made.person}" in client.get(PAGE).text
    assert client.post(f"{PAGE}/{made.id}/undo").status_code == 404
    log: AuditLog = client.app.state.audit  # type: ignore[attr-defined]
    assert {"decide", "undo"} <= {note.action for note in log.latest()}


def test_a_click_on_wrong_leads_to_a_decision_and_the_item_is_found_at_once(
    client: TestClient,
) -> None:
    question = "Wer leiht mir ein Lastenfahrrad fürs Wochenende?"
    found = ask(client, question)
    rate(client, found, helpful=False)
    rate(client, found, helpful=False, reason="wrong")
    (kept,) = people_of(client).questions.all()
    assert (kept.reason, kept.times) == (OpenReason.WRONG, 1)
    case = json.loads(client.get(f"{PAGE}/cases.jsonl").text)
    assert case["expect"] == {"behavior": "open"}  # before anybody decides
    form = client.get(f"{PAGE}/new", params={"question": question}).text
    assert 'name="item" value="' in form, "items that fit can be chosen"
    post(client, f"{PAGE}/new", wordings=question, kind="item", item=f"{REPORT};5.1.4.1")
    assert first(ask(client, question)) == "5.1.4.1" and people_of(client).open_questions() == []
    case = json.loads(client.get(f"{PAGE}/cases.jsonl").text)
    assert case["expect"]["citations_any"] == [[REPORT, "5.1.4.1"]]
    (made,) = people_of(client).decisions.standing()
    post(client, f"{PAGE}/{made.id}/undo")
    assert first(ask(client, question)) != "5.1.4.1"


def test_a_text_is_checked_told_changed_and_taken_back(client: TestClient) -> None:
    form = client.get(f"{PAGE}/new", params={"question": "Bis wann fährt der Nachtbus?"})
    assert "Bis wann fährt der Nachtbus?</textarea>" in form.text
    wrong = post(client, f"{PAGE}/new", 422, **{**TEXT, "until": "", "items": f"{REPORT};9.9"})
    assert (
        say("people.no_last_day") in wrong
        and say("people.no_item", document=REPORT, key="9.9") in wrong
    )
    post(client, f"{PAGE}/new", 422, **{**TEXT, "replaced": "9" * 30})
    post(client, f"{PAGE}/new", **TEXT)
    assert ask(client, "Bis wann fährt denn der Nachtbus am Samstag?")["mode"] == "curated"
    (made,) = people_of(client).decisions.standing()
    assert "Stabsstelle &lt;Beteiligung&gt;" in client.get(PAGE).text
    again = post(client, f"{PAGE}/new", 422, **{**TEXT, "kind": "gap"})
    assert say("people.doubled", number=made.id) in again
    assert "3:30 Uhr." in client.get(f"{PAGE}/new?replaced={made.id}").text
    post(
        client,
        f"{PAGE}/new",
        **{**TEXT, "value": "Die Nachtlinien fahren bis 4:30 Uhr."},
        replaced=made.id,
    )
    assert ask(client, "Bis wann fährt der Nachtbus?")["mode"] != "curated"
    page = client.get(PAGE).text
    assert (
        page.count('class="flag"') == 1
        and "4:30" in page
        and len(people_of(client).decisions.all()) == 2
    )


def test_after_a_decision_the_page_shows_what_citizens_now_get(client: TestClient) -> None:
    def decided(path: str, **fields: Any) -> Page:
        answer = client.post(path, data=fields, follow_redirects=False)
        assert answer.status_code == 303
        return Page(client.get(answer.headers["location"].partition("#")[0]).text)

    wordings = "Wo ist das Bürgerbüro?\nWer hilft mir?\nHilfe, ich bin verletzt!"
    page = decided(f"{PAGE}/new", **{**TEXT, "wordings": wordings})
    (made,) = people_of(client).decisions.standing()
    for question in made.wordings:
        shown = page.text.partition(f"Auf „{question}“ bekommt man jetzt:")[2].strip()
        # danger goes before what anybody decided, and the page says so
        is_danger = "verletzt" in question
        assert shown.startswith("nicht wie entschieden") is is_danger, question
        assert shown.startswith("Die drei Nachtlinien fahren") is not is_danger, question
        curated = ask(client, question)["mode"] == "curated"
        assert curated is not is_danger
    page = decided(f"{PAGE}/{made.id}/undo")
    now = page.text.partition("Auf „Wer hilft mir?“ bekommt man jetzt:")[2].strip()
    assert now and not now.startswith("Die drei Nachtlinien fahren")
    assert "nicht wie entschieden" not in page.text
    assert "bekommt man jetzt" not in client.get(PAGE).text
    page = decided(f"{PAGE}/new", wordings=QUESTION, kind="item", item=f"{REPORT};5.1.4.1")
    assert f"Auf „{QUESTION}“ bekommt man jetzt:" in page.text
    assert "nicht wie entschieden" not in page.text


def test_of_two_who_change_one_decision_the_second_is_told_and_keeps_what_was_typed(
    client: TestClient,
) -> None:
    post(client, f"{PAGE}/new", wordings=QUESTION, kind="gap")
    (before,) = people_of(client).decisions.standing()
    change = {"kind": "gap", "replaced": str(before.id)}
    post(client, f"{PAGE}/new", wordings="Wo leihe ich ein Rad?", **change)
    standing = people_of(client).decisions.standing()
    told = post(client, f"{PAGE}/new", 422, wordings="Wer verleiht Anhänger?", **change)
    assert say("review.decided_meanwhile") in told
    assert "Wer verleiht Anhänger?</textarea>" in told
    assert 'name="replaced"' not in told, "after a look it can be decided all the same"
    assert people_of(client).decisions.standing() == standing


def test_questions_are_deleted_for_good_many_at_once(client: TestClient) -> None:
    people = people_of(client)
    for number in range(60):
        people.questions.store(f"Wer wohnt in Nummer {number}?", OpenReason.FOUND)
    for name in ("Eins?", "eins", "Zwei?", "Drei?"):
        people.questions.store(name, OpenReason.UNANSWERED)
    chosen = [rows[0].id for rows in people.open_questions()[:2]]
    post(client, f"{PAGE}/questions/delete", rows=chosen)
    assert people.open_questions()[0][0].question == "Zwei?"
    assert len(people.questions.all()) == 61
    post(client, f"{PAGE}/questions/delete", reason=OpenReason.FOUND)
    assert [each.question for each in people.questions.all()] == ["Zwei?"]
    assert client.post(f"{PAGE}/questions/delete", data={"rows": chosen}).status_code == 404


def test_open_questions_are_by_rating_then_without_answer_then_by_how_often(
    client: TestClient,
) -> None:
    questions = people_of(client).questions
    asked = {"Gefunden?": OpenReason.FOUND, "Ohne?": OpenReason.UNANSWERED}
    for question, reason in asked.items():
        for _ in range(3 if reason is OpenReason.FOUND else 1):
            questions.store(question, reason)
    questions.store("Falsch?", OpenReason.WRONG)
    for _ in range(2):
        questions.store("Oft ohne?", OpenReason.UNANSWERED)
    page = client.get(PAGE).text
    shown = sorted(
        ("Falsch?", "Oft ohne?", "Ohne?", "Gefunden?"), key=lambda text: page.index(f">{text}</a>")
    )
    assert shown == ["Falsch?", "Oft ohne?", "Ohne?", "Gefunden?"]


def test_a_correction_holds_everywhere_once_it_is_published_and_says_so(
    client: TestClient,
) -> None:
    listed = {"status": "implemented", "page_size": 500}
    counted = client.get("/api/v1/projects", params=listed).json()["total"]
    before = client.get(RECORD).json()
    assert f"/staff/uploads/drafts?document={REPORT}&amp;item={KEY}" in client.get(ITEM).text
    form = client.get(draft_of(client, REPORT, KEY)).text
    assert '<option value="in_progress" selected>' in form and "/staff/uploads/publish" not in form
    correct(client, **RIGHT, title="Rufbus im Südkreis", unit="70 Umwelt", cost="1,60 Euro")
    form = client.get(draft_of(client, REPORT, KEY)).text
    assert "noch nicht veröffentlicht" in form and 'value="1,60 Euro"' in form
    assert "Zum Entwurf" in client.get(PAGE).text
    assert client.get(RECORD).json() == before
    publish(client)
    assert "/staff/uploads/publish" not in client.get(draft_of(client, REPORT, KEY)).text
    after = client.get(RECORD).json()
    assert after["status"] == "implemented" and before["status"] == "in_progress"
    assert {item["field"] for item in after["corrected"]} == {"status", "title", "unit", "cost"}
    assert "person" not in after["corrected"][0]
    assert client.get("/api/v1/projects", params=listed).json()["total"] == counted + 1
    for path in (PUBLIC, ITEM):
        page = client.get(path).text
        assert "Korrigiert:" in page and "gelesen war „in Bearbeitung“" in page
        assert "Eröffnet &lt;b&gt;im&lt;/b&gt; Mai" in page
    assert (
        "Status „umgesetzt“, gelesen war „in Bearbeitung“"
        in client.get("/staff/catalogue.csv").text
    )
    assert (
        "Status „umgesetzt“, gelesen war „in Bearbeitung“"
        not in client.get(f"/documents/{REPORT}/5.1.1.1").text
    )
    asked = ask(client, f"Wer ist für {KEY} zuständig?")
    assert "70 Umwelt, laut Korrektur" in asked["answer"] and asked["citations"][0]["corrected"]
    costs = ask(client, f"Was kostet {KEY}?")
    assert "1,60 Euro" in costs["answer"] and say("wording.corrected") in costs["answer"]
    assert [cost["verbatim"] for cost in costs["citations"] if cost["quote"] == "1,60 Euro"] == [
        False
    ]
    found = client.get("/api/v1/search", params={"q": "Rufbus im Südkreis"}).json()["items"]
    assert found[0]["key"] == KEY
    (status,) = (
        field for field in people_of(client).decisions.on_fields() if field.field == "status"
    )
    assert (status.read, status.value) == ("in_progress", "implemented")
    back = client.post(f"{PAGE}/{status.id}/undo", data={"back": ITEM}, follow_redirects=False)
    assert back.headers["location"] == ITEM
    assert "noch nicht veröffentlicht" in client.get(PAGE).text
    assert client.get(RECORD).json()["status"] == "implemented"
    publish(client)
    assert client.get(RECORD).json()["status"] == "in_progress"
    read = {"title": before["title"], "unit": "\n".join(before["responsible"]), "cost": ""}
    correct(client, **read, reason="Irrtum")
    publish(client)
    now = client.get(RECORD).json()
    assert now.get("corrected", []) == [] and now["title"] == before["title"], (
        "what is as it was read is taken back"
    )
    assert people_of(client).decisions.on_fields() == []


def test_a_record_is_taken_away_and_another_added(client: TestClient) -> None:
    total = client.get("/api/v1/projects").json()["total"]
    correct(client, kind="section", reason="Keines")
    publish(client)
    assert client.get("/api/v1/projects").json()["total"] == total - 1
    assert client.get(RECORD).json()["kind"] == "section"
    form = client.get(draft_of(client, REPORT, "5.1.1.1")).text
    line = form.split('name="record">')[1].split("<option>")[1].partition("</option>")[0]
    correct(client, key="5.1.1.1", record=line, reason="Zwei Vorhaben")
    publish(client)
    assert client.get("/api/v1/projects").json()["total"] == total
    (added,) = (
        item
        for item in client.get("/api/v1/projects?page_size=500").json()["items"]
        if "~" in item["key"]
    )
    assert added["title"] == line and client.get(added["url"]).status_code == 200
    assert first(ask(client, line)) in (added["key"], "5.1.1.1")
    for decision in people_of(client).decisions.on_fields():
        post(client, f"{PAGE}/{decision.id}/undo")
    publish(client)
    assert client.get("/api/v1/projects").json()["total"] == total


def test_what_can_be_no_correction_says_why_and_keeps_what_was_typed(client: TestClient) -> None:
    for fields, key in (
        ({"status": "bald"}, "corrections.wrong_status"),
        ({"reason": " "}, "corrections.no_reason"),
        ({"title": ""}, "corrections.no_value"),
        ({"record": "steht nirgends"}, "corrections.no_line"),
        ({"until": "bald"}, "people.no_day"),
    ):
        text = correct(client, 422, **{**RIGHT, **fields, "cost": "17 Euro"})
        assert say(key).partition("{")[0] in text and 'value="17 Euro"' in text, key
    assert people_of(client).decisions.all() == []


def test_what_no_longer_fits_is_shown(client: TestClient) -> None:
    people = people_of(client)
    decisions = people.decisions.on_fields
    correct(client, **RIGHT)
    publish(client)
    (made,) = decisions()
    people.decisions.undo(made.id, "Ada")
    people.decisions.publish([made.id])
    for change, key in (
        ({"read": "idea"}, "read_otherwise"),
        ({"items": ((REPORT, "9.9"),)}, "no_item"),
    ):
        people.decisions.add(
            [made.__class__(**{**{n: getattr(made, n) for n in made.__slots__}, **change, "id": 0})]
        )
        client.app.state.holder.update()  # type: ignore[attr-defined]
        assert say(f"corrections.{key}") in client.get(PAGE).text
    assert client.get(RECORD).json()["status"] == "in_progress"
    correct(client, 404, key="9.9", **RIGHT)


def test_a_hint_of_a_citizen_reaches_staff_and_changes_nothing(client: TestClient) -> None:
    before = client.get(RECORD).json()
    sent = client.post(f"{PUBLIC}/hint", data={"part": "date", "text": "Seit Mai <i>fertig</i>"})
    assert sent.status_code == 200 and say("labels.hint_kept") in sent.text
    assert say("labels.hint_empty") in client.post(f"{PUBLIC}/hint", data={"text": "  "}).text
    page = client.get(PAGE).text
    assert "Seit Mai &lt;i&gt;fertig&lt;/i&gt;" in page
    assert f"/staff/uploads/drafts?document={REPORT}&amp;item={KEY}" in page
    assert client.get(RECORD).json() == before
    hints = people_of(client).hints
    (hint,) = hints.all()
    post(client, "/staff/hints/done", numbers=hint.id)
    assert hints.all() == []
    foreign = client.post(
        f"{PUBLIC}/hint", data={"text": "x"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert foreign.status_code == 403


def test_readers_see_what_was_decided_and_nothing_that_people_asked(client_for: ClientFor) -> None:
    reader = client_for(staff_access="public")
    people_of(reader).questions.store("Wer wohnt hier?", OpenReason.UNANSWERED)
    page = reader.get(PAGE).text
    assert (
        "Wer wohnt hier?" not in page and 'id="hinweise"' not in page and 'id="entschieden"' in page
    )
    assert "/staff/uploads/drafts" not in reader.get(ITEM).text
    for path in (
        "/staff/uploads/publish",
        f"{PAGE}/new",
        "/staff/hints/done",
        f"{PAGE}/questions/delete",
        f"{PAGE}/1/undo",
    ):
        assert reader.post(path, data=RIGHT).status_code == 403, path
    for path in (f"{PAGE}/cases.jsonl", f"{PAGE}/new", f"{PAGE}.csv"):
        assert reader.get(path).status_code == 403, path


def test_decisions_that_cannot_be_read_leave_what_was_decided(client: TestClient) -> None:
    post(client, f"{PAGE}/new", **TEXT)
    path = people_of(client).decisions._database.path
    assert path is not None
    with path.open("r+b") as file:  # at no moment empty, as a database without tables is
        file.write(b"no database" * 100)
    client.app.state.holder.update()  # type: ignore[attr-defined]
    assert ask(client, "Bis wann fährt der Nachtbus?")["mode"] == "curated"
