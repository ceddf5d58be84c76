"""Corrections on the staff page, from the form to the next edition, and hints from the citizens' page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.amending.hints import Hints
from service.amending.publishing import Publisher
from service.app import create_app
from service.audit import AuditLog
from service.composition import make_holder
from service.settings import Settings
from tests.processes import until
from tests.service.county import motion, report
from tests.staff.conftest import HERE, LOOPBACK
from tests.staff.signing_in import signed_in
from vectorstore.editions import EditionStore

ITEM = "/staff/items/auenland-report/2.1.2.3"
PUBLIC = "/documents/auenland-report/2.1.2.3"
RIGHT = {"part": "status", "value": "implemented", "instead_of": "in_progress", "reason": "Eröffnet <b>im</b> Mai"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    root = tmp_path_factory.mktemp("corrections")
    EditionStore(root).publish([report(), motion()])
    settings = Settings(data_dir=root, rate_per_minute=0)
    app = create_app(settings, make_holder(settings))
    with TestClient(app, base_url=HERE, client=(LOOPBACK, 1), raise_server_exceptions=False) as client:
        yield signed_in(client)


def data_dir(client: TestClient) -> Path:
    settings: Settings = client.app.state.settings  # type: ignore[attr-defined]
    return settings.data_dir


def test_a_correction_is_tried_written_and_published(service: TestClient) -> None:
    assert "Dieser Eintrag ist falsch" in service.get(ITEM).text
    table = data_dir(service) / "corrections.csv"
    tried = service.post(f"{ITEM}/correction", data=RIGHT)
    assert tried.status_code == 200 and "So wird es" in tried.text and not table.exists()
    assert "Eröffnet &lt;b&gt;im&lt;/b&gt; Mai" in tried.text
    kept = service.post(f"{ITEM}/correction", data={**RIGHT, "confirmed": "true"}, follow_redirects=False)
    assert kept.status_code == 303 and kept.headers["location"].startswith("/staff/corrections#k-")
    assert "implemented" in table.read_text(encoding="utf-8-sig")
    listed = service.get("/staff/corrections").text
    assert "1 Änderung ist noch nicht veröffentlicht" in listed and "noch nicht veröffentlicht" in listed
    assert service.post("/staff/corrections/publish", follow_redirects=False).status_code == 303
    until(lambda: "ist veröffentlicht" in service.get("/staff/corrections").text)
    elsewhere = Publisher(service.app.state.settings, service.app.state.database)  # type: ignore[attr-defined]
    assert "ist veröffentlicht" in elsewhere.progress.outcome  # another process shows the same
    until(lambda: "Korrigiert:" in service.get(PUBLIC).text)
    assert "gelesen war „in Bearbeitung“" in service.get(PUBLIC).text
    record = service.get("/api/v1/items/auenland-report/2.1.2.3").json()
    assert record["status"] == "implemented" and record["corrected"][0]["read"] == "in_progress"
    assert "person" not in record["corrected"][0]
    assert "status: in_progress → implemented" in service.get("/staff/catalogue.csv").text
    log: AuditLog = service.app.state.audit  # type: ignore[attr-defined]
    assert {"correction", "corrections published"} <= {note.action for note in log.latest()}


def test_what_does_not_fit_says_why_and_is_not_written(service: TestClient) -> None:
    before = service.get("/staff/corrections.csv").text
    for change, told in (
        ({"instead_of": "planned", "value": "idea"}, "Gelesen ist etwas anderes"),
        ({"value": "bald"}, "kein Status"),
        ({"reason": " "}, "Begründung"),
        ({"part": "text", "instead_of": "e", "value": "x"}, "mehrmals"),
    ):
        answer = service.post(f"{ITEM}/correction", data={**RIGHT, **change, "confirmed": "true"})
        assert answer.status_code == 422 and told in answer.text
    assert service.get("/staff/corrections.csv").text == before
    assert service.post("/staff/items/auenland-report/9.9/correction", data=RIGHT).status_code == 404
    assert service.post("/staff/corrections/remove", data={"token": "k-fehlt"}).status_code == 404


def test_a_table_that_was_spoilt_is_told_and_never_overwritten(service: TestClient) -> None:
    table = data_dir(service) / "corrections.csv"
    kept = table.read_bytes()
    table.write_bytes(kept + b"auenland-report;2;farbe;rot;;weil;;\r\n")
    try:
        assert "kein Feld" in service.get("/staff/corrections").text
        answer = service.post(f"{ITEM}/correction", data={**RIGHT, "confirmed": "true", "value": "planned"})
        assert answer.status_code == 422 and "verloren" in answer.text
        assert table.read_bytes().endswith(b"weil;;\r\n")
    finally:
        table.write_bytes(kept)


def test_a_hint_reaches_staff_and_changes_nothing(service: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    before = service.get(f"/api/v1/items{ITEM.removeprefix('/staff/items')}").json()
    sent = service.post(f"{PUBLIC}/hint", data={"part": "date", "text": "Seit Mai <i>fertig</i>"})
    assert sent.status_code == 200 and "Danke." in sent.text
    assert "Bitte schreiben Sie" in service.post(f"{PUBLIC}/hint", data={"text": "  "}).text
    page = service.get("/staff/corrections").text
    assert "Seit Mai &lt;i&gt;fertig&lt;/i&gt;" in page
    assert service.get(f"/api/v1/items{ITEM.removeprefix('/staff/items')}").json() == before
    hints = Hints(service.app.state.database)  # type: ignore[attr-defined]
    (hint,) = hints.all()
    assert service.post("/staff/hints/done", data={"numbers": hint.id}, follow_redirects=False).status_code == 303
    assert hints.all() == []
    monkeypatch.setattr("service.amending.hints.MOST_PER_HOUR", 1)
    hints.keep("auenland-report", "2", "other", "x")
    assert "sehr viele Hinweise" in service.post(f"{PUBLIC}/hint", data={"text": "noch einer"}).text


def test_foreign_sites_and_readers_change_nothing(service: TestClient) -> None:
    foreign = service.post(f"{PUBLIC}/hint", data={"text": "x"}, headers={"Origin": "https://boese.example"})
    assert foreign.status_code == 403
    settings = Settings(data_dir=data_dir(service), rate_per_minute=0, staff_access="public")
    app = create_app(settings, make_holder(settings))
    reader = TestClient(app, base_url=HERE, client=(LOOPBACK, 1), raise_server_exceptions=False)
    assert "Dieser Eintrag ist falsch" not in reader.get(ITEM).text
    assert "Hinweise (" not in reader.get("/staff/corrections").text
    for path in (
        ITEM + "/correction",
        "/staff/corrections/publish",
        "/staff/corrections/remove",
        "/staff/hints/done",
    ):
        assert reader.post(path, data={**RIGHT, "token": "x"}).status_code == 403


def test_an_answer_says_that_its_source_is_corrected(service: TestClient) -> None:
    fix = {"part": "text", "instead_of": "zwölf Kilometern", "value": "zwei Kilometern", "reason": "Druckfehler"}
    kept = service.post(f"{ITEM}/correction", data={**fix, "confirmed": "true"}, follow_redirects=False)
    assert kept.status_code == 303
    assert service.post("/staff/corrections/publish", follow_redirects=False).status_code == 303
    question = {"question": "Welche Orte verbindet der Radschnellweg Nord?"}

    def cited() -> list[dict[str, Any]]:
        citations = service.post("/api/v1/chat", json=question).json()["citations"]
        return [one for one in citations if "zwei Kilometern" in one["quote"]]

    until(lambda: bool(cited()))
    assert cited()[0]["verbatim"] is False and any(one["field"] == "text" for one in cited()[0]["corrected"])
    page = service.get("/ask", params={"q": question["question"]}).text
    assert "nicht den des Papiers" in page
