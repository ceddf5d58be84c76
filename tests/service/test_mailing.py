"""The contact form and mails to a real server on loopback: what arrives, what is refused, and that
nothing stays.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service import Settings
from service.app.application import create_app
from service.web import Outbox
from service.web.http import Quota
from service.web.mail import MAX_ATTACHMENT, safe_name
from tests.ingest.cases import cases
from tests.processes import free_port
from tests.replies import problem_of
from tests.service.fakes import client_for
from tests.service.mail_server import (
    CONTACT,
    GOOD,
    PDF,
    Inbox,
    mail_server,
    post,
    self_signed,
    settings_of,
)
from tests.service.test_feedback import issued
from vectorstore import EditionStore


@pytest.fixture
def settings(inbox: Inbox, store: EditionStore) -> Iterator[Settings]:
    with mail_server(inbox) as port:
        yield settings_of(store, port)


@pytest.mark.parametrize("whole", [False, True])
def test_encrypted_and_only_to_a_server_that_proves_its_name(
    inbox: Inbox, store: EditionStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    certificate = self_signed(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, tmp_path / "key.pem")
    wishes: dict[str, Any] = (
        {"ssl_context": context} if whole else {"tls_context": context, "require_starttls": True}
    )
    with mail_server(inbox, **wishes) as port:
        made = settings_of(store, port, mail_starttls=True)
        monkeypatch.setattr("service.web.mail.TLS_PORT", port if whole else 465)
        with TestClient(create_app(made), client=("127.0.0.1", 1)) as client:
            assert post(client, GOOD).status_code == 503
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
            assert post(client, GOOD).status_code == 204
    assert len(inbox.got) == 1


def test_a_server_that_is_away_or_cannot_encrypt(settings: Settings, inbox: Inbox) -> None:
    for changed in ({"mail_port": free_port()}, {"mail_starttls": True}):
        with TestClient(
            create_app(settings.model_copy(update=changed)), client=("127.0.0.1", 1)
        ) as client:
            assert post(client, GOOD).status_code == 503, changed
    assert inbox.got == []


def test_no_form_without_a_mail_server(store: EditionStore) -> None:
    client = client_for(store)
    response = post(client, GOOD)
    assert problem_of(response) == (404, "no-contact-form")
    assert (
        post(client, GOOD, ("a.pdf", PDF.ljust(70_000, b"x"), "application/pdf")).status_code == 413
    )


def test_a_stranger_may_send_five_a_minute(app: FastAPI, inbox: Inbox) -> None:
    with TestClient(app, client=("203.0.113.9", 1)) as client:
        assert [post(client, GOOD).status_code for _ in range(6)] == [204] * 5 + [429]
        refused = post(client, GOOD)
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        text = {"answer_id": issued(client), "helpful": True, "text": "Danke!"}
        assert client.post("/api/v1/feedback", json=text).status_code == 429
        assert client.get("/api/v1/projects").status_code == 200
    assert len(inbox.got) == 5


def test_all_together_may_send_so_many_an_hour(
    app: FastAPI, settings: Settings, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    app.state.outbox = Outbox(settings, Quota(app.state.database, b"k", "few", (), (3, 3600.0)))
    statuses = []
    with caplog.at_level(logging.WARNING), TestClient(app, client=("127.0.0.1", 1)) as client:
        for number in range(5):  # loopback itself and clients behind it
            response = post(
                client,
                GOOD,
                None,
                **({"X-Forwarded-For": f"198.51.100.{number}"} if number % 2 else {}),
            )
            statuses.append(response.status_code)
        assert statuses == [204, 204, 204, 429, 429]
        assert (
            response.json()["type"].endswith(":too-many-mails")
            and "später" in response.json()["detail"]
        )
        assert 3500 < int(response.headers["retry-after"]) <= 3600
    assert len(inbox.got) == 3
    assert caplog.text.count("zu viele") == 1


def test_a_text_of_feedback_is_mailed_and_not_stored(
    client: TestClient, inbox: Inbox, store: EditionStore
) -> None:
    answer_id = issued(client)
    body = {
        "answer_id": answer_id,
        "helpful": False,
        "reason": "wrong",
        "text": "Gartenzwerg4711\r\nBcc: c@d.example",
    }
    assert client.post("/api/v1/feedback", json=body).status_code == 204
    ((_, recipients, mail),) = inbox.got
    assert recipients == ["buero@auenland.example"] and mail["Bcc"] is None
    assert "Gartenzwerg4711" in mail.get_content() and answer_id in mail.get_content()
    assert "nicht hilfreich (falsch)" in mail.get_content()
    assert [
        path for path in files_below(store.root) if b"Gartenzwerg4711" in path.read_bytes()
    ] == []
    inbox.refuse = True
    refused = client.post("/api/v1/feedback", json={**body, "answer_id": issued(client)})
    assert refused.status_code == 503


def test_nothing_is_stored_or_logged(
    client: TestClient, inbox: Inbox, store: EditionStore, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    secret = "Gartenzwerg4711"
    values = {"email": f"{secret}@a.example", "name": secret, "message": secret, "question": secret}
    file = (f"{secret}.pdf", PDF + secret.encode() * 10_000, "application/pdf")
    before = files_below(store.root)
    with caplog.at_level(logging.DEBUG):
        inbox.refuse = True
        assert problem_of(post(client, values, file)) == (503, "mail-refused")
        inbox.refuse = False
        assert post(client, values, file).status_code == 204
        assert post(client, {**values, "email": secret}, file).status_code == 422
    ours = [record for record in caplog.records if record.name.startswith("strategielotse")]
    text = "\n".join(logging.Formatter().format(record) for record in ours)
    assert "/api/v1/contact 204" in text and "SMTPDataError" in text and secret not in text
    assert files_below(store.root) == before and list(tmp_path.iterdir()) == []


def files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def fields_of(response: Any) -> list[str]:
    assert response.status_code == 422
    return [error["field"] for error in response.json()["errors"]]


def test_a_message_arrives(client: TestClient, inbox: Inbox) -> None:
    values = {
        **GOOD,
        "name": "Erika Müller",
        "phone": "+49 (1234) 567-0",
        "question": "Wer plant den Radweg?",
    }
    response = post(client, values, ("Skizze.pdf", PDF, "application/pdf"))
    assert (response.status_code, response.content) == (204, b"")
    ((sender, recipients, mail),) = inbox.got
    assert (sender, recipients) == ("lotse@auenland.example", ["buero@auenland.example"])
    assert mail["Subject"] == "Strategielotse: Nachricht über das Kontaktformular"
    assert (mail["To"], mail["Reply-To"]) == ("buero@auenland.example", "erika@muster.example")
    body = mail.get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == (
        "Name: Erika Müller\nE-Mail: erika@muster.example\nTelefon: +49 (1234) 567-0\n\n"
        "Gestellte Frage: Wer plant den Radweg?\n\nBitte rufen Sie mich an.\nDanke!\n"
    )
    (attached,) = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == (
        "Skizze.pdf",
        "application/pdf",
    )
    assert attached.get_content() == PDF


@cases("changed", "wrong")
def test_wrong_fields_are_named_and_nothing_is_sent(
    client: TestClient, inbox: Inbox, changed: dict[str, str], wrong: tuple[str, ...]
) -> None:
    assert fields_of(post(client, {**GOOD, **changed})) == list(wrong)
    assert inbox.got == []


def test_what_is_too_long_is_named_too(client: TestClient, inbox: Inbox) -> None:
    for field, most in (("message", 4000), ("question", 500)):
        assert fields_of(post(client, {**GOOD, field: "x" * (most + 1)})) == [field]
    assert inbox.got == []
    assert post(client, {**GOOD, "message": "x\r\n" * 1995}).status_code == 204


def test_headers_in_the_message_stay_in_the_body(client: TestClient, inbox: Inbox) -> None:
    text = "Hallo\r\n\r\n.\r\nMAIL FROM:<x@y.example>\r\nBcc: c@d.example\r\n\x1b[31m"
    assert post(client, {**GOOD, "message": text}).status_code == 204
    ((_, recipients, mail),) = inbox.got
    assert recipients == ["buero@auenland.example"] and mail["Bcc"] is None
    content = mail.get_content()
    assert "Bcc: c@d.example" in content and "\x1b" not in content


@pytest.mark.parametrize(
    ("name", "content", "declared"),
    [
        ("a.pdf", b"MZ\x90\x00 program", "application/pdf"),
        ("a.html", b"<script>alert(1)</script>", "text/html"),
        ("a.svg", b"<svg onload='alert(1)'/>", "image/svg+xml"),
        ("a.png", PDF, "image/png"),
        ("a.pdf", PDF, "text/html"),
        ("a.pdf", b" %PDF-1.7", "application/pdf"),
    ],
)
def test_only_files_that_are_what_they_say(
    client: TestClient, inbox: Inbox, name: str, content: bytes, declared: str
) -> None:
    assert fields_of(post(client, GOOD, (name, content, declared))) == ["attachment"]
    assert inbox.got == []


@cases("name", "safe")
def test_names_of_files_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name, "pdf") == safe


def test_a_long_name_is_cut() -> None:
    assert safe_name("ä" * 300 + ".pdf", "pdf") == "ä" * 80 + ".pdf"


def test_too_large_an_attachment_and_one_just_small_enough(
    client: TestClient, inbox: Inbox
) -> None:
    assert (
        post(
            client, GOOD, ("a.pdf", PDF.ljust(MAX_ATTACHMENT + 1, b"x"), "application/pdf")
        ).status_code
        == 413
    )
    assert inbox.got == []
    assert (
        post(
            client, GOOD, ("a.pdf", PDF.ljust(MAX_ATTACHMENT, b"x"), "application/pdf")
        ).status_code
        == 204
    )
    (attached,) = inbox.got[0][2].iter_attachments()
    assert len(attached.get_content()) == MAX_ATTACHMENT


@cases("content", "kind", "status")
def test_what_is_no_form(client: TestClient, content: str, kind: str, status: int) -> None:
    assert (
        client.post(CONTACT, content=content, headers={"Content-Type": kind}).status_code == status
    )
