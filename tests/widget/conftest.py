"""The real service with the sample edition and a mail server, other websites, and pages that note every complaint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.machine import heard
from tests.processes import REPOSITORY, Server, free_port, run, serving
from tests.service.front_papers import guessed, new, old
from tests.service.partly_read import climate, cycling, partly_read_report
from tests.widget.driving import Chat
from tests.widget.websites import Websites, websites
from vectorstore.editions import EditionStore

SAMPLE = REPOSITORY / "ingest/sample/corpus.toml"


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
    box = Mailbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@pytest.fixture(scope="session")
def site() -> Iterator[Websites]:
    with websites() as site:
        yield site


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory, site: Websites, mailbox: tuple[Mailbox, int]) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("widget")
    assert run("ingest", "--manifest", SAMPLE, data=root / "data").returncode == 0
    settings = {
        "STRATEGIELOTSE_ALLOWED_ORIGINS": site.url,
        "STRATEGIELOTSE_FRAME_ANCESTORS": f"'self' {site.url}",
        "STRATEGIELOTSE_MAIL_HOST": "127.0.0.1",
        "STRATEGIELOTSE_MAIL_PORT": str(mailbox[1]),
        "STRATEGIELOTSE_MAIL_STARTTLS": "false",
        "STRATEGIELOTSE_MAIL_FROM": "lotse@lauterfeld.example",
        "STRATEGIELOTSE_MAIL_TO": "kreis@lauterfeld.example",
    }
    with serving(root, "--demo", **settings) as server:
        yield server


@pytest.fixture(scope="session")
def partly_read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The service over papers of which not everything was read."""
    root = tmp_path_factory.mktemp("partly")
    EditionStore(root / "data").publish([partly_read_report(False), climate(), cycling()])
    with serving(root, "--demo") as server:
        yield server


@pytest.fixture(scope="session")
def unconfirmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The service over a paper whose front matter nobody has confirmed, and one that another replaces."""
    root = tmp_path_factory.mktemp("unconfirmed")
    EditionStore(root / "data").publish([guessed(), old(), new()])
    with serving(root, "--demo") as server:
        yield server


@pytest.fixture
def forgiving() -> None:
    """For tests in which requests must fail: browsers complain of that."""


@pytest.fixture
def context(
    browser: Any, service: Server, site: Websites, complaints: list[str], request: pytest.FixtureRequest
) -> Iterator[Any]:
    """A browser context; `@pytest.mark.parametrize("context", [{...}], indirect=True)` sets its options."""
    options: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}, **getattr(request, "param", {})}
    context = browser.new_context(base_url=service.url, **options)
    context.set_default_timeout(10_000)
    heard(context, complaints, service.url + "/", site.url + "/", "data:")
    yield context
    context.close()
    if "forgiving" not in request.fixturenames:
        assert complaints == []


@pytest.fixture
def page(context: Any) -> Any:
    return context.new_page()


@pytest.fixture
def chat(page: Any) -> Chat:
    """The widget on the example county website, opened."""
    page.goto("/")
    return Chat(page).open()


@pytest.fixture
def embedded(page: Any, site: Websites, service: Server) -> Callable[..., Chat]:
    """Put the widget on a page of another website and open that page."""

    def put(path: str, element: str = "<strategielotse-chat></strategielotse-chat>", **more: Any) -> Chat:
        script = f'<script type="module" src="{service.url}/widget.js"></script>'
        page.goto(site.put(path, element, **{**more, "head": more.get("head", "") + script}))
        return Chat(page)

    return put
