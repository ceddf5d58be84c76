"""The contact form, to a real mail server on loopback: what arrives, what is refused, and that nothing stays."""

from __future__ import annotations

import asyncio
import logging
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from pydantic import SecretStr
from starlette.testclient import TestClient

from service.app import create_app
from service.edition_holder import EditionHolder
from service.identifiers import new_answer_id
from service.mail.attachments import safe_name
from service.mail.contact_form import ContactMessage
from service.mail.messages import contact_mail
from service.settings import MAIL_ADDRESS, Settings
from tests.processes import free_port
from tests.service.fakes import QuotingEditions
from vectorstore.editions import EditionStore

CONTACT = "/api/v1/contact"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4
GOOD = {"email": "erika@muster.example", "message": "Bitte rufen Sie mich an.\nDanke!"}


@dataclass
class Inbox:
    """A handler of a mail server that keeps what it gets, refuses it, or takes its time."""

    refuse: bool = False
    seconds: float = 0.0
    got: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.seconds)
        if self.refuse:
            return "451 later"
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.got.append((envelope.mail_from, envelope.rcpt_tos, mail))
        return "250 OK"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@contextmanager
def mail_server(inbox: Inbox, **wishes: Any) -> Iterator[int]:
    """Run a mail server on loopback; yields its port."""
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port(), **wishes)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def settings_of(store: EditionStore, port: int, **changed: Any) -> Settings:
    values: dict[str, Any] = {
        "data_dir": store.root,
        "mail_host": "127.0.0.1",
        "mail_port": port,
        "mail_starttls": False,
        "mail_from": "lotse@auenland.example",
        "mail_to": "buero@auenland.example",
        "attachment_max_bytes": 200_000,
    }
    return Settings(**{**values, **changed})


@pytest.fixture
def settings(inbox: Inbox, store: EditionStore) -> Iterator[Settings]:
    with mail_server(inbox) as port:
        yield settings_of(store, port)


def self_signed(folder: Path) -> Path:
    """Make a key and a certificate for 127.0.0.1; returns the certificate."""
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 "
        "-keyout key.pem -out certificate.pem"
    )
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True, timeout=60)
    return folder / "certificate.pem"


def fields_of(response: Any) -> list[str]:
    assert response.status_code == 422
    return [error["field"] for error in response.json()["errors"]]


def post(client: TestClient, values: dict[str, str], file: tuple[str, bytes, str] | None = None, **headers: str) -> Any:
    parts: list[tuple[str, Any]] = [(name, (None, value)) for name, value in values.items()]
    parts += [("attachment", file)] if file else []
    return client.post(CONTACT, files=parts, headers=headers)


def test_a_message_arrives(client: TestClient, inbox: Inbox) -> None:
    values = {**GOOD, "name": "Erika Müller", "phone": "+49 (1234) 567-0", "question": "Wer plant den Radweg?"}
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
    assert (attached.get_filename(), attached.get_content_type()) == ("Skizze.pdf", "application/pdf")
    assert attached.get_content() == PDF


def test_a_telephone_number_is_enough(client: TestClient, inbox: Inbox) -> None:
    assert post(client, {"phone": "01234 5670", "message": "Bitte anrufen."}).status_code == 204
    assert inbox.got[0][2]["Reply-To"] is None


def test_an_empty_file_field_is_no_attachment(client: TestClient, inbox: Inbox) -> None:
    assert post(client, GOOD, ("", b"", "application/octet-stream")).status_code == 204
    assert list(inbox.got[0][2].iter_attachments()) == []


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"message": ""}, ["message"]),
        ({"message": " \n\t "}, ["message"]),
        ({"message": "x" * 4001}, ["message"]),
        ({"email": ""}, ["email"]),
        ({"email": "erika"}, ["email"]),
        ({"email": "erika@localhost"}, ["email"]),
        ({"email": "a@b.example, c@d.example"}, ["email"]),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, ["email"]),
        ({"email": "a@b.example\nBcc: c@d.example"}, ["email"]),
        ({"phone": "ruf an\r\nBcc: c@d.example"}, ["phone"]),
        ({"name": "Erika\r\nBcc: c@d.example"}, ["name"]),
        ({"name": "Erika\x00"}, ["name"]),
        ({"question": "x" * 501}, ["question"]),
        ({"email": "", "message": "", "phone": "x"}, ["message", "phone"]),
    ],
)
def test_wrong_fields_are_named_and_nothing_is_sent(
    client: TestClient, inbox: Inbox, changed: dict[str, str], wrong: list[str]
) -> None:
    assert fields_of(post(client, {**GOOD, **changed})) == wrong
    assert inbox.got == []


def test_field_errors_speak_the_readers_language(client: TestClient) -> None:
    german = post(client, {"message": "x"}).json()["errors"]
    english = post(client, {"message": "x"}, **{"Accept-Language": "en"}).json()["errors"]
    assert german[0]["message"].startswith("Bitte geben Sie eine E-Mail-Adresse")
    assert english == [{"field": "email", "message": "Please give an e-mail address or a telephone number."}]


def test_headers_in_the_message_stay_in_the_body(client: TestClient, inbox: Inbox) -> None:
    text = "Hallo\r\n\r\n.\r\nMAIL FROM:<x@y.example>\r\nBcc: c@d.example\r\n\x1b[31m"
    assert post(client, {**GOOD, "message": text}).status_code == 204
    ((_, recipients, mail),) = inbox.got
    assert recipients == ["buero@auenland.example"] and mail["Bcc"] is None
    content = mail.get_content()
    assert "Bcc: c@d.example" in content and "\x1b" not in content


@settings_of_hypothesis(deadline=None, max_examples=60)
@given(st.from_regex(MAIL_ADDRESS, fullmatch=True), st.text(max_size=300), st.text(max_size=50))
def test_no_text_makes_another_header(email: str, message: str, name: str) -> None:
    settings = Settings(mail_host="h", mail_from="lotse@a.example", mail_to="buero@a.example")
    plain = "".join(char for char in message if not "\ud800" <= char <= "\udfff")
    mail = contact_mail(ContactMessage(email=email, phone="", name=name, message=plain, question=name), settings)
    arrived = message_from_bytes(mail.as_bytes(policy=policy.SMTP), policy=policy.default)
    assert sorted(arrived.keys()) == sorted(
        ["Subject", "From", "To", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type",
         "Content-Transfer-Encoding"]
    )  # fmt: skip
    assert arrived["To"] == "buero@a.example"


@pytest.mark.parametrize(
    ("name", "content", "declared"),
    [
        ("a.pdf", b"MZ\x90\x00 program", "application/pdf"),
        ("a.exe", b"MZ\x90\x00 program", "application/octet-stream"),
        ("a.html", b"<script>alert(1)</script>", "text/html"),
        ("a.svg", b"<svg onload='alert(1)'/>", "image/svg+xml"),
        ("a.png", PDF, "image/png"),
        ("a.pdf", PDF, "text/html"),
        ("a.pdf", b"", "application/pdf"),
        ("a.pdf", b" %PDF-1.7", "application/pdf"),
    ],
)
def test_only_files_that_are_what_they_say(
    client: TestClient, inbox: Inbox, name: str, content: bytes, declared: str
) -> None:
    assert fields_of(post(client, GOOD, (name, content, declared))) == ["attachment"]
    assert inbox.got == []


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Skizze 1.pdf", "Skizze 1.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\erika\\Übersicht.PDF", "Übersicht.pdf"),
        ("rechnung.pdf.exe", "rechnung_pdf.pdf"),
        ('x"; filename="y.exe', "x_ filename_y.pdf"),
        ("a\r\nBcc: b@c.example.pdf", "a_Bcc_ b_c_example.pdf"),
        ("...", "anhang.pdf"),
        ("", "anhang.pdf"),
        ("ä" * 300 + ".pdf", "ä" * 80 + ".pdf"),
        ("\u202egpj.exe", "gpj.pdf"),
    ],
)
def test_names_of_files_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name, "pdf") == safe


@pytest.mark.parametrize("size", [200_001, 400_000])
def test_too_large_an_attachment(client: TestClient, inbox: Inbox, size: int) -> None:
    content = PDF.ljust(size, b"x")
    response = post(client, GOOD, ("a.pdf", content, "application/pdf"))
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert inbox.got == []


def test_too_large_a_body_in_pieces(client: TestClient, inbox: Inbox) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="attachment"; filename="a.pdf"\r\n\r\n'
        for _ in range(300):
            yield b"x" * 1000

    response = client.post(CONTACT, content=pieces(), headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert (response.status_code, response.json()["type"].rpartition(":")[2]) == (413, "too-large")


def test_an_attachment_just_small_enough(client: TestClient, inbox: Inbox) -> None:
    assert post(client, GOOD, ("a.pdf", PDF.ljust(200_000, b"x"), "application/pdf")).status_code == 204
    (attached,) = inbox.got[0][2].iter_attachments()
    assert len(attached.get_content()) == 200_000


def test_other_paths_keep_their_limit(client: TestClient) -> None:
    assert client.post("/api/v1/chat", json={"question": "x", "pad": "x" * 70_000}).status_code == 413


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"message=x", "application/x-www-form-urlencoded", 415),
        (b"--x\r\n", "multipart/form-data", 422),
        (b"nonsense", "multipart/form-data; boundary=x", 422),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n", "multipart/form-data; boundary=x", 422),
        (b"", "multipart/form-data; boundary=x; charset=idna", 422),
    ],
)
def test_what_is_no_form(client: TestClient, content: bytes, kind: str, status: int) -> None:
    assert client.post(CONTACT, content=content, headers={"Content-Type": kind}).status_code == status


def test_two_attachments_are_refused(client: TestClient, inbox: Inbox) -> None:
    two = [("attachment", ("a.pdf", PDF, "application/pdf")), ("attachment", ("b.pdf", PDF, "application/pdf"))]
    assert client.post(CONTACT, data=GOOD, files=two).status_code == 422
    assert inbox.got == []


def test_a_server_that_refuses(client: TestClient, inbox: Inbox) -> None:
    inbox.refuse = True
    response = post(client, GOOD)
    assert (response.status_code, response.json()["type"].rpartition(":")[2]) == (503, "mail-refused")
    inbox.refuse = False
    assert post(client, GOOD).status_code == 204


def test_a_slow_mail_server_has_more_time_than_other_requests(settings: Settings, inbox: Inbox) -> None:
    inbox.seconds = 0.8
    with TestClient(
        create_app(settings.model_copy(update={"request_seconds": 0.3})), client=("127.0.0.1", 1)
    ) as client:
        assert post(client, GOOD).status_code == 204


def test_login(inbox: Inbox, store: EditionStore) -> None:
    asked: list[bytes] = []

    def known(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        asked.append(data.password)
        return AuthResult(success=(data.login, data.password) == (b"lotse", b"Geheim4711"))

    with mail_server(inbox, authenticator=known, auth_require_tls=False) as port:
        made = settings_of(store, port, mail_user="lotse")
        for password, status in (("Geheim4711", 204), ("falsch", 503)):
            secret = made.model_copy(update={"mail_password": SecretStr(password)})
            with TestClient(create_app(secret), client=("127.0.0.1", 1)) as client:
                assert post(client, GOOD).status_code == status
    assert len(inbox.got) == 1 and {b"Geheim4711", b"falsch"} == set(asked)


@pytest.mark.parametrize("whole", [False, True])
def test_encrypted_and_only_to_a_server_that_proves_its_name(
    inbox: Inbox, store: EditionStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    certificate = self_signed(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, tmp_path / "key.pem")
    wishes: dict[str, Any] = {"ssl_context": context} if whole else {"tls_context": context, "require_starttls": True}
    with mail_server(inbox, **wishes) as port:
        made = settings_of(store, port, mail_tls=whole, mail_starttls=not whole)
        with TestClient(create_app(made), client=("127.0.0.1", 1)) as client:
            assert post(client, GOOD).status_code == 503
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
            assert post(client, GOOD).status_code == 204
    assert len(inbox.got) == 1


@pytest.mark.parametrize("changed", [{"mail_port": None}, {"mail_starttls": True}, {"mail_tls": True}])
def test_a_server_that_is_away_or_cannot_encrypt(settings: Settings, changed: dict[str, Any], inbox: Inbox) -> None:
    port = changed.get("mail_port", settings.mail_port) or free_port()
    made = settings.model_copy(update={**changed, "mail_port": port})
    with TestClient(create_app(made), client=("127.0.0.1", 1)) as client:
        assert post(client, GOOD).status_code == 503
    assert inbox.got == []


def test_no_form_without_a_mail_server(store: EditionStore) -> None:
    app = create_app(Settings(data_dir=store.root), EditionHolder(QuotingEditions(store)))
    with TestClient(app, client=("127.0.0.1", 1)) as client:
        response = post(client, GOOD)
        assert (response.status_code, response.json()["type"].rpartition(":")[2]) == (404, "no-contact-form")
        assert post(client, GOOD, ("a.pdf", PDF.ljust(70_000, b"x"), "application/pdf")).status_code == 413


def test_a_stranger_may_send_five_a_minute(settings: Settings, store: EditionStore, inbox: Inbox) -> None:
    app = create_app(settings, EditionHolder(QuotingEditions(store)))
    with TestClient(app, client=("203.0.113.9", 1)) as client:
        assert [post(client, GOOD).status_code for _ in range(6)] == [204] * 5 + [429]
        refused = post(client, GOOD)
        assert 1 <= int(refused.headers["retry-after"]) <= 12
        text = {"answer_id": new_answer_id(), "helpful": True, "text": "Danke!"}
        assert client.post("/api/v1/feedback", json=text).status_code == 429
        assert client.get("/api/v1/projects").status_code == 200
    assert len(inbox.got) == 5


def test_loopback_may_send_more(client: TestClient, inbox: Inbox) -> None:
    assert [post(client, GOOD).status_code for _ in range(8)] == [204] * 8


def test_a_text_of_feedback_is_mailed_and_not_stored(client: TestClient, inbox: Inbox, store: EditionStore) -> None:
    answer_id = new_answer_id()
    body = {"answer_id": answer_id, "helpful": False, "reason": "wrong", "text": "Gartenzwerg4711\r\nBcc: c@d.example"}
    assert client.post("/api/v1/feedback", json=body).status_code == 204
    ((_, recipients, mail),) = inbox.got
    assert recipients == ["buero@auenland.example"] and mail["Bcc"] is None
    assert "Gartenzwerg4711" in mail.get_content() and answer_id in mail.get_content()
    assert "nicht hilfreich (wrong)" in mail.get_content()
    assert [path for path in files_below(store.root) if b"Gartenzwerg4711" in path.read_bytes()] == []
    inbox.refuse = True
    refused = client.post("/api/v1/feedback", json={**body, "answer_id": new_answer_id()})
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
        assert post(client, values, file).status_code == 204
        inbox.refuse = True
        assert post(client, values, file).status_code == 503
        assert post(client, {**values, "email": secret}, file).status_code == 422
    ours = [record for record in caplog.records if record.name.startswith("strategielotse")]
    assert any("/api/v1/contact 204" in record.getMessage() for record in ours)
    assert any("SMTPDataError" in record.getMessage() for record in ours)
    assert secret not in "\n".join(logging.Formatter().format(record) for record in ours)
    assert files_below(store.root) == before and list(tmp_path.iterdir()) == []


def files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
