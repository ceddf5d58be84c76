"""Pictures of the widget's main states, to be looked at.

usage: python -m tests.widget.screenshots [FOLDER]     (default: docs/screenshots)

Starts a service of its own with the sample edition. Colours are reduced to 256, so that each picture stays small.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from tests.machine import chromium
from tests.processes import COMMAND, REPOSITORY, environment, run, served
from tests.widget.driving import EMERGENCY, FACT, LIST, LONG_LIST, NOTHING, TABLE, Chat

SAMPLE = REPOSITORY / "ingest/sample/corpus.toml"
MAIL = {
    "STRATEGIELOTSE_MAIL_HOST": "127.0.0.1",
    "STRATEGIELOTSE_MAIL_FROM": "lotse@lauterfeld.example",
    "STRATEGIELOTSE_MAIL_TO": "kreis@lauterfeld.example",
}
DESKTOP = {"viewport": {"width": 1280, "height": 860}}
NARROW = {"viewport": {"width": 480, "height": 900}}
PHONE = {"viewport": {"width": 320, "height": 680}}
Step = Callable[[Chat], object]


def closed(chat: Chat) -> None:
    """Show the website with the button only."""
    chat.page.keyboard.press("Escape")


def source(chat: Chat) -> None:
    """Open the first source."""
    chat.ask(FACT).answer.locator(".marker").first.click()
    picture = chat.card.locator("figure img")
    picture.wait_for()
    picture.evaluate("one => one.decode()")


def page_of_source(chat: Chat) -> None:
    """Show the picture of the page with the marked place."""
    source(chat)
    chat.page.wait_for_timeout(700)  # until the card has been scrolled to
    chat.card.locator("figure").evaluate("one => one.scrollIntoView({ block: 'center' })")


def contact(chat: Chat) -> None:
    """Open the form after a non-answer."""
    chat.ask(NOTHING)
    chat.button("Nachricht an die Verwaltung").click()


def asked(question: str) -> Step:
    """Ask."""
    return lambda chat: chat.ask(question)


PICTURES: dict[str, tuple[dict[str, Any], Step]] = {
    "website": (DESKTOP, closed),
    "open": (DESKTOP, lambda chat: None),
    "list": (DESKTOP, asked(LIST)),
    "source": (DESKTOP, source),
    "page": (DESKTOP, page_of_source),
    "source-dark": ({**DESKTOP, "color_scheme": "dark"}, source),
    "long-list": (NARROW, asked(LONG_LIST)),
    "table": (NARROW, asked(TABLE)),
    "table-dark": ({**NARROW, "color_scheme": "dark"}, asked(TABLE)),
    "non-answer": (DESKTOP, asked(NOTHING)),
    "emergency": (NARROW, asked(EMERGENCY)),
    "contact": (NARROW, contact),
    "forced-colours": ({**NARROW, "forced_colors": "active"}, source),
    "phone": (PHONE, source),
    "phone-open": (PHONE, lambda chat: None),
}


def main() -> None:
    """Take all pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / "docs/screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name:
        data = Path(name) / "data"
        run("ingest", "--manifest", SAMPLE, data=data)
        command = [*COMMAND, "serve", "--demo"]
        with served(command, env=environment(data, **MAIL), log=Path(name) / "log", path="/readyz") as server:
            take(server.url, folder)


def take(url: str, folder: Path) -> None:
    """Take the pictures of a running service."""
    with chromium() as browser:
        for name, (options, step) in PICTURES.items():
            context = browser.new_context(base_url=url, **options)
            page = context.new_page()
            page.goto("/")
            step(Chat(page).open())
            page.wait_for_timeout(700)
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.quantize(256).save(folder / f"widget-{name}.png", optimize=True)
            context.close()


if __name__ == "__main__":
    main()
