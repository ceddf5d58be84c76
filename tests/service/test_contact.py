"""The contact form: what arrives at a real mail server, what is refused, and that no header can be slipped in."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from starlette.testclient import TestClient

from service.mail.contact_form import MAX_ATTACHMENT, ContactMessage, safe_name
from service.mail.outbox import contact_mail
from service.settings import MAIL_ADDRESS, Settings
from tests.service.mail_server import CONTACT, GOOD, PDF, Inbox, mail_server, post, settings_of
from vectorstore.editions import EditionStore


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def settings(inbox: Inbox, store: EditionStore) -> Iterator[Settings]:
    with mail_server(inbox) as port:
        yield settings_of(store, port)


def fields_of(response: Any) -> list[str]:
    assert response.status_code == 422
    return [error["field"] for error in response.json()["errors"]]


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


def test_a_telephone_number_is_enough_and_an_empty_file_field_no_attachment(client: TestClient, inbox: Inbox) -> None:
    given = {"phone": "01234 5670", "message": "Bitte anrufen."}
    assert post(client, given, ("", b"", "application/octet-stream")).status_code == 204
    assert list(inbox.got[0][2].iter_attachments()) == [] and inbox.got[0][2]["Reply-To"] is None


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"message": ""}, ["message"]),
        ({"message": " \n\t "}, ["message"]),
        ({"message": "\x01 \x02"}, ["message"]),
        ({"phone": "0   "}, ["phone"]),
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


@pytest.mark.parametrize("size", [MAX_ATTACHMENT + 1, 2 * MAX_ATTACHMENT])
def test_too_large_an_attachment(client: TestClient, inbox: Inbox, size: int) -> None:
    content = PDF.ljust(size, b"x")
    response = post(client, GOOD, ("a.pdf", content, "application/pdf"))
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"].startswith("Der Anhang ist größer als erlaubt (höchstens 5 MB).")
    assert inbox.got == []


def test_an_attachment_just_small_enough(client: TestClient, inbox: Inbox) -> None:
    assert post(client, GOOD, ("a.pdf", PDF.ljust(MAX_ATTACHMENT, b"x"), "application/pdf")).status_code == 204
    (attached,) = inbox.got[0][2].iter_attachments()
    assert len(attached.get_content()) == MAX_ATTACHMENT


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
