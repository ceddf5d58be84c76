"""A real mail server on loopback, settings that use it, and a contact form to post."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from starlette.testclient import TestClient

from service import Settings
from tests.processes import free_port
from vectorstore import EditionStore

CONTACT = "/api/v1/contact"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4
MAIL = {
    "mail_host": "127.0.0.1",
    "mail_from": "lotse@auenland.example",
    "mail_to": "buero@auenland.example",
}
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
    values: dict[str, Any] = {"data_dir": store.root, "mail_port": port, "mail_starttls": False}
    return Settings(**{**MAIL, **values, **changed})


def self_signed(folder: Path) -> Path:
    """Make a key and a certificate for 127.0.0.1; returns the certificate."""
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 "
        "-keyout key.pem -out certificate.pem"
    )
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True, timeout=60)
    return folder / "certificate.pem"


def post(
    client: TestClient,
    values: dict[str, str],
    file: tuple[str, bytes, str] | None = None,
    **headers: str,
) -> Any:
    parts: list[tuple[str, Any]] = [(name, (None, value)) for name, value in values.items()]
    parts += [("attachment", file)] if file else []
    return client.post(CONTACT, files=parts, headers=headers)
