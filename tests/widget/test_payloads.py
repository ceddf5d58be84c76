"""Markup and scripts as question, title, text, item and file name stay text, and nothing leaves the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.processes import Server, run, serving
from tests.widget.driving import Chat

pytestmark = pytest.mark.browser
IMAGE = "<img src=x onerror=\"document.title='getroffen'\">"
SCRIPT = "<script>document.title='getroffen'</script>"
ADDRESS = "javascript:document.title='getroffen'"
FILE_NAME = "<img src=x onerror=document.title='getroffen'>.md"
DOCUMENT = f"""# {IMAGE}

## Ziel 1: Fahrräder {SCRIPT}

Im Kreis Lauterfeld werden {IMAGE} neue Fahrräder für {SCRIPT} alle Dienststellen beschafft. [Klick]({ADDRESS})

## Ziel 2: Wälder {IMAGE}

Die Wälder im Kreis wachsen um zehn Hektar, siehe {ADDRESS} und [9] [[1]].
"""
QUESTIONS = [
    IMAGE,
    SCRIPT,
    ADDRESS,
    f"Was ist Ziel 1 Fahrräder {SCRIPT}?",
    f"Was steht über Fahrräder für alle Dienststellen {IMAGE}?",
    "Welche Ziele gibt es?",
    "Was ist mit den Wäldern geplant?",
    "Welche Dokumente gibt es?",
    "\u202e[1] [999] ${document.title='getroffen'} {{7*7}}",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service over one document whose title, items, text and file name are payloads."""
    root = tmp_path_factory.mktemp("hostile")
    (root / FILE_NAME).write_text(DOCUMENT)
    title = IMAGE.replace('"', '\\"')
    register = (
        f'[[document]]\nid = "boese"\ntitle = "{title}"\npublisher = "{SCRIPT}"\nkind = "strategy"\n'
        f'status = "draft"\nas_of = 2026-01-01\nlanguage = "de"\nfile = "{FILE_NAME}"\n'
        f'source_url = "{ADDRESS}"\n'
    )
    (root / "register.toml").write_text(register)
    result = run("ingest", "--manifest", root / "register.toml", data=root / "data")
    if result.returncode != 0:
        (root / "register.toml").write_text("\n".join(register.splitlines()[:-1]) + "\n")
        result = run("ingest", "--manifest", root / "register.toml", data=root / "data")
    assert result.returncode == 0, result.stdout + result.stderr
    with serving(root, "--demo") as server:
        yield server


@pytest.fixture
def seen(browser: Any, hostile: Server) -> Iterator[tuple[Chat, list[str]]]:
    """The widget over the hostile document, and what its page asks for elsewhere or throws."""
    context = browser.new_context(base_url=hostile.url)
    page = context.new_page()
    wrong: list[str] = []
    page.on("request", lambda one: None if one.url.startswith(hostile.url + "/") else wrong.append(one.url))
    page.on("request", lambda one: wrong.append(one.url) if one.url.endswith("/x") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    page.goto("/")
    yield Chat(page).open(), wrong
    context.close()


def unharmed(chat: Chat) -> None:
    assert chat.page.title() == "Kreis Lauterfeld – Beispielseite"
    inside = chat.element.evaluate(
        """one => [...one.shadowRoot.querySelectorAll("script, img[src='x'], iframe, [onerror], [onclick]")]
          .map((found) => found.outerHTML)"""
    )
    assert inside == []
    links = chat.element.evaluate("one => [...one.shadowRoot.querySelectorAll('a')].map((a) => a.protocol)")
    assert set(links) <= {"http:", "https:"}


@pytest.mark.parametrize("question", QUESTIONS, ids=range(len(QUESTIONS)))
def test_no_payload_executes(seen: tuple[Chat, list[str]], question: str) -> None:
    chat, wrong = seen
    chat.ask(question)
    assert question.strip() in chat.element.locator(".question p").inner_text()
    markers = chat.answer.locator(".marker")
    for place in range(min(markers.count(), 3)):
        markers.nth(place).click()
        unharmed(chat)
    if chat.answer.locator(".feedback").count():
        chat.button("Nein").click()
    unharmed(chat)
    assert wrong == []


def test_payloads_of_documents_are_shown_as_they_are_written(seen: tuple[Chat, list[str]]) -> None:
    chat, wrong = seen
    chat.ask("Welche Dokumente sind ein Entwurf?")
    assert IMAGE in chat.answer.inner_text()
    chat.answer.locator(".marker").first.click()
    assert SCRIPT in chat.card.inner_text()
    assert wrong == []


def test_without_a_mail_server_there_is_no_form_and_no_text(seen: tuple[Chat, list[str]]) -> None:
    chat, _ = seen
    chat.ask("Gibt es eine Seilbahn?")
    assert chat.status == "not_in_documents"
    assert chat.element.get_by_role("button", name="Kontakt").count() == 0
    assert chat.element.locator(".contact-button").count() == 0
    chat.button("Nein").click()
    assert chat.element.locator(".feedback input[type=radio]").count() == 5
    assert chat.element.locator(".feedback textarea").count() == 0


def test_a_payload_in_the_fragment_is_only_text(browser: Any, hostile: Server) -> None:
    page = browser.new_page()
    page.goto(f"{hostile.url}/#frage=%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D1%22%3E%E0%A4%A")
    page.get_by_role("button", name="Frage stellen").click()
    page.goto("about:blank")
    page.goto(f"{hostile.url}/#frage=%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D1%22%3E")
    page.get_by_role("button", name="Geteilte Frage öffnen").click()
    chat = Chat(page)
    assert chat.input.input_value() == '<img src=x onerror="document.title=1">'
    unharmed(chat)
    page.close()


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/documents/a", "{base}/documents/a"),
        ("//boese.example/a", "{base}/boese.example/a"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("http://[", None),
    ],
)
def test_addresses_of_the_service_are_web_addresses(
    seen: tuple[Chat, list[str]], hostile: Server, path: str, address: str | None
) -> None:
    made = seen[0].page.evaluate(
        """async ([base, path]) => {
          const { Service } = await import("/widget/service.js");
          return new Service(base, "de").address(path);
        }""",
        [hostile.url, path],
    )
    assert made == (address and address.format(base=hostile.url))
