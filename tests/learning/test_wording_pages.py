"""What staff does with further wordings on the pages: writes them, sees what is there, has a decision hold for more."""

from __future__ import annotations

from starlette.testclient import TestClient

from service.learning.decisions import Decision
from tests.learning.conftest import learning_of
from tests.learning.test_pages import ITEM, OWN_WORDS, PATH, REPORT, decide, kept_id

OTHER_WORDS = "Kistenvelo ausborgen, wie geht das?"


def only(client: TestClient) -> Decision:
    (made,) = learning_of(client).decisions.all()
    return made


def test_further_wordings_are_written_removed_and_added(client: TestClient) -> None:
    also = "Leiht mir wer ein Rad?\n\nHat Frau Muster ein Lastenvelo?"
    where = decide(client, kept_id(client), "item_question", item=f"{REPORT}/{ITEM}", also=also, as_case="true")
    page = client.get(where).text
    assert "2 weitere Wortlaute" in page and "Hat Frau [Name] ein Lastenvelo?" in page and "Frau Muster" not in page
    assert len(client.get(f"{PATH}/cases.jsonl").text.splitlines()) == 3
    assert "3 Fragen kommen" in client.get(f"{PATH}/trial").text

    entry = client.get(f"{PATH}/entry", params={"document": REPORT, "number": ITEM}).text
    assert "3 Fragen führen schon dorthin" in entry and "Leiht mir wer ein Rad?" in entry and "<html" not in entry
    assert "Sobald oben ein Eintrag gewählt ist" in client.get(f"{PATH}/entry", params={"document": "x"}).text
    nowhere = client.get(f"{PATH}/entry", params={"document": REPORT, "number": "99.9"}).text
    assert "gibt es keinen Eintrag „99.9“" in nowhere

    address = f"{PATH}/decisions/1/wordings"
    assert client.post(f"{address}/1/remove").status_code == 200
    assert client.post(f"{address}/1/remove").status_code == 404
    assert "entfernt" in client.get(where).text and "2 Fragen kommen" in client.get(f"{PATH}/trial").text
    wrong = client.post(address, data={"also": f"Neu?\n{OWN_WORDS}\nhat frau [Name] ein lastenvelo"})
    assert wrong.status_code == 422 and "führt schon zu diesem Eintrag" in wrong.text and ">Neu?\n" in wrong.text
    assert client.post(address, data={"also": " "}).status_code == 422
    assert client.post(address, data={"also": "Velo mieten Auenland"}).status_code == 200
    assert only(client).also == ("Hat Frau [Name] ein Lastenvelo?", "Velo mieten Auenland")
    client.post(f"{PATH}/decisions/1/undo")
    assert client.post(address, data={"also": "Noch eines?"}).status_code == 422
    actions = [one.action for one in client.app.state.audit.latest()]  # type: ignore[attr-defined]
    assert {"learning.remove-wording", "learning.extend"} < set(actions)


def test_a_decision_is_offered_for_other_words_and_holds_for_them_by_one_click(client: TestClient) -> None:
    decide(client, kept_id(client), "item_question", item=f"{REPORT}/{ITEM}")
    kept = kept_id(client, OTHER_WORDS)
    assert "schon entschieden: „Kann ich ein Kistenvelo ausborgen?“, auch dafür?" in client.get(PATH).text
    page = client.get(f"{PATH}/questions/{kept}").text
    assert "Auch dafür" in page and "Lastenradverleih" in page
    fields = {"decision": "1", "member": kept}
    joined = client.post(f"{PATH}/questions/{kept}/join", data=fields, follow_redirects=False)
    assert joined.headers["location"] == f"{PATH}/decisions#entscheidung-1"
    assert (only(client).also, only(client).times) == ((OTHER_WORDS,), 2)
    assert learning_of(client).kept.open() == []
    assert client.post(f"{PATH}/questions/{kept}/join", data=fields).status_code == 404

    client.post(f"{PATH}/decisions/1/wordings/1/remove")
    assert [one.id for one in learning_of(client).kept.open()] == [kept]
    client.post(f"{PATH}/decisions/1/undo")
    refused = client.post(f"{PATH}/questions/{kept}/join", data=fields)
    assert refused.status_code == 422 and "die noch gilt, gibt es nicht" in refused.text
    assert kept in [one.id for one in learning_of(client).kept.open()]
