"""The service with the sample edition and a mail server, other websites, and pages that note every
complaint.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.browsing import looking, served_here
from tests.processes import Served, free_port
from tests.widget.driving import Chat
from tests.widget.websites import Websites, websites


@dataclass
class Mailbox:
    """What the mail server got."""

    mails: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep a mail."""
        content = envelope.content or b""
        self.mails.append(content if isinstance(content, bytes) else content.encode())
        return "250 OK"


@pytest.fixture(scope="session")
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@pytest.fixture(scope="session")
def site() -> Iterator[Websites]:
    with websites() as site:
        yield site


@pytest.fixture(scope="session")
def service(
    sample_data: Path,
    tmp_path_factory: pytest.TempPathFactory,
    site: Websites,
    mailbox: tuple[Mailbox, int],
) -> Iterator[Served]:
    mail = {"mail_host": "127.0.0.1", "mail_port": mailbox[1], "mail_starttls": False}
    addresses = {"mail_from": "lotse@lauterfeld.example", "mail_to": "kreis@lauterfeld.example"}
    data = shutil.copytree(sample_data, tmp_path_factory.mktemp("widget") / "data")
    around = {"allowed_origins": (site.url,), "frame_ancestors": ("'self'", site.url)}
    with served_here(data, demo=True, **mail, **addresses, **around) as served:
        yield served


@pytest.fixture
def forgiving() -> None:
    """For tests in which requests must fail: browsers complain of that."""


@pytest.fixture
def context(
    browser: Any, service: Served, site: Websites, request: pytest.FixtureRequest
) -> Iterator[Any]:
    """A browser context; `@pytest.mark.parametrize("context", [{...}], indirect=True)` sets its
    options.
    """
    forgiven = "" if "forgiving" in request.fixturenames else None
    with looking(
        browser, service.url, f"{site.url}/", forgiven=forgiven, **getattr(request, "param", {})
    ) as context:
        yield context


@pytest.fixture
def page(context: Any) -> Any:
    return context.new_page()


@pytest.fixture
def chat(page: Any) -> Chat:
    """The widget on the example county website, opened."""
    page.goto("/")
    return Chat(page).open()


@pytest.fixture
def embedded(page: Any, site: Websites, service: Served) -> Callable[..., Chat]:
    """Put the widget on a page of another website and open that page."""

    def put(
        path: str, element: str = "<strategielotse-chat></strategielotse-chat>", **more: Any
    ) -> Chat:
        script = f'<script type="module" src="{service.url}/widget.js"></script>'
        page.goto(site.put(path, element, **{**more, "head": more.get("head", "") + script}))
        return Chat(page)

    return put
